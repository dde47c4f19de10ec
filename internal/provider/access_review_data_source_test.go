// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestAccessReviewReturnsTheResultForEachUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	tenant := newTestTenant(t, emails...)
	for _, email := range []string{emails[4], emails[5], emails[6]} {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	rows := tenant.roster(t, "keep", emails...)
	rows.decide("remove", emails[1], emails[2], emails[13]).decide("restore", emails[4]).decide("", emails[8]).end(emails[3])
	// Changes since the roster was written.
	must(t, tenant.SetStatus(emails[6], "Enabled"))
	must(t, tenant.SetStatus(emails[7], "Disabled"))
	must(t, tenant.MarkDeleted(emails[9], "root@example.com"))
	must(t, tenant.Delete(emails[10]))
	was, is := tenant.gaveAddress(t, emails[11])
	must(t, tenant.Rename(emails[12], "Married@example.com"))
	must(t, tenant.Rename(emails[13], "moved@example.com"))
	must(t, tenant.SetStatus(emails[14], "Locked"))
	tenant.AddUser(simulator.User{Email: "New@example.com", IdentitySource: "Partners"})

	p := newProtocol(t, tenant)
	began := time.Now().UTC().Truncate(time.Second)
	got, said := p.accessReview(rows, map[string]any{"undecided": "keep"})
	wantTexts(t, said)
	got.want(map[string]string{
		emails[0]: "keeps -> Enabled", emails[1]: "loses -> Disabled", emails[2]: "loses -> Disabled",
		emails[3]: "loses -> Disabled (access ended: 2026-10-31)", emails[4]: "gains -> Enabled", emails[5]: "stays disabled -> Disabled",
		emails[6]:                         "loses -> Disabled (Disabled in the roster, Enabled now)",
		emails[7]:                         "held back -> Disabled (Enabled in the roster, Disabled now: keep enables no user)",
		emails[8]:                         "undecided -> Enabled (no decision: status unchanged)",
		emails[9]:                         "pending deletion -> <nil> (marked for deletion in the tenant)",
		emails[10]:                        "left -> <nil> (no user with this id is found by an email address)",
		emails[11]:                        "another person -> <nil> (the address now belongs to another user, with the id " + is + ")",
		emails[11] + " " + "(" + is + ")": "joined -> <nil> (not in the roster)",
		emails[12]:                        "keeps -> Enabled (the address is now Married@example.com)",
		emails[13]:                        "loses -> Disabled (the address is now moved@example.com)",
		emails[14]:                        "held back -> <nil> (Enabled in the roster, Locked now: keep enables no user)",
		"new@example.com":                 "joined -> <nil> (not in the roster)",
	})
	got.wantLists(map[string]string{
		"joined": "New@example.com " + emails[11], "left": emails[10], "another_person": emails[11], "pending_deletion": emails[9],
		"held_back": emails[7] + " " + emails[14], "ended": emails[3], "restored": emails[4],
		"changing": strings.Join([]string{emails[1], emails[2], emails[3], emails[4], emails[6], "moved@example.com"}, " "),
	})
	wantCounts := map[string]any{
		"keeps": int64(47), "stays disabled": int64(1), "loses": int64(5), "gains": int64(1), "undecided": int64(1), "held back": int64(2),
		"pending deletion": int64(1), "left": int64(1), "another person": int64(1), "joined": int64(2),
	}
	if diff := cmp.Diff(wantCounts, got.mapOf("counts")); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	statuses, ids := got.mapOf("statuses"), got.mapOf("ids")
	if len(statuses) != 56 || len(ids) != 56 || statuses["Married@example.com"] != "Enabled" || statuses["moved@example.com"] != "Disabled" || ids["Married@example.com"] != rows[emails[12]]["id"] {
		t.Errorf("%d statuses, %d ids: %v", len(statuses), len(ids), statuses)
	}
	for address := range statuses {
		if tenant.id(t, address) != ids[address] {
			t.Errorf("%s has the id %v", address, ids[address])
		}
	}
	verdict := map[string]any{
		"id": was, "email": emails[11], "address": nil, "identity_source": nil, "roster_status": "Enabled", "status": nil,
		"decision": "keep", "wanted": nil, "outcome": "another person", "detail": "the address now belongs to another user, with the id " + is,
	}
	if diff := cmp.Diff(verdict, got.mapOf("verdicts")[emails[11]]); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
	at, err := time.Parse(time.RFC3339, fmt.Sprint(got.values["read_at"]))
	if err != nil || at.Before(began) || at.After(time.Now()) || !strings.HasSuffix(fmt.Sprint(got.values["read_at"]), "Z") {
		t.Errorf("read at %v", got.values["read_at"])
	}
	url, err := url.Parse(tenant.server.AdminAPIURL())
	must(t, err)
	if got.values["tenant"] != url.Host || got.values["complete"] != true {
		t.Errorf("tenant %v, complete %v", got.values["tenant"], got.values["complete"])
	}
	// 61 users on three pages. Looked up: five who lose, one who gains, two who are held
	// back, one who is pending deletion, the one who has left, and the other person.
	p.sent(3, 11)
}

func TestAccessReviewRefusesRowsThatCanOnlyBeWrong(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	p := newProtocol(t, tenant)
	for name, tc := range map[string]struct {
		change func(reviewRows)
		want   string
	}{
		"none":         {func(r reviewRows) { clear(r) }, "rows has no user | rows is empty."},
		"null":         {func(r reviewRows) { r["ada@example.com"] = nil }, `Not a row of an access review: ada@example.com | - "ada@example.com" is null`},
		"no id":        {func(r reviewRows) { r["ada@example.com"]["id"] = "" }, `"ada@example.com" has no id`},
		"one id twice": {func(r reviewRows) { r["ben@example.com"]["id"] = r["ada@example.com"]["id"] }, `"ben@example.com" has the same id "` + tenant.id(t, "ada@example.com") + `" as "ada@example.com"`},
		"another word": {func(r reviewRows) { r.decide("Keep", "ada@example.com") }, `"ada@example.com" has the decision "Keep", which is not keep, remove, restore or empty`},
		"a restore of an Enabled user": {func(r reviewRows) { r.decide("restore", "ada@example.com") },
			`AttributeName("rows").ElementKeyString("ada@example.com") Not a row of an access review: ada@example.com | - "ada@example.com" has the decision restore, which is for users who are Disabled in the roster, and roster_status is Enabled. To leave the user as is, write keep`},
		"a restore without a status": {func(r reviewRows) {
			r.decide("restore", "ada@example.com")
			r["ada@example.com"]["roster_status"] = nil
		},
			"which is for users who are Disabled in the roster, and roster_status is not given"},
		"an end that is not certain": {func(r reviewRows) { r.end("ada@example.com"); r["ada@example.com"]["ended"] = nil }, `"ada@example.com" has expires (2026-10-31), but ended does not say whether that has passed`},
		"several": {func(r reviewRows) { r.decide("x", "ada@example.com", "ben@example.com") },
			`AttributeName("rows").ElementKeyString("ada@example.com") 2 problems in the rows of an access review: ada@example.com, … | - "ada@example.com" has the decision "x", which is not keep, remove, restore or empty - "ben@example.com"`},
	} {
		t.Run(name, func(t *testing.T) {
			rows := tenant.roster(t, "keep", "ada@example.com", "ben@example.com")
			tc.change(rows)
			_, said := p.accessReview(rows, nil)
			wantTexts(t, said, tc.want)
			p.sent(0, 0)
		})
	}
}

func TestAccessReviewDecidesAboutUsersWithoutADecision(t *testing.T) {
	t.Parallel()
	emails := manyUsers(25)
	tenant := newTestTenant(t, emails...)
	p := newProtocol(t, tenant)
	fail := map[string]any{"undecided": "fail"}
	for name, tc := range map[string]struct {
		undecided int
		arguments map[string]any
		refused   string
	}{
		"by default":               {1, nil, `ERROR AttributeName("undecided") User has no decision: user00@example.com | undecided is "fail", which allows none. Nothing was read.`},
		"fail":                     {2, fail, `2 users have no decision: user00@example.com, … | - user00@example.com - user01@example.com undecided is "fail"`},
		"fail, and many":           {25, fail, "- user19@example.com and 5 more undecided is"},
		"fail, and there is none":  {0, fail, ""},
		"fail has no limit":        {1, map[string]any{"max_undecided": int64(5)}, `undecided is "fail", which allows none`},
		"keep":                     {25, map[string]any{"undecided": "keep"}, ""},
		"keep, up to the limit":    {2, map[string]any{"undecided": "keep", "max_undecided": int64(2)}, ""},
		"keep, beyond the limit":   {3, map[string]any{"undecided": "keep", "max_undecided": int64(2)}, `ERROR AttributeName("max_undecided") 3 users have no decision: user00@example.com, … | - user00@example.com - user01@example.com - user02@example.com undecided is "keep", and max_undecided is 2. Nothing was read.`},
		"remove, without a limit":  {1, map[string]any{"undecided": "remove"}, `ERROR AttributeName("undecided") User has no decision: user00@example.com | undecided is "remove", which allows none unless max_undecided is set.`},
		"remove, up to the limit":  {2, map[string]any{"undecided": "remove", "max_undecided": int64(2)}, ""},
		"remove, beyond the limit": {3, map[string]any{"undecided": "remove", "max_undecided": int64(2)}, `undecided is "remove", and max_undecided is 2`},
	} {
		t.Run(name, func(t *testing.T) {
			rows := tenant.roster(t, "keep", emails...).decide("", emails[:tc.undecided]...)
			if tc.undecided > 0 {
				rows[emails[0]]["decision"] = nil // The same as empty.
			}
			got, said := p.accessReview(rows, tc.arguments)
			if tc.refused != "" {
				wantTexts(t, said, tc.refused)
				p.sent(0, 0)
				return
			}
			wantTexts(t, said)
			want := "undecided -> Enabled (no decision: status unchanged)"
			if tc.arguments["undecided"] == "remove" {
				want = "loses -> Disabled (no decision, and users without one are disabled)"
			}
			for _, email := range emails[:tc.undecided] {
				got.want(map[string]string{email: want})
			}
		})
	}
}

// Joined users come from the review's population alone, whatever source the users of the
// roster have by now.
func TestAccessReviewKnowsItsPopulation(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	tenant.AddUser(simulator.User{Email: "ben@example.com", IdentitySource: "Partners"})
	tenant.AddUser(simulator.User{Email: "carla@example.com", IdentitySource: "Partners"})
	tenant.AddUser(simulator.User{Email: "dmitri@example.com", IdentitySource: "Local"})
	tenant.AddUser(simulator.User{Email: "eve@example.org", IdentitySource: "Partners"})
	tenant.OmitFromSearchFor("dmitri@example.com", "identitySource")
	rows := tenant.roster(t, "remove", "ada@example.com", "ben@example.com")
	p := newProtocol(t, tenant)
	for _, tc := range []struct {
		arguments map[string]any
		joined    string
		lookups   int
	}{
		{nil, "carla@example.com dmitri@example.com eve@example.org", 2},
		{map[string]any{"identity_sources": []any{}}, "carla@example.com dmitri@example.com eve@example.org", 2},
		{map[string]any{"identity_sources": []any{"Partners"}}, "carla@example.com eve@example.org", 3},
		{map[string]any{"identity_sources": []any{"Partners"}, "email_contains": "@example.com"}, "carla@example.com", 3},
		{map[string]any{"identity_sources": []any{"Partners", "Local"}, "email_contains": "@example.com"}, "carla@example.com dmitri@example.com", 3},
	} {
		got, said := p.accessReview(rows, tc.arguments)
		wantTexts(t, said)
		p.sent(1, tc.lookups)
		got.wantLists(map[string]string{"joined": tc.joined, "changing": "ada@example.com ben@example.com"})
		got.want(map[string]string{"ada@example.com": "loses -> Disabled", "ben@example.com": "loses -> Disabled"})
	}
}
