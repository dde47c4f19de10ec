// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
)

// piece is a part of a text from outside: unchanged, or, if it is odd, the name of a
// character that is invisible or changes how the text around it is read.
type piece struct {
	Text string
	Odd  bool
}

const (
	// longest is how many characters of a text are shown. A cell of a worksheet may contain a
	// million; evidence.json has all of them. It is enough for all problems of a row, since
	// the way out is at the end.
	longest = 5000
	// mostMarks is how many marks may be on one letter: more would cover the lines around it.
	// No script needs more.
	mostMarks = 4
)

// pieces splits a text from outside so that all of it is visible: an override of the
// direction becomes U+202E, a line break an arrow.
func pieces(text string) []piece {
	if isPlain(text) {
		return []piece{{Text: text}}
	}
	var found []piece
	add := func(text string, odd bool) {
		if last := len(found) - 1; last >= 0 && !odd && !found[last].Odd {
			found[last].Text += text
			return
		}
		found = append(found, piece{text, odd})
	}
	from, marks, shown := 0, 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if marks = marks + 1; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		name := nameOfOdd(r, size, text[i:])
		if name == "" && marks > mostMarks {
			name = fmt.Sprintf("%U", r)
		}
		if name != "" || shown == longest {
			if from < i {
				add(text[from:i], false)
			}
			from = i + size
		}
		if shown == longest {
			return append(found, piece{fmt.Sprintf("… and %d more", utf8.RuneCountInString(text[i:])), true})
		}
		switch name {
		case "", "\r":
		case "\t":
			add(" ", false)
		default:
			add(name, true)
		}
		i += size
		shown++
	}
	if from < len(text) {
		add(text[from:], false)
	}
	return found
}

// isPlain reports whether a text is short and has only visible ASCII characters.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return len(text) <= longest
}

// nameOfOdd returns what replaces the first character of a text; empty if the character is
// shown as it is.
func nameOfOdd(r rune, size int, text string) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("0x%02X", text[0])
	case r == '\n':
		return "↵"
	case r == '\t':
		return "\t"
	case r == '\r' && strings.HasPrefix(text, "\r\n"):
		return "\r"
	case address.IsInvisible(r), unicode.Is(unicode.Variation_Selector, r):
		return fmt.Sprintf("%U", r)
	}
	return ""
}

// plain returns a text from outside for output without markup for odd characters.
func plain(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	for _, p := range pieces(text) {
		if p.Odd {
			b.WriteString("⟨" + p.Text + "⟩")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}
