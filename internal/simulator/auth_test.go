// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const (
	lookUpAda    = `{"email":"ada@example.com"}`
	notProcessed = `"message":"Server failed to process provided access token"`
)

func TestAuthorizationHeader(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	tests := map[string]struct {
		header string
		status int
		part   string
	}{
		"missing":         {"", 401, `"status":401,"error":"Unauthorized"`},
		"other scheme":    {"Basic YWRhOmFkYQ==", 401, `"error":"Unauthorized"`},
		"scheme only":     {"Bearer", 401, `"error":"Unauthorized"`},
		"unknown token":   {"Bearer nonsense", 403, notProcessed},
		"malformed token": {"Bearer a.b.c", 403, notProcessed},
		"two parts":       {"Bearer a.b", 403, notProcessed},
		"good":            {"Bearer " + c.token, 200, "ada"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := c.request("POST", "/v1/users/lookup", lookUpAda)
			r.Header.Del("Authorization")
			if test.header != "" {
				r.Header.Set("Authorization", test.header)
			}
			got := c.send(r)
			got.want(t, test.status, test.part)
			if object := got.object(t); got.status != 200 && (object["path"] != "/AdminInterface/restapi/v1/users/lookup" || object["timestamp"] == nil) {
				t.Errorf("not in the token filter's shape: %s", got.body)
			}
		})
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled})
	calls := map[string]struct {
		method, path, body string
		enough             []string
	}{
		"lookup": {"POST", "/v1/users/lookup", lookUpAda, []string{"rsa.user.read"}},
		"search": {"POST", "/v2/users/search", `{"emailLike":"a"}`, []string{"rsa.user.read"}},
		"status": {"PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`, []string{"rsa.user.manage"}},
		"sync":   {"POST", "/v1/users/1/sync", ``, []string{"rsa.user.manage", "rsa.user.sync"}},
		"mark":   {"PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`, []string{"rsa.user.delete.soft"}},
	}
	for name, call := range calls {
		for _, scope := range []string{"rsa.user.read", "rsa.user.manage", "rsa.user.sync", "rsa.user.delete.soft", "rsa.user.delete"} {
			c.token = c.tenant.IssueToken(time.Hour, scope)
			got := c.call(call.method, call.path, call.body)
			if strings.Contains(strings.Join(call.enough, " ")+" ", scope+" ") {
				if got.status != 200 {
					t.Errorf("%s with %s: %d %s", name, scope, got.status, got.body)
				}
				continue
			}
			got.want(t, 403, `{"code":"403 FORBIDDEN"`)
		}
	}
}

func TestAccessTokensEnd(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	lookUp := func(status int, part string) {
		t.Helper()
		c.call("POST", "/v1/users/lookup", lookUpAda).want(t, status, part)
	}

	c.token = c.tenant.IssueToken(time.Hour)
	c.tenant.Advance(59 * time.Minute)
	lookUp(200, "ada")
	c.tenant.Advance(2 * time.Minute)
	lookUp(403, notProcessed)

	c.token = c.tenant.IssueToken(time.Hour)
	lookUp(200, "ada")
	c.tenant.RevokeTokens()
	lookUp(403, notProcessed)

	c.token = c.tenant.IssueToken(time.Hour)
	lookUp(200, "ada")
	c.tenant.RevokeTokensWith(401)
	lookUp(401, `"error":"Unauthorized"`)
}

func TestLegacyKeyTokens(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled})
	raw, err := c.tenant.CreateAPIKey("https://example.access.securid.com/AdminInterface/restapi/v1")
	must(t, err)
	file := readKeyFile(t, raw)
	if file.AdminRestAPIURL != "https://example.access.securid.com/AdminInterface/restapi/v1" || file.CustomerName == "" || file.Description == "" {
		t.Errorf("the key file is not complete: %s", raw)
	}

	now := time.Now().Unix()
	header := map[string]any{"typ": "JWT", "alg": "RS256"}
	claims := map[string]any{"sub": file.AccessID, "aud": file.AdminRestAPIURL, "iat": now, "exp": now + 3500}
	tests := map[string]struct {
		header, claims changes
		status         int
		part           string
	}{
		"good":                      {nil, nil, 200, "ada"},
		"other claims are ignored":  {nil, changes{"jti": "1"}, 200, "ada"},
		"a whole hour":              {nil, changes{"exp": now + 3600}, 200, "ada"},
		"clock fast within skew":    {nil, changes{"iat": now + 50, "exp": now + 600}, 200, "ada"},
		"expired within skew":       {nil, changes{"iat": now - 600, "exp": now - 50}, 200, "ada"},
		"no typ":                    {changes{"typ": nil}, nil, 403, notProcessed},
		"typ in lower case":         {changes{"typ": "jwt"}, nil, 403, notProcessed},
		"no alg":                    {changes{"alg": nil}, nil, 403, notProcessed},
		"other alg":                 {changes{"alg": "RS512"}, nil, 403, notProcessed},
		"alg none":                  {changes{"alg": "none"}, nil, 403, notProcessed},
		"further header":            {changes{"kid": "1"}, nil, 403, notProcessed},
		"no sub":                    {nil, changes{"sub": nil}, 403, notProcessed},
		"no aud":                    {nil, changes{"aud": nil}, 403, notProcessed},
		"no iat":                    {nil, changes{"iat": nil}, 403, notProcessed},
		"no exp":                    {nil, changes{"exp": nil}, 403, notProcessed},
		"iat as text":               {nil, changes{"iat": "1"}, 403, notProcessed},
		"exp with a fraction":       {nil, changes{"exp": float64(now) + 0.5}, 403, notProcessed},
		"more than an hour":         {nil, changes{"exp": now + 3601}, 403, notProcessed},
		"clock too fast":            {nil, changes{"iat": now + 120, "exp": now + 600}, 403, notProcessed},
		"expired":                   {nil, changes{"iat": now - 600, "exp": now - 120}, 403, notProcessed},
		"absurd iat":                {nil, changes{"iat": int64(-1 << 63)}, 403, notProcessed},
		"unknown access id":         {nil, changes{"sub": "nobody"}, 403, "Access Id"},
		"audience without version":  {nil, changes{"aud": "https://example.access.securid.com/AdminInterface/restapi"}, 403, `"message":"Invalid audience"`},
		"audience with a slash":     {nil, changes{"aud": file.AdminRestAPIURL + "/"}, 403, "Invalid audience"},
		"audience in a list":        {nil, changes{"aud": []string{file.AdminRestAPIURL}}, 403, notProcessed},
		"audience as of the server": {nil, changes{"aud": c.server.AdminAPIURL()}, 403, "Invalid audience"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c.token = signRS256(t, file.key, with(header, test.header), with(claims, test.claims))
			c.call("POST", "/v1/users/lookup", lookUpAda).want(t, test.status, test.part)
		})
	}

	c.token = signRS256(t, newRSAKey(t), header, claims)
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 403, notProcessed)

	c.token = signRS256(t, file.key, header, claims)
	c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`).want(t, 200, `"markDeletedBy":"`+file.AccessID+`"`)
	c.tenant.RevokeTokens()
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada") // the tenant did not issue it
	c.tenant.DeleteCredential(file.AccessID)
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 403, "Access Id")
}
