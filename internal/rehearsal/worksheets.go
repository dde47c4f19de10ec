// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package rehearsal

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// Decision is what a reviewer enters about one user.
type Decision struct {
	review.Decision
	Reason, Expires, Ticket string
}

// Row is a row of a worksheet.
type Row struct{ header, cells []string }

// Cell returns the cell in a column, or an empty string if there is no such column.
func (r Row) Cell(column string) string {
	if i := slices.Index(r.header, column); i >= 0 {
		return r.cells[i]
	}
	return ""
}

// Decide fills in a decision made today. The reviewer is the one already in the worksheet,
// or the head of the identity source.
func (r Row) Decide(d Decision) {
	reviewer := r.Cell("reviewer")
	if reviewer == "" {
		reviewer = "Head of " + r.Cell("identity_source")
	}
	for column, text := range map[string]string{
		"decision": string(d.Decision), "reason": d.Reason, "expires": d.Expires, "ticket": d.Ticket,
		"reviewer": reviewer, "decided_on": Day(0),
	} {
		r.cells[slices.Index(r.header, column)] = text
	}
}

// MoveEnd changes the day on which access ends. It removes the day of the decision: the new
// end may be before it, and access cannot end before the decision.
func (r Row) MoveEnd(from, to string) {
	if i := slices.Index(r.header, "expires"); i >= 0 && r.cells[i] == from {
		r.cells[i] = to
		r.cells[slices.Index(r.header, "decided_on")] = ""
	}
}

// FillIn calls edit for each row of all worksheets of a review, and saves the worksheets.
func FillIn(folder string, edit func(Row)) error {
	files, err := filepath.Glob(filepath.Join(folder, "decisions", "*.csv"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("there are no worksheets in %s", folder)
	}
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := fillInOne(file, edit); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func fillInOne(file string, edit func(Row)) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	mark := []byte("\ufeff") // The spreadsheet needs the byte order mark, but it is not part of a column's name.
	content, marked := bytes.CutPrefix(content, mark)
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return err
	}
	for _, cells := range rows[1:] {
		edit(Row{rows[0], cells})
	}
	var text bytes.Buffer
	if marked {
		text.Write(mark)
	}
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o600)
}

// Day returns the day that is a number of days from today, in UTC, as worksheets write it.
func Day(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
