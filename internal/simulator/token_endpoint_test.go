// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

func (c *client) tokenEndpoint() string { return c.server.IssuerURL() + "/token" }

// postForm sends a form to the token endpoint.
func (c *client) postForm(form url.Values) reply {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.tokenEndpoint(), strings.NewReader(form.Encode()))
	must(c.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r)
}

// parseJWK parses a private key as a client does.
func parseJWK(t *testing.T, text string) jose.JSONWebKey {
	t.Helper()
	var key jose.JSONWebKey
	must(t, key.UnmarshalJSON([]byte(text)))
	return key
}

// oauthCase is one request to the token endpoint.
type oauthCase struct {
	claims changes
	form   changes
	key    any                     // nil: the client's
	alg    jose.SignatureAlgorithm // empty: the client's
	keyID  string                  // empty: the client's; "-": none
	status int
	part   string
}

func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	registered, err := c.tenant.CreateOAuthClient(simulator.OAuthOptions{})
	must(t, err)
	client := parseJWK(t, registered.PrivateKeyJWK)
	if client.KeyID != registered.KeyID || strings.ContainsAny(registered.PrivateKeyJWK, "\n'") {
		t.Errorf("the JWK is not as promised: %s", registered.PrivateKeyJWK)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)

	now := time.Now().Unix()
	const all = "rsa.user.read rsa.user.manage rsa.user.delete.soft"
	tests := map[string]oauthCase{
		"good":                       {status: 200, part: `"token_type":"Bearer","expires_in":3600,"scope":"` + all + `"`},
		"one scope":                  {form: changes{"scope": "rsa.user.read"}, status: 200, part: `"scope":"rsa.user.read"`},
		"two scopes":                 {form: changes{"scope": "rsa.user.manage rsa.user.read"}, status: 200, part: `"scope":"rsa.user.manage rsa.user.read"`},
		"no client_id":               {form: changes{"client_id": nil}, status: 200, part: "access_token"},
		"audience in a list":         {claims: changes{"aud": []string{c.tokenEndpoint()}}, status: 200, part: "access_token"},
		"no iat":                     {claims: changes{"iat": nil}, status: 200, part: "access_token"},
		"five minutes, fast clock":   {claims: changes{"iat": now + 40, "exp": now + 340}, status: 200, part: "access_token"},
		"just expired":               {claims: changes{"exp": now - 40}, status: 200, part: "access_token"},
		"scopes joined by plus":      {form: changes{"scope": "rsa.user.read+rsa.user.manage"}, status: 403, part: `"error":"invalid_scope"`},
		"scopes joined by comma":     {form: changes{"scope": "rsa.user.read,rsa.user.manage"}, status: 403, part: `"error":"invalid_scope"`},
		"unknown scope":              {form: changes{"scope": "rsa.user.write"}, status: 403, part: `"error_description":"The scope rsa.user.write`},
		"scope not granted":          {form: changes{"scope": "rsa.user.read rsa.user.sync"}, status: 403, part: `"error":"invalid_scope"`},
		"no grant":                   {form: changes{"grant_type": nil}, status: 400, part: `"error":"invalid_request"`},
		"other grant":                {form: changes{"grant_type": "password"}, status: 400, part: `"error":"unsupported_grant_type"`},
		"no assertion type":          {form: changes{"client_assertion_type": nil}, status: 401, part: `"error":"invalid_client"`},
		"other assertion type":       {form: changes{"client_assertion_type": "saml"}, status: 401, part: `"error":"invalid_client"`},
		"no assertion":               {form: changes{"client_assertion": nil}, status: 401, part: `"error":"invalid_client"`},
		"malformed assertion":        {form: changes{"client_assertion": "a.b.c"}, status: 401, part: `"error":"invalid_client"`},
		"other client_id":            {form: changes{"client_id": "x"}, status: 401, part: `"error":"invalid_client"`},
		"unknown client":             {claims: changes{"iss": "x", "sub": "x"}, form: changes{"client_id": "x"}, status: 401, part: `not known`},
		"no iss":                     {claims: changes{"iss": nil}, status: 401, part: `"error":"invalid_client"`},
		"no sub":                     {claims: changes{"sub": nil}, status: 401, part: `"error":"invalid_client"`},
		"sub is not iss":             {claims: changes{"sub": "x"}, status: 401, part: `iss and sub`},
		"no aud":                     {claims: changes{"aud": nil}, status: 401, part: `audience`},
		"aud is the issuer":          {claims: changes{"aud": c.server.IssuerURL()}, status: 401, part: `audience`},
		"aud with a slash":           {claims: changes{"aud": c.server.IssuerURL() + "/token/"}, status: 401, part: `audience`},
		"no exp":                     {claims: changes{"exp": nil}, status: 401, part: `exp`},
		"exp as text":                {claims: changes{"exp": strconv.FormatInt(now+100, 10)}, status: 401, part: `exp`},
		"expired":                    {claims: changes{"exp": now - 90}, status: 401, part: `expired`},
		"lives for too long":         {claims: changes{"exp": now + 420}, status: 401, part: `too long`},
		"iat in the future":          {claims: changes{"iat": now + 120}, status: 401, part: `iat`},
		"no jti":                     {claims: changes{"jti": nil}, status: 401, part: `jti`},
		"empty jti":                  {claims: changes{"jti": ""}, status: 401, part: `jti`},
		"no kid":                     {keyID: "-", status: 401, part: `kid`},
		"other kid":                  {keyID: "x", status: 401, part: `kid`},
		"other key":                  {key: newRSAKey(t), status: 401, part: `signature`},
		"other algorithm, own key":   {alg: jose.RS512, status: 401, part: `algorithm`},
		"other algorithm, other key": {key: ecKey, alg: jose.ES256, status: 401, part: `algorithm`},
		"public key as a secret":     {key: []byte(strings.Repeat("public", 10)), alg: jose.HS256, status: 401, part: `algorithm`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := attempt(t, c.tokenEndpoint(), registered, client.Key, jose.RS256, name, test)
			got := c.postForm(form)
			got.want(t, test.status, test.part)
			if got.header.Get("Cache-Control") != "no-store" {
				t.Error("the answer may be cached")
			}
		})
	}
}

// attempt makes the form of a case.
func attempt(t *testing.T, endpoint string, registered simulator.OAuthClient, key any, alg jose.SignatureAlgorithm, jti string, test oauthCase) url.Values {
	t.Helper()
	now := time.Now().Unix()
	claims := with(map[string]any{
		"iss": registered.ClientID, "sub": registered.ClientID, "aud": endpoint,
		"jti": jti, "iat": now, "exp": now + 300,
	}, test.claims)
	keyID := registered.KeyID
	if test.key != nil {
		key = test.key
	}
	if test.alg != "" {
		alg = test.alg
	}
	if test.keyID != "" {
		keyID = strings.Trim(test.keyID, "-")
	}
	form := url.Values{}
	for name, value := range with(map[string]any{
		"grant_type": "client_credentials", "client_assertion_type": jwtBearer, "client_id": registered.ClientID,
		"client_assertion": signWith(t, key, alg, keyID, claims),
	}, test.form) {
		text, _ := value.(string)
		form.Set(name, text)
	}
	return form
}

func TestTokenEndpointOfOtherClients(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})

	ec, err := c.tenant.CreateOAuthClient(simulator.OAuthOptions{
		KeyType: "EC", Scopes: []string{simulator.ScopeRead}, TokenLifetime: 10 * time.Minute,
	})
	must(t, err)
	block, _ := pem.Decode([]byte(ec.PrivateKeyPEM))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(t, err)

	form := attempt(t, c.tokenEndpoint(), ec, key, jose.ES256, "1", oauthCase{})
	got := c.postForm(form)
	got.want(t, 200, `"expires_in":600,"scope":"rsa.user.read"`)
	c.postForm(form).want(t, 401, "used before")
	c.postForm(attempt(t, c.tokenEndpoint(), ec, newRSAKey(t), jose.RS256, "2", oauthCase{})).want(t, 401, "algorithm")

	c.token, _ = got.object(t)["access_token"].(string)
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada")
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`).want(t, 403, `"403 FORBIDDEN"`)
	c.tenant.Advance(11 * time.Minute)
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 403, notProcessed)
	c.tenant.Advance(30 * day) // the client's clock does not follow
	c.postForm(attempt(t, c.tokenEndpoint(), ec, key, jose.ES256, "3", oauthCase{})).want(t, 200, "access_token")
	c.tenant.DeleteCredential(ec.ClientID)
	c.postForm(attempt(t, c.tokenEndpoint(), ec, key, jose.ES256, "4", oauthCase{})).want(t, 401, "not known")

	saved, err := c.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC", Unpublished: true})
	must(t, err)
	c.postForm(attempt(t, c.tokenEndpoint(), saved, parseJWK(t, saved.PrivateKeyJWK).Key, jose.ES256, "1", oauthCase{})).
		want(t, 403, `"error":"invalid_client"`)

	if _, err := c.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "DSA"}); err == nil {
		t.Error("a DSA key was made")
	}
}

func TestTokenEndpointWantsAForm(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	send := func(method, contentType, body string) reply {
		r, err := http.NewRequestWithContext(t.Context(), method, c.tokenEndpoint(), strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", contentType)
		return c.send(r)
	}
	const form = "application/x-www-form-urlencoded"
	send("POST", "application/json", `{}`).want(t, 415, "invalid_request")
	send("GET", form, "").want(t, 405, "Method Not Allowed")
	send("POST", form, "grant_type=%zz").want(t, 400, "malformed")
	send("POST", form, "grant_type=client_credentials&grant_type=password").want(t, 400, "repeated")
	if token, other := c.tenant.Count(simulator.KindToken), c.tenant.Count(simulator.KindOther); token != 3 || other != 1 {
		t.Errorf("counted %d token requests and %d others, want 3 and 1", token, other)
	}
}
