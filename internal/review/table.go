// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// table is a CSV file that was read strictly: a possible change by a spreadsheet or a lost
// byte is a problem, and no row is dropped without one.
type table struct {
	file File
	// line is the line of the header.
	line      int
	separator rune
	// written is the header as in the file, header the names of its columns.
	written, header []string
	columns         map[string]int
	rows            []row
	// whole reports whether each row of the file is in rows.
	whole bool
}

// row is a row of a table, as wide as its header.
type row struct {
	table *table
	line  int
	cells []string
}

// cell returns a cell without white space around it, and without the quote that guards
// it from spreadsheets; empty where there is no such column.
func (r row) cell(column string) string {
	i, there := r.table.columns[column]
	if !there {
		return ""
	}
	return strings.TrimSpace(unguarded(strings.TrimSpace(r.cells[i])))
}

// maxCell is the largest size of a cell in bytes: an unclosed quote takes in all that
// follows.
const maxCell = 1 << 20

// readTable reads a file of that kind, and adds what is wrong to found. It returns nil if
// the file cannot be read at all.
func readTable(file File, kind sheet, found *problems) *table {
	text := strings.TrimPrefix(file.Text, byteOrderMark)
	if line, problem := textProblem(file.Text); problem != "" {
		found.add(file.Name, line, "%s", problem)
		return nil
	}
	t := &table{file: file, whole: true}
	if !t.readHeader(text, kind, found) {
		return nil
	}
	t.readRows(text, found)
	t.readUnknown(kind, found)
	return t
}

// newReader returns a reader of a text in which rows may differ in width.
func newReader(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator, -1
	return r
}

// readRows reads the rows after the header.
func (t *table) readRows(text string, found *problems) {
	reader := newReader(text, t.separator)
	_, err := reader.Read() // the header
	for err == nil {
		var cells []string
		if cells, err = reader.Read(); err != nil {
			break
		}
		if isBlank(cells) {
			continue
		}
		line, _ := reader.FieldPos(0)
		r := row{t, line, cells}
		if wrong := r.shapeFaults(); len(wrong) > 0 {
			found.addRow(r, wrong)
			t.whole = false
			continue
		}
		t.rows = append(t.rows, r)
	}
	if !errors.Is(err, io.EOF) {
		line, problem := quoteProblem(text, err)
		found.add(t.file.Name, line, "%s", problem)
		t.whole = false
	}
}

// separators are those that a header may have, in the order in which they are tried.
const separators = ",;\t"

var separatorNames = map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs"}

// otherSeparator names the separator with which a row of one cell has the width of the
// header; empty if there is none.
func (r row) otherSeparator() string {
	if width := len(r.table.header); len(r.cells) == 1 && width > 1 {
		for _, separator := range separators {
			if separator != r.table.separator && strings.Count(r.cells[0], string(separator)) == width-1 {
				return separatorNames[separator]
			}
		}
	}
	return ""
}

// shapeFaults returns what is wrong with the form of a row.
func (r row) shapeFaults() (wrong faults) {
	switch width := len(r.table.header); {
	case len(r.cells) != width && conflictMark.MatchString(r.cells[0]):
		wrong.add("it is the mark of a merge conflict. Resolve the conflict, and remove the marks")
		return wrong
	case r.otherSeparator() != "":
		wrong.add("its cells are separated by %s, those of the header by %s. Use the same separator in all lines", r.otherSeparator(), separatorNames[r.table.separator])
		return wrong
	case len(r.cells) > width:
		wrong.add("it has %s, but the header has %s. Enclose a cell that contains a separator in double quotes", r.width(), r.table.width())
		return wrong
	case len(r.cells) < width:
		// The last cells may not just be empty: a lost separator before them moves an end of
		// access under another column.
		wrong.add("it has %s, but the header has %s. Part of the row may be missing, or a spreadsheet has left out empty cells at the end of rows: then move a column that is never empty, such as email, to the end", r.width(), r.table.width())
		return wrong
	case slices.EqualFunc(r.cells, r.table.header, func(cell, column string) bool { return columnNameOf(cell) == column }):
		wrong.add("it repeats the header. Put the rows of several files under one header")
		return wrong
	}
	for i, cell := range r.cells {
		switch {
		case len(cell) > maxCell:
			wrong.add("a cell is larger than 1 MiB. A quote may be unclosed")
		case r.hasRowIn(cell):
			wrong.add("a cell contains a whole row. A quote may be unclosed or in the wrong place")
		case r.table.header[i] == "" && strings.TrimSpace(cell) != "":
			wrong.add("there is a cell under a column without a name. Name the column, or clear the cell")
		default:
			continue
		}
		return wrong
	}
	return nil
}

// hasRowIn reports whether a line of a cell after the first could be a row that a wrong
// quote has taken in.
func (r row) hasRowIn(cell string) bool {
	if !strings.Contains(cell, "\n") {
		return false
	}
	return slices.ContainsFunc(strings.Split(cell, "\n")[1:], func(line string) bool {
		return strings.Contains(line, "@") && strings.Count(line, string(r.table.separator)) >= len(r.table.header)-1
	})
}

// conflictMark finds the lines that git leaves in a file.
var conflictMark = regexp.MustCompile(`^(<{7}|={7}|>{7}|\|{7})`)

func (r row) width() string { return phrase.Counted(len(r.cells), "cell") }

func (t *table) width() string { return phrase.Counted(len(t.header), "column") }

// quoteProblem words an error of the CSV reader: all of them are about quotes. A quote
// that is never closed is reported where its row begins.
func quoteProblem(text string, err error) (line int, problem string) {
	var wrong *csv.ParseError
	if !errors.As(err, &wrong) {
		return 0, err.Error()
	}
	problem = "a quote is in the middle of a cell"
	if errors.Is(wrong.Err, csv.ErrQuote) && (wrong.Line > wrong.StartLine || isAtEnd(text, wrong)) {
		problem = "a quote is opened and not closed"
	}
	return wrong.StartLine, problem + `. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`
}

// isAtEnd reports whether the CSV reader met an error after the last character of a text.
func isAtEnd(text string, wrong *csv.ParseError) bool {
	lines := strings.SplitAfter(text, "\n")
	rest := strings.Join(lines[wrong.Line-1:], "")
	return wrong.Column > len(strings.TrimRight(rest, "\r\n"))
}

func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
