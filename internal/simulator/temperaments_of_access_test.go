// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// oauthAttempts creates an OAuth client, and returns a function that requests a token with
// changed claims and form.
func (c *client) oauthAttempts() func(claims, form changes) reply {
	c.t.Helper()
	registered, err := c.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(c.t, err)
	key := parseJWK(c.t, registered.PrivateKeyJWK).Key
	attempts := 0
	return func(claims, form changes) reply {
		c.t.Helper()
		attempts++
		return c.postForm(attempt(c.t, c.tokenEndpoint(), registered, key, jose.ES256, fmt.Sprint(attempts), oauthCase{claims: claims, form: form}))
	}
}

func TestRefuseTokensAs(t *testing.T) {
	t.Parallel()
	refused := map[string]struct {
		claims, form changes
		status       int // as in RFC 6749, more or less
		code, words  string
	}{
		"expired":     {changes{"exp": 1}, nil, 401, "invalid_client", "The assertion has expired."},
		"other scope": {nil, changes{"scope": "sudo"}, 403, "invalid_scope", "The scope sudo is not granted to the client."},
		"no grant":    {nil, changes{"grant_type": ""}, 400, "invalid_request", "The grant_type is missing."},
	}
	for answer, expected := range map[string]struct {
		status int    // 0: the refusal's
		body   string // with code and words
	}{
		"rfc6749":    {0, `{"error":"%s","error_description":"%s"}`},
		"400":        {400, `{"error":"%s","error_description":"%s"}`},
		"200":        {200, `{"error":"%s","error_description":"%s"}`},
		"empty":      {403, ""},
		"spring":     {403, `"status":403,"error":"Forbidden","message":"%[2]s","path":"/oauth/token"}`},
		"error-code": {400, `{"errorCode":"%s","errorSummary":"%s"}`},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			ask := c.oauthAttempts()
			c.tenant.RefuseTokensAs(answer)
			for name, test := range refused {
				got, status, body := ask(test.claims, test.form), expected.status, ""
				if status == 0 {
					status = test.status
				}
				if expected.body != "" {
					body = fmt.Sprintf(expected.body, test.code, test.words)
				}
				if got.status != status || !strings.HasSuffix(strings.TrimSpace(got.body), body) || got.body != "" && body == "" {
					t.Errorf("%s: got %d %s, want %d %s", name, got.status, got.body, status, body)
				}
				if contentType := got.header.Get("Content-Type"); (contentType == "application/json") != (body != "") {
					t.Errorf("%s: the type is %q, the body %q", name, contentType, got.body)
				}
			}
			ask(nil, nil).want(t, 200, "access_token")
		})
	}
}

func TestRefuseScopesAs(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.token = c.tenant.IssueToken(time.Hour, simulator.ScopeRead)
	const words = "The permissions of the API client do not allow this operation."
	for _, test := range []struct{ answer, body string }{
		{"spring", `"status":403,"error":"Forbidden","message":"` + words + `","path":"/AdminInterface/restapi/v1/users/1/userStatus"}` + "\n"},
		{"empty", ""},
		{"api", `{"code":"403 FORBIDDEN","description":"` + words + `"}` + "\n"},
	} {
		c.tenant.RefuseScopesAs(test.answer)
		got := c.putStatus("1", disable)
		if got.status != 403 || !strings.HasSuffix(got.body, test.body) || test.body == "" && got.body != "" {
			t.Errorf("%s: got %d %s", test.answer, got.status, got.body)
		}
		c.lookUp("ada@example.com").want(t, 200, "ada")
	}
}

// Claims are judged to the second, so the time in the bubble does not move.
func TestSetClockLeeway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tenant := simulator.NewTenant()
		registered, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
		must(t, err)
		key, handler := parseJWK(t, registered.PrivateKeyJWK).Key, tenant.Handler()
		const endpoint = "http://localhost/oauth/token"
		attempts := 0
		ask := func(claims changes) int {
			attempts++
			form := attempt(t, endpoint, registered, key, jose.ES256, fmt.Sprint(attempts), oauthCase{claims: claims})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w.Code
		}
		now := time.Now().Unix()
		for _, leeway := range []int64{60, 0, 7} {
			if leeway != 60 { // which is the default
				tenant.SetClockLeeway(time.Duration(leeway) * time.Second)
			}
			for _, test := range []struct {
				claim string
				value int64
				want  int
			}{
				{"exp", now + 300 + leeway, 200},
				{"exp", now + 300 + leeway + 1, 401},
				{"exp", now - leeway + 1, 200},
				{"exp", now - leeway, 401},
				{"iat", now + leeway, 200},
				{"iat", now + leeway + 1, 401},
				{"iat", now - 600, 200},
			} {
				if got := ask(changes{test.claim: test.value}); got != test.want {
					t.Errorf("leeway %d s, %s %+d s from now: got %d, want %d", leeway, test.claim, test.value-now, got, test.want)
				}
			}
		}
	})
}

func TestSetClockOffset(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	ask := c.oauthAttempts()
	raw, err := c.tenant.CreateAPIKey(c.server.AdminAPIURL())
	must(t, err)
	file := readKeyFile(t, raw)
	now := time.Now().Unix()
	issued := c.token
	withKey := signRS256(t, file.key, map[string]any{"typ": "JWT", "alg": "RS256"},
		map[string]any{"sub": file.AccessID, "aud": file.AdminRestAPIURL, "iat": now, "exp": now + 600})

	for _, test := range []struct {
		offset        time.Duration
		token, apiKey int
	}{
		{0, 200, 200},
		{-time.Hour, 401, 403},
		{time.Hour, 401, 403},
		{30 * time.Second, 200, 200},
		{-30 * time.Second, 200, 200},
		{0, 200, 200},
	} {
		c.tenant.SetClockOffset(test.offset)
		got := ask(nil, nil)
		if got.status != test.token {
			t.Errorf("offset %s: the token endpoint answers %d %s", test.offset, got.status, got.body)
		}
		c.wantDate(got, test.offset)
		c.token = withKey
		byKey := c.lookUp("ada@example.com")
		if byKey.status != test.apiKey {
			t.Errorf("offset %s: the legacy key gets %d %s", test.offset, byKey.status, byKey.body)
		}
		c.wantDate(byKey, test.offset)
		c.token = issued
		c.lookUp("ada@example.com").want(t, 200, "ada") // for 90 days
		c.wantDate(c.control("GET", "/users"), test.offset)
	}

	c.tenant.Advance(365 * day) // the token expires, which does not show
	c.wantDate(c.lookUp("ada@example.com"), 0)
	c.lookUp("ada@example.com").want(t, 403, notProcessed)
	c.tenant.Advance(-365 * day)
	c.lookUp("ada@example.com").want(t, 200, "ada")
	c.tenant.SetClockOffset(365 * day)
	c.lookUp("ada@example.com").want(t, 403, notProcessed)
	if at := c.tenant.Now(); at.Before(time.Now().Add(364 * day)) {
		t.Errorf("the tenant's time is %s", at)
	}
}

// wantDate checks that an answer's date differs from now by the offset, within what a slow
// machine needs.
func (c *client) wantDate(r reply, offset time.Duration) {
	c.t.Helper()
	at, err := http.ParseTime(r.header.Get("Date"))
	must(c.t, err)
	if off := time.Until(at) - offset; off.Abs() > 10*time.Minute {
		c.t.Errorf("the answer is dated %s, with an offset of %s", at, offset)
	}
}
