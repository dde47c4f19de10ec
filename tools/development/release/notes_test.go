// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	t.Parallel()

	const title = "# Changelog\n\nAll changes.\n\n"
	for name, c := range map[string]struct{ changelog, want, err string }{
		"the newest version": {
			changelog: title + "## 0.2.0 (May 4, 2027)\n\nBUG FIXES:\n\n* provider: works\n\n## 0.1.0 (May 3, 2027)\n\n* old\n",
			want:      "BUG FIXES:\n\n* provider: works",
		},
		"the only version":           {changelog: title + "## 0.2.0 (May 4, 2027)\n\n* new\n", want: "* new"},
		"changes are not released":   {changelog: title + "## Unreleased\n\n* new\n\n## 0.2.0 (May 4, 2027)\n\n* old\n", err: `is "Unreleased"`},
		"another version is on top":  {changelog: title + "## 0.3.0 (May 4, 2027)\n\n* new\n", err: `is "0.3.0 (May 4, 2027)"`},
		"a longer version is on top": {changelog: title + "## 0.2.01 (May 4, 2027)\n\n* new\n", err: `is "0.2.01 (May 4, 2027)"`},
		"the date is missing":        {changelog: title + "## 0.2.0\n\n* new\n", err: "month day, year"},
		"the date has another form":  {changelog: title + "## 0.2.0 (2027-05-04)\n\n* new\n", err: `such as "May 4, 2027"`},
		"the date does not exist":    {changelog: title + "## 0.2.0 (February 30, 2027)\n\n* new\n", err: "day out of range"},
		"there is no text":           {changelog: title + "## 0.2.0 (May 4, 2027)\n\n## 0.1.0 (May 3, 2027)\n\n* old\n", err: "says nothing of 0.2.0"},
		"there is no version":        {changelog: title, err: "no heading"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := notes(c.changelog, "0.2.0")
			if got != c.want || !says(err, c.err) {
				t.Errorf("got %q, %v, want %q, %q", got, err, c.want, c.err)
			}
		})
	}
}

func TestVersionOf(t *testing.T) {
	t.Parallel()

	const refused = "is not a version such as v1.2.3"
	for tag, c := range map[string]struct{ want, err string }{
		"v1.2.3":         {"1.2.3", ""},
		"v10.20.30":      {"10.20.30", ""},
		"v1.2.3-rc.1":    {"1.2.3-rc.1", ""},
		"1.2.3":          {"", refused},
		"v1.2":           {"", refused},
		"v1.2.3.4":       {"", refused},
		"v1.2.3-":        {"", refused},
		"v1.2.3+build":   {"", refused},
		"v1.2.3\nv1.2.4": {"", refused},
		"version":        {"", refused},
	} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			got, err := versionOf(tag)
			if got != c.want || !says(err, c.err) {
				t.Errorf("got %q, %v, want %q, %q", got, err, c.want, c.err)
			}
		})
	}
}

// says reports whether an error has a text, or there is no error if the text is empty.
func says(err error, text string) bool {
	if err == nil || text == "" {
		return err == nil && text == ""
	}
	return strings.Contains(err.Error(), text)
}
