// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
)

const (
	// longRun is how many rows in a row are printed in full; of more than that,
	// only the first shownOfLongRun are.
	longRun        = 20
	shownOfLongRun = 3
)

// userRow is a line about one user: of a map in a plan, of a CSV file or what
// changes in it, of a table of users. What comes before the user tells the kinds
// apart. The lists in the provider's diagnostics are none: they are short.
var userRow = regexp.MustCompile(`^(\s*(?:[-+] )?)"?[\w.]+@[\w.]+(?:,|\s+\w|"\s+=)`)

// abridged passes on what is printed, without the rest of long runs of rows of
// one kind: people read this.
type abridged struct {
	to io.Writer
	// unfinished is the start of a line.
	unfinished []byte
	// held are the rows of a run so far, all of one kind; more are not held.
	held [][]byte
	kind string
	more int
}

func (a *abridged) Write(text []byte) (int, error) {
	a.unfinished = append(a.unfinished, text...)
	for {
		end := bytes.IndexByte(a.unfinished, '\n') + 1
		if end == 0 {
			return len(text), nil
		}
		a.line(bytes.Clone(a.unfinished[:end]))
		a.unfinished = a.unfinished[end:]
	}
}

func (a *abridged) line(line []byte) {
	row := userRow.FindSubmatch(line)
	if row == nil || string(row[1]) != a.kind {
		a.endRun()
	}
	switch {
	case row == nil:
		_, _ = a.to.Write(line) // as fmt.Print
	case len(a.held) < longRun:
		a.held, a.kind = append(a.held, line), string(row[1])
	default:
		a.more++
	}
}

func (a *abridged) endRun() {
	left := 0
	if a.more > 0 {
		left = len(a.held) - shownOfLongRun + a.more
		a.held = a.held[:shownOfLongRun]
	}
	for _, line := range a.held {
		_, _ = a.to.Write(line)
	}
	if left > 0 {
		_, _ = fmt.Fprintf(a.to, "%s… %d more rows, left out here\n", a.kind, left)
	}
	a.held, a.more = nil, 0
}

// flush prints what is held at the end.
func (a *abridged) flush() {
	a.endRun()
	_, _ = a.to.Write(a.unfinished)
	a.unfinished = nil
}

func printAbridged(text string) {
	printed := &abridged{to: os.Stdout}
	_, _ = io.WriteString(printed, text)
	printed.flush()
}
