// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// The codes of a terminal for headings and commands.
const (
	headingCode = "\x1b[1;36m"
	commandCode = "\x1b[1m"
	endOfCode   = "\x1b[0m"
)

// lineWidth is the width of a usual terminal.
const lineWidth = 80

func (s *stage) marked(code, text string) string {
	if !s.color {
		return text
	}
	return code + text + endOfCode
}

// heading begins a scene. A silent scene prints nothing else.
func (s *stage) heading(next scene) {
	title := fmt.Sprintf("%d. %s", next.number, next.title)
	if s.out == io.Discard {
		s.said = map[string]bool{} // All output is discarded.
	}
	s.out = os.Stdout
	if next.silent {
		_, _ = fmt.Fprintf(s.out, "\n(played without output: %s)\n", title)
		s.out = io.Discard
		return
	}
	_, _ = fmt.Fprintf(s.out, "\n%s\n", s.marked(headingCode, "=== "+title+" ==="))
}

// say prints a paragraph.
func (s *stage) say(text string) {
	s.print("\n" + strings.Join(console.Wrap(text, lineWidth), "\n") + "\n")
}

// meantToFail announces that the next command ends with an error. Any other error is a
// failure of the demo.
func (s *stage) meantToFail(why string) {
	s.say(why + " The next command is meant to fail:")
	s.failureIsMeant = true
}

// typed prints a command.
func (s *stage) typed(command string) {
	s.print("\n" + s.marked(commandCode, "$ "+strings.ReplaceAll(command, s.temporary, "…")) + "\n")
}

func (s *stage) print(text string) {
	if s.failure == nil {
		_, _ = io.WriteString(s.out, text)
	}
}

// printAbridged prints a text without most of its long runs.
func (s *stage) printAbridged(text string) {
	if s.failure == nil {
		printed := s.abridged()
		_, _ = io.WriteString(printed, text)
		printed.flush()
	}
}
