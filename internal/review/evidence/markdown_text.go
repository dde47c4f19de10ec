// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// code returns a text from outside as a code span of a row: GitHub and GitLab ignore markup,
// mentions, links, keywords and references in it, and nothing ends the span or the cell.
func code(text string) string {
	const room = 120
	return codeWithin(room, text)
}

// codeWithin is code with another limit than that of a cell.
func codeWithin(room int, text string) string {
	text = plain(cut(text, room))
	text = strings.TrimSpace(strings.NewReplacer("`", "ˋ", "|", "¦").Replace(text))
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// prose returns a text that may contain something from outside, for use within a line: what
// is not a plain word becomes a code span. An entity would not help, since mentions and
// addresses are recognized after entities are decoded.
func prose(text string) string {
	const room = 600
	var b strings.Builder
	for word := range strings.FieldsSeq(cut(text, room)) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		core := strings.TrimLeft(word, "(")
		before := word[:len(word)-len(core)]
		core = strings.TrimRight(core, "),.;:?")
		after := word[len(before)+len(core):]
		if core != "" && !isWord(core) {
			core = code(core)
		}
		b.WriteString(before + core + after)
	}
	return b.String()
}

// heading returns a text from outside for use in a heading: either unchanged, if all of it
// is plain words, or as one code span.
func heading(text string) string {
	const room = 120
	text = strings.Join(strings.Fields(cut(text, room)), " ")
	if prose(text) == text {
		return text
	}
	return code(text)
}

// isWord reports whether programs treat a word as plain text: letters, a number or a date.
// PROJ-12 is an issue, 3f9c2b1 a commit.
func isWord(word string) bool {
	const longest, ofCommit = 30, 7
	if utf8.RuneCountInString(word) > longest {
		return false
	}
	for _, r := range word {
		if !unicode.IsLetter(r) && !isFigure(r) && !strings.ContainsRune("-,'’“”–…→", r) || nameOfOdd(r, utf8.RuneLen(r), string(r)) != "" {
			return false
		}
	}
	for segment := range strings.SplitSeq(word, "-") {
		if len(segment) >= ofCommit && strings.Trim(segment, "0123456789abcdefABCDEF") == "" {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(word)
	return first != '-' && (isFigure(first) || !strings.ContainsFunc(word, isFigure))
}

func isFigure(r rune) bool { return '0' <= r && r <= '9' }

// cut returns the beginning of a text, up to the end of a word if one is near, with an
// ellipsis if there is more.
func cut(text string, room int) string {
	const longestWord = 30
	n, space := 0, 0
	for i, r := range text {
		if n++; n > room {
			if space > 0 && i-space <= longestWord {
				i = space
			}
			return text[:i] + "…"
		}
		if r == ' ' {
			space = i
		}
	}
	return text
}
