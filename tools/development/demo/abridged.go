// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
)

// kind is a kind of lines. Only a part of a long run of them is printed.
type kind struct {
	lines *regexp.Regexp // its group distinguishes runs within the kind
	what  string
	// whole is the maximum number of consecutive lines that are printed in full; of a
	// longer run, only the first shown lines are.
	whole, shown int
}

var kinds = []kind{
	// A line about one user: of a map in a plan, of a CSV file or its changes, of a table
	// of users. The text before the user distinguishes the kinds. The lists in the
	// provider's diagnostics are not included: they are short.
	{regexp.MustCompile("^(\\s*(?:[-+|] )?)[\"`]?[\\w.]+@[\\w.]+(?:,|\\s+\\w|\"\\s+=|`)"), "rows", 20, 3},
	// A worksheet or a roster: the id comes first.
	{regexp.MustCompile(`^()[0-9a-f]{8}-[0-9a-f-]{27},`), "rows", 20, 3},
	// Terraform's progress.
	{regexp.MustCompile(`^()\S+: (?:Refreshing state|Creating|Creation complete|Modifying|Modifications complete|Destroying|Destruction complete|Reading|Read complete)`), "lines of progress", 4, 1},
}

// resource matches the first line about an instance in a plan; an empty line ends it.
var resource = regexp.MustCompile(`^ {2}# \S+\[.*\] will be (?:created|updated in-place)$`)

// shownResources is how many consecutive resources are printed.
const shownResources = 2

// diagnostic matches the first line of an error or a warning: the text before a second
// colon is the same for any user. It ends with one of endOfDiagnostic, or at the end.
var (
	diagnostic      = regexp.MustCompile(`^((?:Warning|Error): [^:]+)`)
	endOfDiagnostic = regexp.MustCompile(`^(?:Warning: |Error: |Apply complete!|Changes to Outputs:|Outputs:)`)
)

// abridged prints a text without the rest of long runs of one kind, and without the details
// of a diagnostic that was printed before: people read this.
type abridged struct {
	to   io.Writer
	said map[string]bool
	// unfinished is the start of a line.
	unfinished []byte

	// held are the lines of the current run, all of one kind; further lines are not held.
	held   [][]byte
	kind   *kind
	prefix string
	more   int

	resources          int
	inResource, inSaid bool
	// notes is how many notes of the evidence were printed before.
	notes int
}

// abridged returns the writer for a command's output or a file.
func (s *stage) abridged() *abridged { return &abridged{to: s.out, said: s.said} }

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
	if a.isRepeated(line) || a.isKnownNote(line) || a.isFurtherResource(line) {
		return
	}
	kind, prefix := kindOf(line)
	if kind != a.kind || prefix != a.prefix {
		a.endRun()
		a.kind, a.prefix = kind, prefix
	}
	switch {
	case kind == nil:
		_, _ = a.to.Write(line) // like fmt.Print
	case len(a.held) < kind.whole:
		a.held = append(a.held, line)
	default:
		a.more++
	}
}

func kindOf(line []byte) (*kind, string) {
	for i := range kinds {
		if found := kinds[i].lines.FindSubmatch(line); found != nil {
			return &kinds[i], string(found[1])
		}
	}
	return nil, ""
}

// isRepeated reports whether a line belongs to a diagnostic that was printed before, perhaps
// about another user. Only the first line of it is printed again.
func (a *abridged) isRepeated(line []byte) bool {
	if a.inSaid && endOfDiagnostic.Match(line) {
		a.inSaid = false
		_, _ = io.WriteString(a.to, "\n")
	}
	title := diagnostic.FindSubmatch(line)
	if title == nil || a.said == nil {
		return a.inSaid
	}
	if a.inSaid = a.said[string(title[1])]; a.inSaid {
		a.endRun()
		_, _ = fmt.Fprintf(a.to, "%s (as above)\n", bytes.TrimSpace(line))
	}
	a.said[string(title[1])] = true
	return a.inSaid
}

// isKnownNote reports whether a line is a note of the evidence that was printed before.
func (a *abridged) isKnownNote(line []byte) bool {
	isNote := bytes.HasPrefix(line, []byte("note: "))
	if isNote && a.said[string(line)] {
		a.notes++
		return true
	}
	if isNote && a.said != nil {
		a.said[string(line)] = true
	}
	if !isNote {
		a.endNotes()
	}
	return false
}

func (a *abridged) endNotes() {
	if a.notes > 0 {
		_, _ = fmt.Fprintf(a.to, "note: … %d as above\n", a.notes)
	}
	a.notes = 0
}

// isFurtherResource reports whether a line belongs to a resource after several that were
// printed.
func (a *abridged) isFurtherResource(line []byte) bool {
	text := bytes.TrimRight(line, "\r\n")
	switch {
	case resource.Match(text):
		a.resources++
		a.inResource = true
	case a.inResource && len(text) == 0:
		a.inResource = false
		return a.resources > shownResources
	case !a.inResource && len(text) > 0:
		if n := a.resources - shownResources; n > 0 {
			_, _ = fmt.Fprintf(a.to, "  … %d more resources, left out here\n\n", n)
		}
		a.resources = 0
	}
	return a.inResource && a.resources > shownResources
}

func (a *abridged) endRun() {
	left := 0
	if a.more > 0 {
		left = len(a.held) - a.kind.shown + a.more
		a.held = a.held[:a.kind.shown]
	}
	for _, line := range a.held {
		_, _ = a.to.Write(line)
	}
	if left > 0 {
		_, _ = fmt.Fprintf(a.to, "%s… %d more %s, left out here\n", a.prefix, left, a.kind.what)
	}
	a.held, a.more = nil, 0
}

// flush prints the held lines at the end.
func (a *abridged) flush() {
	a.endRun()
	a.endNotes()
	_, _ = a.to.Write(a.unfinished)
	a.unfinished = nil
}
