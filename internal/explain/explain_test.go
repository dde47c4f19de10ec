// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package explain_test

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

var update = flag.Bool("update", false, "rewrite testdata/explanations.txt")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// situation is what a user runs into: a tenant, credentials and a call.
type situation struct {
	name string
	// prepare changes the tenant, and returns the credentials, or nil for the OAuth client.
	prepare func(*testing.T, *world) cloudadmin.Credentials
	// call is a look-up of Ada unless it is set.
	call func(context.Context, *cloudadmin.Client) error
}

type world struct {
	tenant    *simulator.Tenant
	server    *simulator.Server
	oauth     cloudadmin.OAuthClient
	config    cloudadmin.Config
	transport *http.Transport
	env       map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{tenant: simulator.NewTenant(), transport: cloudadmin.NewTransport(1), env: map[string]string{}}
	w.transport.Proxy = nil
	t.Cleanup(w.transport.CloseIdleConnections)
	w.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	var err error
	w.server, err = simulator.Start(w.tenant)
	must(t, err)
	t.Cleanup(w.server.Close)
	handed, err := w.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(t, err)
	w.oauth.ClientID = handed.ClientID
	w.oauth.TokenURL, err = cloudadmin.TokenURL(w.server.IssuerURL())
	must(t, err)
	w.oauth.Key, err = cloudadmin.ParsePrivateKey(handed.PrivateKeyJWK)
	must(t, err)
	w.config.BaseURL, err = cloudadmin.ParseBaseURL(w.server.AdminAPIURL())
	must(t, err)
	w.config.MaxRetries = new(0)
	w.config.Transport = w.transport
	return w
}

func (w *world) answer(kind simulator.Kind, respond http.HandlerFunc) {
	w.tenant.Inject(simulator.Fault{Kind: kind, Respond: respond})
}

func (w *world) baseURL(t *testing.T, raw string) {
	t.Helper()
	base, err := cloudadmin.ParseBaseURL(raw)
	must(t, err)
	w.config.BaseURL = base
}

func tokenEndpoint(respond http.HandlerFunc) func(*testing.T, *world) cloudadmin.Credentials {
	return func(_ *testing.T, w *world) cloudadmin.Credentials {
		w.answer(simulator.KindToken, respond)
		return nil
	}
}

func oauthError(status int, code, description string) http.HandlerFunc {
	return simulator.AnswerRaw(status, "application/json", fmt.Sprintf(`{"error": %q, "error_description": %q}`, code, description))
}

func api(respond http.HandlerFunc) func(*testing.T, *world) cloudadmin.Credentials {
	return func(_ *testing.T, w *world) cloudadmin.Credentials {
		w.answer(simulator.KindLookup, respond)
		w.answer(simulator.KindStatus, respond)
		return nil
	}
}

func withToken(respond http.HandlerFunc) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		api(respond)(t, w)
		return cloudadmin.AccessToken(w.tenant.IssueToken(time.Hour))
	}
}

func withKey(respond http.HandlerFunc) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		api(respond)(t, w)
		file, err := w.tenant.CreateAPIKey(w.server.AdminAPIURL())
		must(t, err)
		key, err := cloudadmin.ParseAPIKey(file)
		must(t, err)
		return key
	}
}

// onAClock sets the tenant's clock ahead, which the date of its answers shows.
func onAClock(ahead time.Duration, prepare func(*testing.T, *world) cloudadmin.Credentials) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		w.tenant.SetClockOffset(ahead)
		return prepare(t, w)
	}
}

func disableAda(ctx context.Context, client *cloudadmin.Client) error {
	return client.Users.SetStatus(ctx, "1", cloudadmin.Disabled)
}

// disableAdaAfterALookup first reads a user, which the credentials allow.
func disableAdaAfterALookup(ctx context.Context, client *cloudadmin.Client) error {
	if _, err := client.Users.Lookup(ctx, cloudadmin.Email("ada@example.com"), cloudadmin.LookupOptions{}); err != nil {
		return err
	}
	return disableAda(ctx, client)
}

func dialError(err error) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		w.baseURL(t, "https://acme.access.securid.com/AdminInterface/restapi")
		w.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}
		return cloudadmin.AccessToken("token")
	}
}

func tlsServer(change func(*httptest.Server), host string) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = new(tls.Config)
		change(server)
		server.StartTLS()
		t.Cleanup(server.Close)
		w.baseURL(t, "https://"+host+"/AdminInterface/restapi")
		w.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		}
		if host == "acme.example" { // trusted, for another name
			client, _ := server.Client().Transport.(*http.Transport)
			w.transport.TLSClientConfig = client.TLSClientConfig
		}
		return cloudadmin.AccessToken("token")
	}
}

func viaProxy(status int) func(*testing.T, *world) cloudadmin.Credentials {
	return func(t *testing.T, w *world) cloudadmin.Credentials {
		t.Helper()
		proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) }))
		t.Cleanup(proxy.Close)
		at, err := url.Parse(proxy.URL)
		must(t, err)
		w.transport.Proxy = http.ProxyURL(at)
		w.baseURL(t, "https://acme.access.securid.com/AdminInterface/restapi")
		return cloudadmin.AccessToken("token")
	}
}

const blockPage = "<html><head><title>Access denied by corporate policy</title></head></html>"

func situations() []situation {
	return []situation{
		// The sign-in.
		{name: "a client that is not known", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.oauth.ClientID = "nobody"
			return nil
		}},
		{name: "a key of another client", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			other := newWorld(t)
			other.oauth.Key.ID = w.oauth.Key.ID
			w.oauth.Key = other.oauth.Key
			return nil
		}},
		{name: "a PEM key without an id", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.oauth.Key.ID = ""
			return nil
		}},
		{name: "a scope that was not granted", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.oauth.Scopes = []string{"rsa.user.read", "rsa.user.delete"}
			return nil
		}},
		{name: "a client that was not published", prepare: tokenEndpoint(oauthError(403, "invalid_client", "The client is not published."))},
		{name: "400 as in RFC 6749", prepare: tokenEndpoint(oauthError(400, "invalid_client", "Client authentication failed"))},
		{name: "an assertion from the future, a clock that is fast", prepare: onAClock(-312*time.Second, tokenEndpoint(oauthError(400, "invalid_client", "Token was issued in the future")))},
		{name: "an assertion from the future, a clock that agrees", prepare: tokenEndpoint(oauthError(400, "invalid_client", "Token was issued in the future"))},
		{name: "a client that is not known, a clock that is a little off", prepare: onAClock(25*time.Second, tokenEndpoint(oauthError(401, "invalid_client", "The client is not known.")))},
		{name: "403 without a body", prepare: tokenEndpoint(simulator.AnswerEmpty(403))},
		{name: "a success with an error", prepare: tokenEndpoint(oauthError(200, "invalid_scope", "Scope not allowed"))},
		{name: "another vendor's refusal", prepare: tokenEndpoint(simulator.AnswerRaw(400, "application/json", `{"errorCode": "E0000021", "errorSummary": "Bad request."}`))},
		{name: "an audience of another tenant", prepare: tokenEndpoint(oauthError(401, "invalid_client", "The audience is wrong."))},
		{name: "no token endpoint at this URL", prepare: tokenEndpoint(simulator.AnswerFilterError(404, ""))},
		{name: "a token endpoint that does not accept POST", prepare: tokenEndpoint(simulator.AnswerEmpty(405))},
		{name: "a success without a token", prepare: tokenEndpoint(simulator.AnswerRaw(200, "application/json", `{"access_token": null}`))},
		{name: "a page instead of a token", prepare: tokenEndpoint(simulator.AnswerRaw(200, "text/html", "<html><title>Sign in</title></html>"))},
		{name: "a token endpoint behind a block page", prepare: tokenEndpoint(simulator.AnswerRaw(403, "text/html", blockPage))},
		{name: "a token endpoint that throttles", prepare: tokenEndpoint(simulator.AnswerTooManyRequests(""))},
		{name: "a token endpoint that is down", prepare: tokenEndpoint(simulator.AnswerRaw(503, "text/plain", "no healthy upstream"))},
		{name: "a host of the issuer that does not exist", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			dialError(&net.DNSError{Err: "no such host", Name: "acme.auth.securid.com", IsNotFound: true})(t, w)
			w.oauth.TokenURL = "https://acme.auth.securid.com/oauth/token"
			return nil
		}},
		// The API refuses the credentials.
		{name: "403 on the PUT after a look-up that worked", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.oauth.Scopes = []string{simulator.ScopeRead}
			return nil
		}, call: disableAdaAfterALookup},
		{name: "403 on the first PUT", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.oauth.Scopes = []string{simulator.ScopeRead}
			return nil
		}, call: disableAda},
		{name: "403 on the first look-up", prepare: api(simulator.AnswerFilterError(403, "Server failed to process provided access token"))},
		{name: "an expired access token", prepare: withToken(simulator.AnswerFilterError(403, "Server failed to process provided access token"))},
		{name: "a revoked key", prepare: withKey(simulator.AnswerFilterError(403, "Access Id is not valid"))},
		{name: "a key file whose URL was changed", prepare: withKey(simulator.AnswerFilterError(403, "Invalid audience"))},
		{name: "a key on a slow clock", prepare: onAClock(95*time.Second, withKey(simulator.AnswerFilterError(403, "Server failed to process provided access token")))},
		{name: "401 with nothing in it", prepare: withToken(simulator.AnswerEmpty(401))},
		// The API, or a server in front of it, refuses a call.
		{name: "a block page", prepare: api(simulator.AnswerRaw(403, "text/html", blockPage))},
		{name: "a proxy that blocks PUT", prepare: api(simulator.AnswerRaw(405, "text/html", "<html><title>Method PUT blocked</title></html>")), call: disableAda},
		{name: "a redirect", prepare: api(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example/sso?token=secret", http.StatusFound)
		})},
		{name: "a login page with 200", prepare: api(simulator.AnswerRaw(200, "text/html", "<html><title>Guest network</title></html>"))},
		{name: "a URL without the API", prepare: api(simulator.AnswerFilterError(404, ""))},
		{name: "a URL with another web server", prepare: api(simulator.AnswerRaw(404, "text/html", "<html><title>Not Found</title></html>"))},
		{name: "SCIM", prepare: api(simulator.AnswerAPIError(405, "Not for SCIM.")), call: disableAda},
		{name: "405 of a look-up", prepare: api(simulator.AnswerEmpty(405))},
		{name: "a token endpoint that answers like the API", prepare: tokenEndpoint(simulator.AnswerAPIError(404, "Client not found"))},
		{name: "a token endpoint's plain text", prepare: tokenEndpoint(simulator.AnswerRaw(400, "text/plain", "client disabled by admin"))},
		{name: "a token endpoint's page, 404", prepare: tokenEndpoint(simulator.AnswerRaw(404, "text/html", "<html><title>Not Found</title></html>"))},
		{name: "a token that was revoked during the run", prepare: func(_ *testing.T, w *world) cloudadmin.Credentials {
			w.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: func() func(*http.Request, []byte) bool {
				n := 0
				return func(*http.Request, []byte) bool { n++; return n > 1 }
			}(), Respond: simulator.AnswerFilterError(403, "Server failed to process provided access token")})
			return cloudadmin.AccessToken(w.tenant.IssueToken(time.Hour))
		}, call: func(ctx context.Context, client *cloudadmin.Client) error {
			for {
				if _, err := client.Users.Lookup(ctx, cloudadmin.Email("ada@example.com"), cloudadmin.LookupOptions{}); err != nil {
					return err
				}
			}
		}},
		{name: "a legacy key at the host of another tenant", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			api(simulator.AnswerFilterError(403, "Server failed to process provided access token"))(t, w)
			file, err := w.tenant.CreateAPIKey("https://acme.access.securid.com/AdminInterface/restapi")
			must(t, err)
			key, err := cloudadmin.ParseAPIKey(file)
			must(t, err)
			return key
		}},
		{name: "HTTP to a server that speaks HTTPS", prepare: api(simulator.AnswerRaw(400, "text/plain", "Client sent an HTTP request to an HTTPS server."))},
		{name: "400", prepare: api(simulator.AnswerAPIError(400, "Invalid email."))},
		{name: "429", prepare: api(simulator.AnswerTooManyRequests(""))},
		{name: "500", prepare: api(simulator.AnswerAPIError(500, "An internal error occurred."))},
		{name: "502 of a gateway", prepare: api(simulator.AnswerRaw(502, "text/html", "<html><title>Bad Gateway</title></html>"))},
		{name: "an answer about another user", prepare: api(simulator.AnswerRaw(200, "application/json", `{"id": "2", "emailAddress": "eve@example.com", "userStatus": "Enabled", "markDeleted": false}`))},
		{name: "an answer without an id", prepare: api(simulator.AnswerRaw(200, "application/json", `{}`))},
		// The network.
		{name: "no such host", prepare: dialError(&net.DNSError{Err: "no such host", Name: "acme.access.securid.com", IsNotFound: true})},
		{name: "a name server that does not answer", prepare: dialError(&net.DNSError{Err: "server misbehaving", Name: "acme.access.securid.com", IsTemporary: true})},
		{name: "a connection that is refused", prepare: dialError(os.NewSyscallError("connect", syscall.ECONNREFUSED))},
		{name: "packets that are dropped", prepare: dialError(os.ErrDeadlineExceeded)},
		{name: "HTTP on an HTTPS port", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			w.baseURL(t, strings.Replace(w.server.AdminAPIURL(), "http:", "https:", 1))
			return cloudadmin.AccessToken("token")
		}},
		{name: "a certificate of an unknown authority", prepare: tlsServer(func(*httptest.Server) {}, "127.0.0.1")},
		{name: "a certificate for another host", prepare: tlsServer(func(*httptest.Server) {}, "acme.example")},
		{name: "a server that is too old", prepare: tlsServer(func(s *httptest.Server) { s.TLS.MaxVersion = tls.VersionTLS11 }, "127.0.0.1")},
		{name: "a proxy that requires a login", prepare: viaProxy(407)},
		{name: "a proxy that forbids the host", prepare: viaProxy(403)},
		{name: "a proxy that cannot reach the host", prepare: viaProxy(502)},
		{name: "a proxy that is not there", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			dialError(syscall.ECONNREFUSED)(t, w)
			w.transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example:3128"})
			return cloudadmin.AccessToken("token")
		}},
		{name: "a proxy variable with a bare % in it", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			w.env["HTTPS_PROXY"] = "http://ada:100%zz@proxy.example:3128"
			return dialError(&net.DNSError{Err: "no such host", Name: "acme.access.securid.com", IsNotFound: true})(t, w)
		}},
		{name: "a connection that is cut", prepare: api(simulator.CutConnection)},
		{name: "no answer in time", prepare: func(t *testing.T, w *world) cloudadmin.Credentials {
			t.Helper()
			w.config.RequestTimeout = 10 * time.Millisecond
			api(simulator.HoldAnswer)(t, w)
			return cloudadmin.AccessToken("token") // Without a sign-in, which could take too long, too.
		}},
		{name: "an answer that is cut", prepare: api(simulator.AnswerRaw(200, "application/json", `{"id": "1", "emailAddr`))},
	}
}

var (
	port = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	span = regexp.MustCompile(`in [0-9.]+m?s\)`)
	// aClock matches seconds, which vary with when the answer comes.
	aClock = regexp.MustCompile(`clock is (\d*)\d s`)
)

// The golden file is for people to read: each text says what is wrong, where, and what to do.
func TestExplanations(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	all.WriteString("What the provider reports in each situation. Written by go test ./internal/explain -update; read it as a person would.\n")
	for _, s := range situations() {
		w := newWorld(t)
		w.config.Credentials = s.prepare(t, w)
		if w.config.Credentials == nil {
			w.config.Credentials = w.oauth
		}
		call := s.call
		if call == nil {
			call = func(ctx context.Context, client *cloudadmin.Client) error {
				_, err := client.Users.Lookup(ctx, cloudadmin.Email("ada@example.com"), cloudadmin.LookupOptions{})
				return err
			}
		}
		err := call(t.Context(), cloudadmin.New(w.config))
		if err == nil {
			t.Errorf("%s: no error", s.name)
			continue
		}
		e := explain.Explainer{Credentials: w.config.Credentials, Getenv: func(name string) string { return w.env[name] }}
		found := e.Explain(err)
		text := fmt.Sprintf("%s: %s.\n\n%s", found.Lead, err, found.Advice)
		text = port.ReplaceAllString(text, "127.0.0.1:8480")
		text = span.ReplaceAllString(text, "in 1s)")
		text = aClock.ReplaceAllString(text, "clock is ${1}x s")
		fmt.Fprintf(&all, "\n== %s", s.name)
		fmt.Fprintf(&all, " ==\n%s\n", text)
		if found.Again != "" {
			again := port.ReplaceAllString(aClock.ReplaceAllString(found.Again, "clock is ${1}x s"), "127.0.0.1:8480")
			fmt.Fprintf(&all, "\n(from the second user on:) %s\n", again)
		}
	}
	const golden = "testdata/explanations.txt"
	if *update {
		must(t, os.MkdirAll("testdata", 0o750))
		must(t, os.WriteFile(golden, []byte(all.String()), 0o600))
		return
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("explanations (-want +got):\n%s", diff)
	}
}
