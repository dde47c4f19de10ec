// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A review and its map with a real Terraform.

// The map of the same plan sends no requests: it shares what the review has read.
func TestAccessReviewAndItsMapReadTheTenantOnce(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[3], "Disabled"))
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1]).end(emails[2]).decide("restore", emails[3])
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("max_changes = 3", reviewBlocks(rows, "")))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 3 of 60 users change: user01@example.com, …")
	w.sentWithSearch(3, 3, 0)
	w.terraform("apply", "next.tfplan").succeeds()
	w.sentWithSearch(3, 3, 3)
	decisions := allOf(emails, "Enabled")
	decisions[emails[1]], decisions[emails[2]] = "Disabled", "Disabled"
	tenant.wantStatuses(t, decisions)
	// A nightly run: nothing has changed, and no user is looked up.
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.sentWithSearch(3, 0, 0)

	// One user was disabled by hand, and one was enabled: the review holds back the first
	// and disables the second.
	must(t, tenant.SetStatus(emails[5], "Disabled"))
	must(t, tenant.SetStatus(emails[1], "Enabled"))
	w.terraform("plan", "-detailed-exitcode", "-out=next.tfplan").exits(2).says(`~ "user01@example.com" = "Enabled" -> "Disabled"`, "Plan: 0 to add, 1 to change, 0 to destroy.")
	w.sentWithSearch(3, 2, 0)
	w.terraform("apply", "next.tfplan").succeeds()
	w.sentWithSearch(0, 0, 1)
	decisions[emails[5]] = "Disabled"
	tenant.wantStatuses(t, decisions)
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.sentWithSearch(3, 1, 0)
}

// A user whose address changes moves within the map, and no decision is lost.
func TestAccessReviewFollowsAUserToAnotherAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1])
	must(t, tenant.Rename(emails[1], "moved@example.com"))
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("max_changes = 1", reviewBlocks(rows, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{"moved@example.com": "Disabled", emails[2]: "Enabled"})
	// The same with the user in the state. A user who moves does not count as a leaver.
	must(t, tenant.Rename("moved@example.com", "moved.again@example.com"))
	must(t, tenant.Rename(emails[2], "too@example.com"))
	w.write("main.tf", tenant.config("max_changes = 0", reviewBlocks(rows, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.wantNoPUT()
	tenant.wantStatuses(t, map[string]string{"moved.again@example.com": "Disabled", "too@example.com": "Enabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// A leaver who is marked for deletion leaves the map. That does not count as a change: it
// passes with a limit of 0, the plan says when the user will be deleted, and one apply
// settles it.
func TestALeaverWhoIsPendingDeletionDoesNotStopANightlyRun(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("max_changes = 0", reviewBlocks(rows, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	must(t, tenant.MarkDeleted(emails[4], "root@example.com"))
	w.terraform("plan", "-detailed-exitcode", "-out=next.tfplan").exits(2).says("Plan: 0 to add, 1 to change, 0 to destroy.",
		"Warning: 1 user leaves the configuration and keeps the status: user04@example.com",
		"user04@example.com was marked for deletion by root@example.com on", "and will be deleted with all of the user's data on or after")
	w.terraform("apply", "next.tfplan").succeeds()
	w.wantNoPUT()
	w.terraform("plan", "-detailed-exitcode").succeeds()
	must(t, tenant.Delete(emails[4]))
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// A user who leaves the map for another reason does count.
	delete(rows, emails[5])
	w.write("main.tf", tenant.config("max_changes = 0", reviewBlocks(rows, "")))
	w.terraform("plan").fails().says("Error: User would change or leave, but max_changes is reached: user05@example.com")
}

// Rows that are known only in the apply are checked there.
func TestAccessReviewOfRowsThatAreKnownOnlyInTheApply(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	rows := tenant.roster(t, "keep", "ada@example.com", "ben@example.com").decide("remove", "ben@example.com")
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", "resource \"terraform_data\" \"rows\" {\n  input = {\n"+rows.hcl()+"\n}\n}\n"+`
data "idplus_access_review" "q4" {
  rows = terraform_data.rows.output.rows
}
resource "idplus_user_statuses" "q4" {
  statuses   = data.idplus_access_review.q4.statuses
  ids        = data.idplus_access_review.q4.ids
  may_change = data.idplus_access_review.q4.changing
}
`))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: Changes are known only after apply")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	w.terraform("apply", "next.tfplan").succeeds()
	if n := tenant.Count(simulator.KindStatus); n != 1 {
		t.Errorf("%d PUTs, want 1", n)
	}
	tenant.wantStatuses(t, allOf([]string{"ada@example.com", "ben@example.com"}, "Disabled"))
}
