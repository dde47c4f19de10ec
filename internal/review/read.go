// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// Read reads the files of a review. Each user of the roster has a row in one worksheet,
// with or without a decision: a missing row is a problem, since files are cut off and
// rows get lost. The error is a ProblemsError with all that is wrong. Read returns it
// together with what could be read, for a record that shows both, unless the roster is
// unreadable.
func Read(roster File, worksheets []File, at time.Time) (*Review, error) {
	r := reading{at: at, roster: roster.Name}
	r.readRoster(roster)
	if len(worksheets) == 0 {
		r.found.add("", 0, "there is no worksheet. Pass the files that the reviewers have filled in")
	}
	whole := r.entries != nil && len(worksheets) > 0
	names := make(map[string]string, len(worksheets))
	for _, file := range worksheets {
		t := readTable(file, worksheet, &r.found)
		if t == nil {
			whole = false
			continue
		}
		whole = whole && t.whole
		if first, copied := names[file.Text]; copied && len(t.rows) > 0 {
			r.found.add(file.Name, 0, "it is the same as %s. Remove one of them", first)
			continue
		}
		names[file.Text] = file.Name
		for _, row := range t.rows {
			if r.entries != nil {
				r.found.addRow(row, r.readDecision(row))
			}
		}
	}
	if whole {
		r.findMissing()
	}
	if r.entries == nil {
		return nil, r.found.err()
	}
	return &Review{Entries: r.entries}, r.found.err()
}

// reading is a review that is being read.
type reading struct {
	at     time.Time
	roster string
	// entries are nil where the roster cannot be read.
	entries []Entry
	// lines are the lines of the entries in the roster.
	lines []int
	// byID and byEmail find entries, the addresses folded.
	byID, byEmail map[string]int
	found         problems
}

// findMissing finds the users of the roster who have no row in a worksheet.
func (r *reading) findMissing() {
	var missing []string
	for i := range r.entries {
		if e := &r.entries[i]; e.File == "" {
			missing = append(missing, fmt.Sprintf("%s (line %d of %s)", e.Email, r.lines[i], r.roster))
		}
	}
	if len(missing) == 0 {
		return
	}
	r.found.add("", 0, "rows are missing from the worksheets (%d): %s. Each user needs a row, even without a decision: a worksheet may have been cut off, filtered or left out",
		len(missing), phrase.Joined(missing, phrase.Listed))
}

// Rows returns the decisions by address, with cloudadmin.Fold.
func (r *Review) Rows() map[string]Row {
	rows := make(map[string]Row, len(r.Entries))
	for i := range r.Entries {
		rows[cloudadmin.Fold(r.Entries[i].Email)] = r.Entries[i].Row
	}
	return rows
}

// Undecided returns the addresses of the users without a decision, sorted.
func (r *Review) Undecided() []string {
	undecided := []string{}
	for i := range r.Entries {
		if r.Entries[i].Decision == Undecided {
			undecided = append(undecided, r.Entries[i].Email)
		}
	}
	slices.SortFunc(undecided, func(a, b string) int {
		return strings.Compare(cloudadmin.Fold(a), cloudadmin.Fold(b))
	})
	return undecided
}

// Reviewers returns how many users each reviewer has decided about. Case is ignored: a
// reviewer has the first spelling.
func (r *Review) Reviewers() map[string]int {
	decided := map[string]int{}
	spelling := map[string]string{}
	for i := range r.Entries {
		e := &r.Entries[i]
		if e.Decision == Undecided {
			continue
		}
		key := cloudadmin.Fold(e.Reviewer)
		if spelling[key] == "" {
			spelling[key] = e.Reviewer
		}
		decided[spelling[key]]++
	}
	return decided
}
