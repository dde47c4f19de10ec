// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "slices"

// kindWorksheets is the kind of mistakes in worksheets.
const kindWorksheets = "worksheets"

// stop adds a point that stops the review.
func (r *record) stop(kind, title, text string, who ...string) {
	r.Points = append(r.Points, Point{Kind: kind, Stops: true, Title: title, Text: text, Who: who})
}

// stopFor adds a point that stops the review, if it is about any user.
func (r *record) stopFor(who []string, kind, title, text string) {
	if len(who) > 0 {
		r.stop(kind, title, text, who...)
	}
}

// note adds a point that does not stop the review.
func (r *record) note(kind, title, text string, who ...string) {
	r.Points = append(r.Points, Point{Kind: kind, Title: title, Text: text, Who: who})
}

// noteFor adds a point that does not stop the review, if it is about any user.
func (r *record) noteFor(who []string, kind, title, text string) {
	if len(who) > 0 {
		r.note(kind, title, text, who...)
	}
}

// sortPoints sorts points that stop the review first, otherwise in the order in which they
// were found.
func (r *record) sortPoints() {
	slices.SortStableFunc(r.Points, func(a, b Point) int {
		switch {
		case a.Stops == b.Stops:
			return 0
		case a.Stops:
			return -1
		}
		return 1
	})
}

// people returns the addresses of the people for whom isMeant is true, with details.
func (r *record) people(isMeant func(*Person) bool, say func(*Person) string) []string {
	var who []string
	for i := range r.People {
		if p := &r.People[i]; isMeant(p) {
			line := p.Email
			if said := say(p); said != "" {
				line += ": " + said
			}
			who = append(who, line)
		}
	}
	return who
}

// detail and row are the usual details of a person.
func detail(p *Person) string { return p.Detail }
func row(p *Person) string    { return p.Row }

// fromTo writes a change as plans do.
func fromTo(from, to string) string {
	if from == "" {
		from = "no status"
	}
	if to == "" {
		to = "no status"
	}
	return from + " -> " + to
}
