// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// pinned returns a wish for a person under an address.
func (tt *tenant) pinned(i int, address string, to cloudadmin.Status) *access.Decision {
	return &access.Decision{Who: cloudadmin.Email(address), To: to, Pin: tt.id(i)}
}

func TestAUserWantedByIDIsNotDisabledByALeave(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		becomes func(*tenant)
		to      cloudadmin.Status
		wants   access.Verdict
	}{
		"the address leads to no user":         {func(*tenant) {}, enabled, access.Missing},
		"the address leads to another user":    {func(tt *tenant) { tt.GiveAddress("moved@example.com", "") }, enabled, access.NotPinned},
		"and the other one is to be Disabled":  {func(tt *tenant) { tt.GiveAddress("moved@example.com", "") }, disabled, access.NotPinned},
		"the address leads to another address": {func(tt *tenant) { must(tt.t, tt.Alias("moved@example.com", email(7))) }, enabled, access.Renamed},
		"the look-up is refused": {func(tt *tenant) {
			tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "No."), Match: func(_ *http.Request, body []byte) bool {
				return strings.Contains(string(body), "moved@")
			}})
		}, enabled, access.NotLookedUp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, where := range []string{"in one map", "in another map", "in another map that came later"} {
				tt := newTenant(t)
				wants, leaves := tt.pinned(1, "moved@example.com", tc.to), tt.leave(1, enabled, disabled)
				tc.becomes(tt)
				r := tt.run(access.Guards{})
				switch where {
				case "in one map":
					must(t, r.Plan(t.Context(), batch(new(*wants), new(*leaves)))) // Terraform plans a second time during an apply.
					tt.apply(r, batch(wants, leaves))
				case "in another map":
					tt.apply(r, batch(wants))
					tt.apply(r, batch(leaves))
				default:
					first := batch(leaves)
					must(t, r.Plan(t.Context(), first))
					later := batch(wants)
					must(t, r.Plan(t.Context(), later))
					if verdict := wants.Verdict; tc.to == enabled && verdict != access.KeptElsewhere && verdict != access.NotPinned {
						t.Errorf("%s: verdict %v in the plan, want %v", where, verdict, access.KeptElsewhere)
					}
					r = tt.run(access.Guards{})
					tt.apply(r, later)
					tt.apply(r, first)
				}
				if wants.Verdict != tc.wants && where != "in another map that came later" {
					t.Errorf("%s: verdict %v on the wish, want %v", where, wants.Verdict, tc.wants)
				}
				if leaves.Verdict != access.Spared {
					t.Errorf("%s: verdict %v on the leave, want %v", where, leaves.Verdict, access.Spared)
				}
				if _, _, kept := leaves.Outcome(); kept != (where == "in one map") {
					t.Errorf("%s: the state keeps the row: %v", where, kept)
				}
				tt.wantStatus(1, enabled)
				if n := tt.Count(simulator.KindStatus); n != 0 {
					t.Errorf("%s: %d PUTs", where, n)
				}
			}
		})
	}
}

// The row that stays now pins another user, and fails.
func TestThePersonInTheStateIsWantedToo(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	stays, leaves := tt.held(1, enabled, enabled), tt.leave(2, enabled, disabled)
	stays.Pin, leaves.Known.ID = tt.id(3), tt.id(1)
	r := tt.run(access.Guards{})
	tt.apply(r, batch(stays))
	tt.apply(r, batch(leaves))
	if stays.Verdict != access.NotPinned || leaves.Verdict != access.Spared {
		t.Errorf("verdicts %v and %v", stays.Verdict, leaves.Verdict)
	}
	tt.wantStatus(1, enabled)
}

func TestAnUnusedAddressDoesNotSatisfyDisabledWhileThePinnedPersonMayBeElsewhere(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		becomes func(*tenant)
		want    access.Verdict
	}{
		"deleted":                     {func(tt *tenant) { must(tt.t, tt.Delete(email(1))) }, access.Satisfied},
		"renamed":                     {func(tt *tenant) { must(tt.t, tt.Rename(email(1), "moved@example.com")) }, access.Renamed},
		"renamed into another domain": {func(tt *tenant) { must(tt.t, tt.Rename(email(1), "moved@example.org")) }, access.Renamed},
		"renamed, and search is refused": {func(tt *tenant) {
			must(tt.t, tt.Rename(email(1), "moved@example.org"))
			tt.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "Forbidden.")})
		}, access.Lost},
		"renamed, and search lacks users": {func(tt *tenant) {
			must(tt.t, tt.Rename(email(1), "moved@example.org"))
			tt.HideFromSearch("moved@example.org", email(2))
		}, access.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, read := range []snapshot.Options{{}, {Search: true}} {
				tt := newTenant(t)
				pinned := tt.pinned(1, email(1), disabled)
				tc.becomes(tt)
				b := batch(pinned, wish(2, disabled))
				b.Read = read
				tt.apply(tt.run(access.Guards{}), b)
				if pinned.Verdict != tc.want {
					t.Errorf("verdict %v, want %v", pinned.Verdict, tc.want)
				}
				tt.wantStatus(2, disabled)
			}
		})
	}
}

func TestAPinThatDiffersFromWhatSearchShowsIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, to := range []cloudadmin.Status{enabled, disabled} {
		tt := newTenant(t)
		b := batch()
		b.Read = snapshot.Options{Search: true}
		for i := range 20 {
			b.Decisions = append(b.Decisions, tt.pinned(i, email(i), enabled))
		}
		b.Decisions[1].To = to
		tt.LieInSearch(email(1), "zz")
		tt.apply(tt.run(access.Guards{}), b)
		for _, d := range b.Decisions {
			if d.Verdict.IsFailure() || d.ID != d.Pin {
				t.Errorf("%s: verdict %v about %s, want %s", d.Who, d.Verdict, d.ID, d.Pin)
			}
		}
		tt.wantStatus(1, to)
		if n := tt.Count(simulator.KindLookup); n != 1 {
			t.Errorf("%d look-ups, want 1", n)
		}
	}
}
