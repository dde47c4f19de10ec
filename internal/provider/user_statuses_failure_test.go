// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// noRetries keeps a fault from being tried again for a minute.
const noRetries = "max_retries = 0"

// One user's failure does not stop the other changes; each is named with its cause, the
// state holds how things are, and the next plan shows exactly the rest.
func TestPartialFailureOfUserStatuses(t *testing.T) {
	t.Parallel()
	emails := manyUsers(40)
	tenant := newTestTenant(t, emails...)
	tenant.AddUser(simulator.User{Email: "sync@example.com", DisabledBySync: true})
	tenant.AddUser(simulator.User{Email: "new@example.com"})
	before := allOf(emails, "Enabled")
	before["sync@example.com"] = "Disabled"
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses(noRetries, before, `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()

	after := allOf(emails[:30], "Disabled")
	maps.Copy(after, allOf(emails[30:39], "Enabled")) // The last one leaves.
	after["sync@example.com"], after["new@example.com"] = "Enabled", "Disabled"
	w.write("main.tf", tenant.statuses(noRetries, after, `on_removal = "disable"`))
	w.terraform("plan", "-out=next.tfplan").succeeds()
	var remove []func()
	for email, answer := range map[string]http.HandlerFunc{
		emails[3]:         simulator.AnswerAPIError(500, "An internal error occurred."),
		emails[4]:         simulator.CutConnection,
		emails[5]:         simulator.AnswerAPIError(405, "Not allowed."),
		emails[39]:        simulator.AnswerAPIError(500, "An internal error occurred."),
		"new@example.com": simulator.AnswerAPIError(500, "An internal error occurred."),
	} {
		remove = append(remove, tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: forUser(tenant.id(t, email)), Respond: answer}))
	}
	w.terraform("apply", "next.tfplan").fails().says(
		"Error: 2 of 33 changes were not made, 4 may have been made", "27 changes were made and will not be undone.", "For the changes that failed, the state has the old status.",
		"Error: API refuses to enable a user: sync@example.com", "A synchronization has probably disabled the user", "Enable the user in the identity source",
		"Error: Cannot set the status of a user: user05@example.com", "- user05@example.com to Disabled: PUT /v1/users/{id}/userStatus answered 405",
		"Error: 4 changes may have been made: new@example.com, …",
		"- user03@example.com to Disabled: PUT /v1/users/{id}/userStatus answered 500", "- user04@example.com to Disabled: PUT "+tenant.server.AdminAPIURL()+"/v1/users/{id}/userStatus",
		"- user39@example.com to Disabled",
	)
	// Only search has shown these users, except the one who was to be Disabled: a look-up
	// confirms each before the first PUT. The 409 and the lost answer take one more each.
	w.sentWithSearch(0, 32+2, 33)
	for _, end := range remove {
		end()
	}

	// Those six are as they were.
	truth := maps.Clone(after)
	truth[emails[3]], truth[emails[4]], truth[emails[5]], truth[emails[39]], truth["sync@example.com"] = "Enabled", "Enabled", "Enabled", "Enabled", "Disabled"
	delete(truth, "new@example.com")
	wantMap(t, mapInState(t, w), truth)
	tenant.wantStatuses(t, truth)

	after["sync@example.com"] = "Disabled"
	w.write("main.tf", tenant.statuses(noRetries, after, `on_removal = "disable"`))
	w.terraform("plan", "-out=rest.tfplan").succeeds().says(
		`~ statuses = { + "new@example.com" = "Disabled" ~ "user03@example.com" = "Enabled" -> "Disabled" ~ "user04@example.com" = "Enabled" -> "Disabled" ` +
			`~ "user05@example.com" = "Enabled" -> "Disabled" - "user39@example.com" = "Enabled" -> null # (37 unchanged elements hidden) }`)
	w.terraform("apply", "rest.tfplan").succeeds()
	w.sentWithSearch(0, 5, 5) // A failure confirms nothing.
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// A create that fails leaves nothing that a replacement could destroy: with
// on_removal = "disable" that would lock people out.
func TestFailedCreateOfUserStatuses(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	for _, email := range emails[:10] {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	decisions := allOf(emails, "Enabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses(noRetries, decisions, `on_removal = "disable"`))
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: forUser(tenant.id(t, emails[4]))})
	w.terraform("apply", "-auto-approve").fails().says(
		"Error: 1 of 10 changes may have been made", "9 changes were made and will not be undone.", "This resource is not in the state yet",
		"Error: Change may have been made: user04@example.com", "answered 500")
	remove()
	if kept := mapInState(t, w); kept != nil {
		t.Errorf("the state holds %v, want nothing", kept)
	}
	if n := tenant.Count(simulator.KindStatus); n != 10 {
		t.Errorf("%d PUTs, want 10", n)
	}

	// The plan names exactly the rest, and no user is disabled on the way.
	w.terraform("plan", "-out=again.tfplan").succeeds().says("Plan: 1 to add, 0 to change, 0 to destroy.",
		"Warning: 1 of 30 users changes: user04@example.com", "- user04@example.com: Disabled -> Enabled")
	w.terraform("apply", "again.tfplan").succeeds()
	for _, request := range tenant.Requests() {
		if request.Kind == simulator.KindStatus && strings.Contains(request.Body, "Disabled") {
			t.Errorf("a user was disabled: %+v", request)
		}
	}
	tenant.wantStatuses(t, decisions)
}

// Refused credentials and a tenant in trouble end an apply early: more requests for
// thousands of users would not help.
func TestUserStatusesStopInTrouble(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		most   int
		says   []string
	}{
		"refused": {simulator.AnswerFilterError(403, "Server failed to process provided access token"), 25,
			[]string{"Error: 60 of 60 changes were not made", "statuses cannot be set", "The likely causes"}},
		"trouble": {simulator.AnswerAPIError(500, "An internal error occurred."), 35,
			[]string{"of 60 changes were not made", "changes may have been made: user00@example.com, …", "answered 500 Internal Server Error: An internal error occurred", "Plan again"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses(noRetries, allOf(emails, "Disabled"), ""))
			tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: c.answer})
			apply := w.terraform("apply", "-auto-approve").fails().says(c.says...).says("stopped after too many failures")
			n := tenant.Count(simulator.KindStatus)
			if n > c.most {
				t.Errorf("%d PUTs were sent, want at most %d", n, c.most)
			}
			apply.says(fmt.Sprintf("Error: %d changes were not attempted: ", 60-n))
		})
	}
}

func TestPartialFailureOfDestroyOfUserStatuses(t *testing.T) {
	t.Parallel()
	emails := manyUsers(5)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses(noRetries, allOf(emails, "Enabled"), `on_removal = "disable"`))
	w.terraform("apply", "-auto-approve").succeeds()
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: forUser(tenant.id(t, emails[2]))})
	w.terraform("destroy", "-auto-approve").fails().says("Error: 1 of 5 changes may have been made", "user02@example.com to Disabled: PUT")
	remove()
	wantMap(t, mapInState(t, w), map[string]string{emails[2]: "Enabled"})
	w.terraform("destroy", "-auto-approve").succeeds()
	if n := tenant.Count(simulator.KindStatus); n != 1 {
		t.Errorf("%d PUTs for the rest, want 1", n)
	}
	tenant.wantStatuses(t, allOf(emails, "Disabled"))
}

// A user who is gone by the time of the PUT needs no disabling, but the user who has the
// address now needs a decision: a warning says so, and the plan shows it. For users that a
// look-up has confirmed, the PUT itself finds out.
func TestUserStatusesGoneBeforeThePUT(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), `read_with = "lookup"`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.statuses("", allOf(emails, "Disabled"), `read_with = "lookup"`))
	w.terraform("plan", "-out=next.tfplan").succeeds()
	must(t, tenant.Delete(emails[1]))
	_, err := tenant.Reassign(emails[2])
	must(t, err)
	w.terraform("apply", "next.tfplan").succeeds().says(
		"Warning: 2 users were gone before the apply could disable them", "- user01@example.com - user02@example.com", "no decision was made about that user")
	w.sent(2, 4) // A look-up confirms a 404.
	tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[2]: "Enabled", emails[3]: "Disabled"})
	w.terraform("plan").succeeds().says(`+ "user02@example.com" = "Disabled"`, "Address belongs to another user now")
}

// For users that only search has shown, a look-up finds out before the first PUT: an
// address that another user got after the plan stops the apply before it sends anything.
func TestUserStatusesGoneBeforeTheFirstLookUp(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), ""))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.statuses("", allOf(emails, "Disabled"), ""))
	w.terraform("plan", "-out=next.tfplan").succeeds()
	was := tenant.id(t, emails[2])
	must(t, tenant.Delete(emails[1]))
	another, err := tenant.Reassign(emails[2])
	must(t, err)
	w.terraform("apply", "next.tfplan").fails().says(
		"Error: Address belongs to another user now: user02@example.com",
		"user02@example.com: was the user with the id "+was+", is now the user with the id "+another.ID)
	w.sentWithSearch(1, 4, 0) // Search is asked about the missing user.
	w.terraform("plan").succeeds().says(`+ "user02@example.com" = "Disabled"`, "Address belongs to another user now", "user02@example.com: Enabled -> Disabled")
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[2]: "Disabled", emails[3]: "Disabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// A change that was not attempted names the cause, and the argument that allows more time.
func TestAChangeThatWasNotAttemptedNamesItsCause(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ended error
		want  string
	}{
		"the timeout": {
			&explain.TimeoutError{Argument: "timeouts.update", After: 30 * time.Minute},
			"The apply ran into its timeout (timeouts.update, 30m). Nothing was sent for this user. To allow more time, raise timeouts.update.",
		},
		"an interruption": {context.Canceled, "The apply was interrupted. Nothing was sent for this user."},
		"failures":        {nil, "The apply stopped after too many failures. Nothing was sent for this user."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := decided(1, access.NotTried, nil)
			_, got := report{phase: applying, batch: b, ended: tc.ended}.notTried(findings{{b.Decisions[0].Who, b.Decisions[0].Who.String()}})
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
