// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package address

import (
	"net/mail"
	"strings"
	"testing"
	"unicode"
)

func TestEmailProblem(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"ada@example.com":                   "",
		"Ada.Example+sso@Sub.Example.com":   "",
		"+ada@example.com":                  "",
		"o'brien@example.com":               "",
		"'t.hart@example.com":               "",
		"a|b/c=d*e@example.com":             "",
		"ada@localhost":                     "",
		"ada@xn--bcher-kva.example":         "",
		"jürgen@bücher.example":             "",
		"ada@bu\u0308cher.example":          "",
		"ada@भारत.example":                  "",
		"":                                  "is empty",
		" ":                                 "is blank",
		"ada@example.com ":                  "has white space at its beginning or end",
		"\ufeffada@example.com":             "has an invisible character in it",
		"ada@exam\u00adple.com":             "has an invisible character in it",
		"ada":                               "has no @",
		"ada＠example.com":                   "has no @",
		"Ada <ada@example.com>":             "has white space in it",
		strings.Repeat("a", 250) + "@b.com": "is longer than the 254 characters of an email address",
		"'ada@example.com'":                 "is in quotes: remove the quotes",
		`"ada@example.com"`:                 "is in quotes: remove the quotes",
		"`ada@example.com`":                 "is in quotes: remove the quotes",
		"“ada@example.com”":                 "is in quotes: remove the quotes",
		"‘ada@example.com’":                 "is in quotes: remove the quotes",
		"«ada@example.com»":                 "is in quotes: remove the quotes",
		"„ada@example.com“":                 "is in quotes: remove the quotes",
		"ada@example.com'":                  "ends with a quote: remove the quote",
		"ada@example.com`":                  "ends with a quote: remove the quote",
		"ada@example.com”":                  "ends with a quote: remove the quote",
		"`ada@example.com":                  "begins with a quote: remove the quote",
		"“ada@example.com":                  "begins with a quote: remove the quote",
		"=ada@example.com":                  "begins with =, as a formula of a spreadsheet does",
		"ada@exam'ple.com":                  "has a quote in its domain",
		"ada@example.com|":                  "has | in its domain: use only letters, digits, hyphens and dots",
		"ada@example.com/":                  "has / in its domain: use only letters, digits, hyphens and dots",
		"ada@*.example.com":                 "has * in its domain: use only letters, digits, hyphens and dots",
		"ada@example.com;ben":               "has ; in its domain: use only letters, digits, hyphens and dots",
		"ada@example.com,":                  "has , in its domain: use only letters, digits, hyphens and dots",
		"<ada@example.com>":                 "has > in its domain: use only letters, digits, hyphens and dots",
		"ada@[127.0.0.1]":                   "has [ in its domain: use only letters, digits, hyphens and dots",
		"ada@example。com":                   "has U+3002 in its domain: use only letters, digits, hyphens and dots",
		"mailto:ada@example.com":            "is not of the form name@domain",
		"a@b@c":                             "is not of the form name@domain",
		"@example.com":                      "is not of the form name@domain",
		"ada@":                              "is not of the form name@domain",
		"ada@example..com":                  "is not of the form name@domain",
		"ada@example.com,ben@example.com":   "is not of the form name@domain",
	} {
		if got := EmailProblem(email); got != want {
			t.Errorf("%q %s; want: %s", email, got, want)
		}
	}
}

func TestUsernameProblem(t *testing.T) {
	t.Parallel()
	for username, want := range map[string]string{
		"ada":         "",
		`CORP\ada`:    "",
		"Ada Example": "",
		"o'brien":     "",
		"":            "is empty",
		"\t":          "is blank",
		"ada\r":       "has white space at its beginning or end",
		"a\u200bda":   "has an invisible character in it",
		"a\x00da":     "has an invisible character in it",
	} {
		if got := UsernameProblem(username); got != want {
			t.Errorf("%q %s; want: %s", username, got, want)
		}
	}
}

// seeds are what CSV exports, copied cells and hurried typing produce.
var seeds = []string{
	"ada@example.com", "Ada.Example+sso@Sub.Example.com", "o'hara@example.com", "ada@localhost", "jürgen@bücher.example", "ada", `EXAMPLE\ada`, "Ada Example",
	"", " ", "\t\r\n", "ada@example.com ", "\ufeffada@example.com", "ada\u200b@example.com", "ada\u00ad@example.com", "ada@example.com\x00", "ada\u2028@example.com",
	"ada\u3164@example.com", "ada\u00a0@example.com", "Ada <ada@example.com>", "<ada@example.com>", `"ada"@example.com`, `"a b"@example.com`, "ada@example.com,ben@example.com",
	"ada@example.com (work)", "ada@[127.0.0.1]", "@example.com", "ada@", "a@b@c", "ada@example..com", "all: ada@example.com;", "=?utf-8?q?ada?=@example.com",
	"'ada@example.com'", "“ada@example.com”", "`ada@example.com", "ada@example.com|", "=ada@example.com", "ada@exam➝ple.com",
	strings.Repeat("a", 243) + "@example.com",
}

// isUnseen reports whether a character has no width, which no address may contain: control,
// format and separator characters, and fillers.
func isUnseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// wantHarmlessProblem fails the test when a problem does not complete the sentence
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

func FuzzEmailProblem(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		if problem := EmailProblem(email); problem != "" {
			wantHarmlessProblem(t, problem)
			return
		}
		wantUsername(t, email)
		parsed, err := mail.ParseAddress(email)
		if err != nil || *parsed != (mail.Address{Address: email}) || len(email) > 254 || strings.ContainsFunc(email, unicode.IsSpace) {
			t.Errorf("the email address %q was accepted: %v, %v", email, parsed, err)
		}
		domain := email[strings.LastIndex(email, "@")+1:]
		if strings.ContainsAny(domain, "'\"`|/*<>[](){},;:=!#$%&^?\\~_+“”‘’«»") || strings.HasPrefix(email, "=") {
			t.Errorf("the email address %q was accepted", email)
		}
	})
}

func FuzzUsernameProblem(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, username string) {
		if problem := UsernameProblem(username); problem != "" {
			wantHarmlessProblem(t, problem)
			return
		}
		wantUsername(t, username)
	})
}
