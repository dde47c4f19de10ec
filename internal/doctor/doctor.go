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
	hidden := secretsOf(environment)
	stdout, stderr := hidden.writer(c.Stdout), hidden.writer(c.Stderr)

	options, err := parseOptions(args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, help)
		return ExitFine
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "doctor: %s\n\n%s", err, usage)
		return ExitUsage
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
	x.out = &terminal{out: stdout, colour: c.Colour}
	if options.json {
		x.out = &terminal{out: io.Discard}
		x.progress = stderr
	} else {
		x.progress = stdout
	}
	x.out.title(c.Version)
	x.examine(ctx)

	report := x.report()
	if options.report != "" {
		if err := os.WriteFile(options.report, []byte(hidden.clean(report)), 0o600); err != nil {
			_, _ = fmt.Fprintf(stderr, "doctor: the report cannot be written: %s\n", err)
			return ExitUsage
		}
	}
	if options.json {
		_, _ = stdout.Write(x.json())
	} else {
		x.out.summary(x)
		if options.report == "" {
			x.out.report(report)
		} else {
			x.out.text("The report is in " + options.report + ".")
		}
	}
	if x.leftChanged != "" {
		// The last line, whatever else was said: somebody has or lacks access.
		_, _ = fmt.Fprintf(x.progress, "\n!! %s\n", x.leftChanged)
	}
	return x.exitCode()
}

func (c Command) withDefaults() Command {
	if c.now == nil {
		c.now = time.Now
	}
	if c.wait == nil {
		c.wait = waitFor
	}
	c.samples = cmp.Or(c.samples, 20)
	return c
}

func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

var errNoTimeLeft = errors.New("no time left: see -timeout")
