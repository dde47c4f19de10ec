// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// looksLikeAPath matches the name of a file where its text belongs.
var looksLikeAPath = regexp.MustCompile(`^[^\n,;\t]*([/\\][^\n,;\t]*|\.(csv|tsv|txt|xlsx?|ods))$`)

// looksLikeBase64 matches a text without any separator, such as filebase64 returns.
var looksLikeBase64 = regexp.MustCompile(`^[A-Za-z0-9+/]{40,}={0,2}$`)

// textProblem returns why a text cannot be CSV, whatever its columns, and the line; empty
// if it can.
func textProblem(text string) (line int, problem string) {
	const save = "Save it as CSV in UTF-8"
	body := strings.TrimPrefix(text, byteOrderMark)
	lineOf := func(offset int) int { return 1 + strings.Count(text[:offset], "\n") }
	firstLine, _, _ := strings.Cut(body, "\n")
	switch nul := strings.IndexByte(text, 0); {
	case strings.TrimSpace(body) == "":
		return 0, "the file is empty"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return 0, "the file is UTF-16. " + save
	case strings.HasPrefix(text, "PK\x03\x04"):
		return 0, "the file is a workbook or another archive, not CSV. " + save
	case !utf8.ValidString(text):
		return lineOf(invalidAt(text)), "it is not UTF-8. Spreadsheets write other encodings too: save the file as CSV in UTF-8"
	case nul >= 0:
		return lineOf(nul), "it contains a NUL byte, as UTF-16 and damaged files do. " + save
	case looksLikeAPath.MatchString(strings.TrimSpace(body)):
		return 0, fmt.Sprintf("%q is not CSV. Pass the text of the file: file(%q)", shown(body), shown(body))
	case strings.HasPrefix(strings.ToLower(strings.Trim(firstLine, `" `)), "sep="):
		return 1, fmt.Sprintf("%q is a line for spreadsheets. Remove it: the separator is recognized from the header", strings.TrimSpace(firstLine))
	case strings.Contains(strings.TrimRight(firstLine, "\r"), "\r"):
		return 1, "the lines end with carriage returns only. " + save
	case looksLikeBase64.MatchString(text):
		return 0, "it is base64, not CSV. Use file(), not filebase64(). If Terraform then reports that the file is not valid UTF-8: save it as CSV in UTF-8"
	case !strings.HasSuffix(text, "\n"):
		return lineOf(len(text)), "the last line has no line break: the file may be cut off. If it is complete (some programs leave the last line break out), add one"
	}
	return 0, ""
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return len(text)
}

// shown returns what a problem quotes of a text.
func shown(text string) string {
	text = strings.TrimSpace(text)
	const most = 200
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
