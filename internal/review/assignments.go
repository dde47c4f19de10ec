// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Assignments assign users to reviewers.
type Assignments struct {
	// Column is the column that names the users: identity_source or email.
	Column string
	Lines  []Assignment
	byKey  map[string]int
}

// Assignment is a line of a list of reviewers.
type Assignment struct {
	// About is the identity source or the address to review.
	About, Reviewer string
	Line            int
}

var reviewerList = sheet{
	what:     "a list of reviewers",
	columns:  []string{columnIdentitySource + " (or " + columnEmail + ")", columnReviewer},
	required: []string{columnReviewer},
}

// ReadAssignments reads a list of reviewers: a CSV file with the columns identity_source
// and reviewer, or email and reviewer. Its error is a ProblemsError.
func ReadAssignments(file File) (*Assignments, error) {
	var found problems
	t := readTable(file, reviewerList, &found)
	if t == nil {
		return nil, found.err()
	}
	a := &Assignments{byKey: map[string]int{}}
	_, bySource := t.columns[columnIdentitySource]
	_, byEmail := t.columns[columnEmail]
	switch {
	case bySource == byEmail:
		found.add(file.Name, t.line, "the header must be identity_source,reviewer or email,reviewer")
		return nil, found.err()
	case bySource:
		a.Column = columnIdentitySource
	default:
		a.Column = columnEmail
	}
	for _, r := range t.rows {
		found.addRow(r, a.read(r))
	}
	if len(t.rows) == 0 && t.whole {
		found.add(file.Name, 0, "there is no line about a reviewer")
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return a, nil
}

// read adds a line, and returns what is wrong with it.
func (a *Assignments) read(r row) (wrong faults) {
	line := Assignment{About: r.cell(a.Column), Reviewer: r.cell(columnReviewer), Line: r.line}
	if line.About == "" {
		wrong.add("there is no %s", a.Column)
	}
	if line.Reviewer == "" {
		wrong.add("there is no reviewer")
	}
	key := a.key(line.About)
	if first, twice := a.byKey[key]; twice && line.About != "" {
		wrong.add("%q is already on line %d. Keep one of the two lines", shown(line.About), a.Lines[first].Line)
	} else {
		a.byKey[key] = len(a.Lines)
	}
	a.Lines = append(a.Lines, line)
	return wrong
}

// key returns the key of a line. Names of identity sources are case-sensitive, addresses
// are not.
func (a *Assignments) key(about string) string {
	if a.Column == columnEmail {
		return cloudadmin.Fold(about)
	}
	return about
}

// Of returns the line about a user, if there is one.
func (a *Assignments) Of(user User) (Assignment, bool) {
	about := user.IdentitySource
	if a.Column == columnEmail {
		about = user.Email
	}
	i, is := a.byKey[a.key(about)]
	if !is {
		return Assignment{}, false
	}
	return a.Lines[i], true
}
