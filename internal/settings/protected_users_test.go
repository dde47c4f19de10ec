// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"slices"
	"strings"
	"testing"
)

// withToken returns a configuration in which nothing else is missing.
func withToken(attributes map[string]any) map[string]any {
	all := map[string]any{"admin_api_url": testURL, "access_token": "token"}
	for name, value := range attributes {
		all[name] = value
	}
	return all
}

func TestProtectedUsersAccepted(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"breakglass@example.com", "Break.Glass+1@Sub.Example.com", "o'brien@example.com", "ada@localhost", "3f2504e04f8941d39a0c0305e82c3301@example.com", "jürgen@bücher.example",
		"root", "break-glass", "ada.lovelace", `CORP\ada`, "o'brien", "jürgen", "ada_l", "ada$admin",
	} {
		found, diags := read(t, nil, withToken(map[string]any{"protected_users": []any{entry}}))
		if len(diags) > 0 || !slices.Equal(found.Protected, []string{entry}) {
			t.Errorf("%s is read as %q: %v", entry, found.Protected, diags)
		}
	}
	for text, want := range map[string][]string{
		"":                              nil,
		" \n ":                          nil,
		"root":                          {"root"},
		"root@example.com,ada":          {"root@example.com", "ada"},
		" root@example.com ,\r\n\tada ": {"root@example.com", "ada"},
		"root@example.com ada\nben":     {"root@example.com", "ada", "ben"},
	} {
		found, diags := read(t, map[string]string{"IDPLUS_PROTECTED_USERS": text}, withToken(nil))
		if len(diags) > 0 || !slices.Equal(found.Protected, want) {
			t.Errorf("%q is read as %q, want %q: %v", text, found.Protected, want, diags)
		}
	}
}

// An entry that cannot be the name of a user would protect no user.
func TestProtectedUsersRefused(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"":                           `"" is empty`,
		" ":                          `" " is blank`,
		" root@example.com":          `" root@example.com" has white space at its beginning or end`,
		"root@example.com\r":         `"root@example.com\r" has white space at its beginning or end`,
		"Break Glass":                `"Break Glass" has white space in it`,
		"root@exam\u00adple.com":     `"root@exam\u00adple.com" has an invisible character in it`,
		"\ufeffroot@example.com":     `"\ufeffroot@example.com" has an invisible character in it`,
		"ro\x00ot":                   `"ro\x00ot" has an invisible character in it`,
		"'root@example.com'":         `"'root@example.com'" is in quotes: remove the quotes`,
		`"root@example.com"`:         `"\"root@example.com\"" is in quotes: remove the quotes`,
		"`root@example.com`":         "\"`root@example.com`\" is in quotes: remove the quotes",
		"“root@example.com”":         `"“root@example.com”" is in quotes: remove the quotes`,
		"‘root@example.com’":         `"‘root@example.com’" is in quotes: remove the quotes`,
		"«root@example.com»":         `"«root@example.com»" is in quotes: remove the quotes`,
		"'root'":                     `"'root'" is in quotes: remove the quotes`,
		"'root@example.com":          `"'root@example.com" begins with a quote: remove the quote`,
		"root@example.com'":          `"root@example.com'" ends with a quote: remove the quote`,
		"“root":                      `"“root" begins with a quote: remove the quote`,
		"root`":                      "\"root`\" ends with a quote: remove the quote",
		"root@exam'ple.com":          `"root@exam'ple.com" has a quote in its domain`,
		"root@example.com|":          `"root@example.com|" has | in its domain`,
		"root@example.com/":          `"root@example.com/" has / in its domain`,
		"root@example.com=":          `"root@example.com=" has = in its domain`,
		"=root@example.com":          `"=root@example.com" begins with =`,
		"*@example.com":              `"*@example.com" has * in it, and there are no wildcards`,
		"root@*.example.com":         `"root@*.example.com" has * in it, and there are no wildcards`,
		"root*":                      `"root*" has * in it, and there are no wildcards`,
		"<root@example.com>":         `"<root@example.com>" has < in it`,
		"[root]":                     `"[root]" has [ in it`,
		"{{root}}":                   `"{{root}}" has { in it`,
		"root@example.com(work)":     `"root@example.com(work)" has ( in it`,
		"root@example.com,ada@a.com": `"root@example.com,ada@a.com" has , in it`,
		"root@example.com;":          `"root@example.com;" has ; in it`,
		"mailto:root@example.com":    `"mailto:root@example.com" is not of the form name@domain`,
		"root＠example.com":           `"root＠example.com" has a full-width @ in it`,
		"@example.com":               `"@example.com" is not of the form name@domain`,
		"root@":                      `"root@" is not of the form name@domain`,
	} {
		_, diags := read(t, nil, withToken(map[string]any{"protected_users": []any{"ben@example.com", entry}}))
		wantOne(t, diags, "protected_users cannot be used: "+want, "Each entry is an email address or a username of one user.")
		if strings.ContainsAny(entry, ", \r\ufeff") || entry == "" {
			continue // In the environment, that separates.
		}
		_, diags = read(t, map[string]string{"IDPLUS_PROTECTED_USERS": "ben@example.com, " + entry + ", root"}, withToken(nil))
		wantOne(t, diags, "IDPLUS_PROTECTED_USERS cannot be used: "+want, "Each entry is")
	}

	_, diags := read(t, nil, withToken(map[string]any{"protected_users": []any{nil}}))
	wantOne(t, diags, `"" is empty`)

	for text, want := range map[string]string{
		"'breakglass@example.com'": `"'breakglass@example.com'" is in quotes: remove the quotes`,
		"'a@x.com,b@x.com'":        "the list is in quotes: remove the quotes",
		"“a@x.com, b@x.com”":       "the list is in quotes: remove the quotes",
		`"root ada"`:               "the list is in quotes: remove the quotes",
		"'a@x.com,b@x.com":         "the list begins with a quote: remove the quote",
		"a@x.com,b@x.com'":         "the list ends with a quote: remove the quote",
		`["a@x.com","b@x.com"]`:    "it is in brackets: write the entries without brackets and quotes, separated by commas",
		"a@x.com,,b@x.com":         "it has an empty entry: there is nothing before or after a comma",
		"a@x.com,":                 "it has an empty entry",
		",a@x.com":                 "it has an empty entry",
		",":                        "it has an empty entry",
		"a@x.com;b@x.com":          `"a@x.com;b@x.com" has ; in it`,
	} {
		_, diags := read(t, map[string]string{"IDPLUS_PROTECTED_USERS": text}, withToken(nil))
		wantOne(t, diags, "IDPLUS_PROTECTED_USERS cannot be used: "+want)
	}
	_, diags = read(t, map[string]string{"IDPLUS_PROTECTED_USERS": "'a@x.com','b@x.com'"}, withToken(nil))
	if diags.ErrorsCount() != 2 || !strings.Contains(diags[0].Detail(), `"'a@x.com'" is in quotes`) || !strings.Contains(diags[1].Detail(), `"'b@x.com'" is in quotes`) {
		t.Errorf("two entries in quotes: %v", diags)
	}
}
