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

// Decision is what a reviewer fills in about one user.
type Decision struct {
	review.Decision
	Reason, Expires, Ticket string
}

// Row is a row of a worksheet.
type Row struct{ header, cells []string }

// Cell returns the cell under a column; empty where there is no such column.
func (r Row) Cell(column string) string {
	if i := slices.Index(r.header, column); i >= 0 {
		return r.cells[i]
	}
	return ""
}

// Decide fills in a decision, made today. The reviewer is the one whom the worksheet has
// already, or else the head of the identity source.
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

// MoveEnd gives access that ends on a day another end. The day of the decision goes: the
// end may be before it now, and no access ends before it is decided about.
func (r Row) MoveEnd(from, to string) {
	if i := slices.Index(r.header, "expires"); i >= 0 && r.cells[i] == from {
		r.cells[i] = to
		r.cells[slices.Index(r.header, "decided_on")] = ""
	}
}

// FillIn passes each row of all worksheets of a review, to be filled in, and saves them.
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
	mark := []byte("\ufeff") // Stays for the spreadsheet, and is no part of a name.
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

// Day returns a day as worksheets have it, so many days from today, in UTC.
func Day(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
