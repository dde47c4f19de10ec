// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package doctor is the command "doctor" of the provider's binary: it finds out how a
// tenant behaves, and what is wrong with a configuration. Its configuration is the
// environment, read as the provider reads it.
//
// It changes nothing, unless -write names a user who may be changed. What it prints to the
// terminal may name hosts and the given address; its report and its JSON contain no name,
// host, id or secret.
package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Exit codes.
const (
	// ExitFine means that nothing stops the provider. There may be notes.
	ExitFine = 0
	// ExitStopped means that something stops the provider, or that the examination did not
	// finish.
	ExitStopped = 1
	// ExitUsage means wrong arguments.
	ExitUsage = 2
	// ExitLeftChanged means that a user of -write could not be set back.
	ExitLeftChanged = 3
)

// Command is the command and its surroundings.
type Command struct {
	// Version is the provider's version.
	Version string
	// Environ is the environment, as os.Environ returns it.
	Environ        []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Interactive is whether there is a person to ask.
	Interactive bool
	// Width is the terminal's width in characters; 0 if it is not known.
	Width int
	// Color is whether Stdout shows colors.
	Color bool

	// now and wait are the clock; tests replace them.
	now  func() time.Time
	wait func(context.Context, time.Duration) error
	// samples is how many look-ups are used for the median latency.
	samples int
}

// Run runs the command with the arguments after its name, and returns the exit code.
func (c Command) Run(ctx context.Context, args []string) int {
	c = c.withDefaults()
	environment := parseEnvironment(c.Environ)
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	hidden := secretsOf(environment)
	stdout, stderr := hidden.writer(watched{c.Stdout, interrupt}), hidden.writer(watched{c.Stderr, interrupt})

	options, err := parseOptions(args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, help)
		return ExitFine
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "doctor: %s\n\n%s", err, usage)
		return ExitUsage
	}
	var file *os.File
	if options.report != "" {
		// Before anything is asked or changed.
		if file, err = os.OpenFile(options.report, os.O_WRONLY|os.O_CREATE, 0o600); err != nil {
			_, _ = fmt.Fprintf(stderr, "doctor: the report cannot be written: %s\n", err)
			return ExitUsage
		}
		defer func() { _ = file.Close() }() // In case it was not written, as after a panic.
	}
	if options.email == "" && options.username == "" && c.Interactive && !options.json {
		if options.email, err = ask(ctx, c.Stdin, stdout); err != nil {
			_, _ = fmt.Fprintf(stderr, "doctor: %s\n", err)
			return ExitUsage
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, options.timeout, errNoTimeLeft)
	defer cancel()

	x := &examination{
		command: c, options: options, environment: environment,
		answers: map[question]string{}, private: &private{},
	}
	x.private.keep(options.email, options.username, options.write)
	x.out = &terminal{out: stdout, color: c.Color, width: c.Width}
	if options.json {
		x.out = &terminal{out: io.Discard, width: c.Width}
		x.progress = stderr
	} else {
		x.progress = stdout
	}
	x.out.title(c.Version)
	x.examine(ctx)

	code := x.exitCode()
	report := x.report()
	isPrinted := file == nil
	if file != nil {
		if err := overwrite(file, hidden.clean(report)); err != nil {
			_, _ = fmt.Fprintf(stderr, "doctor: the report cannot be written: %s\n", err)
			isPrinted, code = true, cmp.Or(code, ExitUsage)
		}
	}
	if options.json {
		_, _ = stdout.Write(x.json())
	} else {
		x.out.summary(x)
		if isPrinted {
			x.out.report(report)
		} else {
			x.out.text("The report is in " + options.report + ".")
		}
	}
	if x.leftChanged != "" {
		// The last line, whatever else was printed: a user's access is wrong.
		last := fmt.Sprintf("\n!! %s\n", x.leftChanged)
		if _, err := io.WriteString(x.progress, last); err != nil {
			_, _ = io.WriteString(stderr, last)
		}
	}
	return code
}

// overwrite replaces the content of a file.
func overwrite(file *os.File, text string) error {
	_ = file.Truncate(0) // Only a file can be truncated.
	_, err := file.WriteString(text)
	return errors.Join(err, file.Close())
}

// watched treats a closed output as an interrupt: no person can see any more what is about
// to be done to a user.
type watched struct {
	to        io.Writer
	interrupt func()
}

func (w watched) Write(text []byte) (int, error) {
	n, err := w.to.Write(text)
	if err != nil {
		w.interrupt()
	}
	return n, err
}

func (c Command) withDefaults() Command {
	if c.now == nil {
		c.now = time.Now
	}
	if c.wait == nil {
		c.wait = cloudadmin.Pause
	}
	c.samples = cmp.Or(c.samples, 20)
	c.Width = max(cmp.Or(c.Width, usualWidth), textColumn)
	return c
}

var errNoTimeLeft = errors.New("no time left: see -timeout")
