// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestAccessReviewIsCompleteOnlyIfSearchCountsTheUsersItShows(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	for totals, said := range map[string]string{
		"right": "",
		"zero":  "WARNING Search counts 0 users and shows 30 | Users who joined may be missing, so complete is false",
	} {
		t.Run(totals, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			tenant.AnswerSearchTotals(totals)
			got, diags := newProtocol(t, tenant).accessReview(tenant.roster(t, "keep", emails...), nil)
			if said == "" {
				wantTexts(t, diags)
			} else {
				wantTexts(t, diags, said)
			}
			if got.values["complete"] != (said == "") {
				t.Errorf("complete is %v", got.values["complete"])
			}
			if n := len(got.mapOf("statuses")); n != 30 {
				t.Errorf("%d statuses, want 30", n)
			}
		})
	}
	t.Run("search shows no user, and look-ups find all", func(t *testing.T) {
		t.Parallel()
		tenant := newTestTenant(t, emails...)
		rows := tenant.roster(t, "keep", emails...)
		tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(http.StatusOK, "application/json", `{"totalPages":0,"totalElements":0,"elements":[]}`)})
		got, said := newProtocol(t, tenant).accessReview(rows, nil)
		wantTexts(t, said, "30 users exist, but search does not show them: user00@example.com, … | ")
		if got.values["complete"] != false || len(got.mapOf("statuses")) != 30 {
			t.Errorf("complete is %v, with %d statuses", got.values["complete"], len(got.mapOf("statuses")))
		}
	})
}

func TestAccessReviewFollowsUsersWhoLeaveItsPopulationWithANewAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	arguments := map[string]any{"email_contains": "@example.com"}
	for name, tc := range map[string]struct {
		becomes           func(*testing.T, *testTenant)
		verdict           string
		searches, lookups int
	}{
		"another domain": {func(*testing.T, *testTenant) {}, "loses -> Disabled (the address is now moved@example.org)", 4, 2},
		"and the address has another user": {func(_ *testing.T, tt *testTenant) { tt.GiveAddress(emails[1], "") },
			"loses -> Disabled (the address is now moved@example.org)", 4, 2},
		"deleted": {func(t *testing.T, tt *testTenant) { must(t, tt.Delete("moved@example.org")) },
			"left -> <nil> (no user with this id is found by an email address)", 4, 1},
		"search takes no shorter text": {func(_ *testing.T, tt *testTenant) {
			tt.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Too short."), Match: func(_ *http.Request, body []byte) bool {
				return !strings.Contains(string(body), "@example.com")
			}})
		}, "held back -> <nil> (no user with this id has the address, and search does not show whether the user has a new one)", 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1])
			must(t, tenant.Rename(emails[1], "moved@example.org"))
			tc.becomes(t, tenant)
			p := newProtocol(t, tenant)
			got, _ := p.accessReview(rows, arguments)
			got.want(map[string]string{emails[1]: tc.verdict})
			if got.values["complete"] != true {
				t.Errorf("complete is %v", got.values["complete"])
			}
			if joined := got.list("joined"); strings.Contains(joined, "@example.org") {
				t.Errorf("joined: %s", joined)
			}
			if n := tenant.Count(simulator.KindLookup); n != tc.lookups {
				t.Errorf("%d look-ups, want %d", n, tc.lookups)
			}
			if n := tenant.Count(simulator.KindSearch); n != tc.searches {
				t.Errorf("%d searches, want %d", n, tc.searches)
			}
		})
	}
}

// A look-up by the roster's address finds a user that search shows without one.
func TestAccessReviewLooksUpUsersThatSearchShowsWithoutAnAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(3)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1])
	tenant.OmitFromSearch("emailAddress")
	got, said := newProtocol(t, tenant).accessReview(rows, nil)
	wantTexts(t, said)
	got.want(map[string]string{emails[0]: "keeps -> Enabled", emails[1]: "loses -> Disabled", emails[2]: "keeps -> Enabled"})
	got.wantLists(map[string]string{"changing": emails[1]})

	must(t, tenant.Rename(emails[1], "moved@example.com"))
	got, _ = newProtocol(t, tenant).accessReview(rows, nil)
	got.want(map[string]string{emails[1]: "held back -> <nil> (the tenant shows no address by which the user can be looked up)"})
	// Another user who has the address now does not count as this one.
	other := tenant.GiveAddress(emails[1], "")
	got, _ = newProtocol(t, tenant).accessReview(rows, nil)
	got.want(map[string]string{
		emails[1]: "held back -> <nil> (the tenant shows no address by which the user can be looked up)",
		fmt.Sprintf("%s (%s)", emails[1], other.ID): "joined -> <nil> (not in the roster)",
	})
}
