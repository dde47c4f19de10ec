// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// Main runs the command with this process's arguments, environment and terminal.
func Main(version string, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), console.Endings()...)
	defer stop()
	// A closed output is an error of Write: the program must not end while a user is changed.
	signal.Ignore(syscall.SIGPIPE)
	return Command{
		Version: version, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Interactive: console.IsTerminal(os.Stdin) && console.IsTerminal(os.Stdout),
		Width:       console.Width(os.Stdout),
		Color:       console.HasColor(os.Stdout),
	}.Run(ctx, args)
}

// terminal prints for people.
type terminal struct {
	out   io.Writer
	color bool
	// width is how many characters fit into a line.
	width int
}

// mark returns the beginning of a line, so that it can be read without colors.
func (r result) mark() (text, color string) {
	switch r {
	case ok:
		return "ok", "32"
	case failed:
		return "!!", "31;1"
	case note:
		return "??", "33"
	case skipped:
	}
	return "--", "2"
}

const (
	nameWidth = 19
	// textColumn is where texts begin, after a mark and a name.
	textColumn = nameWidth + 5
	// usualWidth is the width of a terminal whose width is not known, and leastText is the
	// minimum width for texts.
	usualWidth = 80
	leastText  = 30
)

func (t *terminal) textWidth() int { return max(t.width-textColumn, leastText) }

func (t *terminal) title(version string) {
	t.text("terraform-provider-idplus " + version + ", doctor: one line for each check.")
	_, _ = fmt.Fprintln(t.out, "ok fine   !! stops the provider   ?? worth a look   -- not asked")
	t.text("")
}

// text prints a paragraph.
func (t *terminal) text(line string) {
	_, _ = fmt.Fprintln(t.out, strings.Join(console.Wrap(line, t.width), "\n"))
}

// columns returns lines that begin with a mark and a name.
func columns(mark, name string, lines []string) string {
	var text strings.Builder
	for i, line := range lines {
		if i == 0 {
			fmt.Fprintf(&text, "%s  %-*s %s\n", mark, nameWidth, name, line)
		} else {
			fmt.Fprintf(&text, "%*s%s\n", textColumn, "", line)
		}
	}
	return text.String()
}

func (t *terminal) finding(f finding) {
	f.text, f.advice, f.detail = plain(f.text), plain(f.advice), plain(f.detail)
	mark, color := f.result.mark()
	if t.color {
		mark = "\x1b[" + color + "m" + mark + "\x1b[0m"
	}
	lines := console.Wrap(f.text, t.textWidth())
	if short := f.text + " (" + f.detail + ")"; f.detail != "" && len(short) <= t.textWidth() {
		lines = []string{short}
	} else {
		lines = append(lines, console.Wrap(f.detail, t.textWidth())...)
	}
	for i, line := range console.Wrap(f.advice, t.textWidth()-3) {
		if i == 0 {
			line = "-> " + line
		} else {
			line = "   " + line
		}
		lines = append(lines, line)
	}
	_, _ = io.WriteString(t.out, columns(mark, f.name, lines))
}

// summary prints the overall result.
func (t *terminal) summary(x *examination) {
	t.text("")
	names := x.failed()
	switch {
	case len(names) > 0:
		t.text("This stops the provider: " + strings.Join(names, ", ") + ".")
	case x.isCutShort():
		t.text("Not everything was checked.")
	default:
		t.text("Nothing here stops the provider.")
	}
	if x.options.email == "" && x.options.username == "" {
		t.text("To check a user as well: terraform-provider-idplus doctor -email ADDRESS")
	}
}

func (t *terminal) report(report string) {
	t.text("")
	t.text("----- report for an issue: no address, name, host, id or secret -----")
	for line := range strings.Lines(report) {
		const indent = "    "
		first, rest, isLong := line, []string(nil), len(line) > t.width
		if isLong {
			rest = console.Wrap(line, t.width)
			first, rest = rest[0]+"\n", console.Wrap(strings.Join(rest[1:], " "), t.width-len(indent))
		}
		_, _ = io.WriteString(t.out, first)
		for _, more := range rest {
			_, _ = io.WriteString(t.out, indent+more+"\n")
		}
	}
	t.text("----- end of the report -----")
}
