// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the same text for two names that the API is assumed to treat as equal: names
// that differ only in case, or in how their letters are composed (é as one character or as
// two). It folds exactly what strings.EqualFold does once both names are in Unicode NFC: İ
// and i remain two letters, the Kelvin sign and k are one. Use the result only for
// comparisons, never to show or send it.
func Fold(name string) string {
	capital := false
	for i := range len(name) {
		switch c := name[i]; {
		case c >= utf8.RuneSelf:
			return strings.Map(foldRune, norm.NFC.String(name))
		case 'A' <= c && c <= 'Z':
			capital = true
		}
	}
	if !capital {
		return name
	}
	return strings.ToLower(name)
}

// SameName reports whether two names are equal after Fold.
func SameName(a, b string) bool { return a == b || Fold(a) == Fold(b) }

// foldRune returns one rune for all runes that differ only in case: the lower-case letter
// if it is ASCII, else the smallest, so that most names stay as they are.
func foldRune(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}
