// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// neverAnswer waits until its client has gone, which a server notices only after it has
// read the body.
func neverAnswer(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// inTurn gives each request the next answer, and all further requests the last.
func inTurn(answers ...http.HandlerFunc) http.HandlerFunc {
	var requests atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		answers[min(int(requests.Add(1)), len(answers))-1](w, r)
	}
}

func changes(client *Client) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"SetStatus":   func(ctx context.Context) error { return client.Users.SetStatus(ctx, "1", Disabled) },
		"MarkDeleted": func(ctx context.Context) error { return client.Users.MarkDeleted(ctx, "1", true) },
		"Synchronize": func(ctx context.Context) error { _, err := client.Users.Synchronize(ctx, "1"); return err },
	}
}

func TestMayHaveBeenMade(t *testing.T) {
	t.Parallel()
	refused := simulator.AnswerAPIError(409, "No.")
	html := simulator.AnswerRaw(200, "text/html", "<html>")
	cut4xx := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusBadRequest)
	}
	for _, tc := range []struct {
		name    string
		answers []http.HandlerFunc // with one retry
		want    bool
	}{
		{"connection cut", []http.HandlerFunc{simulator.CutConnection}, true},
		{"no answer in time", []http.HandlerFunc{neverAnswer}, true},
		{"body cut", []http.HandlerFunc{cutBody}, true},
		{"JSON cut", []http.HandlerFunc{simulator.AnswerRaw(200, "application/json", `{"id": "1"`)}, true},
		{"HTML", []http.HandlerFunc{html}, true},
		{"another form", []http.HandlerFunc{simulator.AnswerRaw(200, "application/json", `{"id": "2", "userStatus": 1}`)}, true},
		{"another user", []http.HandlerFunc{simulator.AnswerRaw(200, "application/json", `{"id": "2", "userStatus": "Disabled", "markDeleted": true}`)}, true},
		{"too long", []http.HandlerFunc{simulator.AnswerRaw(200, "application/json", strings.Repeat(" ", 1<<20+1))}, true},
		{"500", []http.HandlerFunc{simulator.AnswerAPIError(500, "An internal error occurred.")}, true},
		{"502", []http.HandlerFunc{simulator.AnswerRaw(502, "text/html", "<html>")}, true},
		{"504", []http.HandlerFunc{simulator.AnswerRaw(504, "", "")}, true},

		{"400", []http.HandlerFunc{simulator.AnswerAPIError(400, "No.")}, false},
		{"401", []http.HandlerFunc{simulator.AnswerAPIError(401, "No.")}, false},
		{"403 of the filter", []http.HandlerFunc{simulator.AnswerFilterError(403, "No.")}, false},
		{"404", []http.HandlerFunc{simulator.AnswerAPIError(404, "No.")}, false},
		{"409", []http.HandlerFunc{refused}, false},
		{"429", []http.HandlerFunc{simulator.AnswerTooManyRequests("")}, false},
		{"400, body cut", []http.HandlerFunc{cut4xx}, false},
		{"not modified", []http.HandlerFunc{simulator.AnswerRaw(304, "", "")}, false},
		{"redirect", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }}, false},

		// The first attempt may be the reason for the second refusal.
		{"cut, then refused", []http.HandlerFunc{simulator.CutConnection, refused}, true},
		{"504, then 429", []http.HandlerFunc{simulator.AnswerRaw(504, "", ""), simulator.AnswerTooManyRequests("")}, true},
		{"429, then cut", []http.HandlerFunc{simulator.AnswerTooManyRequests(""), simulator.CutConnection}, true},
		{"429, then refused", []http.HandlerFunc{simulator.AnswerTooManyRequests(""), refused}, false},
	} {
		for name := range changes(nil) {
			t.Run(tc.name+", "+name, func(t *testing.T) {
				t.Parallel()
				config, _ := serve(t, inTurn(tc.answers...))
				config.MaxRetries = new(1)
				config.RequestTimeout = 10 * time.Second
				if tc.name == "no answer in time" {
					config.RequestTimeout = 500 * time.Millisecond // Long enough to send it on a busy machine.
				}
				err := changes(New(config))[name](t.Context())
				if err == nil || MayHaveBeenMade(err) != tc.want || MayHaveBeenMade(fmt.Errorf("ada: %w", err)) != tc.want {
					t.Errorf("got %v, which may have been made: %t, want %t", err, MayHaveBeenMade(err), tc.want)
				}
			})
		}
	}
	t.Run("another status", func(t *testing.T) {
		t.Parallel()
		config, _ := serve(t, simulator.AnswerRaw(200, "application/json", `{"id": "1", "userStatus": "Enabled", "markDeleted": false}`))
		client := New(config)
		for name, change := range changes(client) {
			if err := change(t.Context()); (err == nil) != (name == "Synchronize") || err != nil && !MayHaveBeenMade(err) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
	t.Run("a call that reads", func(t *testing.T) {
		t.Parallel()
		for _, answer := range []http.HandlerFunc{simulator.CutConnection, html, simulator.AnswerAPIError(500, "No.")} {
			config, _ := serve(t, answer)
			config.MaxRetries = new(0)
			client := New(config)
			_, searched := client.Users.Search(t.Context(), "@example.com", 0)
			for _, err := range []error{lookUp(t.Context(), client, ada), searched} {
				if err == nil || MayHaveBeenMade(err) {
					t.Errorf("got %v", err)
				}
			}
		}
	})
	if MayHaveBeenMade(nil) || MayHaveBeenMade(errors.New("no answer in time")) {
		t.Error("nothing may have been made")
	}
}

// If nothing was sent, nothing was changed.
func TestAnUnsentChangeIsNotMade(t *testing.T) {
	t.Parallel()
	unserved := func(address string) func(*testing.T) (Config, context.Context) {
		return func(t *testing.T) (Config, context.Context) {
			t.Helper()
			base, err := url.Parse(address)
			must(t, err)
			return Config{BaseURL: base, Credentials: AccessToken("token")}, t.Context()
		}
	}
	for name, prepare := range map[string]func(*testing.T) (Config, context.Context){
		"connection refused": unserved("http://" + closedPort),
		"no such host":       unserved("http://nobody.invalid"),
		"distrusted certificate": func(t *testing.T) (Config, context.Context) {
			t.Helper()
			server := httptest.NewUnstartedServer(http.HandlerFunc(answerAda))
			server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake fails on purpose
			server.StartTLS()
			t.Cleanup(server.Close)
			return unserved(server.URL)(t)
		},
		"no TLS": func(t *testing.T) (Config, context.Context) {
			t.Helper()
			config, _ := serve(t, answerAda)
			config.BaseURL.Scheme = "https"
			return config, t.Context()
		},
		"the caller had gone": func(t *testing.T) (Config, context.Context) {
			t.Helper()
			config, _ := serve(t, answerAda)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return config, ctx
		},
		"no token": func(t *testing.T) (Config, context.Context) {
			t.Helper()
			config, _ := serve(t, simulator.AnswerRaw(502, "text/html", "<html>"))
			handed, err := simulator.NewTenant().CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
			must(t, err)
			key, err := ParsePrivateKey(handed.PrivateKeyJWK)
			must(t, err)
			config.Credentials = OAuthClient{TokenURL: config.BaseURL.String() + "/token", ClientID: "client", Key: key}
			return config, t.Context()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, ctx := prepare(t)
			config.MaxRetries = new(1)
			for _, change := range changes(New(config)) {
				if err := change(ctx); err == nil || MayHaveBeenMade(err) {
					t.Errorf("got %v, which may have been made: %t", err, MayHaveBeenMade(err))
				}
			}
		})
	}
}

func TestCanceledOnItsWay(t *testing.T) {
	t.Parallel()
	for name := range changes(nil) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			config, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				neverAnswer(w, r)
			})
			err := changes(New(config))[name](ctx)
			if !errors.Is(err, context.Canceled) || !MayHaveBeenMade(err) {
				t.Errorf("got %v, which may have been made: %t", err, MayHaveBeenMade(err))
			}
		})
	}
	t.Run("while waiting to try again", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		config, waits := serve(t, simulator.AnswerRaw(504, "", ""))
		waits.onWait = cancel
		if err := New(config).Users.SetStatus(ctx, "1", Disabled); !errors.Is(err, context.Canceled) || !MayHaveBeenMade(err) {
			t.Errorf("got %v, which may have been made: %t", err, MayHaveBeenMade(err))
		}
	})
}
