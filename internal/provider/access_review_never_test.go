// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Each test is about something that must never happen in an access review. Package review
// tests files and evidence.

func TestReviewNeverEnablesWithoutRestore(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	for _, email := range emails[:2] {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	rows := tenant.roster(t, "keep", emails...).decide("restore", emails[0]).decide("", emails[2]).decide("remove", emails[4])
	must(t, tenant.SetStatus(emails[5], "Disabled")) // Before the plan.
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, `undecided = "keep"`)))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 2 of 30 users change: user00@example.com, …")
	for _, email := range emails[2:4] { // Undecided, and kept; after the plan.
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	w.terraform("apply", "next.tfplan").fails().says("Error: "+severalNotChange+"user02@example.com, …", "2 changes were made")
	want := allOf(emails, "Enabled")
	for _, email := range emails[1:6] {
		want[email] = "Disabled"
	}
	tenant.wantStatuses(t, want)
	// The next plan holds them back, whatever the order of events.
	w.terraform("apply", "-auto-approve").succeeds()
	w.wantNoPUT()
	tenant.wantStatuses(t, want)
	w.terraform("plan", "-detailed-exitcode").succeeds()

	// In an update.
	rows.decide("remove", emails[6])
	w.write("main.tf", tenant.config("", reviewBlocks(rows, `undecided = "keep"`)))
	w.terraform("plan", "-out=next.tfplan").succeeds()
	must(t, tenant.SetStatus(emails[7], "Disabled"))
	w.terraform("apply", "next.tfplan").succeeds()
	w.terraform("apply", "-auto-approve").succeeds()
	want[emails[6]], want[emails[7]] = "Disabled", "Disabled"
	tenant.wantStatuses(t, want)
}

// An apply does exactly what its plan showed, also the saved plan of a first review: it
// does not disable a user who was Disabled then and has been enabled since.
func TestReviewNeverDisablesUsersThatThePlanDidNotShow(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[0], "Disabled"))
	must(t, tenant.SetStatus(emails[1], "Disabled"))
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1], emails[2]).decide("", emails[3])
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, `undecided = "keep"`)))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 1 of 6 users changes: user02@example.com")
	must(t, tenant.SetStatus(emails[0], "Enabled"))
	must(t, tenant.SetStatus(emails[1], "Enabled"))
	w.terraform("apply", "next.tfplan").fails().says("Error: "+severalNotChange+"user00@example.com, …", "user01@example.com: is Enabled, but Disabled is wanted", "1 change was made")
	want := allOf(emails, "Enabled")
	want[emails[2]] = "Disabled"
	tenant.wantStatuses(t, want)
	// The next plan shows both, and its apply disables them.
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 2 of 6 users change: user00@example.com, …")
	w.terraform("apply", "next.tfplan").succeeds()
	want[emails[0]], want[emails[1]] = "Disabled", "Disabled"
	tenant.wantStatuses(t, want)
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestReviewNeverKeepsAccessThatHasEnded(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[1], "Disabled"))
	rows := tenant.roster(t, "keep", emails...).decide("restore", emails[1]).decide("", emails[2]).end(emails[:4]...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, `undecided = "keep"`)))
	w.terraform("apply", "-auto-approve").succeeds()
	want := allOf(emails, "Enabled")
	for _, email := range emails[:4] {
		want[email] = "Disabled"
	}
	tenant.wantStatuses(t, want)
	// Access that is given back by hand lasts until the next run.
	must(t, tenant.SetStatus(emails[0], "Enabled"))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, want)
}

func TestReviewNeverTouchesAnotherPerson(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "remove", emails...)
	tenant.gaveAddress(t, emails[0]) // Before the plan.
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, "")))
	w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: 29 of 29 users change: user01@example.com, …")
	was, is := tenant.gaveAddress(t, emails[1]) // After it.
	w.terraform("apply", "next.tfplan").fails().says("Error: Address belongs to a user with another id: user01@example.com", was, is)
	tenant.wantStatuses(t, allOf(emails[:2], "Enabled"))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, allOf(emails[:2], "Enabled"))
	tenant.wantStatuses(t, allOf(emails[2:], "Disabled"))
	// The same for a user in the state.
	tenant.gaveAddress(t, emails[2])
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, allOf(emails[:3], "Enabled"))
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestReviewNeverRemovesMoreUndecidedThanAllowed(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...).decide("", emails[:3]...)
	w := newWorkspace(t, tenant)
	for _, arguments := range []string{"", `undecided = "remove"`, "undecided = \"remove\"\nmax_undecided = 2"} {
		w.write("main.tf", tenant.config("", reviewBlocks(rows, arguments)))
		w.terraform("apply", "-auto-approve").fails().says("Error: 3 users have no decision: user00@example.com, …", "- user00@example.com - user01@example.com - user02@example.com", "Nothing was read.")
		w.sentWithSearch(0, 0, 0)
	}
	tenant.wantStatuses(t, allOf(emails, "Enabled"))
	w.write("main.tf", tenant.config("", reviewBlocks(rows, "undecided = \"remove\"\nmax_undecided = 3")))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, allOf(emails[:3], "Disabled"))
	tenant.wantStatuses(t, allOf(emails[3:], "Enabled"))
}

func TestReviewNeverDisablesAProtectedUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(6)
	tenant := newTestTenant(t, emails...)
	for name, rows := range map[string]reviewRows{
		"by a decision":      tenant.roster(t, "keep", emails...).decide("remove", emails[0]),
		"by an end":          tenant.roster(t, "keep", emails...).end(emails[0]),
		"without a decision": tenant.roster(t, "keep", emails...).decide("", emails[0]),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.config(`protected_users = ["user00"]`, reviewBlocks(rows, "undecided = \"remove\"\nmax_undecided = 1")))
			// The three subtests share the tenant and its counts.
			w.terraform("plan").fails().says("Error: Protected user would be disabled: user00@example.com")
			w.terraform("apply", "-auto-approve").fails().says("Error: Protected user would be disabled: user00@example.com")
			tenant.wantStatuses(t, allOf(emails, "Enabled"))
		})
	}
}

func TestReviewNeverPutsNamesIntoStateOrPlan(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	private := []string{"=HYPERLINK(1)", "Byron-Lovelace", "+15551234567", "+15557654321", "cn=countess", "Jun 2031", "secondary-name"}
	var emails []string
	for i := range 12 {
		emails = append(emails, numberedUser(i))
		tenant.AddUser(simulator.User{
			Email: numberedUser(i), Username: "username" + fmt.Sprint(i), FirstName: private[0], LastName: private[1], SMSNumber: private[2], VoiceNumber: private[3],
			PrimaryUniqueIdentifier: private[4], MonthLastAuthenticated: private[5], SecondaryUniqueIdentifier: private[6],
		})
	}
	rows := tenant.roster(t, "keep", emails[:11]...).decide("remove", emails[1]).decide("", emails[2])
	must(t, tenant.SetStatus(emails[3], "Disabled"))
	must(t, tenant.MarkDeleted(emails[4], "root@example.com"))
	tenant.gaveAddress(t, emails[5])
	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about(emails[1]), Respond: simulator.AnswerAPIError(400, private[1]+" is refused.")})
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", reviewBlocks(rows, `undecided = "keep"`)))
	w.terraform("plan", "-out=next.tfplan").succeeds()
	places := map[string]string{"plan": w.terraform("show", "-json", "next.tfplan").succeeds().text}
	w.terraform("apply", "next.tfplan").succeeds()
	places["state"], places["outputs"] = w.read("terraform.tfstate"), w.terraform("show", "-json").succeeds().text
	for place, text := range places {
		if !strings.Contains(text, emails[11]) || !strings.Contains(text, "held back") {
			t.Fatalf("%s does not have the review: %s", filepath.Base(place), text)
		}
		for _, secret := range append(private, "username1", "Successor", "root@example.com") {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %q", place, secret)
			}
		}
	}
}

// Each user of the roster and of the tenant has exactly one verdict.
func TestReviewHasEachUserOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // not for secrets
			emails := manyUsers(40)
			tenant := newTestTenant(t, emails...)
			rows := tenant.roster(t, "keep", emails[:36]...)
			everybody := map[string]bool{}
			for _, email := range emails[:36] {
				rows.decide([]string{"keep", "remove", "restore", ""}[r.IntN(4)], email)
				if rows[email]["decision"] == "restore" {
					rows[email]["roster_status"] = "Disabled"
				}
				everybody[fmt.Sprint(rows[email]["id"])] = true
			}
			for range 15 {
				email := emails[r.IntN(len(emails))]
				// A deleted user cannot change.
				_ = []func(string) error{
					tenant.Delete, func(e string) error { _, err := tenant.Reassign(e); return err },
					func(e string) error { return tenant.Rename(e, "new."+e) }, func(e string) error { return tenant.SetStatus(e, "Disabled") },
					func(e string) error { return tenant.MarkDeleted(e, "root") }, func(e string) error { tenant.AddTwin(simulator.User{Email: e}); return nil },
				}[r.IntN(6)](email)
			}
			for _, user := range tenant.Users() {
				everybody[user.ID] = true
			}
			got, _ := newProtocol(t, tenant).accessReview(rows, map[string]any{"undecided": "keep"})
			verdicts := got.mapOf("verdicts")
			for _, verdict := range verdicts {
				verdict, _ := verdict.(map[string]any)
				if !everybody[fmt.Sprint(verdict["id"])] {
					t.Errorf("twice, or unknown: %v", verdict)
				}
				delete(everybody, fmt.Sprint(verdict["id"]))
			}
			if len(everybody) > 0 {
				t.Errorf("in no verdict: %v", everybody)
			}
			// The address of each decision leads to its person.
			for address, id := range got.mapOf("ids") {
				if found, ok := tenant.User(address); !ok || found.ID != id {
					t.Errorf("%s leads to %s, want %v", address, found.ID, id)
				}
			}
		})
	}
}
