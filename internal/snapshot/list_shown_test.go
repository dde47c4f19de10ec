// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// A run does not search again for users that a listing has shown, in whatever domain.
func TestFindKnowsTheUsersOfAListing(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := append(r.add(emails("example.com", 60)...), r.add(emails("example.org", 3)...)...)
	first := r.tenant.AddUser(simulator.User{Email: "Twin@example.org"})
	second := r.tenant.AddTwin(simulator.User{Email: "twin@example.org"})
	_, err := r.list(snapshot.Listing{EmailContains: "@"})
	must(t, err)
	r.wantRequests(3, 0)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(0, 0)
	// Of several users with one address a look-up decides.
	twins := r.search("twin@EXAMPLE.org")[keyOf("twin@example.org")]
	if len(twins.Twins) != 2 || twins.User == nil || twins.User.ID != first.ID && twins.User.ID != second.ID {
		t.Errorf("found %+v", twins)
	}
	r.wantRequests(0, 1)
}

// If search is refused for a listing, the run uses look-ups; other failures are returned.
func TestOnlyARefusalOfSearchGivesItUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		fault  simulator.Fault
		gaveUp bool
	}{
		{"a missing permission", simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "Forbidden.")}, true},
		{"a text that is too short", simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(400, "Too short.")}, false},
		{"a tenant in trouble", simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(500, "Trouble.")}, false},
		{"a look-up that is refused", simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(403, "Forbidden.")}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(emails("example.com", 3)...)
			r.tenant.OmitFromSearch("userStatus")
			tc.fault.Times = 20
			r.tenant.Inject(tc.fault)
			_, err := r.list(snapshot.Listing{EmailContains: "@"})
			if err == nil {
				t.Fatal("the listing succeeds")
			}
			if rest := r.GiveUpSearch(err); (rest == nil) != tc.gaveUp || (r.SearchRefusal() != nil) != tc.gaveUp {
				t.Errorf("gives up: %v, and search is refused by %v", rest, r.SearchRefusal())
			}
		})
	}
}
