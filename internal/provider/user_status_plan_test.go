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
	tenant := newTestTenant(t, "hugo@example.com", "ada@example.com")
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
		"hugo@example.com was marked for deletion by root@example.com on ",
		"will be deleted with all of the user's data on or after " + deleted,
		"undelete the",
	}
	w.write("main.tf", enabled)
	w.terraform("plan").fails().says(refusal...)
	w.sent(1, 0)

	w.write("main.tf", disabled)
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: User is pending deletion")

	// An update uses the refreshed state, with the details of that look-up.
	w.write("main.tf", enabled)
	w.terraform("plan").fails().says(refusal...)
	w.sent(1, 0)
	w.terraform("plan", "-refresh=false").fails().says("hugo@example.com was marked for deletion, and will be deleted", "seven days after the marking")
	w.sent(0, 0)

	must(t, tenant.Undelete("hugo@example.com"))
	w.terraform("apply", "-auto-approve").succeeds()
	if got := tenant.status(t, "hugo@example.com"); got != "Enabled" {
		t.Errorf("hugo is %s after the undelete, want Enabled", got)
	}

	// A wish from before the mark fails in the apply, so that one leaver does not block
	// the other users. The userStatus of a marked user is not documented: Enabled must do
	// no harm.
	must(t, tenant.MarkDeleted("hugo@example.com", "root@example.com"))
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	w.write("main.tf", enabled+userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Enabled\""))
	stood := append([]string{"Warning: User is pending deletion and cannot be enabled", "The apply fails for this user only."}, refusal[1:]...)
	w.terraform("plan").succeeds().says(append(stood, "Plan: 1 to add, 1 to change, 0 to destroy.")...)
	w.sent(2, 0)
	w.terraform("apply", "-auto-approve").fails().says(append(refusal, "idplus_user_status.ada: Creation complete")...)
	w.sent(3, 1) // Ada once more, since Terraform plans a create again.
	if hugo, ada := tenant.status(t, "hugo@example.com"), tenant.status(t, "ada@example.com"); hugo != "Enabled" || ada != "Enabled" {
		t.Errorf("hugo is %s, ada is %s", hugo, ada)
	}
}

func TestPlanOfDriftByDeletion(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.review(map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Enabled"}))
	w.terraform("apply", "-auto-approve").succeeds()

	must(t, tenant.Delete("ada@example.com"))
	must(t, tenant.SetStatus("ben@example.com", "Disabled"))
	seen := w.terraform("plan").succeeds().says(
		"Warning: User no longer exists: ada@example.com",
		"This user is removed from the state.",
		"the apply fails for that user only",
		"Plan: 1 to add, 1 to change, 0 to destroy.",
	)
	if strings.Contains(seen.text, "User does not exist") {
		t.Errorf("the plan repeats what its refresh has reported:\n%s", seen.text)
	}
	// One leaver does not block the apply of the others.
	w.terraform("apply", "-auto-approve").fails().says("Error: User does not exist: ada@example.com", "No user in this tenant has this email address.", `review["ben@example.com"]: Modifications complete`)
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
		"Approve this only if the decision in the configuration is meant for the user who has the address now.",
		"Warning: User changes: ada@example.com: Enabled -> Disabled",
		"Plan: 1 to add, 0 to change, 0 to destroy.",
	)
	w.sent(1, 0)

	// The plan was approved for that person; the address moves on once more.
	_, err = tenant.Reassign("ada@example.com")
	must(t, err)
	w.terraform("apply", "new.tfplan").fails()
	w.sent(1, 0)
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("the person without a decision is %s, want untouched", got)
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
	w.sent(3, 0) // Its refresh, and the name as an address and as a username.
	// With -replace, Terraform does not plan the destroy on its own: the create keeps the
	// user.
	w.terraform("apply", "-auto-approve", "-replace=idplus_user_status.root").succeeds().says("Plan: 1 to add, 0 to change, 1 to destroy.")
	w.sent(2, 0)
	w.terraform("plan", "-detailed-exitcode").succeeds()
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

	// Users with the wanted status do not count.
	w.write("main.tf", config("0"))
	w.terraform("apply", "-auto-approve").succeeds()

	for _, email := range emails[:3] {
		decisions[email] = "Disabled"
	}
	w.write("main.tf", config("2"))
	refused := w.terraform("plan").fails().says(
		"Error: User would change or leave, but max_changes is reached: ",
		"1 user would change or leave, after 2 users earlier in this run; the provider's max_changes is 2.",
		"@example.com: Enabled -> Disabled", "raise the limit for this run")
	if n := strings.Count(refused.text, "Error:"); n != 1 {
		t.Errorf("%d errors, want one", n)
	}
	w.write("main.tf", config("3"))
	w.terraform("apply", "-auto-approve").succeeds()

	// The environment's limit applies if the configuration sets none. A destroy counts,
	// whether it disables the user or lets the user go.
	w.write("main.tf", strings.Replace(tenant.review(decisions), "status = each.value", "status = each.value\non_destroy = \"disable\"", 1))
	w.terraform("apply", "-auto-approve").succeeds()
	w.env = append(w.env, "IDPLUS_MAX_CHANGES=1")
	refused = w.terraform("destroy", "-auto-approve").fails().says("1 user would change or leave, after 1 user earlier in this run; the provider's max_changes is 1.")
	if n := strings.Count(refused.text, "Error:"); n != 4 {
		t.Errorf("%d errors, want one for each of the others", n)
	}
	if got := tenant.status(t, "e@example.com"); got != "Enabled" {
		t.Errorf("e is %s after a destroy that was refused", got)
	}
}

const contradiction = "Error: Two decisions set different statuses for a user"

// The configuration alone contradicts itself, whether or not the user exists.
func TestTwoWishesForANameThatNoUserHasContradictEachOther(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("one", `email = "nobody@example.com"
status = "Enabled"`)+userStatus("two", `email = "Nobody@example.com"
status = "Disabled"`)))
	w.terraform("plan").fails().says(contradiction)
}

func TestPlanOfContradictingResources(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("one", `email = "ada@example.com"
status = "Enabled"`)+userStatus("two", `username = "ada"
status = "Disabled"`)))
	// Terraform plans the two in any order.
	w.terraform("plan").fails().says(contradiction+": ", "in another resource, as ada", "The decision applied last would win")

	// The same wish twice contradicts nothing, nor does planning one resource twice.
	w.write("main.tf", tenant.config("", userStatus("one", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"`)+userStatus("two", `username = "ada"
status = "Enabled"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-replace=idplus_user_status.one").succeeds()

	// Renamed without a moved block: a wish outranks a leave.
	w.write("main.tf", tenant.config("", userStatus("renamed", `email = "ada@example.com"
status = "Enabled"`)))
	w.terraform("plan", "-out=renamed.tfplan").succeeds().says("Plan: 1 to add, 0 to change, 2 to destroy.")
	w.terraform("apply", "renamed.tfplan").succeeds().says("User leaves without a change: ada")
	w.sent(1, 0)
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("Ada is %s", got)
	}
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// The apply does not know the wish of a resource that does not change, but the plan of
	// the destroy does, and passes it on.
	both := userStatus("renamed", `email = "ada@example.com"
status = "Enabled"`)
	w.write("main.tf", tenant.config("", both+userStatus("leaves", `username = "ada"
status = "Enabled"
on_destroy = "disable"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", both))
	w.terraform("plan", "-refresh=false").succeeds().says("Warning: User leaves without a change: ada")
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: User leaves without a change: ada")
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("Ada is %s", got)
	}
}

// Terraform plans and applies the destroy and the create in any order, also with a long
// time in between.
func TestARenameWithoutAMovedBlockDisablesNoUser(t *testing.T) {
	t.Parallel()
	const ada = "email = \"ada@example.com\"\nstatus = \"Enabled\"\non_destroy = \"disable\"\n"
	for name, c := range map[string]struct{ provider, after, beside string }{
		"alone":            {},
		"max_changes is 0": {provider: "max_changes = 0"},
		"the create waits": {after: "depends_on = [terraform_data.slow]", beside: `resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "sleep 1" }
}
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			w := newWorkspaceFor(t, tenant, c.beside != "")
			w.write("main.tf", tenant.config(c.provider, userStatus("one", ada)))
			w.terraform("apply", "-auto-approve").succeeds()
			w.write("main.tf", tenant.config(c.provider, c.beside+userStatus("renamed", ada+c.after)))
			seen := w.terraform("apply", "-auto-approve").succeeds().says("Warning: User leaves without a change: ada@example.com")
			w.sent(2, 0)
			if strings.Contains(seen.text, "User leaves the configuration and will be disabled") {
				t.Errorf("the plan says that Ada is disabled:\n%s", seen.text)
			}
			if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
				t.Errorf("Ada is %s", got)
			}
			w.terraform("plan", "-detailed-exitcode").succeeds()
		})
	}
}

// If the destroy is planned before the provider can know of the wish, the plan is an
// error: its apply could disable the user.
func TestARenameThatIsPlannedTooLateAdvisesAMovedBlock(t *testing.T) {
	t.Parallel()
	const ada = "email = \"ada@example.com\"\nstatus = \"Enabled\"\non_destroy = \"disable\"\n"
	tenant := newTestTenant(t, "ada@example.com")
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("one", ada)))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", userStatus("renamed", ada)))
	if seen := w.terraform("apply", "-auto-approve", "-parallelism=1"); seen.code != 0 {
		seen.says("Error: User would be disabled, but another resource wants Enabled: ada@example.com", "use a moved block")
	}
	if n := tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs, want none", n)
	}
	w.write("main.tf", tenant.config("", "moved {\n from = idplus_user_status.one\n to = idplus_user_status.renamed\n}\n"+userStatus("renamed", ada)))
	w.terraform("apply", "-auto-approve", "-parallelism=1").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestWrongTenantIsNotDrift(t *testing.T) {
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
		"Error: None of the users is known in this tenant", "Check admin_api_url and the credentials")
	if n := wrong.Count(simulator.KindLookup); n != len(emails) {
		t.Errorf("%d look-ups, want one for each user", n)
	}
	if n := len(statusesInState(t, w)); n != len(emails) {
		t.Errorf("the state holds %d users after that, want all %d", n, len(emails))
	}

	// One user who is found shows that the tenant is right: the others are drift.
	wrong.AddUser(simulator.User{Email: emails[0], ID: tenant.id(t, emails[0])})
	w.write("main.tf", tenant.review(decisions))
	for _, email := range emails[:9] {
		must(t, tenant.Delete(email))
	}
	w.terraform("plan").succeeds().says("Plan: 9 to add")
}

func TestAnIDThatIsGivenPinsThePerson(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	config := func(id, status string) string {
		return tenant.config("", userStatus("ada", fmt.Sprintf("email = \"ada@example.com\"\nstatus = %q\n%s", status, id)))
	}
	pin := func(id string) string { return fmt.Sprintf("id = %q", id) }
	adaID, benID := tenant.id(t, "ada@example.com"), tenant.id(t, "ben@example.com")
	refusal := func(means, has string) []string {
		return []string{
			"Error: Address belongs to a user with another id: ada@example.com", "id = ", // The line that is to blame.
			"the configuration has the id " + means + ", the user in the tenant has the id " + has,
		}
	}

	// Another user's id: nothing is created.
	w.write("main.tf", config(pin(benID), "Disabled"))
	w.terraform("plan").fails().says(refusal(benID, adaID)...)
	w.sent(1, 0)
	w.terraform("apply", "-auto-approve").fails().says(refusal(benID, adaID)...)
	w.sent(1, 0)

	// An id known only in the apply is checked there.
	w.write("main.tf", fmt.Sprintf("%s\nresource \"terraform_data\" \"id\" { input = %q }\n", config("id = terraform_data.id.output", "Disabled"), benID))
	w.terraform("apply", "-auto-approve").fails().says(append(refusal(benID, adaID), "Warning: Changes are known only after apply")...)
	w.sent(2, 0) // In the plan, for the user that a replacement would keep; and in the apply.

	// The right one.
	w.write("main.tf", config(pin(adaID), "Disabled"))
	w.terraform("apply", "-auto-approve").succeeds().says("User changes: ada@example.com: Enabled -> Disabled", adaID)
	w.sent(2, 1)
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.write("main.tf", config("", "Disabled"))
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")

	// Another id for a user in the state.
	w.write("main.tf", config(pin(benID), "Enabled"))
	w.terraform("plan").fails().says(refusal(benID, adaID)...)
	w.terraform("plan", "-refresh=false").fails().says(refusal(benID, adaID)...)
	w.sent(0, 0)

	// Another person behind the address: no create is proposed.
	w.write("main.tf", config(pin(adaID), "Disabled"))
	other, err := tenant.Reassign("ada@example.com")
	must(t, err)
	w.terraform("plan").fails().says(append(refusal(adaID, other.ID), "Warning: Address belongs to another user now: ada@example.com")...)
	w.sent(1, 0)
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("the person without a decision is %s", got)
	}
}

// A protected name and the name in a resource may be different names of one person.
func TestAProtectedUserIsProtectedUnderEveryName(t *testing.T) {
	t.Parallel()
	const refusal = "Error: Protected user would be disabled"
	resourceNames := map[string]string{
		"email": `email = "root@example.com"`, "username": `username = "root"`, "alternate username": `username = "break-glass"`,
	}
	for protectedBy, name := range map[string]string{
		"email": "ROOT@example.com", "username": "Root", "alternate username": "break-glass", "an old address": "super@example.com",
	} {
		for managedBy, argument := range resourceNames {
			t.Run("protected by "+protectedBy+", managed by "+managedBy, func(t *testing.T) {
				t.Parallel()
				tenant := newTestTenant(t)
				tenant.AddUser(simulator.User{Email: "root@example.com", Username: "root", AlternateUsername: "break-glass"})
				must(t, tenant.Alias("break-glass", "root@example.com"))
				must(t, tenant.Alias("super@example.com", "root@example.com"))
				protected := fmt.Sprintf("protected_users = [%q]", name)
				config := func(status, onDestroy string) string {
					return tenant.config(protected, userStatus("root", fmt.Sprintf("%s\nstatus = %q\non_destroy = %q", argument, status, onDestroy)))
				}
				w := newWorkspace(t, tenant)
				refuses := func(arguments ...string) {
					t.Helper()
					w.terraform(arguments...).fails().says(refusal, "protected_users")
					if n := tenant.Count(simulator.KindStatus); n != 0 {
						t.Errorf("%d PUTs", n)
					}
				}

				w.write("main.tf", config("Disabled", "disable"))
				refuses("plan")
				refuses("plan", "-refresh=false")
				w.write("main.tf", config("Enabled", "disable"))
				w.terraform("apply", "-auto-approve").succeeds()
				w.write("main.tf", config("Disabled", "disable"))
				refuses("plan")
				refuses("plan", "-refresh=false")
				w.write("main.tf", tenant.config(protected, ""))
				refuses("plan")
				refuses("plan", "-refresh=false")
				refuses("destroy", "-auto-approve")
				refuses("destroy", "-auto-approve", "-refresh=false")
				// A user who is let go is not disabled.
				w.write("main.tf", config("Enabled", "retain"))
				w.terraform("apply", "-auto-approve").succeeds()
				w.terraform("destroy", "-auto-approve", "-refresh=false").succeeds()
				w.sent(0, 0)
				if got := tenant.status(t, "root@example.com"); got != "Enabled" {
					t.Errorf("the protected user is %s", got)
				}
			})
		}
	}
}

// Values that are known only in the apply are checked there.
func TestAProtectedUserIsProtectedInTheApply(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "root@example.com")
	w := newWorkspace(t, tenant)
	config := func(status string) string {
		return tenant.config(`protected_users = ["root"]`, fmt.Sprintf("resource \"terraform_data\" \"status\" { input = %q }\n", status)+
			userStatus("root", "email = \"root@example.com\"\nstatus = terraform_data.status.output"))
	}
	for range 2 { // A create, and an update.
		w.write("main.tf", config("Disabled"))
		w.terraform("apply", "-auto-approve").fails().says("Warning: Changes are known only after apply", "Error: Protected user would be disabled: root@example.com")
		if n := tenant.Count(simulator.KindStatus); n != 0 {
			t.Errorf("%d PUTs", n)
		}
		w.write("main.tf", config("Enabled"))
		w.terraform("apply", "-auto-approve").succeeds()
	}
	if got := tenant.status(t, "root@example.com"); got != "Enabled" {
		t.Errorf("the protected user is %s", got)
	}
}

func TestAnUnknownProtectedNameIsAnErrorIfAUserWouldBeDisabled(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "root@example.com")
	w := newWorkspace(t, tenant)
	config := func(status string) string {
		return tenant.config(`protected_users = ["root@example.com", "rooot@example.com"]`, userStatus("ada", fmt.Sprintf("email = \"ada@example.com\"\nstatus = %q", status)))
	}
	w.write("main.tf", config("Enabled"))
	w.terraform("apply", "-auto-approve").succeeds()
	w.sent(2, 0)
	w.write("main.tf", config("Disabled"))
	w.terraform("plan").fails().says("Error: protected_users has a name that no user has", "- rooot@example.com An entry that matches no user protects no one", "This run would disable ada@example.com.")
	w.sent(4, 0) // The refresh, root, and the unknown name as an email address and as a username.
}

// With max_changes = 0 an adoption changes no user, also when the tenant changes between
// the plan and its apply.
func TestAnAdoptionUnderMaxChanges0ChangesNoUserWhenTheTenantChangesMeanwhile(t *testing.T) {
	t.Parallel()
	for _, wanted := range []string{"Enabled", "Disabled"} {
		t.Run(wanted, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
			for _, email := range []string{"ada@example.com", "ben@example.com"} {
				must(t, tenant.SetStatus(email, wanted))
			}
			w := newWorkspace(t, tenant)
			w.write("main.tf", strings.Replace(tenant.review(map[string]string{"ada@example.com": wanted, "ben@example.com": wanted}),
				"access_token", "max_changes = 0\naccess_token", 1))
			w.terraform("plan", "-out=saved.tfplan").succeeds().says("Plan: 2 to add, 0 to change, 0 to destroy.")
			w.sent(2, 0)

			changed := map[string]string{"Enabled": "Disabled", "Disabled": "Enabled"}[wanted]
			must(t, tenant.SetStatus("ada@example.com", changed))
			w.terraform("apply", "saved.tfplan").fails().says(
				"Error: User would change or leave, but max_changes is reached", "- ada@example.com: "+changed+" -> "+wanted, "1 user would change or leave; the provider's max_changes is 0.",
				`review["ben@example.com"]: Creation complete`)
			w.sent(2, 0)
			if ada, ben := tenant.status(t, "ada@example.com"), tenant.status(t, "ben@example.com"); ada != changed || ben != wanted {
				t.Errorf("ada is %s, ben is %s", ada, ben)
			}
			if kept := statusesInState(t, w); len(kept) != 1 || kept["ben@example.com"] != wanted {
				t.Errorf("the state holds %v, want ben alone", kept)
			}
		})
	}
}

// With count = 0 no value has to be right.
func TestAResourceWithCount0NeedsNoValidValues(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("ada", `count = 0
email = ""
status = "no"`)+userStatus("ben", `count = 0
status = "Enabled"`)))
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.sent(0, 0)
}

// A destroy with retain names the users who are let go, and counts.
func TestADestroyThatRetainsNamesUsersAndStatuses(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Enabled\"")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("max_changes = 0", ""))
	w.terraform("plan").fails().says("Error: User would change or leave, but max_changes is reached", "ada@example.com: leaves and keeps Enabled")
	w.write("main.tf", tenant.config("max_changes = 1", ""))
	w.terraform("apply", "-auto-approve").succeeds().says(
		"Warning: 1 user leaves the configuration and keeps the status: ada@example.com", "- ada@example.com keeps Enabled", "To take access away, set Disabled instead.")
	w.sent(1, 0)
}
