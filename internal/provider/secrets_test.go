// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// wiretap notes every credential that crosses the wire.
type wiretap struct {
	mu      sync.Mutex
	secrets map[string]bool
}

func (w *wiretap) listen(r *http.Request, body []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		w.secrets[bearer] = true
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("client_assertion") != "" {
		w.secrets[form.Get("client_assertion")] = true
	}
	return false // It only listens: the tenant answers.
}

func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	for way, prepare := range map[string]func(*testing.T, *workspace) (provider string, secrets []string){
		"an OAuth client in the environment": func(t *testing.T, w *workspace) (string, []string) {
			client, err := w.tenant.CreateOAuthClient(simulator.OAuthOptions{})
			must(t, err)
			w.env = append(w.env, "IDPLUS_OAUTH_ISSUER_URL="+w.tenant.server.IssuerURL(), "IDPLUS_OAUTH_CLIENT_ID="+client.ClientID, "IDPLUS_OAUTH_PRIVATE_KEY="+client.PrivateKeyJWK)
			var jwk map[string]any
			must(t, json.Unmarshal([]byte(client.PrivateKeyJWK), &jwk))
			private, _ := jwk["d"].(string)
			return "", []string{private}
		},
		"an OAuth client's file": func(t *testing.T, w *workspace) (string, []string) {
			client, err := w.tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
			must(t, err)
			w.write("client.pem", client.PrivateKeyPEM)
			return `oauth = {
    issuer_url       = "` + w.tenant.server.IssuerURL() + `"
    client_id        = "` + client.ClientID + `"
    private_key_file = "client.pem"
    private_key_id   = "` + client.KeyID + `"
  }`, []string{strings.Split(client.PrivateKeyPEM, "\n")[1]}
		},
		"a legacy key file": func(t *testing.T, w *workspace) (string, []string) {
			key, err := w.tenant.CreateAPIKey(w.tenant.server.AdminAPIURL() + "/v1")
			must(t, err)
			w.write("tenant.key", string(key))
			return `api_key_file = "tenant.key"`, []string{string(key[len(key)/2 : len(key)/2+40])}
		},
		"an ephemeral access token": func(t *testing.T, w *workspace) (string, []string) {
			needsVersion(t, "an ephemeral variable", "1.10.0", "1.11.0")
			w.write("variables.tf", `
variable "token" {
  type      = string
  sensitive = true
  ephemeral = true
}`)
			w.env = append(w.env, "TF_VAR_token="+w.tenant.token)
			return `access_token = var.token`, []string{w.tenant.token}
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			w := newTerraformWorkspace(t, tenant)
			provider, secrets := prepare(t, w)
			tap := &wiretap{secrets: map[string]bool{}}
			tenant.Inject(simulator.Fault{Match: tap.listen})
			w.write("main.tf", `
provider "idplus" {
  admin_api_url = "`+tenant.server.AdminAPIURL()+`"
  `+provider+`
}
`+userStatus("ada", `email = "ada@example.com"
status = "Disabled"
on_destroy = "disable"`))
			w.env = append(w.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.dir, "trace.log"))

			places := map[string]string{}
			places["plan"] = w.terraform("plan", "-out=saved.tfplan").succeeds().text
			places["apply"] = w.terraform("apply", "saved.tfplan").succeeds().text
			places["state"] = w.read("terraform.tfstate")
			places["plan file"] = unzipped(t, filepath.Join(w.dir, "saved.tfplan"))
			must(t, tenant.SetStatus("ada@example.com", "Enabled"))
			tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1, Respond: simulator.AnswerFilterError(400, "no")})
			places["failed plan"] = w.terraform("plan").fails().text
			places["destroy"] = w.terraform("destroy", "-auto-approve").succeeds().text
			places["log"] = w.read("trace.log")

			if !strings.Contains(places["log"], "idplus.cloudadmin") {
				t.Error("the log has no line of the API client's sub-system")
			}
			if len(tap.secrets) == 0 {
				t.Error("no credential was seen on the wire")
			}
			for secret := range tap.secrets {
				secrets = append(secrets, secret)
			}
			for place, text := range places {
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds a secret: %.12s…", place, secret)
					}
				}
			}
		})
	}
}

// A secret in the wrong place, or a wrong one in its place, is in the user's
// configuration: Terraform prints a line of that for a diagnostic that points at it.
func TestSecretsInWrongPlacesStaySecret(t *testing.T) {
	t.Parallel()
	const secret = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
	const key = "-----BEGIN PRIVATE KEY----- " + secret + " -----END PRIVATE KEY-----"
	oauth := func(attribute, value string) string {
		return "oauth = {\nissuer_url = \"https://acme.auth.securid.com/oauth\"\nclient_id = \"client\"\n" + attribute + " = " + value + "\n}\n"
	}
	oneLine := func(attributes string) string {
		return `oauth = { issuer_url = "https://acme.auth.securid.com/oauth", client_id = "client", ` + attributes + ` }`
	}
	for name, c := range map[string]struct{ provider, says string }{
		"a key for a path":              {oauth("private_key_file", `"`+key+`"`), "oauth.private_key_file cannot be used: it looks like a key in PEM. Use the path of a file that contains it"},
		"a key for a legacy key's path": {`api_key_file = "` + key + `"`, "api_key_file cannot be used: it looks like a key in PEM."},
		"a key for a legacy key":        {`api_key = "` + key + `"`, "which belongs in oauth.private_key."},
		"a key for a scope":             {oauth("scopes", `["`+key+`"]`), "oauth.scopes cannot be used: one entry is wrong: it looks like a key in PEM"},
		"a key that is damaged":         {oauth("private_key", `"`+key+`"`), "the PRIVATE KEY block cannot be read: it is damaged (a line is missing, or it is cut off)."},
		"a damaged key on one line":     {oneLine(`private_key = "` + key + `"`), "the PRIVATE KEY block cannot be read"},
		"a wrong URL beside a key":      {oneLine(`private_key = "` + key + `", token_url = "http://acme"`), "oauth.token_url cannot be used"},
		"a key beside its file":         {oneLine(`private_key = "` + key + `", private_key_file = "key.pem"`), "both oauth.private_key and oauth.private_key_file"},
		"a header for a token":          {`access_token = "Bearer ` + secret + `"`, "access_token cannot be used: it is a header"},
		"a token for a timeout":         {`request_timeout = "` + secret + `"`, "request_timeout cannot be used: it looks like a token or a key."},
		"a token for a user":            {`protected_users = ["` + secret + `"]`, "protected_users cannot be used: one entry is wrong: it looks like a token or a key."},
		"a password in a URL":           {`admin_api_url = "https://ada:` + secret + `@acme.access.securid.com/"`, "it holds a user name or password"},
		"two ways":                      {oauth("private_key", `"`+key+`"`) + `access_token = "` + secret + `"`, "The provider's configuration has both oauth and access_token."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTerraformWorkspace(t, newTestTenant(t))
			w.write("main.tf", "provider \"idplus\" {\n"+c.provider+"\n}\n"+userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Enabled\""))
			w.env = append(w.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.dir, "trace.log"))
			seen := w.terraform("plan").fails().says(c.says)
			for place, text := range map[string]string{"what is shown": seen.text, "the log": w.read("trace.log")} {
				for i := range len(secret) - 7 {
					if strings.Contains(text, secret[i:i+8]) {
						t.Fatalf("%s has %s in it", place, secret[i:i+8])
					}
				}
			}
		})
	}
}

// unzipped returns everything in a plan file.
func unzipped(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open(name)
	must(t, err)
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	must(t, err)
	archive, err := zip.NewReader(file, info.Size())
	must(t, err)
	var all strings.Builder
	for _, entry := range archive.File {
		content, err := entry.Open()
		must(t, err)
		_, err = io.Copy(&all, content) //nolint:gosec // A plan of one resource.
		must(t, err)
		must(t, content.Close())
	}
	return all.String()
}
