// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Each is a configuration that a new user may have in the first hour, and what the output
// must report about its cause. None may take longer than a person would wait.
var firstHour = map[string]struct {
	spoil func(*testing.T, *bench)
	args  []string
	want  []string
	// fine is true if nothing stops the provider.
	fine bool
}{
	"nothing set": {
		spoil: func(_ *testing.T, b *bench) { b.environ = nil },
		want:  []string{"No way to authenticate", "admin_api_url is missing"},
	},
	"base URL alone": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ = map[string]string{"IDPLUS_ADMIN_API_URL": b.server.AdminAPIURL()}
		},
		want: []string{"The provider needs exactly one of oauth"},
	},
	"no base URL": {spoil: unset("IDPLUS_ADMIN_API_URL"), want: []string{"admin_api_url is missing"}},
	"no issuer":   {spoil: unset("IDPLUS_OAUTH_ISSUER_URL"), want: []string{"oauth is missing: issuer_url"}},
	"no key":      {spoil: unset("IDPLUS_OAUTH_PRIVATE_KEY"), want: []string{"oauth is missing: private_key"}},
	"a misspelled variable": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ["IDPLUS_CLIENT_ID"] = b.environ["IDPLUS_OAUTH_CLIENT_ID"]
			delete(b.environ, "IDPLUS_OAUTH_CLIENT_ID")
		},
		want: []string{"set, but unknown to the provider (IDPLUS_CLIENT_ID)", "Is IDPLUS_OAUTH_CLIENT_ID meant?", "oauth is missing: client_id"},
	},
	"a variable in small letters": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ["idplus_admin_api_url"] = b.environ["IDPLUS_ADMIN_API_URL"]
			delete(b.environ, "IDPLUS_ADMIN_API_URL")
		},
		want: []string{"Is IDPLUS_ADMIN_API_URL meant?"},
	},
	"an empty variable": {spoil: set("IDPLUS_OAUTH_CLIENT_ID", ""), want: []string{"set, but empty: IDPLUS_OAUTH_CLIENT_ID", "oauth is missing: client_id"}},
	"in quotes": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ["IDPLUS_OAUTH_CLIENT_ID"] = "'" + b.environ["IDPLUS_OAUTH_CLIENT_ID"] + "'"
		},
		want: []string{"IDPLUS_OAUTH_CLIENT_ID", "quotes"},
	},
	"a host that does not exist": {spoil: set("IDPLUS_ADMIN_API_URL", "https://no-such-tenant.invalid/AdminInterface/restapi"), want: []string{"!! API host", "IDPLUS_ADMIN_API_URL"}},
	"a placeholder left in": {
		spoil: set("IDPLUS_ADMIN_API_URL", "https://tenant.access.invalid/AdminInterface/restapi"), want: []string{"a placeholder from the documentation"},
	},
	"a port where nothing listens": {
		spoil: set("IDPLUS_ADMIN_API_URL", "http://127.0.0.1:1/AdminInterface/restapi"),
		want:  []string{"!! API host the host accepts no connection"},
	},
	"plain http":      {spoil: set("IDPLUS_ADMIN_API_URL", "http://tenant.example.com/AdminInterface/restapi"), want: []string{"http URL, which would send the credentials unencrypted"}},
	"no scheme":       {spoil: set("IDPLUS_ADMIN_API_URL", "tenant.access.securid.com/AdminInterface/restapi"), want: []string{"IDPLUS_ADMIN_API_URL cannot be used"}},
	"TLS not trusted": {spoil: untrusted, want: []string{"is not signed by an authority that this machine trusts", "SSL_CERT_FILE"}},
	"TLS against plain http": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ["IDPLUS_ADMIN_API_URL"] = strings.Replace(b.environ["IDPLUS_ADMIN_API_URL"], "http:", "https:", 1)
		},
		want: []string{"!! API host the host does not speak HTTPS at this port"},
	},
	"the path left out": {
		spoil: func(_ *testing.T, b *bench) { b.environ["IDPLUS_ADMIN_API_URL"] = b.server.URL() },
		want:  []string{"its path is not /AdminInterface/restapi", "The URL leads to another server"},
	},
	"a page instead of the API": {
		spoil: func(t *testing.T, b *bench) {
			b.environ["IDPLUS_ADMIN_API_URL"] = pages(t) + "/AdminInterface/restapi"
		},
		want: []string{"Another server answers at this URL"},
	},
	"the issuer ends in token": {
		spoil: func(_ *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_ISSUER_URL"] += "/token" },
		want:  []string{"it is the URL of the token endpoint: remove /token at its end"},
	},
	"the issuer without its path": {
		spoil: func(_ *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_ISSUER_URL"] = b.server.URL() },
		want:  []string{"The server there is not a token endpoint: check IDPLUS_OAUTH_ISSUER_URL"},
	},
	"a wrong client id": {spoil: set("IDPLUS_OAUTH_CLIENT_ID", "somebody-else"), want: []string{"invalid_client", "Client id and private key do not belong together"}},
	"another client's key": {
		spoil: func(t *testing.T, b *bench) {
			other, err := b.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
			must(t, err)
			b.environ["IDPLUS_OAUTH_PRIVATE_KEY"] = other.PrivateKeyJWK
		},
		want: []string{"invalid_client", "Client id and private key do not belong together"},
	},
	"PEM without an id": {
		spoil: func(_ *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_PRIVATE_KEY"] = b.client.PrivateKeyPEM },
		want:  []string{"set IDPLUS_OAUTH_PRIVATE_KEY_ID"},
	},
	"not published": {
		spoil: func(_ *testing.T, b *bench) { b.signInAs(simulator.OAuthOptions{KeyType: "EC", Unpublished: true}) },
		want:  []string{"Publish Changes"},
	},
	"a scope the client does not have": {
		spoil: func(_ *testing.T, b *bench) {
			b.signInAs(simulator.OAuthOptions{KeyType: "EC", Scopes: []string{simulator.ScopeRead}})
		},
		want: []string{"The client lacks a requested scope: rsa.user.read, rsa.user.manage"},
	},
	"scopes joined by a plus": {
		spoil: set("IDPLUS_OAUTH_SCOPES", "rsa.user.read+rsa.user.manage"),
		want:  []string{"The scope rsa.user.read+rsa.user.manage is not granted", "Separate scopes by spaces or commas"},
	},
	"no scope to read": {spoil: set("IDPLUS_OAUTH_SCOPES", "rsa.user.manage"), want: []string{"The token lacks the scope rsa.user.read"}},
	"no scope to change": {
		spoil: set("IDPLUS_OAUTH_SCOPES", "rsa.user.read"), fine: true,
		want: []string{"rsa.user.manage is not granted: plans work, an apply that changes a user is refused"},
	},
	"the clock is behind": {
		spoil: func(_ *testing.T, b *bench) { b.tenant.SetClockOffset(10 * time.Minute) },
		want:  []string{"!! clock this machine's clock is 10m behind the server's", "Set the clock"},
	},
	"the clock is ahead, with a legacy key": {
		spoil: func(t *testing.T, b *bench) {
			legacyKey(t, b, nil)
			b.tenant.SetClockOffset(-10 * time.Minute)
		},
		want: []string{"!! clock this machine's clock is 10m ahead of the server's", "This machine's clock is off (see above)"},
	},
	"no such file": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ = without(b.environ, "IDPLUS_OAUTH_PRIVATE_KEY")
			b.environ["IDPLUS_OAUTH_PRIVATE_KEY_FILE"] = "no/such/key.jwk"
		},
		want: []string{"IDPLUS_OAUTH_PRIVATE_KEY_FILE cannot be used", "there is no file"},
	},
	"a public key": {
		spoil: func(t *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_PRIVATE_KEY"] = publicPEM(t) },
		want:  []string{"IDPLUS_OAUTH_PRIVATE_KEY cannot be used"},
	},
	"two ways": {spoil: set("IDPLUS_ACCESS_TOKEN", "a-token"), want: []string{"Two ways to authenticate", "Unset one of them"}},
	"the key file edited": {
		spoil: func(t *testing.T, b *bench) {
			legacyKey(t, b, func(file map[string]string) { file["adminRestApiUrl"] += "/v1" })
		},
		want: []string{"refused: 403", "use the file as downloaded"},
	},
	"the key deleted": {
		spoil: func(t *testing.T, b *bench) {
			legacyKey(t, b, func(file map[string]string) { b.tenant.DeleteCredential(file["accessID"]) })
		},
		want: []string{"refused: 403", "The tenant does not know the key's access id"},
	},
	"a token that has ended": {
		spoil: func(_ *testing.T, b *bench) {
			payload, _ := json.Marshal(map[string]any{"exp": time.Now().Add(-3 * time.Hour).Unix()})
			token := "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
			b.environ = map[string]string{"IDPLUS_ADMIN_API_URL": b.server.AdminAPIURL(), "IDPLUS_ACCESS_TOKEN": token}
		},
		want: []string{"the bearer token expired 3h ago", "Get a new one"},
	},
	"a token of another tenant": {
		spoil: func(_ *testing.T, b *bench) {
			b.environ = map[string]string{"IDPLUS_ADMIN_API_URL": b.server.AdminAPIURL(), "IDPLUS_ACCESS_TOKEN": "opaque"}
		},
		want: []string{"refused: 40", "the token has expired, and the provider cannot renew it"},
	},
	"a time without a unit": {spoil: set("IDPLUS_REQUEST_TIMEOUT", "30"), want: []string{"IDPLUS_REQUEST_TIMEOUT cannot be used"}},
	"a user the tenant does not have": {
		spoil: func(*testing.T, *bench) {}, args: []string{"adda@example.com"}, fine: true,
		want: []string{"?? look-up the API answers, but does not find the user (404)"},
	},
	"another spelling in a tenant that compares case": {
		spoil: func(t *testing.T, b *bench) { must(t, b.tenant.SetTemperament("compare-case", "on")) },
		args:  []string{"Ada@example.com"}, fine: true,
		want: []string{"which tenants may compare", "?? letter case the tenant compares it in the email address"},
	},
	"the tenant has a problem": {
		spoil: func(_ *testing.T, b *bench) { b.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup}) },
		want:  []string{"the tenant failed: 500"},
	},
}

func TestFirstHour(t *testing.T) {
	t.Parallel()
	for name, tc := range firstHour {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tc.spoil(t, b)
			begin := time.Now()
			stdout, stderr, code := b.run(tc.args...)
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			want := ExitStopped
			if tc.fine {
				want = ExitFine
			}
			wantCode(t, code, want, stdout+stderr)
			above, _, _ := strings.Cut(stdout, "----- report")
			wantText(t, above, tc.want...)
			if n := b.tenant.Count(simulator.KindStatus); n != 0 {
				t.Errorf("%d PUTs were sent", n)
			}
		})
	}
}
