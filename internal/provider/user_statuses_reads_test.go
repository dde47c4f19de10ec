// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestUserStatusesReadWithLookup(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), `read_with = "lookup"`))
	w.terraform("plan").succeeds()
	w.sentWithSearch(0, 30, 0)
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.sentWithSearch(0, 30, 0)
}

// Search may lag by any time: it must not make a plan claim drift, change the
// wrong user, or leave out a change that is wanted.
func TestUserStatusesWhileSearchLags(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	decisions := allOf(emails, "Enabled")
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()

	// Search shows a time when all users were disabled: that is not drift.
	for _, email := range emails {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	tenant.FreezeSearch()
	for _, email := range emails {
		must(t, tenant.SetStatus(email, "Enabled"))
	}
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.sentWithSearch(2, 30, 0)

	// It shows none of the three changes that the plan is about.
	tenant.ThawSearch()
	tenant.FreezeSearch()
	for _, email := range emails[:4] {
		decisions[email] = "Disabled"
	}
	must(t, tenant.SetStatus(emails[0], "Disabled"))
	must(t, tenant.Delete(emails[1]))
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan", "-out=changes.tfplan").succeeds().says("Warning: User already has the wanted status: user00@example.com")
	w.sentWithSearch(2, 4, 0)
	// It is not known which of the two is right about the deleted user: an error says so,
	// and does not hold up the others.
	w.terraform("apply", "changes.tfplan").fails().says("Error: 1 of 3 changes was not made", "2 changes were made",
		"Error: Search shows a user that a look-up does not find: user01@example.com", "Nothing is sent for this user, and the apply fails for this user only.")
	w.sentWithSearch(1, 4, 2) // Search is asked about the user who seems to be gone.
	tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[2]: "Disabled", emails[3]: "Disabled"})
	tenant.ThawSearch()
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// The address leads to another user, and search does not know it yet.
	tenant.FreezeSearch()
	_, err := tenant.Reassign(emails[9])
	must(t, err)
	before := tenant.statuses("", decisions, `read_with = "lookup"`)
	decisions[emails[9]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan").fails().says("Error: Address belongs to another user now: user09@example.com", `apply read_with = "lookup" first`)
	w.write("main.tf", before)
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.statuses("", decisions, `read_with = "lookup"`))
	w.terraform("plan").succeeds().says("Warning: Address belongs to another user now: user09@example.com", "user09@example.com: Enabled -> Disabled")
}

func TestUserStatusesWhereSearchIsRefused(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "Not for you.")})
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), ""))
	refused := "Warning: User search cannot be used in this tenant"
	w.terraform("plan").succeeds().says(refused, "Not for you", `Set read_with = "lookup" to do so without this warning`, "Warning: None of 30 users changes")
	w.sentWithSearch(1, 30, 0)
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds().says(refused)
}

// Look-ups settle what a search page leaves open: users without a status, users that
// search does not show, addresses that are part of another.
func TestUserStatusesWithGapsInSearch(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, append([]string{"user00@example.com.au", "xuser00@example.com"}, emails...)...)
	must(t, tenant.SetStatus("user00@example.com.au", "Disabled"))
	tenant.OmitFromSearchFor(emails[3], "userStatus")
	tenant.OmitFromSearchFor(emails[4], "markDeleted")
	tenant.HideFromSearch(emails[5])
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), ""))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: None of 30 users changes")
	w.terraform("plan", "-detailed-exitcode").succeeds()
	if searches, lookups := tenant.Count(simulator.KindSearch), tenant.Count(simulator.KindLookup); searches != 2 || lookups > 3 {
		t.Errorf("%d searches and %d look-ups, want 2 and at most 3", searches, lookups)
	}
}
