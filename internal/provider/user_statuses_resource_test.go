// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// manyUsers returns addresses in one domain.
func manyUsers(n int) []string {
	emails := make([]string, n)
	for i := range emails {
		emails[i] = fmt.Sprintf("user%02d@example.com", i)
	}
	return emails
}

func allOf(emails []string, status string) map[string]string {
	decisions := map[string]string{}
	for _, email := range emails {
		decisions[email] = status
	}
	return decisions
}

// statuses returns a configuration with one resource for all decisions.
func (tt *testTenant) statuses(provider string, decisions map[string]string, arguments string) string {
	return tt.config(provider, statusesBlock("review", decisions, arguments))
}

func statusesBlock(name string, decisions map[string]string, arguments string) string {
	var rows strings.Builder
	for _, email := range slices.Sorted(maps.Keys(decisions)) {
		fmt.Fprintf(&rows, "    %q = %q\n", email, decisions[email])
	}
	return fmt.Sprintf("resource \"idplus_user_statuses\" %q {\n  statuses = {\n%s  }\n  %s\n}\n", name, rows.String(), arguments)
}

// mapInState returns the map in terraform.tfstate, or nil if it has no resource. A tainted
// one fails the test: its replacement could disable people.
func mapInState(t *testing.T, w *workspace) map[string]string {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Status     string
				Attributes struct{ Statuses map[string]string }
			}
		}
	}
	must(t, json.Unmarshal([]byte(w.read("terraform.tfstate")), &state))
	var found map[string]string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if instance.Status != "" {
				t.Errorf("the resource is %s", instance.Status)
			}
			found = instance.Attributes.Statuses
		}
	}
	return found
}

func (tt *testTenant) wantStatuses(t *testing.T, want map[string]string) {
	t.Helper()
	for email, status := range want {
		if got := tt.status(t, email); got != status {
			t.Errorf("%s is %s in the tenant, want %s", email, got, status)
		}
	}
}

func wantMap(t *testing.T, got, want map[string]string) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("the state holds %v, want %v", got, want)
	}
}

// The life of a review, with its request budget: a page for 25 users, a look-up
// for each who changes, a PUT for each who changes.
func TestUserStatuses(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	decisions := allOf(emails, "Enabled")
	for _, email := range emails[:3] {
		decisions[email] = "Disabled"
	}

	// A create adopts: a user with the decided status needs no PUT.
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan", "-out=create.tfplan").succeeds().says(
		"Warning: 3 of 60 users change",
		"- user00@example.com: Enabled -> Disabled - user01@example.com: Enabled -> Disabled - user02@example.com: Enabled -> Disabled",
		"Plan: 1 to add, 0 to change, 0 to destroy.")
	w.sentWithSearch(3, 3, 0)
	// Terraform plans a create once more when it applies it, and passes nothing on.
	w.terraform("apply", "create.tfplan").succeeds()
	w.sentWithSearch(3, 3, 3)
	tenant.wantStatuses(t, decisions)
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.sentWithSearch(3, 0, 0)

	// The next review changes two users, adds one and lets go of one.
	tenant.AddUser(simulator.User{Email: "zoe@example.com"})
	decisions[emails[0]], decisions[emails[7]], decisions["zoe@example.com"] = "Enabled", "Disabled", "Disabled"
	delete(decisions, emails[59])
	w.write("main.tf", tenant.statuses("", decisions, ""))
	plan := w.terraform("plan", "-out=next.tfplan").succeeds().says(
		`~ statuses = { ~ "user00@example.com" = "Disabled" -> "Enabled" ~ "user07@example.com" = "Enabled" -> "Disabled" `+
			`- "user59@example.com" = "Enabled" -> null + "zoe@example.com" = "Disabled" # (57 unchanged elements hidden) }`,
		"Warning: 1 of 1 new user changes", "zoe@example.com: Enabled -> Disabled",
		"Warning: 1 user leaves the configuration and keeps the status: user59@example.com", "- user59@example.com keeps Enabled",
		"Plan: 0 to add, 1 to change, 0 to destroy.")
	if strings.Contains(plan.text, "known after apply") {
		t.Error("the plan lists computed attributes")
	}
	w.sentWithSearch(3, 3, 0)
	w.terraform("apply", "next.tfplan").succeeds()
	// The create has confirmed the first. Only search has shown the second so far, and zoe
	// is not in the state yet.
	w.sentWithSearch(0, 2, 3)
	tenant.wantStatuses(t, decisions)
	tenant.wantStatuses(t, map[string]string{emails[59]: "Enabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// Without a refresh only the state is used, and a look-up confirms users that only
	// search has shown: in the plan, and in the apply, which is a process of its own. A
	// user who was confirmed once needs none, and only PUTs are sent.
	decisions[emails[9]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve", "-refresh=false").succeeds()
	w.sentWithSearch(0, 2, 1)
	decisions[emails[9]] = "Enabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve", "-refresh=false").succeeds()
	w.sentWithSearch(0, 0, 1)

	// Drift by hand is a changed element, confirmed by a look-up.
	must(t, tenant.SetStatus(emails[20], "Disabled"))
	w.terraform("plan", "-out=repair.tfplan").succeeds().says(`~ "user20@example.com" = "Disabled" -> "Enabled"`)
	w.sentWithSearch(3, 1, 0)
	w.terraform("apply", "repair.tfplan").succeeds()
	w.sentWithSearch(0, 0, 1) // The refresh has confirmed it already.

	// A destroy forgets the users, and names them.
	w.terraform("destroy", "-auto-approve").succeeds().says("Warning: 60 users leave the configuration and keep their status: user00@example.com, …", "Nothing is sent. Unless another resource has these users, Terraform no longer manages them.")
	w.sentWithSearch(3, 0, 0)
	tenant.wantStatuses(t, decisions)
}

func TestUserStatusesLeaving(t *testing.T) {
	t.Parallel()
	emails := manyUsers(5)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[1], "Disabled"))
	decisions := allOf(emails, "Enabled")
	decisions[emails[1]] = "Disabled"
	w := newTerraformWorkspace(t, tenant)
	disable := `on_removal = "disable"`
	w.write("main.tf", tenant.statuses("", decisions, disable))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: None of 5 users changes")

	delete(decisions, emails[0])
	delete(decisions, emails[1])
	w.write("main.tf", tenant.statuses("", decisions, disable))
	w.terraform("plan", "-out=leave.tfplan").succeeds().says(
		"Warning: User leaves the configuration and will be disabled: user00@example.com", `- "user00@example.com" = "Enabled" -> null`,
		"Warning: 1 user leaves the configuration and keeps the status: user01@example.com", "- user01@example.com keeps Disabled")
	w.terraform("apply", "leave.tfplan").succeeds()
	w.sentWithSearch(0, 1, 1) // Only search had shown the user.
	tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[2]: "Enabled"})

	// The on_removal of the configuration counts, not that of the state.
	delete(decisions, emails[2])
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: 1 user leaves the configuration and keeps the status: user02@example.com")
	tenant.wantStatuses(t, map[string]string{emails[2]: "Enabled"})

	// A destroy uses what was applied last.
	w.write("main.tf", tenant.statuses("", decisions, disable))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", ""))
	w.terraform("plan", "-out=destroy.tfplan").succeeds().says("Warning: 2 users leave the configuration and will be disabled", "1 to destroy")
	// One who is deleted meanwhile needs no disabling.
	must(t, tenant.Delete(emails[3]))
	w.terraform("apply", "destroy.tfplan").succeeds()
	w.sentWithSearch(1, 2, 1) // Search is asked about the missing user.
	tenant.wantStatuses(t, map[string]string{emails[4]: "Disabled"})
}

// A replacement keeps the same users: it must not disable them in between.
func TestUserStatusesReplacementDisablesNoUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(3)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()

	w.terraform("apply", "-auto-approve", "-replace=idplus_user_statuses.review").succeeds().
		says("Warning: 3 users leave without a change: user00@example.com, …", "the other half of a replacement, keeps them")
	w.sentWithSearch(2, 0, 0)
	w.terraform("taint", "idplus_user_statuses.review").succeeds()
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: 3 users leave without a change: user00@example.com, …")
	if n := tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs, want none", n)
	}
	tenant.wantStatuses(t, allOf(emails, "Enabled"))

	// It is forgotten once the replacement is done: a destroy disables.
	w.terraform("destroy", "-auto-approve").succeeds()
	tenant.wantStatuses(t, allOf(emails, "Disabled"))
}

// With create_before_destroy, the old object would disable users that the new one keeps:
// the wish of the new one outranks that, also if the destroy of the old one failed and
// comes when the new one no longer changes.
func TestUserStatusesCreatedBeforeDestroy(t *testing.T) {
	t.Parallel()
	emails := manyUsers(3)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), "on_removal = \"disable\"\n  lifecycle {\n    create_before_destroy = true\n  }"))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("apply", "-auto-approve", "-replace=idplus_user_statuses.review").succeeds().says("Warning: 3 users leave without a change: user00@example.com, …")
	if n := tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs, want none", n)
	}
	tenant.wantStatuses(t, allOf(emails, "Enabled"))
	w.terraform("plan", "-detailed-exitcode").succeeds()

	w.leaveDeposed("idplus_user_statuses")
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: 3 users leave without a change: user00@example.com, …", "0 added, 0 changed, 1 destroyed")
	if n := tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs, want none", n)
	}
	w.terraform("plan", "-detailed-exitcode").succeeds()
	tenant.wantStatuses(t, allOf(emails, "Enabled"))
}

// leaveDeposed adds a second, deposed object of its one resource to the state, as an apply
// does that creates a replacement and cannot destroy what it replaced.
func (w *workspace) leaveDeposed(kind string) {
	w.t.Helper()
	var state map[string]json.RawMessage
	must(w.t, json.Unmarshal([]byte(w.read("terraform.tfstate")), &state))
	var resources []map[string]any
	must(w.t, json.Unmarshal(state["resources"], &resources))
	for _, resource := range resources {
		instances, ok := resource["instances"].([]any)
		if resource["type"] != kind || !ok {
			continue
		}
		current, ok := instances[0].(map[string]any)
		if !ok {
			w.t.Fatal("an instance is not an object")
		}
		deposed := maps.Clone(current)
		deposed["deposed"] = "0a1b2c3d"
		resource["instances"] = append(instances, deposed)
	}
	var err error
	state["resources"], err = json.Marshal(resources)
	must(w.t, err)
	content, err := json.Marshal(state)
	must(w.t, err)
	w.write("terraform.tfstate", string(content))
}

func TestUserStatusesWithUnknownValues(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	config := func(review, arguments string) string {
		return tenant.config(`protected_users = ["user03@example.com"]`, `
resource "terraform_data" "decision" {
  input = "Disabled"
}
resource "terraform_data" "`+review+`" {
  input = { "user00@example.com" = "Disabled", "user03@example.com" = "Disabled" }
}
resource "idplus_user_statuses" "review" {
  `+arguments+`
  on_removal = "disable"
}`)
	}
	// One element: no user leaves because a status is not known yet.
	w.write("main.tf", tenant.statuses("", map[string]string{emails[0]: "Enabled", emails[1]: "Enabled"}, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", config("review", `statuses = { "user00@example.com" = terraform_data.decision.output, "user01@example.com" = "Disabled" }`))
	plan := w.terraform("plan").succeeds().says(`"user00@example.com" = "Enabled" -> (known after apply)`)
	if strings.Contains(plan.text, "leaves the configuration") || strings.Contains(plan.text, "leaving the configuration") {
		t.Errorf("a user whose status is not known yet counted as a leaver:\n%s", plan.text)
	}
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[1]: "Disabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// The whole map: what the plan could not check, the apply refuses.
	w.write("main.tf", config("another", `statuses = terraform_data.another.output`))
	w.terraform("plan").succeeds().says("Warning: Changes are known only after apply", "protected_users, max_changes, ids")
	w.sentWithSearch(1, 0, 0)
	w.terraform("apply", "-auto-approve").fails().says("Error: Protected user would be disabled: user03@example.com")
	if n := tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs beside a protected user, want none", n)
	}
	tenant.wantStatuses(t, map[string]string{emails[3]: "Enabled"})
}

// Case does not count in an address: the spelling may change, the user stays.
func TestUserStatusesSpelling(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", map[string]string{"Ada@Example.com": "Enabled", "ben@example.com": "Enabled"}, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.write("main.tf", tenant.statuses("", map[string]string{"ADA@example.com": "Enabled", "ben@example.com": "Enabled"}, `on_removal = "disable"`))
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// Beside a change of another row, Terraform shows both spellings.
	w.write("main.tf", tenant.statuses("", map[string]string{"ADA@example.com": "Enabled", "ben@example.com": "Disabled"}, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: Address differs only in case: ADA@example.com", "ADA@example.com, was Ada@Example.com",
		"Case is ignored, so no user leaves the map.")
	if n := tenant.Count(simulator.KindStatus); n != 1 {
		t.Errorf("%d PUTs for a change of case and one of a status, want 1", n)
	}
	tenant.wantStatuses(t, map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// Import is not needed, but makes the first plan mark who changes.
func TestUserStatusesImport(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[4]] = "Disabled"
	w := newTerraformWorkspace(t, tenant)
	importing := func(id string) string {
		return tenant.statuses("", decisions, "") + fmt.Sprintf("import {\n  to = idplus_user_statuses.review\n  id = %q\n}\n", id)
	}
	w.write("main.tf", importing(strings.Join(emails, ",")))
	w.terraform("plan", "-out=import.tfplan").succeeds().says(
		`"user03@example.com" = "Enabled" ~ "user04@example.com" = "Enabled" -> "Disabled" "user05@example.com" = "Enabled"`, "Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.")
	w.sentWithSearch(2, 1, 0)
	w.terraform("apply", "import.tfplan").succeeds()
	w.sentWithSearch(0, 1, 1)
	w.terraform("plan", "-detailed-exitcode").succeeds()

	w.terraform("state", "rm", "idplus_user_statuses.review").succeeds()
	w.write("main.tf", importing("user00@example.com, nobody@example.com"))
	w.terraform("plan").fails().says("Error: User to import does not exist: nobody@example.com", "No user has this name in this tenant.")
	w.write("main.tf", importing("user00@example.com USER00@example.com ada"))
	w.terraform("plan").fails().says("Error: Not a valid import id", `"USER00@example.com" is in the id twice`, `"ada" has no @`)
}
