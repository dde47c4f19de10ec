// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// Problem is a problem of a line of a file, or of several lines, with the way out.
type Problem struct {
	// File is empty for a text without a name, and for a problem of no file.
	File string
	// Line is the first line; 0 if the problem is about no line.
	Line int
	// Lines are all lines if there are several.
	Lines []int
	Text  string
}

func (p Problem) String() string {
	if place := p.place(); place != "" {
		return visible(place + ": " + p.Text)
	}
	return visible(p.Text)
}

// visible shows invisible characters, and those that move others, by their number: a text
// from a file may be made to deceive, and a problem is one line.
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
		return phrase.Plural(max(len(p.Lines), 1), "line ", "lines ") + p.lines()
	default:
		return p.File + ":" + p.lines()
	}
}

// lines returns the numbers of the lines: 2-61,70.
func (p Problem) lines() string {
	if len(p.Lines) == 0 {
		return strconv.Itoa(p.Line)
	}
	var runs []string
	for i := 0; i < len(p.Lines); {
		first := i
		for i++; i < len(p.Lines) && p.Lines[i] == p.Lines[i-1]+1; i++ {
		}
		run := strconv.Itoa(p.Lines[first])
		if i-first > 1 {
			run += "-" + strconv.Itoa(p.Lines[i-1])
		}
		if runs = append(runs, run); len(runs) == phrase.Listed && i < len(p.Lines) {
			return fmt.Sprintf("%s and %d more", strings.Join(runs, ","), len(p.Lines)-i)
		}
	}
	return strings.Join(runs, ",")
}

// ProblemsError is all the reasons why the files of a review cannot be used.
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
