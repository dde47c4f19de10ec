// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// fault is one problem of a row. Faults of one kind differ in the values that they name.
type fault struct {
	kind, text string
	// value is the cell that is wrong, if rows with the same problem should list it.
	value string
}

func (f *fault) Error() string { return f.text }

// faults are what is wrong with one row.
type faults []fault

func (f *faults) add(format string, args ...any) {
	*f = append(*f, fault{kind: format, text: fmt.Sprintf(format, args...)})
}

// addValue adds a fault of the value of a cell.
func (f *faults) addValue(kind, value, format string, args ...any) {
	*f = append(*f, fault{kind: kind, text: fmt.Sprintf(format, args...), value: shown(value)})
}

// addIf adds a fault, if there is one.
func (f *faults) addIf(wrong *fault) {
	if wrong != nil {
		*f = append(*f, *wrong)
	}
}

// problems collects problems.
type problems struct {
	found []Problem
	rows  []rowFaults
	// files are the files with problems, in the order in which they were found.
	files []string
}

type rowFaults struct {
	file   string
	line   int
	faults faults
}

func (p *problems) add(file string, line int, format string, args ...any) {
	p.in(file)
	p.found = append(p.found, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// addRow adds the faults of one row.
func (p *problems) addRow(r row, wrong faults) {
	if len(wrong) > 0 {
		p.in(r.table.file.Name)
		p.rows = append(p.rows, rowFaults{r.table.file.Name, r.line, wrong})
	}
}

// in notes a file with a problem.
func (p *problems) in(file string) {
	if !slices.Contains(p.files, file) {
		p.files = append(p.files, file)
	}
}

func (p *problems) addAll(other problems) {
	for _, file := range other.files {
		p.in(file)
	}
	p.found = append(p.found, other.found...)
	p.rows = append(p.rows, other.rows...)
}

func (p *problems) none() bool { return len(p.found)+len(p.rows) == 0 }

// err returns all problems, those of a file in the order of its lines. A fault of many
// rows of a file is one problem: repeated for each, it would hide all others.
func (p *problems) err() error {
	if p.none() {
		return nil
	}
	all := slices.Concat(p.found, p.ofRows())
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(slices.Index(p.files, a.File), slices.Index(p.files, b.File)), cmp.Compare(a.Line, b.Line))
	})
	return &ProblemsError{all}
}

// alike is the number of rows from which faults of one kind become one problem, although
// they name different values.
const alike = 4

// ofRows returns a problem for each row, and one for each kind of fault that several
// rows of a file have.
func (p *problems) ofRows() []Problem {
	type inFile struct{ file, what string }
	sameText, sameKind, values := map[inFile][]int{}, map[inFile][]int{}, map[inFile][]string{}
	for _, r := range p.rows {
		for _, f := range r.faults {
			sameText[inFile{r.file, f.text}] = append(sameText[inFile{r.file, f.text}], r.line)
			sameKind[inFile{r.file, f.kind}] = append(sameKind[inFile{r.file, f.kind}], r.line)
			if quoted := strconv.Quote(f.value); f.value != "" && !slices.Contains(values[inFile{r.file, f.kind}], quoted) {
				values[inFile{r.file, f.kind}] = append(values[inFile{r.file, f.kind}], quoted)
			}
		}
	}
	var ofRows []Problem
	for _, r := range p.rows {
		var own []string
		for _, f := range r.faults {
			text := f.text
			lines, others := sameText[inFile{r.file, f.text}], sameKind[inFile{r.file, f.kind}]
			if more := len(others) - len(lines); more > 0 && len(others) >= alike {
				lines = others
				text += sameProblem(more, values[inFile{r.file, f.kind}])
			}
			switch {
			case len(lines) == 1:
				own = append(own, text)
			case lines[0] == r.line:
				ofRows = append(ofRows, Problem{File: r.file, Line: r.line, Lines: lines, Text: text})
			}
		}
		if len(own) > 0 {
			ofRows = append(ofRows, Problem{File: r.file, Line: r.line, Text: strings.Join(own, "; ")})
		}
	}
	return ofRows
}

// otherValues is how many other values of a problem are listed.
const otherValues = 3

// sameProblem says that more rows have the problem, with values other than the first.
func sameProblem(more int, values []string) string {
	with := phrase.Plural(more, "another value", "other values")
	if len(values) > 1 {
		with = phrase.Joined(values[1:], otherValues)
	}
	return fmt.Sprintf(". The same problem is in %s, with %s", phrase.Counted(more, "more row"), with)
}
