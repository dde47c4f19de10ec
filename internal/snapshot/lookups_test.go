// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// leaveWhileWaiting looks up an address whose look-up is in progress, and cancels before
// that ends. Whether a reader already waits cannot be observed; it does by then.
func (r *run) leaveWhileWaiting(address string, o snapshot.Options) {
	r.t.Helper()
	ctx, cancel := context.WithTimeoutCause(r.t.Context(), 50*time.Millisecond, errGone)
	defer cancel()
	if _, err := r.Lookup(ctx, cloudadmin.Email(address), o); !errors.Is(err, errGone) {
		r.t.Errorf("the canceled reader got %v", err)
	}
}

func TestLookupsAreSharedWhileOnTheirWay(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]snapshot.Options{"without search": withoutSearch, "with search": withSearch, "unsynced": unsynced} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail)
			var others sync.WaitGroup
			r.onLookup(adaEmail, func() {
				for _, address := range []string{adaEmail, adaEmail, adaEmail} {
					others.Go(func() {
						users, err := r.Find(t.Context(), byEmail(address), o)
						if err != nil {
							t.Error(err)
							return
						}
						r.wantTruth(users, address)
					})
				}
				r.leaveWhileWaiting(adaEmail, o)
			})
			r.wantTruth(r.find(o, adaEmail), adaEmail)
			others.Wait()
			r.wantRequests(0, 1)
		})
	}
}

// A look-up that synchronizes finds more than one that does not.
func TestALookupDoesNotReplaceOneWithUnsynced(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddDirectoryUser(simulator.User{Email: adaEmail})
	r.onLookup(adaEmail, func() {
		one, err := r.Lookup(t.Context(), cloudadmin.Email(adaEmail), unsynced)
		if err != nil || one.User == nil || one.User.ID != r.idOf(adaEmail) {
			t.Errorf("got %+v, %v", one, err)
		}
	})
	r.lookUp(adaEmail) // The user may have come or not.
	r.wantRequests(0, 2)
	// A user who has come is there.
	r.wantTruth(r.lookUp(adaEmail), adaEmail)
}

func TestTheContextOfOneDoesNotEndAnothersLookup(t *testing.T) {
	t.Parallel()
	for name, withEnd := range map[string]func(context.Context) (context.Context, func()){
		"canceled": func(ctx context.Context) (context.Context, func()) { return context.WithCancel(ctx) },
		"canceled with a cause": func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			return ctx, func() { cancel(errGone) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail)
			ctx, end := withEnd(t.Context())
			defer end()
			var other sync.WaitGroup
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1, Respond: func(_ http.ResponseWriter, request *http.Request) {
				other.Go(func() { //nolint:contextcheck // the waiting reader has its own context
					users, err := r.Find(t.Context(), byEmail(adaEmail), withoutSearch)
					if err != nil {
						t.Errorf("the waiting reader got %v", err)
						return
					}
					r.wantTruth(users, adaEmail)
				})
				r.leaveWhileWaiting(adaEmail, withoutSearch) //nolint:contextcheck // likewise
				end()
				<-request.Context().Done()
			}})
			if _, err := r.Find(ctx, byEmail(adaEmail), withoutSearch); !errors.Is(err, context.Cause(ctx)) {
				t.Errorf("the canceled reader got %v", err)
			}
			other.Wait()
			r.wantRequests(0, 2)
		})
	}
}

// The first failure ends a Find and its other look-ups, but not for another Find that waits
// for them.
func TestTheFailureOfOneFindDoesNotEndAnothersLookup(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	held := make(chan struct{})
	var other sync.WaitGroup
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about(benEmail), Times: 1, Respond: func(_ http.ResponseWriter, request *http.Request) {
		other.Go(func() { //nolint:contextcheck // the waiting reader has its own context
			users, err := r.Find(t.Context(), byEmail(benEmail), withoutSearch)
			if err != nil {
				t.Errorf("the waiting reader got %v", err)
				return
			}
			r.wantTruth(users, benEmail)
		})
		r.leaveWhileWaiting(benEmail, withoutSearch) //nolint:contextcheck // likewise
		close(held)
		<-request.Context().Done()
	}})
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about(adaEmail), Times: 1, Respond: func(w http.ResponseWriter, request *http.Request) {
		<-held
		simulator.AnswerAPIError(http.StatusInternalServerError, "No.")(w, request)
	}})
	_, err := r.Find(t.Context(), byEmail(adaEmail, benEmail), withoutSearch)
	var failed *snapshot.LookupError
	if !errors.As(err, &failed) || failed.Who != cloudadmin.Email(adaEmail) {
		t.Errorf("got %v, want Ada's failure", err)
	}
	other.Wait()
	r.wantLookups(adaEmail, benEmail, benEmail)
	// A failure is not kept.
	r.wantTruth(r.lookUp(adaEmail, benEmail), adaEmail, benEmail)
	r.wantRequests(0, 4)
}

// It is not known whether a look-up compares case.
func TestALookupUsesTheSpellingOfSearch(t *testing.T) {
	t.Parallel()
	const spelled, written = "Ada.Lovelace@Example.com", "ada.lovelace@example.COM"
	r := newRun(t)
	r.tenant.CompareCase(true)
	r.add(spelled, benEmail)
	r.search(written, benEmail)
	r.wantRequests(1, 0)
	r.wantTruth(r.lookUp(written), spelled)
	r.wantLookups(spelled)
	r.wantRequests(0, 1)
	r.disable(spelled)
	// What search shows is out of date, but still the only known spelling.
	r.wantTruth(r.lookUp(written), spelled)
}

// If search was not read, the address is looked up as written.
func TestALookupWithoutSearchUsesTheWrittenSpelling(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	const written = "Ada@Example.COM"
	r.wantTruth(r.lookUp(written), adaEmail)
	r.wantLookups(written)
}

// No user has an address as written; search shows how it is spelled.
func TestAMissingUserIsLookedUpAgainByTheSpellingOfSearch(t *testing.T) {
	t.Parallel()
	const written = "ADA@example.com"
	r := newRun(t)
	r.tenant.CompareCase(true)
	r.add(adaEmail, benEmail, "carla@example.com")
	if one := r.lookUpOne(written); !one.IsMissing() {
		t.Fatalf("got %+v, want no user: the tenant compares case", one)
	}
	r.wantRequests(0, 1)
	r.search(benEmail, "carla@example.com")
	r.wantRequests(1, 0)
	r.wantTruth(r.lookUp(written), adaEmail)
	r.wantLookups(adaEmail)
}

func TestDifferentLettersLeadToTwoUsers(t *testing.T) {
	t.Parallel()
	both := []string{"İbrahim@example.com", "ibrahim@example.com"}
	r := newRun(t)
	r.add(both...)
	r.wantTruth(r.search(both...), both...)
	r.wantRequests(1, 0)
	r.wantTruth(r.lookUp(both...), both...)
	r.wantLookups(both...)
	r.wantRequests(0, 2)
	for address, one := range r.search(both...) {
		if len(one.Twins) > 0 {
			t.Errorf("%s has %d twins", address, len(one.Twins))
		}
	}
	// One answer is not valid for the other.
	must(t, r.tenant.Delete(both[1]))
	r = r.nextRun()
	r.wantTruth(r.search(append(both, benEmail)...), append(both, benEmail)...)
	r.wantLookups(both[1], benEmail)
}

func TestEquivalentLettersLeadToOneUser(t *testing.T) {
	t.Parallel()
	for name, spellings := range map[string][2]string{
		"composed": {"Jos\u00e9@example.com", "jose\u0301@example.com"},
		"apart":    {"jose\u0301@example.com", "JOS\u00c9@example.com"},
		"Kelvin":   {"\u212aim@example.com", "kim@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spelled, written := spellings[0], spellings[1]
			r := newRun(t)
			r.add(spelled, benEmail)
			r.wantTruth(r.search(written, benEmail), spelled, benEmail)
			r.wantRequests(1, 0)
			r.wantTruth(r.lookUp(written), spelled)
			r.wantLookups(spelled)
			r.wantRequests(0, 1)
			r.wantTruth(r.lookUp(spelled), spelled)
			r.wantRequests(0, 0)
		})
	}
}
