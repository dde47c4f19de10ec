// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

// examination is one run of the command: what is known so far.
type examination struct {
	command     Command
	options     options
	environment environment
	out         *terminal
	// progress is told what is about to be done to a user.
	progress io.Writer

	settings settings.Settings
	observer *observer
	client   *cloudadmin.Client
	private  *private

	// interrupted is why the time is over; empty while it is not.
	interrupted func() string

	findings []finding
	answers  map[question]string

	// skew is how far this machine's clock is ahead of the server's, if that is known.
	skew      time.Duration
	skewKnown bool
	// reached is whether the API itself has answered.
	reached bool
	// subject is the user who is looked up.
	subject *cloudadmin.User
	// instead is the user found by a look-up of the given address, if that user has another
	// address.
	instead *cloudadmin.User
	// unknownUserStatus is the answer to a look-up of a user who does not exist; 0 if that is
	// not known.
	unknownUserStatus int
	// seen is what search has shown.
	seen []*cloudadmin.User
	// lookupShowsChanges is whether a look-up has shown a change that was made.
	lookupShowsChanges bool
	// leftChanged reports that a user was not set back, and what to do.
	leftChanged string
}

// step is a part of an examination. Its run returns whether the steps that depend on it can
// follow.
type step struct {
	name string
	run  func(*examination, context.Context) bool
	// needed is whether all steps after it depend on it.
	needed bool
}

// steps are in the order of a request: the first failure is the cause of the rest.
var steps = []step{
	{"configuration", (*examination).checkConfiguration, true},
	{"network", (*examination).checkNetwork, true},
	{"token", (*examination).checkToken, true},
	{"look-up", (*examination).checkLookup, true},
	{"unknown user", (*examination).checkUnknownUser, false},
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
			x.findings = append(x.findings, finding{name: s.name, result: skipped, text: "needs: " + missing})
		case ctx.Err() != nil:
			x.skip(s.name, x.interrupted())
		case !s.run(x, ctx) && s.needed:
			missing = s.name
		}
	}
	if missing != "" {
		// One line for all of them, so that the cause is easy to see.
		x.out.finding(finding{name: "the rest", result: skipped, text: "needs: " + missing})
	}
}

// interruption returns why the time is over, or an empty string.
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

// failed returns the checks that failed.
func (x *examination) failed() []string {
	var names []string
	for _, f := range x.findings {
		if f.result == failed {
			names = append(names, f.name)
		}
	}
	return names
}

// isCutShort reports whether the examination did not finish.
func (x *examination) isCutShort() bool {
	if x.interrupted() != "" {
		return true
	}
	for _, f := range x.findings {
		if f.result == skipped && (f.text == isInterrupted || f.text == errNoTimeLeft.Error()) {
			return true
		}
	}
	return false
}
