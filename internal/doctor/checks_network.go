// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// reachTime is how long a host has to answer: a firewall that says nothing is to be
// told within seconds.
const reachTime = 6 * time.Second

// checkNetwork asks each host for something, without credentials: what fails here
// has nothing to do with them.
func (x *examination) checkNetwork(ctx context.Context) bool {
	hosts := []struct{ name, variable, url string }{
		{"API host", "IDPLUS_ADMIN_API_URL (or the key file's adminRestApiUrl)", x.settings.Client.BaseURL.String()},
	}
	if x.observer.tokenURL != "" {
		hosts = append(hosts, struct{ name, variable, url string }{
			"token endpoint", "IDPLUS_OAUTH_ISSUER_URL or IDPLUS_OAUTH_TOKEN_URL", x.observer.tokenURL,
		})
	}
	errs := make([]error, len(hosts))
	answers := make([]exchange, len(hosts))
	var all sync.WaitGroup
	for i, host := range hosts {
		all.Go(func() { answers[i], errs[i] = x.reach(ctx, host.url) })
	}
	all.Wait()

	fine := true
	for i, host := range hosts {
		hostName := ""
		if u, err := url.Parse(host.url); err == nil {
			hostName = u.Host
		}
		if errs[i] != nil {
			fine = false
			said, advice := networkProblem(errs[i], host.variable)
			x.found(finding{name: host.name, result: failed, said: said, advice: advice, detail: hostName})
			continue
		}
		x.found(finding{name: host.name, result: ok, said: "answers: " + answers[i].way(), detail: hostName})
	}
	x.skew, x.skewKnown = 0, false
	for _, e := range x.observer.all("") {
		if e.hasClock && (!x.skewKnown || e.ahead.Abs() < x.skew.Abs()) {
			x.skew, x.skewKnown = e.ahead, true
		}
	}
	if !fine && x.skewKnown {
		x.checkClock(false)
	}
	return fine
}

// reach sends a GET without credentials. Any answer will do.
func (x *examination) reach(ctx context.Context, to string) (exchange, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, reachTime, errNoAnswer)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
	if err != nil {
		return exchange{}, err
	}
	var own observer
	client := http.Client{
		Transport:     tee{x.observer, &own},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(request)
	if err != nil {
		if errors.Is(context.Cause(ctx), errNoAnswer) {
			err = errNoAnswer
		}
		return exchange{}, err
	}
	_ = answer.Body.Close()
	return own.last(""), nil
}

// tee gives the exchange of one request to a second observer: hosts are asked at
// once.
type tee struct{ first, second *observer }

func (t tee) RoundTrip(r *http.Request) (*http.Response, error) {
	*t.second = observer{next: t.first.next, tokenURL: t.first.tokenURL, now: t.first.now, proxy: t.first.proxy}
	answer, err := t.second.RoundTrip(r)
	t.first.keep(t.second.last(""))
	return answer, err
}

// way says how an answer came.
func (e exchange) way() string {
	parts := []string{e.protocol, "no TLS", "no proxy"}
	if e.tls != "" {
		parts[1] = e.tls
	}
	if e.proxied {
		parts[2] = "through a proxy"
	}
	return strings.Join(parts, ", ")
}

// networkProblem says why no answer came. The texts name no host.
func networkProblem(err error, variable string) (said, advice string) {
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var noTLS tls.RecordHeaderError
	var operation *net.OpError
	switch {
	case strings.Contains(err.Error(), "invalid proxy address"):
		return "the proxy's address cannot be read", "Check " + proxyVariables() + ": a %, #, / or @ in a password is written as %25, %23, %2F or %40."
	case strings.Contains(err.Error(), "answered 407"):
		return "the proxy wants a login", "Put it into " + proxyVariables() + " (http://USER:PASSWORD@HOST:PORT, with %XX for special characters)."
	case strings.Contains(err.Error(), "the proxy "):
		return "the proxy does not connect to the host", "Have the host allowed there, or add it to NO_PROXY if it can be reached without the proxy."
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return "the proxy cannot be reached", "Check " + proxyVariables() + ". NO_PROXY names hosts that are reached without it."
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no host has this name", "Check the spelling of the host, and the region in it, in " + variable + "."
	case errors.As(err, &dns):
		return "the host's name cannot be looked up", "Check the network and the name server of this machine."
	case errors.As(err, &name):
		return "the host's certificate is for other names", "Check the host in " + variable + ": another server answers there."
	case errors.As(err, &authority):
		return "the host's certificate is signed by an authority that this machine does not trust",
			"Is there a proxy that opens TLS? Add its certificate to the system's, or name it in SSL_CERT_FILE. RSA's own are signed by DigiCert."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the host's certificate has ended, or has not begun", "Check this machine's clock first."
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return "the host does not speak TLS at this port", "Check scheme and port in " + variable + ", and a proxy."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the host refuses the connection", "Check host and port in " + variable + ", and a firewall."
	case errors.As(err, &operation) && operation.Op == "dial" && !errors.Is(err, errNoAnswer):
		return "the host takes no connection", "Check host and port in " + variable + ", and a firewall."
	case errors.Is(err, errNoAnswer):
		return fmt.Sprintf("no answer within %s", reachTime), "Check a firewall, or a proxy that is needed (HTTPS_PROXY), and the host in " + variable + "."
	}
	return "there was no usable answer", "Check the network, a proxy, and " + variable + "."
}

// proxyVariables names the variables that are set; their values may hold a password.
func proxyVariables() string {
	var set []string
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if os.Getenv(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return "HTTPS_PROXY"
	}
	return strings.Join(set, ", ")
}

// The API allows 60 s to the tokens that a legacy key signs. How much the token
// endpoint allows is not known.
const (
	clockLeeway = time.Minute
	clockNote   = 10 * time.Second
	// clockStep is as exact as dates of whole seconds and an unknown way are.
	clockStep = 5 * time.Second
)

// checkClock says how far the clock is off. Where that is too far for the API's
// documentation, and yet works, it is worth a note.
func (x *examination) checkClock(works bool) {
	const name = "clock"
	if !x.skewKnown {
		x.note(name, "not compared: the answers have no date", "")
		return
	}
	direction := "ahead of"
	if x.skew < 0 {
		direction = "behind"
	}
	off := short(x.skew.Abs().Round(clockStep))
	x.answer(askLeeway, "cannot be asked; this clock is %s %s the server's", off, direction)
	said := fmt.Sprintf("this machine's clock is %s %s the server's", off, direction)
	switch {
	case x.clockIsOff() && !works:
		x.found(finding{name: name, result: failed, said: said, advice: "Set the clock (NTP). The provider signs with the time in it, and the API takes no more than a minute off."})
	case x.skew.Abs() > clockNote:
		x.note(name, said, "That still works; set the clock (NTP) before it does not.")
	default:
		x.answer(askLeeway, "cannot be asked; this clock is right")
		x.ok(name, "within %s of the server's", clockNote)
	}
}

func (x *examination) clockIsOff() bool { return x.skewKnown && x.skew.Abs() > clockLeeway }
