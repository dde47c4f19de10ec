// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someManifest = Manifest{
	Format: 1, Tenant: "https://acme.example/AdminInterface/restapi", ReadAt: "2026-10-01T08:00:00Z",
	Scope: Scope{EmailContains: "@", IdentitySources: []string{"R&D <Berlin>"}}, TotalByAPI: 3, Users: 2,
	SHA256: SumOf("id,email\n"), ProviderVersion: "0.1.0",
	Shared: []SharedAddress{{Email: "ada@example.com", IDs: []string{"2", "1"}}},
}

func TestManifestIsReadAsWritten(t *testing.T) {
	t.Parallel()
	text := someManifest.JSON()
	read, err := ReadManifest([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&someManifest, read); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(text, "}\n") || !strings.Contains(text, `"R&D <Berlin>"`) {
		t.Errorf("the text is not for people: %s", text)
	}
	if text := (Manifest{}).JSON(); strings.Contains(text, "null") || !strings.Contains(text, `"format": 1,`) {
		t.Errorf("a list is null, or the format is missing: %s", text)
	}
}

func TestManifestRefusesWhatNoRosterHas(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ old, instead, want string }{
		"another format":              {`"format": 1`, `"format": 2`, "has format 2, and this version of the provider reads format 1"},
		"no format":                   {`"format": 1,`, ``, "it has no format"},
		"an unknown property":         {`"users"`, `"people"`, `unknown field "people"`},
		"a time without a zone":       {`08:00:00Z`, `08:00:00`, "read_at is not a time"},
		"no tenant":                   {`https://acme.example/AdminInterface/restapi`, ``, "tenant is missing"},
		"no scope":                    {`"email_contains": "@",`, ``, "scope.email_contains is missing"},
		"more users than counted":     {`"users": 2`, `"users": 4`, "users is not a number from 0 to total_by_api"},
		"fewer users than none":       {`"users": 2`, `"users": -1`, "users is not a number from 0 to total_by_api"},
		"a cut sum":                   {someManifest.SHA256, someManifest.SHA256[1:], "sha256 is not a sum"},
		"an address of one user":      {`"2",`, ``, "shared has an entry"},
		"a number that is a text":     {`"users": 2`, `"users": "2"`, "cannot unmarshal string"},
		"a text after the end":        {"\n}\n", "\n}\n{}", "it is not the manifest of a roster"},
		"an end that is missing":      {"\n}\n", "\n", "unexpected end"},
		"a file of another kind":      {someManifest.JSON(), "id,email\n", "invalid character"},
		"a list in place of a roster": {someManifest.JSON(), "[]", "cannot unmarshal array"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(someManifest.JSON(), tc.old, tc.instead, 1)
			if text == someManifest.JSON() {
				t.Fatalf("%s is not in %s", tc.old, text)
			}
			m, err := ReadManifest([]byte(text))
			if err == nil || m != nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, and %v", m, err)
			}
		})
	}
}
