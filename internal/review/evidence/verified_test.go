// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAfterTheApply has what the log of the apply and a plan after it say.
func TestAfterTheApply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change     func(*scene)
		conclusion Conclusion
		want       string
	}{
		"all is as planned": {func(*scene) {}, AppliedAndVerified, restored},
		"no plan after the apply verifies nothing": {
			func(s *scene) { s.after = nil }, AppliedNotVerified, restored,
		},
		"a plan after the apply without its log says so": {
			func(s *scene) { s.applyLog = "" }, AppliedAndVerified, restored + "note no_apply_log\n",
		},
		"an apply that failed": {
			func(s *scene) {
				s.after = nil
				s.applyLog = logOf("2026-11-25T10:30:00Z", started, `"type":"diagnostic","diagnostic":{"severity":"error","summary":"dee cannot be enabled","detail":"409"}`)
			},
			AppliedWithPoints, "stop apply_failed\n  dee cannot be enabled: 409\n" + restored,
		},
		"the log of an apply that is cut off": {
			func(s *scene) {
				s.after = nil
				s.applyLog = logOf("2026-11-25T10:30:00Z", started, `"type":"apply_complete","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`)
			},
			AppliedWithPoints, "stop apply_unfinished\n" + restored,
		},
		"the log of an apply that was ended in mid line": {
			func(s *scene) {
				s.after = nil
				s.applyLog = strings.TrimSuffix(logOf("2026-11-25T10:30:00Z", started, `"type":"apply_complete","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`), "\"}}}\n")
			},
			AppliedWithPoints, "stop apply_unfinished\n" + restored,
		},
		"the log of a plan that was ended in mid line": {
			func(s *scene) {
				s.planLog = logOf(s.planAt, started, `"type":"refresh_start","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`) + `{"@level":"wa`
			},
			AppliedAndVerified, "note plan_log_cut\n" + restored,
		},
		"a plan after the apply in the same second": {
			func(s *scene) {
				s.applyLog, s.afterAt = "", s.planAt
			},
			AppliedAndVerified, restored + "note no_apply_log\n",
		},
		"the plan itself in the place of a plan after the apply": {
			func(s *scene) { s.applyLog, s.after, s.afterAt = "", s.tenant, s.planAt },
			AppliedWithPoints,
			"stop not_as_planned\n  ben@example.com: Enabled, but Disabled was planned\n  dee@example.com: Disabled, but Enabled was planned\nstop not_empty\n  idplus_user_statuses.q4: update\n" + restored + "note no_apply_log\n",
		},
		"the log of an apply of something else": {
			func(s *scene) {
				s.after = nil
				s.applyLog = logOf("2026-11-25T10:30:00Z", started, `"type":"change_summary","changes":{"operation":"apply"}`)
			},
			AppliedWithPoints, "stop not_applied\n  idplus_user_statuses.q4\n" + restored,
		},
		"the log of a destroy": {
			func(s *scene) {
				s.after = nil
				s.applyLog = logOf("2026-11-25T10:30:00Z", started, `"type":"change_summary","changes":{"operation":"destroy"}`)
			},
			AppliedWithPoints, "stop apply_unfinished\n" + restored,
		},
		"a user who was not changed": {
			func(s *scene) { personIn(s.after, "ben@example.com").Status = "Enabled" },
			AppliedWithPoints,
			"stop not_as_planned\n  ben@example.com: Enabled, but Disabled was planned\nstop not_empty\n  idplus_user_statuses.q4: update\n" + restored,
		},
		"a user who was changed under another id": {
			func(s *scene) {
				personIn(s.after, "dee@example.com").ID = "u9"
				s.verify = func(p object) {
					in(p, "resource_changes", "change")["actions"] = []any{"no-op"}
				}
			},
			AppliedWithPoints,
			"stop not_as_planned\n  dee@example.com: no status, but Enabled was planned\n" + restored + "note joined_after_plan\n  dee@example.com: Enabled\n",
		},
		"a user who was to lose access and is gone": {
			func(s *scene) {
				personIn(s.after, "ben@example.com").PendingDeletion = true
				personIn(s.after, "ben@example.com").Status = "Enabled"
				s.verify = func(p object) {
					in(p, "resource_changes", "change")["actions"] = []any{"no-op"}
				}
			},
			AppliedAndVerified, restored + "note gone_since\n  ben@example.com: marked for deletion in the tenant\n",
		},
		"a user who was changed by others": {
			func(s *scene) { personIn(s.after, "ada@example.com").Status = "Disabled" },
			AppliedAndVerified, restored + "note changed_since\n  ada@example.com: Enabled -> Disabled\n",
		},
		"a plan after the apply of other files": {
			func(s *scene) {
				s.verify = func(p object) { set(sourceOf(p), "ada@example.com", object{"decision": nil}) }
			},
			AppliedWithPoints, "stop verified_other_files\n  ada@example.com\n" + restored,
		},
		"a plan after the apply of another configuration": {
			func(s *scene) { s.verify = func(p object) { in(p, "variables", "review")["value"] = "2026-Q3" } },
			AppliedWithPoints, "stop verified_other_configuration\n" + restored,
		},
		"a plan after the apply that failed": {
			func(s *scene) { s.verify = func(p object) { p["errored"] = true } },
			AppliedWithPoints, "stop verification_failed\n" + restored,
		},
		"a plan after the apply with -target": {
			func(s *scene) { s.verify = func(p object) { p["complete"] = false } },
			AppliedWithPoints, "stop verification_incomplete\n  made with -target, or some of it waits for another apply\n" + restored,
		},
		"a plan after the apply with -refresh-only": {
			func(s *scene) { s.verify = func(p object) { delete(p, "resource_changes") } },
			AppliedWithPoints, "stop verification_incomplete\n  idplus_user_statuses.q4\n" + restored,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter().applied()
			test.change(s)
			e := s.evidence(t)
			if diff := cmp.Diff(test.want, said(e)); diff != "" {
				t.Error(diff)
			}
			if e.Conclusion != test.conclusion {
				t.Errorf("concluded %q, want %q", e.Conclusion, test.conclusion)
			}
			for _, p := range e.People {
				if s.after == nil && p.StatusAfter != "" {
					t.Errorf("%s has a status after the apply, which no file has", p.Email)
				}
			}
		})
	}
}

func TestTheApplyRepeatsNoWarningOfThePlan(t *testing.T) {
	t.Parallel()
	warning := func(summary string) string {
		return `"type":"diagnostic","diagnostic":{"severity":"warning","summary":"` + summary + `","detail":""}`
	}
	s := quarter().applied()
	s.planLog = logOf(s.planAt, started, `"type":"refresh_start","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`, warning("2 users change"))
	s.applyLog = logOf("2026-11-25T10:29:00Z", warning("2 users change"), warning("slow")) + s.applyLog
	var got []string
	for _, d := range s.evidence(t).Said {
		got = append(got, d.During+": "+d.Summary)
	}
	if diff := cmp.Diff([]string{"plan: 2 users change", "apply: slow"}, got); diff != "" {
		t.Error(diff)
	}
}

// sourceOf returns the values of the data source in a plan.
func sourceOf(p object) object {
	return in(p, "prior_state", "values", "root_module", "resources", "values")
}
