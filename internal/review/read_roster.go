// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// readRoster reads the users of a roster into entries.
func (r *reading) readRoster(file File) {
	t := readTable(file, rosterSheet, &r.found)
	if t == nil {
		return
	}
	if len(t.rows) == 0 && r.found.none() {
		r.found.add(file.Name, 0, "the roster has no user. Make it again with the command review roster")
		return
	}
	r.entries = make([]Entry, 0, len(t.rows))
	r.byID = make(map[string]int, len(t.rows))
	r.byEmail = make(map[string]int, len(t.rows))
	for _, row := range t.rows {
		user, wrong := row.user()
		key := cloudadmin.Fold(user.Email)
		if i, twice := r.byID[user.ID]; twice && user.ID != "" {
			wrong.add("the id %q is already on line %d", shown(user.ID), r.lines[i])
		}
		if i, twice := r.byEmail[key]; twice && user.Email != "" {
			wrong.add("%s is already on line %d: a review cannot distinguish two users with one address. Change one of them in the identity source", user.Email, r.lines[i])
		}
		r.found.addRow(row, wrong)
		r.byID[user.ID], r.byEmail[key] = len(r.entries), len(r.entries)
		r.lines = append(r.lines, row.line)
		r.entries = append(r.entries, Entry{Row: Row{ID: user.ID, Email: user.Email, RosterStatus: user.Status}, User: user})
	}
	// With a wrong roster, correct worksheets would seem to be wrong.
	if !r.found.none() {
		r.entries = nil
	}
}

// user returns the user of a row of the roster.
func (r row) user() (user User, wrong faults) {
	flag := func(column string) bool {
		value := r.cell(column)
		if value != "" && !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false") {
			wrong = append(wrong, fault{kind: column, text: fmt.Sprintf("%s is %q, neither true nor false", column, shown(value)), value: shown(value)})
		}
		return strings.EqualFold(value, "true")
	}
	user = User{
		ID: r.cell(columnID), Email: r.cell(columnEmail), Name: r.cell(columnName),
		Status: cloudadmin.Status(r.cell(columnStatus)), IdentitySource: r.cell(columnIdentitySource),
		Created: r.cell(columnCreated), LastSync: r.cell(columnLastSync), LastSignedIn: r.cell(columnLastSignedIn),
		HighRisk: flag(columnHighRisk), PendingDeletion: flag(columnPending),
	}
	if user.ID == "" {
		wrong.add("there is no id")
	}
	if user.Email == "" {
		wrong.add("there is no email")
	}
	// With another spelling, a user who is to stay Disabled would stay Enabled.
	if meant := cloudadmin.StatusMeant(string(user.Status)); meant != "" && meant != user.Status {
		wrong.add("the status is %q, but the API writes %q. Restore the roster, or make it again with the command review roster", user.Status, meant)
	}
	return user, wrong
}
