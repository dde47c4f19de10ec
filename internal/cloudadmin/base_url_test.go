// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	const acme = "https://acme.access.securid.com/AdminInterface/restapi"
	for _, tc := range []struct{ raw, want string }{
		{acme, acme},
		{acme + "/", acme},
		{acme + "//", acme},
		{acme + "/v1", acme},
		{acme + "/v1/", acme},
		{acme + "/v2", acme},
		{acme + "/v2//", acme},
		{" \t" + acme + "/v1 \n", acme},
		{"HTTPS://acme.access.securid.com/AdminInterface/restapi", acme},
		{acme + "/V1", acme},
		{"https://proxy.example/v10", "https://proxy.example/v10"},
		{"https://proxy.example/idplusv1", "https://proxy.example/idplusv1"},
		{"https://acme.auth.securid.com/AdminInterface/restapi", "https://acme.auth.securid.com/AdminInterface/restapi"},
		{"https://tenants.access.securid.com/AdminInterface/restapi", "https://tenants.access.securid.com/AdminInterface/restapi"},
		{"https://proxy.example/", "https://proxy.example"},
		{"https://acme.example:8443/v1", "https://acme.example:8443"},
		{"http://127.0.0.1:8480/AdminInterface/restapi/", "http://127.0.0.1:8480/AdminInterface/restapi"},
		{"http://127.8.9.10/", "http://127.8.9.10"},
		{"http://[::1]:8480/v1", "http://[::1]:8480"},
		{"http://localhost:8480", "http://localhost:8480"},
	} {
		t.Run(tc.raw, func(t *testing.T) {
			t.Parallel()
			got, err := cloudadmin.ParseBaseURL(tc.raw)
			must(t, err)
			if got.String() != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestURLRefusals(t *testing.T) {
	t.Parallel()
	const (
		noURL     = "it is not a URL"
		noScheme  = "it has no scheme: put https:// in front of it"
		noHTTPS   = "it does not begin with https://, which is required"
		template  = "it has a placeholder in it: put the name of your tenant, as in the address of its console"
		noHost    = "it has no host name"
		userInfo  = "it holds a user name or password: remove what comes before the @"
		query     = "it has a query or fragment: remove what follows the ? or #"
		plainHTTP = "it is an http URL, which would send the credentials unencrypted: use https (http is accepted only for this machine, as in http://127.0.0.1:8480)"
	)
	for _, tc := range []struct{ name, raw, want string }{
		{"empty", "", noScheme},
		{"blank", " \n", noScheme},
		{"no scheme", "acme.access.securid.com/AdminInterface/restapi", noScheme},
		{"no scheme, slashes", "//acme.access.securid.com", noScheme},
		{"other scheme", "ftp://acme.access.securid.com", noHTTPS},
		{"other scheme and a password", "ftp://ada:hunter2@acme.example", noHTTPS},
		{"password without a scheme", "ada:hunter2@acme.example", noHTTPS},
		{"no host", "https://", noHost},
		{"no host, a path", "https:///AdminInterface/restapi", noHost},
		{"no host, a port", "https://:443/", noHost},
		{"no host, opaque", "https:acme.access.securid.com", noHost},
		{"user", "https://ada@acme.example", userInfo},
		{"password", "https://ada:hunter2@acme.example/restapi", userInfo},
		{"password over http", "http://ada:hunter2@acme.example", userInfo},
		{"empty user", "https://@acme.example", userInfo},
		{"query", "https://acme.example/restapi?password=hunter2", query},
		{"empty query", "https://acme.example/restapi?", query},
		{"fragment", "https://acme.example/restapi#hunter2", query},
		{"password in what does not parse", "https://ada:hunter2@[acme", noURL},
		{"password for a port", "https://ada:hunter2", noURL},
		{"control character", "https://acme.example/\x7fhunter2", noURL},
		{"placeholder", "https://TENANT.access.securid.com/AdminInterface/restapi", template},
		{"placeholder without a scheme", "TENANT.auth.securid.com/oauth", template},
		{"placeholder, another region", "https://TENANT.access-eu.securid.com/AdminInterface/restapi", template},
		{"placeholder that a browser wrote", "https://tenant.access.securid.com/AdminInterface/restapi", template},
		{"placeholder of a template", "https://<tenant>.access.securid.com/AdminInterface/restapi", template},
		{"placeholder of a shell", "https://${TENANT}.auth.securid.com/oauth", template},
		{"a port for a scheme", "acme.access.securid.com:443/AdminInterface/restapi", noHTTPS},
		{"byte order mark", "\ufeffhttps://acme.access.securid.com/AdminInterface/restapi", "it has an invisible character in it, as copied text may have: type it by hand"},
		{"zero-width space", "https://acme\u200b.access.securid.com/AdminInterface/restapi", "it has an invisible character in it, as copied text may have: type it by hand"},
		{"http", "http://acme.access.securid.com/AdminInterface/restapi", plainHTTP},
		{"http, a name like loopback", "http://localhost.example", plainHTTP},
		{"http, an address like loopback", "http://127.0.0.1.example", plainHTTP},
		{"http, a private address", "http://10.0.0.1", plainHTTP},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for name, parse := range map[string]func(string) error{
				"ParseBaseURL":  func(raw string) error { _, err := cloudadmin.ParseBaseURL(raw); return err },
				"TokenURL":      func(raw string) error { _, err := cloudadmin.TokenURL(raw); return err },
				"ParseTokenURL": func(raw string) error { _, err := cloudadmin.ParseTokenURL(raw); return err },
			} {
				err := parse(tc.raw)
				if err == nil {
					t.Errorf("%s accepted it", name)
					continue
				}
				if err.Error() != tc.want {
					t.Errorf("%s: got %q, want %q", name, err, tc.want)
				}
				if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%s repeats the password: %v", name, err)
				}
			}
		})
	}
}

func TestTokenURL(t *testing.T) {
	t.Parallel()
	const want = "https://acme.auth.securid.com/oauth/token"
	for _, issuer := range []string{
		"https://acme.auth.securid.com/oauth", "https://acme.auth.securid.com/oauth/", " https://acme.auth.securid.com/oauth\n",
	} {
		if got, err := cloudadmin.TokenURL(issuer); err != nil || got != want {
			t.Errorf("TokenURL(%q) is %q, %v; want %s", issuer, got, err, want)
		}
	}
	const elsewhere = "https://sso.example/as/token.oauth2"
	if got, err := cloudadmin.ParseTokenURL(" " + elsewhere + "\n"); err != nil || got != elsewhere {
		t.Errorf("ParseTokenURL is %q, %v; want %s", got, err, elsewhere)
	}
}

func TestUserIDIsOnePathSegment(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		adaID, "a/b", "/", "a?b=c", "50%", "a%2Fb", "../../v1", "a/../b", "#a", "a b", "ü", "a;b", "a+b", "@:&=$,",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			paths := make(chan *url.URL, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				paths <- r.URL
				_ = json.NewEncoder(w).Encode(map[string]string{"id": id, "userStatus": "Disabled"})
			}))
			t.Cleanup(server.Close)
			client := cloudadmin.New(cloudadmin.Config{
				BaseURL: parseBaseURL(t, server.URL+"/AdminInterface/restapi/v1/"), Credentials: cloudadmin.AccessToken("token"),
			})
			must(t, client.Users.SetStatus(t.Context(), id, cloudadmin.Disabled))

			got := <-paths
			escaped, isBelow := strings.CutPrefix(got.EscapedPath(), "/AdminInterface/restapi/v1/users/")
			escaped, isStatus := strings.CutSuffix(escaped, "/userStatus")
			if segment, err := url.PathUnescape(escaped); !isBelow || !isStatus || err != nil ||
				strings.Contains(escaped, "/") || segment != id {
				t.Errorf("the path is %s", got.EscapedPath())
			}
			if got.RawQuery != "" {
				t.Errorf("the query is %s", got.RawQuery)
			}
		})
	}
}

func TestURLsOfSomethingElse(t *testing.T) {
	t.Parallel()
	base := func(raw string) error { _, err := cloudadmin.ParseBaseURL(raw); return err }
	issuer := func(raw string) error { _, err := cloudadmin.TokenURL(raw); return err }
	const access, auth = "https://acme.access.securid.com", "https://acme.auth.securid.com"
	for _, tc := range []struct {
		parse     func(string) error
		raw, want string
	}{
		{base, access, "it is not the URL of the API, which ends in /AdminInterface/restapi"},
		{base, access + "/", "it is not the URL of the API"},
		{base, access + "/AdminInterface/", "it is not the URL of the API"},
		{base, access + "/AdminInterface/login?", "it has a query"},
		{base, access + "/AdminInterface/dashboard", "it is not the URL of the API"},
		{base, access + "/AdminInterface/restapi/v1/users", "it continues after /AdminInterface/restapi: remove what follows"},
		{base, access + "/AdminInterface/restapi/v10", "it continues after /AdminInterface/restapi"},
		{base, "https://proxy.example/v1/users/lookup", "it continues after the base URL of the API"},
		{base, auth + "/oauth", "it is the URL of an OAuth issuer, which belongs in issuer_url"},
		{base, auth + "/oauth/token", "it is the URL of an OAuth issuer"},
		{issuer, auth + "/oauth", ""},
		{issuer, auth + "/oauth/", ""},
		{issuer, auth + "/oauth/token", "it is the URL of the token endpoint: remove /token at its end, or set token_url instead"},
		{issuer, auth + "/oauth/token/", "it is the URL of the token endpoint"},
		{issuer, auth + "/oauth/.well-known/openid-configuration", "it is the URL of the issuer's metadata: remove /.well-known and what follows"},
		{issuer, access + "/AdminInterface/restapi", "it is the URL of the Cloud Administration API, which belongs in admin_api_url"},
		{issuer, "acme.auth.securid.com/oauth", "it has no scheme"},
	} {
		err := tc.parse(tc.raw)
		if (err == nil) != (tc.want == "") || err != nil && !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.raw, err, tc.want)
		}
	}
}
