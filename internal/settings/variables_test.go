// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"slices"
	"testing"
)

func TestVariables(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"IDPLUS_ADMIN_API_URL", "IDPLUS_OAUTH_PRIVATE_KEY_FILE", "IDPLUS_MAX_CHANGES"} {
		if !slices.Contains(Variables, want) {
			t.Errorf("%s is missing in %v", want, Variables)
		}
	}
	for name, want := range map[string]string{
		"IDPLUS_CLIENT_ID": "IDPLUS_OAUTH_CLIENT_ID", "IDPLUS_ISSUER_URL": "IDPLUS_OAUTH_ISSUER_URL", "IDPLUS_ISSUER": "IDPLUS_OAUTH_ISSUER_URL",
		"IDPLUS_PRIVATE_KEY": "IDPLUS_OAUTH_PRIVATE_KEY", "IDPLUS_PRIVATE_KEY_FILE": "IDPLUS_OAUTH_PRIVATE_KEY_FILE", "IDPLUS_TOKEN": "IDPLUS_ACCESS_TOKEN",
		"IDPLUS_API_URL": "IDPLUS_ADMIN_API_URL", "IDPLUS_KEY_FILE": "IDPLUS_API_KEY_FILE", "IDPLUS_SCOPES": "IDPLUS_OAUTH_SCOPES",
		"IDPLUS_OAUTH_CLIENTID": "IDPLUS_OAUTH_CLIENT_ID", "IDPLUS_NONSENSE": "",
	} {
		if got := Meant(name); got != want {
			t.Errorf("%s: %q is meant, want %q", name, got, want)
		}
	}
}

func TestWarningsOfMistypedVariables(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		environ []string
		// ignoresCase is whether variables are read as Windows does.
		ignoresCase bool
		want        []string
	}{
		"a letter is missing":               {environ: []string{"IDPLUS_PROTECTED_USER=ada"}, want: []string{"IDPLUS_PROTECTED_USER"}},
		"letters are swapped":               {environ: []string{"IDPLUS_API_KEY_FLIE=k"}, want: []string{"IDPLUS_API_KEY_FLIE"}},
		"lower case":                        {environ: []string{"idplus_max_changes=5"}, want: []string{"idplus_max_changes"}},
		"lower case, on Windows":            {environ: []string{"idplus_max_changes=5"}, ignoresCase: true},
		"sorted":                            {environ: []string{"IDPLUS_MAX_CHANGE=5", "IDPLUS_API_KEYS=k"}, want: []string{"IDPLUS_API_KEYS", "IDPLUS_MAX_CHANGE"}},
		"empty":                             {environ: []string{"IDPLUS_MAX_CHANGE= "}},
		"names that the provider reads":     {environ: []string{"IDPLUS_MAX_CHANGES=5", "IDPLUS_PROTECTED_USERS=ada"}},
		"names of other programs":           {environ: []string{"IDPLUS_TEST_USER=ada", "IDPLUS_TENANT=acme", "IDPLUS_SCOPES=x", "IDPLUS_CLIENT_ID=x"}},
		"a similar name without the prefix": {environ: []string{"MAX_CHANGES=5", "XIDPLUS_MAX_CHANGES=5"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			getenv := func(string) string {
				if tc.ignoresCase {
					return "5"
				}
				return ""
			}
			var got []string
			for _, d := range WarnOfTypos(tc.environ, getenv) {
				got = append(got, d.Summary()[len("Environment variable is not read: "):])
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got warnings of %v, want %v", got, tc.want)
			}
		})
	}
}
