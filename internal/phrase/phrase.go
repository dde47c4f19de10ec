// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package phrase says how a text speaks of one and of many.
package phrase

import (
	"fmt"
	"strings"
)

// Listed is how many a text names before it counts the rest.
const Listed = 20

// Bulleted lists names below each other, at most so many of them.
func Bulleted(names []string, most int) string {
	var text strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&text, "\n  and %d more", len(names)-most)
			break
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString("  - " + name)
	}
	return text.String()
}

// Counted counts: "1 user", "2 users".
func Counted(n int, what string) string { return fmt.Sprintf("%d %s", n, Plural(n, what, what+"s")) }

// Plural chooses by number.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Joined names them in a sentence, at most so many: "a, b and 3 more".
func Joined(names []string, most int) string {
	switch n := len(names); {
	case n > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n-most)
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return strings.Join(names, "")
	}
}
