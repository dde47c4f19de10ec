// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Main runs the command in the world of this process.
func Main(version string, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	// A reader who has gone is an error of Write: the program must not end while a
	// user is changed.
	signal.Ignore(syscall.SIGPIPE)
	return Command{
		Version: version, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Interactive: isTerminal(os.Stdin) && isTerminal(os.Stdout),
		// Consoles of Windows may print the codes.
		Colour: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && runtime.GOOS != "windows",
	}.Run(ctx, args)
}

// endings are the signals that ask for the end. One that whoever started the program
// has it ignore, as nohup does, stays ignored.
func endings() []os.Signal {
	asked := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
	return slices.DeleteFunc(asked, signal.Ignored)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// terminal prints for people.
type terminal struct {
	out    io.Writer
	colour bool
}

// mark is what a line begins with, so that it can be read without colours.
func (r result) mark() (text, colour string) {
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
	textWidth = 80
)

func (t *terminal) title(version string) {
	t.text("terraform-provider-idplus " + version + ", doctor: asks the tenant, line by line.")
	t.text("ok fine   !! stops the provider   ?? worth a look   -- not asked")
	t.text("")
}

func (t *terminal) text(line string) { _, _ = fmt.Fprintln(t.out, line) }

func (t *terminal) finding(f finding) {
	f.said, f.advice, f.detail = plain(f.said), plain(f.advice), plain(f.detail)
	mark, colour := f.result.mark()
	if t.colour {
		mark = "\x1b[" + colour + "m" + mark + "\x1b[0m"
	}
	lines := wrap(f.said)
	if short := f.said + " (" + f.detail + ")"; f.detail != "" && len(short) <= textWidth {
		lines = []string{short}
	} else {
		lines = append(lines, wrap(f.detail)...)
	}
	for i, line := range wrap(f.advice) {
		if i == 0 {
			line = "-> " + line
		} else {
			line = "   " + line
		}
		lines = append(lines, line)
	}
	var text strings.Builder
	for i, line := range lines {
		if i == 0 {
			fmt.Fprintf(&text, "%s  %-*s %s\n", mark, nameWidth, f.name, line)
		} else {
			fmt.Fprintf(&text, "%*s%s\n", nameWidth+5, "", line)
		}
	}
	_, _ = io.WriteString(t.out, text.String())
}

// summary says how it went.
func (t *terminal) summary(x *examination) {
	t.text("")
	names := x.failed()
	switch {
	case len(names) > 0:
		t.text("This stops the provider: " + strings.Join(names, ", ") + ".")
	case x.isCutShort():
		t.text("Not all was asked.")
	default:
		t.text("Nothing here stops the provider.")
	}
	if x.options.email == "" && x.options.username == "" {
		t.text("More can be asked about a user: terraform-provider-idplus doctor -email ADDRESS")
	}
}

func (t *terminal) report(report string) {
	t.text("")
	t.text("----- report, to paste into an issue: no address, name, host, id or secret -----")
	_, _ = io.WriteString(t.out, report)
	t.text("----- end of the report -----")
}

// short is a duration without the zeros at its end.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// wrap breaks a text into lines at blanks; its own line breaks stay.
func wrap(text string) []string {
	var lines []string
	text = strings.ReplaceAll(text, "\n    ", " ") // a bullet's second line
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			if line != "" && len(line)+1+len(word) > textWidth {
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
