// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// query is one list block.
type query struct {
	config   map[string]any
	limit    int64
	resource bool
	// most is the number of results after which Terraform ends the query; 0: never.
	most int
}

// listed is one result of a query, with what the tests check.
type listed struct {
	Identity, Name string
	Resource       map[string]string
}

// query returns what a list block finds, in a run of its own, and the diagnostics.
func (p *protocol) query(q query) (found []listed, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	p = p.again()
	p.tenant.ResetCounts()
	server, ok := p.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // Until it is part of ProviderServer.
	if !ok {
		p.t.Fatal("the provider has no list resources")
	}
	config := p.value(p.ListResourceSchemas["idplus_user_status"], q.config)
	valid, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: "idplus_user_status", Config: config})
	must(p.t, err)
	if len(valid.Diagnostics) > 0 {
		return nil, valid.Diagnostics
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: "idplus_user_status", Config: config, Limit: q.limit, IncludeResource: q.resource,
	})
	must(p.t, err)
	for result := range stream.Results {
		said = append(said, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		one := listed{Name: result.DisplayName}
		for kind, address := range p.attributes(p.identityType("idplus_user_status"), result.Identity.IdentityData) {
			one.Identity += kind + "=" + address
		}
		one.Resource = p.attributes(p.ResourceSchemas["idplus_user_status"].ValueType(), result.Resource)
		if found = append(found, one); len(found) == q.most {
			break
		}
	}
	return found, said
}

// wantQuery compares the identities that a query finds.
func (p *protocol) wantQuery(q query, emails ...string) {
	p.t.Helper()
	found, said := p.query(q)
	wantTexts(p.t, said)
	got, want := []string{}, []string{}
	for _, one := range found {
		got = append(got, one.Identity)
	}
	for _, email := range emails {
		want = append(want, "email="+email)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("%v found (-want +got):\n%s", q.config, diff)
	}
}

// sent asserts the requests since the last query or reset.
func (p *protocol) sent(searches, lookups int) {
	p.t.Helper()
	p.tenant.wantRequests(p.t, map[simulator.Kind]int{simulator.KindSearch: searches, simulator.KindLookup: lookups})
}

func numbered(n int) []string {
	emails := make([]string, n)
	for i := range emails {
		emails[i] = fmt.Sprintf("user%04d@example.com", i)
	}
	return emails
}

// A query of N users costs a search for each 25, and a limit no more than it needs.
func TestQueryRequests(t *testing.T) {
	t.Parallel()
	all := numbered(1000)
	p := newProtocol(t, newTestTenant(t, all...))
	for _, tc := range []struct {
		query    query
		want     []string
		searches int
	}{
		{query{}, all, 40},
		{query{resource: true}, all, 40},
		{query{limit: 1000}, all, 40},
		{query{limit: math.MaxInt64}, all, 40},
		{query{config: map[string]any{"email_contains": "user01"}}, all[100:200], 4},
		{query{config: map[string]any{"email_contains": "nobody"}}, nil, 1},
		{query{config: map[string]any{"status": "Disabled"}}, nil, 40},
	} {
		p.wantQuery(tc.query, tc.want...)
		p.sent(tc.searches, 0)
	}
	for _, tc := range []struct {
		query           query
		found, searches int
	}{
		{query{limit: 100}, 100, 4},
		{query{limit: 100, config: map[string]any{"status": "Enabled"}}, 100, 4},
		{query{limit: 30, config: map[string]any{"email_contains": "user01", "mark_deleted": false}}, 30, 2},
	} {
		if found, _ := p.query(tc.query); len(found) != tc.found {
			t.Errorf("%d users of %v, want %d", len(found), tc.query, tc.found)
		}
		p.sent(tc.searches, 0)
	}
}

func TestQueryFilters(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	for _, user := range []simulator.User{
		{Email: "ada@example.com"},
		{Email: "ben@example.com", Status: "Disabled"},
		{Email: "carla@example.org", IdentitySource: "Partners"},
		{Email: "dmitri@example.com", MarkDeleted: true},
	} {
		tenant.AddUser(user)
	}
	p := newProtocol(t, tenant)
	p.wantQuery(query{config: map[string]any{"status": "Enabled"}}, "ada@example.com", "carla@example.org")
	p.wantQuery(query{config: map[string]any{"status": "Disabled", "mark_deleted": false}}, "ben@example.com")
	p.wantQuery(query{config: map[string]any{"mark_deleted": true}}, "dmitri@example.com")
	p.wantQuery(query{config: map[string]any{"identity_source": "Partners"}}, "carla@example.org")
	p.wantQuery(query{config: map[string]any{"email_contains": "@example.com", "identity_source": "Partners"}})
	for value, want := range map[string]string{
		"*@example.com": "has a wildcard in it, but wildcards are taken literally", "": "is empty", " @": "has white space at its beginning or end",
	} {
		_, said := p.query(query{config: map[string]any{"email_contains": value}})
		wantTexts(t, said, want)
	}
	_, said := p.query(query{config: map[string]any{"status": "enabled"}})
	wantTexts(t, said, `Did you mean "Enabled"?`)
}

func TestQueryResults(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	ada := tenant.AddUser(simulator.User{Email: "ada@example.com", Username: "ada", FirstName: "Ada", LastName: "Example", IdentitySource: "Corporate AD"})
	ben := tenant.AddUser(simulator.User{Email: "ben@example.com", Username: "ben", FirstName: "Ben", LastName: "Example", IdentitySource: "Partners", MarkDeleted: true})
	p := newProtocol(t, tenant)
	whole := func(user simulator.User) map[string]string {
		return map[string]string{"email": user.Email, "id": user.ID, "status": user.Status, "mark_deleted": fmt.Sprint(user.MarkDeleted)}
	}
	want := []listed{
		{"email=ada@example.com", "Ada Example (Enabled, Corporate AD)", whole(ada)},
		{"email=ben@example.com", "Ben Example (Disabled, pending deletion, Partners)", whole(ben)},
	}
	found, said := p.query(query{resource: true})
	wantTexts(t, said)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}

	// A user that search shows without a status is always looked up, also for the name.
	tenant.OmitFromSearch("userStatus", "firstName", "lastName", "identitySource")
	found, said = p.query(query{resource: true})
	wantTexts(t, said)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results of a search without statuses (-want +got):\n%s", diff)
	}
	p.sent(1, 2)
	want[0].Resource, want[1].Resource = nil, nil
	found, said = p.query(query{})
	wantTexts(t, said)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results of a search without statuses (-want +got):\n%s", diff)
	}
	p.sent(1, 2)

	// A name alone is not worth a look-up.
	tenant.OmitFromSearch("firstName", "lastName", "identitySource")
	tenant.OmitFromSearchFor("ben@example.com", "principalUsername")
	want[0].Name, want[1].Name = "ada (Enabled)", "ben@example.com (Disabled, pending deletion)"
	found, said = p.query(query{})
	wantTexts(t, said)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results of a search without names (-want +got):\n%s", diff)
	}
	p.sent(1, 0)
}

// Terraform does not report that a limit cuts the list off.
func TestQueryWarnsAboutUsersBeyondTheLimit(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t, numbered(30)...))
	found, said := p.query(query{limit: 10})
	wantTexts(t, said, "WARNING Only 10 of 30 users are listed")
	if len(found) != 10 {
		t.Errorf("%d users, want 10", len(found))
	}
	p.sent(1, 0)
	_, said = p.query(query{limit: 30})
	wantTexts(t, said)
	enabled := map[string]any{"status": "Enabled"}
	_, said = p.query(query{limit: 10, config: enabled})
	wantTexts(t, said, "WARNING Only the first 10 users are listed, and there may be more")
	_, said = p.query(query{limit: 30, config: enabled})
	wantTexts(t, said)
}

// A failure is a result, after those that came before it: an empty list would mean that
// there are no users.
func TestQueryFailures(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, numbered(60)...)
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"max_retries": 0})
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "No.")})
	found, said := p.query(query{})
	wantTexts(t, said, "ERROR Cannot list users | The API said: POST /v2/users/search answered 403 Forbidden: No. The likely causes")
	if len(found) > 0 {
		t.Errorf("%d users beside an error", len(found))
	}
	remove()
	remove = tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(400, "Too short.")})
	_, said = p.query(query{})
	wantTexts(t, said, "ERROR Cannot list users | The API said: POST /v2/users/search answered 400 Bad Request: Too short. "+
		"This tenant may not accept such a short text. Set email_contains to a longer part of the addresses")
	remove()
	tenant.OmitFromSearchFor("user0030@example.com", "userStatus")
	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(500, "No.")})
	found, said = p.query(query{resource: true})
	wantTexts(t, said, "ERROR Cannot list users | The API said: user0030@example.com: POST /v1/users/lookup answered 500")
	if len(found) != 25 {
		t.Errorf("%d users before the failure, want those of the page before", len(found))
	}
}

// An import by an address finds one user.
func TestQueryOfASharedAddress(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	page := `{"totalPages": 1, "totalElements": 4, "elements": [
		{"id": "1", "emailAddress": "ada@example.com", "userStatus": "Enabled", "markDeleted": false},
		{"id": "2", "emailAddress": "Ada@example.com", "userStatus": "Disabled", "markDeleted": false},
		{"id": "3", "principalUsername": "carla", "userStatus": "Enabled", "markDeleted": false},
		{"id": "4", "userStatus": "Enabled", "markDeleted": false}]}`
	tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(200, "application/json", page)})
	found, said := newProtocol(t, tenant).query(query{})
	wantTexts(t, said, "WARNING Address belongs to several users: Ada@example.com", "WARNING User has no address: 4")
	want := []listed{{Identity: "email=ada@example.com", Name: "ada@example.com (Enabled)"}, {Identity: "username=carla", Name: "carla (Enabled)"}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

// Terraform stops taking results when it has enough.
func TestQueryStopsWithTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, numbered(1000)...)
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"max_concurrent_requests": 1})
	if found, _ := p.query(query{most: 30}); len(found) != 30 {
		t.Errorf("%d users, want 30", len(found))
	}
	if n := tenant.Count(simulator.KindSearch); n > 4 {
		t.Errorf("%d pages were read for 30 users", n)
	}
}
