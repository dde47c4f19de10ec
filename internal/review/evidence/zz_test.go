package evidence
import ("testing";"os")
func TestZZ(t *testing.T){ b:=startBrowser(t); for n,e:=range map[string]*Evidence{"nr":sampled(NotReady),"h":attacked(NotReady)} { s:=b.open(t,e); os.WriteFile("/tmp/page-"+n+".pdf", s.pdf(t),0o600)} }
