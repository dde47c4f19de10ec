// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"testing"
	"time"
)

// The day of a decision changes no user: it is read as spreadsheets rewrite it, if it can
// be no other day.
func TestTheDayOfADecisionIsReadInManyForms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-27": "2026-11-27", "2026-11-27 00:00:00": "2026-11-27", "2026/11/27": "2026-11-27", "27.11.2026": "2026-11-27", "3. 1. 2026": "2026-01-03",
		"27/11/2026": "2026-11-27", "11/27/2026": "2026-11-27", "11/27/2026 0:00": "2026-11-27", "11/11/2026": "2026-11-11",
		"11/12/2026": "", "27/13/2026": "", "27/11/26": "", "11/27": "", "46353": "", "yesterday": "", "0226-11-27": "",
	} {
		day, wrong := readDecidedOn(text)
		if got := day.Format(time.DateOnly); (wrong == nil) != (want != "") || want != "" && got != want {
			t.Errorf("%s is read as %s (%v), want %q", text, got, wrong, want)
		}
	}
}
