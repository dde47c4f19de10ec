// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Whatever is wrong is said at once, one diagnostic for each kind.
func TestPlanOfUserStatusesRefusesAllAtOnce(t *testing.T) {
	t.Parallel()
	emails := manyUsers(40)
	tenant := newTestTenant(t, append([]string{"root@example.com", "boss@example.com"}, emails...)...)
	decisions := allOf(emails, "Enabled")
	decisions["root@example.com"], decisions["boss@example.com"] = "Enabled", "Enabled"
	guards := "protected_users = [\"Root@example.com\", \"boss@example.com\"]\nmax_changes = 5"
	w := newWorkspace(t, tenant)

	refusals := func() {
		t.Helper()
		refused := w.terraform("plan").fails().says(
			"Error: 2 users are pending deletion and cannot be enabled",
			`"user00@example.com" = "Enabled"`, // The line of the configuration that is to blame.
			"- user00@example.com is marked for deletion by root@example.com since ", "- user01@example.com is marked for deletion",
			"undelete the",
			"Error: 2 protected users would be disabled", "- boss@example.com - root@example.com",
			"Error: Plan changes more users than max_changes allows", "at least 29 users", "max_changes is 5",
			"- boss@example.com: Enabled -> Disabled", "and 9 more",
		)
		if n := strings.Count(refused.text, "Error:"); n != 3 {
			t.Errorf("%d errors, want 3:\n%s", n, refused.text)
		}
	}
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range emails[:2] {
		must(t, tenant.SetStatus(email, "Disabled"))
		must(t, tenant.MarkDeleted(email, "root@example.com"))
	}
	for _, email := range append(emails[15:], "root@example.com", "boss@example.com") {
		decisions[email] = "Disabled"
	}
	w.write("main.tf", tenant.statuses(guards, decisions, ""))
	refusals()
	// Enough are looked up to be sure that the limit is passed.
	w.sentWithSearch(2, 8, 0)
	w.terraform("state", "rm", "idplus_user_statuses.review").succeeds()
	refusals()
	w.sentWithSearch(2, 8, 0)
}

func TestPlanOfUserStatusesWhoAreGone(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[2]], decisions[emails[3]] = "Disabled", "Disabled"
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range emails[:4] {
		must(t, tenant.Delete(email))
	}

	plan := w.terraform("plan").succeeds().says(
		"Warning: 2 users no longer exist", "- user00@example.com - user01@example.com The state had Enabled here and drops it.",
		"Warning: 2 users do not exist, which satisfies Disabled", "- user02@example.com - user03@example.com Nothing is sent.",
		`~ statuses = { + "user00@example.com" = "Enabled" + "user01@example.com" = "Enabled" # (28 unchanged elements hidden) }`)
	if n := strings.Count(plan.text, "- user00@example.com"); n != 1 {
		t.Errorf("the plan speaks of one user %d times:\n%s", n, plan.text)
	}
	w.sentWithSearch(2, 4, 0)

	// The apply fails for them alone; the others' drift is repaired.
	must(t, tenant.SetStatus(emails[9], "Disabled"))
	w.terraform("apply", "-auto-approve").fails().says("Error: 2 of 3 changes were not made", "1 change was made", "Error: 2 users do not exist", "- user00@example.com")
	tenant.wantStatuses(t, map[string]string{emails[9]: "Enabled"})

	// The review takes note: nothing is left to say of those two.
	delete(decisions, emails[0])
	decisions[emails[1]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds().says("Warning: 3 users do not exist, which satisfies Disabled")

	// One comes back by a synchronization, with another id and enabled: that is
	// somebody to decide about anew.
	tenant.AddUser(simulator.User{Email: emails[2]})
	w.terraform("plan").succeeds().says("Warning: Address belongs to another user now", "- user02@example.com: was the user with the id",
		`+ "user02@example.com" = "Disabled"`, "user02@example.com: Enabled -> Disabled")
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[2]: "Disabled"})
}

func TestPlanOfUserStatusesOfReassignedAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[5]] = "Disabled"
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()
	was := tenant.id(t, emails[5])
	another, err := tenant.Reassign(emails[5])
	must(t, err)

	w.terraform("plan", "-out=new.tfplan").succeeds().says(
		"Warning: Address belongs to another user now", was, another.ID, "Approve that only if",
		`+ "user05@example.com" = "Disabled"`, "Warning: 1 of 1 new user changes", "user05@example.com: Enabled -> Disabled")
	w.terraform("apply", "-auto-approve", "-refresh=false").succeeds() // By the state: nothing to do.
	tenant.wantStatuses(t, map[string]string{emails[5]: "Enabled"})
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[5]: "Disabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestPlanOfUserStatusesInWrongTenant(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	tenant, wrong := newTestTenant(t, emails...), newTestTenant(t)
	decisions := allOf(emails, "Enabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()

	w.tenant = wrong
	w.write("main.tf", wrong.statuses("", decisions, ""))
	nobody := "Error: None of the users exists in this tenant"
	w.terraform("apply", "-auto-approve").fails().says(nobody, "Check admin_api_url and the credentials")
	w.sentWithSearch(1, 10, 0) // A sample is enough.
	wantMap(t, mapInState(t, w), decisions)
	w.terraform("state", "rm", "idplus_user_statuses.review").succeeds()
	w.terraform("plan").fails().says(nobody)

	// One who is found settles it: the others are missing.
	wrong.AddUser(simulator.User{Email: emails[0]})
	w.terraform("plan").succeeds().says("Warning: 59 users do not exist", "and 39 more")
}

// Two resources that want different statuses for one user would undo each other
// with every apply.
func TestPlanOfContradictingUserStatuses(t *testing.T) {
	t.Parallel()
	emails := manyUsers(3)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	contradiction := "Error: Two resources want different statuses for "
	enabled := allOf(emails, "Enabled")

	w.write("main.tf", tenant.config("", statusesBlock("one", enabled, "")+statusesBlock("two", map[string]string{"USER01@example.com": "Disabled"}, "")))
	w.terraform("plan").fails().says(contradiction+"a user", "here,", "by another resource, which calls the user")

	one := userStatus("one", `username = "user01"
status = "Disabled"`)
	w.write("main.tf", tenant.config("", statusesBlock("all", enabled, "")+one))
	w.terraform("plan").fails().says(contradiction, "user01@example.com")

	// The same wish twice contradicts nothing, nor does planning one resource twice.
	w.write("main.tf", tenant.config("", statusesBlock("all", enabled, `on_removal = "disable"`)+statusesBlock("some", map[string]string{emails[0]: "Enabled"}, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-replace=idplus_user_statuses.all").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// A user who moves from one that disables whoever leaves to another one.
	rest := maps.Clone(enabled)
	delete(rest, emails[2])
	w.write("main.tf", tenant.config("", statusesBlock("all", rest, `on_removal = "disable"`)+statusesBlock("some", map[string]string{emails[0]: "Enabled", emails[2]: "Enabled"}, "")))
	w.terraform("plan").fails().says(contradiction, "user02@example.com", `apply on_removal = "retain" first`)
}

func TestPlanOfUserStatusesNamesEveryOffender(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	w := newWorkspace(t, tenant)
	decisions := map[string]string{
		"ada": "Enabled", " ben@example.com": "Enabled",
		"carla@example.com": "Enabled", "Carla@example.com": "Enabled",
		"dmitri@example.com": "enabled", "elena@example.com": "Active",
	}
	for i := range 25 {
		decisions[fmt.Sprintf("user%02d", i)] = "Enabled"
	}
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("validate").fails().says(
		"Error: 27 addresses are not valid email addresses", `- " ben@example.com" has white space at its beginning or end`, `- "ada" has no @`, `- "user24" has no @`,
		"Error: Address stands in the map twice", `- "Carla@example.com" and "carla@example.com"`,
		"Error: 2 statuses are not valid", `- dmitri@example.com: "enabled" is not a status. Did you mean "Enabled"?`, `- elena@example.com: "Active" is not a status.`)

	w.write("main.tf", tenant.statuses("", nil, ""))
	w.terraform("validate").fails().says("Error: No user to keep the status of", "A CSV file that was truncated")
	w.write("main.tf", tenant.statuses("", map[string]string{"ada@example.com": "Enabled"}, "on_removal = \"delete\"\nread_with = \"guess\""))
	w.terraform("validate").fails().says(`value must be one of: ["retain" "disable"]`, `value must be one of: ["search" "lookup"]`)
}
