// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// leftoverFaults finds cells that belong to a decision where there is none: it may have
// been lost.
func (e *Entry) leftoverFaults() (wrong faults) {
	for _, cell := range []struct{ column, value string }{{columnReason, e.Reason}, {columnDecidedOn, e.DecidedOn}, {columnExpires, e.Expires}} {
		if cell.value != "" {
			wrong = append(wrong, fault{kind: cell.column, text: fmt.Sprintf("%s is filled in, but decision is empty. Decide, or clear the cell", cell.column)})
		}
	}
	return wrong
}

// decisionFaults finds what is wrong with a decision itself. The roster counts only if
// the user is in it.
func (e *Entry) decisionFaults(inRoster bool) (wrong faults) {
	switch e.Decision {
	case Keep, Remove, Undecided:
	case Restore:
		if inRoster && e.RosterStatus != cloudadmin.Disabled {
			wrong.add("restore is for users who are Disabled in the roster, and %s is %s there. To leave the user as is, write keep", e.Email, orNone(e.RosterStatus))
		}
	default:
		word := shown(string(e.Decision))
		if meant := decisionMeant(word); meant != "" {
			wrong.addValue(columnDecision, word, "the decision is %q. Did you mean %s? Write keep, remove or restore", word, meant)
		} else {
			wrong.addValue(columnDecision, word, "the decision %q is not keep, remove or restore", word)
		}
	}
	switch {
	case saysSomething(e.Reason):
	case e.Decision == Remove || e.Decision == Restore:
		wrong.add("there is no reason, but %s needs one", e.Decision)
	case e.Expires != "":
		wrong.add("there is no reason, but access with an end needs one")
	}
	switch {
	case !saysSomething(e.Reviewer):
		wrong.add("there is no reviewer. Enter who decided")
	case inRoster && IsSelf(e.Reviewer, &e.User):
		wrong.add("%s is the reviewer of their own access. Someone else must decide", e.Email)
	}
	return wrong
}

// decisionMeant returns the decision that a wrong word probably means, or none.
func decisionMeant(word string) Decision {
	word = strings.ToLower(word)
	for _, near := range []struct {
		begin    string
		decision Decision
	}{{"ke", Keep}, {"rem", Remove}, {"res", Restore}} {
		if strings.HasPrefix(word, near.begin) {
			return near.decision
		}
	}
	return ""
}

// spreadsheetError matches what a spreadsheet shows in a cell that it cannot calculate or
// has no room for.
var spreadsheetError = regexp.MustCompile(`^#+$|^#[A-Z0-9/]+[!?]?$`)

// saysSomething reports whether a cell contains a word: dashes and dots say nothing.
func saysSomething(cell string) bool {
	return !spreadsheetError.MatchString(cell) &&
		strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// IsSelf reports whether a reviewer is the user: by address, also beside a name, by what
// is before its @, by id, or by name in any order of its words.
func IsSelf(reviewer string, user *User) bool {
	local, _, _ := strings.Cut(user.Email, "@")
	words := strings.FieldsFunc(reviewer, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>()[]:;,"`, r) })
	return sameWords(reviewer, local) || sameWords(inOrder(reviewer), inOrder(user.Name)) ||
		slices.ContainsFunc(words, func(word string) bool {
			return cloudadmin.SameName(word, user.Email) || cloudadmin.SameName(word, user.ID)
		})
}

// inOrder returns the words of a name, sorted: "Byron, Ada" is "Ada Byron".
func inOrder(name string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Fields(cloudadmin.Fold(strings.ReplaceAll(name, ",", " "))))), " ")
}
