// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import "strings"

// Spreadsheets calculate a cell that begins with one of these.
const beginsFormula = "=+-@\t\r"

// guarded returns a cell with a quote before it if a spreadsheet would calculate it. A
// cell that already looks guarded gets one more quote, so that unguarded restores any
// cell.
func guarded(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.IndexByte(beginsFormula, rest[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if strings.HasPrefix(cell, "'") && guarded(cell) != cell {
		return cell[1:]
	}
	return cell
}
