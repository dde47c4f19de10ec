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

// TestWhatWasApproved makes a plan after an approval, with one thing changed in between.
func TestWhatWasApproved(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		approved, change func(*scene)
		want             string
	}{
		"the same plan is fine": {want: restored},
		"a change that was not approved": {
			change: func(s *scene) {
				s.person("Cy@example.com").Status = "Enabled" // since the roster
			},
			want: "stop not_approved\n  Cy@example.com: loses access\n" + restored,
		},
		"a change from another status": {
			change: func(s *scene) {
				s.person("dee@example.com").Status = "Locked"
				s.resource = func(r object) { in(r, "change", "before", "statuses")["dee@example.com"] = "" }
			},
			want: "stop not_approved\n  dee@example.com: gains access\n" + restored,
		},
		"a loss from another status is the one that was approved": {
			change: func(s *scene) {
				s.person("ben@example.com").Status = "Suspended"
				s.resource = func(r object) { in(r, "change", "before", "statuses")["ben@example.com"] = "" }
			},
			want: restored,
		},
		"a user who was enabled, and disabled since outside of Terraform": {
			change: func(s *scene) {
				s.plan = drifted(object{"dee@example.com": "Enabled"}, object{"dee@example.com": "Disabled"}, nil)
			},
			want: "stop restored_again\n  dee@example.com: Enabled -> Disabled\nnote drift\n  dee@example.com: Enabled -> Disabled\n" + restored,
		},
		"a user who was enabled and disabled since, as the approval shows": {
			approved: func(s *scene) {
				s.plan = drifted(object{"dee@example.com": "Enabled"}, object{"dee@example.com": "Disabled"}, nil)
			},
			change: func(s *scene) {
				s.plan = drifted(object{"dee@example.com": "Enabled"}, object{"dee@example.com": "Disabled"}, nil)
			},
			want: "note drift\n  dee@example.com: Enabled -> Disabled\n" + restored,
		},
		"a user who was disabled, and enabled since outside of Terraform, loses access as approved": {
			change: func(s *scene) {
				s.plan = drifted(object{"ben@example.com": "Disabled"}, object{"ben@example.com": "Enabled"}, nil)
			},
			want: "note drift\n  ben@example.com: Disabled -> Enabled\n" + restored,
		},
		"a kept user who was marked for deletion since": {
			change: func(s *scene) {
				s.person("ada@example.com").PendingDeletion = true
				s.resource = withBefore("ada@example.com", "u1")
			},
			want: "note pending_deletion\n  ada@example.com\n" + restored,
		},
		"a kept user who is not certain since": {
			change: func(s *scene) {
				s.person("ada@example.com").Unsure = "look-up and search differ"
				s.resource = withBefore("ada@example.com", "u1")
			},
			want: "note held_back\n  ada@example.com: look-up and search differ\n" + restored,
		},
		"a kept user who has a status of another word since": {
			change: func(s *scene) {
				s.person("ada@example.com").Status = "Suspended"
				s.resource = withBefore("ada@example.com", "u1")
			},
			want: "note held_back\n  ada@example.com: Enabled in the roster, Suspended now: keep enables no user\n" + restored,
		},
		"a user of no review who leaves the configuration": {
			change: func(s *scene) { s.resource = withBefore("zoe@example.com", "u8") },
			want:   "stop more_not_approved\n  zoe@example.com: idplus_user_statuses.q4\nnote let_go\n  zoe@example.com: idplus_user_statuses.q4\n" + restored,
		},
		"an approved change that is gone": {
			change: func(s *scene) { s.person("ben@example.com").Status = "Disabled" },
			want:   restored + "note no_longer_in_plan\n  ben@example.com: loses access\n",
		},
		"other worksheets": {
			change: func(s *scene) { s.decided["ada@example.com"] = strings.Replace(kept, "anna", "bert", 1) },
			want:   "stop approved_other_worksheets\n  decisions/anna.csv\n" + restored,
		},
		"another roster": {
			change: func(s *scene) { s.roster[0].Created = "2020-01-01" },
			want:   "stop approved_other_roster\n  roster.csv\n" + restored,
		},
		"another tenant": {
			change: func(s *scene) {
				s.manifest.Tenant = "https://other.example.com"
				s.source = func(v object) { v["tenant"] = "other.example.com" }
			},
			want: "stop approved_other_tenant\n" + restored,
		},
		"another configuration": {
			change: func(s *scene) {
				s.plan = func(p object) {
					in(p, "configuration", "provider_config", "idplus")["expressions"] = object{"max_changes": object{"constant_value": 900}}
				}
			},
			want: "stop approved_other_configuration\n" + restored,
		},
		"another value of a variable": {
			change: func(s *scene) { s.plan = func(p object) { in(p, "variables", "review")["value"] = "2026-Q3" } },
			want:   "stop approved_other_configuration\n" + restored,
		},
		"another value of a sensitive variable is fine": {
			approved: func(s *scene) { s.plan = withSecret("of the plan") },
			change:   func(s *scene) { s.plan = withSecret("of the apply") },
			want:     restored,
		},
		"the same configuration, written in another order, is fine": {
			change: func(s *scene) { s.rawPlan = reordered(s.planJSON(&testing.T{}, s.planAt, s.tenant, nil)) },
			want:   restored,
		},
		"an exception that has ended since": {
			approved: func(s *scene) { s.decided["eve@example.com"] = endsSoon },
			change: func(s *scene) {
				s.decided["eve@example.com"], s.planAt = endsSoon, "2026-11-27T10:00:00Z"
			},
			want: restored + "note exception_ended\n  eve@example.com: 2026-11-25, loses access\nnote ended_since_approval\n  eve@example.com: 2026-11-25, loses access\n",
		},
		"an exception that has ended since, of a user who has a status of another word": {
			approved: func(s *scene) { s.decided["eve@example.com"] = endsSoon },
			change: func(s *scene) {
				s.decided["eve@example.com"], s.planAt = endsSoon, "2026-11-27T10:00:00Z"
				s.person("eve@example.com").Status = "Suspended"
			},
			want: restored + "note exception_ended\n  eve@example.com: 2026-11-25, loses access\nnote ended_since_approval\n  eve@example.com: 2026-11-25, loses access\n",
		},
		"an exception that has ended since, of another end": {
			approved: func(s *scene) { s.decided["eve@example.com"] = strings.Replace(endsSoon, "25,", "26,", 1) },
			change: func(s *scene) {
				s.decided["eve@example.com"], s.planAt = endsSoon, "2026-11-27T10:00:00Z"
			},
			want: "stop approved_other_worksheets\n  decisions/anna.csv\nstop not_approved\n  eve@example.com: loses access\n" + restored + "note exception_ended\n  eve@example.com: 2026-11-25, loses access\n",
		},
		"an exception that has ended since, of a user who was enabled in between": {
			approved: func(s *scene) {
				s.decided["eve@example.com"] = endsSoon
				s.person("eve@example.com").Status = "Disabled"
			},
			change: func(s *scene) {
				s.decided["eve@example.com"], s.planAt = endsSoon, "2026-11-27T10:00:00Z"
			},
			want: "stop not_approved\n  eve@example.com: loses access\n" + restored + "note exception_ended\n  eve@example.com: 2026-11-25, loses access\n",
		},
		"evidence that was not ready": {
			approved: func(s *scene) { s.plan = func(p object) { p["errored"] = true } },
			want:     "stop approved_not_ready\nstop not_approved\n  ben@example.com: loses access\n  dee@example.com: gains access\n" + restored,
		},
		"a user who was renamed since is the same user": {
			change: func(s *scene) {
				s.person("ada@example.com").Email = "ada.king@example.com"
				s.resource = withBefore("ada@example.com", "u1")
			},
			want: "note renamed\n  ada@example.com is ada.king@example.com now (same id)\n" + restored,
		},
		"more than users' statuses": {
			change: func(s *scene) {
				s.plan = func(p object) {
					add(p, "resource_changes", object{"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "change": object{"actions": []any{"create"}}})
				}
			},
			want: "stop more_not_approved\n  terraform_data.x: create\nnote other_resources\n  terraform_data.x: create\n" + restored,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, s := quarter(), quarter()
			if test.approved != nil {
				test.approved(before)
			}
			s.approved = before.json(t)
			if test.change != nil {
				test.change(s)
			}
			if diff := cmp.Diff(test.want, said(s.evidence(t))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// endsSoon is an exception that ends on the day of the approval.
const endsSoon = "keep,migration,anna@example.com,2026-11-12,2026-11-25,"

// withSecret gives the configuration a sensitive variable.
func withSecret(value string) func(object) {
	return func(p object) {
		in(p, "configuration", "root_module")["variables"] = object{"key": object{"sensitive": true}}
		in(p, "variables")["key"] = object{"value": value}
	}
}

// reordered returns a plan with its last property first.
func reordered(plan string) string {
	at := strings.LastIndex(plan, `,"variables":`)
	return "{" + strings.TrimSuffix(plan[at+1:], "}") + ",\n" + plan[1:at] + "}"
}

// TestNothingIsAppliedThatWasNotShown: whatever happens in the tenant between approval and
// apply, each change of a plan that may go on was in what was approved.
func TestNothingIsAppliedThatWasNotShown(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"ada@example.com", "ben@example.com", "Cy@example.com", "dee@example.com", "eve@example.com"} {
		for name, happen := range map[string]func(*review.Person){
			"enabled": func(p *review.Person) { p.Status = "Enabled" }, "disabled": func(p *review.Person) { p.Status = "Disabled" },
			"another": func(p *review.Person) { p.ID = "u9" }, "marked": func(p *review.Person) { p.PendingDeletion = true },
			"renamed": func(p *review.Person) { p.Email = "new@example.com" }, "unsure": func(p *review.Person) { p.Unsure = "search and look-up differ" },
		} {
			t.Run(email+" "+name, func(t *testing.T) {
				t.Parallel()
				s := quarter()
				approved := s.evidence(t)
				s.approved = s.json(t)
				happen(s.person(email))
				e := s.evidence(t)
				for _, p := range e.People {
					shown := slices.ContainsFunc(approved.People, func(q Person) bool { return q.Changes() && q.ID == p.ID && q.Wanted == p.Wanted })
					if p.Changes() && !shown && e.Stops() == 0 {
						t.Errorf("%s %s, which was not approved", p.Email, p.Outcome)
					}
				}
			})
		}
	}
}
