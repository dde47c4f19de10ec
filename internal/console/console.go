// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package console has what the commands for people need to know about the terminal and the
// signals of their process.
package console

import (
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/term"
)

// Endings returns the signals that end a command. A command started with nohup goes on when
// the terminal is closed.
func Endings() []os.Signal {
	asked := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) {
		asked = append(asked, syscall.SIGHUP)
	}
	return asked
}

// IsTerminal reports whether a file is a terminal, where a person reads or types.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// HasColor reports whether the terminal shows colors.
func HasColor(f *os.File) bool {
	// Consoles of Windows may print the codes instead.
	return IsTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && runtime.GOOS != "windows"
}

// Width returns how many characters a line of a terminal has; 0 where that is not known.
func Width(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Wrap breaks a text into lines at blanks and keeps its line breaks.
func Wrap(text string, width int) []string {
	var lines []string
	text = strings.ReplaceAll(text, "\n    ", " ") // a bullet's second line
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
