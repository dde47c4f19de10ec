// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const (
	syncAction = "idplus_user_sync"
	markAction = "idplus_user_mark_deleted"
)

// invoke validates, plans and invokes an action. It returns the progress, sorted, and the
// diagnostics at the end.
func (p *protocol) invoke(ctx context.Context, name string, config map[string]any) (progress []string, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	p.tenant.ResetCounts()
	server, ok := p.server.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // Until it is part of ProviderServer.
	if !ok {
		p.t.Fatal("the provider has no actions")
	}
	value := p.value(p.ActionSchemas[name].Schema, config)
	valid, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: value})
	must(p.t, err)
	if len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	planned, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: value})
	must(p.t, err)
	if len(planned.Diagnostics) > 0 {
		return nil, planned.Diagnostics
	}
	if len(p.tenant.Requests()) > 0 {
		p.t.Errorf("the plan of %s sent %v", name, p.tenant.Requests())
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: value})
	must(p.t, err)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			said = event.Diagnostics
		}
	}
	return progress, said
}

// wantInvoked asserts that an action succeeds for all users, with those messages, whose
// numbers at the end depend on which user is done first.
func (p *protocol) wantInvoked(name string, config map[string]any, want ...string) {
	p.t.Helper()
	progress, said := p.invoke(p.t.Context(), name, config)
	wantTexts(p.t, said)
	p.wantProgress(progress, want...)
}

func (p *protocol) wantProgress(progress []string, want ...string) {
	p.t.Helper()
	got := []string{}
	for _, message := range progress {
		text, _, _ := strings.Cut(message, " (")
		got = append(got, text)
	}
	slices.Sort(got)
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// changed asserts the requests of the last action.
func (p *protocol) changed(lookups, syncs, marks int) {
	p.t.Helper()
	p.tenant.wantRequests(p.t, map[simulator.Kind]int{simulator.KindLookup: lookups, simulator.KindSync: syncs, simulator.KindMarkDeleted: marks})
}

func TestActionTargets(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t, "ada@example.com", "ben@example.com"))
	p.wantInvoked(syncAction, map[string]any{"email": "Ada@example.com"}, "Ada@example.com: synchronized: Enabled")
	p.changed(1, 1, 0)
	p.wantInvoked(syncAction, map[string]any{"username": "ada"}, "ada: synchronized: Enabled")
	p.changed(1, 1, 0)
	// Two spellings are one user.
	p.wantInvoked(syncAction, map[string]any{"emails": []any{"ada@example.com", "ADA@example.com", "ben@example.com"}},
		"ADA@example.com: synchronized: Enabled", "ben@example.com: synchronized: Enabled")
	p.changed(2, 2, 0)
	p.wantInvoked(syncAction, map[string]any{"emails": []any{}})
	p.changed(0, 0, 0)

	for name, config := range map[string]map[string]any{
		"none": {}, "two": {"email": "ada@example.com", "username": "ada"}, "email and emails": {"email": "ada@example.com", "emails": []any{"ben@example.com"}},
	} {
		_, said := p.invoke(t.Context(), syncAction, config)
		if len(said) == 0 || !strings.Contains(texts(said)[0], "[email,username,emails]") {
			t.Errorf("%s: %v", name, texts(said))
		}
	}
	_, said := p.invoke(t.Context(), syncAction, map[string]any{"emails": []any{"ada"}})
	wantTexts(t, said, `"ada" has no @`)
	// Not before the values are known.
	_, said = p.invoke(t.Context(), syncAction, map[string]any{"emails": []any{"ada@example.com", nil}})
	wantTexts(t, said, "Null Set Value")
	_, said = p.invoke(t.Context(), markAction, map[string]any{"email": "", "mark_deleted": unknown{}})
	wantTexts(t, said, `"" is empty`)
}

func TestSyncAction(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "breakglass@example.com", "ines@example.com")
	tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"})
	must(t, tenant.LeaveDirectory("ben@example.com"))
	must(t, tenant.DisableBySync("ines@example.com"))
	must(t, tenant.RestoreInDirectory("ines@example.com"))
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"protected_users": []any{"breakglass@example.com"}})

	progress, said := p.invoke(t.Context(), syncAction, map[string]any{"emails": []any{"ada@example.com", "ben@example.com", "ines@example.com"}})
	p.wantProgress(progress, "ada@example.com: synchronized: Enabled",
		"ben@example.com: synchronized: Disabled, was Enabled", "ines@example.com: synchronized: Enabled, was Disabled")
	wantTexts(t, said, `WARNING AttributeName("emails") Synchronization disabled a user: ben@example.com`)
	// A look-up of the protected user shows whether a disabled user is the same one.
	p.changed(4, 3, 0)

	must(t, tenant.LeaveDirectory("breakglass@example.com"))
	_, said = p.invoke(t.Context(), syncAction, map[string]any{"email": "breakglass@example.com"})
	wantTexts(t, said, `ERROR AttributeName("email") Protected user was disabled by the synchronization: breakglass@example.com`)

	_, said = p.invoke(t.Context(), syncAction, map[string]any{"email": "new@example.com"})
	wantTexts(t, said, "ERROR AttributeName(\"email\") User does not exist: new@example.com | No user in this tenant has this name.")
	p.changed(1, 0, 0)
	p.wantInvoked(syncAction, map[string]any{"email": "new@example.com", "search_unsynced": true}, "new@example.com: synchronized: Enabled")
	p.changed(1, 1, 0)
}

func TestMarkDeletedAction(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	p := newProtocol(t, tenant)
	ada := map[string]any{"email": "ada@example.com"}
	for _, step := range []struct {
		mark  bool
		want  string
		sends int
	}{
		{true, "ada@example.com: marked for deletion, to be deleted in seven days", 1},
		{true, "ada@example.com: is already marked for deletion", 0},
		{false, "ada@example.com: undeleted, and still Disabled", 1},
		{false, "ada@example.com: is not marked for deletion", 0},
	} {
		p = p.again() // A run of its own, which reads again.
		p.wantInvoked(markAction, map[string]any{"email": ada["email"], "mark_deleted": step.mark}, step.want)
		p.changed(1, 0, step.sends)
		if user, _ := tenant.User("ada@example.com"); user.MarkDeleted != step.mark || user.Status != "Disabled" {
			t.Errorf("Ada is %s, marked %t, want Disabled, %t", user.Status, user.MarkDeleted, step.mark)
		}
	}
	_, said := p.invoke(t.Context(), markAction, ada)
	wantTexts(t, said, "mark_deleted")

	// A run shares what was read, until the user is changed.
	undelete := func() map[string]any { return map[string]any{"email": "ada@example.com", "mark_deleted": false} }
	p.wantInvoked(markAction, undelete(), "ada@example.com: is not marked for deletion")
	p.changed(0, 0, 0)
	p.wantInvoked(markAction, map[string]any{"email": "ada@example.com", "mark_deleted": true}, "ada@example.com: marked for deletion, to be deleted in seven days")
	p.changed(0, 0, 1)
	p.wantInvoked(markAction, undelete(), "ada@example.com: undeleted, and still Disabled")
	p.changed(1, 0, 1)
}

func TestMarkDeletedActionRefusals(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "elena@example.com")
	for _, email := range []string{"ben@example.com", "elena@example.com"} {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	tenant.AddUser(simulator.User{Email: "scim@example.com", Status: "Disabled", SCIMManaged: true})
	p := newProtocol(t, tenant)

	progress, said := p.invoke(t.Context(), markAction, map[string]any{
		"mark_deleted": true,
		"emails":       []any{"ada@example.com", "ben@example.com", "nobody@example.com", "scim@example.com"},
	})
	p.wantProgress(progress, "ben@example.com: marked for deletion, to be deleted in seven days")
	wantTexts(t, said,
		`ERROR AttributeName("emails") 3 of 4 users were not marked for deletion | The other users were, and are kept that way.`,
		"User is managed by SCIM and cannot be marked here: scim@example.com | The API does not mark or unmark users of SCIM-managed identity sources, such as Entra ID (SCIM) (405).",
		"User is enabled and cannot be marked for deletion: ada@example.com | The API marks only users who are Disabled (409).",
		"User does not exist: nobody@example.com")
	// A refused user is looked up once more, to find out why.
	p.changed(5, 0, 3)

	// A 409 that the details do not explain, and one after which the address has another
	// user.
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindMarkDeleted, Respond: simulator.AnswerAPIError(409, "No.")})
	_, said = p.invoke(t.Context(), markAction, map[string]any{"email": "elena@example.com", "mark_deleted": true})
	wantTexts(t, said, "API refuses to change the mark of a user: elena@example.com | The API refuses to set markDeleted to true (409).")
	remove()
	tenant.Inject(simulator.Fault{Kind: simulator.KindMarkDeleted, Times: 1, Respond: func(w http.ResponseWriter, r *http.Request) {
		_, err := tenant.Reassign("elena@example.com")
		must(t, err)
		simulator.AnswerAPIError(409, "No.")(w, r)
	}})
	_, said = p.invoke(t.Context(), markAction, map[string]any{"email": "elena@example.com", "mark_deleted": true})
	wantTexts(t, said, "Address belongs to another user now: elena@example.com")
}

// A request whose answer was lost is sent again, and then refused because it has
// been carried out.
func TestMarkDeletedActionWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	tenant.Inject(simulator.Fault{Kind: simulator.KindMarkDeleted, Times: 1, After: true, Respond: simulator.AnswerAPIError(500, "No.")})
	newProtocol(t, tenant).wantInvoked(markAction, map[string]any{"email": "ada@example.com", "mark_deleted": true},
		"ada@example.com: marked for deletion, to be deleted in seven days")
}

func TestMarkDeletedActionSparesProtectedUsers(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "breakglass@example.com")
	for _, email := range []string{"ada@example.com", "breakglass@example.com"} {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"protected_users": []any{"BreakGlass@example.com"}})
	const refused = "Protected user would be marked for deletion: breakglass@example.com | This user is in the provider's protected_users, so no user is marked."
	both := map[string]any{"emails": []any{"ada@example.com", "breakglass@example.com"}, "mark_deleted": true}
	_, said := p.invoke(t.Context(), markAction, both)
	wantTexts(t, said, `ERROR AttributeName("emails") `+refused)
	p.changed(3, 0, 0) // Another spelling may be another person.

	// By another name it is the same person.
	_, said = p.invoke(t.Context(), markAction, map[string]any{"username": "breakglass", "mark_deleted": true})
	wantTexts(t, said, `ERROR AttributeName("username") Protected user would be marked for deletion: breakglass | This user is`)
	p.changed(1, 0, 0)
	if user, _ := tenant.User("breakglass@example.com"); user.MarkDeleted {
		t.Error("a protected user is marked")
	}

	// If no user has a protected name, no user is marked.
	misspelled := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"protected_users": []any{"brakeglass@example.com"}})
	_, said = misspelled.invoke(t.Context(), markAction, map[string]any{"email": "ada@example.com", "mark_deleted": true})
	wantTexts(t, said, `ERROR AttributeName("email") protected_users has a name that no user has | - brakeglass@example.com`)
	if n := tenant.Count(simulator.KindMarkDeleted); n != 0 {
		t.Errorf("%d marks, want none", n)
	}

	must(t, tenant.MarkDeleted("breakglass@example.com", "root@example.com"))
	p.again().wantInvoked(markAction, map[string]any{"email": "breakglass@example.com", "mark_deleted": false}, "breakglass@example.com: undeleted, and still Disabled")
}

// The scopes of the credentials allow looking up, but not marking.
func TestMarkDeletedActionWithoutTheScope(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	p := newProtocolOf(t, tenant, terraformWithEverything, tenant.oauthArguments(t, simulator.OAuthOptions{}, ""))
	_, said := p.invoke(t.Context(), markAction, map[string]any{"email": "ada@example.com", "mark_deleted": true})
	wantTexts(t, said, "Credentials may not mark a user: ada@example.com | The look-up was allowed, but the mark was not (403): the credentials lack the scope rsa.user.delete.soft. "+
		"Add the scope to the client in the Cloud Administration Console and to oauth.scopes")
}

func TestActionTimeout(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, numbered(3)...)
	// A tenant that never answers a synchronization.
	tenant.Inject(simulator.Fault{Kind: simulator.KindSync, Respond: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	_, said := newProtocol(t, tenant).invoke(t.Context(), syncAction, map[string]any{
		"emails": []any{"user0000@example.com", "user0001@example.com"}, "timeouts": map[string]any{"invoke": "100ms"},
	})
	if text := strings.Join(texts(said), " "); !strings.Contains(text, "user0000@example.com") || !strings.Contains(text, "timeout") {
		t.Errorf("an action that took too long said: %s", text)
	}
}

func TestActionStops(t *testing.T) {
	t.Parallel()
	emails := make([]any, 0, 100)
	for _, email := range numbered(100) {
		emails = append(emails, email)
	}
	t.Run("when the credentials are refused", func(t *testing.T) {
		t.Parallel()
		tenant := newTestTenant(t, numbered(100)...)
		tenant.Inject(simulator.Fault{Kind: simulator.KindSync, Respond: simulator.AnswerAPIError(403, "No.")})
		p := newProtocol(t, tenant)
		progress, said := p.invoke(t.Context(), syncAction, map[string]any{"emails": emails})
		p.wantProgress(progress)
		wantTexts(t, said, "answered 403 Forbidden: No", "Stopped before all users were reached")
		// Three refusals end it. Requests that are under way by then are sent too.
		if n := tenant.Count(simulator.KindSync); n > 2*10+2 {
			t.Errorf("%d requests were refused before it stopped", n)
		}
	})
	t.Run("when the caller cancels", func(t *testing.T) {
		t.Parallel()
		tenant := newTestTenant(t, numbered(100)...)
		p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"max_concurrent_requests": 1})
		ctx, interrupt := context.WithCancel(t.Context())
		tenant.Inject(simulator.Fault{Kind: simulator.KindSync, Match: func(*http.Request, []byte) bool {
			interrupt()
			return false
		}})
		_, said := p.invoke(ctx, syncAction, map[string]any{"emails": emails})
		if said := strings.Join(texts(said), "\n"); !strings.Contains(said, "Stopped before all users were reached") {
			t.Errorf("an interrupted action said: %s", said)
		}
		if n := tenant.Count(simulator.KindSync); n > 2 {
			t.Errorf("%d users were synchronized after the interruption", n)
		}
	})
}
