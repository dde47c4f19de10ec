// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// An end of access in a column with another name than expires would be ignored, and the
// access would never end. So a column is refused by its name or, if the name is unknown,
// by its cells (unknown_columns.go).

var (
	// anEnd matches words that mean an end anywhere in a name, also as part of a word.
	anEnd = regexp.MustCompile(`expir|until|^valid(ity|to|till?|thru|through)?$|^(till?|thru)$`)
	// endAsOneWord matches names that are written as one word.
	endAsOneWord = regexp.MustCompile(`^(access|account|contract|user|license|licence)?(end(s|ing)?|term(ination)?|leav(e|ing)|exit|last|stop|due)(date|day|on|at|dt|time)$|^(access|account|contract)ends?$`)
	// endOf matches words that mean an end at the end of a name, or before a word of time.
	endOf = regexp.MustCompile(`^(end(s|ed|ing)?|terminat(es|ed|ion)|leav(e|es|ing)|exit|departure|offboarding|deprovision(ing)?|revo(ke|ked|cation)|removal|deactivat(e|ion)|disable|cutoff|sunset|stops?|clos(e|es|ing)|due|lapses?|deadline|exp)$`)
	// aTime matches words of time.
	aTime = regexp.MustCompile(`^(date|day|dt|on|at|after|time|timestamp|of)$`)
	// noEndBefore matches words before end that give it another meaning: front end, week end.
	noEndBefore = regexp.MustCompile(`^(front|back|week|high|low)$`)
)

// namesAnEnd reports whether the name of a column probably means the end of access.
func namesAnEnd(name string) bool {
	words := wordsOf(name)
	if isEndInAnyLanguage(words) || isSlipOfExpires(strings.Join(words, "")) || slices.ContainsFunc(words, isSlipOfExpires) {
		return true
	}
	for i, word := range words {
		last := i == len(words)-1
		beforeTime := !last && aTime.MatchString(words[i+1])
		switch {
		case anEnd.MatchString(word), endAsOneWord.MatchString(word):
			return true
		case endOf.MatchString(word) && beforeTime:
			return true
		case strings.HasPrefix(word, "end") && endOf.MatchString(word) && last:
			return i == 0 || !noEndBefore.MatchString(words[i-1])
		case endOf.MatchString(word) && len(words) == 1:
			return true
		case (word == "last" || word == "final") && slices.ContainsFunc(words[i+1:], isDayOrDate) && !slices.ContainsFunc(words[i+1:], isSignIn):
			return true
		case (word == "good" || word == "active") && !last && (words[i+1] == "to" || words[i+1] == "through"):
			return true
		}
	}
	return false
}

func isDayOrDate(word string) bool { return word == "day" || word == "date" }

func isSignIn(word string) bool {
	return strings.HasPrefix(word, "sign") || strings.HasPrefix(word, "log") || strings.HasPrefix(word, "sync") || word == "seen"
}

// wordsOf splits a name into its words, in lower case: at punctuation and digits, and
// where a capital letter begins a word.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) {
			flush()
			continue
		}
		startsWord := unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) ||
			unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			flush()
		}
		word = append(word, r)
	}
	flush()
	return words
}
