// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// readDecision reads a row of a worksheet into the entry of its user, and returns what
// is wrong with it.
func (r *reading) readDecision(row row) (wrong faults) {
	entry, wrong := r.find(row)
	wrong = append(wrong, row.movedDecision()...)
	decided := Entry{
		Row:    Row{Decision: Decision(row.cell(columnDecision)), Expires: row.cell(columnExpires)},
		Reason: row.cell(columnReason), Reviewer: row.cell(columnReviewer),
		DecidedOn: row.cell(columnDecidedOn), Ticket: row.cell(columnTicket),
		Last: row.last(r.at),
	}
	if entry != nil {
		wrong = append(wrong, r.movedCells(row, entry)...)
		decided.ID, decided.Email, decided.RosterStatus, decided.User = entry.ID, entry.Email, entry.RosterStatus, entry.User
	}
	if decided.Decision == Undecided {
		wrong = append(wrong, decided.leftoverFaults()...)
	} else {
		wrong = append(wrong, decided.decisionFaults(entry != nil)...)
		wrong = append(wrong, decided.readTimes(r.at)...)
	}
	if entry != nil {
		decided.File, decided.Line = row.table.file.Name, row.line
		*entry = decided
	}
	return wrong
}

// find returns the entry that a row is about, unless another row is about it too. Without
// one it returns nil and what is wrong.
func (r *reading) find(row row) (entry *Entry, wrong faults) {
	id, email := row.cell(columnID), row.cell(columnEmail)
	i, idKnown := r.byID[id]
	j, emailKnown := r.byEmail[cloudadmin.Fold(email)]
	if idKnown && emailKnown && i == j {
		if e := &r.entries[i]; e.File == "" {
			return e, nil
		}
		wrong.add("%s is already in %s. Keep one of the rows", r.entries[i].Email, r.entries[i].place())
		return nil, wrong
	}
	// A row that is wrong is not missing as well.
	if idKnown {
		r.entries[i].seenIn(row)
	}
	if emailKnown {
		r.entries[j].seenIn(row)
	}
	switch {
	case id == "" && email == "":
		wrong.add("there is neither id nor email. Restore the row from a new worksheet")
	case idKnown && emailKnown:
		wrong.add("the id %q belongs to %s in the roster, not to %s: cells may have moved to another row", id, r.entries[i].Email, r.entries[j].Email)
	case idKnown:
		wrong.add("the id %q belongs to %s in the roster, not to %q%s", id, r.entries[i].Email, shown(email), encodingHint(email))
	case emailKnown:
		wrong.add("the id of %s is %q in the roster, not %q%s", r.entries[j].Email, r.entries[j].ID, shown(id), numberHint(id))
	default:
		wrong.add("no user of the roster has the address %q and the id %q%s%s", shown(email), shown(id), numberHint(id), encodingHint(email))
	}
	return nil, wrong
}

// seenIn notes the first row that is about a user.
func (e *Entry) seenIn(row row) {
	if e.File == "" {
		e.File, e.Line = row.table.file.Name, row.line
	}
}

// place returns where the decision is: FILE:LINE.
func (e *Entry) place() string { return Problem{File: e.File, Line: e.Line}.place() }

// likeANumber matches ids that a spreadsheet may have turned into a number.
var likeANumber = regexp.MustCompile(`^\d+([.,]\d+)?([eE][+-]?\d+)?$`)

func numberHint(id string) string {
	if likeANumber.MatchString(id) {
		return ". Spreadsheets rewrite ids that look like numbers: format the column as text first"
	}
	return ""
}

// last reads what a row shows of the last review. It decides nothing, so it has no
// faults.
func (r row) last(at time.Time) Last {
	last := Last{Decision: Decision(r.cell(columnLastDecision)), Reason: r.cell(columnLastReason), Expires: r.cell(columnLastExpires)}
	if end, is := exactTime(last.Expires); is {
		last.Ended = end.hasPassed(at)
	} else if end, is := clearDay(last.Expires); is {
		last.Ended = end.hasPassed(at)
	}
	return last
}
