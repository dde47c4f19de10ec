// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// unreachable returns a transport whose connections all fail, and counts them.
func unreachable(t *testing.T, target string, change func(*http.Transport)) (Config, *atomic.Int32) {
	t.Helper()
	base, err := ParseBaseURL(target)
	must(t, err)
	transport := NewTransport(DefaultMaxConcurrentRequests)
	transport.Proxy = nil
	change(transport)
	connections := new(atomic.Int32)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		connections.Add(1)
		return dial(ctx, network, address)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return Config{BaseURL: base, Credentials: AccessToken("token"), Transport: transport}, connections
}

// proxy answers each CONNECT with a status.
func proxy(t *testing.T, status int) func(*http.Transport) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	must(t, err)
	return func(transport *http.Transport) { transport.Proxy = http.ProxyURL(at) }
}

// closedPort is an address of this machine on which nothing listens. Systems hand out higher
// ports, so that no other test's server has it.
const closedPort = "127.0.0.1:1"

func TestServersThatCannotBeReached(t *testing.T) {
	t.Parallel()
	quiet := func(server *httptest.Server) { server.Config.ErrorLog = log.New(io.Discard, "", 0) }
	plain := httptest.NewServer(http.HandlerFunc(answerAda))
	t.Cleanup(plain.Close)
	untrusted := httptest.NewUnstartedServer(http.HandlerFunc(answerAda))
	quiet(untrusted)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("220 mail.example ESMTP\r\n"))
		}
	}()
	t.Cleanup(func() { _ = silent.Close() })
	demanding := httptest.NewUnstartedServer(http.HandlerFunc(answerAda))
	quiet(demanding)
	demanding.StartTLS()
	t.Cleanup(demanding.Close)

	as := func(*http.Transport) {}
	const somewhere = "https://acme.access.securid.com/AdminInterface/restapi"
	for _, tc := range []struct {
		name, target string
		change       func(*http.Transport)
		kind         Failure
		connections  int32
		says         string
	}{
		{"no such host", somewhere, func(transport *http.Transport) {
			transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "acme.access.securid.com", IsNotFound: true}}
			}
		}, NoSuchHost, 2, "no such host"},
		{"nothing listens", "https://" + closedPort, as, NotReachable, 2, "connection refused"},
		{"nothing comes back", somewhere, func(transport *http.Transport) {
			transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}
			}
		}, NotReachable, 2, "deadline exceeded"},
		{"HTTP on an HTTPS port", strings.Replace(plain.URL, "http:", "https:", 1), as, NotHTTPS, 1, "server gave HTTP response to HTTPS client"},
		{"another protocol", "https://" + silent.Addr().String(), as, NotHTTPS, 1, "first record does not look like a TLS handshake"},
		{"a certificate that is not trusted", untrusted.URL, as, CertificateNotTrusted, 1, "certificate signed by unknown authority"},
		{"a proxy that requires a login", somewhere, proxy(t, 407), ProxyRefused, 1, "answered 407 Proxy Authentication Required"},
		{"a proxy that forbids the host", somewhere, proxy(t, 403), ProxyRefused, 1, "answered 403 Forbidden"},
		{"a proxy that is not there", somewhere, func(transport *http.Transport) {
			transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: closedPort})
		}, ProxyNotReachable, 2, "connection refused"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			config, connections := unreachable(t, tc.target, tc.change)
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			client := New(config)
			var calls sync.WaitGroup
			for i := range 30 {
				calls.Go(func() {
					err := lookUp(ctx, client, fmt.Sprintf("user%d@example.com", i))
					var failure *ConnectionError
					if !errors.As(err, &failure) || failure.Kind != tc.kind || !failure.Final {
						t.Errorf("got %v", err)
						return
					}
					if !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), strings.TrimSuffix(tc.target, "/")+"/v1/users/lookup") {
						t.Errorf("%v does not say %q", err, tc.says)
					}
				})
			}
			calls.Wait()
			if got := connections.Load(); got != tc.connections {
				t.Errorf("%d connections, want %d", got, tc.connections)
			}
		})
	}
}

// A proxy may reach the server a moment later: its 5xx and 429 are retried like any other.
func TestProxyThatCannotReachTheServerYet(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 502, 503, 504} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			config, connections := unreachable(t, "https://acme.access.securid.com/AdminInterface/restapi", proxy(t, status))
			config.MaxRetries = new(2)
			err := lookUp(t.Context(), New(config), ada)
			var failure *ConnectionError
			if !errors.As(err, &failure) || failure.ProxyStatus != status || failure.Final || connections.Load() != 3 {
				t.Errorf("got %v after %d connections", err, connections.Load())
			}
		})
	}
}

// Go may take a part of a proxy's password for its host, which must not be printed.
func TestAddressOfAProxyIsNotPrinted(t *testing.T) {
	t.Parallel()
	at, err := url.Parse("http://bob:Ab@S3cr3t-Passw0rd.invalid#x@127.0.0.1:18413")
	must(t, err)
	config, _ := unreachable(t, "https://acme.access.securid.com/AdminInterface/restapi", func(transport *http.Transport) {
		transport.Proxy = http.ProxyURL(at)
	})
	config.MaxRetries = new(0)
	err = lookUp(t.Context(), New(config), ada)
	var failure *ConnectionError
	if !errors.As(err, &failure) || failure.Kind != ProxyNotReachable || strings.Contains(err.Error(), "S3cr3t") || !strings.Contains(err.Error(), "no connection to the proxy") {
		t.Errorf("got %v", err)
	}
}

// An answer of a token endpoint says nothing about a user.
func TestAnswersOfATokenEndpointAreAboutNoUser(t *testing.T) {
	t.Parallel()
	for _, status := range []int{304, 400, 404, 405, 409, 410} {
		inBubble(t, fmt.Sprint(status), func(t *testing.T) {
			a := newAccount(t, simulator.OAuthOptions{})
			a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerAPIError(status, "Client not found")})
			err := lookUp(t.Context(), New(a.config), ada)
			var refusal *Error
			if err == nil || IsNotFound(err) || IsBadRequest(err) || IsConflict(err) || IsMethodNotAllowed(err) || IsNotModified(err) || errors.As(err, &refusal) || !IsUnauthorized(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The last attempt comes a second before the deadline, and the error before it is reported.
func TestLastAttemptBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	inBubble(t, "504", func(t *testing.T) {
		begin, last := time.Now(), time.Duration(0)
		config, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			last = time.Since(begin)
			simulator.AnswerRaw(504, "", "")(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		err := lookUp(ctx, New(config), ada)
		if err == nil || !strings.Contains(err.Error(), "answered 504") || last < 38*time.Second {
			t.Errorf("the last attempt came after %s: %v", last, err)
		}
	})
	inBubble(t, "silence", func(t *testing.T) {
		config, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			simulator.HoldAnswer(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
		defer cancel()
		err := lookUp(ctx, New(config), ada)
		var failure *ConnectionError
		if !errors.As(err, &failure) || failure.Kind != NoAnswerInTime || !failure.Unanswered || !errors.Is(err, errAttemptTimeout) {
			t.Errorf("got %v", err)
		}
	})
}

// Once a server has answered, a failure to reach it may pass.
func TestServerThatHasAnsweredIsTriedUntilTheDeadline(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"no such host":       &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", IsNotFound: true}},
		"connection refused": &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")},
	} {
		inBubble(t, name, func(t *testing.T) {
			config, waits := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close")
				answerAda(w, r)
			})
			transport, _ := config.Transport.(*http.Transport)
			dial := transport.DialContext
			begin := time.Now()
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if since := time.Since(begin); since > time.Second && since < 10*time.Minute {
					return nil, failure
				}
				return dial(ctx, network, address)
			}
			client := New(config)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
			defer cancel()
			must(t, lookUp(ctx, client, ada))
			must(t, Pause(ctx, 2*time.Second))
			must(t, lookUp(ctx, client, ada))
			if len(waits.all()) < 20 {
				t.Errorf("it waited %v", waits.all())
			}
		})
	}
}

// A page instead of the API's answer ends the run if the API has not answered yet, and is
// no reason to renew a token.
func TestPageInBetween(t *testing.T) {
	t.Parallel()
	page := "<html><head><title>Access denied by corporate policy</title></head></html>"
	for _, status := range []int{200, 403, 404, 405, 409, 302, 451} {
		inBubble(t, fmt.Sprint(status), func(t *testing.T) {
			a := newAccount(t, simulator.OAuthOptions{})
			a.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerRaw(status, "text/html", page)})
			client := New(a.config)
			for range 5 {
				err := lookUp(t.Context(), client, ada)
				if err == nil || IsUnauthorized(err) || IsConflict(err) || IsMethodNotAllowed(err) || IsNotFound(err) {
					t.Fatalf("got %v", err)
				}
				if status != 302 && !strings.Contains(err.Error(), `an HTML page titled "Access denied by corporate policy", not the API`) {
					t.Errorf("got %v", err)
				}
			}
			a.wantCounts(t, 1, 2, 0)
		})
	}
}

func TestPassingFailuresAreRetriedUntilTheDeadline(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]http.HandlerFunc{
		"429":              simulator.AnswerTooManyRequests(""),
		"502":              simulator.AnswerRaw(502, "text/html", "<html>"),
		"503":              simulator.AnswerRaw(503, "", ""),
		"504":              simulator.AnswerRaw(504, "text/html", "<html>"),
		"cut connection":   simulator.CutConnection,
		"no answer at all": simulator.HoldAnswer,
	} {
		inBubble(t, name, func(t *testing.T) {
			begin := time.Now()
			config, waits := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // Without this, a server does not notice that its client leaves.
				if time.Since(begin) < 10*time.Minute {
					failure(w, r)
					return
				}
				answerAda(w, r)
			})
			ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
			defer cancel()
			must(t, lookUp(ctx, New(config), ada))
			if len(waits.all()) <= doubtfulRetries {
				t.Errorf("it waited %v", waits.all())
			}
		})
	}
	inBubble(t, "500 is tried nine times", func(t *testing.T) {
		handler, requests := failing(0, simulator.AnswerAPIError(500, "An internal error occurred."))
		config, _ := serve(t, handler)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := lookUp(ctx, New(config), ada); err == nil || requests.Load() != 9 {
			t.Errorf("%d requests, %v", requests.Load(), err)
		}
	})
}

// The texts of certificates and proxies go to a terminal.
func TestConnectionErrorsAreFitForATerminal(t *testing.T) {
	t.Parallel()
	config, _ := unreachable(t, "https://acme.access.securid.com/AdminInterface/restapi", func(transport *http.Transport) {
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("a\x1b]0;owned\x07\x1b[31m\r\nb\u202ec eyJhbGciOiJSUzI1NiJ9abc.eyJzdWIiOiJhYmMifQabc.c2lnbmF0dXJl")
		}
	})
	config.MaxRetries = new(0)
	err := lookUp(t.Context(), New(config), ada)
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\x07\r\n\u202e") || strings.Contains(err.Error(), "eyJ") || !strings.Contains(err.Error(), "owned") {
		t.Errorf("got %q", err)
	}
}
