// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The diagnostics of the golden file that the provider's answers have.

// answer adds the diagnostics of an answer. They are at attributes, or at keys of a map.
func (p *printed) answer(name string, answered []*tfprotov6.Diagnostic) {
	for _, d := range answered {
		said := diag.Diagnostic(diag.NewErrorDiagnostic(d.Summary, d.Detail))
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			said = diag.NewWarningDiagnostic(d.Summary, d.Detail)
		}
		if d.Attribute != nil {
			at := path.Empty()
			for _, step := range d.Attribute.Steps() {
				switch step := step.(type) {
				case tftypes.AttributeName:
					at = at.AtName(string(step))
				case tftypes.ElementKeyString:
					at = at.AtMapKey(string(step))
				}
			}
			said = diag.WithPath(at, said)
		}
		p.add(name, said)
	}
}

// failure adds what a function says. It begins with the number of the argument.
func (p *printed) failure(name, text string) {
	p.add(name+", argument "+text[:1], diag.NewErrorDiagnostic("Error in function call", text[2:]))
}

// tenantOf returns a tenant whose users have known ids.
func tenantOf(t *testing.T, ids map[string]string) *testTenant {
	t.Helper()
	tenant := newTestTenant(t)
	for id, email := range ids {
		tenant.AddUser(simulator.User{ID: id, Email: email})
	}
	return tenant
}

func valueDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	p := newProtocol(t, newTestTenant(t))
	for _, config := range []map[string]any{
		{"email_contains": "*@example.com"}, {"email_contains": "@", "status": "enabled"},
	} {
		_, said := p.users(config)
		out.answer("idplus_users", said)
	}
	_, said := p.query(query{config: map[string]any{"email_contains": " "}})
	out.answer("list block of idplus_user_status", said)
	out.subject("a filter")

	incomplete, diags := settings.Read(t.Context(), settings.Model{}, func(string) string { return "" }, false)
	out.add("provider", diags...)
	out.add("first request", new(apiDiagnostics).failed("", incomplete.Client.Unready))
	out.subject("nothing is set")

	row := func(id, decision, status string, more map[string]any) map[string]any {
		r := map[string]any{"id": id, "email": "ada@example.com", "decision": decision, "ended": false}
		if status != "" {
			r["roster_status"] = status
		}
		for name, value := range more {
			r[name] = value
		}
		return r
	}
	_, said = p.accessReview(reviewRows{
		"ada@example.com": row("", "keep", "Enabled", nil), "ben@example.com": row("1", "delete", "Enabled", nil), "cy@example.com": row("1", "keep", "Enabled", nil),
		"dan@example.com": row("2", "restore", "Enabled", nil), "eve@example.com": row("3", "restore", "", nil),
		"fay@example.com": row("4", "keep", "Enabled", map[string]any{"expires": "2026-12-31", "ended": nil}),
	}, nil)
	out.answer("idplus_access_review", said)
	out.subject("rows of an access review")
}

func dataSourceDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	tenant := tenantOf(t, map[string]string{"id-1": "ada@example.com", "id-2": "ben@example.com", "id-3": "cy@example.com"})
	must(t, tenant.Alias("old.ada@example.com", "ada@example.com"))
	must(t, tenant.Alias("old.ben@example.com", "ben@example.com"))
	p := newProtocol(t, tenant)
	schema := p.DataSourceSchemas["idplus_user"]
	read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "idplus_user", Config: p.value(schema, map[string]any{"email": "old.ada@example.com"})})
	must(t, err)
	out.answer("idplus_user", read.Diagnostics)
	out.subject("a user has another name")

	users := func(name string, config map[string]any) {
		_, said := p.users(config)
		out.answer("idplus_users, "+name, said)
	}
	users("one", map[string]any{"emails": []any{"ada@example.com", "old.ada@example.com"}})
	users("2", map[string]any{"emails": []any{"ada@example.com", "old.ada@example.com", "old.ben@example.com"}})
	users("10 who are gone", map[string]any{"emails": anys(numbered(10))})
	users("more than max_results", map[string]any{"email_contains": "@", "max_results": 2})
	users("more than max_results of a status", map[string]any{"email_contains": "@", "max_results": 2, "status": "Enabled"})
	out.subject("users are not found, or too many")

	p = newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"max_retries": 0})
	tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(500, "The API's own words.")})
	users("a search", map[string]any{"email_contains": "@"})
	_, said := p.query(query{config: map[string]any{}})
	out.answer("list block of idplus_user_status", said)
	_, said = p.accessReview(reviewRows{"ada@example.com": {"id": "id-1", "email": "ada@example.com", "decision": "keep", "ended": false}}, nil)
	out.answer("idplus_access_review", said)
	out.subject("a search fails")

	tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerRaw(401, "application/json", `{"error": "invalid_client"}`)})
	p = newProtocolOf(t, tenant, terraformWithEverything, tenant.oauthArguments(t, simulator.OAuthOptions{}, ""))
	opened := p.openAccessToken().Diagnostics
	for _, d := range opened { // The port changes.
		d.Detail = strings.ReplaceAll(d.Detail, tenant.server.IssuerURL(), "https://issuer.example.com")
	}
	out.answer("open", opened)
	renewed, err := p.server.RenewEphemeralResource(t.Context(), &tfprotov6.RenewEphemeralResourceRequest{TypeName: accessTokenResource})
	must(t, err)
	out.answer("renew", renewed.Diagnostics)
	out.subject("an access token")
}

// planDiagnostics adds what a plan of one user says of others, or of a name before.
func planDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	p := newProtocolOf(t, tenantOf(t, map[string]string{"id-1": "ada@example.com", "id-2": "ben@example.com"}), terraformWithEverything, map[string]any{"max_changes": 1})
	p.plan(userState{}, map[string]any{"email": "ada@example.com", "status": "Disabled"}, "User changes")
	out.answer("plan of a second user", p.plan(userState{}, map[string]any{"email": "ben@example.com", "status": "Disabled"}, "max_changes is reached").Diagnostics)
	p = p.again()
	ada, said := p.importUser(map[string]any{"email": "ada@example.com"})
	wantTexts(t, said)
	out.answer("plan of another name", p.plan(ada, map[string]any{"email": "adda@example.com", "status": "Enabled"}, "keeps the status", "User does not exist", "No user has the new name").Diagnostics)
	out.subject("one user after another")
}

func invocationDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	tenant := newTestTenant(t, "ada@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"protected_users": []any{"root@example.com"}})
	_, said := p.invoke(t.Context(), markAction, map[string]any{"email": "ada@example.com", "mark_deleted": true})
	out.answer(markAction, said)
	out.subject("protected name of no user")
	_, said = p.invoke(t.Context(), syncAction, map[string]any{"email": "ben@example.com"})
	out.answer(syncAction, said)
	out.subject("a user to synchronize does not exist")
}

func importDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	tenant := newTestTenant(t)
	p := newProtocol(t, tenant)
	for _, id := range []string{"", "ada", "email:ada", "username: ada"} {
		_, said := p.importAs(&tfprotov6.ImportResourceStateRequest{ID: id})
		out.answer("import by id", said)
	}
	for _, identity := range []map[string]any{{}, {"email": "ada@example.com", "username": "ada"}, {"email": "ada"}} {
		_, said := p.importUser(identity)
		out.answer("import by identity", said)
	}
	out.subject("one user cannot be imported")
	for _, id := range []string{"", "ada,ben@example.com,BEN@example.com"} {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "idplus_user_statuses", ID: id})
		must(t, err)
		out.answer("import by id", imported.Diagnostics)
	}
	out.subject("a map cannot be imported")
	w := words{remedies: newRemedies("1.15.0")}
	out.add("one", w.cannotImport(decided(1, access.Missing, nil))...)
	out.add("2 users", w.cannotImport(decided(2, access.Missing, nil))...)
	out.add("another name", w.cannotImport(decided(1, access.Renamed, func(d *access.Decision) {
		d.Found.Another = &cloudadmin.User{ID: d.ID, EmailAddress: "new.ada@example.com"}
	}))...)
	out.add("before Terraform 1.14", words{remedies: newRemedies("1.13.0")}.cannotImport(decided(1, access.Missing, nil))...)
	out.subject("users to import do not exist")

	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(400, "The API's own words.")})
	_, said := p.importUser(map[string]any{"email": "ada@example.com"})
	out.answer("one", said)
	out.add("2 users", w.cannotImport(decided(2, access.NotLookedUp, func(d *access.Decision) { d.Found.Refused = refusedBy(400, "400 BAD_REQUEST") }))...)
	out.add("search shows a user", w.cannotImport(decided(1, access.Contradicted, func(d *access.Decision) {
		d.Found.Shown = &cloudadmin.User{ID: d.ID, UserStatus: cloudadmin.Enabled}
	}))...)
	out.subject("users to import are not certain")
}
