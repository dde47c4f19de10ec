// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// may_enable names whom a map may enable. It holds in front of the PUT: whoever is
// disabled after the plan stays disabled.

func mayEnable(emails ...string) string {
	if len(emails) == 0 {
		return "may_enable = []"
	}
	return "may_enable = " + inHCL(emails)
}

const (
	notToEnable      = ": User is not enabled, as may_enable does not have the address: "
	severalNotEnable = "2 users are not enabled, as may_enable does not have their addresses: "
)

func TestMayEnableRefusesOthersInThePlan(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	for _, email := range []string{"ada@example.com", "ben@example.com"} {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	decisions := allOf([]string{"ada@example.com", "ben@example.com", "carla@example.com"}, "Enabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, mayEnable()))
	w.terraform("plan").succeeds().says("Warning: "+severalNotEnable+"ada@example.com, …", "The apply sends nothing for these users, and fails for no other.",
		"- ada@example.com: is Disabled - ben@example.com: is Disabled", "Plan again", "decide restore in the review, or add the addresses to may_enable")

	// Case does not count, and who is in no row does not matter.
	w.write("main.tf", tenant.statuses("", decisions, mayEnable("ADA@example.com", "nobody@example.com")))
	w.terraform("apply", "-auto-approve").fails().says("Error"+notToEnable+"ben@example.com", "add the address to may_enable", "1 change was made")
	decisions["ben@example.com"] = "Disabled"
	tenant.wantStatuses(t, decisions)
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	decisions["ben@example.com"] = "Enabled"
	w.write("main.tf", tenant.statuses("", decisions, mayEnable("ADA@example.com", "ben@example.com")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.sentWithSearch(2, 4, 2) // A plan and an apply, each with a page of search and a look-up of either.
	tenant.wantStatuses(t, decisions)

	// Whoever is Enabled needs no permission to stay so, and a change of the set alone
	// sends nothing.
	w.write("main.tf", tenant.statuses("", decisions, mayEnable()))
	w.terraform("apply", "-auto-approve").succeeds()
	w.wantNoPUT()
	w.terraform("plan", "-detailed-exitcode").succeeds()
	// Nor does it keep from disabling.
	decisions["carla@example.com"] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, mayEnable()))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)
}

// The late case: the plan is saved, and somebody is disabled behind its back.
func TestMayEnableEnablesNobodyWhoIsDisabledAfterThePlan(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	for _, readWith := range []string{"search", "lookup"} {
		t.Run("of a create, read with "+readWith, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			must(t, tenant.SetStatus(emails[2], "Disabled"))
			decisions := allOf(emails, "Enabled")
			decisions[emails[1]] = "Disabled"
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses("", decisions, mayEnable(emails[2])+fmt.Sprintf("\n  read_with = %q", readWith)))
			w.terraform("plan", "-out=next.tfplan").succeeds()
			must(t, tenant.SetStatus(emails[7], "Disabled"))
			// The others are changed as decided.
			w.terraform("apply", "next.tfplan").fails().says("Error"+notToEnable+"user07@example.com", "user07@example.com: is Disabled",
				"Error: 1 of 3 changes was not made", "2 changes were made", "this one has lost access since the decision, or since the plan")
			decisions[emails[7]] = "Disabled"
			tenant.wantStatuses(t, decisions)
			if n := tenant.Count(simulator.KindStatus); n != 2 {
				t.Errorf("%d PUTs, want 2", n)
			}
			w.terraform("plan").succeeds().says("Warning" + notToEnable + "user07@example.com")
		})
		t.Run("of an update, read with "+readWith, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			decisions := allOf(emails[1:], "Enabled")
			arguments := mayEnable() + fmt.Sprintf("\n  read_with = %q", readWith)
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses("", decisions, arguments))
			w.terraform("apply", "-auto-approve").succeeds()
			// A row is new, another one changes.
			decisions[emails[0]], decisions[emails[1]] = "Enabled", "Disabled"
			w.write("main.tf", tenant.statuses("", decisions, arguments))
			w.terraform("plan", "-out=next.tfplan").succeeds()
			for _, email := range []string{emails[0], emails[7]} {
				must(t, tenant.SetStatus(email, "Disabled"))
			}
			w.terraform("apply", "next.tfplan").fails().says("Error"+notToEnable+"user00@example.com", "1 change was made")
			decisionsAfter := maps.Clone(decisions)
			decisionsAfter[emails[0]], decisionsAfter[emails[7]] = "Disabled", "Disabled"
			tenant.wantStatuses(t, decisionsAfter)
			// The one whom the state has is drift, which the plan tells, and the apply does not
			// undo.
			w.terraform("plan").succeeds().says("Warning: "+severalNotEnable+"user00@example.com, …", "- user07@example.com: is Disabled")
			w.terraform("apply", "-auto-approve").fails().says("Error: " + severalNotEnable)
			w.wantNoPUT()
			tenant.wantStatuses(t, decisionsAfter)
		})
	}
}

func TestMayEnableThatIsKnownOnlyInTheApplyHoldsThere(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	for _, email := range []string{"ada@example.com", "ben@example.com"} {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", `
resource "terraform_data" "restored" {
  input = ["ada@example.com"]
}
`+statusesBlock("review", allOf([]string{"ada@example.com", "ben@example.com"}, "Enabled"), "may_enable = terraform_data.restored.output")))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: Who changes is known only in the apply", "may_enable")
	w.terraform("apply", "next.tfplan").fails().says("Error" + notToEnable + "ben@example.com")
	tenant.wantStatuses(t, map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled"})
}

func TestMayEnableTakesAddressesAlone(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	for set, says := range map[string]string{`["ada"]`: "ada", `[null]`: "null"} {
		w.write("main.tf", tenant.statuses("", allOf([]string{"ada@example.com"}, "Enabled"), "may_enable = "+set))
		w.terraform("plan").fails().says(says)
		w.sent(0, 0)
	}
}
