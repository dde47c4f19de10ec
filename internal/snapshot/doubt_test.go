// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// doubt calls Doubt, and fails the test if it fails.
func (r *run) doubt(addresses ...string) found {
	r.t.Helper()
	users, err := r.Doubt(r.t.Context(), byEmail(addresses...))
	must(r.t, err)
	return users
}

func TestDoubtFindsAnotherSpelling(t *testing.T) {
	t.Parallel()
	const written = "ADA@example.com"
	r := newRun(t)
	r.tenant.CompareCase(true)
	r.add(append(emails("example.com", 60), adaEmail)...)
	if one := r.lookUpOne(written); !one.IsMissing() {
		t.Fatalf("got %+v, want no user: the tenant compares case", one)
	}
	r.wantRequests(0, 1)
	for range 2 { // The second answer comes from memory.
		users := r.doubt(written)
		r.wantTruth(users, adaEmail)
		if users[keyOf(adaEmail)].BySearch {
			t.Error("Ada is known by search alone")
		}
	}
	r.wantLookups(adaEmail)
	r.wantRequests(1, 1)
	r.wantTruth(r.lookUp(written, adaEmail), adaEmail)
	r.wantRequests(0, 0)
}

func TestDoubtAboutAnAddressThatNoUserHas(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	// The search for the one address finds two users with other addresses.
	r.add(adaEmail, "x"+nobodysEmail, nobodysEmail+".au")
	r.lookUp(nobodysEmail)
	r.wantRequests(0, 1)
	for range 2 {
		if one := r.doubt(nobodysEmail)[keyOf(nobodysEmail)]; !one.IsMissing() {
			t.Errorf("got %+v, want no user", one)
		}
	}
	r.wantRequests(1, 0)
}

func TestDoubtEndsWhereSearchDoesNot(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.SearchEndlessly(true)
	r.add("x"+nobodysEmail, nobodysEmail+".au")
	r.lookUp(nobodysEmail)
	if one := r.doubt(nobodysEmail)[keyOf(nobodysEmail)]; !one.IsMissing() {
		t.Errorf("got %+v, want no user", one)
	}
	r.wantRequests(2, 1) // A second page shows no new user.
}

func TestDoubtAfterARefusedLookUp(t *testing.T) {
	t.Parallel()
	const written = "ADA@example.com"
	r := newRun(t)
	r.tenant.AnswerUnknownUser(http.StatusBadRequest)
	r.tenant.CompareCase(true)
	r.add(adaEmail)
	r.lookUp(written, nobodysEmail)
	r.tenant.ResetCounts()
	users := r.doubt(written, nobodysEmail)
	r.wantTruth(users, adaEmail, nobodysEmail)
	if users[keyOf(nobodysEmail)].Refused == nil {
		t.Error("the refusal is gone")
	}
	r.wantLookups(adaEmail)
}

func TestDoubtThatIsAContradiction(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		written string
		lookups int // by the spelling that search shows, if it differs
	}{{adaEmail, 0}, {"ADA@example.com", 1}} {
		t.Run(tc.written, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.tenant.AddUser(simulator.User{ID: "a", Email: adaEmail})
			r.tenant.FreezeSearch()
			must(t, r.tenant.Delete(adaEmail))
			r.lookUp(tc.written)
			r.wantRequests(0, 1)
			for range 2 {
				r.wantFound(r.doubt(tc.written)[keyOf(adaEmail)], "user -, shown a, twins , another -")
				r.wantFound(r.lookUpOne(tc.written), "user -, shown a, twins , another -")
				known, _ := r.Known(cloudadmin.Email(tc.written))
				r.wantFound(known, "user -, shown a, twins , another -")
			}
			r.wantRequests(1, tc.lookups)
		})
	}
}

// A search for an address finds all addresses that contain it, and sorts them before it.
func TestDoubtFindsAUserOnALaterPage(t *testing.T) {
	t.Parallel()
	const written, spelled = "N@example.com", "n@example.com"
	r := newRun(t)
	r.tenant.CompareCase(true)
	for i := range 30 {
		r.add(fmt.Sprintf("a%02dn@example.com", i))
	}
	r.add(spelled)
	r.lookUp(written)
	r.wantTruth(r.doubt(written), spelled)
	r.wantRequests(2, 2)
}

// If search was read, only a look-up by its spelling is missing.
func TestDoubtAfterSearchHasShownTheSpelling(t *testing.T) {
	t.Parallel()
	const written = "ADA@example.com"
	r := newRun(t)
	r.tenant.CompareCase(true)
	r.add(adaEmail, benEmail, "carla@example.com")
	r.lookUp(written)
	r.search(benEmail, "carla@example.com")
	r.tenant.ResetCounts()
	r.wantTruth(r.doubt(written), adaEmail)
	r.wantLookups(adaEmail)
	r.wantRequests(0, 1)
}

func TestDoubtAsksNothing(t *testing.T) {
	t.Parallel()
	t.Run("where search was read", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		all := append(r.add(emails("example.com", 30)...), nobodysEmail)
		r.search(all...)
		r.tenant.ResetCounts()
		if one := r.doubt(nobodysEmail)[keyOf(nobodysEmail)]; !one.IsMissing() {
			t.Errorf("got %+v, want no user", one)
		}
		r.wantRequests(0, 0)
	})
	t.Run("about a username", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		nobody := cloudadmin.Username("nobody")
		_, err := r.Lookup(t.Context(), nobody, withoutSearch)
		must(t, err)
		r.tenant.ResetCounts()
		users, err := r.Doubt(t.Context(), []cloudadmin.Address{nobody})
		must(t, err)
		if one := users[nobody.Key()]; !one.IsMissing() {
			t.Errorf("got %+v, want no user", one)
		}
		r.wantRequests(0, 0)
	})
	t.Run("about a user that a look-up has found", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(adaEmail)
		r.lookUp(adaEmail)
		r.tenant.ResetCounts()
		r.wantTruth(r.doubt(adaEmail), adaEmail)
		r.wantRequests(0, 0)
	})
	t.Run("once search is refused", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "No.")})
		r.lookUp(nobodysEmail)
		r.tenant.ResetCounts()
		for range 2 {
			if one := r.doubt(nobodysEmail)[keyOf(nobodysEmail)]; !one.IsMissing() {
				t.Errorf("got %+v, want no user", one)
			}
		}
		r.wantRequests(1, 0)
		r.wantRefusal(http.StatusForbidden)
	})
}

func TestDoubtThatFails(t *testing.T) {
	t.Parallel()
	t.Run("search", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.lookUp(nobodysEmail)
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Times: 1})
		var failed *snapshot.LookupError
		if _, err := r.Doubt(t.Context(), byEmail(nobodysEmail)); err == nil || errors.As(err, &failed) {
			t.Errorf("got %v, want the failure of search", err)
		}
		r.doubt(nobodysEmail) // The failure has passed.
	})
	t.Run("look-up", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.tenant.CompareCase(true)
		r.add(adaEmail)
		who := cloudadmin.Email("ADA@example.com")
		r.lookUp(who.String())
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1})
		var failed *snapshot.LookupError
		if _, err := r.Doubt(t.Context(), []cloudadmin.Address{who}); !errors.As(err, &failed) || failed.Who != who {
			t.Errorf("got %v, want the failure of Ada's look-up", err)
		}
		r.wantTruth(r.doubt(who.String()), adaEmail)
	})
}
