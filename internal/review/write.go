// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// WriteRoster returns the text of roster.csv.
func WriteRoster(users []User) string {
	return write(rosterSheet.columns, users, func(u *User, column string) string { return u.cell(column) })
}

// WriteWorksheet returns the text of a worksheet about these users, without decisions.
// The reviewer, where there is one, is filled in. What was decided in the last review is
// shown where last, by id, is not nil. Without a byte order mark, spreadsheets would not
// open the file as UTF-8.
func WriteWorksheet(users []User, reviewer string, last map[string]Last) string {
	columns := worksheet.columns
	if last != nil {
		columns = slices.Insert(slices.Clone(columns), slices.Index(columns, columnDecision), lastColumns...)
	}
	return byteOrderMark + write(columns, users, func(u *User, column string) string {
		switch column {
		case columnReviewer:
			return reviewer
		case columnDecisionFor:
			return u.Email
		case columnLastDecision:
			return string(last[u.ID].Decision)
		case columnLastReason:
			return last[u.ID].Reason
		case columnLastExpires:
			return last[u.ID].Expires
		}
		return u.cell(column)
	})
}

// write writes a row for each user, sorted by address.
func write(columns []string, users []User, cell func(*User, string) string) string {
	sorted := slices.SortedStableFunc(slices.Values(users), func(a, b User) int {
		return cmp.Or(cmp.Compare(cloudadmin.Fold(a.Email), cloudadmin.Fold(b.Email)), cmp.Compare(a.ID, b.ID))
	})
	var text strings.Builder
	w := csv.NewWriter(&text)
	_ = w.Write(columns) // a strings.Builder never fails
	for i := range sorted {
		cells := make([]string, len(columns))
		for j, column := range columns {
			cells[j] = guarded(readable(cell(&sorted[i], column)))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return text.String()
}

// cell returns a cell of a user's row; empty in the columns that a reviewer fills in.
func (u *User) cell(column string) string {
	switch column {
	case columnID:
		return u.ID
	case columnEmail:
		return u.Email
	case columnName:
		return u.Name
	case columnStatus:
		return string(u.Status)
	case columnIdentitySource:
		return u.IdentitySource
	case columnCreated:
		return u.Created
	case columnLastSync:
		return u.LastSync
	case columnLastSignedIn:
		return u.LastSignedIn
	case columnHighRisk:
		return strconv.FormatBool(u.HighRisk)
	case columnPending:
		return strconv.FormatBool(u.PendingDeletion)
	}
	return ""
}

// readable returns a text as the reader accepts it: valid UTF-8 without NUL, with one kind
// of line end and no white space around it.
func readable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
	for strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return strings.TrimSpace(text)
}
