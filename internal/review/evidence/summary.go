// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// Summary returns the record in one line: "Not ready: 300 users, 21 changes, 3 points stop
// the review".
func Summary(e *Evidence) string {
	changes := 0
	for i := range e.People {
		if e.People[i].Changes() {
			changes++
		}
	}
	line := string(e.Conclusion) + ": " + phrase.Counted(len(e.People), "user") + ", "
	switch {
	case e.Conclusion == DiffersFromReview:
		return line + watch(e).words()
	case e.PlanFailed:
		line += "it is not known who changes"
	case changes == 0:
		line += "no change"
	default:
		line += phrase.Counted(changes, "change")
	}
	if stops := e.Stops(); stops > 0 {
		line += fmt.Sprintf(", %d %s", stops, phrase.Plural(stops, "point stops the review", "points stop the review"))
	}
	return line
}

// mostNamed is how many users a line names before it counts the rest.
const mostNamed = 3

// Lines returns the points for a terminal, each in one line: those that stop the review, and
// the notes.
func Lines(e *Evidence) (stops, notes []string) {
	for i := range e.Points {
		if p := &e.Points[i]; p.Stops {
			stops = append(stops, Visible("stops: "+p.line()))
		} else {
			notes = append(notes, Visible("note: "+p.line()))
		}
	}
	return stops, notes
}

func (p *Point) line() string {
	if len(p.Who) == 0 {
		return strings.TrimSuffix(p.Title+": "+p.Text, ": ")
	}
	named := p.Who[:min(len(p.Who), mostNamed)]
	line := fmt.Sprintf("%s (%d): %s", p.Title, len(p.Who), strings.Join(named, "; "))
	if more := len(p.Who) - len(named); more > 0 {
		line += fmt.Sprintf("; and %d more", more)
	}
	return line
}

// Visible makes a text from outside safe for a terminal: it names characters that would move
// the cursor, reverse the text or stay invisible.
func Visible(text string) string { return plain(text) }
