// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package phrase words texts for one and for many: lists, counts, plurals and durations.
package phrase

import (
	"fmt"
	"strings"
	"time"
)

// Listed is how many names a text lists before it counts the rest.
const Listed = 20

// Bulleted returns names as a bulleted list of at most limit names.
func Bulleted(names []string, limit int) string {
	var text strings.Builder
	for i, name := range names {
		if i == limit {
			fmt.Fprintf(&text, "\n  and %d more", len(names)-limit)
			break
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString("  - " + name)
	}
	return text.String()
}

// Counted returns a number with its noun: "1 user", "2 users".
func Counted(n int, what string) string { return fmt.Sprintf("%d %s", n, Plural(n, what, what+"s")) }

// Plural returns the form for the number.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Joined returns names as part of a sentence, at most limit of them: "a, b and 3 more".
func Joined(names []string, limit int) string {
	switch n := len(names); {
	case n > limit:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:limit], ", "), n-limit)
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return strings.Join(names, "")
	}
}

// Duration returns a duration without the zeros at its end.
func Duration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
