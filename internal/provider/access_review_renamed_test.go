// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// disablesLeavers returns a review whose map disables leavers.
func disablesLeavers(rows reviewRows) string {
	return strings.Replace(reviewBlocks(rows, ""), "may_change =", "on_removal = \"disable\"\n  may_change =", 1)
}

// The plan follows a user to another address, which changes again before the apply.
func TestAUserWhoIsRenamedBeforeAndAfterThePlanIsNotDisabled(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	for name, again := range map[string]string{"to a third address": "third@example.com", "back": emails[1]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			rows := tenant.roster(t, "keep", emails...)
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.config("", disablesLeavers(rows)))
			w.terraform("apply", "-auto-approve").succeeds()
			must(t, tenant.Rename(emails[1], "second@example.com"))
			w.terraform("plan", "-out=next.tfplan").succeeds()
			must(t, tenant.Rename("second@example.com", again))
			apply := w.terraform("apply", "next.tfplan").fails().says("second@example.com")
			w.wantNoPUT()
			if strings.Contains(apply.text, "leaves without a change") {
				t.Errorf("it says that the user leaves:\n%s", apply.text)
			}
			tenant.wantStatuses(t, map[string]string{again: "Enabled"})
			// The state still has every user, and the next plan follows again.
			if kept := mapInState(t, w)["user01@example.com"]; kept != "Enabled" {
				t.Errorf("the state has %q for the user who was renamed", kept)
			}
			w.terraform("apply", "-auto-approve").succeeds()
			w.wantNoPUT()
			w.terraform("plan", "-detailed-exitcode").succeeds()
			tenant.wantStatuses(t, map[string]string{again: "Enabled"})
		})
	}
}

func TestADecisionToRemoveIsNotLostWithTheAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	for name, adopted := range map[string]bool{"in a create": false, "in an update": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			rows := tenant.roster(t, "keep", emails...)
			w := newWorkspace(t, tenant)
			address := emails[1]
			if adopted { // The plan follows the user to an address that changes again before the apply.
				w.write("main.tf", tenant.config("", reviewBlocks(rows, "")))
				w.terraform("apply", "-auto-approve").succeeds()
				address = "second@example.org"
				must(t, tenant.Rename(emails[1], address))
			}
			w.write("main.tf", tenant.config("", reviewBlocks(rows.decide("remove", emails[1]), "")))
			w.terraform("plan", "-out=next.tfplan").succeeds()
			must(t, tenant.Rename(address, "third@example.net"))
			w.terraform("apply", "next.tfplan").fails().says("Look-up finds a user with another name: "+address, "the user's address is now third@example.net")
			w.wantNoPUT()
			w.terraform("apply", "-auto-approve").succeeds()
			tenant.wantStatuses(t, map[string]string{"third@example.net": "Disabled"})
			w.terraform("plan", "-detailed-exitcode").succeeds()
		})
	}
}

// Another id in search for an address must not stop the others.
func TestAnIDThatOnlySearchShowsStopsNoReview(t *testing.T) {
	t.Parallel()
	emails := manyUsers(12)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[2])
	tenant.LieInSearch(emails[1], "zz")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[1]: "Enabled", emails[2]: "Disabled"})
}

// A user who is held back leaves the map. The review does not count that as letting go.
func TestAUserWhoIsHeldBackIsNotCountedAsLetGo(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	for name, tc := range map[string]struct {
		becomes func(*testing.T, *testTenant)
		says    []string
	}{
		"another status": {func(t *testing.T, tt *testTenant) { must(t, tt.SetStatus(emails[1], "Suspended")) },
			[]string{"- user01@example.com keeps the status, which is Suspended", "A user that an access review holds back returns to the map"}},
		"search shows, a look-up does not find": {func(t *testing.T, tt *testTenant) {
			must(t, tt.SetStatus(emails[1], "Disabled"))
			tt.FreezeSearch()
			must(t, tt.Delete(emails[1]))
		}, []string{"- user01@example.com keeps Enabled, as far as the tenant shows"}},
		"a look-up is refused": {func(t *testing.T, tt *testTenant) {
			must(t, tt.SetStatus(emails[1], "Disabled"))
			tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about(emails[1]), Respond: simulator.AnswerAPIError(http.StatusBadRequest, "No.")})
		}, []string{"- user01@example.com keeps Enabled, as far as the tenant shows"}},
	} {
		for onRemoval, blocks := range map[string]func(reviewRows) string{
			"retain": func(rows reviewRows) string { return reviewBlocks(rows, "") }, "disable": disablesLeavers,
		} {
			t.Run(name+", "+onRemoval, func(t *testing.T) {
				t.Parallel()
				tenant := newTestTenant(t, emails...)
				rows := tenant.roster(t, "keep", emails...)
				w := newWorkspace(t, tenant)
				w.write("main.tf", tenant.config("max_changes = 0", blocks(rows)))
				w.terraform("apply", "-auto-approve").succeeds()
				tc.becomes(t, tenant)
				plan := w.terraform("plan", "-out=next.tfplan").succeeds().says(tc.says...)
				if strings.Contains(plan.text, "set Disabled instead") {
					t.Errorf("it advises to take access away:\n%s", plan.text)
				}
				w.terraform("apply", "next.tfplan").succeeds()
				w.wantNoPUT()
				w.terraform("plan", "-detailed-exitcode").succeeds()
			})
		}
	}
}
