// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// The end of access under another name than expires would be left alone, and access
// that was granted until a day would never end. So a column is refused by its name or,
// where the name is not known, by its cells.

var (
	// anEnd is a word that means an end wherever it is in a name; also written together
	// with its neighbours.
	anEnd = regexp.MustCompile(`expir|until|^valid(ity|to|till?|thru|through)?$|^(till?|thru)$`)
	// endAsOneWord is a name that was written without a sign between its words.
	endAsOneWord = regexp.MustCompile(`^(access|account|contract|user|license|licence)?(end(s|ing)?|term(ination)?|leav(e|ing)|exit|last|stop|due)(date|day|on|at|dt|time)$|^(access|account|contract)ends?$`)
	// endOf is a word that means an end as the last of a name, or before a word of time.
	endOf = regexp.MustCompile(`^(end(s|ed|ing)?|terminat(es|ed|ion)|leav(e|es|ing)|exit|departure|offboarding|deprovision(ing)?|revo(ke|ked|cation)|removal|deactivat(e|ion)|disable|cutoff|sunset|stops?|clos(e|es|ing)|due|lapses?|deadline)$`)
	// aTime is a word of time.
	aTime = regexp.MustCompile(`^(date|day|dt|on|at|after|time|timestamp|of)$`)
	// noEndBefore are words after which an end is none: front end, week end.
	noEndBefore = regexp.MustCompile(`^(front|back|week|high|low)$`)
)

// namesAnEnd reports whether the name of a column may well say until when access is
// granted.
func namesAnEnd(name string) bool {
	words := wordsOf(name)
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

// wordsOf splits a name into its words, in lower case: at signs and digits, and where
// a capital letter begins a word.
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

// noDay is what people write where they have no date.
var noDay = regexp.MustCompile(`(?i)^([^\p{L}\p{N}]*|n/?a|nil|null|none|no|never|open|unlimited|permanent|unknown|tb[ac])$`)

// columnsOfDates returns the columns that are not known by their names, and in which at least one cell
// has a date in it, and each other has none to give.
func (t *table) columnsOfDates() []string {
	var found []string
	for i, column := range t.header {
		if column == "" || isKnown(column) || namesAnEnd(t.written[i]) {
			continue
		}
		dates := 0
		for _, r := range t.rows {
			cell := strings.TrimSpace(unguarded(r.cells[i]))
			if noDay.MatchString(cell) {
				continue
			}
			if !isDate(cell) {
				dates = 0
				break
			}
			dates++
		}
		if dates > 0 {
			found = append(found, t.written[i])
		}
	}
	return found
}

var (
	timeOfDay   = regexp.MustCompile(`(?i)([ t,]|\bat\b)+\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?( ?[ap]\.?m\.?)?( ?([a-z]{3,4}|z|[+-]\d{1,2}:?(\d{2})?))*$`)
	weekday     = regexp.MustCompile(`^\p{L}{2,}\.?,? +(\d|\p{L}+\.? \d{1,2}\b)`)
	ordinal     = regexp.MustCompile(`(?i)\b(\d{1,2})(st|nd|rd|th)\b`)
	betweenDate = regexp.MustCompile(`[-/.,\s']+`)
	// dayInAnyLanguage is a day with the name of its month: 31 décembre 2026.
	dayInAnyLanguage = regexp.MustCompile(`^(\d{1,2}-(de-)?\p{L}{3,}|\p{L}{3,}-\d{1,2})-(de-)?(19|20)\d{2}$`)
	// dateLayouts are for dates whose parts are joined by hyphens.
	dateLayouts = []string{
		"2006-1-2", "2-1-2006", "1-2-2006", "2-1-06", "1-2-06", "06-1-2", "20060102", "2006-1", "1-2006",
		"2-Jan-2006", "2-January-2006", "2-Jan-06", "Jan-2-2006", "January-2-2006", "2006-Jan-2", "2006-January-2", "Jan-2006", "January-2006", "Jan-06", "2Jan2006", "2Jan06",
	}
)

// isDate reports whether a text is a date, in any of the usual ways to write one, with
// or without a time.
func isDate(text string) bool {
	if len(text) > 64 || !strings.ContainsAny(text, "0123456789") {
		return false
	}
	text = timeOfDay.ReplaceAllString(strings.TrimSpace(text), "")
	if weekday.MatchString(text) && !startsWithMonth(text) {
		_, text, _ = strings.Cut(text, " ")
	}
	text = ordinal.ReplaceAllString(strings.TrimSpace(text), "$1")
	text = strings.Trim(betweenDate.ReplaceAllString(text, "-"), "-")
	if dayInAnyLanguage.MatchString(text) {
		return true
	}
	return slices.ContainsFunc(dateLayouts, func(layout string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	})
}

// startsWithMonth reports whether a text begins with the English name of a month.
func startsWithMonth(text string) bool {
	if len(text) < 3 {
		return false
	}
	_, err := time.Parse("Jan", text[:3])
	return err == nil
}
