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

// TestRemovedUsersWhoAreNotFoundAreReportedSeparately: a user who only lost the address is
// not found either, and may have access.
func TestRemovedUsersWhoAreNotFoundAreReportedSeparately(t *testing.T) {
	t.Parallel()
	const removed = " to be removed: make sure that they have no access."
	const one, two = " Of these, 1 was" + removed, " Of these, 2 were" + removed
	gone := func(s *scene, ids ...string) {
		s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return slices.Contains(ids, p.ID) })
	}
	for name, test := range map[string]struct {
		change       func(*scene)
		points, ends string
	}{
		"a user to keep": {
			func(s *scene) { gone(s, "u1") }, "note left\n  ada@example.com\n" + restored, "or has no address now. Nothing is changed.",
		},
		"a user to remove": {
			func(s *scene) { gone(s, "u1", "u2") },
			"note left\n  ada@example.com\n  ben@example.com: to be removed: remove (decisions/anna.csv:3)\n" + restored, one,
		},
		"a user whose access has ended": {
			func(s *scene) {
				s.decided["eve@example.com"] = strings.Replace(endsSoon, "25,", "24,", 1)
				gone(s, "u5")
			},
			"note left\n  eve@example.com: to be removed: keep, ended 2026-11-24 (decisions/anna.csv:6)\n" + restored +
				"note exception_ended\n  eve@example.com: 2026-11-24\n", one,
		},
		"a user without a decision, which removes": {
			func(s *scene) { s.undecided = "remove"; s.decided["ada@example.com"] = ",,,,,"; gone(s, "u1", "u2") },
			"note left\n  ada@example.com: to be removed: no decision (decisions/anna.csv:2)\n" +
				"  ben@example.com: to be removed: remove (decisions/anna.csv:3)\n" + restored, two,
		},
		"a user without a decision, which keeps": {
			func(s *scene) { s.undecided = "keep"; s.decided["ada@example.com"] = ",,,,,"; gone(s, "u1") },
			"note left\n  ada@example.com\n" + restored, "Nothing is changed.",
		},
		"a user to remove whose address another user has": {
			func(s *scene) { s.person("ben@example.com").ID = "u9" },
			"note another_person\n  ben@example.com: the address now belongs to another user, with the id u9; to be removed: remove (decisions/anna.csv:3)\n" +
				"note joined\n  ben@example.com: Enabled\n" + restored, one,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			test.change(s)
			e := s.evidence(t)
			if diff := cmp.Diff(test.points, said(e)); diff != "" {
				t.Error(diff)
			}
			if text := e.Points[0].Text; !strings.HasSuffix(text, test.ends) {
				t.Errorf("the note says %q, and does not end in %q", text, test.ends)
			}
		})
	}
}

// TestANightReportsRemovedUsersWhoAreNotFound, although nothing differs.
func TestANightReportsRemovedUsersWhoAreNotFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*scene)
		says   string
	}{
		"no user":     {func(*scene) {}, "within 7 days."},
		"a kept user": {func(s *scene) { s.person("ada@example.com").ID = "u9" }, "within 7 days."},
		"one": {
			func(s *scene) { s.person("ben@example.com").ID = "u9" },
			"1 removed user is no longer found by an email address: make sure that the user has no access.",
		},
		"two": {
			func(s *scene) {
				s.decided["ada@example.com"] = s.decided["ben@example.com"]
				s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u1" || p.ID == "u2" })
			},
			"2 removed users are no longer found by an email address: make sure that they have no access.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := aNight()
			test.change(s)
			e := s.evidence(t)
			if e.Conclusion != AsReviewed {
				t.Errorf("concluded %q", e.Conclusion)
			}
			if got := words(section(t, parsed(t, e), "conclusion")); !strings.Contains(got, test.says) || strings.Contains(got, notFound) != strings.Contains(test.says, notFound) {
				t.Errorf("the banner says %q, and not %q", got, test.says)
			}
		})
	}
}
