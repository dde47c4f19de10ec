// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const ada = "ada@example.com"

// account is a simulated tenant with Ada in it, and an OAuth client of it.
type account struct {
	tenant *simulator.Tenant
	handed simulator.OAuthClient
	oauth  OAuthClient
	config Config
	waits  *waits
}

func newAccount(t *testing.T, options simulator.OAuthOptions) *account {
	t.Helper()
	a := &account{tenant: simulator.NewTenant()}
	a.tenant.AddUser(simulator.User{ID: "1", Email: ada})
	a.config, a.waits = serve(t, a.tenant.Handler().ServeHTTP)
	var err error
	if options.KeyType == "" {
		options.KeyType = "EC"
	}
	a.handed, err = a.tenant.CreateOAuthClient(options)
	must(t, err)
	a.oauth.ClientID = a.handed.ClientID
	a.oauth.TokenURL, err = TokenURL("http://127.0.0.1/oauth")
	must(t, err)
	a.oauth.Key, err = ParsePrivateKey(a.handed.PrivateKeyJWK)
	must(t, err)
	a.config.Credentials = a.oauth
	return a
}

// wantCounts checks how many tokens were requested, and how many look-ups and status
// changes arrived.
func (a *account) wantCounts(t *testing.T, tokens, lookups, changes int) {
	t.Helper()
	got := [3]int{a.tenant.Count(simulator.KindToken), a.tenant.Count(simulator.KindLookup), a.tenant.Count(simulator.KindStatus)}
	if want := [3]int{tokens, lookups, changes}; got != want {
		t.Errorf("requests for tokens, look-ups and status changes: %v, want %v", got, want)
	}
}

func TestAllWaysToAuthenticate(t *testing.T) {
	t.Parallel()
	oauth := func(keyType string, key func(simulator.OAuthClient) string) func(*testing.T) *account {
		return func(t *testing.T) *account {
			t.Helper()
			a := newAccount(t, simulator.OAuthOptions{KeyType: keyType})
			var err error
			a.oauth.Key, err = ParsePrivateKey(key(a.handed))
			must(t, err)
			a.oauth.Key.ID = a.handed.KeyID // PEM has no field for it
			a.config.Credentials = a.oauth
			return a
		}
	}
	asJWK := func(c simulator.OAuthClient) string { return c.PrivateKeyJWK }
	asPEM := func(c simulator.OAuthClient) string { return c.PrivateKeyPEM }
	apiKey := func(suffix string) func(*testing.T) *account {
		return func(t *testing.T) *account {
			t.Helper()
			a := newAccount(t, simulator.OAuthOptions{})
			file, err := a.tenant.CreateAPIKey(a.config.BaseURL.String() + suffix)
			must(t, err)
			key, err := ParseAPIKey(file)
			must(t, err)
			a.config.BaseURL, err = ParseBaseURL(key.AdminAPIURL())
			must(t, err)
			a.config.Credentials = key
			return a
		}
	}
	for _, tc := range []struct {
		name   string
		start  func(*testing.T) *account
		tokens int
	}{
		{"OAuth, RSA, JWK", oauth("RSA", asJWK), 1},
		{"OAuth, RSA, PEM", oauth("RSA", asPEM), 1},
		{"OAuth, EC, JWK", oauth("EC", asJWK), 1},
		{"OAuth, EC, PEM", oauth("EC", asPEM), 1},
		{"API key", apiKey(""), 0},
		{"API key, version in its URL", apiKey("/v1"), 0},
		{"API key, slash after its URL", apiKey("/"), 0},
		{"access token", func(t *testing.T) *account {
			t.Helper()
			a := newAccount(t, simulator.OAuthOptions{})
			a.config.Credentials = AccessToken(a.tenant.IssueToken(time.Hour))
			return a
		}, 0},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			a := tc.start(t)
			client := New(a.config)
			user, err := client.Users.Lookup(t.Context(), Email(ada), LookupOptions{})
			must(t, err)
			must(t, client.Users.SetStatus(t.Context(), user.ID, Disabled))
			if stored, _ := a.tenant.User(ada); stored.Status != simulator.Disabled {
				t.Errorf("the user's status is %s", stored.Status)
			}
			a.wantCounts(t, tc.tokens, 1, 1)
			if waits := a.waits.all(); len(waits) > 0 {
				t.Errorf("it waited %v", waits)
			}
		})
	}
}

func TestParallelLookupsFetchOneToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		client := New(a.config)
		start := make(chan struct{})
		var lookups sync.WaitGroup
		for range 50 {
			lookups.Go(func() {
				<-start
				if err := lookUp(t.Context(), client, ada); err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		lookups.Wait()
		a.wantCounts(t, 1, 50, 0)
	})
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{TokenLifetime: 20 * time.Second})
		client := New(a.config)
		for _, step := range []struct {
			later  time.Duration
			tokens int
		}{
			{0, 1},
			{14 * time.Second, 1},
			{time.Second, 2}, // a quarter of the lifetime is left
			{14 * time.Second, 2},
			{time.Second, 3},
		} {
			must(t, Pause(t.Context(), step.later))
			must(t, lookUp(t.Context(), client, ada))
			if got := a.tenant.Count(simulator.KindToken); got != step.tokens {
				t.Fatalf("%s later: %d tokens, want %d", step.later, got, step.tokens)
			}
		}
		a.wantCounts(t, 3, 5, 0)
	})
}

// Token returns the token that requests are sent with, so that it costs no request, and the
// token is renewed like theirs.
func TestTokenHandedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The look-up waits for its turn.
		soon := func(expiry time.Time) bool {
			left := time.Until(expiry)
			return left > 19*time.Second && left <= 20*time.Second
		}
		a := newAccount(t, simulator.OAuthOptions{TokenLifetime: 20 * time.Second})
		client := New(a.config)
		must(t, lookUp(t.Context(), client, ada))
		first, expiry, err := client.Token(t.Context())
		must(t, err)
		if first == "" || !soon(expiry) {
			t.Errorf("a token of %d characters, until %s; want one until 20 s from now", len(first), expiry)
		}
		a.wantCounts(t, 1, 1, 0)
		must(t, Pause(t.Context(), 20*time.Second))
		second, expiry, err := client.Token(t.Context())
		must(t, err)
		if second == first || !soon(expiry) {
			t.Errorf("20 s later: the same token %t, until %s", second == first, expiry)
		}
		a.wantCounts(t, 2, 1, 0)
	})
}

func TestTokenFreshness(t *testing.T) {
	t.Parallel()
	issued := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name          string
		lifetime, age time.Duration
		want          bool
	}{
		{"new", time.Hour, 0, true},
		{"more than a minute left", time.Hour, 59*time.Minute - time.Second, true},
		{"a minute left", time.Hour, 59 * time.Minute, false},
		{"expired", time.Hour, time.Hour, false},
		{"short, more than a quarter left", time.Minute, 44 * time.Second, true},
		{"short, a quarter left", time.Minute, 45 * time.Second, false},
		{"no known end", 0, 1000 * time.Hour, true},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			held := token{value: "token", issued: issued}
			if tc.lifetime > 0 {
				held.expiry = issued.Add(tc.lifetime)
			}
			if got := held.fresh(issued.Add(tc.age)); got != tc.want {
				t.Errorf("fresh is %t", got)
			}
			if (token{}).fresh(issued) {
				t.Error("no token is fresh")
			}
		})
	}
}

func TestRevokedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		inBubble(t, fmt.Sprint(status), func(t *testing.T) {
			a := newAccount(t, simulator.OAuthOptions{})
			client := New(a.config)
			must(t, lookUp(t.Context(), client, ada))
			a.tenant.RevokeTokensWith(status)
			must(t, lookUp(t.Context(), client, ada))
			a.wantCounts(t, 2, 3, 0)
			// A second revocation works, too.
			a.tenant.RevokeTokensWith(status)
			must(t, client.Users.SetStatus(t.Context(), "1", Disabled))
			a.wantCounts(t, 3, 3, 2)
			must(t, lookUp(t.Context(), client, ada))
			a.wantCounts(t, 3, 4, 2)
		})
	}
}

func TestRequestsRefusedTogetherRenewOneToken(t *testing.T) {
	t.Parallel()
	const together = 20
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		inBubble(t, fmt.Sprint(status), func(t *testing.T) {
			a := newAccount(t, simulator.OAuthOptions{})
			a.config.MaxConcurrentRequests = together
			client := New(a.config)
			must(t, lookUp(t.Context(), client, ada))
			a.tenant.RevokeTokensWith(status)

			// No request is refused before all have arrived with the old token, and all but
			// one are refused only after that one has come back with the new token.
			var mu sync.Mutex
			arrived, all, renewed := 0, make(chan struct{}), make(chan struct{})
			a.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: func(r *http.Request, _ []byte) bool {
				mu.Lock()
				arrived++
				place := arrived
				switch place {
				case together:
					close(all)
				case together + 1:
					close(renewed)
				}
				mu.Unlock()
				wait := func(c chan struct{}) {
					select {
					case <-c:
					case <-r.Context().Done():
					}
				}
				wait(all)
				if place != 1 {
					wait(renewed)
				}
				return false
			}})
			var lookups sync.WaitGroup
			for range together {
				lookups.Go(func() {
					if err := lookUp(t.Context(), client, ada); err != nil {
						t.Error(err)
					}
				})
			}
			lookups.Wait()
			a.wantCounts(t, 2, 1+2*together, 0)
		})
	}
}

func TestMissingPermissionCostsOneToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.oauth.Scopes = []string{simulator.ScopeRead}
		a.config.Credentials = a.oauth
		client := New(a.config)
		must(t, lookUp(t.Context(), client, ada))
		a.wantCounts(t, 1, 1, 0)
		for range 10 {
			err := client.Users.SetStatus(t.Context(), "1", Disabled)
			if !IsUnauthorized(err) || !strings.Contains(err.Error(), "The permissions of the API client") {
				t.Fatalf("got %v", err)
			}
		}
		a.wantCounts(t, 2, 1, 11)
		// The other operation still renews its token.
		a.tenant.RevokeTokens()
		must(t, lookUp(t.Context(), client, ada))
		a.wantCounts(t, 3, 3, 11)
	})
}

func TestRefusedCredentialsAreRemembered(t *testing.T) {
	t.Parallel()
	foreign := newAccount(t, simulator.OAuthOptions{})
	for _, tc := range []struct {
		name        string
		options     simulator.OAuthOptions
		change      func(*OAuthClient)
		deleted     bool
		status      int
		code        string
		description string
	}{
		{name: "unpublished", options: simulator.OAuthOptions{Unpublished: true}, status: 403, code: "invalid_client", description: "The client is not published."},
		{name: "wrong key", change: func(c *OAuthClient) {
			c.Key = &PrivateKey{signer: foreign.oauth.Key.signer, algorithm: foreign.oauth.Key.algorithm, ID: c.Key.ID}
		}, status: 401, code: "invalid_client", description: "The signature of the assertion is wrong."},
		{name: "unknown client", change: func(c *OAuthClient) { c.ClientID = "nobody" }, status: 401, code: "invalid_client", description: "The client is not known."},
		{name: "scope that was not granted", change: func(c *OAuthClient) { c.Scopes = []string{"rsa.user.delete"} }, status: 403, code: "invalid_scope", description: "The scope rsa.user.delete is not granted to the client."},
		{name: "deleted meanwhile", deleted: true, status: 401, code: "invalid_client", description: "The client is not known."},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			a := newAccount(t, tc.options)
			if tc.change != nil {
				tc.change(&a.oauth)
				a.config.Credentials = a.oauth
			}
			client := New(a.config)
			tokens, lookups := 1, 0
			if tc.deleted {
				must(t, lookUp(t.Context(), client, ada))
				a.tenant.DeleteCredential(a.handed.ClientID)
				tokens, lookups = 2, 2
			}
			var calls sync.WaitGroup
			for range 10 {
				calls.Go(func() {
					_ = lookUp(t.Context(), client, ada)
				})
				if tc.deleted {
					calls.Wait() // in parallel, more than one has the old token
				}
			}
			calls.Wait()

			err := lookUp(t.Context(), client, ada)
			var signIn *SignInError
			var got *Error
			if !errors.As(err, &signIn) || !errors.As(signIn.Err, &got) {
				t.Fatalf("got %v", err)
			}
			want := Error{
				Status: tc.status, Code: tc.code, Description: tc.description,
				Method: "POST", Path: a.oauth.TokenURL, URL: a.oauth.TokenURL, Origin: OriginFilter, ClockAhead: new(time.Duration(0)),
			}
			if diff := cmp.Diff(want, *got, cmp.AllowUnexported(Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if !IsUnauthorized(err) {
				t.Error("IsUnauthorized is false")
			}
			a.wantCounts(t, tokens, lookups, 0)
		})
	}
}

func TestThrottledTokenEndpoint(t *testing.T) {
	t.Parallel()
	inBubble(t, "for a while", func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Times: 2, Respond: simulator.AnswerTooManyRequests("")})
		must(t, lookUp(t.Context(), New(a.config), ada))
		a.wantCounts(t, 3, 1, 0)
		if waits := a.waits.all(); len(waits) != 2 {
			t.Errorf("it waited %v, want two waits", waits)
		}
	})
	inBubble(t, "for long", func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		remove := a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerTooManyRequests("1")})
		a.config.MaxRetries = new(2)
		client := New(a.config)
		err := lookUp(t.Context(), client, ada)
		var got *SignInError
		var retried *RetryError
		if !IsThrottled(err) || IsUnauthorized(err) || !errors.As(err, &got) || got.TokenURL != a.oauth.TokenURL ||
			!errors.As(got.Err, &retried) || retried.Attempts != 3 {
			t.Errorf("got %v", err)
		}
		a.wantCounts(t, 3, 0, 0)
		remove()
		must(t, lookUp(t.Context(), client, ada))
		a.wantCounts(t, 4, 1, 0)
	})
	inBubble(t, "by a server that is down", func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		remove := a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.CutConnection})
		a.config.MaxRetries = new(2)
		client := New(a.config)
		if err := lookUp(t.Context(), client, ada); err == nil || !strings.Contains(err.Error(), a.oauth.TokenURL) {
			t.Errorf("got %v, want an error that names the token endpoint", err)
		}
		a.wantCounts(t, 3, 0, 0)
		remove()
		must(t, lookUp(t.Context(), client, ada))
	})
}

// The tenant accepts an assertion's jti once, so after a lost answer a new one is needed.
func TestEachAttemptSignsItsOwnAssertion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Times: 2, After: true})
		must(t, lookUp(t.Context(), New(a.config), ada))
		a.wantCounts(t, 3, 1, 0)
	})
}

func TestAccessTokenIsNeverRenewed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		inBubble(t, fmt.Sprint(status), func(t *testing.T) {
			a := newAccount(t, simulator.OAuthOptions{})
			a.config.Credentials = AccessToken(a.tenant.IssueToken(time.Hour))
			client := New(a.config)
			must(t, lookUp(t.Context(), client, ada))
			a.tenant.RevokeTokensWith(status)
			if err := lookUp(t.Context(), client, ada); !IsUnauthorized(err) {
				t.Errorf("got %v", err)
			}
			a.wantCounts(t, 0, 2, 0)
		})
	}
}

func TestAPIKeySignsAgainBeforeTheHourEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		file, err := a.tenant.CreateAPIKey("https://acme.example/restapi/v1")
		must(t, err)
		key, err := ParseAPIKey(file)
		must(t, err)
		bearers := make(chan string, 1)
		config, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			bearers <- strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			_, _ = w.Write([]byte(`{"id": "1", "emailAddress": "ada@example.com"}`))
		})
		config.Credentials = key
		client := New(config)

		var held string
		for _, step := range []struct {
			later   time.Duration
			resigns bool
		}{
			{0, true},
			{57 * time.Minute, false},
			{time.Minute - time.Second, false},
			{time.Second, true},
			{58*time.Minute - time.Second, false},
			{24 * time.Hour, true},
		} {
			must(t, Pause(t.Context(), step.later))
			must(t, lookUp(t.Context(), client, ada))
			bearer := <-bearers
			if (bearer != held) != step.resigns {
				t.Errorf("%s later: a new token is sent: %t, want %t", step.later, bearer != held, step.resigns)
			}
			held = bearer
			var claims apiKeyClaims // whose iat and exp accept only integers
			readClaims(t, bearer, &claims)
			now := time.Now().Unix()
			if claims.IssuedAt > now || claims.Expiry <= now || claims.Expiry-claims.IssuedAt > 3600 {
				t.Errorf("%s later it is %d, and the token says %+v", step.later, now, claims)
			}
		}
	})
}

func readClaims(t *testing.T, compact string, claims any) {
	t.Helper()
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a compact JWT", compact)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	must(t, json.Unmarshal(raw, claims))
}

func TestTokenRequest(t *testing.T) {
	t.Parallel()
	a := newAccount(t, simulator.OAuthOptions{})
	for _, tc := range []struct {
		name   string
		scopes []string
		scope  string
	}{
		{"default scopes", nil, "rsa.user.read rsa.user.manage"},
		{"custom scopes", []string{"rsa.user.read", "a", "b"}, "rsa.user.read a b"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			client := a.oauth
			client.Scopes = tc.scopes
			ids := map[string]bool{}
			_, err := client.newToken(t.Context(), func(_ context.Context, r request) (answer, error) {
				if r.method != "POST" || r.base+r.path != client.TokenURL || r.contentType != "application/x-www-form-urlencoded" || r.bearer != "" {
					t.Errorf("the request is %+v", r)
				}
				for range 2 {
					body, err := r.body()
					must(t, err)
					form, err := url.ParseQuery(string(body))
					must(t, err)
					assertion := form.Get("client_assertion")
					want := url.Values{
						"grant_type":            {"client_credentials"},
						"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
						"client_assertion":      {assertion},
						"client_id":             {client.ClientID},
						"scope":                 {tc.scope},
					}
					if diff := cmp.Diff(want, form); diff != "" {
						t.Errorf("form (-want +got):\n%s", diff)
					}
					var claims map[string]any
					readClaims(t, assertion, &claims)
					id, _ := claims["jti"].(string)
					ids[id] = true
					delete(claims, "jti")
					wantClaims := map[string]any{
						"iss": client.ClientID, "sub": client.ClientID, "aud": client.TokenURL,
						"iat": float64(time.Now().Unix() - 45), "exp": float64(time.Now().Unix() + 240),
					}
					if diff := cmp.Diff(wantClaims, claims); diff != "" {
						t.Errorf("claims (-want +got):\n%s", diff)
					}
				}
				return answer{body: []byte(`{"access_token": "new"}`)}, nil
			})
			must(t, err)
			if len(ids) != 2 || ids[""] {
				t.Errorf("two attempts have the ids %v", ids)
			}
		})
	}
}

func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	a := newAccount(t, simulator.OAuthOptions{})
	for _, tc := range []struct {
		name, answer string
		lifetime     time.Duration // 0: not known
		refused      bool
	}{
		{name: "as documented", answer: `{"access_token": "new", "token_type": "Bearer", "expires_in": 1800}`, lifetime: 30 * time.Minute},
		{name: "quoted seconds", answer: `{"access_token": "new", "expires_in": "1800"}`, lifetime: 30 * time.Minute},
		{name: "no expiry", answer: `{"access_token": "new"}`},
		{name: "null expiry", answer: `{"access_token": "new", "expires_in": null}`},
		{name: "expiry of zero", answer: `{"access_token": "new", "expires_in": 0}`},
		{name: "negative expiry", answer: `{"access_token": "new", "expires_in": -5}`},
		{name: "expiry in words", answer: `{"access_token": "new", "expires_in": "soon"}`},
		{name: "no token", answer: `{"token_type": "Bearer"}`, refused: true},
		{name: "empty token", answer: `{"access_token": ""}`, refused: true},
		{name: "odd token", answer: `{"access_token": {"value": "new"}}`, refused: true},
		{name: "list", answer: `[]`, refused: true},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			got, err := a.oauth.fetchToken(t.Context(), func(context.Context, request) (answer, error) {
				return answer{body: []byte(tc.answer)}, nil
			})
			if tc.refused {
				var unexpected *UnexpectedAnswerError
				if !errors.As(err, &unexpected) || unexpected.Path != a.oauth.TokenURL {
					t.Errorf("got %v", err)
				}
				return
			}
			must(t, err)
			want := token{value: "new", issued: time.Now()}
			if tc.lifetime > 0 {
				want.expiry = want.issued.Add(tc.lifetime)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(token{})); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokenCacheUnderCancellation(t *testing.T) {
	t.Parallel()
	gone := errors.New("the caller left")

	t.Run("a request that waits for another's token can be canceled", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			tokens := newTokenCache(func(context.Context) (token, error) {
				<-release
				return token{value: "new"}, nil
			})
			var fetched, waited token
			var fetchErr, waitErr error
			go func() { fetched, fetchErr = tokens.get(t.Context()) }()
			synctest.Wait()
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() { waited, waitErr = tokens.get(ctx) }()
			synctest.Wait()
			if waitErr != nil {
				t.Errorf("before it was canceled: %v", waitErr)
			}
			cancel(gone)
			synctest.Wait()
			if waited.value != "" || !errors.Is(waitErr, gone) {
				t.Errorf("the waiting get answered %q, %v", waited.value, waitErr)
			}
			close(release)
			synctest.Wait()
			if fetched.value != "new" || fetchErr != nil {
				t.Errorf("the fetching get answered %q, %v", fetched.value, fetchErr)
			}
		})
	})
	t.Run("a canceled fetch passes the turn on", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			fetches := 0
			tokens := newTokenCache(func(ctx context.Context) (token, error) {
				fetches++
				if fetches == 1 {
					<-ctx.Done()
					return token{}, context.Cause(ctx)
				}
				return token{value: "new"}, nil
			})
			ctx, cancel := context.WithCancelCause(t.Context())
			var first, second error
			go func() { _, first = tokens.get(ctx) }()
			synctest.Wait()
			go func() { _, second = tokens.get(t.Context()) }()
			synctest.Wait()
			cancel(gone)
			synctest.Wait()
			if !errors.Is(first, gone) || second != nil || fetches != 2 {
				t.Errorf("the first got %v, the second %v, in %d fetches", first, second, fetches)
			}
		})
	})
	inBubble(t, "a rejected token that was replaced stays", func(t *testing.T) {
		fetches := 0
		tokens := newTokenCache(func(context.Context) (token, error) {
			fetches++
			return token{value: fmt.Sprint(fetches)}, nil
		})
		for _, step := range []struct{ rejected, want string }{{"", "1"}, {"1", "2"}, {"1", "2"}, {"2", "3"}} {
			tokens.reject(step.rejected)
			got, err := tokens.get(t.Context())
			if err != nil || got.value != step.want {
				t.Errorf("after %q was rejected: %q, %v; want %q", step.rejected, got.value, err, step.want)
			}
		}
	})
}

func TestCanceledSignIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		arrived := make(chan struct{})
		a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Times: 1, Respond: func(_ http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-r.Context().Done()
		}})
		client := New(a.config)
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-arrived
			cancel(gone)
		}()
		if err := lookUp(ctx, client, ada); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
		a.wantCounts(t, 1, 0, 0)
		must(t, lookUp(t.Context(), client, ada))
	})
}

func TestTokenThatNoHeaderCanCarry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.config.Credentials = AccessToken("secret\n")
		_, err := New(a.config).Users.Lookup(t.Context(), Email(ada), LookupOptions{})
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "characters that no header can carry") {
			t.Errorf("got %v", err)
		}
		if waits := a.waits.all(); len(waits) != 0 {
			t.Errorf("it was tried again, after %v", waits)
		}
	})
}

func TestFetchedTokenThatNoHeaderCanCarry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerRaw(http.StatusOK, "application/json", `{"access_token": "SECRET\n", "expires_in": 60}`)})
		err := lookUp(t.Context(), New(a.config), ada)
		if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "has no access token") {
			t.Errorf("got %v", err)
		}
		a.wantCounts(t, 1, 0, 0)
	})
}

// A token endpoint that answers 200 with a form has nevertheless sent a token.
func TestAnswerThatIsNotJSONIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		a.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerRaw(http.StatusOK, "text/plain", "access_token=SECRET&token_type=bearer")})
		_, err := New(a.config).Users.Lookup(t.Context(), Email(ada), LookupOptions{})
		if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "the answer is not JSON") {
			t.Errorf("got %v", err)
		}
	})
}

func TestUserIDsWithAnotherMeaningAreRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAccount(t, simulator.OAuthOptions{})
		for _, id := range []string{"", ".", ".."} {
			if err := New(a.config).Users.SetStatus(t.Context(), id, Disabled); err == nil {
				t.Errorf("%q was sent", id)
			}
		}
		a.wantCounts(t, 0, 0, 0)
	})
}
