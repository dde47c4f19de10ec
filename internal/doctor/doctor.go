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
	"github.com/idplus-community/terraform-provider-idplus/internal/provider/settings"
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

// examination is one run of the command: what it knows so far.
type examination struct {
	command     Command
	options     options
	environment environment
	out         *terminal
	// progress gets what is about to be done to a user.
	progress io.Writer

	settings settings.Settings
	observer *observer
	client   *cloudadmin.Client
	private  *private

	// interrupted says why the time is over; empty while it is not.
	interrupted func() string

	findings []finding
	answers  map[question]string

	// skew is how far this machine's clock is ahead of the server's, as far as
	// that is known.
	skew      time.Duration
	skewKnown bool
	// reached is whether the API itself has answered.
	reached bool
	// subject is the user who is looked up.
	subject *cloudadmin.User
	// nobodyStatus answers a look-up of a user who does not exist; 0 where that is
	// not known.
	nobodyStatus int
	// seen is what search has shown.
	seen []*cloudadmin.User
	// leftChanged says that a user was not set back, and what to do.
	leftChanged string
}

// step is a part of an examination. Its run returns whether what depends on it can go
// on.
type step struct {
	name string
	run  func(*examination, context.Context) bool
	// needed is whether all steps after it depend on it.
	needed bool
}

// steps are in the order of a request: what fails first is the cause of the rest.
var steps = []step{
	{"configuration", (*examination).checkConfiguration, true},
	{"network", (*examination).checkNetwork, true},
	{"token", (*examination).checkToken, true},
	{"look-up", (*examination).checkLookup, true},
	{"unknown user", (*examination).checkNobody, false},
	{"search", (*examination).checkSearch, false},
	{"search and look-up", (*examination).checkAgreement, false},
	{"letter case", (*examination).checkCase, false},
	{"latency", (*examination).checkLatency, false},
	{"rate limit", (*examination).checkRate, false},
	{"write", (*examination).checkWrite, false},
}

func (x *examination) examine(ctx context.Context) {
	x.interrupted = func() string { return interruption(ctx) }
	var missing string
	for _, s := range steps {
		switch {
		case missing != "":
			x.findings = append(x.findings, finding{name: s.name, result: skipped, said: "needs: " + missing})
		case ctx.Err() != nil:
			x.skip(s.name, x.interrupted())
		case !s.run(x, ctx) && s.needed:
			missing = s.name
		}
	}
	if missing != "" {
		// One line for all of them: the reader is to see the cause.
		x.out.finding(finding{name: "the rest", result: skipped, said: "needs: " + missing})
	}
}

// interruption says why the time is over; empty while it is not.
func interruption(ctx context.Context) string {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(context.Cause(ctx), errNoTimeLeft):
		return errNoTimeLeft.Error()
	}
	return isInterrupted
}

const isInterrupted = "interrupted"

func (x *examination) exitCode() int {
	switch {
	case x.leftChanged != "":
		return ExitLeftChanged
	case len(x.failed()) > 0 || x.isCutShort():
		return ExitStopped
	}
	return ExitFine
}

// failed lists the checks that failed.
func (x *examination) failed() []string {
	var names []string
	for _, f := range x.findings {
		if f.result == failed {
			names = append(names, f.name)
		}
	}
	return names
}

// isCutShort reports whether the examination did not come to its end.
func (x *examination) isCutShort() bool {
	for _, f := range x.findings {
		if f.result == skipped && (f.said == isInterrupted || f.said == errNoTimeLeft.Error()) {
			return true
		}
	}
	return false
}
