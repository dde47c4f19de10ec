// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// worksheet is a worksheet of a new review.
type worksheet struct {
	// name is the name of its file, without the extension.
	name string
	// reviewer is empty if the reviewer fills that in.
	reviewer string
	users    []review.User
}

func (w worksheet) path() string { return sheetsName + "/" + w.name + ".csv" }

// assigner splits the users of a roster into worksheets. Its notes are for a person to
// check.
type assigner func(users []review.User) (sheets []worksheet, notes []string)

const unassignedName = "unassigned"

// bySource makes a worksheet for each identity source.
func bySource(users []review.User) (sheets []worksheet, notes []string) {
	bySource := map[string][]review.User{}
	for _, user := range users {
		bySource[user.IdentitySource] = append(bySource[user.IdentitySource], user)
	}
	names := newFileNames()
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		sheets = append(sheets, worksheet{name: names.of(source, "no-identity-source"), users: bySource[source]})
	}
	return sheets, nil
}

// byFile reads a list of reviewers, and makes a worksheet for each.
func byFile(path string) (assigner, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the file of -by cannot be read: %w. Pass %s, or the path of a CSV file", err, byIdentitySource)
	}
	given, err := review.ReadAssignments(review.File{Name: path, Text: string(text)})
	if err != nil {
		return nil, fmt.Errorf("the file of -by cannot be used. %w", err)
	}
	return func(users []review.User) ([]worksheet, []string) { return byReviewer(given, users) }, nil
}

// byReviewer makes a worksheet for each reviewer, and one for users without a reviewer, or
// who would review themselves.
func byReviewer(given *review.Assignments, users []review.User) (sheets []worksheet, notes []string) {
	ofReviewer := map[string]*worksheet{} // by folded name
	used := map[int]bool{}                // lines
	var rest []review.User
	var unlisted, own []string
	for _, user := range users {
		line, is := given.Of(user)
		used[line.Line] = is || used[line.Line]
		switch {
		case !is:
			rest, unlisted = append(rest, user), append(unlisted, user.Email)
			continue
		case review.IsSelf(line.Reviewer, &user):
			rest, own = append(rest, user), append(own, user.Email)
			continue
		}
		key := cloudadmin.Fold(line.Reviewer)
		if ofReviewer[key] == nil {
			ofReviewer[key] = &worksheet{reviewer: line.Reviewer}
		}
		ofReviewer[key].users = append(ofReviewer[key].users, user)
	}
	names := newFileNames(unassignedName)
	for _, key := range slices.Sorted(maps.Keys(ofReviewer)) {
		sheet := ofReviewer[key]
		sheet.name = names.of(sheet.reviewer, "reviewer")
		sheets = append(sheets, *sheet)
	}
	if len(rest) > 0 {
		sheets = append(sheets, worksheet{name: unassignedName, users: rest})
	}
	return sheets, assignmentNotes(given, used, unlisted, own)
}

func assignmentNotes(given *review.Assignments, used map[int]bool, unlisted, own []string) (notes []string) {
	in := sheetsName + "/" + unassignedName + ".csv"
	if len(unlisted) > 0 {
		notes = append(notes, fmt.Sprintf("no line of the file of -by is about %s: %s. In %s: give it to someone",
			phrase.Counted(len(unlisted), "user"), phrase.Joined(unlisted, phrase.Listed), in))
	}
	if len(own) > 0 {
		notes = append(notes, fmt.Sprintf("the file of -by would have %s decide about themselves: %s. In %s instead: give it to someone else",
			phrase.Counted(len(own), "user"), phrase.Joined(own, phrase.Listed), in))
	}
	var unknown []string
	for _, line := range given.Lines {
		if !used[line.Line] {
			unknown = append(unknown, fmt.Sprintf("%q (line %d)", line.About, line.Line))
		}
	}
	if len(unknown) > 0 {
		notes = append(notes, fmt.Sprintf("no user of the roster has the %s of %s in the file of -by: %s. Check the spelling",
			given.Column, phrase.Counted(len(unknown), "line"), phrase.Joined(unknown, phrase.Listed)))
	}
	return notes
}
