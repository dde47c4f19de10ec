// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A roster is complete, or there is none.
func TestRosterOfATenantThatContradictsItself(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*world)
		args    []string
		says    []string
	}{
		"users lost at the borders of pages": {
			prepare: func(w *world) { w.tenant.SkipAtBorders(true) },
			says:    []string{"the search counts 300 users and shows 289, also when all pages are read again", noFile},
		},
		"pages that come twice": {
			prepare: func(w *world) { w.tenant.RepeatSearchPages(true) },
			says:    []string{"the search counts 300 users and shows 275"},
		},
		"an order that changes": {
			prepare: func(w *world) { w.tenant.SortUnstably(true) },
			says:    []string{"the search counts 300 users and shows "},
		},
		"pages without end": {
			prepare: func(w *world) { w.tenant.SearchEndlessly(true) },
			says:    []string{"cannot search for users", "show no new user"},
		},
		"pages that are counted from 1": {
			prepare: func(w *world) { w.tenant.CountPagesFrom1(true) },
			says:    []string{"cannot search for users", "The pageNumber must be a number from 1"},
		},
		"no totals": {
			prepare: func(w *world) { must(w.t, w.tenant.SetTemperament("search-totals", "none")) },
			says:    []string{"cannot search for users", "does not say how many users there are"},
		},
		"totals of nobody": {
			prepare: func(w *world) { must(w.t, w.tenant.SetTemperament("search-totals", "zero")) },
			says:    []string{"(it counts 0 users, and showed 300)"},
		},
		"far too many": {
			prepare: func(w *world) { must(w.t, w.tenant.SetTemperament("search-totals", "many")) },
			says:    []string{"cannot search for users", "the answer counts 25000000 users, but has none on page"},
		},
		"a search that still shows who is gone": {
			prepare: func(w *world) {
				w.tenant.FreezeSearch()
				must(w.t, w.tenant.Delete("user00042@example.org"))
			},
			args: []string{"-lookup"},
			says: []string{"search shows 1 user whom a look-up does not find: user00042@example.org. Search may lag"},
		},
		"a search that shows only users that a look-up does not find": {
			prepare: func(w *world) {
				w.tenant.BareSearch(true)
				w.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(http.StatusNotFound, "The user was not found.")})
			},
			says: []string{"The credentials probably may search for users and not look them up"},
		},
		"nobody at all": {
			args: []string{"-email-contains", "@example.invalid"},
			says: []string{"search finds no user. Check -email-contains"},
		},
		"two users of an address, and a look-up that finds neither": {
			prepare: func(w *world) {
				w.tenant.AddTwin(simulator.User{ID: "twin", Email: "ada@example.com"})
				w.tenant.FreezeSearch()
				must(w.t, w.tenant.Delete("ada@example.com"))
				must(w.t, w.tenant.Delete("ada@example.com"))
			},
			says: []string{"search shows several users with the address ada@example.com (ids ", "twin), but a look-up finds none of them"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.environ["IDPLUS_MAX_RETRIES"] = "0"
			if tc.prepare != nil {
				tc.prepare(w)
			}
			w.roster(tc.args...).failed(exitFailed, tc.says...)
		})
	}
}

func TestRosterOfATenantThatRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*world)
		says    []string
	}{
		"a search without permission": {
			prepare: func(w *world) {
				w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerFilterError(http.StatusForbidden, "Access is denied")})
			},
			says: []string{"cannot search for users. The API said: ", "the scope rsa.user.read"},
		},
		"a search for so short a text": {
			prepare: func(w *world) {
				w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Too short.")})
			},
			says: []string{"Too short.", "set -email-contains to a longer part of the addresses"},
		},
		"a client that was not published": {
			prepare: func(w *world) { w.signInAs(simulator.OAuthOptions{KeyType: "EC", Unpublished: true}) },
			says:    []string{"cannot search for users. The sign-in was refused", "Publish"},
		},
		"a client that may not read": {
			prepare: func(w *world) {
				w.signInAs(simulator.OAuthOptions{KeyType: "EC", Scopes: []string{simulator.ScopeManage}})
				w.environ["IDPLUS_OAUTH_SCOPES"] = simulator.ScopeManage
			},
			says: []string{"cannot search for users", "rsa.user.read"},
		},
		"too many requests for ever": {
			prepare: func(w *world) {
				w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerTooManyRequests("0")})
			},
			says: []string{"Run the command again later, or lower IDPLUS_REQUESTS_PER_SECOND"},
		},
		"a look-up that fails": {
			prepare: func(w *world) {
				w.tenant.OmitFromSearchFor("ada@example.com", "userStatus")
				w.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup})
			},
			says: []string{"cannot look up ada@example.com. The API said: ", "Run the command again later. If the problem lasts"},
		},
		"no configuration": {
			prepare: func(w *world) { w.environ = nil },
			says:    []string{"IDPLUS_ADMIN_API_URL", "IDPLUS_OAUTH_"},
		},
		"a configuration that cannot be": {
			prepare: func(w *world) { w.environ["IDPLUS_REQUEST_TIMEOUT"] = "soon" },
			says:    []string{"IDPLUS_REQUEST_TIMEOUT"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.environ["IDPLUS_MAX_RETRIES"] = "0"
			tc.prepare(w)
			o := w.roster()
			o.failed(exitFailed, tc.says...)
			if strings.Contains(o.stderr, "Plan again") || strings.Contains(o.stderr, "hanges already made") {
				t.Errorf("a command that reads is spoken to as a plan:\n%s", o.stderr)
			}
		})
	}
}

func TestRosterOutlastsWhatPasses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Times: 1, Respond: simulator.AnswerTooManyRequests("0")})
	w.tenant.OmitFromSearchFor("ada@example.com", "userStatus", "identitySource")
	read, _ := w.roster().done()
	if e := read.Entries[0]; e.Email != "ada@example.com" || e.RosterStatus != "Enabled" || e.User.IdentitySource != "Corporate AD" {
		t.Errorf("what search does not show is not looked up: %+v", e)
	}
	if n := w.tenant.Count(simulator.KindLookup); n != 1 {
		t.Errorf("%d look-ups, want one", n)
	}
}

func TestRosterReportsTheCostOfLastSignIns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tenant.OmitFromSearch("monthLastAuthenticated")
	o := w.roster()
	o.done()
	o.says("With -lookup, a look-up of each user may show it: that takes 300 requests more")
	must(t, removeReview(w))
	o = w.roster("-lookup")
	read, _ := o.done()
	if signedIn := countSignedIn(read); signedIn < 200 || o.stderr != "" {
		t.Errorf("%d users have signed in, and %s", signedIn, o.stderr)
	}
}

func countSignedIn(read *review.Review) (n int) {
	for _, e := range read.Entries {
		if e.User.LastSignedIn != "" {
			n++
		}
	}
	return n
}

func TestRosterThatIsInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, interrupt := context.WithCancelCause(t.Context())
	defer interrupt(nil)
	w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.HoldAnswer, Match: func(r *http.Request, _ []byte) bool {
		if r.URL.Query().Get("pageNumber") != "5" {
			return false
		}
		interrupt(fmt.Errorf("interrupt signal received"))
		return true
	}})
	o := w.rosterIn(ctx)
	o.failed(exitFailed)
	if o.stderr != "review roster: interrupted: no file is written\n" {
		t.Errorf("more is said than that: %s", o.stderr)
	}
}

func TestRosterThatTakesTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.HoldAnswer})
	w.roster("-timeout", "300ms").failed(exitFailed, "cannot search for users", noFile)
}
