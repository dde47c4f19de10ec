// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// secret is a secret in the wrong place.
type secret struct {
	name, text string
	// body is the text of which no diagnostic may repeat a piece.
	body string
	// isKnown reports whether any setting recognizes it.
	isKnown bool
}

func secrets(t *testing.T) []secret {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(keys().pkcs8), "\n")
	body := strings.Join(lines[1:len(lines)-1], "")
	jwk := `{"kty":"RSA","kid":"client-key","n":"` + body[:342] + `","e":"AQAB","d":"` + body[342:684] + `"}`
	const opaque = "Zq3kX0vP8sLw2nRt7yBc5mJd9hGf4aEu1iOxQzKpTvNrWbYcMsDjHlFg6eAU2w-_"
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"ada","aud":"https://acme.example","exp":1893456000}`))
	jwt := "eyJhbGciOiJSUzI1NiJ9." + claims + "." + body[:342]
	encoded := base64.StdEncoding.EncodeToString([]byte(keys().pkcs8))
	apiKey := keyFile(t, map[string]any{"accessID": opaque[:40], "accessKey": keys().pkcs1, "adminRestApiUrl": testURL})
	return []secret{
		{"PEM", keys().pkcs8, body, true},
		{"PEM in one line", strings.Join(lines, " "), body, true},
		{"PEM without line breaks", strings.Join(lines, ""), body, true},
		{"PEM with escaped line breaks", strings.Join(lines, `\n`), body, true},
		{"PEM in quotes", "'" + strings.Join(lines, `\n`) + "'", body, true},
		{"PEM that is cut", strings.Join(lines[:len(lines)/2], "\n"), body, true},
		{"the end of PEM", strings.Join(lines[len(lines)/2:], "\n"), body, true},
		{"the base64 of PEM alone", body, body, true},
		{"a line of PEM", lines[3], body, false},
		{"base64 of PEM", encoded, encoded + body, true},
		{"JWK", jwk, body, true},
		{"JWK that is cut", jwk[:500], body, true},
		{"JWK whose quotes a shell took", strings.ReplaceAll(jwk, `"`, ""), body, true},
		{"JWK as a string of JSON", fmt.Sprintf("%q", jwk), body, true},
		{"JWK set", `{"keys":[` + jwk + `]}`, body, true},
		{"legacy key", apiKey, strings.Join(strings.Split(keys().pkcs1, "\n")[1:20], "") + opaque[:40], true},
		{"JWT", jwt, claims + body, true},
		{"header with a JWT", "Bearer " + jwt, claims + body, true},
		{"opaque token", opaque, opaque, false},
		{"hexadecimal token", strings.Repeat("0f3a9c4e7b21d865", 4), strings.Repeat("0f3a9c4e7b21d865", 4), false},
		{"URL with a password", "https://ada:correct-horse-99@acme.access.securid.com/AdminInterface/restapi", "correct-horse-99", false},
		{"user name and password", "ada:correct-horse-99@acme.example", "correct-horse-99", false},
		{"answer of a secret store", `{"data":{"value":"` + opaque + `"}}`, opaque, true},
		{"answer of a token endpoint", `{"access_token":"` + opaque + `","expires_in":3600}`, opaque, true},
	}
}

// belongs reports whether a secret may be right in a setting, or wrong for another reason
// than its place.
func (s secret) belongs(setting string) bool {
	switch setting {
	case "private_key", "api_key":
		return !strings.Contains(s.name, "JWT")
	case "access_token":
		return strings.Contains(s.name, "JWT") || strings.Contains(s.name, "token")
	}
	return false
}

// wantNoPiece fails the test when a user reads 8 characters of a secret.
func wantNoPiece(t *testing.T, where string, s secret, found Settings, diags diag.Diagnostics) {
	t.Helper()
	var said []string
	for _, one := range diags {
		said = append(said, one.Summary(), one.Detail())
	}
	if found.Client.Unready != nil {
		said = append(said, fmt.Sprintf("%+v", found.Client.Unready))
	}
	text := strings.Join(said, "\n")
	for i := range max(len(s.body)-7, 0) {
		if strings.Contains(text, s.body[i:i+8]) {
			t.Errorf("%s in %s: %q of it is repeated:\n%s", s.name, where, s.body[i:i+8], text)
			return
		}
	}
}

func TestSecretsInWrongPlaces(t *testing.T) {
	t.Parallel()
	client := func() map[string]any {
		return map[string]any{"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "client", "private_key": keys().ec}
	}
	for _, s := range secrets(t) {
		for _, name := range attributeNames() {
			if name == "oauth" {
				continue
			}
			environment := map[string]string{"IDPLUS_ADMIN_API_URL": testURL}
			attributes := map[string]any{"admin_api_url": testURL}
			var value any = s.text
			if name == "scopes" || name == "protected_users" {
				value = []any{"ada@example.com", s.text}
			}
			oauth := client()
			switch {
			case slices.Contains([]string{"issuer_url", "token_url", "client_id", "private_key", "private_key_id", "scopes"}, name):
				oauth[name] = value
				attributes["oauth"] = oauth
			case name == "private_key_file":
				delete(oauth, "private_key")
				oauth[name] = value
				attributes["oauth"] = oauth
			case name == "api_key" || name == "api_key_file" || name == "access_token":
				attributes[name] = value
			default:
				attributes["access_token"], attributes[name] = "token", value
			}
			variable := "IDPLUS_" + strings.ToUpper(name)
			if nested, isNested := attributes["oauth"].(map[string]any); isNested {
				variable = "IDPLUS_OAUTH_" + strings.ToUpper(name)
				for other, value := range nested {
					environment["IDPLUS_OAUTH_"+strings.ToUpper(other)], _ = value.(string)
				}
			} else if _, hasToken := attributes["access_token"]; hasToken {
				environment["IDPLUS_ACCESS_TOKEN"] = "token"
			}
			environment[variable] = s.text

			found, diags := read(t, environment, nil)
			s.judge(t, variable, name, found, diags)
			if strings.HasPrefix(name, "max_") || name == "requests_per_second" {
				continue // Terraform itself refuses what is not a number.
			}
			found, diags = read(t, nil, attributes)
			s.judge(t, name, name, found, diags)
		}
	}
}

func (s secret) judge(t *testing.T, where, name string, found Settings, diags diag.Diagnostics) {
	t.Helper()
	wantNoPiece(t, where, s, found, diags)
	if s.belongs(name) {
		return
	}
	if s.isKnown && (diags.ErrorsCount() != 1 || !strings.Contains(diags[0].Detail(), "ooks like") && !strings.Contains(diags[0].Detail(), "quotes")) {
		t.Errorf("%s in %s is not recognized: %v", s.name, where, diags)
	}
}

// A file of another kind is named in the error, without its content.
func TestSecretsInWrongFiles(t *testing.T) {
	t.Parallel()
	for i, s := range secrets(t) {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.key", i))
		must(t, os.WriteFile(file, []byte(s.text), 0o600))
		found, diags := read(t, nil, map[string]any{"admin_api_url": testURL, "api_key_file": file})
		wantNoPiece(t, "api_key_file", s, found, diags)
		found, diags = read(t, nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
			"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "client", "private_key_file": file,
		}})
		wantNoPiece(t, "oauth.private_key_file", s, found, diags)
	}
}

func TestWhereItBelongs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		must(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	apiKey := keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().pkcs1, "adminRestApiUrl": testURL})
	const jwk = `{"kty":"RSA","n":"x"}`
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
	account := `{"type":"service_account","client_email":"ada@example.com","private_key":` + string(must2(t)(json.Marshal(keys().pkcs8))) + `}`
	oauth := func(name, value string) map[string]any {
		return map[string]any{"admin_api_url": testURL, "oauth": map[string]any{"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "client", name: value}}
	}
	top := func(name, value string) map[string]any {
		return map[string]any{"admin_api_url": testURL, name: value}
	}
	for _, c := range []struct {
		attributes map[string]any
		says       string
	}{
		{oauth("private_key", apiKey), "oauth.private_key cannot be used: it looks like the key file of a legacy API key, which belongs in api_key."},
		{oauth("private_key", jwt), "it looks like a bearer token (JWT), which belongs in access_token."},
		{oauth("private_key", account), "it looks like the key file of a service account of another service."},
		{oauth("private_key", `{"data":{"k":"v"}}`), "it is the answer of a secret store: use only the key, which is a value in the answer."},
		{oauth("private_key", "~/client.pem"), "it looks like the path of a file, which belongs in oauth.private_key_file."},
		{oauth("private_key", `C:\keys\client.pem`), "it looks like the path of a file, which belongs in oauth.private_key_file."},
		{oauth("private_key_file", write("legacy.key", apiKey)), "it looks like the key file of a legacy API key, which belongs in api_key_file."},
		{oauth("private_key_file", write("token", jwt)), "it looks like a bearer token (JWT), which belongs in access_token."},
		{oauth("private_key_file", jwk), "it looks like a JWK. Use the path of a file that contains it, or set oauth.private_key."},
		{oauth("client_id", jwk), "it looks like a JWK, which belongs in oauth.private_key."},
		{top("api_key", jwk), "it looks like a JWK, which belongs in oauth.private_key."},
		{top("api_key", keys().pkcs8), "it looks like a key in PEM, which belongs in oauth.private_key."},
		{top("api_key", "./tenant.key"), "it looks like the path of a file, which belongs in api_key_file."},
		{top("api_key_file", write("client.jwk", jwk)), "it looks like a JWK, which belongs in oauth.private_key_file."},
		{top("access_token", apiKey), "it looks like the key file of a legacy API key, which belongs in api_key."},
		{top("access_token", `{"access_token":"t","expires_in":3600}`), "it looks like JSON: use only the access token in it."},
		{top("access_token", "Bearer "+jwt), "it is a header: use the token alone, without Bearer."},
		{oauth("token_url", "https://acme.auth.securid.com/oauth/"), "it is the URL of an issuer: set oauth.issuer_url instead, or add /token."},
		{oauth("client_id", "a client"), "it has white space or an invisible character in it."},
		{oauth("client_id", "\ufeffclient"), "it has white space or an invisible character in it."},
		{oauth("private_key_id", "a\u0000b"), "it has white space or an invisible character in it."},
		{top("access_token", "to ken"), "it has white space or other characters that no bearer token has."},
	} {
		_, diags := read(t, nil, c.attributes)
		wantOne(t, diags[:min(1, len(diags))], c.says)
	}
	_, diags := read(t, map[string]string{"IDPLUS_API_KEY": jwk, "IDPLUS_ADMIN_API_URL": testURL}, nil)
	wantOne(t, diags, "IDPLUS_API_KEY cannot be used: it looks like a JWK, which belongs in IDPLUS_OAUTH_PRIVATE_KEY.")
}

func must2(t *testing.T) func([]byte, error) []byte {
	return func(text []byte, err error) []byte {
		t.Helper()
		must(t, err)
		return text
	}
}

func TestNamesAreNotSecrets(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "token", "client", "30s", "ada@example.com", "mailto:ada@example.com", `CORP\ada`, "S-1-5-21-3623811015-3361044348-30300820-1013",
		"3f2504e0-4f89-41d3-9a0c-0305e82c3301", "rsa.user.read rsa.user.manage", "svc-terraform-idplus-breakglass-production-01",
		"/builds/acme/IDPlus-Terraform-2025.tmp/IDPLUS_OAUTH_PRIVATE_KEY_FILE", "/home/ada/.ssh/private_key_of_the_client", `C:\Users\Ada\keys\client.pem`,
		"/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/client.jwk", "https://acme.access-eu.securid.com/AdminInterface/restapi/v1", "{{root}}",
	} {
		if kind := cloudadmin.KindOf(text); kind != cloudadmin.NoSecret {
			t.Errorf("%s looks like %s", text, kind)
		}
	}
}
