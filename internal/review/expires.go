// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"regexp"
	"time"
)

// Ended reports whether access with this end has ended: after a day (in UTC), or from a
// moment on. An empty text is no end; a text that cannot be read is an error.
func Ended(expires string, at time.Time) (bool, error) {
	if expires == "" {
		return false, nil
	}
	end, wrong := readExpires(expires)
	if wrong != nil {
		return false, wrong
	}
	return end.hasPassed(at), nil
}

// when is a day, by its beginning in UTC, or a moment.
type when struct {
	time.Time
	isDay bool
}

// hasPassed reports whether a day is over, or a moment has come.
func (w when) hasPassed(at time.Time) bool {
	if w.isDay {
		return !at.Before(w.AddDate(0, 0, 1))
	}
	return !at.Before(w.Time)
}

// eastMost is the largest offset ahead of UTC.
const eastMost = 14 * time.Hour

// isAfter reports whether it is later in every time zone.
func (w when) isAfter(at time.Time) bool {
	if w.isDay {
		return w.Add(-eastMost).After(at)
	}
	return w.After(at)
}

// isBefore reports whether it is over before another begins. Days are compared as they
// are written.
func (w when) isBefore(other when) bool {
	switch {
	case w.isDay == other.isDay:
		return w.Before(other.Time)
	case w.isDay:
		return w.hasPassed(other.Time)
	default:
		return other.isAfter(w.Time)
	}
}

// readExpires reads the end of access. It must be written exactly, since it decides.
func readExpires(text string) (when, *fault) {
	if end, is := exactTime(text); is {
		return end, tooOld(columnExpires, text, end)
	}
	return when{}, notATime(columnExpires, text)
}

// readDecidedOn reads the day of a decision, also as spreadsheets rewrite it: it changes
// nothing. What could be another day as well is none.
func readDecidedOn(text string) (when, *fault) {
	day, is := exactTime(text)
	if !is {
		day, is = clearDay(text)
	}
	if !is {
		return when{}, notATime(columnDecidedOn, text)
	}
	return day, tooOld(columnDecidedOn, text, day)
}

// strictMoment is RFC 3339, of which time.Parse takes more: hours of one digit, and zones
// that do not exist.
var strictMoment = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// exactTime reads a day such as 2026-12-31, or a moment as in RFC 3339.
func exactTime(text string) (when, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return when{day, true}, true
	}
	moment, err := time.Parse(time.RFC3339, text)
	return when{moment, false}, err == nil && strictMoment.MatchString(text)
}

// withoutZone is a time of day beside a day, which spreadsheets add.
var withoutZone = regexp.MustCompile(`[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$`)

// clearDay reads a day that is unambiguous, although not written as required.
func clearDay(text string) (when, bool) {
	text = withoutZone.ReplaceAllString(text, "")
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2. 1. 2006", "2006/1/2"} {
		if day, err := time.Parse(layout, text); err == nil {
			return when{day, true}, true
		}
	}
	// If day and month cannot be confused, it does not matter which comes first.
	british, one := time.Parse("2/1/2006", text)
	american, other := time.Parse("1/2/2006", text)
	switch {
	case one == nil && (other != nil || british.Equal(american)):
		return when{british, true}, true
	case one != nil && other == nil:
		return when{american, true}, true
	}
	return when{}, false
}

// tooOld refuses a year with wrong digits.
func tooOld(column, text string, w when) *fault {
	if w.Year() >= 2000 {
		return nil
	}
	return &fault{kind: column + " too old", text: fmt.Sprintf("%s is %q, a year before 2000: correct the year", column, shown(text)), value: shown(text)}
}

// midnight is a time of day that adds nothing to a day.
var midnight = regexp.MustCompile(`[ T]0?0:00(:00(\.0+)?)?$`)

// notATime returns how to write a day.
func notATime(column, text string) *fault {
	const rewritten = "Spreadsheets rewrite dates: format the column as text first"
	hasTime := timeOfDay.MatchString(text) && !midnight.MatchString(text)
	switch day, is := clearDay(text); {
	case hasTime, !is && !isDate(text):
		return &fault{kind: column + " unknown", text: fmt.Sprintf("%s is %q, which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z", column, shown(text)), value: shown(text)}
	case is:
		return &fault{kind: column + " rewritten", text: fmt.Sprintf("%s is %q: write it as %s. %s", column, shown(text), day.Format(time.DateOnly), rewritten), value: shown(text)}
	default:
		return &fault{kind: column + " rewritten", text: fmt.Sprintf("%s is %q: write days as 2026-12-31. %s", column, shown(text), rewritten), value: shown(text)}
	}
}

// readTimes reads the days of a decision, and finds out whether access has ended.
func (e *Entry) readTimes(at time.Time) (wrong faults) {
	if e.Expires != "" && e.Decision == Remove {
		wrong.add("expires is only for keep and restore: clear it")
	}
	end, endWrong := when{}, (*fault)(nil)
	if e.Expires != "" {
		end, endWrong = readExpires(e.Expires)
		e.Ended = endWrong == nil && end.hasPassed(at) && e.Decision != Remove
		wrong.addIf(endWrong)
	}
	if e.DecidedOn == "" {
		return wrong
	}
	decided, dayWrong := readDecidedOn(e.DecidedOn)
	wrong.addIf(dayWrong)
	if dayWrong != nil {
		return wrong
	}
	if decided.isDay {
		e.DecidedOn = decided.Format(time.DateOnly)
	}
	// Terraform before 1.10 validates with a plantimestamp() that is zero; its plan has the
	// real one.
	if !at.IsZero() && decided.isAfter(at) {
		wrong.add("decided_on is %s, but the review is read on %s (in UTC): a decision cannot be in the future", e.DecidedOn, at.UTC().Format(time.DateOnly))
	}
	if e.Expires != "" && e.Decision != Remove && endWrong == nil && end.isBefore(decided) {
		wrong.add("expires is %s, but decided_on is %s: access cannot end before the decision. Correct one of them, or write remove", e.Expires, e.DecidedOn)
	}
	return wrong
}
