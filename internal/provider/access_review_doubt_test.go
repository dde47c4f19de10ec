// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Reviews in a tenant that shows too little: no user leaves, changes or counts as another
// user because search lags or contradicts a look-up.

func TestAccessReviewIsRightWhileSearchLags(t *testing.T) {
	t.Parallel()
	emails := manyUsers(12)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[2], "Disabled"))
	must(t, tenant.SetStatus(emails[3], "Disabled"))
	rows := tenant.roster(t, "keep", emails...)
	rows[emails[2]]["roster_status"] = "Enabled" // As it was before.
	rows.decide("remove", emails[4], emails[5]).decide("", emails[3])
	tenant.FreezeSearch()
	must(t, tenant.SetStatus(emails[2], "Enabled"))
	must(t, tenant.SetStatus(emails[3], "Enabled"))
	must(t, tenant.SetStatus(emails[4], "Disabled"))
	must(t, tenant.Rename(emails[5], "moved@example.com"))
	must(t, tenant.Alias(emails[5], "moved@example.com"))
	p := newProtocol(t, tenant)
	got, said := p.accessReview(rows, map[string]any{"undecided": "keep"})
	wantTexts(t, said)
	got.want(map[string]string{
		emails[1]: "keeps -> Enabled",
		emails[2]: "keeps -> Enabled", // Search shows Disabled: held back, the resource would disable.
		emails[3]: "undecided -> Enabled (no decision: status unchanged)",
		emails[4]: "stays disabled -> Disabled",
		emails[5]: "loses -> Disabled (the address is now moved@example.com)",
	})
	got.wantLists(map[string]string{"changing": "moved@example.com"}) // The current address.
	p.sent(1, 4)
}

func TestAccessReviewLooksUpUsersThatSearchDoesNotShow(t *testing.T) {
	t.Parallel()
	emails := manyUsers(12)
	tenant := newTestTenant(t, emails...)
	rows := tenant.roster(t, "keep", emails...).decide("remove", emails[1], emails[2])
	must(t, tenant.Rename(emails[2], "moved@example.com"))
	must(t, tenant.Alias(emails[2], "moved@example.com"))
	must(t, tenant.Delete(emails[3]))
	tenant.HideFromSearch(emails[0], emails[1], "moved@example.com")
	p := newProtocol(t, tenant)
	got, said := p.accessReview(rows, nil)
	wantTexts(t, said, `3 users exist, but search does not show them: moved@example.com, … | - moved@example.com - user00@example.com - user01@example.com A look-up finds them.`,
		"User of the review is not certain and is held back: user03@example.com")
	got.want(map[string]string{
		emails[0]: "keeps -> Enabled", emails[1]: "loses -> Disabled",
		emails[2]: "loses -> Disabled (the address is now moved@example.com)",
		// Search may also hide that user under another address.
		emails[3]: "held back -> <nil> (no user with this id has the address, and search does not show whether the user has a new one)",
	})
	got.wantLists(map[string]string{"held_back": emails[3], "changing": emails[1] + " moved@example.com"})
	if got.values["complete"] != false {
		t.Errorf("complete is %v", got.values["complete"])
	}
	p.sent(1, 4)
}

func TestAccessReviewHoldsBackUsersWhoAreNotCertain(t *testing.T) {
	t.Parallel()
	const held = "held back -> <nil>"
	for name, tc := range map[string]struct {
		becomes func(*testing.T, *testTenant, reviewRows)
		verdict string // on ada
		warning string
	}{
		"search shows, a look-up does not find": {
			func(t *testing.T, tt *testTenant, _ reviewRows) {
				tt.FreezeSearch()
				must(t, tt.Delete("ada@example.com"))
			}, held + " (search shows a user with the address, and a look-up finds none)",
			"ada@example.com: search shows the user with the id ADA, Enabled, but a look-up finds no user",
		},
		"search shows another user, a look-up does not find": {
			func(t *testing.T, tt *testTenant, _ reviewRows) {
				tt.LieInSearch("ada@example.com", "another")
				tt.FreezeLookup()
				must(t, tt.SetStatus("ben@example.com", "Enabled")) // Freezes the look-up.
				tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about("ada@example.com"), Respond: simulator.AnswerAPIError(http.StatusNotFound, "Not found.")})
			}, held + " (search shows a user with the address, and a look-up finds none)",
			"ada@example.com: search shows the user with the id another, Enabled, but a look-up finds no user",
		},
		"the look-up is refused": {
			func(_ *testing.T, tt *testTenant, _ reviewRows) {
				tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about("ada@example.com"), Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Augusta Ada is not looked up.")})
			}, held + " (a look-up of the address is refused)",
			"ada@example.com: a look-up of the address is refused: ",
		},
		"the look-up is refused, and search does not show the user": {
			func(_ *testing.T, tt *testTenant, _ reviewRows) {
				tt.HideFromSearch("ada@example.com")
				tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: about("ada@example.com"), Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Augusta Ada is not looked up.")})
			}, held + " (a look-up of the address is refused)",
			"ada@example.com: a look-up of the address is refused: ",
		},
		"the address leads to a user who does not have it": {
			func(t *testing.T, tt *testTenant, _ reviewRows) {
				must(t, tt.Delete("ada@example.com"))
				must(t, tt.Alias("ada@example.com", "ben@example.com"))
			}, held + " (a look-up of the address leads to another user, who does not have it)",
			"ada@example.com: the user's address is now ben@example.com (id BEN)",
		},
		"another user has the address too, and is found": {
			func(_ *testing.T, tt *testTenant, rows reviewRows) {
				twin := tt.AddTwin(simulator.User{Email: "ada@example.com", IdentitySource: "Partners"})
				rows["ada@example.com"]["id"] = twin.ID
			}, held + " (several users have the address, and a look-up finds the one with the id ADA)",
			"id ADA (Corporate AD, Enabled)",
		},
		"another user has the address too, and is not found": {
			func(_ *testing.T, tt *testTenant, _ reviewRows) {
				tt.AddTwin(simulator.User{Email: "ada@example.com", IdentitySource: "Partners"})
			}, "loses -> Disabled", "",
		},
		"two users of the roster have one address in two cases": {
			func(t *testing.T, tt *testTenant, rows reviewRows) {
				tt.CompareCase(true)
				twin := tt.AddTwin(simulator.User{Email: "Ada@example.com", IdentitySource: "Partners"})
				rows["twin"] = map[string]any{"id": twin.ID, "email": "Ada@example.com", "roster_status": "Enabled", "decision": "keep", "expires": nil, "ended": false}
			}, held + " (several users of the roster have the address)",
			"ada@example.com: several users of the roster have the address",
		},
		"the roster's address cannot be looked up": {
			func(t *testing.T, tt *testTenant, rows reviewRows) {
				must(t, tt.Delete("ada@example.com"))
				rows["ada@example.com"]["email"] = "ada"
			}, held + " (search does not show the user, who cannot be looked up by the address in the roster)",
			"ada: search does not show the user, who cannot be looked up by the address in the roster",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
			rows := tenant.roster(t, "remove", "ada@example.com", "ben@example.com")
			ids := strings.NewReplacer("ADA", tenant.id(t, "ada@example.com"), "BEN", tenant.id(t, "ben@example.com"))
			tc.becomes(t, tenant, rows)
			got, said := newProtocol(t, tenant).accessReview(rows, nil)
			got.want(map[string]string{"ben@example.com": "loses -> Disabled"})
			onAda := ""
			for key, verdict := range got.mapOf("verdicts") {
				if verdict, _ := verdict.(map[string]any); verdict["id"] == rows["ada@example.com"]["id"] {
					onAda = got.on(key)
				}
			}
			if want := ids.Replace(tc.verdict); onAda != want {
				t.Errorf("the verdict is %s, want %s", onAda, want)
			}
			if strings.HasPrefix(tc.verdict, held) && (len(got.mapOf("statuses")) != 1 || len(got.mapOf("ids")) != 1) {
				t.Errorf("statuses %v, ids %v", got.mapOf("statuses"), got.mapOf("ids"))
			}
			if tc.warning == "" {
				wantTexts(t, said)
				return
			}
			warning := strings.Join(texts(said), "\n")
			for _, want := range []string{`WARNING AttributeName("rows") `, "not certain and ", ids.Replace(tc.warning)} {
				if !strings.Contains(warning, want) {
					t.Errorf("got %s\nwant in it: %s", warning, want)
				}
			}
		})
	}
}

// about matches requests that name a user.
func about(email string) func(*http.Request, []byte) bool {
	return func(r *http.Request, body []byte) bool {
		return strings.Contains(strings.ToLower(string(body)+r.URL.RawQuery), strings.ReplaceAll(email, "@", "%40")) || strings.Contains(string(body), email)
	}
}

func TestAccessReviewOfAnotherTenant(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	roster := newTestTenant(t, emails...).roster(t, "keep", emails...)
	for name, tenant := range map[string]*testTenant{
		"without these users":        newTestTenant(t, "ada@example.com"),
		"without users":              newTestTenant(t),
		"of the same directory":      newTestTenant(t, emails...),
		"in which search is refused": newTestTenant(t, emails...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(name, "refused") {
				tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "Forbidden.")})
			}
			p := newProtocol(t, tenant)
			got, said := p.accessReview(roster, nil)
			if text := strings.Join(texts(said), "\n"); !strings.Contains(text, `ERROR AttributeName("rows") None of the users of the review is known in this tenant | rows has 60 users. Search shows none of them, and look-ups of 10 find no user`) {
				t.Errorf("it says %s", text)
			}
			if got.values["statuses"] != nil {
				t.Error("there is a result")
			}
			if n := tenant.Count(simulator.KindLookup); n != 10 {
				t.Errorf("%d look-ups, want 10", n)
			}
		})
	}
	t.Run("which nine users do not show", func(t *testing.T) {
		t.Parallel()
		nine := reviewRows{}
		for _, email := range emails[:9] {
			nine[email] = roster[email]
		}
		got, said := newProtocol(t, newTestTenant(t, "ada@example.com")).accessReview(nine, nil)
		wantTexts(t, said)
		got.wantLists(map[string]string{"left": strings.Join(emails[:9], " "), "joined": "ada@example.com"})
	})
}

func TestAccessReviewWarnsIfItIsNotComplete(t *testing.T) {
	t.Parallel()
	emails := manyUsers(60)
	for name, tc := range map[string]struct {
		tenant   func(*testTenant)
		said     string
		lookups  int
		searches int
	}{
		"search is refused": {
			func(tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "Forbidden.")})
			}, "WARNING User search cannot be used, so users who joined are not known | The API said: ", 50, 0,
		},
		"search loses users": {func(tt *testTenant) { tt.SkipAtBorders(true) }, "WARNING Search counts 61 users and shows 59 | ", 3, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, append([]string{"new@example.com"}, emails...)...)
			rows := tenant.roster(t, "keep", emails[:50]...).decide("remove", emails[0])
			tc.tenant(tenant)
			p := newProtocol(t, tenant)
			got, said := p.accessReview(rows, nil)
			wantTexts(t, said, tc.said)
			if got.values["complete"] != false {
				t.Errorf("complete is %v", got.values["complete"])
			}
			// The users of the roster are still certain.
			got.want(map[string]string{emails[0]: "loses -> Disabled", emails[1]: "keeps -> Enabled", emails[49]: "keeps -> Enabled"})
			if len(got.mapOf("statuses")) != 50 {
				t.Errorf("%d statuses, want 50", len(got.mapOf("statuses")))
			}
			if n := tenant.Count(simulator.KindLookup); n != tc.lookups {
				t.Errorf("%d look-ups, want %d", n, tc.lookups)
			}
		})
	}
}

// Failures that are not about one user end the read.
func TestAccessReviewThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault simulator.Fault
		said  string
	}{
		"search does not take the text": {simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Too short.")},
			"ERROR Cannot read the users of the tenant | "},
		"look-ups are forbidden": {simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(http.StatusForbidden, "Forbidden.")},
			"ERROR Cannot look up ada@example.com | "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
			tenant.Inject(tc.fault)
			got, said := newProtocol(t, tenant).accessReview(tenant.roster(t, "keep", "ada@example.com", "ben@example.com").decide("remove", "ada@example.com"), nil)
			wantTexts(t, said, tc.said)
			if got.values["statuses"] != nil {
				t.Error("there is a result")
			}
		})
	}
}
