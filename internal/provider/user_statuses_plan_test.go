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

// All problems are reported at once, one diagnostic for each kind.
func TestPlanOfUserStatusesRefusesAllAtOnce(t *testing.T) {
	t.Parallel()
	emails := manyUsers(40)
	tenant := newTestTenant(t, append([]string{"root@example.com", "boss@example.com"}, emails...)...)
	decisions := allOf(emails, "Enabled")
	decisions["root@example.com"], decisions["boss@example.com"] = "Enabled", "Enabled"
	protected := "protected_users = [\"Root@example.com\", \"boss@example.com\"]"
	w := newWorkspace(t, tenant)

	refusals := func(pending string, errors int) {
		t.Helper()
		refused := w.terraform("plan").fails().says(
			pending+": 2 users are pending deletion and cannot be enabled",
			`"user00@example.com" = "Enabled"`, // The line of the configuration that is to blame.
			"- user00@example.com was marked for deletion by root@example.com on ", "- user01@example.com was marked for deletion",
			"undelete the",
			"Error: 2 protected users would be disabled", "- boss@example.com - root@example.com",
		)
		if n := strings.Count(refused.text, "Error:"); n != errors {
			t.Errorf("%d errors, want %d:\n%s", n, errors, refused.text)
		}
	}
	tooMany := func() {
		t.Helper()
		w.terraform("plan").fails().says("Error: 2 protected users would be disabled", "- boss@example.com - root@example.com",
			"Error: 25 users would change or leave, more than max_changes allows: user15@example.com, …", "max_changes is 5",
			"- user15@example.com: Enabled -> Disabled", "and 5 more")
		// If search alone shows that there are too many, look-ups add nothing. Only the
		// protected users are looked up, and those that search shows as pending deletion.
		w.sentWithSearch(2, 4, 0)
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
	// 27 who are to be Disabled and two who are pending deletion; the protected users are
	// among the 27.
	w.write("main.tf", tenant.statuses(protected, decisions, ""))
	refusals("Warning", 1) // The two were wanted Enabled before they were marked.
	w.sentWithSearch(2, 29, 0)
	limited := protected + "\nmax_changes = 5"
	w.write("main.tf", tenant.statuses(limited, decisions, ""))
	tooMany()

	// Without a state it is the same.
	w.terraform("state", "rm", "idplus_user_statuses.review").succeeds()
	tooMany()
	w.write("main.tf", tenant.statuses(protected, decisions, ""))
	refusals("Error", 2)
	w.sentWithSearch(2, 29, 0)
}

// A wish from before the mark does not hold up the other users: the plan names the users
// for which the apply will fail, and it fails for these alone.
func TestUserStatusesOfAUserWhoWasMarkedMeanwhile(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range emails[1:3] {
		must(t, tenant.SetStatus(email, "Disabled"))
		must(t, tenant.MarkDeleted(email, "root@example.com"))
	}
	decisions[emails[5]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 2 users are pending deletion and cannot be enabled: user01@example.com, …",
		"The apply fails for these users only.")
	w.terraform("apply", "next.tfplan").fails().says("Error: 2 of 3 changes were not made", "1 change was made",
		"Error: 2 users are pending deletion and cannot be enabled: user01@example.com, …")
	tenant.wantStatuses(t, map[string]string{emails[1]: "Disabled", emails[2]: "Disabled", emails[5]: "Disabled"})

	// A new wish is an error in the plan.
	decisions[emails[1]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").fails()
	decisions[emails[1]] = "Enabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan").fails().says("Error: User is pending deletion and cannot be enabled: user01@example.com")
}

func TestPlanOfUserStatusesWhoAreGone(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[2]], decisions[emails[3]] = "Disabled", "Disabled"
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range emails[:4] {
		must(t, tenant.Delete(email))
	}

	plan := w.terraform("plan").succeeds().says(
		"Warning: 2 users no longer exist", "- user00@example.com - user01@example.com These users are removed from the state.",
		"Warning: 2 users do not exist, which counts as Disabled", "- user02@example.com - user03@example.com Nothing is sent.",
		`~ statuses = { + "user00@example.com" = "Enabled" + "user01@example.com" = "Enabled" # (28 unchanged elements hidden) }`)
	if n := strings.Count(plan.text, "- user00@example.com"); n != 1 {
		t.Errorf("the plan mentions one user %d times:\n%s", n, plan.text)
	}
	w.sentWithSearch(2, 4, 0)

	// The apply fails for them alone; the others' drift is repaired.
	must(t, tenant.SetStatus(emails[9], "Disabled"))
	w.terraform("apply", "-auto-approve").fails().says("Error: 2 of 3 changes were not made", "1 change was made", "Error: 2 users do not exist", "- user00@example.com")
	tenant.wantStatuses(t, map[string]string{emails[9]: "Enabled"})

	// The review is corrected: nothing is left to report about these two.
	delete(decisions, emails[0])
	decisions[emails[1]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds().says("Warning: 3 users do not exist, which counts as Disabled")

	// A synchronization brings one back, enabled and with another id: that user needs a
	// new decision.
	tenant.AddUser(simulator.User{Email: emails[2]})
	w.terraform("plan").succeeds().says("Warning: Address belongs to another user now", "- user02@example.com: was the user with the id",
		`+ "user02@example.com" = "Disabled"`, "user02@example.com: Enabled -> Disabled")
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[2]: "Disabled"})
}

// What a plan reports about users who are new to a map must be true for the others too.
func TestPlanReportsThatNothingIsSentOnlyIfThatIsTrue(t *testing.T) {
	t.Parallel()
	emails := manyUsers(5)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails[:3], "Enabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	decisions[emails[0]], decisions[emails[3]] = "Disabled", "Enabled"
	for name, newcomer := range map[string]string{"with the wanted status": emails[3], "that does not exist": "nobody@example.com"} {
		delete(decisions, emails[3])
		delete(decisions, "nobody@example.com")
		decisions[newcomer] = "Enabled"
		w.write("main.tf", tenant.statuses("", decisions, ""))
		plan := w.terraform("plan").succeeds().says("No new user changes")
		if strings.Contains(plan.text, "sends nothing.") {
			t.Errorf("beside a new user %s, the plan says that nothing is sent, but one is to be Disabled:\n%s", name, plan.text)
		}
	}
}

func TestPlanOfUserStatusesOfReassignedAddress(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[5]] = "Disabled"
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()
	was := tenant.id(t, emails[5])
	another, err := tenant.Reassign(emails[5])
	must(t, err)

	w.terraform("plan", "-out=new.tfplan").succeeds().says(
		"Warning: Address belongs to another user now", was, another.ID, "Approve this only if",
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
	wrongTenant := "Error: None of the users is known in this tenant"
	w.terraform("apply", "-auto-approve").fails().says(wrongTenant, "Check admin_api_url and the credentials")
	w.sentWithSearch(1, 10, 0) // A sample is enough.
	wantMap(t, mapInState(t, w), decisions)
	w.terraform("state", "rm", "idplus_user_statuses.review").succeeds()
	w.terraform("plan").fails().says(wrongTenant)

	// One user who is found shows that the tenant is right: the others are missing.
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
	contradiction := "Error: Two decisions set different statuses for a user: "
	enabled := allOf(emails, "Enabled")

	w.write("main.tf", tenant.config("", statusesBlock("one", enabled, "")+statusesBlock("two", map[string]string{"USER01@example.com": "Disabled"}, "depends_on = [idplus_user_statuses.one]")))
	w.terraform("plan").fails().
		says(contradiction+"USER01@example.com", "USER01@example.com: Disabled here, Enabled in another resource, as user01@example.com")

	one := userStatus("one", `username = "user01"
status = "Disabled"
depends_on = [idplus_user_statuses.all]`)
	w.write("main.tf", tenant.config("", statusesBlock("all", enabled, "")+one))
	w.terraform("plan").fails().says(contradiction, "user01: Disabled here, Enabled in another resource, as user01@example.com")

	// The same wish twice contradicts nothing, nor does planning one resource twice.
	w.write("main.tf", tenant.config("", statusesBlock("all", enabled, `on_removal = "disable"`)+statusesBlock("some", map[string]string{emails[0]: "Enabled"}, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-replace=idplus_user_statuses.all").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// A user who leaves a map that disables leavers, and stays in another one that does
	// not change: an apply would not know of the other.
	rest := maps.Clone(enabled)
	delete(rest, emails[0])
	w.write("main.tf", tenant.config("", statusesBlock("all", rest, `on_removal = "disable"`)+statusesBlock("some", map[string]string{emails[0]: "Enabled"}, "")))
	w.terraform("plan").fails().says("Error: User would be disabled, but another resource wants Enabled: user00@example.com", `apply on_destroy or on_removal = "retain" first`)
	w.write("main.tf", tenant.config("", statusesBlock("all", enabled, "")+statusesBlock("some", map[string]string{emails[0]: "Enabled"}, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", statusesBlock("all", rest, "")+statusesBlock("some", map[string]string{emails[0]: "Enabled"}, "")))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, enabled)
}

// A user who moves from a map that disables leavers to another one, in one apply: the wish
// outranks the leave. If the leave is planned, and so applied, before the wish is known,
// the plan is an error.
func TestUserWhoMovesFromOneMapToAnotherStaysEnabled(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	const disable = "on_removal = \"disable\"\n"
	for _, c := range []struct {
		name, leaving, joining string
		refused                bool
		arguments              []string
	}{
		{"joining first", disable + "depends_on = [idplus_user_statuses.joining]", "", false, nil},
		{"leaving first", disable, "depends_on = [idplus_user_statuses.leaving]", true, nil},
		{"one after the other", disable, "depends_on = [idplus_user_statuses.leaving]", true, []string{"-parallelism=1"}},
		{"in any order", disable, "", false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			write := func(leavers, joiners []string) {
				w.write("main.tf", tenant.config("", statusesBlock("leaving", allOf(leavers, "Enabled"), c.leaving)+statusesBlock("joining", allOf(joiners, "Enabled"), c.joining)))
			}
			write(emails[:3], emails[3:])
			w.terraform("apply", "-auto-approve").succeeds()
			write(emails[:1], emails[1:])
			plan := w.terraform(append([]string{"plan", "-out=move.tfplan"}, c.arguments...)...)
			if c.refused {
				plan.fails().says("Error: 2 users would be disabled, but other resources want Enabled: user01@example.com, …", "\"retain\" first")
				return
			}
			plan.succeeds().says("Warning: 2 users leave without a change: user01@example.com, …", "- user01@example.com: still wanted, as Enabled - user02@example.com: still wanted, as Enabled")
			w.terraform("apply", "move.tfplan").succeeds()
			if n := tenant.Count(simulator.KindStatus); n != 0 {
				t.Errorf("%d PUTs, want none", n)
			}
			tenant.wantStatuses(t, allOf(emails, "Enabled"))
			w.terraform("plan", "-detailed-exitcode").succeeds()
		})
	}
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
	// In the plan: with count = 0 nothing has to be right.
	w.terraform("validate").succeeds()
	w.terraform("plan").fails().says(
		"Error: 27 addresses are not valid email addresses", `- " ben@example.com" has white space at its beginning or end`, `- "ada" has no @`, `- "user24" has no @`,
		"Error: Address is in the map twice", `- "Carla@example.com" and "carla@example.com"`,
		"Error: 2 statuses are not valid", `- "dmitri@example.com": "enabled" is not a status. Did you mean "Enabled"?`, `- "elena@example.com": "Active" is not a status.`)
	w.sent(0, 0)

	w.write("main.tf", tenant.statuses("", decisions, "count = 0"))
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.write("main.tf", tenant.statuses("", nil, "count = 0"))
	w.terraform("plan", "-detailed-exitcode").succeeds()

	w.write("main.tf", tenant.statuses("", nil, ""))
	w.terraform("plan").fails().says("Error: statuses has no user", "A CSV file that was cut off")
	w.sent(0, 0)
	w.write("main.tf", tenant.statuses("", map[string]string{"ada@example.com": "Enabled"}, "on_removal = \"delete\"\nread_with = \"guess\""))
	w.terraform("validate").fails().says(`value must be one of: ["retain" "disable"]`, `value must be one of: ["search" "lookup"]`)
}
