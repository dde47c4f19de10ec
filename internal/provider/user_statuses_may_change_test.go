// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// may_change names the users that a map may change. It is enforced before the PUT: a user
// who differs only since the plan is not changed.

func mayChange(emails ...string) string {
	if len(emails) == 0 {
		return "may_change = []"
	}
	return "may_change = " + inHCL(emails)
}

const (
	notToChange      = ": User is not in may_change: "
	severalNotChange = "2 users are not in may_change: "
)

func TestMayChangeRefusesOthersInThePlan(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	decisions := map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled", "carla@example.com": "Enabled"}
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, mayChange()))
	w.terraform("plan").succeeds().says("Warning: "+severalNotChange+"ada@example.com, …", "Nothing is sent for these users, and the apply fails for these users only.",
		"- ada@example.com: is Disabled, but Enabled is wanted - ben@example.com: is Enabled, but Disabled is wanted",
		"Plan again", "add the addresses to it").saysNot("on_removal")

	// Case does not count, and an address without a row does not matter.
	w.write("main.tf", tenant.statuses("", decisions, mayChange("ADA@example.com", "nobody@example.com")))
	w.terraform("apply", "-auto-approve").fails().says("Error"+notToChange+"ben@example.com", "add the address to it", "1 change was made")
	tenant.wantStatuses(t, map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Enabled", "carla@example.com": "Enabled"})
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	w.write("main.tf", tenant.statuses("", decisions, mayChange("ADA@example.com", "ben@example.com")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.sentWithSearch(2, 4, 2) // A plan and an apply, each with a page of search and a look-up of each user.
	tenant.wantStatuses(t, decisions)
}

// The plan is saved, and then others change a user.
func TestMayChangeLeavesUsersWhoWereChangedAfterThePlan(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	for _, readWith := range []string{"search", "lookup"} {
		t.Run("of a create, read with "+readWith, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			for _, email := range []string{emails[2], emails[8]} {
				must(t, tenant.SetStatus(email, "Disabled"))
			}
			decisions := allOf(emails, "Enabled")
			decisions[emails[1]], decisions[emails[8]] = "Disabled", "Disabled"
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses("", decisions, mayChange(emails[1], emails[2])+fmt.Sprintf("\n  read_with = %q", readWith)))
			w.terraform("plan", "-out=next.tfplan").succeeds().saysNot("not in may_change")
			must(t, tenant.SetStatus(emails[7], "Disabled"))
			must(t, tenant.SetStatus(emails[8], "Enabled"))
			// The others are changed as decided.
			w.terraform("apply", "next.tfplan").fails().says("Error: "+severalNotChange+"user07@example.com, …",
				"user07@example.com: is Disabled, but Enabled is wanted", "user08@example.com: is Enabled, but Disabled is wanted",
				"(for an access review, those that its plan showed), and these users are not among them. Nothing is sent for these users.", "Error: 2 of 4 changes were not made", "2 changes were made")
			after := maps.Clone(decisions)
			after[emails[7]], after[emails[8]] = "Disabled", "Enabled"
			tenant.wantStatuses(t, after)
			if n := tenant.Count(simulator.KindStatus); n != 2 {
				t.Errorf("%d PUTs, want 2", n)
			}
			w.terraform("plan").succeeds().says("Warning: " + severalNotChange + "user07@example.com")
		})
		t.Run("of an update, read with "+readWith, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			decisions := allOf(emails[2:], "Enabled")
			decisions[emails[8]] = "Disabled"
			with := func(emails ...string) string {
				return mayChange(emails...) + fmt.Sprintf("\n  read_with = %q", readWith)
			}
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses("", decisions, with(emails[8])))
			w.terraform("apply", "-auto-approve").succeeds()
			// Two rows are new, another one changes.
			decisions[emails[0]], decisions[emails[1]], decisions[emails[2]] = "Enabled", "Disabled", "Disabled"
			must(t, tenant.SetStatus(emails[1], "Disabled"))
			w.write("main.tf", tenant.statuses("", decisions, with(emails[2])))
			w.terraform("plan", "-out=next.tfplan").succeeds().saysNot("not in may_change")
			after := maps.Clone(decisions)
			for email, status := range map[string]string{emails[0]: "Disabled", emails[1]: "Enabled", emails[7]: "Disabled", emails[8]: "Enabled"} {
				must(t, tenant.SetStatus(email, status))
				after[email] = status
			}
			w.terraform("apply", "next.tfplan").fails().says("Error: "+severalNotChange+"user00@example.com, …", "user01@example.com: is Enabled", "1 change was made")
			tenant.wantStatuses(t, after)
			// Users in the state are drift, which the plan reports, and the apply does not
			// undo: also if the set of the last apply has one of them.
			w.write("main.tf", tenant.statuses("", decisions, with()))
			w.terraform("plan").succeeds().says("Warning: 4 users are not in may_change", "- user07@example.com: is Disabled", "- user08@example.com: is Enabled")
			w.terraform("apply", "-auto-approve").fails().says("Error: 4 users are not in may_change")
			w.wantNoPUT()
			tenant.wantStatuses(t, after)
		})
	}
}

// setInState returns may_change as terraform.tfstate holds it.
func setInState(t *testing.T, w *workspace) (set []string) {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					MayChange []string `json:"may_change"`
				}
			}
		}
	}
	must(t, json.Unmarshal([]byte(w.read("terraform.tfstate")), &state))
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			set = append(set, instance.Attributes.MayChange...)
		}
	}
	return set
}

// After an apply no user is left to change, so that the set of a review is another one:
// that alone is not a change.
func TestMayChangeAloneIsNotAChange(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	decisions := map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Enabled"}
	w := newWorkspace(t, tenant)
	apply := func(arguments string) {
		t.Helper()
		w.write("main.tf", tenant.statuses("", decisions, arguments))
		w.terraform("apply", "-auto-approve").succeeds()
		w.terraform("plan", "-detailed-exitcode").succeeds()
	}
	empty := func(arguments string) {
		t.Helper()
		w.write("main.tf", tenant.statuses("", decisions, arguments))
		w.terraform("plan", "-detailed-exitcode").succeeds()
		w.terraform("plan", "-detailed-exitcode", "-refresh=false").succeeds()
	}
	apply(mayChange("ada@example.com"))
	empty(mayChange())
	empty(mayChange("ADA@example.com"))
	empty(mayChange("ben@example.com"))
	pinned := fmt.Sprintf("\n  ids = { %q = %q }", "ada@example.com", tenant.id(t, "ada@example.com"))
	apply(mayChange() + pinned) // Where ids change, so does the set:
	if set := setInState(t, w); len(set) != 0 {
		t.Errorf("may_change of the state is %v", set)
	}
	empty(mayChange("ben@example.com") + pinned)

	// From none to a set, and back.
	apply("")
	apply(mayChange("ada@example.com"))
	w.wantNoPUT()

	// If anything else changes, the set of the configuration counts, not the state's.
	must(t, tenant.SetStatus("ada@example.com", "Enabled"))
	w.write("main.tf", tenant.statuses("", decisions, mayChange()))
	w.terraform("apply", "-auto-approve").fails().says("Error" + notToChange + "ada@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	apply(mayChange("ada@example.com"))
	decisions["carla@example.com"] = "Disabled"
	apply(mayChange("carla@example.com"))
	tenant.wantStatuses(t, decisions)
}

// Terraform plans an unchanged resource once more in the apply if it has a condition.
func TestMayChangeOfAResourceWithAConditionIsPlannedTheSameInTheApply(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newTerraformWorkspace(t, tenant)
	condition := `
  lifecycle {
    precondition {
      condition     = terraform_data.trigger.id != ""
      error_message = "Never."
    }
  }`
	config := func(trigger, arguments string) string {
		return tenant.config("", fmt.Sprintf("resource \"terraform_data\" \"trigger\" {\n  triggers_replace = %q\n}\n", trigger)+
			statusesBlock("review", map[string]string{"ada@example.com": "Disabled"}, arguments+condition))
	}
	w.write("main.tf", config("a", mayChange("ada@example.com")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", config("b", mayChange()))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Plan: 1 to add, 0 to change, 1 to destroy.")
	w.terraform("apply", "next.tfplan").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestMayChangeAppliesToLeavers(t *testing.T) {
	t.Parallel()
	emails := []string{"ada@example.com", "ben@example.com", "carla@example.com", "dora@example.com"}
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions["dora@example.com"] = "Disabled"
	disable := "\n  on_removal = \"disable\""
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, mayChange("dora@example.com")+disable))
	w.terraform("apply", "-auto-approve").succeeds()

	// Three leave: one may change, one may not, and one is already Disabled.
	left := map[string]string{"ada@example.com": "Enabled"}
	w.write("main.tf", tenant.statuses("", left, mayChange("ben@example.com")+disable))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning"+notToChange+"carla@example.com", "ben@example.com: Enabled -> Disabled", `set on_removal = "retain"`)
	w.terraform("apply", "next.tfplan").fails().says("Error"+notToChange+"carla@example.com", "1 change was made")
	decisions["ben@example.com"] = "Disabled"
	tenant.wantStatuses(t, decisions)
	// A user who was not changed is in the state, until there is a decision.
	kept := mapInState(t, w)
	if _, carla := kept["carla@example.com"]; !carla {
		t.Errorf("the state has lost carla: %v", kept)
	}
	if _, dora := kept["dora@example.com"]; dora {
		t.Errorf("the state still has dora: %v", kept)
	}
	w.write("main.tf", tenant.statuses("", left, mayChange()))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)

	// A destroy changes the users that its plan shows.
	w.write("main.tf", tenant.statuses("", left, mayChange()+disable))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("destroy", "-auto-approve").succeeds()
	decisions["ada@example.com"] = "Disabled"
	tenant.wantStatuses(t, decisions)
}

func TestMayChangeThatIsKnownOnlyInTheApplyHoldsThere(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	config := func(input string) string {
		return tenant.config("", `
resource "terraform_data" "changing" {
  input = `+input+`
}
`+statusesBlock("review", map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Disabled"}, "may_change = terraform_data.changing.output"))
	}
	w.write("main.tf", config(`["ada@example.com"]`))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: Changes are known only after apply", "may_change")
	w.terraform("apply", "next.tfplan").fails().says("Error" + notToChange + "ben@example.com")
	tenant.wantStatuses(t, map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Enabled"})
	w.write("main.tf", config(`["ben@example.com"]`))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Disabled"})
	// In the apply it turns out that only the set differs.
	w.write("main.tf", config(`[]`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestMayChangeTakesAddressesAlone(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	for set, says := range map[string]string{`["ada"]`: "ada", `[null]`: "null"} {
		w.write("main.tf", tenant.statuses("", allOf([]string{"ada@example.com"}, "Enabled"), "may_change = "+set))
		w.terraform("plan").fails().says(says)
		w.sent(0, 0)
	}
}
