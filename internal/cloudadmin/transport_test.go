// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	headers := make(chan http.Header, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers <- r.Header
		_, _ = w.Write([]byte(`{"id": "1", "emailAddress": "ada@example.com", "userStatus": "Enabled"}`))
	}))
	t.Cleanup(server.Close)
	client := cloudadmin.New(cloudadmin.Config{
		BaseURL: parseBaseURL(t, server.URL), Credentials: cloudadmin.AccessToken("token"), UserAgent: "Example/1",
	})
	for name, call := range map[string]func() error{
		"look-up":   func() error { return lookUpAda(t, client) },
		"SetStatus": func() error { return client.Users.SetStatus(t.Context(), "1", cloudadmin.Enabled) },
	} {
		must(t, call())
		got := <-headers
		for header, want := range map[string]string{
			"Content-Type": "application/json", "Accept": "application/json",
			"Authorization": "Bearer token", "User-Agent": "Example/1",
		} {
			if got.Get(header) != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got.Get(header), want)
			}
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var followed atomic.Int32
			elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				followed.Add(1)
				if r.Header.Get("Authorization") != "" {
					t.Error("the access token was sent elsewhere")
				}
				_, _ = w.Write([]byte(`{"id": "1", "access_token": "stolen"}`))
			}))
			t.Cleanup(elsewhere.Close)
			redirecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/?token=secret", status)
			}))
			t.Cleanup(redirecting.Close)
			key, err := cloudadmin.ParsePrivateKey(sec1(ecKey()))
			must(t, err)

			for _, tc := range []struct {
				credentials cloudadmin.Credentials
				path        string
			}{
				{cloudadmin.AccessToken("token"), "/v1/users/lookup"},
				{cloudadmin.OAuthClient{TokenURL: redirecting.URL + "/token", ClientID: "client", Key: key}, redirecting.URL + "/token"},
			} {
				err := lookUpAda(t, cloudadmin.New(cloudadmin.Config{BaseURL: parseBaseURL(t, redirecting.URL), Credentials: tc.credentials}))
				var got *cloudadmin.Error
				var signIn *cloudadmin.SignInError
				if errors.As(err, &signIn) {
					if predicate(err) != "" && predicate(err) != "Unauthorized" {
						t.Errorf("%s is true", predicate(err))
					}
					err = signIn.Err
				}
				if !errors.As(err, &got) || got.Status != status || got.Origin != cloudadmin.OriginGateway || got.Path != tc.path {
					t.Fatalf("got %v", err)
				}
				if want := "a redirect to " + elsewhere.URL + "/, which is not followed: the URL is probably wrong"; got.Description != want {
					t.Errorf("got %q, want %q", got.Description, want)
				}
				if predicate(err) != "" {
					t.Errorf("%s is true", predicate(err))
				}
			}
			if followed.Load() != 0 {
				t.Errorf("%d requests went elsewhere", followed.Load())
			}
		})
	}
	t.Run("to nowhere", func(t *testing.T) {
		t.Parallel()
		err := lookUpAda(t, newClientOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) }))
		if err == nil || !strings.Contains(err.Error(), "a redirect, which is not followed") {
			t.Errorf("got %v", err)
		}
	})
}

func TestLongAnswers(t *testing.T) {
	t.Parallel()
	lookUp := func(client *cloudadmin.Client) error {
		_, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
		return err
	}
	search := func(client *cloudadmin.Client) error {
		_, err := client.Users.Search(t.Context(), "@example.com", 0)
		return err
	}
	const user, page = `{"id": "1", "emailAddress": "ada@example.com"}`, `{"totalPages": 0, "totalElements": 0, "elements": []}`
	for _, tc := range []struct {
		name   string
		call   func(*cloudadmin.Client) error
		answer string
		length int
		want   string
	}{
		{"a user, just short enough", lookUp, user, 1 << 20, ""},
		{"a user, too long by one", lookUp, user, 1<<20 + 1, "POST /v1/users/lookup: the answer is longer than 1048576 bytes"},
		{"a user, far too long", lookUp, user, 3 << 20, "POST /v1/users/lookup: the answer is longer than 1048576 bytes"},
		{"a user, too long by its byte order mark", lookUp, "\ufeff" + user, 1<<20 + 3, "POST /v1/users/lookup: the answer is longer than 1048576 bytes"},
		{"a page, just short enough", search, page, 16 << 20, ""},
		{"a page, too long by one", search, page, 16<<20 + 1, "POST /v2/users/search: the answer is longer than 16777216 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := tc.call(newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.answer+strings.Repeat(" ", tc.length-len(tc.answer)))))
			if tc.want == "" {
				must(t, err)
				return
			}
			wantUnexpected(t, err, tc.want)
		})
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	const cut, invalid, none = "the answer was cut off: its JSON is not complete", "the answer is not valid JSON", "the answer is not JSON"
	for _, tc := range []struct{ name, body, want string }{
		{"byte order mark", "\ufeff" + documented, ""},
		{"byte order mark and white space", "\ufeff\r\n" + documented, ""},
		{"two byte order marks", "\ufeff\ufeff" + documented, none},
		{"byte order mark alone", "\ufeff", "the answer is empty"},
		{"cut in a text", `{"id": "1", "emailAddr`, cut},
		{"cut in a word", `{"highRiskUser": tr`, cut},
		{"cut before the end", documented[:len(documented)-1], cut},
		{"cut list", `[{"id": "1"}`, cut},
		{"NaN", `{"id": NaN}`, invalid},
		{"single quotes", `{'id': '1'}`, invalid},
		{"comma at the end", `{"id": "1",}`, invalid},
		{"wrong at its last byte", `{"id": "1"]`, invalid},
		{"two answers", documented + documented, invalid},
		{"too deep", `{"id": ` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}", invalid},
		{"a guard in front", ")]}'\n" + documented, none},
		{"UTF-16", "\xff\xfe{\x00}\x00", none},
		{"HTML", "<html><title>Login</title></html>", `the answer is an HTML page titled "Login", not the API`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := lookUpAda(t, newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.body)))
			if tc.want == "" {
				must(t, err)
			} else if err == nil || !strings.HasSuffix(err.Error(), "/v1/users/lookup: "+tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestDistrustedServerIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	var connections, requests atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake fails on purpose
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	err := lookUpAda(t, cloudadmin.New(cloudadmin.Config{
		BaseURL: parseBaseURL(t, server.URL), Credentials: cloudadmin.AccessToken("token"), MaxRetries: new(2),
	}))
	if err == nil || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "attempts") {
		t.Errorf("got %v, want an error about the certificate", err)
	}
	if connections.Load() != 1 || requests.Load() != 0 {
		t.Errorf("%d connections and %d requests, want one and none", connections.Load(), requests.Load())
	}
}

// With three places for twelve requests, the next request starts only when one of three has
// ended.
func TestRequestsInFlight(t *testing.T) {
	t.Parallel()
	const places, calls = 3, 12
	var inFlight, most atomic.Int32
	arrived, release := make(chan struct{}, calls), make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		now := inFlight.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		arrived <- struct{}{}
		<-release
		inFlight.Add(-1)
		_, _ = w.Write([]byte(`{"id": "1", "emailAddress": "ada@example.com"}`))
	}))
	t.Cleanup(server.Close)
	client := cloudadmin.New(cloudadmin.Config{
		BaseURL: parseBaseURL(t, server.URL), Credentials: cloudadmin.AccessToken("token"), MaxConcurrentRequests: places,
	})
	release <- struct{}{}
	must(t, lookUpAda(t, client)) // The first request is sent alone.
	<-arrived
	var lookups sync.WaitGroup
	for range calls {
		lookups.Go(func() {
			if err := lookUpAda(t, client); err != nil {
				t.Error(err)
			}
		})
	}
	for range places {
		<-arrived
	}
	for range calls - places {
		release <- struct{}{}
		<-arrived
	}
	close(release)
	lookups.Wait()
	if most.Load() != places {
		t.Errorf("%d requests were in flight at once, want %d", most.Load(), places)
	}
}

// In each of twenty rounds all places are taken at once, so that a client that keeps fewer
// idle connections would open new ones in the next round.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	const rounds, places = 20, cloudadmin.DefaultMaxConcurrentRequests
	tenant, client := newTenantClient(t)
	must(t, lookUpAda(t, client)) // The first request is sent alone.
	var mu sync.Mutex
	waiting, full := 0, make(chan struct{})
	tenant.Inject(simulator.Fault{Match: func(r *http.Request, _ []byte) bool {
		mu.Lock()
		round := full
		if waiting++; waiting == places {
			close(full)
			waiting, full = 0, make(chan struct{})
		}
		mu.Unlock()
		select {
		case <-round:
		case <-r.Context().Done():
		}
		return false
	}})
	for range rounds {
		atOnce(places, func() {
			if err := lookUpAda(t, client); err != nil {
				t.Error(err)
			}
		})
	}
	if got := tenant.Count(simulator.KindLookup); got != 1+rounds*places {
		t.Errorf("%d look-ups, want %d", got, 1+rounds*places)
	}
	if got := tenant.Connections(); got != places {
		t.Errorf("%d connections, want %d", got, places)
	}
}

// journal is a client's log and, beside it, the secrets that it sent.
type journal struct {
	mu      sync.Mutex
	text    bytes.Buffer
	secrets []string
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// record is a fault that never occurs; it keeps the secrets of a request.
func (j *journal) record(r *http.Request, body []byte) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if bearer := r.Header.Get("Authorization"); bearer != "" {
		j.secrets = append(j.secrets, strings.TrimPrefix(bearer, "Bearer "))
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("client_assertion") != "" {
		j.secrets = append(j.secrets, form.Get("client_assertion"))
	}
	return false
}

// lines returns the records of the log, without what differs between runs.
func (j *journal) lines(t *testing.T) []string {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	var lines []string
	decoder := json.NewDecoder(bytes.NewReader(j.text.Bytes()))
	for decoder.More() {
		var line map[string]any
		must(t, decoder.Decode(&line))
		if _, timed := line["duration_ms"].(float64); timed != (line["msg"] == "request") {
			t.Errorf("duration_ms is %v in %v", line["duration_ms"], line)
		}
		delete(line, "time")
		delete(line, "duration_ms")
		delete(line, "cause")
		lines = append(lines, string(made(json.Marshal(line))))
	}
	return lines
}

func TestLog(t *testing.T) {
	t.Parallel()
	type way struct {
		credentials cloudadmin.Credentials
		base        string
		keys        []string
		tokenPath   string
	}
	oauth := func(keyType string) func(*testing.T, *simulator.Tenant, *simulator.Server) way {
		return func(t *testing.T, tenant *simulator.Tenant, server *simulator.Server) way {
			t.Helper()
			handed, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: keyType})
			must(t, err)
			key, err := cloudadmin.ParsePrivateKey(handed.PrivateKeyJWK)
			must(t, err)
			tokenURL, err := cloudadmin.TokenURL(server.IssuerURL())
			must(t, err)
			return way{
				cloudadmin.OAuthClient{TokenURL: tokenURL, ClientID: handed.ClientID, Key: key},
				server.AdminAPIURL(), []string{handed.PrivateKeyJWK, handed.PrivateKeyPEM}, tokenURL,
			}
		}
	}
	for name, start := range map[string]func(*testing.T, *simulator.Tenant, *simulator.Server) way{
		"OAuth, RSA": oauth("RSA"),
		"OAuth, EC":  oauth("EC"),
		"API key": func(t *testing.T, tenant *simulator.Tenant, server *simulator.Server) way {
			t.Helper()
			file, err := tenant.CreateAPIKey(server.AdminAPIURL())
			must(t, err)
			key, err := cloudadmin.ParseAPIKey(file)
			must(t, err)
			var fields struct{ AccessKey string }
			must(t, json.Unmarshal(file, &fields))
			return way{key, key.AdminAPIURL(), []string{fields.AccessKey}, ""}
		},
		"access token": func(t *testing.T, tenant *simulator.Tenant, server *simulator.Server) way {
			t.Helper()
			return way{cloudadmin.AccessToken(tenant.IssueToken(time.Hour)), server.AdminAPIURL(), nil, ""}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant, server := startTenant(t)
			w := start(t, tenant, server)
			var j journal
			tenant.Inject(simulator.Fault{Match: j.record})
			client := cloudadmin.New(cloudadmin.Config{
				BaseURL: parseBaseURL(t, w.base), Credentials: w.credentials,
				Logger: slog.New(slog.NewJSONHandler(&j, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})

			must(t, lookUpAda(t, client))
			tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Times: 1, Respond: simulator.AnswerTooManyRequests("0")})
			must(t, client.Users.SetStatus(t.Context(), adaID, cloudadmin.Disabled))
			if err := client.Users.SetStatus(t.Context(), "nobody", cloudadmin.Disabled); !cloudadmin.IsNotFound(err) {
				t.Errorf("got %v", err)
			}
			remove := tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerFilterError(403, "Invalid audience")})
			if err := lookUpAda(t, client); !cloudadmin.IsUnauthorized(err) {
				t.Errorf("got %v", err)
			}
			remove()
			// An attempt without an answer: its context ends.
			ctx, cancel := context.WithCancel(t.Context())
			tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: func(w http.ResponseWriter, r *http.Request) {
				cancel()
				simulator.CutConnection(w, r)
			}})
			if _, err := client.Users.Lookup(ctx, cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{}); err == nil {
				t.Error("no error")
			}

			lines := j.lines(t)
			want := []string{
				`{"attempt":1,"level":"DEBUG","method":"POST","msg":"request","path":"/v1/users/lookup","status":200}`,
				`{"attempt":1,"level":"DEBUG","method":"PUT","msg":"request","path":"/v1/users/{id}/userStatus","status":429}`,
				`{"attempt":1,"level":"WARN","method":"PUT","msg":"waiting to send a request again","path":"/v1/users/{id}/userStatus","wait":"0s"}`,
				`{"attempt":2,"level":"DEBUG","method":"PUT","msg":"request","path":"/v1/users/{id}/userStatus","status":200}`,
				`{"attempt":1,"level":"DEBUG","method":"PUT","msg":"request","path":"/v1/users/{id}/userStatus","status":404}`,
				`{"attempt":1,"level":"DEBUG","method":"POST","msg":"request","path":"/v1/users/lookup","status":403}`,
				`{"attempt":1,"level":"DEBUG","method":"POST","msg":"request","path":"/v1/users/lookup","status":0}`,
			}
			if w.tokenPath != "" {
				want = append(want, fmt.Sprintf(`{"attempt":1,"level":"DEBUG","method":"POST","msg":"request","path":%q,"status":200}`, w.tokenPath))
			}
			for _, line := range want {
				if !slices.Contains(lines, line) {
					t.Errorf("no line is %s", line)
				}
			}
			logged := j.text.String()
			if len(j.secrets) < 5 {
				t.Errorf("the test saw the secrets of %d requests only", len(j.secrets))
			}
			for _, secret := range append(j.secrets, w.keys...) {
				wantNoPieceOf(t, secret, logged)
			}
			for _, word := range []string{"Authorization", "Bearer", "client_assertion", "access_token", adaID} {
				if strings.Contains(logged, word) {
					t.Errorf("%q is in the log", word)
				}
			}
			if t.Failed() {
				t.Log("the log:\n" + strings.Join(lines, "\n"))
			}
		})
	}
}
