// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package review is an access review that is kept in files: the roster of a tenant,
// the worksheets of its reviewers, and what follows from both for each user. It is
// text in and values out: it knows nothing of Terraform, of HTTP, or of what time it
// is.
package review

import "github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"

// Decision is what a reviewer has decided about a user.
type Decision string

const (
	// Undecided is an empty cell.
	Undecided Decision = ""
	// Keep leaves the user as in the roster. It never enables.
	Keep Decision = "keep"
	// Remove disables the user.
	Remove Decision = "remove"
	// Restore enables a user whom the roster shows Disabled.
	Restore Decision = "restore"
)

// IsKnown reports whether it is one of the decisions, or none.
func (d Decision) IsKnown() bool {
	return d == Undecided || d == Keep || d == Remove || d == Restore
}

// File is the text of a file, and the name that problems in it are reported under.
type File struct{ Name, Text string }

// Row is what a review has decided about one user of the roster: all of it that may
// be in a state, so no name and no reason.
type Row struct {
	// ID is who the decision is about; Email is the address that the user had in the
	// roster, as it is written there.
	ID, Email string
	// RosterStatus is the status in the roster, in the API's words.
	RosterStatus cloudadmin.Status
	Decision     Decision
	// Expires is the last day of access, or the moment at which it ends, as written; empty
	// for no end. Ended is whether it has passed.
	Expires string
	Ended   bool
}

// User is a line of roster.csv: a user as the tenant showed one when the roster was made.
// What the API did not tell is empty.
type User struct {
	ID, Email, Name string
	Status          cloudadmin.Status
	IdentitySource  string
	// Created, LastSync and LastSignedIn are times in the API's words.
	Created, LastSync, LastSignedIn string
	HighRisk, PendingDeletion       bool
}

// Entry is a row with all that the files say of the user, for people to read.
type Entry struct {
	Row
	User User
	// From the worksheet. DecidedOn is a day such as 2026-12-31, or a moment in RFC 3339.
	Reason, Reviewer, DecidedOn, Ticket string
	// Last is what the worksheet shows of the last review.
	Last Last
	// File and Line are where the decision is.
	File string
	Line int
}

// Last is what was decided about a user in the last review.
type Last struct {
	Decision        Decision
	Reason, Expires string
	// Ended is whether that access has ended. An end that cannot be read, since a
	// spreadsheet has rewritten it, has not.
	Ended bool
}

// Review is what the files of a review say.
type Review struct {
	// Entries has each user of the roster, in its order.
	Entries []Entry
}
