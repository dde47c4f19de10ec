// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package explain

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// called is which of the provider's settings has the URL that was called.
type called struct{ setting, check string }

var (
	ofAPI = called{"admin_api_url", "Check admin_api_url; it is of the form https://TENANT.access.securid.com/AdminInterface/restapi."}

	ofTokenEndpoint = called{"oauth.issuer_url", "Check oauth.issuer_url, to which /token is appended (of the form https://TENANT.auth.securid.com/oauth), or oauth.token_url."}
)

const noUsableAnswer = "There was no usable answer"

// network explains why no answer came that can be used.
func (e Explainer) network(f *cloudadmin.ConnectionError, c called) Explanation {
	host := hostOf(f.URL)
	var advice string
	var name *net.DNSError
	switch f.Kind {
	case cloudadmin.NoSuchHost:
		advice = "There is no host " + host + ". " + c.check + " Where names of the internet are not known in this network, set HTTPS_PROXY to the proxy that knows them."
	case cloudadmin.NotReachable:
		if errors.As(f, &name) {
			advice = "The name " + host + " could not be looked up: the name server does not answer as it should. Check this machine's network; where it needs a proxy, set HTTPS_PROXY."
			break
		}
		advice = "Nothing takes connections at " + host + ". " + c.check + " If it is right, a firewall may be in between; where this network needs a proxy, set HTTPS_PROXY."
	case cloudadmin.NotHTTPS:
		advice = "Whatever listens at " + host + " does not speak HTTPS. Check the host and the port in " + c.setting + "."
	case cloudadmin.CertificateNotTrusted:
		advice = e.certificate(f, host, c)
	case cloudadmin.TLSRefused:
		advice = "The TLS handshake with " + host + " failed: the server may be too old (TLS 1.2 is needed), or want a client certificate, or a proxy is in between. " + c.check
	case cloudadmin.ProxyNotReachable:
		advice = "The proxy of the environment cannot be reached. Check HTTPS_PROXY; hosts that need no proxy belong into NO_PROXY."
	case cloudadmin.ProxyRefused:
		advice = proxyRefused(f, host)
	case cloudadmin.PageInBetween:
		advice = "A page for people came instead: somebody in between answers, such as a proxy or a network that wants a login first, or the URL is not that of the API. " + c.check
	case cloudadmin.NotHTTP:
		advice = "Whatever answers for " + host + " does not speak HTTP. Check the host and the port in " + c.setting + ", and the scheme of a proxy in HTTPS_PROXY."
	case cloudadmin.NoAnswerInTime:
		advice = "The server took longer than request_timeout, or the resource's timeout is over. Try again later, or raise them. It is safe to try again."
		if f.Unanswered {
			advice = host + " has not answered anything yet. " + c.check + " If it is right, a firewall may drop what is sent; where this network needs a proxy, set HTTPS_PROXY."
		}
	case cloudadmin.ConnectionLost, cloudadmin.BrokenAnswer:
		return Explanation{Lead: noUsableAnswer, Advice: e.proxyHint() + "Check the network and a proxy. It is safe to try again."}
	}
	return Explanation{Lead: noUsableAnswer, Advice: e.proxyHint() + advice}
}

func (e Explainer) certificate(f *cloudadmin.ConnectionError, host string, c called) string {
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(f, &wrongName):
		return "The certificate is for another host than " + host + ". Check the host in " + c.setting + "; a proxy that inspects TLS may be in between."
	case errors.As(f, &invalid) && invalid.Reason == x509.Expired:
		return "The certificate has expired or is not valid yet. Check this machine's clock, and whether a proxy that inspects TLS is in between."
	}
	if e.Getenv("SSL_CERT_FILE") != "" {
		return "The certificate of " + host + " is not signed by an authority that this machine trusts. SSL_CERT_FILE is set, but the file that it names cannot be read or does not have that authority's certificate (as PEM). Trying again does not help."
	}
	return "The certificate of " + host + " is not signed by an authority that this machine trusts. Where a proxy inspects TLS, or the authority is your own, " +
		"put its certificate as PEM into a file and name that in SSL_CERT_FILE (on Linux; on Windows and macOS, add it to the system's store). Trying again does not help."
}

func proxyRefused(f *cloudadmin.ConnectionError, host string) string {
	switch {
	case f.ProxyStatus == http.StatusProxyAuthRequired:
		return "The proxy wants a login. Put it into HTTPS_PROXY, as http://USER:PASSWORD@HOST:PORT, with special characters as %XX (a # as %23). " +
			"Logins that take more than a name and a password (NTLM, Kerberos) are not supported."
	case f.ProxyStatus < http.StatusInternalServerError && f.ProxyStatus != http.StatusTooManyRequests:
		return "The proxy does not connect to " + host + ". Have the host allowed there, or add it to NO_PROXY if it can be reached without."
	}
	return "The proxy cannot reach " + host + ". Check the host, and the proxy itself."
}

// inBetween explains a refusal that is not of the API, nor of the token endpoint.
func (e Explainer) inBetween(r *cloudadmin.Error, c called) Explanation {
	switch {
	case r.Status < http.StatusBadRequest:
		return Explanation{Lead: "The server said", Advice: "The credentials are not sent where a redirect leads. " + c.check}
	case r.Status == http.StatusBadRequest && strings.HasPrefix(r.URL, "http:") && strings.Contains(r.Description, "HTTPS server"):
		return Explanation{Lead: "The server said", Advice: "It speaks HTTPS at this port: write https:// in " + c.setting + "."}
	case r.Status >= http.StatusInternalServerError:
		return Explanation{Lead: "Somebody in between said", Advice: "A gateway or a proxy could not reach the tenant. Try again later" + e.or(": changes already made are kept.", ".")}
	}
	return Explanation{Lead: "Somebody in between said", Advice: "That is not an answer of the tenant: a proxy, a firewall or another web server gave it. The credentials are not to blame. " +
		"Have the host " + hostOf(r.URL) + " allowed there. " + c.check}
}

// proxyHint says that a proxy is configured in a way that nobody else complains
// about: Go ignores such a variable, or takes a piece of the password for a host. It
// repeats nothing of the value.
func (e Explainer) proxyHint() string {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		value := e.Getenv(name)
		switch {
		case value == "":
			continue
		case strings.ContainsFunc(value, unicode.IsSpace) || strings.ContainsAny(value, "\"'"):
			return name + " is set, but it has quotes or white space in it, which no URL has: remove them.\n\n"
		case !isProxyURL(value):
			return name + " is set, but it is not the URL of a proxy: a %, #, /, ? or @ in a password has to be written as %25, %23, %2F, %3F or %40.\n\n"
		}
		break
	}
	return ""
}

// isProxyURL reports whether a value is a host with a port, or a URL of nothing more.
func isProxyURL(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value // as Go does
	}
	at, err := url.Parse(value)
	return err == nil && at.Hostname() != "" && strings.Trim(at.Path, "/") == "" && at.RawQuery == "" && !at.ForceQuery && at.Fragment == ""
}

func hostOf(called string) string {
	at, err := url.Parse(called)
	if err != nil {
		return called
	}
	return at.Host
}
