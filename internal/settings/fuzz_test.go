// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"regexp"
	"strings"
	"testing"
)

// ownWord matches words that our own texts and a text of a user may have in common.
var ownWord = regexp.MustCompile(`[A-Za-z0-9_+/=-]{8,}`)

// wantNoPieceOf fails the test when a diagnostic repeats 8 characters of what a user gave,
// if they have a digit among them, as a piece of a key has, and none of our words.
func wantNoPieceOf(t *testing.T, given, said string) {
	t.Helper()
	for _, word := range ownWord.FindAllString(said, -1) {
		for i := range len(word) - 7 {
			if piece := word[i : i+8]; strings.ContainsAny(piece, "0123456789") && strings.Contains(given, piece) {
				t.Errorf("%q is repeated: %s", piece, said)
			}
		}
	}
}

// FuzzSettings puts any text into every variable: nothing that looks like a piece of a
// secret is repeated.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{
		"", "x", "5", "-1", "1h", "30 seconds", "'5'", "true", "hunter2hunter2", "~/x", "~ada/x", "file:///x", "/dev/zero", ".", "https://acme.example", "http://ada:hunter22@x", "ftp://h4unter2h",
		"TENANT.access.securid.com", "https://<x>/", "a@b.c,d@e.f", "[\"a@b.c\"]", keys().ec, strings.ReplaceAll(keys().ec, "\n", ""), `{"kty":"RSA"}`, "{{x}}", "[{", "Bearer x.y.z",
		"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl", strings.Repeat("a1", 40), "\x00", "\xff\xfe{\x00", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range attributeNames() {
			environment := map[string]string{"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_ACCESS_TOKEN": "token"}
			if name == "api_key" || name == "api_key_file" {
				delete(environment, "IDPLUS_ACCESS_TOKEN")
			}
			environment["IDPLUS_"+strings.ToUpper(name)] = text
			oauth := map[string]string{
				"IDPLUS_ADMIN_API_URL": testURL, "IDPLUS_OAUTH_ISSUER_URL": "https://acme.auth.securid.com/oauth", "IDPLUS_OAUTH_CLIENT_ID": "client", "IDPLUS_OAUTH_PRIVATE_KEY": keys().ec,
			}
			if name == "private_key_file" {
				delete(oauth, "IDPLUS_OAUTH_PRIVATE_KEY")
			}
			oauth["IDPLUS_OAUTH_"+strings.ToUpper(name)] = text
			for _, environment := range []map[string]string{environment, oauth} {
				found, diags := read(t, environment, nil)
				if !diags.HasError() && found.Client.Unready == nil && (found.Client.BaseURL == nil || found.Client.Credentials == nil) {
					t.Errorf("%s: neither ready nor an error: %+v", name, found)
				}
				for _, one := range diags {
					if name == "protected_users" || strings.HasSuffix(name, "_file") {
						// Names and paths are repeated, unless they look like a secret.
						continue
					}
					wantNoPieceOf(t, text, one.Detail())
				}
			}
		}
	})
}

func FuzzSplitEntries(f *testing.F) {
	for _, seed := range []string{"", "a", "a,b", " a , b ", "a,,b", "[a]", "'a,b'", "a b", "'a','b'", "\ufeffa", "a\x00b", "ada:hunter2@x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, problem := splitEntries(text)
		wantNoPieceOf(t, text, problem)
		for _, entry := range entries {
			if entry == "" || strings.ContainsAny(entry, ", \t\n\r") {
				t.Errorf("%q has the entry %q", text, entry)
			}
			wantNoPieceOf(t, entry, entryProblem(entry))
		}
	})
}
