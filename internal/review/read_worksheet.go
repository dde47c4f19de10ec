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

// readDecision reads a row of a worksheet into the entry of its user, and returns what
// is wrong with it.
func (r *reading) readDecision(row row) (wrong []string) {
	entry, problem := r.find(row)
	if problem != "" {
		wrong = append(wrong, problem)
	}
	decided := Entry{
		Row:    Row{Decision: Decision(row.cell(columnDecision)), Expires: row.cell(columnExpires)},
		Reason: row.cell(columnReason), Reviewer: row.cell(columnReviewer),
		DecidedOn: row.cell(columnDecidedOn), Ticket: row.cell(columnTicket),
	}
	if entry != nil {
		wrong = append(wrong, r.shiftProblems(row, entry)...)
		decided.ID, decided.Email, decided.RosterStatus, decided.User = entry.ID, entry.Email, entry.RosterStatus, entry.User
	}
	if decided.Decision == Undecided {
		wrong = append(wrong, decided.leftoverProblems()...)
	} else {
		wrong = append(wrong, decided.decisionProblems(entry != nil)...)
		wrong = append(wrong, r.timeProblems(&decided)...)
	}
	if entry != nil {
		decided.File, decided.Line = row.table.file.Name, row.line
		*entry = decided
	}
	return wrong
}

// find returns the entry that a row is about, where no other row is; nil where there is
// none, with the problem.
func (r *reading) find(row row) (entry *Entry, problem string) {
	id, email := row.cell(columnID), row.cell(columnEmail)
	i, idKnown := r.byID[id]
	j, emailKnown := r.byEmail[cloudadmin.Fold(email)]
	if idKnown && emailKnown && i == j {
		if e := &r.entries[i]; e.File == "" {
			return e, ""
		}
		return nil, fmt.Sprintf("%s is in %s already. Keep one of the rows", r.entries[i].Email, r.entries[i].place())
	}
	// A row that is wrong is not one that is missing.
	if idKnown {
		r.entries[i].saidIn(row)
	}
	if emailKnown {
		r.entries[j].saidIn(row)
	}
	switch {
	case id == "" && email == "":
		return nil, "there is neither id nor email. Restore the row from a new worksheet"
	case idKnown && emailKnown:
		return nil, fmt.Sprintf("the id %q is that of %s in the roster, and not that of %s: cells may have moved to another row", id, r.entries[i].Email, r.entries[j].Email)
	case idKnown:
		return nil, fmt.Sprintf("the id %q is that of %s in the roster, and not that of %q", id, r.entries[i].Email, shown(email))
	case emailKnown:
		return nil, fmt.Sprintf("the id of %s is %q in the roster, and not %q%s", r.entries[j].Email, r.entries[j].ID, shown(id), numberHint(id))
	default:
		return nil, fmt.Sprintf("no user of the roster has the address %q and the id %q%s", shown(email), shown(id), numberHint(id))
	}
}

// saidIn notes the first row that is about a user.
func (e *Entry) saidIn(row row) {
	if e.File == "" {
		e.File, e.Line = row.table.file.Name, row.line
	}
}

// place is where the decision is: FILE:LINE.
func (e *Entry) place() string { return Problem{File: e.File, Line: e.Line}.place() }

// likeANumber finds ids that a spreadsheet may have made a number of.
var likeANumber = regexp.MustCompile(`^\d+([.,]\d+)?([eE][+-]?\d+)?$`)

func numberHint(id string) string {
	if likeANumber.MatchString(id) {
		return ". Spreadsheets rewrite ids that look like numbers: format the column as text first"
	}
	return ""
}

// shiftProblems compares what a row shows of the user with the roster: where it differs,
// the reviewer may have decided about somebody else, or about another status.
func (r *reading) shiftProblems(row row, entry *Entry) (wrong []string) {
	differs := func(column, roster string) bool {
		shown := row.cell(column)
		return shown != "" && letters(shown) != letters(roster)
	}
	if differs(columnStatus, string(entry.RosterStatus)) {
		wrong = append(wrong, fmt.Sprintf("the status %q is not the one in %s (%q). Decide in the column decision, or make a new worksheet",
			shown(row.cell(columnStatus)), r.roster, entry.RosterStatus))
	}
	if differs(columnName, entry.User.Name) || differs(columnIdentitySource, entry.User.IdentitySource) {
		wrong = append(wrong, fmt.Sprintf("name or identity_source is not as in %s: cells may have moved to another row. Take the row from a new worksheet", r.placeOf(entry)))
	}
	return wrong
}

func (r *reading) placeOf(entry *Entry) string {
	return Problem{File: r.roster, Line: r.lines[r.byID[entry.ID]]}.place()
}

// letters returns the letters and digits of ASCII in a text, in lower case. Others are
// what is left of an umlaut after a file was opened in one encoding and saved in another.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, text)
}

// sameWords reports whether texts are the same but for case and the space between words.
func sameWords(a, b string) bool {
	return a == b || cloudadmin.SameName(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// leftoverProblems finds what belongs to a decision where there is none: it may have
// been lost.
func (e *Entry) leftoverProblems() (wrong []string) {
	for _, cell := range []struct{ column, value string }{{columnReason, e.Reason}, {columnDecidedOn, e.DecidedOn}, {columnExpires, e.Expires}} {
		if cell.value != "" {
			wrong = append(wrong, fmt.Sprintf("there is a cell under %s and none under decision. Decide, or empty it", cell.column))
		}
	}
	return wrong
}

// decisionProblems finds what is wrong with a decision itself. What the roster shows
// counts only where the user is in it.
func (e *Entry) decisionProblems(inRoster bool) (wrong []string) {
	switch e.Decision {
	case Keep, Remove, Undecided:
	case Restore:
		if inRoster && e.RosterStatus != cloudadmin.Disabled {
			wrong = append(wrong, fmt.Sprintf("restore is for users who are Disabled in the roster, and %s is %s there. To leave the user so, write keep", e.Email, orNone(e.RosterStatus)))
		}
	default:
		wrong = append(wrong, fmt.Sprintf("the decision %q is none of keep, remove and restore%s", shown(string(e.Decision)), hint(string(e.Decision))))
	}
	switch {
	case saysSomething(e.Reason):
	case e.Decision == Remove || e.Decision == Restore:
		wrong = append(wrong, fmt.Sprintf("there is no reason, and %s needs one", e.Decision))
	case e.Expires != "":
		wrong = append(wrong, "there is no reason, and access with an end needs one")
	}
	switch {
	case !saysSomething(e.Reviewer):
		wrong = append(wrong, "there is no reviewer. Write who has decided")
	case inRoster && isSelf(e.Reviewer, &e.User):
		wrong = append(wrong, fmt.Sprintf("%s is the reviewer of their own access. Somebody else has to decide", e.Email))
	}
	return wrong
}

// timeProblems finds what is wrong with the days of a decision, and finds out whether
// access has ended.
func (r *reading) timeProblems(e *Entry) (wrong []string) {
	if e.Expires != "" && e.Decision == Remove {
		wrong = append(wrong, "expires is for keep and restore: empty it")
	}
	ended, err := Ended(e.Expires, r.at)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	e.Ended = ended && e.Decision != Remove
	if e.DecidedOn == "" {
		return wrong
	}
	switch begins, _, err := parseTime(e.DecidedOn); {
	case err != nil:
		wrong = append(wrong, "decided_on "+err.Error())
	case begins.After(r.at):
		wrong = append(wrong, fmt.Sprintf("decided_on is %s, and the review is read on %s (in UTC): nothing is decided in the future", e.DecidedOn, r.at.UTC().Format("2006-01-02")))
	}
	return wrong
}

// hint returns the likely remedy of a word that is no decision.
func hint(word string) string {
	word = strings.ToLower(word)
	for _, near := range []struct {
		begin    string
		decision Decision
	}{{"ke", Keep}, {"rem", Remove}, {"res", Restore}} {
		if strings.HasPrefix(word, near.begin) {
			return fmt.Sprintf(". Did you mean %s?", near.decision)
		}
	}
	return ""
}

// spreadsheetError finds what a spreadsheet shows in the place of a cell that it cannot
// calculate or has no room for.
var spreadsheetError = regexp.MustCompile(`^#+$|^#[A-Z0-9/]+[!?]?$`)

// saysSomething reports whether a cell has a word in it: dashes and dots say nothing.
func saysSomething(cell string) bool {
	return !spreadsheetError.MatchString(cell) &&
		strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// isSelf reports whether a reviewer is the user: by address, also beside a name, or by
// name.
func isSelf(reviewer string, user *User) bool {
	addresses := strings.FieldsFunc(reviewer, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>()[]:;,"`, r) })
	return sameWords(reviewer, user.Name) ||
		slices.ContainsFunc(addresses, func(address string) bool { return cloudadmin.SameName(address, user.Email) })
}
