// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestPlanOfPendingDeletion(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "hugo@example.com")
	must(t, tenant.SetStatus("hugo@example.com", "Disabled"))
	must(t, tenant.MarkDeleted("hugo@example.com", "root@example.com"))
	deleted := tenant.Now().UTC().Add(7 * 24 * time.Hour).Format("2006-01-02")
	enabled := tenant.config("", userStatus("hugo", `email = "hugo@example.com"
status = "Enabled"`))
	disabled := tenant.config("", userStatus("hugo", `email = "hugo@example.com"
status = "Disabled"`))
	w := newWorkspace(t, tenant)

	refusal := []string{
		"Error: User is pending deletion and cannot be enabled",
		`status = "Enabled"`, // The line of the configuration that is to blame.
		"hugo@example.com is marked for deletion by root@example.com since ",
		"will be deleted with all of the user's data on " + deleted,
		"undelete the",
	}
	w.write("main.tf", enabled)
	w.terraform("plan").fails().says(refusal...)
	w.sent(1, 0)

	w.write("main.tf", disabled)
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: User is pending deletion")

	// An update goes by the refreshed state, with the details of that look-up.
	w.write("main.tf", enabled)
	w.terraform("plan").fails().says(refusal...)
	w.sent(1, 0)
	w.terraform("plan", "-refresh=false").fails().says("hugo@example.com is marked for deletion, and will be deleted", "seven days after the marking")
	w.sent(0, 0)

	must(t, tenant.Undelete("hugo@example.com"))
	w.terraform("apply", "-auto-approve").succeeds()
	if got := tenant.status(t, "hugo@example.com"); got != "Enabled" {
		t.Errorf("hugo is %s after the undelete, want Enabled", got)
	}

	// What userStatus says of a marked user is not documented: Enabled is survived.
	must(t, tenant.MarkDeleted("hugo@example.com", "root@example.com"))
	w.terraform("plan").fails().says(refusal[0])
}

func TestPlanOfDriftByDeletion(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.review(map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Enabled"}))
	w.terraform("apply", "-auto-approve").succeeds()

	must(t, tenant.Delete("ada@example.com"))
	must(t, tenant.SetStatus("ben@example.com", "Disabled"))
	w.terraform("plan").succeeds().says(
		"Warning: User no longer exists: ada@example.com",
		`No user has the email address "ada@example.com" in this tenant any more, so the user leaves the state.`,
		"Warning: User does not exist",
		"Plan: 1 to add, 1 to change, 0 to destroy.",
	)
	// One leaver does not block everybody else's apply.
	w.terraform("apply", "-auto-approve").fails().says("Error: User does not exist", `review["ben@example.com"]: Modifications complete`)
	if got := tenant.status(t, "ben@example.com"); got != "Enabled" {
		t.Errorf("ben is %s, want the drift repaired", got)
	}
	w.write("main.tf", tenant.review(map[string]string{"ben@example.com": "Enabled"}))
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestPlanOfReassignedAddress(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"
on_destroy = "disable"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	was := tenant.id(t, "ada@example.com")
	another, err := tenant.Reassign("ada@example.com")
	must(t, err)

	w.terraform("plan", "-out=new.tfplan").succeeds().says(
		"Warning: Address belongs to another user now: ada@example.com", was, another.ID,
		"Approve that create only if",
		"Plan: 1 to add, 0 to change, 0 to destroy.",
	)
	w.sent(1, 0)

	// The plan was approved for that person; the address moves on once more.
	_, err = tenant.Reassign("ada@example.com")
	must(t, err)
	w.terraform("apply", "new.tfplan").fails()
	w.sent(1, 0)
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("the person whom nobody decided about is %s, want untouched", got)
	}
}

func TestPlanOfProtectedUser(t *testing.T) {
	t.Parallel()
	protected := `protected_users = ["Root@Example.com"]`
	refusal := "Error: Protected user would be disabled"
	for name, c := range map[string]struct{ before, after string }{
		"create": {"", `email = "root@example.com"
status = "Disabled"`},
		"create by username": {"", `username = "root"
status = "Disabled"`},
		"update": {`email = "root@example.com"
status = "Enabled"`, `email = "root@example.com"
status = "Disabled"`},
		"update by username": {`username = "root"
status = "Enabled"`, `username = "root"
status = "Disabled"`},
		"destroy": {`email = "root@example.com"
status = "Enabled"
on_destroy = "disable"`, ""},
		"destroy by username": {`username = "root"
status = "Enabled"
on_destroy = "disable"`, ""},
		"replacement": {`email = "root@example.com"
status = "Enabled"
on_destroy = "disable"`, `email = "ada@example.com"
status = "Enabled"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "root@example.com", "ada@example.com")
			w := newWorkspace(t, tenant)
			if c.before != "" {
				w.write("main.tf", tenant.config(protected, userStatus("root", c.before)))
				w.terraform("apply", "-auto-approve").succeeds()
			}
			rest := ""
			if c.after != "" {
				rest = userStatus("root", c.after)
			}
			w.write("main.tf", tenant.config(protected, rest))
			w.terraform("plan").fails().says(refusal, "protected_users")
			w.terraform("plan", "-refresh=false").fails().says(refusal)
			if got := tenant.status(t, "root@example.com"); got != "Enabled" {
				t.Errorf("the protected user is %s", got)
			}
		})
	}
}

// A destroy of everything refreshes in one process and plans in another.
func TestDestroyOfProtectedUserByUsername(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "root@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config(`protected_users = ["root@example.com"]`, userStatus("root", `username = "root"
status = "Enabled"
on_destroy = "disable"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("destroy", "-auto-approve").fails().says("Error: Protected user would be disabled")
	// Forced, so that Terraform does not plan the destroy on its own.
	w.terraform("apply", "-auto-approve", "-replace=idplus_user_status.root").fails()
	if got := tenant.status(t, "root@example.com"); got != "Enabled" {
		t.Errorf("the protected user is %s", got)
	}
}

func TestPlanBeyondMaxChanges(t *testing.T) {
	t.Parallel()
	emails := []string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"}
	decisions := map[string]string{}
	for _, email := range emails {
		decisions[email] = "Enabled"
	}
	tenant := newTestTenant(t, emails...)
	config := func(maxChanges string) string {
		return strings.Replace(tenant.review(decisions), "access_token", "max_changes = "+maxChanges+"\naccess_token", 1)
	}
	w := newWorkspace(t, tenant)

	// Users who already are what is wanted do not count.
	w.write("main.tf", config("0"))
	w.terraform("apply", "-auto-approve").succeeds()

	for _, email := range emails[:3] {
		decisions[email] = "Disabled"
	}
	w.write("main.tf", config("2"))
	refused := w.terraform("plan").fails().says(
		"Error: Plan changes more users than max_changes allows",
		"This plan moves at least 3 users between Enabled and Disabled; the provider's max_changes is 2.",
		"a@example.com: Enabled -> Disabled", "raise max_changes for this run")
	if n := strings.Count(refused.text, "Error:"); n != 1 {
		t.Errorf("%d errors, want one", n)
	}
	w.write("main.tf", config("3"))
	w.terraform("apply", "-auto-approve").succeeds()

	// The environment's limit counts where the configuration sets none, and a
	// destroy that disables counts.
	w.write("main.tf", strings.Replace(tenant.review(decisions), "status = each.value", "status = each.value\non_destroy = \"disable\"", 1))
	w.terraform("apply", "-auto-approve").succeeds()
	w.env = append(w.env, "IDPLUS_MAX_CHANGES=1")
	w.terraform("destroy", "-auto-approve").fails().says("at least 2 users", "max_changes is 1")
	if got := tenant.status(t, "e@example.com"); got != "Enabled" {
		t.Errorf("e is %s after a destroy that was refused", got)
	}
}

func TestPlanOfContradictingResources(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	contradiction := "Error: Two resources want different statuses for "

	w.write("main.tf", tenant.config("", userStatus("one", `email = "ada@example.com"
status = "Enabled"`)+userStatus("two", `username = "ada"
status = "Disabled"`)))
	// Terraform plans the two in any order.
	w.terraform("plan").fails().says(contradiction, "which calls the user ada", "The last one to be applied would win")

	w.write("main.tf", tenant.config("", userStatus("one", `email = "nobody@example.com"
status = "Enabled"`)+userStatus("two", `email = "Nobody@example.com"
status = "Disabled"`)))
	w.terraform("plan").fails().says(contradiction)

	// The same wish twice contradicts nothing, nor does planning one resource twice.
	w.write("main.tf", tenant.config("", userStatus("one", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"`)+userStatus("two", `username = "ada"
status = "Enabled"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-replace=idplus_user_status.one").succeeds()

	// Renamed without a moved block: the destroy would disable whom the create enables.
	w.write("main.tf", tenant.config("", userStatus("renamed", `email = "ada@example.com"
status = "Enabled"`)))
	w.terraform("plan").fails().says(contradiction, "use a moved block")
}

func TestWrongTenantIsNoDrift(t *testing.T) {
	t.Parallel()
	decisions := map[string]string{}
	var emails []string
	for i := range 15 {
		emails = append(emails, fmt.Sprintf("user%02d@example.com", i))
		decisions[emails[i]] = "Enabled"
	}
	tenant, wrong := newTestTenant(t, emails...), newTestTenant(t)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.review(decisions))
	w.terraform("apply", "-auto-approve").succeeds()

	w.write("main.tf", wrong.review(decisions))
	w.terraform("apply", "-refresh-only", "-auto-approve").fails().says(
		"Error: None of the users in the state exists in this tenant", "Check admin_api_url and the credentials")

	// One user who is found settles it: the others are drift.
	wrong.AddUser(simulator.User{Email: emails[0], ID: tenant.id(t, emails[0])})
	w.write("main.tf", tenant.review(decisions))
	for _, email := range emails[:9] {
		must(t, tenant.Delete(email))
	}
	w.terraform("plan").succeeds().says("Plan: 9 to add")
}
