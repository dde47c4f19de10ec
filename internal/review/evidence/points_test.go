// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

func TestAPlanOfTheWholeReviewIsReadyToApprove(t *testing.T) {
	t.Parallel()
	e := quarter().evidence(t)
	if e.Conclusion != ReadyToApprove || e.Phase != Planned {
		t.Errorf("concluded %q in the phase %q; points:\n%s", e.Conclusion, e.Phase, said(e))
	}
	if diff := cmp.Diff("note restored\n  dee@example.com: back from leave\n", said(e)); diff != "" {
		t.Error(diff)
	}
	if got, want := Summary(e), "Ready to approve: 5 users, 2 changes"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	ben := e.People[slices.IndexFunc(e.People, func(p Person) bool { return p.ID == "u2" })]
	want := Person{
		ID: "u2", Email: "ben@example.com", Name: "Name of u2", IdentitySource: "AD", RosterStatus: "Enabled", Status: "Enabled", Wanted: "Disabled",
		Decision: review.Remove, Reason: "left the project", Reviewer: "anna@example.com", DecidedOn: "2026-11-10", Ticket: "HR-1", Row: "decisions/anna.csv:3", Outcome: review.Loses,
	}
	if diff := cmp.Diff(want, ben); diff != "" {
		t.Error(diff)
	}
}

// restored is what each of these reviews notes.
const restored = "note restored\n  dee@example.com: back from leave\n"

// pointCase is a review with one change, and the points that report it.
type pointCase struct {
	change func(*scene)
	want   string
}

func wantPoints(t *testing.T, cases map[string]pointCase) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			test.change(s)
			e := s.evidence(t)
			if diff := cmp.Diff(test.want, said(e)); diff != "" {
				t.Error(diff)
			}
			want := ReadyToApprove
			if strings.Contains(test.want, "stop ") {
				want = NotReady
			}
			if e.Conclusion != want {
				t.Errorf("concluded %q, want %q", e.Conclusion, want)
			}
		})
	}
}

func TestPointsAboutPeople(t *testing.T) {
	t.Parallel()
	wantPoints(t, map[string]pointCase{
		"a user without a decision stops the review": {
			func(s *scene) { s.decided["ada@example.com"] = ",,,,," },
			"stop undecided\n  ada@example.com: decisions/anna.csv:2\n" + restored,
		},
		"a user without a decision is a note if the rule is keep": {
			func(s *scene) { s.decided["ada@example.com"], s.undecided = ",,,,,", "keep" },
			"note undecided\n  ada@example.com: decisions/anna.csv:2\n" + restored,
		},
		"a user without a decision is a note if the rule is remove": {
			func(s *scene) { s.decided["ada@example.com"], s.undecided = ",,,,,", "remove" },
			"note undecided\n  ada@example.com: decisions/anna.csv:2\n" + restored,
		},
		"a row that is missing stops the review": {
			func(s *scene) {
				s.plan = func(object) {}
				delete(s.decided, "ada@example.com")
			},
			"stop worksheets\n  rows are missing from the worksheets (1): ada@example.com (line 2 of roster.csv). Each user needs a row, even without a decision: a worksheet may have been cut off, filtered or left out\n" + restored,
		},
		"a mistake in a worksheet stops the review with its line": {
			func(s *scene) { s.decided["ada@example.com"] = "Keep?,,anna@example.com,2026-11-10,," },
			"stop worksheets\n  decisions/anna.csv:2: the decision is \"Keep?\". Did you mean keep? Write keep, remove or restore\n" + restored,
		},
		"a user who would be enabled without a decision to restore stops the review": {
			func(s *scene) {
				s.person("ada@example.com").Status = "Disabled"
				s.source = func(v object) { set(v, "ada@example.com", object{"wanted": "Enabled", "outcome": "gains"}) }
				s.resource = func(r object) { after(r, "statuses")["ada@example.com"] = "Enabled" }
			},
			"stop enabled_without_restore\n  ada@example.com: Disabled -> Enabled, keep (decisions/anna.csv:2)\n" + restored,
		},
		"a user who was to be removed and is not stops the review": {
			func(s *scene) {
				s.source = func(v object) { set(v, "ben@example.com", object{"wanted": "Enabled", "outcome": "keeps"}) }
				s.resource = func(r object) { after(r, "statuses")["ben@example.com"] = "Enabled" }
			},
			"stop not_removed\n  ben@example.com: Enabled -> Enabled, remove (decisions/anna.csv:3)\n" + restored,
		},
		"an exception that ended and keeps access stops the review": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-11-20,"
				s.source = func(v object) { set(v, "eve@example.com", object{"wanted": "Enabled", "outcome": "keeps"}) }
				s.resource = func(r object) { after(r, "statuses")["eve@example.com"] = "Enabled" }
			},
			"stop not_removed\n  eve@example.com: Enabled -> Enabled, keep, ended 2026-11-20 (decisions/anna.csv:6)\n" + restored +
				"note exception_ended\n  eve@example.com: 2026-11-20\n",
		},
		"a user who was to be removed and is not certain stops the review": {
			func(s *scene) { s.person("ben@example.com").Unsure = "look-up and search differ" },
			"stop not_removed\n  ben@example.com: remove (decisions/anna.csv:3); look-up and search differ\n" +
				"note held_back\n  ben@example.com: look-up and search differ\n" + restored,
		},
		"a user who was to be restored and is not stops the review": {
			func(s *scene) {
				s.source = func(v object) {
					set(v, "dee@example.com", object{"wanted": "Disabled", "outcome": "stays disabled"})
				}
				s.resource = func(r object) {
					after(r, "statuses")["dee@example.com"] = "Disabled"
				}
			},
			"stop not_restored\n  dee@example.com: Disabled -> Disabled, restore (decisions/anna.csv:5)\n",
		},
		"a user who was to be restored and is not certain stops the review": {
			func(s *scene) { s.person("dee@example.com").Unsure = "look-up and search differ" },
			"stop not_restored\n  dee@example.com: restore (decisions/anna.csv:5); look-up and search differ\n" +
				"note held_back\n  dee@example.com: look-up and search differ\n",
		},
		"a user who was to be restored and is marked for deletion is a note": {
			func(s *scene) { s.person("dee@example.com").PendingDeletion = true },
			"note pending_deletion\n  dee@example.com\n",
		},
		"an exception that ended takes access away": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-11-20,"
			},
			restored + "note exception_ended\n  eve@example.com: 2026-11-20, loses access\n",
		},
		"a user who would lose access without a decision stops the review": {
			func(s *scene) {
				s.source = func(v object) { set(v, "ada@example.com", object{"wanted": "Disabled", "outcome": "loses"}) }
				s.resource = func(r object) { after(r, "statuses")["ada@example.com"] = "Disabled" }
			},
			"stop removed_without_decision\n  ada@example.com: Enabled -> Disabled, keep (decisions/anna.csv:2)\n" + restored,
		},
		"a plan from other worksheets stops the review": {
			func(s *scene) { s.source = func(v object) { set(v, "ada@example.com", object{"decision": "remove"}) } },
			"stop other_files\n  ada@example.com: the plan has remove, the worksheet keep (decisions/anna.csv:2)\n" + restored,
		},
		"a plan with another end of access stops the review": {
			func(s *scene) {
				s.source = func(v object) { in(v, "rows", "eve@example.com")["expires"] = nil }
			},
			"stop other_files\n  eve@example.com: the plan has none as the end of access, the worksheet 2026-12-31 (decisions/anna.csv:6)\n" + restored,
		},
		"a plan from another roster stops the review": {
			func(s *scene) {
				s.source = func(v object) { set(v, "ada@example.com", object{"roster_status": "Disabled"}) }
			},
			"stop other_files\n  ada@example.com: the plan has the roster's status Disabled, the roster Enabled\n" + restored,
		},
		"a plan that does not know a user of the roster stops the review": {
			func(s *scene) {
				s.source = func(v object) { delete(in(v, "verdicts"), "ada@example.com") }
				s.resource = func(r object) { delete(after(r, "statuses"), "ada@example.com") }
			},
			"stop other_files\n  ada@example.com: in the roster, but not in the plan\n" +
				"note let_go\n  ada@example.com: idplus_user_statuses.q4\n" + restored,
		},
		"a roster that is old is a note": {
			func(s *scene) { s.settings = `{"roster_max_age_days": 24}` },
			"note roster_old\n" + restored,
		},
		"a roster that is as old as the review allows is not a note": {
			func(s *scene) { s.settings = `{"roster_max_age_days": 25}` },
			restored,
		},
		"a roster of another tenant stops the review": {
			func(s *scene) { s.manifest.Tenant = "https://other.access.securid.com/AdminInterface/restapi" },
			"stop other_tenant\n" + restored,
		},
		"a roster that was made after the plan stops the review": {
			func(s *scene) {
				s.manifest.ReadAt = "2026-11-25T10:00:01Z"
			},
			"stop roster_after_plan\n" + restored + "note decided_early\n  ada@example.com: 2026-11-10 (decisions/anna.csv:2)\n  ben@example.com: 2026-11-10 (decisions/anna.csv:3)\n" +
				"  Cy@example.com: 2026-11-10 (decisions/anna.csv:4)\n  dee@example.com: 2026-11-11 (decisions/anna.csv:5)\n  eve@example.com: 2026-11-12 (decisions/anna.csv:6)\n",
		},
		"users with one address are a note": {
			func(s *scene) {
				s.manifest.Shared = []review.SharedAddress{{Email: "ada@example.com", IDs: []string{"u1", "u7"}}}
			},
			"note shared_address\n  ada@example.com: 2 users, one of them in the roster\n" + restored,
		},
		"a tenant whose search did not show all users is a note": {
			func(s *scene) { s.source = func(v object) { v["complete"] = false } },
			"note population_incomplete\n" + restored,
		},
		"a plan about other users than the roster is a note": {
			func(s *scene) { s.source = func(v object) { v["identity_sources"] = []any{"AD"} } },
			"note other_scope\n" + restored,
		},
		"another person, and users who left, joined or are pending deletion are notes": {
			func(s *scene) {
				s.person("ada@example.com").ID = "u9"
				s.person("eve@example.com").PendingDeletion = true
				s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
			},
			"note another_person\n  ada@example.com: the address now belongs to another user, with the id u9\n" +
				"note left\n  Cy@example.com\n" +
				"note pending_deletion\n  eve@example.com\n" +
				"note joined\n  ada@example.com: Enabled\n" + restored,
		},
		"a user who is held back is a note": {
			func(s *scene) { s.person("ada@example.com").Status = "Disabled" },
			"note held_back\n  ada@example.com: Enabled in the roster, Disabled now: keep enables no user\n" + restored,
		},
		"a decision after the deadline is a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-21,2026-12-31,"
			},
			restored + "note decided_late\n  eve@example.com: 2026-11-21 (decisions/anna.csv:6)\n",
		},
		"a decision before the roster is a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-10-31,2026-12-31,"
			},
			restored + "note decided_early\n  eve@example.com: 2026-10-31 (decisions/anna.csv:6)\n",
		},
	})
}
