// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Unknown columns are notes for people. But one whose cells all look like those of a
// known column may be that column under another name.

// noAnswer is what people write where they have no date and no decision.
var noAnswer = regexp.MustCompile(`(?i)^([^\p{L}\p{N}]*|n/?a|nil|null|none|no|never|open|unlimited|permanent|unknown|tb[ac])$`)

// readUnknown finds columns with unknown names that contain only dates, or only answers of
// that kind of file.
func (t *table) readUnknown(kind sheet, found *problems) {
	for i, column := range t.header {
		switch name := t.written[i]; {
		case column == "" || isKnown(column) || namesAnEnd(name):
		case t.hasOnly(i, isDate):
			found.add(t.file.Name, t.line, "the column %q contains only dates. If they are ends of access, call it %s; if not, remove it: an end that is not read would never take effect", shown(name), columnExpires)
		case kind.answer != "" && t.hasOnly(i, kind.isAnswer):
			found.add(t.file.Name, t.line, "the column %q contains only values of the column %s, but is not read. Move them to %s, or remove the column", shown(name), kind.answer, kind.answer)
		}
	}
}

// hasOnly reports whether at least one cell of a column is one, and all others are empty.
func (t *table) hasOnly(column int, is func(cell string) bool) bool {
	filled := false
	for _, r := range t.rows {
		cell := strings.TrimSpace(unguarded(strings.TrimSpace(r.cells[column])))
		if noAnswer.MatchString(cell) {
			continue
		}
		if !is(cell) {
			return false
		}
		filled = true
	}
	return filled
}

var aDecision = regexp.MustCompile(`(?i)^(keep|kept|removed?|restored?)\W*$`)

// isDecision reports whether a cell contains a decision, in any case.
func isDecision(cell string) bool { return aDecision.MatchString(cell) }

// isStatus reports whether a cell contains a status that can be set, in any case.
func isStatus(cell string) bool { return cloudadmin.StatusMeant(cell) != "" }
