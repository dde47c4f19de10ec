// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var refusals = []struct {
	name    string
	respond http.HandlerFunc
	status  int // of the cloudadmin.Error; 0: UnexpectedAnswerError
}{
	{"400", simulator.AnswerAPIError(http.StatusBadRequest, "No."), 400},
	{"403", simulator.AnswerAPIError(http.StatusForbidden, "No."), 403},
	{"403 of the filter", simulator.AnswerFilterError(http.StatusForbidden, "No."), 403},
	{"404 of a gateway", simulator.AnswerRaw(http.StatusNotFound, "text/html", "<html><title>Not Found</title></html>"), 404},
	{"405", simulator.AnswerAPIError(http.StatusMethodNotAllowed, "No."), 405},
	{"another form", simulator.AnswerRaw(http.StatusOK, "application/json", `[]`), 0},
}

func (r *run) wantRefusal(status int) {
	r.t.Helper()
	var refusal *cloudadmin.Error
	var unexpected *cloudadmin.UnexpectedAnswerError
	switch err := r.SearchRefusal(); {
	case status == 0 && errors.As(err, &unexpected):
	case status != 0 && errors.As(err, &refusal) && refusal.Status == status:
	default:
		r.t.Errorf("search was given up because of %v, want %d", err, status)
	}
}

func TestSearchIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			remove := r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: tc.respond})
			all := r.add(emails("example.com", 60)...)
			r.wantTruth(r.search(all...), all...)
			r.wantRequests(1, 60)
			r.wantRefusal(tc.status)

			remove()
			others := r.add(emails("example.net", 30)...)
			r.wantTruth(r.search(others...), others...)
			r.wantRequests(0, 30)
			r.wantRefusal(tc.status)
		})
	}
}

// The pages that were read before count.
func TestSearchIsRefusedHalfway(t *testing.T) {
	t.Parallel()
	for _, tc := range refusals {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: ofPage("1"), Respond: tc.respond})
			all := r.add(emails("example.com", 50)...)
			r.wantTruth(r.search(all...), all...)
			r.wantLookups(all[25:]...)
			r.wantRequests(2, 25)
			r.wantRefusal(tc.status)
		})
	}
}

func TestSearchIsNotRefused(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.tenant.OmitFromSearch("userStatus")
	r.search(append(all, "nobody@example.com")...)
	if err := r.SearchRefusal(); err != nil {
		t.Errorf("search was given up because of %v", err)
	}
}

// Look-ups would only add to the trouble.
func TestTroubleWithSearch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		respond http.HandlerFunc
	}{
		{"500", simulator.AnswerAPIError(http.StatusInternalServerError, "An internal error occurred.")},
		{"503", simulator.AnswerRaw(http.StatusServiceUnavailable, "text/html", "<html>")},
		{"429", simulator.AnswerTooManyRequests("")},
		{"cut connection", simulator.CutConnection},
		{"cut answer", simulator.AnswerRaw(http.StatusOK, "application/json", `{"totalPages":`)},
	} {
		for _, page := range []string{"0", "1"} {
			t.Run(tc.name+" on page "+page, func(t *testing.T) {
				t.Parallel()
				r := newRun(t)
				all := r.add(emails("example.com", 50)...)
				r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: ofPage(page), Times: 1, Respond: tc.respond})
				users, err := r.Find(t.Context(), byEmail(all...), withSearch)
				var failed *snapshot.LookupError
				if err == nil || users != nil || errors.As(err, &failed) {
					t.Errorf("got %v, %v; want the failure of search", users, err)
				}
				if err := r.SearchRefusal(); err != nil {
					t.Errorf("search was given up because of %v", err)
				}
				if n := r.tenant.Count(simulator.KindLookup); n != 0 {
					t.Errorf("%d look-ups, want none", n)
				}
				// The failure has passed, and the rest of the pages is read.
				r.wantTruth(r.search(all...), all...)
				r.wantRequests(3, 0)
			})
		}
	}
}

func TestLookupFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		respond http.HandlerFunc
		// ofOne is whether the failure is about that name only, while others are answered.
		ofOne bool
	}{
		{"403", simulator.AnswerAPIError(http.StatusForbidden, "No."), false},
		{"500", simulator.AnswerAPIError(http.StatusInternalServerError, "An internal error occurred."), false},
		{"cut connection", simulator.CutConnection, false},
		// It means that the URL is wrong, and says nothing about a user.
		{"404 of a gateway", simulator.AnswerRaw(http.StatusNotFound, "text/html", "<html>"), true},
		// Neither does a 400 that is not the API's.
		{"400 of a gateway", simulator.AnswerRaw(http.StatusBadRequest, "text/html", "<html>"), true},
		{"400 of the filter", simulator.AnswerFilterError(http.StatusBadRequest, "No."), true},
		{"429", simulator.AnswerTooManyRequests(""), false},
		{"another form", simulator.AnswerRaw(http.StatusOK, "application/json", `[]`), true},
		{"a user without an id", simulator.AnswerRaw(http.StatusOK, "application/json", `{"emailAddress":"eve@example.com"}`), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const concurrent = 3
			r := newRunWith(t, concurrent)
			all := r.add(emails("example.com", 200)...)
			remove := r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: tc.respond})
			users, err := r.Find(t.Context(), byEmail(all...), withoutSearch)
			var failed *snapshot.LookupError
			if !errors.As(err, &failed) || users != nil {
				t.Fatalf("got %v, %v; want a LookupError", users, err)
			}
			// No look-ups are sent but those in progress, or some more if the failure may
			// be about the name.
			most := 2 * concurrent
			if tc.ofOne {
				most += snapshot.Many
			}
			if n := r.tenant.Count(simulator.KindLookup); n > most {
				t.Errorf("%d look-ups after the first has failed, want at most %d", n, most)
			}
			remove()

			// The address is the one whose look-up fails. A page in between before any
			// answer has ended the run.
			r = r.nextRun()
			if _, err := r.Find(t.Context(), byEmail(all[0]), withoutSearch); err != nil {
				t.Fatal(err)
			}
			one := all[150]
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about(one), Respond: tc.respond})
			users, err = r.Find(t.Context(), byEmail(all...), withoutSearch)
			if tc.ofOne {
				found := users[keyOf(one)]
				if err != nil || len(users) != len(all) || found.User != nil || found.Refused == nil || found.IsMissing() {
					t.Errorf("got %d users, %s as %+v, %v; want all, and one refused", len(users), one, found, err)
				}
				return
			}
			if !errors.As(err, &failed) || failed.Who != cloudadmin.Email(one) || users != nil || err.Error() != one+": "+failed.Cause.Error() {
				t.Errorf("got %v, %v; want the failure of %s", users, err, one)
			}
			alone, err := r.Lookup(t.Context(), cloudadmin.Email(one), withoutSearch)
			if alone.User != nil || err == nil || cloudadmin.IsNotFound(err) || errors.As(err, &failed) {
				t.Errorf("looked up alone: %v, %v; want the failure itself", alone.User, err)
			}
		})
	}
}

// After a failed look-up, the next Find costs only what is missing.
func TestLookupsBeforeAFailureCount(t *testing.T) {
	t.Parallel()
	r := newRunWith(t, 1)
	all := r.add(emails("example.com", 20)...)
	r.wantTruth(r.lookUp(all[:19]...), all[:19]...)
	r.wantRequests(0, 19)
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1})
	if _, err := r.Find(t.Context(), byEmail(all...), withoutSearch); err == nil {
		t.Error("no error")
	}
	r.wantTruth(r.lookUp(all...), all...)
	r.wantLookups(all[19], all[19])
	r.wantRequests(0, 2)
}

var errGone = errors.New("the caller left")

func TestCanceledContext(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		asked   int
		options snapshot.Options
	}{
		{"with search", 50, withSearch},
		{"one", 1, withSearch},
		{"look-ups", 50, withoutSearch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", tc.asked)...)
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(errGone)
			if users, err := r.Find(ctx, byEmail(all...), tc.options); !errors.Is(err, errGone) || users != nil {
				t.Errorf("got %v, %v", users, err)
			}
			r.wantRequests(0, 0)
		})
	}
}

func TestCancellationDuringARead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name              string
		kind              simulator.Kind
		match             func(*http.Request, []byte) bool
		searches, lookups int // of the next Find
	}{
		{"first page", simulator.KindSearch, ofPage("0"), 2, 1},
		{"second page", simulator.KindSearch, ofPage("1"), 1, 1},
		{"look-up", simulator.KindLookup, nil, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := append(r.add(emails("example.com", 50)...), "nobody@example.com")
			ctx, cancel := context.WithCancelCause(t.Context())
			r.tenant.Inject(simulator.Fault{Kind: tc.kind, Match: tc.match, Times: 1, Respond: untilClientGoes(cancel, errGone)})
			if users, err := r.Find(ctx, byEmail(all...), withSearch); !errors.Is(err, errGone) || users != nil {
				t.Errorf("got %v, %v", users, err)
			}
			if err := r.SearchRefusal(); err != nil {
				t.Errorf("search was given up because of %v", err)
			}
			// What was cut short does not count as read.
			r.tenant.ResetCounts()
			r.wantTruth(r.search(all...), all...)
			r.wantRequests(tc.searches, tc.lookups)
		})
	}
}

func TestCancellationWhileAnotherReadsThePages(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.onPage("0", func() {
		// Whether a reader already waits cannot be observed. If its context ends first, the
		// result is the same.
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errGone)
		defer cancel()
		if _, err := r.Find(ctx, byEmail(all...), withSearch); !errors.Is(err, errGone) {
			t.Errorf("the canceled reader got %v", err)
		}
	})
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(2, 0)
}
