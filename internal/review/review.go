// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package review implements an access review that is kept in files: the roster of a
// tenant, the worksheets of its reviewers, and the result for each user. It turns text
// into values, and knows nothing of Terraform, HTTP or the current time.
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
	// Restore enables a user who is Disabled in the roster.
	Restore Decision = "restore"
)

// IsKnown reports whether d is one of the decisions, or empty.
func (d Decision) IsKnown() bool {
	return d == Undecided || d == Keep || d == Remove || d == Restore
}

// File is the text of a file, and the name that problems in it are reported under.
type File struct{ Name, Text string }

// Row is the decision of a review about one user of the roster, without names and reasons,
// so that it may be stored in a state.
type Row struct {
	// ID identifies the user; Email is the address in the roster, as written there.
	ID, Email string
	// RosterStatus is the status in the roster, as the API writes it.
	RosterStatus cloudadmin.Status
	Decision     Decision
	// Expires is the last day of access, or the moment at which it ends, as written; empty
	// for no end. Ended reports whether it has passed.
	Expires string
	Ended   bool
}

// User is a line of roster.csv: a user as the tenant showed one when the roster was made.
// What the API did not return is empty.
type User struct {
	ID, Email, Name string
	Status          cloudadmin.Status
	IdentitySource  string
	// Created, LastSync and LastSignedIn are times as the API writes them.
	Created, LastSync, LastSignedIn string
	HighRisk, PendingDeletion       bool
}

// Entry is a row with all that the files say about the user, for people to read.
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
	// Ended reports whether that access has ended; false if a spreadsheet has rewritten the
	// end so that it cannot be read.
	Ended bool
}

// Review is the content of the files of a review.
type Review struct {
	// Entries has each user of the roster, in its order.
	Entries []Entry
}
