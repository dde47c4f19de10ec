// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/mail"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// addressSeeds are mistakes from CSV exports, copied cells and typing in a hurry.
var addressSeeds = []string{
	"ada@example.com", "Ada.Example+sso@Sub.Example.com", "o'hara@example.com", "ada@localhost", "jürgen@bücher.example", "ada", `EXAMPLE\ada`, "Ada Example",
	"", " ", "\t\r\n", "ada@example.com ", "\ufeffada@example.com", "ada\u200b@example.com", "ada\u00ad@example.com", "ada@example.com\x00", "ada\u2028@example.com",
	"ada\u3164@example.com", "ada\u00a0@example.com", "Ada <ada@example.com>", "<ada@example.com>", `"ada"@example.com`, `"a b"@example.com`, "ada@example.com,ben@example.com",
	"ada@example.com (work)", "ada@[127.0.0.1]", "@example.com", "ada@", "a@b@c", "ada@example..com", "all: ada@example.com;", "=?utf-8?q?ada?=@example.com",
	strings.Repeat("a", 243) + "@example.com",
}

// isUnseen reports whether a character has no width: control, format and separator
// characters, and fillers. An address has none of them.
func isUnseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// wantHarmlessProblem fails the test when a problem does not end the sentence
// `"ada@example.com" …` in one plain line.
func wantHarmlessProblem(t *testing.T, problem string) {
	t.Helper()
	if problem == "" || len(problem) > 120 || strings.ContainsFunc(problem, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("the problem is %q", problem)
	}
}

func wantUsername(t *testing.T, username string) {
	t.Helper()
	if username == "" || strings.TrimSpace(username) != username || strings.ContainsFunc(username, isUnseen) {
		t.Errorf("the username %q was accepted", username)
	}
}

func wantEmail(t *testing.T, email string) {
	t.Helper()
	wantUsername(t, email)
	parsed, err := mail.ParseAddress(email)
	if err != nil || *parsed != (mail.Address{Address: email}) || len(email) > 254 || strings.ContainsFunc(email, unicode.IsSpace) {
		t.Errorf("the email address %q was accepted: %v, %v", email, parsed, err)
	}
}

func FuzzParseImportID(f *testing.F) {
	for _, seed := range addressSeeds {
		for _, form := range []string{"", "email:", "username:", "Email:"} {
			f.Add(form + seed)
		}
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !utf8.ValidString(id) {
			t.Skip("Terraform's strings are UTF-8")
		}
		who, err := parseImportID(id)
		if err != nil {
			wantHarmlessProblem(t, err.Error())
			return
		}
		if problem := addressProblem(who); problem != "" {
			t.Errorf("%q is accepted as %q, which %s", id, who, problem)
		}
		form := "username:"
		if who.IsEmail() {
			form = "email:"
			wantEmail(t, who.String())
		} else {
			wantUsername(t, who.String())
		}
		if id != who.String() && id != form+who.String() {
			t.Errorf("%q is read as %s%s", id, form, who)
		}
		if again, err := parseImportID(form + who.String()); err != nil || again != who {
			t.Errorf("%q is read as %s%s, and that as %q, %v", id, form, who, again, err)
		}
	})
}
