// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package address finds what is wrong with an email address or a username, such as what a
// CSV export, a copied cell or a quoted variable adds to it. It is strict where an address
// can never be right: an address that no user has protects no user, and a review takes it
// for a deleted user.
package address

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// EmailProblem returns what is wrong with an email address, as the end of a sentence that
// begins with the address, or an empty string.
func EmailProblem(email string) string {
	if problem := UsernameProblem(email); problem != "" {
		return problem
	}
	at := strings.LastIndex(email, "@")
	quotes := QuoteProblem(email)
	if quotes == beginsWithQuote && email[0] == '\'' {
		quotes = "" // An apostrophe may begin a name: 't.hart@example.com.
	}
	switch {
	case quotes != "":
		return quotes
	case email[0] == '=':
		return "begins with =, as a formula of a spreadsheet does"
	case at < 0:
		return "has no @"
	case strings.ContainsFunc(email, unicode.IsSpace):
		return "has white space in it"
	case len(email) > 254:
		return "is longer than the 254 characters of an email address"
	}
	if problem := domainProblem(email[at+1:]); problem != "" {
		return problem
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Name != "" || parsed.Address != email {
		return "is not of the form name@domain"
	}
	return ""
}

// domainProblem refuses characters that RFC 5322 allows in a domain but that no domain of
// the internet has: quotes, pipes, slashes, wildcards. Letters need not be ASCII.
func domainProblem(domain string) string {
	i := strings.IndexFunc(domain, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '-' && r != '.'
	})
	if i < 0 {
		return ""
	}
	switch r, _ := utf8.DecodeRuneInString(domain[i:]); {
	case isQuote(r):
		return "has a quote in its domain"
	case r > '~':
		return fmt.Sprintf("has %U in its domain: use only letters, digits, hyphens and dots", r)
	default:
		return fmt.Sprintf("has %c in its domain: use only letters, digits, hyphens and dots", r)
	}
}

// UsernameProblem returns what is wrong with a username, or an empty string. The API's own
// rules are not documented, so only what can never be right is refused.
func UsernameProblem(username string) string {
	switch {
	case username == "":
		return "is empty"
	case strings.TrimSpace(username) == "":
		return "is blank"
	case strings.TrimSpace(username) != username:
		return "has white space at its beginning or end"
	case strings.ContainsFunc(username, IsInvisible):
		return "has an invisible character in it"
	}
	return ""
}

// PartProblem returns what is wrong with a search term, a part of an email address, or an
// empty string.
func PartProblem(part string) string {
	problem := UsernameProblem(part)
	if problem == "" && strings.Contains(part, "*") {
		return "has a wildcard in it, but wildcards are taken literally"
	}
	return problem
}

const beginsWithQuote = "begins with a quote: remove the quote"

// QuoteProblem reports quotes around a text, or a quote at one end, which a variable has
// when no shell removed them. Otherwise it returns an empty string.
func QuoteProblem(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case isQuote(first) && isQuote(last):
		return "is in quotes: remove the quotes"
	case isQuote(first):
		return beginsWithQuote
	case isQuote(last):
		return "ends with a quote: remove the quote"
	}
	return ""
}

// IsInvisible reports whether a character is a control character, a line
// separator, or what a copied cell brings along: a byte order mark, a zero-width
// space, a filler.
func IsInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// isQuote reports whether a character is a quotation mark, straight or typographic, or a back-tick.
func isQuote(r rune) bool {
	switch r {
	case '\'', '"', '`', '´', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›':
		return true
	}
	return false
}
