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

// unwrap removes what editors, shells and pipeline variables add to a key: another
// encoding, quotes, escapes, base64. The result is the original key, or not a key at all.
func unwrap(text string) string {
	// No tool wraps a key more often than this.
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

// asUTF8 decodes UTF-16, as PowerShell writes it, and removes a byte order mark. It
// recognizes UTF-16 without one by the zero byte beside the first character of a key.
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

// isBlank reports whether a character may surround a key or occur in it without being a
// part of it.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == 0 || r == '\ufeff' || r == '\u200b' }

func trimmed(text string) string { return strings.TrimFunc(text, isBlank) }

// unquoted removes quotes of one kind. A text in double quotes may be a JSON string.
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

// unescaped decodes a JSON string that has lost its quotes. It leaves JSON objects alone,
// which contain quotes.
func unescaped(text string) string {
	var inner string
	if strings.Contains(text, `\`) && json.Unmarshal([]byte(`"`+lineBreaks.Replace(text)+`"`), &inner) == nil {
		return inner
	}
	return text
}

var blanks = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", `\r`, " ", `\n`, " ", `\t`, " ")

// onOneLine repairs JSON in which a shell replaced the \n in strings by line breaks, or
// escaped the line breaks between members.
func onOneLine(text string) string {
	if strings.HasPrefix(text, "{") && !json.Valid([]byte(text)) {
		if line := blanks.Replace(text); json.Valid([]byte(line)) {
			return line
		}
	}
	return text
}

// fromBase64 decodes a key that was encoded as a whole to fit into one word of a variable.
// A key that is cut off is decoded as far as it goes, so that the error can say so.
func fromBase64(text string) string {
	decoded, err := decodeBase64(text)
	inner := trimmed(asUTF8(string(decoded)))
	if strings.HasPrefix(inner, "-----BEGIN ") || err == nil && strings.HasPrefix(inner, "{") && json.Valid([]byte(inner)) {
		return inner
	}
	return text
}

var standardBase64 = strings.NewReplacer("-", "+", "_", "/")

// decodeBase64 decodes base64 of either alphabet, with or without padding and line breaks.
// On an error it also returns what comes before the fault.
func decodeBase64(text string) ([]byte, error) {
	text = strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, text)
	return base64.RawStdEncoding.DecodeString(standardBase64.Replace(strings.TrimRight(text, "=")))
}
