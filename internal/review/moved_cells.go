// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A spreadsheet can sort or shift some columns without the others. Then a decision is
// about another user, or the reviewer has seen another user.

// movedDecision compares the address at the end of a row, which moves with the decision,
// with the one at its beginning.
func (r row) movedDecision() (wrong faults) {
	if _, there := r.table.columns[columnDecisionFor]; !there {
		return nil
	}
	if decidedFor, email := r.cell(columnDecisionFor), r.cell(columnEmail); !cloudadmin.SameName(decidedFor, email) {
		wrong.add("%s is %q, but email is %q: the cells of decisions have moved to other rows. Restore an earlier version of the file, or decide in a new worksheet", columnDecisionFor, shown(decidedFor), shown(email))
	}
	return wrong
}

// movedCells compares what a row shows of the user with the roster: where it differs, the
// reviewer may have decided about another user, or about another status.
func (r *reading) movedCells(row row, entry *Entry) (wrong faults) {
	if status := row.cell(columnStatus); status != "" && !isSameText(status, string(entry.RosterStatus)) {
		wrong.add("the status %q is not the one in %s (%q). Enter decisions in the column decision, or make a new worksheet", shown(status), r.roster, entry.RosterStatus)
	}
	for _, column := range []string{columnName, columnIdentitySource} {
		cell, roster := row.cell(column), entry.User.cell(column)
		if cell != "" && !isSameText(cell, roster) {
			wrong = append(wrong, fault{kind: column, text: fmt.Sprintf("the %s %q is not the one in %s (%q): cells may have moved to another row. Take the row from a new worksheet%s",
				column, shown(cell), r.placeOf(entry), shown(roster), encodingHint(cell))})
		}
	}
	for _, column := range []string{columnHighRisk, columnPending} {
		cell, roster := strings.ToLower(row.cell(column)), entry.User.cell(column)
		if (cell == "true" || cell == "false") && cell != roster {
			wrong = append(wrong, fault{kind: column, text: fmt.Sprintf("%s is %s, but %s in %s: cells may have moved to another row. Take the row from a new worksheet", column, cell, roster, r.placeOf(entry))})
		}
	}
	return wrong
}

func (r *reading) placeOf(entry *Entry) string {
	return Problem{File: r.roster, Line: r.lines[r.byID[entry.ID]]}.place()
}
