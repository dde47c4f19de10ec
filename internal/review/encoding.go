// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A spreadsheet that reads UTF-8 in another encoding, or saves in one that lacks a
// character, changes all texts of a file in the same way.

// singleByte are the encodings that UTF-8 is mistaken for. They have a character for each
// byte.
var singleByte = []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_1}

// isSameText reports whether a cell shows a text, regardless of case and of the space
// between words, also after a wrong encoding has changed exactly that text.
func isSameText(cell, text string) bool {
	if sameWords(cell, text) {
		return true
	}
	if isASCII(text) {
		return false
	}
	if isLostFrom(text, cell) {
		return true
	}
	for _, encoding := range singleByte {
		if misread, err := encoding.NewDecoder().String(text); err == nil && isLostFrom(misread, cell) {
			return true
		}
	}
	return false
}

// sameWords compares texts regardless of case and of the space between words.
func sameWords(a, b string) bool { return a == b || words(a) == words(b) }

func words(text string) string { return cloudadmin.Fold(strings.Join(strings.Fields(text), " ")) }

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// isLostFrom reports whether a cell is a text that may have lost characters: it has a
// question mark, or one for each byte, where the text has a character beyond ASCII.
func isLostFrom(text, cell string) bool {
	var pattern strings.Builder
	pattern.WriteString("^")
	for _, r := range words(text) {
		if r < utf8.RuneSelf {
			pattern.WriteString(regexp.QuoteMeta(string(r)))
		} else {
			pattern.WriteString("(?:" + regexp.QuoteMeta(string(r)) + "|[?\ufffd]{1,4})")
		}
	}
	lost, err := regexp.Compile(pattern.String() + "$")
	return err == nil && lost.MatchString(words(cell))
}

// meantBy returns the original of a text that was read in a wrong encoding; empty if the
// text does not look like that.
func meantBy(text string) string {
	for _, encoding := range singleByte {
		if meant, err := encoding.NewEncoder().String(text); err == nil && !isASCII(text) && utf8.ValidString(meant) {
			return meant
		}
	}
	return ""
}

// encodingHint returns the likely remedy of a text that was read in a wrong encoding.
func encodingHint(text string) string {
	switch meant := meantBy(text); {
	case meant != "":
		return ". It looks like " + shown(meant) + " in a wrong encoding: open the file as UTF-8, and save it as CSV UTF-8"
	case strings.Contains(text, "\ufffd"):
		return ". Characters were lost in a wrong encoding: open the file as UTF-8, and save it as CSV UTF-8"
	}
	return ""
}
