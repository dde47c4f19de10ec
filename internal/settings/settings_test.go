// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

const testURL = "https://acme.access.securid.com/AdminInterface/restapi"

func TestRefusals(t *testing.T) {
	t.Parallel()
	oauth := func(changes map[string]any) map[string]any {
		attributes := map[string]any{"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "client", "private_key": keys().pkcs8}
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
		// at is the attribute of the error, or empty, also where Terraform would print a
		// line of the configuration with a secret in it.
		at   string
		says []string
	}{
		"two ways in the configuration": {nil, token(map[string]any{"api_key_file": "x"}), "", []string{"both api_key_file and access_token", "Keep one"}},
		"two ways in the environment": {
			map[string]string{"IDPLUS_ACCESS_TOKEN": "t", "IDPLUS_API_KEY": "k"},
			map[string]any{"admin_api_url": testURL},
			"", []string{"both IDPLUS_API_KEY and IDPLUS_ACCESS_TOKEN", "Unset one"},
		},
		"the key twice": {nil, oauth(map[string]any{"private_key_file": "x"}), "", []string{"both oauth.private_key and oauth.private_key_file"}},
		"the key twice in the environment": {
			map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY": "t", "IDPLUS_OAUTH_PRIVATE_KEY_FILE": "k"},
			oauth(map[string]any{"private_key": nil}),
			"", []string{"both IDPLUS_OAUTH_PRIVATE_KEY and IDPLUS_OAUTH_PRIVATE_KEY_FILE"},
		},
		"an unknown limit":        {nil, token(map[string]any{"max_changes": unknown{}}), "max_changes", []string{"IDPLUS_MAX_CHANGES"}},
		"unknown protected users": {nil, token(map[string]any{"protected_users": unknown{}}), "protected_users", []string{"IDPLUS_PROTECTED_USERS"}},
		"an unknown protected user": {
			nil, token(map[string]any{"protected_users": []any{"root@example.com", unknown{}}}),
			"protected_users", []string{"known only after apply"},
		},
		"an empty attribute": {nil, token(map[string]any{"access_token": ""}), "access_token", []string{"it is empty", "omit the attribute"}},
		"an http URL":        {nil, token(map[string]any{"admin_api_url": "http://acme.access.securid.com/"}), "admin_api_url", []string{"http URL", "unencrypted", "use https"}},
		"an http URL in the environment": {
			map[string]string{"IDPLUS_ADMIN_API_URL": "http://acme.access.securid.com/"},
			token(map[string]any{"admin_api_url": nil}),
			"", []string{"IDPLUS_ADMIN_API_URL cannot be used", "use https"},
		},
		"an issuer without scheme":     {nil, oauth(map[string]any{"issuer_url": "acme.auth.securid.com/oauth"}), "", []string{"no scheme", "https://"}},
		"an http token URL":            {nil, oauth(map[string]any{"token_url": "http://acme.auth.securid.com/token"}), "", []string{"use https"}},
		"a token with a line break":    {nil, token(map[string]any{"access_token": "to\nken"}), "", []string{"white space"}},
		"an encrypted key":             {nil, withKey(keys().encrypted), "", []string{"encrypted with a passphrase", "openssl pkey"}},
		"a public key":                 {nil, withKey(keys().public), "", []string{"public key (PUBLIC KEY)", "the private key is needed"}},
		"a wrong curve":                {nil, withKey(keys().p384), "", []string{"P-384", "only P-256"}},
		"a small key":                  {nil, withKey(keys().small), "", []string{"1024 bits", "2048"}},
		"no key at all":                {nil, withKey("hunter2"), "", []string{"neither a JWK (a JSON object) nor PEM"}},
		"a key file that is not there": {nil, oauth(map[string]any{"private_key": nil, "private_key_file": "no/such.jwk"}), "oauth.private_key_file", []string{`no file "no/such.jwk"`, "working directory"}},
		"a key file in the home":       {nil, map[string]any{"api_key_file": "~/x.key"}, "api_key_file", []string{`there is no file "~/x.key" (~ is the home directory`}},
		"a folder for a key file":      {nil, map[string]any{"api_key_file": folder}, "api_key_file", []string{"cannot be read", "directory"}},
		"an empty key file":            {nil, map[string]any{"api_key_file": empty}, "api_key_file", []string{"is empty"}},
		"a key file that is not JSON":  {nil, map[string]any{"api_key_file": notJSON}, "api_key_file", []string{"it looks like a key in PEM, which belongs in oauth.private_key_file", notJSON}},
		"a key file with fields missing": {
			nil, map[string]any{"api_key": keyFile(t, map[string]any{"customerName": "x", "accessKey": ""})},
			"", []string{"api_key cannot be used", "missing or empty: accessID, accessKey, adminRestApiUrl"},
		},
		"a key file with an EC key": {
			nil, map[string]any{"api_key": keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().ec, "adminRestApiUrl": testURL})},
			"", []string{"api_key cannot be used", "legacy keys are RSA"},
		},
		"a key file with an http URL": {
			map[string]string{"IDPLUS_API_KEY": keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().pkcs1, "adminRestApiUrl": "http://acme.access.securid.com"})},
			nil, "", []string{"IDPLUS_API_KEY", "adminRestApiUrl", "use https"},
		},
		"an error beside a missing setting":        {nil, map[string]any{"oauth": map[string]any{"private_key": "hunter2"}}, "", []string{"neither a JWK"}},
		"a key where its path belongs":             {nil, oauth(map[string]any{"private_key": nil, "private_key_file": keys().pkcs8}), "", []string{"it looks like a key in PEM", "path of a file"}},
		"a JWK where its path belongs":             {nil, map[string]any{"api_key_file": `{"accessKey": "hunter2"}`}, "", []string{"it looks like the key file of a legacy API key"}},
		"a key in one line where its path belongs": {nil, map[string]any{"api_key_file": strings.ReplaceAll(keys().pkcs1[40:], "\n", "")}, "", []string{"it looks like a key in PEM. Use the path of a file that contains it, or set oauth.private_key"}},
		"a timeout without a unit":                 {nil, token(map[string]any{"request_timeout": "30"}), "request_timeout", []string{`"30" is not a duration`, "30s"}},
		"retries in the environment":               {map[string]string{"IDPLUS_MAX_RETRIES": "many"}, token(nil), "", []string{`IDPLUS_MAX_RETRIES`, `it is not a whole number from 0 to 100`}},
		"a limit below zero":                       {map[string]string{"IDPLUS_MAX_CHANGES": "-1"}, token(nil), "", []string{"whole number of at least 0"}},
		"a rate of zero":                           {map[string]string{"IDPLUS_REQUESTS_PER_SECOND": "0"}, token(nil), "", []string{"at least 0.01"}},
		"connections in the environment":           {map[string]string{"IDPLUS_MAX_CONCURRENT_REQUESTS": "0"}, token(nil), "", []string{"from 1 to 100"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := read(t, c.environment, c.attributes)
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

func TestAccepted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "client.pem")
	must(t, os.WriteFile(file, []byte(keys().ec), 0o600))
	apiKey := keyFile(t, map[string]any{"accessID": "a", "accessKey": strings.ReplaceAll(keys().pkcs1, "\n", `\n`), "adminRestApiUrl": testURL + "/v1"})
	for name, c := range map[string]struct {
		environment map[string]string
		attributes  map[string]any
	}{
		"oauth": {nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
			"issuer_url": "https://acme.auth.securid.com/oauth/", "client_id": "client", "private_key": keys().pkcs8, "scopes": []any{"rsa.user.read"},
		}}},
		"oauth from the environment": {map[string]string{
			"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_OAUTH_ISSUER_URL": "https://acme.auth.securid.com/oauth",
			"IDPLUS_OAUTH_CLIENT_ID": "client", "IDPLUS_OAUTH_PRIVATE_KEY_FILE": file, "IDPLUS_OAUTH_SCOPES": "rsa.user.read rsa.user.manage",
		}, nil},
		"oauth from both": {map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY": keys().pkcs1}, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
			"token_url": "https://acme.auth.securid.com/oauth/token", "client_id": "client",
		}}},
		"a legacy key without a URL":              {map[string]string{"IDPLUS_API_KEY": apiKey}, nil},
		"the configuration beats the environment": {map[string]string{"IDPLUS_ACCESS_TOKEN": "other"}, map[string]any{"api_key": apiKey}},
		"every other setting in the environment": {map[string]string{
			"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_ACCESS_TOKEN": "token", "IDPLUS_MAX_CONCURRENT_REQUESTS": "4", "IDPLUS_REQUESTS_PER_SECOND": "2.5",
			"IDPLUS_MAX_RETRIES": "0", "IDPLUS_REQUEST_TIMEOUT": "1m", "IDPLUS_PROTECTED_USERS": "root@example.com,ada@example.com", "IDPLUS_MAX_CHANGES": "0",
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, diags := read(t, c.environment, c.attributes)
			if len(diags) > 0 {
				t.Error(diags)
			}
			if client := found.Client; client.Unready != nil || client.BaseURL == nil || client.Credentials == nil {
				t.Errorf("the client is not ready: %+v", client)
			}
		})
	}
}

// A setting that is missing or not known yet is not an error before the first request,
// whose error lists all of them.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	const (
		noURL = "admin_api_url is missing. Set it, or IDPLUS_ADMIN_API_URL, to the base URL of the tenant's Cloud Administration API, such as https://TENANT.access.securid.com/AdminInterface/restapi."
		noWay = "The provider needs exactly one of oauth (recommended), api_key, api_key_file, access_token, in its configuration or in the environment " +
			"(IDPLUS_OAUTH_ISSUER_URL, IDPLUS_OAUTH_CLIENT_ID and IDPLUS_OAUTH_PRIVATE_KEY; IDPLUS_API_KEY; IDPLUS_API_KEY_FILE; or IDPLUS_ACCESS_TOKEN).\n\n" +
			"The authentication guide in the provider's documentation says where each of them comes from."
		noKey = "private_key or private_key_file (in the environment IDPLUS_OAUTH_PRIVATE_KEY or IDPLUS_OAUTH_PRIVATE_KEY_FILE)."
	)
	unknownOf := func(attribute, variable string) string {
		return attribute + " depends on a value that is known only after apply, but the provider needs it to plan.\n\n" +
			"Apply its source first (terraform apply -target=…), use a known value, or omit the attribute and set " + variable + "."
	}
	apiKey := keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().pkcs1, "adminRestApiUrl": testURL})
	for name, c := range map[string]struct {
		environment     map[string]string
		attributes      map[string]any
		summary, detail string
	}{
		"nothing at all":           {nil, nil, "Provider configuration is incomplete", "No way to authenticate: " + noWay + "\n\n" + noURL},
		"no way to authenticate":   {nil, map[string]any{"admin_api_url": testURL}, "No way to authenticate", noWay},
		"variables that are blank": {map[string]string{"IDPLUS_ADMIN_API_URL": " ", "IDPLUS_ACCESS_TOKEN": "\n"}, map[string]any{"access_token": "t"}, "Provider configuration is incomplete", noURL},
		"no URL":                   {nil, map[string]any{"access_token": "token"}, "Provider configuration is incomplete", noURL},
		"oauth without its parts": {
			nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{}},
			"Provider configuration is incomplete", "oauth is missing: issuer_url (in the environment IDPLUS_OAUTH_ISSUER_URL), client_id (in the environment IDPLUS_OAUTH_CLIENT_ID), " + noKey,
		},
		"oauth without a key and without a URL": {
			map[string]string{"IDPLUS_OAUTH_CLIENT_ID": "client", "IDPLUS_OAUTH_TOKEN_URL": "https://acme.auth.securid.com/token"}, nil,
			"Provider configuration is incomplete", "oauth is missing: " + noKey + "\n\n" + noURL,
		},
		"an unknown URL": {
			nil, map[string]any{"admin_api_url": unknown{}, "access_token": "token"},
			"Provider configuration is not known yet", unknownOf("admin_api_url", "IDPLUS_ADMIN_API_URL"),
		},
		"an unknown token": {
			nil, map[string]any{"admin_api_url": testURL, "access_token": unknown{}},
			"Provider configuration is not known yet", unknownOf("access_token", "IDPLUS_ACCESS_TOKEN"),
		},
		"an unknown token and an unknown URL": {
			nil, map[string]any{"admin_api_url": unknown{}, "access_token": unknown{}},
			"Provider configuration is not known yet", unknownOf("access_token", "IDPLUS_ACCESS_TOKEN") + "\n\n" + unknownOf("admin_api_url", "IDPLUS_ADMIN_API_URL"),
		},
		"an unknown token and no URL": {
			nil, map[string]any{"access_token": unknown{}},
			"Provider configuration is incomplete", "Provider configuration is not known yet: " + unknownOf("access_token", "IDPLUS_ACCESS_TOKEN") + "\n\n" + noURL,
		},
		"unknown oauth": {
			nil, map[string]any{"admin_api_url": testURL, "oauth": unknown{}},
			"Provider configuration is not known yet", unknownOf("oauth", "IDPLUS_OAUTH"),
		},
		"an unknown client id, and no key": {
			nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{"issuer_url": "https://acme.auth.securid.com", "client_id": unknown{}}},
			"Provider configuration is incomplete",
			"Provider configuration is not known yet: " + unknownOf("oauth.client_id", "IDPLUS_OAUTH_CLIENT_ID") + "\n\noauth is missing: " + noKey,
		},
		"an unknown key file beside a key": {
			nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
				"issuer_url": "https://acme.auth.securid.com", "client_id": "client", "private_key": keys().pkcs8, "private_key_file": unknown{},
			}},
			"Provider configuration is not known yet", unknownOf("oauth.private_key_file", "IDPLUS_OAUTH_PRIVATE_KEY_FILE"),
		},
		"an unknown scope": {
			nil, map[string]any{"admin_api_url": testURL, "oauth": map[string]any{
				"issuer_url": "https://acme.auth.securid.com", "client_id": "client", "private_key": keys().pkcs8, "scopes": []any{"rsa.user.read", unknown{}},
			}},
			"Provider configuration is not known yet", unknownOf("oauth.scopes", "IDPLUS_OAUTH_SCOPES"),
		},
		"an unknown legacy key, which may bring the URL": {
			nil, map[string]any{"api_key": unknown{}},
			"Provider configuration is not known yet", unknownOf("api_key", "IDPLUS_API_KEY"),
		},
		"an unknown timeout": {
			nil, map[string]any{"api_key": apiKey, "request_timeout": unknown{}},
			"Provider configuration is not known yet", unknownOf("request_timeout", "IDPLUS_REQUEST_TIMEOUT"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, diags := read(t, c.environment, c.attributes)
			if len(diags) > 0 {
				t.Error(diags)
			}
			var missing *IncompleteError
			if !errors.As(found.Client.Unready, &missing) {
				t.Fatalf("the client is ready: %+v", found.Client)
			}
			if missing.Summary != c.summary || missing.Detail != c.detail {
				t.Errorf("got  %s: %s\nwant %s: %s", missing.Summary, missing.Detail, c.summary, c.detail)
			}
			if found.Deferred {
				t.Error("it is deferred, which Terraform does not allow")
			}
		})
	}
}

// If Terraform can defer, any unknown value is a reason, and no request is sent until it
// is known: a guard is never off meanwhile.
func TestDeferred(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]map[string]any{
		"an unknown token":          {"access_token": unknown{}},
		"unknown protected users":   {"access_token": "token", "protected_users": unknown{}},
		"an unknown protected user": {"access_token": "token", "protected_users": []any{"root@example.com", unknown{}}},
		"an unknown limit":          {"access_token": "token", "max_changes": unknown{}},
	} {
		attributes["admin_api_url"] = testURL
		found, diags := Read(t.Context(), newModel(t, attributes), func(string) string { return "" }, true)
		if len(diags) > 0 || !found.Deferred || found.Client.Unready == nil {
			t.Errorf("%s: deferred is %t, unready %v: %v", name, found.Deferred, found.Client.Unready, diags)
		}
	}
	ready, diags := Read(t.Context(), newModel(t, map[string]any{"admin_api_url": testURL, "access_token": "token"}), func(string) string { return "" }, true)
	if len(diags) > 0 || ready.Deferred || ready.Client.Unready != nil {
		t.Errorf("deferred is %t, unready %v: %v", ready.Deferred, ready.Client.Unready, diags)
	}
	missing, diags := Read(t.Context(), Model{}, func(string) string { return "" }, true)
	if len(diags) > 0 || missing.Deferred || missing.Client.Unready == nil {
		t.Errorf("a missing setting: deferred is %t, unready %v: %v", missing.Deferred, missing.Client.Unready, diags)
	}
	wrong, diags := Read(t.Context(), newModel(t, map[string]any{"admin_api_url": "tenant", "access_token": unknown{}}), func(string) string { return "" }, true)
	if diags.ErrorsCount() != 1 {
		t.Errorf("a wrong setting: deferred is %t: %v", wrong.Deferred, diags)
	}
}

// Quotes are not part of a value: docker --env-file and others pass them on. A key is read
// without them, since nothing of it is sent; every other setting is refused.
func TestQuotes(t *testing.T) {
	t.Parallel()
	whole := func() map[string]any {
		return map[string]any{
			"admin_api_url": testURL, "max_concurrent_requests": "4", "requests_per_second": "2", "max_retries": "1", "request_timeout": "30s", "max_changes": "5",
			"protected_users": "root@example.com",
		}
	}
	oauth := func() map[string]any {
		return map[string]any{
			"issuer_url": "https://acme.auth.securid.com/oauth", "token_url": "https://acme.auth.securid.com/oauth/token", "client_id": "client",
			"private_key": keys().pkcs8, "private_key_id": "kid", "scopes": "rsa.user.read",
		}
	}
	apiKey := keyFile(t, map[string]any{"accessID": "a", "accessKey": keys().pkcs1, "adminRestApiUrl": testURL})
	file := filepath.Join(t.TempDir(), "client.pem")
	must(t, os.WriteFile(file, []byte(keys().ec), 0o600))
	tried := map[string]bool{}
	for _, way := range []struct{ top, oauth map[string]any }{
		{whole(), oauth()},
		{nil, map[string]any{"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "c", "private_key_file": file}},
		{map[string]any{"api_key": apiKey}, nil},
		{map[string]any{"api_key_file": "hunter2.key"}, nil},
		{map[string]any{"access_token": "hunter2"}, nil},
	} {
		for _, name := range append(slices.Collect(maps.Keys(way.top)), slices.Collect(maps.Keys(way.oauth))...) {
			for _, quotes := range [][2]string{
				{"'", "'"}, {`"`, `"`}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}, {"'", ""}, {"", `"`}, {"“", ""}, {"", "’"},
			} {
				environment, attributes := map[string]string{"IDPLUS_ADMIN_API_URL": testURL}, map[string]any{}
				inConfiguration := true
				add := func(prefix string, into map[string]any, from map[string]any) {
					for other, value := range from {
						text, _ := value.(string)
						if other == name {
							text = quotes[0] + text + quotes[1]
						}
						environment["IDPLUS_"+prefix+strings.ToUpper(other)] = text
						switch other {
						case "scopes", "protected_users":
							into[other] = []any{text}
						case "max_concurrent_requests", "requests_per_second", "max_retries", "max_changes":
							inConfiguration = inConfiguration && other != name // A number has no quotes.
						default:
							into[other] = text
						}
					}
				}
				add("", attributes, way.top)
				if way.oauth != nil {
					nested := map[string]any{}
					add("OAUTH_", nested, way.oauth)
					attributes["oauth"] = nested
				}
				tried[name] = true
				isKey := name == "private_key" || name == "api_key"
				for _, given := range []struct {
					environment map[string]string
					attributes  map[string]any
				}{{environment, nil}, {map[string]string{"IDPLUS_ADMIN_API_URL": testURL}, attributes}} {
					if given.attributes != nil && !inConfiguration {
						continue
					}
					_, diags := read(t, given.environment, given.attributes)
					switch {
					case isKey && len(diags) > 0 && (quotes[0] == "" || quotes[1] == ""):
						wantOne(t, diags, "cannot be used: it ", "remove the quote")
					case isKey && len(diags) > 0:
						t.Errorf("%s in %s%s is not accepted: %v", name, quotes[0], quotes[1], diags)
					case !isKey:
						wantOne(t, diags, " cannot be used: ", "remove the quote")
					}
				}
			}
		}
	}
	if want := len(attributeNames()) - 1; len(tried) != want {
		t.Errorf("%d of %d settings were tried: %v", len(tried), want, tried)
	}
	_, diags := read(t, map[string]string{"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_ACCESS_TOKEN": "''"}, nil)
	wantOne(t, diags, "IDPLUS_ACCESS_TOKEN cannot be used: it is in quotes")
}

// attributeNames returns the names of all attributes, also those of oauth.
func attributeNames() (names []string) {
	for _, model := range []any{Model{}, OAuthModel{}} {
		for field := range reflect.TypeOf(model).NumField() {
			names = append(names, reflect.TypeOf(model).Field(field).Tag.Get("tfsdk"))
		}
	}
	return names
}

// wantOne fails unless there is one error, which has these texts in it and repeats no
// secret.
func wantOne(t *testing.T, diags diag.Diagnostics, texts ...string) {
	t.Helper()
	if diags.ErrorsCount() != 1 || len(diags) != 1 {
		t.Errorf("%d diagnostics, want one error with %q: %v", len(diags), texts, diags)
		return
	}
	detail := diags[0].Detail()
	for _, text := range texts {
		if !strings.Contains(detail, text) {
			t.Errorf("does not say %q: %s", text, detail)
		}
	}
	if strings.Contains(detail, "hunter2") || strings.Contains(detail, keys().pkcs8[40:60]) {
		t.Errorf("repeats a secret: %s", detail)
	}
}

// Each number and each text is read from the configuration, else from the variable of its
// own name.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	environment := map[string]string{
		"IDPLUS_ADMIN_API_URL": testURL + "/v1", "IDPLUS_ACCESS_TOKEN": "from-environment", "IDPLUS_MAX_CONCURRENT_REQUESTS": "4", "IDPLUS_REQUESTS_PER_SECOND": "2.5",
		"IDPLUS_MAX_RETRIES": "0", "IDPLUS_REQUEST_TIMEOUT": "1m", "IDPLUS_PROTECTED_USERS": "root@example.com,ada@example.com", "IDPLUS_MAX_CHANGES": "7",
	}
	wantSettings(t, environment, nil, testURL, "from-environment", 4, 2.5, 0, time.Minute, []string{"root@example.com", "ada@example.com"}, 7)
	wantSettings(t, environment, map[string]any{
		"admin_api_url": "https://other.example.com/v1/", "access_token": "configured", "max_concurrent_requests": 5, "requests_per_second": 3.5,
		"max_retries": 1, "request_timeout": "2m", "protected_users": []any{"ben@example.com"}, "max_changes": 0,
	}, "https://other.example.com", "configured", 5, 3.5, 1, 2*time.Minute, []string{"ben@example.com"}, 0)

	found, diags := read(t, map[string]string{"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_ACCESS_TOKEN": "token"}, nil)
	if len(diags) > 0 || found.Protected != nil || found.MaxChanges != nil || found.Client.MaxRetries != nil {
		t.Errorf("without guards: %+v, %v", found, diags)
	}
}

func wantSettings(t *testing.T, environment map[string]string, attributes map[string]any,
	url, token string, connections int, rate float64, retries int, timeout time.Duration, protected []string, limit int64,
) {
	t.Helper()
	found, diags := read(t, environment, attributes)
	client := found.Client
	if len(diags) > 0 || found.MaxChanges == nil || client.MaxRetries == nil || client.BaseURL == nil {
		t.Fatalf("%+v, %v", found, diags)
	}
	if client.BaseURL.String() != url || client.Credentials != cloudadmin.AccessToken(token) || client.MaxConcurrentRequests != connections || client.RequestsPerSecond != rate ||
		*client.MaxRetries != retries || client.RequestTimeout != timeout || !slices.Equal(found.Protected, protected) || *found.MaxChanges != limit {
		t.Errorf("got %+v (retries %d), protected %q, limit %d", client, *client.MaxRetries, found.Protected, *found.MaxChanges)
	}
}

func TestEveryPathHasItsVariable(t *testing.T) {
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
}
