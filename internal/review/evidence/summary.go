// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// Summary is the record in a line: "Not ready: 300 users, 21 change, 3 points stop the
// review".
func Summary(e *Evidence) string {
	changing := 0
	for i := range e.People {
		if e.People[i].Changes() {
			changing++
		}
	}
	line := string(e.Conclusion) + ": " + phrase.Counted(len(e.People), "user") + ", "
	switch {
	case e.PlanFailed:
		line += "who changes is not known"
	case changing == 1:
		line += "1 changes"
	default:
		line += fmt.Sprintf("%d change", changing)
	}
	switch stops := e.Stops(); stops {
	case 0:
	case 1:
		line += ", 1 point stops the review"
	default:
		line += fmt.Sprintf(", %d points stop the review", stops)
	}
	return line
}

// mostNamed is how many users a line names before it counts the rest.
const mostNamed = 3

// Stopping names what stops the review, in a line each, fit for a terminal.
func Stopping(e *Evidence) []string {
	var lines []string
	for _, p := range e.Points {
		if !p.Stops {
			continue
		}
		line := "stops: " + p.Title
		for i, who := range p.Who {
			switch {
			case i == mostNamed:
				line += fmt.Sprintf("; and %d more", len(p.Who)-i)
			case i == 0:
				line += ": " + who
			case i < mostNamed:
				line += "; " + who
			}
			if i == mostNamed {
				break
			}
		}
		if len(p.Who) == 0 && p.Text != "" {
			line += ": " + p.Text
		}
		lines = append(lines, Visible(line))
	}
	return lines
}

// Visible makes a text from outside fit for a terminal: what would move the cursor, turn
// the text around or stay unseen is named instead.
func Visible(text string) string { return plain(text) }
