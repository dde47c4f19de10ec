// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

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
