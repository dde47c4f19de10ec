package evidence
import ("testing";"os")
func TestShots(t *testing.T){
 m:=map[string]*Evidence{"notready":sampled(NotReady),"ready":sampled(ReadyToApprove),"failed":failed(),"verified":sampled(AppliedAndVerified),"points":sampled(AppliedWithPoints)}
 for n,e:=range m{ f,_:=os.Create("/tmp/page-"+n+".html"); if err:=WriteHTML(f,e);err!=nil{t.Fatal(n,err)}; f.Close() }
}
