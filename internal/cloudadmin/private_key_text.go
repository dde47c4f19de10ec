// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"

	unicodeenc "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// unwrap takes off what a key picks up on its way through editors, shells and
// variables of a pipeline: another encoding, quotes, escapes, base64. What is
// left is a key as it was made, or no key.
func unwrap(text string) string {
	// No way of a key wraps it more often than this.
	for range 6 {
		inner := text
		for _, step := range []func(string) string{asUTF8, trimmed, unquoted, unescaped, onOneLine, fromBase64} {
			inner = step(inner)
		}
		if inner == text {
			break
		}
		text = inner
	}
	return text
}

// asUTF8 reads UTF-16, as PowerShell writes it, and takes off a byte order mark.
// UTF-16 without one is known by the zero beside the first character of a key.
func asUTF8(text string) string {
	if len(text) >= 2 && strings.IndexByte(`-{["`, text[0]) >= 0 && text[1] == 0 {
		text = "\xff\xfe" + text
	} else if len(text) >= 2 && text[0] == 0 && strings.IndexByte(`-{["`, text[1]) >= 0 {
		text = "\xfe\xff" + text
	}
	if decoded, _, err := transform.String(unicodeenc.BOMOverride(transform.Nop), text); err == nil {
		return decoded
	}
	return text
}

// isBlank reports whether a character may stand around or in a key without being
// a part of it.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == 0 || r == '\ufeff' || r == '\u200b' }

func trimmed(text string) string { return strings.TrimFunc(text, isBlank) }

// unquoted takes off quotes of one kind. A text in double quotes may be a string
// of JSON.
func unquoted(text string) string {
	var inner string
	if strings.HasPrefix(text, `"`) && json.Unmarshal([]byte(text), &inner) == nil {
		return inner
	}
	for _, quotes := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}} {
		inner, begins := strings.CutPrefix(text, quotes[0])
		if inner, ends := strings.CutSuffix(inner, quotes[1]); begins && ends {
			return inner
		}
	}
	return text
}

var lineBreaks = strings.NewReplacer("\r", `\r`, "\n", `\n`, "\t", `\t`)

// unescaped reads a string of JSON that has lost its quotes. JSON itself is none:
// it has quotes within.
func unescaped(text string) string {
	var inner string
	if strings.Contains(text, `\`) && json.Unmarshal([]byte(`"`+lineBreaks.Replace(text)+`"`), &inner) == nil {
		return inner
	}
	return text
}

var blanks = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", `\r`, " ", `\n`, " ", `\t`, " ")

// onOneLine mends JSON in which a shell has made line breaks of the \n in its
// strings, or has escaped those between its members.
func onOneLine(text string) string {
	if strings.HasPrefix(text, "{") && !json.Valid([]byte(text)) {
		if line := blanks.Replace(text); json.Valid([]byte(line)) {
			return line
		}
	}
	return text
}

// fromBase64 reads a key that was encoded as a whole, to be one word of a variable.
// What is cut off decodes up to there, for the error to say so.
func fromBase64(text string) string {
	decoded, err := decodeBase64(text)
	inner := trimmed(asUTF8(string(decoded)))
	if strings.HasPrefix(inner, "-----BEGIN ") || err == nil && strings.HasPrefix(inner, "{") && json.Valid([]byte(inner)) {
		return inner
	}
	return text
}

var standardBase64 = strings.NewReplacer("-", "+", "_", "/")

// decodeBase64 reads base64 of either alphabet, padded or not, broken into lines
// or not. With an error it returns what comes before the fault.
func decodeBase64(text string) ([]byte, error) {
	text = strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, text)
	return base64.RawStdEncoding.DecodeString(standardBase64.Replace(strings.TrimRight(text, "=")))
}
