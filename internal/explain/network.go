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

// called is the provider's setting that has the URL of a request.
type called struct{ setting, check string }

var (
	ofAPI = called{"admin_api_url", "Check admin_api_url, which has the form https://TENANT.access.securid.com/AdminInterface/restapi."}

	ofTokenEndpoint = called{"oauth.issuer_url", "Check oauth.issuer_url (IDPLUS_OAUTH_ISSUER_URL), to which /token is appended (it has the form https://TENANT.auth.securid.com/oauth), or oauth.token_url."}
)

const noUsableAnswer = "There was no usable answer"

// network explains why there was no usable answer.
func (e Explainer) network(f *cloudadmin.ConnectionError, c called) Explanation {
	host := hostOf(f.URL)
	var advice string
	var name *net.DNSError
	switch f.Kind {
	case cloudadmin.NoSuchHost:
		advice = "There is no host " + host + ". " + c.check + " If this network does not resolve names of the internet, set HTTPS_PROXY to its proxy."
	case cloudadmin.NotReachable:
		if errors.As(f, &name) {
			advice = "The name " + host + " could not be looked up, because the name server does not work. Check this machine's network; if it needs a proxy, set HTTPS_PROXY."
			break
		}
		advice = "Nothing accepts connections at " + host + ". " + c.check + " If it is right, a firewall may block connections; if this network needs a proxy, set HTTPS_PROXY."
	case cloudadmin.NotHTTPS:
		advice = "The server at " + host + " does not speak HTTPS. Check the host and the port in " + c.setting + "."
	case cloudadmin.CertificateNotTrusted:
		advice = e.certificate(f, host, c)
	case cloudadmin.TLSRefused:
		advice = "The TLS handshake with " + host + " failed: the server may be too old (TLS 1.2 is required) or require a client certificate, or a proxy may be in between. " + c.check
	case cloudadmin.ProxyNotReachable:
		advice = "The proxy from the environment cannot be reached. Check HTTPS_PROXY; list hosts that need no proxy in NO_PROXY."
	case cloudadmin.ProxyRefused:
		advice = proxyRefused(f, host)
	case cloudadmin.PageInBetween:
		advice = "A web page came instead of an answer from the API: a proxy, or a network that requires a login, may have answered, or the URL is wrong. " + c.check
	case cloudadmin.NotHTTP:
		advice = "The server that answers for " + host + " does not speak HTTP. Check the host and the port in " + c.setting + ", and the scheme of the proxy in HTTPS_PROXY."
	case cloudadmin.NoAnswerInTime:
		advice = "The server took longer than request_timeout, or than what is left of the resource's timeout. Try again later, or raise them. It is safe to try again."
		if f.Unanswered {
			advice = host + " has not answered any request yet. " + c.check + " If it is right, a firewall may drop the packets; if this network needs a proxy, set HTTPS_PROXY."
		}
	case cloudadmin.ConnectionLost, cloudadmin.BrokenAnswer:
		return Explanation{Lead: noUsableAnswer, Advice: e.proxyHint() + "Check the network and the proxy. It is safe to try again."}
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
		return "The certificate of " + host + " is not signed by an authority that this machine trusts. SSL_CERT_FILE is set, but its file cannot be read or does not contain that authority's certificate (as PEM). Trying again does not help."
	}
	return "The certificate of " + host + " is not signed by an authority that this machine trusts. If a proxy inspects TLS, or the authority is your own, " +
		"save its certificate as PEM in a file and set SSL_CERT_FILE to the file's path (on Linux; on Windows and macOS, add the certificate to the system's store). Trying again does not help."
}

func proxyRefused(f *cloudadmin.ConnectionError, host string) string {
	switch {
	case f.ProxyStatus == http.StatusProxyAuthRequired:
		return "The proxy requires a login. Put it into HTTPS_PROXY, as http://USER:PASSWORD@HOST:PORT, with special characters as %XX (a # as %23). " +
			"Logins that need more than a name and a password (NTLM, Kerberos) are not supported."
	case f.ProxyStatus < http.StatusInternalServerError && f.ProxyStatus != http.StatusTooManyRequests:
		return "The proxy does not connect to " + host + ". Have the host allowed there, or add it to NO_PROXY if it can be reached without a proxy."
	}
	return "The proxy cannot reach " + host + ". Check the host, and the proxy itself."
}

// inBetween explains a refusal that is neither from the API nor from the token endpoint.
func (e Explainer) inBetween(r *cloudadmin.Error, c called) Explanation {
	switch {
	case r.Status < http.StatusBadRequest:
		return Explanation{Lead: "The server said", Advice: "Redirects are not followed, so that the credentials go to no other server. " + c.check}
	case r.Status == http.StatusBadRequest && strings.HasPrefix(r.URL, "http:") && strings.Contains(r.Description, "HTTPS server"):
		return Explanation{Lead: "The server said", Advice: "The server expects HTTPS at this port: write https:// in " + c.setting + "."}
	case r.Status >= http.StatusInternalServerError:
		return Explanation{Lead: "A server in between said", Advice: "A gateway or a proxy could not reach the tenant. Try again later" + e.or(": changes already made are kept.", ".")}
	}
	return Explanation{Lead: "A server in between said", Advice: "The answer is not from the tenant but from a proxy, a firewall or another web server. The credentials are not to blame. " +
		"Have the host " + hostOf(r.URL) + " allowed there. " + c.check}
}

// proxyHint returns a hint if a proxy is misconfigured in a way that causes no error: Go
// ignores such a variable, or takes a part of the password for a host. The hint contains
// nothing of the value, which may be secret.
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

// isProxyURL reports whether a value is a host, with or without a port, or a URL without
// path, query and fragment.
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
