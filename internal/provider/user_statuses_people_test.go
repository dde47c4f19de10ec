// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A decision is about a person: an id identifies who is behind an address.

// idsOf returns the ids of the tenant's current users, as the argument ids.
func (tt *testTenant) idsOf(t *testing.T, emails ...string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, email := range emails {
		ids[email] = tt.id(t, email)
	}
	return ids
}

func idsArgument(ids map[string]string) string {
	rows := ""
	for _, email := range slices.Sorted(maps.Keys(ids)) {
		rows += fmt.Sprintf("    %q = %q\n", email, ids[email])
	}
	return "ids = {\n" + rows + "  }"
}

func (w *workspace) wantNoPUT() {
	w.t.Helper()
	if n := w.tenant.Count(simulator.KindStatus); n != 0 {
		w.t.Errorf("%d PUTs, want none", n)
	}
}

// gaveAddress gives an address to another person, and returns both ids.
func (tt *testTenant) gaveAddress(t *testing.T, address string) (was, is string) {
	t.Helper()
	was = tt.id(t, address)
	another, err := tt.Reassign(address)
	must(t, err)
	return was, another.ID
}

func TestIDsThatAreRightChangeNothingElse(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Enabled")
	decisions[emails[0]], decisions[emails[1]] = "Disabled", "Disabled"
	ids := tenant.idsOf(t, emails...)
	delete(ids, emails[2]) // Some rows may go without.
	delete(ids, emails[3])
	ids["USER03@example.com"] = tenant.id(t, emails[3])
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, idsArgument(ids)))
	w.terraform("plan").succeeds().says("Warning: 2 of 30 users change: user00@example.com, …")
	w.sentWithSearch(2, 2, 0)
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.sentWithSearch(2, 0, 0)

	decisions[emails[0]], decisions[emails[5]] = "Enabled", "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, idsArgument(ids)))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestIDsThatAreWrongInThePlanStopIt(t *testing.T) {
	t.Parallel()
	emails := manyUsers(5)
	tenant := newTestTenant(t, emails...)
	decisions := allOf(emails, "Disabled")
	ids := tenant.idsOf(t, emails...)
	was, is := tenant.gaveAddress(t, emails[1])
	w := newWorkspace(t, tenant)
	wrong := func(command ...string) {
		t.Helper()
		w.terraform(command...).fails().says("Error: Address belongs to a user with another id: user01@example.com",
			fmt.Sprintf("%q = %q", emails[1], was), // The line that is to blame.
			"user01@example.com: the configuration has the id "+was+", the user in the tenant has the id "+is,
			"Nothing is changed.", "correct ids, or remove the user from the configuration")
		w.wantNoPUT()
	}
	// Whatever the status: keeping another user Enabled is just as wrong.
	for _, status := range []string{"Disabled", "Enabled"} {
		decisions[emails[1]] = status
		w.write("main.tf", tenant.statuses("", decisions, idsArgument(ids)))
		wrong("plan")
		wrong("apply", "-auto-approve")
	}
	tenant.wantStatuses(t, allOf(emails, "Enabled"))

	// A decision about the user who has the address now.
	ids[emails[1]] = is
	w.write("main.tf", tenant.statuses("", decisions, idsArgument(ids)))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// The address moves on: the user leaves the state, and is not adopted.
	was, is = tenant.gaveAddress(t, emails[1])
	wrong("plan")
	// Also without a refresh, when the plan uses the state.
	ids[emails[0]] = "somebody-else"
	ids[emails[1]] = was
	w.write("main.tf", tenant.statuses("", decisions, idsArgument(ids)))
	w.terraform("plan", "-refresh=false").fails().says("Error: Address belongs to a user with another id: user00@example.com",
		"the configuration has the id somebody-else, the user in the tenant has the id "+tenant.id(t, emails[0]))
}

// The address is given to another person between plan and apply.
func TestIDsThatAreWrongOnlyInTheApplyChangeNoUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	t.Run("of a create", func(t *testing.T) {
		t.Parallel()
		tenant := newTestTenant(t, emails...)
		w := newWorkspace(t, tenant)
		w.write("main.tf", tenant.statuses("", allOf(emails, "Disabled"), idsArgument(tenant.idsOf(t, emails...))))
		w.terraform("plan", "-out=next.tfplan").succeeds()
		was, is := tenant.gaveAddress(t, emails[7])
		w.terraform("apply", "next.tfplan").fails().says("Error: Address belongs to a user with another id: user07@example.com",
			"user07@example.com: the configuration has the id "+was+", the user in the tenant has the id "+is)
		w.wantNoPUT()
		tenant.wantStatuses(t, allOf(emails, "Enabled"))
	})
	for _, readWith := range []string{"search", "lookup"} {
		t.Run("of an update, read with "+readWith, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			arguments := idsArgument(tenant.idsOf(t, emails...)) + fmt.Sprintf("\n  read_with = %q", readWith)
			decisions := allOf(emails, "Enabled")
			w.write("main.tf", tenant.statuses("", decisions, arguments))
			w.terraform("apply", "-auto-approve").succeeds()
			decisions[emails[7]] = "Disabled"
			w.write("main.tf", tenant.statuses("", decisions, arguments))
			w.terraform("plan", "-out=next.tfplan").succeeds()
			_, is := tenant.gaveAddress(t, emails[7])
			apply := w.terraform("apply", "next.tfplan")
			if readWith == "search" {
				// A look-up comes before the first PUT.
				apply.fails().says("Error: Address belongs to another user now: user07@example.com", "is now the user with the id "+is)
				w.wantNoPUT()
			} else {
				// The id is certain, and the PUT is about that user alone.
				apply.succeeds().says("Warning: User was gone before the apply could disable the user: user07@example.com")
			}
			tenant.wantStatuses(t, allOf(emails, "Enabled"))
			w.terraform("plan").fails().says("Error: Address belongs to a user with another id: user07@example.com")
		})
	}
	t.Run("where the ids themselves are known only then", func(t *testing.T) {
		t.Parallel()
		tenant := newTestTenant(t, emails...)
		w := newWorkspace(t, tenant)
		ids := tenant.idsOf(t, emails...)
		_, is := tenant.gaveAddress(t, emails[7])
		w.write("main.tf", tenant.config("", "resource \"terraform_data\" \"ids\" {\n  input = {"+strings.TrimPrefix(idsArgument(ids), "ids = {")+"\n}\n"+
			statusesBlock("review", allOf(emails, "Disabled"), "ids = terraform_data.ids.output")))
		w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: Changes are known only after apply")
		w.terraform("apply", "next.tfplan").fails().says("Error: Address belongs to a user with another id: user07@example.com", "the user in the tenant has the id "+is)
		w.wantNoPUT()
		tenant.wantStatuses(t, allOf(emails, "Enabled"))
	})
}

func TestIDsOfNoRowAreNamed(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", map[string]string{"ada@example.com": "Enabled"}, idsArgument(map[string]string{"ada@example.com": "", "ben@example.com": "1", "carla@example.com": "2"})))
	w.terraform("plan").fails().says("Error: 3 ids do not belong to a row: ", `- "ada@example.com" has no id`, `- "ben@example.com" is not among statuses`, `- "carla@example.com" is not among statuses`)
	w.sent(0, 0)
}

// Search may show a leaver as Disabled who has been enabled since: rows that are new to
// the map are looked up, in the plan and in the apply.
func TestSearchThatLagsDoesNotLeaveALeaverEnabled(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	leavers := emails[:3]
	lag := func(leavers ...string) {
		for _, email := range leavers {
			must(t, tenant.SetStatus(email, "Disabled"))
		}
		tenant.ThawSearch()
		tenant.FreezeSearch()
		for _, email := range leavers {
			must(t, tenant.SetStatus(email, "Enabled"))
		}
	}
	lag(leavers...)
	decisions := allOf(emails[:29], "Enabled")
	maps.Copy(decisions, allOf(leavers, "Disabled"))
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan", "-out=create.tfplan").succeeds().says("Warning: 3 of 29 users change: user00@example.com, …", "- user00@example.com: Enabled -> Disabled")
	w.sentWithSearch(2, 3, 0)
	w.terraform("apply", "create.tfplan").succeeds()
	w.sentWithSearch(2, 3, 3)
	tenant.wantStatuses(t, decisions)

	// The same for a row that an update adds, and for a user enabled between plan and
	// apply.
	lag(emails[29])
	decisions[emails[29]] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	must(t, tenant.SetStatus(emails[29], "Disabled"))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: No new user changes")
	must(t, tenant.SetStatus(emails[29], "Enabled"))
	w.terraform("apply", "next.tfplan").succeeds()
	tenant.wantStatuses(t, decisions)
}

// Look-ups may compare case. Search does not, and shows the spelling to look up: a leaver
// whose row is spelled differently does not count as gone.
func TestLeaversAreDisabledWhereLookUpComparesCase(t *testing.T) {
	t.Parallel()
	rows := manyUsers(30)
	capitalised := func(t *testing.T) *testTenant {
		tenant := newTestTenant(t)
		for _, email := range rows {
			tenant.AddUser(simulator.User{Email: "U" + strings.TrimPrefix(email, "u")})
		}
		tenant.CompareCase(true)
		return tenant
	}
	t.Run("read with search", func(t *testing.T) {
		t.Parallel()
		tenant := capitalised(t)
		w := newWorkspace(t, tenant)

		// In the create.
		decisions := allOf(rows, "Enabled")
		maps.Copy(decisions, allOf(rows[:6], "Disabled"))
		w.write("main.tf", tenant.statuses("", decisions, ""))
		w.terraform("plan", "-out=create.tfplan").succeeds().says("Warning: 6 of 30 users change: user00@example.com, …")
		w.sentWithSearch(2, 6, 0)
		w.terraform("apply", "create.tfplan").succeeds()
		tenant.wantStatuses(t, decisions)
		w.terraform("plan", "-detailed-exitcode").succeeds()

		// In an update, whose apply has read no page of search: each is looked up as
		// written, searched for, and looked up as the tenant spells it.
		maps.Copy(decisions, allOf(rows[6:12], "Disabled"))
		w.write("main.tf", tenant.statuses("", decisions, ""))
		w.terraform("plan", "-out=next.tfplan").succeeds()
		w.terraform("apply", "next.tfplan").succeeds()
		w.sentWithSearch(6, 12, 6)
		tenant.wantStatuses(t, decisions)
		w.terraform("plan", "-detailed-exitcode").succeeds()
	})
	t.Run("read with lookup", func(t *testing.T) {
		t.Parallel()
		tenant := capitalised(t)
		w := newWorkspace(t, tenant)
		w.write("main.tf", tenant.statuses("", allOf(rows[:6], "Disabled"), `read_with = "lookup"`))
		w.terraform("plan", "-out=create.tfplan").succeeds().says("Warning: 6 of 6 users change: user00@example.com, …")
		w.terraform("apply", "create.tfplan").succeeds()
		w.sentWithSearch(6, 12, 6)
		tenant.wantStatuses(t, allOf(rows[:6], "Disabled"))
		w.terraform("plan", "-detailed-exitcode").succeeds()
	})
}

func TestUsersWithOneAddressAreNamedWithTheirIDs(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	first := tenant.id(t, emails[4])
	twin := tenant.AddTwin(simulator.User{Email: "User04@example.com", Username: "twin", IdentitySource: "Partners"})
	decisions := allOf(emails, "Enabled")
	decisions[emails[4]] = "Disabled"
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	named := func(o outcome) {
		t.Helper()
		o.says("Warning: Address belongs to several users: user04@example.com", "user04@example.com: id ", "The decision applies to the user that a look-up finds. The others keep their status.",
			"id "+first+" (", "id "+twin.ID+" (Partners, Enabled)")
	}
	named(w.terraform("plan").succeeds())
	w.terraform("apply", "-auto-approve").succeeds()
	if n := tenant.Count(simulator.KindStatus); n != 1 {
		t.Errorf("%d PUTs, want 1", n)
	}
	for _, user := range tenant.Users() {
		want := "Enabled"
		if user.ID == first {
			want = "Disabled"
		}
		if user.Status != want {
			t.Errorf("%s (%s) is %s, want %s", user.Email, user.ID, user.Status, want)
		}
	}
	named(w.terraform("plan", "-detailed-exitcode").succeeds())
}

// An old address may still lead to its user, who is another user to decide about. The
// others are not held up.
func TestRenamedUserDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	rename := func(email, to string) string {
		must(t, tenant.Rename(email, to))
		must(t, tenant.Alias(email, to))
		return tenant.id(t, to)
	}
	id := rename(emails[2], "married@example.com")
	decisions := allOf(emails, "Enabled")
	decisions[emails[1]], decisions[emails[2]] = "Disabled", "Disabled"
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", decisions, ""))
	renamed := ": Look-up finds a user with another name: user02@example.com"
	line := "user02@example.com: the user's address is now married@example.com (id " + id + ")"
	w.terraform("plan").succeeds().says("Warning"+renamed, line, "Warning: 1 of 30 users changes: user01@example.com")
	w.terraform("apply", "-auto-approve").fails().says("Error"+renamed, line, "Error: 1 of 2 changes was not made", "1 change was made")
	tenant.wantStatuses(t, map[string]string{emails[1]: "Disabled", "married@example.com": "Enabled"})
	delete(decisions, emails[2])
	decisions["married@example.com"] = "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)

	// Renamed since: by the id in the state it is the same person.
	id = rename(emails[20], "moved@example.com")
	decisions[emails[20]], decisions[emails[21]] = "Disabled", "Disabled"
	w.write("main.tf", tenant.statuses("", decisions, ""))
	w.terraform("plan").succeeds().says("Warning: User has a new address: user20@example.com",
		"user20@example.com: the user's address is now moved@example.com (id "+id+")", "this is still the same user", "Correct the address in the configuration.")
	w.terraform("apply", "-auto-approve").succeeds()
	if n := tenant.Count(simulator.KindStatus); n != 2 {
		t.Errorf("%d PUTs, want 2", n)
	}
	tenant.wantStatuses(t, map[string]string{"moved@example.com": "Disabled", emails[21]: "Disabled"})
}
