// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"slices"
	"strings"
)

// The columns that are read. Others are notes for people.
const (
	columnID             = "id"
	columnEmail          = "email"
	columnName           = "name"
	columnStatus         = "status"
	columnIdentitySource = "identity_source"
	columnCreated        = "created"
	columnLastSync       = "last_sync"
	columnLastSignedIn   = "last_signed_in"
	columnHighRisk       = "high_risk"
	columnPending        = "pending_deletion"
	columnDecision       = "decision"
	columnReason         = "reason"
	columnReviewer       = "reviewer"
	columnDecidedOn      = "decided_on"
	columnExpires        = "expires"
	columnTicket         = "ticket"
	columnDecisionFor    = "decision_for"
	columnLastDecision   = "last_decision"
	columnLastReason     = "last_reason"
	columnLastExpires    = "last_expires"
)

// sheet is a kind of file.
type sheet struct {
	// what is its name in a sentence.
	what string
	// columns are those that are written, required those that must be there.
	columns, required []string
	// optional are columns that are read if they are there.
	optional []string
	// instead is the way out where the file is a worksheet.
	instead string
	// answer is the column with the outcome for the user; isAnswer reports whether a cell
	// could be a value of it.
	answer   string
	isAnswer func(cell string) bool
}

var (
	statusList = sheet{
		what:     "a review",
		columns:  []string{columnEmail, columnStatus},
		required: []string{columnEmail, columnStatus},
		optional: []string{columnExpires},
		instead:  "Pass it to access_review, which reads decisions",
		answer:   columnStatus, isAnswer: isStatus,
	}
	rosterSheet = sheet{
		what: "a roster",
		columns: []string{columnID, columnEmail, columnName, columnStatus, columnIdentitySource, columnCreated, columnLastSync, columnLastSignedIn,
			columnHighRisk, columnPending},
		required: []string{columnID, columnEmail, columnStatus},
		instead:  "Pass the roster, which has all users of the review",
	}
	// A worksheet without expires has lost it: an exception would have no end.
	worksheet = sheet{
		what: "a worksheet",
		// decision_for is among the cells of the decision, so that it moves with them; id is
		// the last, since it is never empty: spreadsheets leave out empty cells at the end.
		columns: []string{columnEmail, columnName, columnIdentitySource, columnStatus, columnLastSignedIn, columnHighRisk, columnPending,
			columnDecision, columnDecisionFor, columnReason, columnReviewer, columnDecidedOn, columnExpires, columnTicket, columnID},
		required: []string{columnID, columnEmail, columnDecision, columnReason, columnReviewer, columnExpires},
		answer:   columnDecision, isAnswer: isDecision,
	}
)

// lastColumns are those of the last review, which a worksheet has before the decision.
var lastColumns = []string{columnLastDecision, columnLastReason, columnLastExpires}

// pastDays are attributes of the provider's data sources with days that are no end of access.
var pastDays = []string{"creation_date", "last_sync_time", "last_successful_authentication_date", "month_last_authenticated", "mark_deleted_at"}

// isKnown reports whether the name of a column says what is in it.
func isKnown(column string) bool {
	return slices.Contains(rosterSheet.columns, column) || slices.Contains(worksheet.columns, column) ||
		slices.Contains(lastColumns, column) || slices.Contains(pastDays, column)
}

// columnNameOf returns the name of a column regardless of case and of the characters
// between its words.
func columnNameOf(cell string) string {
	name := strings.ToLower(strings.TrimSpace(unguarded(strings.TrimPrefix(cell, byteOrderMark))))
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" -_\t\n\u00a0", r) }), "_")
}

// readHeader reads the names of the columns, and reports whether rows can be read with
// them.
func (t *table) readHeader(text string, kind sheet, found *problems) bool {
	header, err := t.recognize(text)
	if err != nil {
		line, problem := quoteProblem(text, err)
		found.add(t.file.Name, line, "%s", problem)
		return false
	}
	t.written, t.columns = header, make(map[string]int, len(header))
	var ends, twice problems
	for i, cell := range header {
		column := columnNameOf(cell)
		t.header = append(t.header, column)
		if _, there := t.columns[column]; there {
			twice.add(t.file.Name, t.line, "two columns are called %s. Rename or remove one", column)
		}
		if column == "" {
			continue
		}
		if !isKnown(column) && namesAnEnd(cell) {
			ends.add(t.file.Name, t.line, "the column %q must be called %s: an end of access that is not read would never take effect. If the column means something else, rename or remove it", shown(cell), columnExpires)
		}
		t.columns[column] = i
	}
	if missing := t.missing(kind.required); len(missing) > 0 {
		written := strings.Split(text, "\n")[t.line-1]
		found.add(t.file.Name, t.line, "%s", t.headerProblem(kind, missing, written))
		return false
	}
	if kind.instead != "" && len(t.missing(worksheet.required)) == 0 {
		found.add(t.file.Name, t.line, "it has the columns of a worksheet. %s", kind.instead)
		return false
	}
	found.addAll(twice)
	found.addAll(ends)
	return twice.none()
}

// missing returns the columns that the table does not have.
func (t *table) missing(columns []string) (missing []string) {
	for _, column := range columns {
		if _, there := t.columns[column]; !there {
			missing = append(missing, column)
		}
	}
	return missing
}
