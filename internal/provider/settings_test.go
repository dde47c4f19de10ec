// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// configure runs the provider's Configure with an environment and attributes; a
// value of a nested attribute is a map.
func configure(t *testing.T, environment map[string]string, attributes map[string]any) *provider.ConfigureResponse {
	t.Helper()
	ctx := context.Background()
	p := &idplusProvider{version: "test", getenv: func(name string) string { return environment[name] }}
	var schema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &schema)
	raw := tfValue(t, schema.Schema.Type().TerraformType(ctx), attributes)
	resp := new(provider.ConfigureResponse)
	p.Configure(ctx, provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}, TerraformVersion: "1.11.4"}, resp)
	return resp
}

type unknown struct{}

func tfValue(t *testing.T, as tftypes.Type, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(as, nil)
	case unknown:
		return tftypes.NewValue(as, tftypes.UnknownValue)
	case map[string]any:
		object, ok := as.(tftypes.Object)
		if !ok {
			t.Fatalf("%s is no object", as)
		}
		values := map[string]tftypes.Value{}
		for name, attribute := range object.AttributeTypes {
			values[name] = tfValue(t, attribute, value[name])
			delete(value, name)
		}
		if len(value) > 0 {
			t.Fatalf("no such attributes: %v", value)
		}
		return tftypes.NewValue(as, values)
	case []any:
		set, ok := as.(tftypes.Set)
		if list, isList := as.(tftypes.List); isList {
			set, ok = tftypes.Set(list), true
		}
		if !ok {
			t.Fatalf("%s is neither a set nor a list", as)
		}
		var values []tftypes.Value
		for _, element := range value {
			values = append(values, tfValue(t, set.ElementType, element))
		}
		return tftypes.NewValue(as, values)
	}
	return tftypes.NewValue(as, value)
}

type testKeys struct {
	pkcs1, pkcs8, ec, p384, small, public, encrypted string
}

var keys = sync.OnceValue(func() testKeys {
	encode := func(kind string, der []byte, headers map[string]string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der, Headers: headers}))
	}
	big, _ := rsa.GenerateKey(rand.Reader, 2048)
	small, _ := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // Too small on purpose: it is refused.
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(big)
	ec, _ := x509.MarshalECPrivateKey(p256)
	wrongCurve, _ := x509.MarshalECPrivateKey(p384)
	public, _ := x509.MarshalPKIXPublicKey(big.Public())
	return testKeys{
		pkcs1:     encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(big), nil),
		pkcs8:     encode("PRIVATE KEY", pkcs8, nil),
		ec:        encode("EC PRIVATE KEY", ec, nil),
		p384:      encode("EC PRIVATE KEY", wrongCurve, nil),
		small:     encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small), nil),
		public:    encode("PUBLIC KEY", public, nil),
		encrypted: encode("ENCRYPTED PRIVATE KEY", pkcs8, nil),
	}
})

func keyFile(t *testing.T, fields map[string]any) string {
	t.Helper()
	content, err := json.Marshal(fields)
	must(t, err)
	return string(content)
}

const testURL = "https://tenant.access.securid.com/AdminInterface/restapi"

func TestProviderConfigurationRefusals(t *testing.T) {
	t.Parallel()
	oauth := func(changes map[string]any) map[string]any {
		attributes := map[string]any{"issuer_url": "https://tenant.auth.securid.com/oauth", "client_id": "client", "private_key": keys().pkcs8}
		for name, value := range changes {
			attributes[name] = value
		}
		return map[string]any{"admin_api_url": testURL, "oauth": attributes}
	}
	withKey := func(key string) map[string]any { return oauth(map[string]any{"private_key": key}) }
	token := func(changes map[string]any) map[string]any {
		attributes := map[string]any{"admin_api_url": testURL, "access_token": "token"}
		for name, value := range changes {
			attributes[name] = value
		}
		return attributes
	}
	folder := t.TempDir()
	empty := filepath.Join(folder, "empty.key")
	must(t, os.WriteFile(empty, nil, 0o600))
	notJSON := filepath.Join(folder, "not-json.key")
	must(t, os.WriteFile(notJSON, []byte(keys().pkcs1), 0o600))

	for name, c := range map[string]struct {
		environment map[string]string
		attributes  map[string]any
		// at is the attribute to blame; empty for none.
		at   string
		says []string
	}{
		"no way to authenticate": {nil, map[string]any{"admin_api_url": testURL}, "", []string{
			"exactly one of oauth (recommended), api_key, api_key_file, access_token", "IDPLUS_OAUTH_CLIENT_ID", "IDPLUS_API_KEY_FILE", "IDPLUS_ACCESS_TOKEN",
		}},
		"two ways in the configuration": {nil, token(map[string]any{"api_key_file": "x"}), "access_token", []string{"both api_key_file and access_token", "Keep one"}},
		"two ways in the environment": {
			map[string]string{"IDPLUS_ACCESS_TOKEN": "t", "IDPLUS_API_KEY": "k"},
			map[string]any{"admin_api_url": testURL},
			"", []string{"both IDPLUS_API_KEY and IDPLUS_ACCESS_TOKEN", "Unset one"},
		},
		"the key twice": {nil, oauth(map[string]any{"private_key_file": "x"}), "oauth.private_key_file", []string{"both oauth.private_key and oauth.private_key_file"}},
		"the key twice in the environment": {
			map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY": "t", "IDPLUS_OAUTH_PRIVATE_KEY_FILE": "k"},
			oauth(map[string]any{"private_key": nil}),
			"", []string{"both IDPLUS_OAUTH_PRIVATE_KEY and IDPLUS_OAUTH_PRIVATE_KEY_FILE"},
		},
		"oauth without its parts": {nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{}}, "oauth", []string{"oauth lacks: issuer_url, client_id, private_key (or private_key_file)"}},
		"no URL":                  {nil, map[string]any{"access_token": "token"}, "admin_api_url", []string{"admin_api_url is missing", "IDPLUS_ADMIN_API_URL"}},
		"an unknown URL":          {nil, token(map[string]any{"admin_api_url": unknown{}}), "admin_api_url", []string{"known only after an apply", "IDPLUS_ADMIN_API_URL", "-target"}},
		"an unknown token":        {nil, token(map[string]any{"access_token": unknown{}}), "access_token", []string{"IDPLUS_ACCESS_TOKEN"}},
		"unknown oauth":           {nil, map[string]any{"admin_api_url": testURL, "oauth": unknown{}}, "oauth", []string{"known only after an apply"}},
		"an unknown client id":    {nil, oauth(map[string]any{"client_id": unknown{}}), "oauth.client_id", []string{"IDPLUS_OAUTH_CLIENT_ID"}},
		"an unknown limit":        {nil, token(map[string]any{"max_changes": unknown{}}), "max_changes", []string{"IDPLUS_MAX_CHANGES"}},
		"unknown protected users": {nil, token(map[string]any{"protected_users": unknown{}}), "protected_users", []string{"IDPLUS_PROTECTED_USERS"}},
		"an unknown protected user": {
			nil, token(map[string]any{"protected_users": []any{"root@example.com", unknown{}}}),
			"protected_users", []string{"known only after an apply"},
		},
		"an empty attribute": {nil, token(map[string]any{"access_token": ""}), "access_token", []string{"it is empty", "leave the attribute out"}},
		"an http URL":        {nil, token(map[string]any{"admin_api_url": "http://tenant.access.securid.com/"}), "admin_api_url", []string{"http URL", "unencrypted", "use https"}},
		"an http URL in the environment": {
			map[string]string{"IDPLUS_ADMIN_API_URL": "http://tenant.access.securid.com/"},
			token(map[string]any{"admin_api_url": nil}),
			"", []string{"IDPLUS_ADMIN_API_URL cannot be used", "use https"},
		},
		"an issuer without scheme":     {nil, oauth(map[string]any{"issuer_url": "tenant.auth.securid.com/oauth"}), "oauth.issuer_url", []string{"no scheme", "https://"}},
		"an http token URL":            {nil, oauth(map[string]any{"token_url": "http://tenant.auth.securid.com/token"}), "oauth.token_url", []string{"use https"}},
		"a token with a line break":    {nil, token(map[string]any{"access_token": "to\nken"}), "access_token", []string{"white space"}},
		"an encrypted key":             {nil, withKey(keys().encrypted), "oauth.private_key", []string{"encrypted with a passphrase", "openssl pkey"}},
		"a public key":                 {nil, withKey(keys().public), "oauth.private_key", []string{"public key (PUBLIC KEY)", "the private key is needed"}},
		"a wrong curve":                {nil, withKey(keys().p384), "oauth.private_key", []string{"P-384", "only P-256"}},
		"a small key":                  {nil, withKey(keys().small), "oauth.private_key", []string{"1024 bits", "2048"}},
		"no key at all":                {nil, withKey("hunter2"), "oauth.private_key", []string{"neither a JWK (a JSON object) nor PEM"}},
		"a key file that is not there": {nil, oauth(map[string]any{"private_key": nil, "private_key_file": "no/such.jwk"}), "oauth.private_key_file", []string{`no file "no/such.jwk"`, "working directory"}},
		"a key file in the home":       {nil, map[string]any{"api_key_file": "~/x.key"}, "api_key_file", []string{`pathexpand("~/x.key")`}},
		"a folder for a key file":      {nil, map[string]any{"api_key_file": folder}, "api_key_file", []string{"cannot be read", "directory"}},
		"an empty key file":            {nil, map[string]any{"api_key_file": empty}, "api_key_file", []string{"is empty"}},
		"a key file that is not JSON":  {nil, map[string]any{"api_key_file": notJSON}, "api_key_file", []string{"not JSON of the form that the console downloads", notJSON}},
		"a key file with fields missing": {
			nil, map[string]any{"api_key": keyFile(t, map[string]any{"customerName": "x", "accessKey": ""})},
			"api_key", []string{"missing or empty: accessID, accessKey, adminRestApiUrl"},
		},
		"a key file with an EC key": {
			nil, map[string]any{"api_key": keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().ec, "adminRestApiUrl": testURL})},
			"api_key", []string{"legacy keys are RSA"},
		},
		"a key file with an http URL": {
			map[string]string{"IDPLUS_API_KEY": keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().pkcs1, "adminRestApiUrl": "http://tenant.access.securid.com"})},
			nil, "", []string{"IDPLUS_API_KEY", "adminRestApiUrl", "use https"},
		},
		"a protected user without an address": {nil, token(map[string]any{"protected_users": []any{"root"}}), "protected_users", []string{`"root" has no @`, "email address of one user"}},
		"a protected user in the environment": {
			map[string]string{"IDPLUS_PROTECTED_USERS": "root@example.com, break-glass"}, token(nil),
			"", []string{`IDPLUS_PROTECTED_USERS`, `"break-glass" has no @`},
		},
		"a timeout that is none":         {nil, token(map[string]any{"request_timeout": "30"}), "request_timeout", []string{`"30" is not a duration`, "30s"}},
		"retries in the environment":     {map[string]string{"IDPLUS_MAX_RETRIES": "many"}, token(nil), "", []string{`IDPLUS_MAX_RETRIES`, `"many" is not a whole number from 0 to 100`}},
		"a limit below zero":             {map[string]string{"IDPLUS_MAX_CHANGES": "-1"}, token(nil), "", []string{"whole number of at least 0"}},
		"a rate of zero":                 {map[string]string{"IDPLUS_REQUESTS_PER_SECOND": "0"}, token(nil), "", []string{"at least 0.01"}},
		"connections in the environment": {map[string]string{"IDPLUS_MAX_CONCURRENT_REQUESTS": "0"}, token(nil), "", []string{"from 1 to 100"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := configure(t, c.environment, c.attributes).Diagnostics
			if diags.ErrorsCount() != 1 {
				t.Fatalf("%d errors, want one: %v", diags.ErrorsCount(), diags)
			}
			found := diags.Errors()[0]
			for _, text := range c.says {
				if !strings.Contains(found.Summary()+" "+found.Detail(), text) {
					t.Errorf("does not say %q: %s: %s", text, found.Summary(), found.Detail())
				}
			}
			var at string
			if positioned, ok := found.(diag.DiagnosticWithPath); ok {
				at = positioned.Path().String()
			}
			if at != c.at {
				t.Errorf("points at %q, want %q", at, c.at)
			}
			for _, secret := range []string{"hunter2", "to\nken", keys().pkcs1[40:60], keys().pkcs8[40:60], keys().p384[40:60]} {
				if strings.Contains(found.Detail(), secret) {
					t.Errorf("repeats a secret: %s", found.Detail())
				}
			}
		})
	}
}

func TestProviderConfigurationAccepted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "client.pem")
	must(t, os.WriteFile(file, []byte(keys().ec), 0o600))
	apiKey := keyFile(t, map[string]any{"accessID": "a", "accessKey": strings.ReplaceAll(keys().pkcs1, "\n", `\n`), "adminRestApiUrl": testURL + "/v1"})
	for name, c := range map[string]struct {
		environment map[string]string
		attributes  map[string]any
	}{
		"oauth": {nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
			"issuer_url": "https://tenant.auth.securid.com/oauth/", "client_id": "client", "private_key": keys().pkcs8, "scopes": []any{"rsa.user.read"},
		}}},
		"oauth from the environment": {map[string]string{
			"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_OAUTH_ISSUER_URL": "https://tenant.auth.securid.com/oauth",
			"IDPLUS_OAUTH_CLIENT_ID": "client", "IDPLUS_OAUTH_PRIVATE_KEY_FILE": file, "IDPLUS_OAUTH_SCOPES": "rsa.user.read rsa.user.manage",
		}, nil},
		"oauth from both": {map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY": keys().pkcs1}, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
			"token_url": "https://tenant.auth.securid.com/oauth/token", "client_id": "client",
		}}},
		"a legacy key without a URL":              {map[string]string{"IDPLUS_API_KEY": apiKey}, nil},
		"the configuration beats the environment": {map[string]string{"IDPLUS_ACCESS_TOKEN": "other"}, map[string]any{"api_key": apiKey}},
		"every knob in the environment": {map[string]string{
			"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_ACCESS_TOKEN": "token", "IDPLUS_MAX_CONCURRENT_REQUESTS": "4", "IDPLUS_REQUESTS_PER_SECOND": "2.5",
			"IDPLUS_MAX_RETRIES": "0", "IDPLUS_REQUEST_TIMEOUT": "1m", "IDPLUS_PROTECTED_USERS": "root@example.com,ada@example.com", "IDPLUS_MAX_CHANGES": "0",
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diags := configure(t, c.environment, c.attributes).Diagnostics; len(diags) > 0 {
				t.Error(diags)
			}
		})
	}
}

// Every attribute is read from the configuration, else from the variable that
// its description names, and from no other.
func TestEveryAttributeHasItsOwnVariable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   path.Path
		want string
	}{
		{path.Root("admin_api_url"), "IDPLUS_ADMIN_API_URL"},
		{path.Root("oauth").AtName("private_key_file"), "IDPLUS_OAUTH_PRIVATE_KEY_FILE"},
		{path.Root("max_changes"), "IDPLUS_MAX_CHANGES"},
	} {
		if got := envName(c.at); got != c.want {
			t.Errorf("%s is %s, want %s", c.at, got, c.want)
		}
	}
	var schema provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &schema)
	for name, attribute := range schema.Schema.Attributes {
		if name == "oauth" {
			continue
		}
		if variable := "`" + envName(path.Root(name)) + "`"; !strings.Contains(attribute.GetMarkdownDescription(), variable) {
			t.Errorf("the description of %s does not name %s", name, variable)
		}
	}

	asked := map[string]bool{}
	p := &idplusProvider{getenv: func(name string) string { asked[name] = true; return "" }}
	schemaType := schema.Schema.Type().TerraformType(t.Context())
	raw := tfValue(t, schemaType, map[string]any{"oauth": map[string]any{}})
	p.Configure(t.Context(), provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}}, new(provider.ConfigureResponse))
	for _, name := range []string{
		"IDPLUS_ADMIN_API_URL", "IDPLUS_OAUTH_ISSUER_URL", "IDPLUS_OAUTH_TOKEN_URL", "IDPLUS_OAUTH_CLIENT_ID", "IDPLUS_OAUTH_PRIVATE_KEY",
		"IDPLUS_OAUTH_PRIVATE_KEY_FILE", "IDPLUS_OAUTH_PRIVATE_KEY_ID", "IDPLUS_OAUTH_SCOPES", "IDPLUS_MAX_CONCURRENT_REQUESTS",
		"IDPLUS_REQUESTS_PER_SECOND", "IDPLUS_MAX_RETRIES", "IDPLUS_REQUEST_TIMEOUT", "IDPLUS_PROTECTED_USERS", "IDPLUS_MAX_CHANGES",
	} {
		if !asked[name] {
			t.Errorf("%s is never read", name)
		}
	}
}
