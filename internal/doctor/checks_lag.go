// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// longestLag is how long to wait for a change, and lagStep how often to look for it.
const (
	longestLag = 10 * time.Second
	lagStep    = 500 * time.Millisecond
)

const atOnce = "at once"

// inARow is how often in a row a change must be shown to count: one of several servers may
// be behind.
const inARow = 3

// showsSteadily reports whether a change is shown often enough in a row.
func showsSteadily(shows func() bool) bool {
	for range inARow {
		if !shows() {
			return false
		}
	}
	return true
}

// watch is what look-up, or search, shows of a change.
type watch struct {
	q question
	// ask returns the status that is shown, or why there is none.
	ask func() (status cloudadmin.Status, why string)

	answer string
	// isAsked is whether it was asked before. What the first answer shows may have been
	// shown all the time.
	isAsked bool
	// isSeen is whether the change was shown once, and isComparable whether any status was
	// shown. why is why the last answer had none.
	isSeen, isComparable bool
	why                  string
}

// measureLag asks look-up and search until both show a change, or for longestLag.
func (x *examination) measureLag(ctx context.Context, user *cloudadmin.User, want cloudadmin.Status) {
	x.say("waits until look-up and search show it, at most %s", longestLag)
	// Without retries: retries of one would count as lag of the other.
	patient := x.client
	x.client = x.newClient(0)
	defer func() { x.client = patient }()
	begin := x.command.now()
	byLookup := &watch{q: askLookupLag, ask: func() (cloudadmin.Status, string) { return x.statusByLookup(ctx, user) }}
	bySearch := &watch{q: askSearchLag, ask: func() (cloudadmin.Status, string) { return x.statusBySearch(ctx, user) }}
	watches := []*watch{byLookup, bySearch}
	for {
		isOver := x.command.now().Sub(begin) >= longestLag
		missing := 0
		for _, w := range watches {
			if w.answer == "" && !x.shows(w, want, begin) {
				missing++
			}
		}
		if missing == 0 || isOver || x.command.wait(ctx, lagStep) != nil {
			break
		}
	}
	x.lookupShowsChanges = byLookup.isSeen
	for _, w := range watches {
		switch {
		case w.answer != "":
		case ctx.Err() != nil:
			w.answer = "not known: " + interruption(ctx)
		case !w.isComparable:
			w.answer = "not known: " + w.why
		case w.isSeen:
			w.answer = "intermittently, and not steadily within " + longestLag.String()
		default:
			w.answer = "not within " + longestLag.String()
		}
		x.answer(w.q, "%s", w.answer)
	}
}

// shows asks, and records since when a change is shown.
func (x *examination) shows(w *watch, want cloudadmin.Status, begin time.Time) bool {
	after := x.command.now().Sub(begin).Round(lagStep)
	steady := showsSteadily(func() bool {
		status, why := w.ask()
		if why != "" {
			w.why = why
			return false
		}
		w.isComparable = true
		w.isSeen = w.isSeen || status == want
		return status == want
	})
	isFirst := !w.isAsked
	w.isAsked = true
	switch {
	case steady && isFirst && after < 2*lagStep:
		w.answer = atOnce
	case steady && isFirst:
		w.answer = "when first asked, after " + after.String()
	case steady:
		w.answer = "after " + after.String()
	}
	return steady
}

const hasNoStatus = "the answers have no status"

func (x *examination) statusByLookup(ctx context.Context, user *cloudadmin.User) (cloudadmin.Status, string) {
	found, err := x.find(ctx, cloudadmin.Email(string(user.EmailAddress)))
	switch {
	case err != nil:
		return "", "no look-up found the user"
	case !strings.EqualFold(found.ID, user.ID):
		return "", "look-up finds another user"
	case found.UserStatus == "":
		return "", hasNoStatus
	}
	return found.UserStatus, ""
}

func (x *examination) statusBySearch(ctx context.Context, user *cloudadmin.User) (cloudadmin.Status, string) {
	shown, err := x.shown(ctx, user)
	switch {
	case err != nil:
		return "", "no search got a usable answer"
	case shown == nil:
		return "", "search does not show the user"
	case shown.UserStatus == "":
		return "", hasNoStatus
	}
	return shown.UserStatus, ""
}
