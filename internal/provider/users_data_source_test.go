// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// found is what idplus_users returns.
type found struct {
	users   []map[string]string
	missing string
}

func (f found) emails() []string {
	emails := make([]string, len(f.users))
	for i, user := range f.users {
		emails[i] = user["email"]
	}
	return emails
}

// users reads the data source idplus_users, in a run of its own.
func (p *protocol) users(config map[string]any) (answer found, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	return p.again().usersOfThisRun(config)
}

func (p *protocol) usersOfThisRun(config map[string]any) (answer found, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	p.tenant.ResetCounts()
	schema := p.DataSourceSchemas["idplus_users"]
	value := p.value(schema, maps.Clone(config))
	valid, err := p.server.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "idplus_users", Config: value})
	must(p.t, err)
	if len(valid.Diagnostics) > 0 {
		return answer, valid.Diagnostics
	}
	read, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "idplus_users", Config: value})
	must(p.t, err)
	said = read.Diagnostics
	object, err := read.State.Unmarshal(schema.ValueType())
	must(p.t, err)
	var attributes map[string]tftypes.Value
	must(p.t, object.As(&attributes))
	if attributes == nil {
		return answer, said
	}
	var users []tftypes.Value
	must(p.t, attributes["users"].As(&users))
	for _, user := range users {
		dynamic, err := tfprotov6.NewDynamicValue(user.Type(), user)
		must(p.t, err)
		answer.users = append(answer.users, p.attributes(user.Type(), &dynamic))
	}
	var missing []tftypes.Value
	must(p.t, attributes["missing"].As(&missing))
	var texts []string
	for _, address := range missing {
		var text string
		must(p.t, address.As(&text))
		texts = append(texts, text)
	}
	answer.missing = strings.Join(texts, " ")
	return answer, said
}

// wantUsers asserts a read without diagnostics.
func (p *protocol) wantUsers(config map[string]any, emails ...string) found {
	p.t.Helper()
	got, said := p.users(config)
	wantTexts(p.t, said)
	if emails == nil {
		emails = []string{}
	}
	if diff := cmp.Diff(emails, got.emails()); diff != "" {
		p.t.Errorf("%v finds (-want +got):\n%s", config, diff)
	}
	return got
}

func TestUsersBySearch(t *testing.T) {
	t.Parallel()
	all := numbered(110)
	tenant := newTestTenant(t, all...)
	must(t, tenant.SetStatus(all[100], "Disabled"))
	must(t, tenant.SetStatus(all[101], "Disabled"))
	must(t, tenant.MarkDeleted(all[101], "root@example.com"))
	tenant.AddUser(simulator.User{Email: "carla@example.org", IdentitySource: "Partners"})
	p := newProtocol(t, tenant)
	for _, tc := range []struct {
		config   map[string]any
		want     []string
		searches int
	}{
		{map[string]any{"email_contains": "@"}, append([]string{"carla@example.org"}, all...), 5},
		{map[string]any{"email_contains": "@example.com"}, all, 5},
		{map[string]any{"email_contains": "user000"}, all[:10], 1},
		{map[string]any{"email_contains": "@example.com", "status": "Disabled"}, all[100:102], 5},
		{map[string]any{"email_contains": "@example.com", "mark_deleted": true}, all[101:102], 5},
		{map[string]any{"email_contains": "@", "identity_source": "Partners"}, []string{"carla@example.org"}, 5},
		{map[string]any{"email_contains": "nobody"}, nil, 1},
	} {
		p.wantUsers(tc.config, tc.want...)
		p.sent(tc.searches, 0)
	}
}

// Two data sources of one run read the pages of one search once.
func TestUsersOfOneRunShareWhatTheyRead(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t, numbered(60)...))
	if got, _ := p.usersOfThisRun(map[string]any{"email_contains": "@"}); len(got.users) != 60 {
		t.Errorf("%d users", len(got.users))
	}
	p.sent(3, 0)
	if got, _ := p.usersOfThisRun(map[string]any{"email_contains": "@", "status": "Disabled"}); len(got.users) != 0 {
		t.Errorf("%d users", len(got.users))
	}
	p.sent(0, 0)
}

// A list that was cut off would look complete.
func TestUsersMaxResults(t *testing.T) {
	t.Parallel()
	all := numbered(110)
	tenant := newTestTenant(t, all...)
	p := newProtocol(t, tenant)
	p.wantUsers(map[string]any{"email_contains": "@", "max_results": 110}, all...)
	_, said := p.users(map[string]any{"email_contains": "@", "max_results": 109})
	wantTexts(t, said, `ERROR AttributeName("max_results") Search finds more users than max_results allows | The search finds 110 users; max_results is 109.`)
	p.sent(1, 0)
	// How many there are is not known before all were read.
	_, said = p.users(map[string]any{"email_contains": "@", "status": "Enabled", "max_results": 30})
	wantTexts(t, said, "The search finds more than 30 users; max_results is 30.")
	p.sent(2, 0)
	_, said = p.users(map[string]any{"email_contains": "@", "max_results": 0})
	wantTexts(t, said, "must be between 1 and 10000000")
}

func TestUsersByAddress(t *testing.T) {
	t.Parallel()
	all := numbered(60)
	tenant := newTestTenant(t, all...)
	p := newProtocol(t, tenant)
	got := p.wantUsers(map[string]any{"emails": []any{"User0003@example.com", "nobody@example.com", "user0001@example.com", "gone@example.com", "GONE@example.com"}},
		"user0001@example.com", "user0003@example.com")
	if got.missing != "GONE@example.com nobody@example.com" {
		t.Errorf("missing: %s", got.missing)
	}
	var emails []any
	for _, email := range all {
		emails = append(emails, email)
	}
	got = p.wantUsers(map[string]any{"emails": emails}, all...)
	if got.missing != "" {
		t.Errorf("missing: %s", got.missing)
	}
	p.sent(3, 0)
	p.wantUsers(map[string]any{"emails": []any{}})
	p.sent(0, 0)

	for name, config := range map[string]map[string]any{
		"neither": {}, "both": {"emails": emails, "email_contains": "@"}, "narrowed": {"emails": emails, "status": "Enabled"},
		"limited": {"emails": emails, "max_results": 10}, "not an address": {"emails": []any{"ada"}},
	} {
		if _, said := p.users(config); len(said) == 0 {
			t.Errorf("%s is accepted", name)
		}
	}
}

// A user that search shows without a status or a mark is always looked up. What else
// search leaves out is null, or looked up if the configuration says so.
func TestUsersWhoAreShownIncompletely(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	for _, email := range []string{"ada@example.com", "ben@example.com", "carla@example.com"} {
		tenant.AddUser(simulator.User{Email: email, MonthLastAuthenticated: "Jun 2025"})
	}
	tenant.AddUser(simulator.User{Email: "dmitri@example.com", MonthLastAuthenticated: "Jun 2025", IdentitySource: "Partners"})
	tenant.OmitFromSearchFor("ada@example.com", "userStatus", "lastSyncTime")
	tenant.OmitFromSearchFor("ben@example.com", "markDeleted", "monthLastAuthenticated")
	tenant.OmitFromSearchFor("carla@example.com", "monthLastAuthenticated")
	tenant.OmitFromSearchFor("dmitri@example.com", "identitySource")
	everybody := []string{"ada@example.com", "ben@example.com", "carla@example.com", "dmitri@example.com"}
	p := newProtocol(t, tenant)

	got := p.wantUsers(map[string]any{"email_contains": "@"}, everybody...)
	p.sent(1, 2)
	for i, want := range []map[string]string{
		{"status": "Enabled", "mark_deleted": "false", "month_last_authenticated": "Jun 2025"},
		{"status": "Enabled", "mark_deleted": "false", "month_last_authenticated": "Jun 2025"},
		{"status": "Enabled", "mark_deleted": "false", "month_last_authenticated": ""}, // Null: this user is not looked up.
		{"status": "Enabled", "mark_deleted": "false", "month_last_authenticated": "Jun 2025"},
	} {
		for attribute, value := range want {
			if got.users[i][attribute] != value {
				t.Errorf("%s of %s is %q, want %q", attribute, everybody[i], got.users[i][attribute], value)
			}
		}
	}
	if got.users[0]["last_sync_time"] == "" {
		t.Error("a user who was looked up has no last_sync_time")
	}

	// If the configuration uses more than search shows.
	got = p.wantUsers(map[string]any{"email_contains": "@", "read_with": "lookup"}, everybody...)
	p.sent(1, 4)
	if month := got.users[2]["month_last_authenticated"]; month != "Jun 2025" {
		t.Errorf("month_last_authenticated is %q by look-up", month)
	}
	p.wantUsers(map[string]any{"email_contains": "@", "status": "Enabled"}, everybody...)
	p.sent(1, 2)
	p.wantUsers(map[string]any{"email_contains": "@", "identity_source": "Partners"}, "dmitri@example.com")
	p.sent(1, 3)
	_, said := p.users(map[string]any{"email_contains": "@", "read_with": "guess"})
	wantTexts(t, said, `value must be one of: ["search" "lookup"]`)
	_, said = p.users(map[string]any{"email_contains": "@", "max_results": 3})
	wantTexts(t, said, "The search finds 4 users; max_results is 3.")
	p.sent(1, 0)

	// By address it is the same, and addresses that search does not show are looked up.
	addresses := map[string]any{"emails": []any{"ada@example.com", "ben@example.com", "carla@example.com", "elena@example.com", "fritz@example.com"}}
	got = p.wantUsers(addresses, everybody[:3]...)
	if got.missing != "elena@example.com fritz@example.com" || got.users[0]["last_sync_time"] == "" || got.users[2]["month_last_authenticated"] != "" {
		t.Errorf("by address: %v, missing %s", got.users, got.missing)
	}
	p.sent(1, 4)
	addresses["read_with"] = "lookup"
	got = p.wantUsers(addresses, everybody[:3]...)
	if got.missing != "elena@example.com fritz@example.com" || got.users[2]["month_last_authenticated"] != "Jun 2025" {
		t.Errorf("by look-ups: %v, missing %s", got.users, got.missing)
	}
	p.sent(0, 5)
}

// Finding none of many users is not an error, since leavers may be gone; but a warning
// says so.
func TestUsersOfWhichNoneExists(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t, "ada@example.com"))
	var emails []any
	for _, email := range numbered(10) {
		emails = append(emails, email)
	}
	got, said := p.users(map[string]any{"emails": emails})
	wantTexts(t, said, `WARNING AttributeName("emails") None of the addresses exists in this tenant | All 10 of them are missing.`)
	if len(got.users) > 0 || got.missing != strings.Join(numbered(10), " ") {
		t.Errorf("found %v, missing %s", got.users, got.missing)
	}
	_, said = p.users(map[string]any{"emails": []any{"ada@example.com", nil}})
	wantTexts(t, said, "Null Set Value")
}

func TestUsersInASearchThatContradictsItself(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, numbered(12)...)
	p := newProtocol(t, tenant)
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(200, "application/json",
		`{"totalPages": 1, "totalElements": 3, "elements": [{"id": "1", "emailAddress": "ada@example.com", "userStatus": "Enabled", "markDeleted": false,
			"identitySource": "x", "lastSyncTime": null, "monthLastAuthenticated": null}]}`)})
	got, said := p.users(map[string]any{"email_contains": "@"})
	wantTexts(t, said, "WARNING Search counts 3 users and shows 1 | The numbers still differ after a second reading, so users may be missing from the list.")
	if fmt.Sprint(got.emails()) != "[ada@example.com]" {
		t.Errorf("found %v", got.emails())
	}
	remove()

	tenant.OmitFromSearch("userStatus")
	tenant.FreezeSearch()
	must(t, tenant.Delete("user0003@example.com"))
	got, said = p.users(map[string]any{"email_contains": "@", "status": "Enabled"})
	wantTexts(t, said, "WARNING User is gone, but search still shows the user: user0003@example.com")
	if len(got.users) != 11 {
		t.Errorf("%d users, want 11", len(got.users))
	}
	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(404, "User not found")})
	_, said = p.users(map[string]any{"email_contains": "@", "status": "Enabled"})
	wantTexts(t, said, "ERROR Cannot search for users | Search does not show users completely, so they were looked up, but no look-up found a user.")
}

func TestUsersFailures(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	p := newProtocolOf(t, tenant, terraformWithEverything, map[string]any{"max_retries": 0})
	tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(500, "No.")})
	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(500, "No.")})
	_, said := p.users(map[string]any{"email_contains": "@"})
	wantTexts(t, said, "ERROR Cannot search for users | The API said: POST /v2/users/search answered 500 Internal Server Error: No. The problem is inside the tenant, or on the way to it.")
	_, said = p.users(map[string]any{"emails": []any{"ada@example.com"}})
	wantTexts(t, said, "ERROR Cannot look up ada@example.com | The API said: POST /v1/users/lookup answered 500 Internal Server Error: No.")
}

// Users who have not signed in for long, in plain HCL.
func TestUsersInTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	long := time.Date(2025, 2, 17, 21, 44, 9, 0, time.UTC)
	tenant.AddUser(simulator.User{Email: "ada@example.com", MonthLastAuthenticated: "Jun 2025"})
	ben := tenant.AddUser(simulator.User{Email: "ben@example.com", FirstName: "Ben", LastSync: long})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{{
			Config: tenant.config("", `
data "idplus_users" "all" { email_contains = "@example.com" }
data "idplus_users" "some" { emails = toset(["ben@example.com", "nobody@example.com"]) }
output "never" { value = [for user in data.idplus_users.all.users : user.email if user.month_last_authenticated == null] }
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("never", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("ben@example.com")})),
				statecheck.ExpectKnownValue("data.idplus_users.all", tfjsonpath.New("users").AtSliceIndex(0).AtMapKey("month_last_authenticated"), knownvalue.StringExact("Jun 2025")),
				statecheck.ExpectKnownValue("data.idplus_users.all", tfjsonpath.New("missing"), knownvalue.Null()),
				statecheck.ExpectKnownValue("data.idplus_users.some", tfjsonpath.New("missing"), knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("nobody@example.com")})),
				statecheck.ExpectKnownValue("data.idplus_users.some", tfjsonpath.New("users"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"id": knownvalue.StringExact(ben.ID), "first_name": knownvalue.StringExact("Ben"), "status": knownvalue.StringExact("Enabled"),
						"last_sync_time": knownvalue.StringExact("2025-02-17T21:44:09.000Z"), "mark_deleted": knownvalue.Bool(false),
					}),
				})),
			},
		}},
	})
}
