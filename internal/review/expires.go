// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"time"
)

// Ended reports whether access that expires then has ended: after a day (in UTC), or
// from a moment on. Nothing is no end; what cannot be read is an error.
func Ended(expires string, at time.Time) (bool, error) {
	if expires == "" {
		return false, nil
	}
	begins, isDay, err := parseTime(expires)
	if err != nil {
		return false, fmt.Errorf("expires %w", err)
	}
	if isDay {
		begins = begins.AddDate(0, 0, 1)
	}
	return !at.Before(begins), nil
}

// parseTime reads a day, of which it returns the beginning in UTC, or a moment. Its
// error is the end of a sentence.
func parseTime(text string) (begins time.Time, isDay bool, err error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, true, nil
	}
	if moment, err := time.Parse(time.RFC3339, text); err == nil {
		return moment, false, nil
	}
	text = shown(text)
	if isDate(text) {
		return time.Time{}, false, fmt.Errorf("is %q: write it as 2026-12-31. Spreadsheets rewrite dates: format the column as text first", text)
	}
	return time.Time{}, false, fmt.Errorf("is %q, which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z", text)
}
