// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// Problem is what is wrong with a line of a file, and the way out.
type Problem struct {
	// File is empty for a text without a name, and for what is in no file.
	File string
	// Line is 0 for what is about no line.
	Line int
	Text string
}

func (p Problem) String() string {
	if place := p.place(); place != "" {
		return visible(place + ": " + p.Text)
	}
	return visible(p.Text)
}

// visible shows characters that are not seen, or that move others, by their number: a
// text from a file may be made to deceive, and a problem is one line.
func visible(text string) string {
	if !strings.ContainsFunc(text, isUnseen) {
		return text
	}
	var shown strings.Builder
	for _, r := range text {
		if isUnseen(r) {
			fmt.Fprintf(&shown, "U+%04X", r)
		} else {
			shown.WriteRune(r)
		}
	}
	return shown.String()
}

func isUnseen(r rune) bool { return !unicode.IsPrint(r) }

func (p Problem) place() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("line %d", p.Line)
	default:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
}

// ProblemsError is why the files of a review cannot be used: all that is wrong with
// them.
type ProblemsError struct{ Problems []Problem }

func (e *ProblemsError) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].String()
	}
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return fmt.Sprintf("%s in the review:\n%s", phrase.Counted(len(lines), "problem"), phrase.Bulleted(lines, phrase.Listed))
}

// problems collects what is wrong.
type problems []Problem

func (p *problems) add(file string, line int, format string, args ...any) {
	*p = append(*p, Problem{file, line, fmt.Sprintf(format, args...)})
}

// addRow adds all that is wrong with one row, as one problem.
func (p *problems) addRow(r row, wrong []string) {
	if len(wrong) > 0 {
		*p = append(*p, Problem{r.table.file.Name, r.line, strings.Join(wrong, "; ")})
	}
}

// err returns all problems, those of a file in the order of its lines.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	files := map[string]int{}
	for _, problem := range p {
		if _, known := files[problem.File]; !known {
			files[problem.File] = len(files)
		}
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(files[a.File], files[b.File]), cmp.Compare(a.Line, b.Line))
	})
	return &ProblemsError{p}
}
