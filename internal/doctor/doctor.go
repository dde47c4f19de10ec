// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package doctor is the command "doctor" of the provider's binary: it asks a tenant
// what it does, and says what is wrong with a configuration. Its configuration is
// the environment, read as the provider reads it.
//
// It changes nothing, unless -write names a user who may be changed. What it prints
// to the terminal may name hosts and the address that was given; its report and its
// JSON name nobody, no host, no id and no secret.
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
	// ExitFine is for a provider that nothing stops. There may be notes.
	ExitFine = 0
	// ExitStopped is for something that stops the provider, or an examination that
	// did not come to its end.
	ExitStopped = 1
	// ExitUsage is for wrong arguments.
	ExitUsage = 2
	// ExitLeftChanged is for a user of -write who could not be set back.
	ExitLeftChanged = 3
)

// Command is the command and the world that it runs in.
type Command struct {
	// Version is that of the provider.
	Version string
	// Environ is the environment, as os.Environ returns it.
	Environ        []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Interactive is whether a person is there who can be asked.
	Interactive bool
	// Width is that of the terminal, in characters; 0 where it is not known.
	Width int
	// Colour is whether Stdout shows colours.
	Colour bool

	// now and wait are the time; tests bring their own.
	now  func() time.Time
	wait func(context.Context, time.Duration) error
	// samples is how many look-ups the latency is the median of.
	samples int
}

// Run runs the command with what follows its name, and returns the exit code.
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
		// Before anything is asked or done.
		if file, err = os.OpenFile(options.report, os.O_WRONLY|os.O_CREATE, 0o600); err != nil {
			_, _ = fmt.Fprintf(stderr, "doctor: the report cannot be written: %s\n", err)
			return ExitUsage
		}
		defer func() { _ = file.Close() }() // Where it was not written, as by a panic.
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
	x.out = &terminal{out: stdout, colour: c.Colour, width: c.Width}
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
		// The last line, whatever else was said: somebody has or lacks access.
		last := fmt.Sprintf("\n!! %s\n", x.leftChanged)
		if _, err := io.WriteString(x.progress, last); err != nil {
			_, _ = io.WriteString(stderr, last)
		}
	}
	return code
}

// overwrite puts a text in the place of what a file has.
func overwrite(file *os.File, text string) error {
	_ = file.Truncate(0) // What is no file cannot be cut.
	_, err := file.WriteString(text)
	return errors.Join(err, file.Close())
}

// watched takes a reader who has gone for an interrupt: nobody is there to be told
// what is about to be done to a user.
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
