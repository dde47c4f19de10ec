// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// aNight returns the quarter after it was applied.
func aNight() *scene {
	s := quarter()
	s.nightly = true
	s.person("ben@example.com").Status, s.person("dee@example.com").Status = "Disabled", "Enabled"
	return s
}

func TestANightReportsWhatDiffersFromTheReview(t *testing.T) {
	t.Parallel()
	// Each summary ends in says.
	for name, test := range map[string]struct {
		change     func(*scene)
		conclusion Conclusion
		says       string
	}{
		"nothing": {func(*scene) {}, AsReviewed, "5 users, no change"},
		"a removed user who has access": {
			func(s *scene) { s.person("ben@example.com").Status = "Enabled" },
			DiffersFromReview, "1 removed user has access",
		},
		"a removed user who was enabled again": {
			func(s *scene) {
				s.person("ben@example.com").Status = "Enabled"
				s.plan = drifted(object{"ben@example.com": "Disabled"}, object{"ben@example.com": "Enabled"}, nil)
			},
			DiffersFromReview, "1 removed user has access again",
		},
		"a restored user who was disabled again": {
			func(s *scene) {
				s.person("dee@example.com").Status = "Disabled"
				s.plan = drifted(object{"dee@example.com": "Enabled"}, object{"dee@example.com": "Disabled"}, nil)
			},
			DiffersFromReview, "1 restored user has no access",
		},
		"a user who was disabled in the roster and has access": {
			func(s *scene) { s.person("Cy@example.com").Status = "Enabled" },
			DiffersFromReview, "1 user has access that the review does not give",
		},
		"a kept user who was disabled by hand": {
			func(s *scene) {
				s.person("ada@example.com").Status = "Disabled"
				s.plan = drifted(object{"ada@example.com": "Enabled"}, object{"ada@example.com": "Disabled"}, nil)
			},
			DiffersFromReview, "1 user was changed outside of Terraform",
		},
		"an exception that has ended, and a user of no review who was changed": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-11-24,"
				s.plan = drifted(object{"zoe@example.com": "Enabled"}, object{"zoe@example.com": "Disabled"}, nil)
			},
			DiffersFromReview, "1 exception has ended and 1 user was changed outside of Terraform",
		},
		"an exception that was carried out long ago": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-11-24,"
				s.person("eve@example.com").Status = "Disabled"
			},
			AsReviewed, "no change",
		},
		"an exception that ends within a week": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-12-01,"
			},
			DiffersFromReview, "1 exception ends within 7 days",
		},
		"users who joined, left, are marked for deletion or another person": {
			func(s *scene) {
				s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
				s.person("ada@example.com").ID = "u9"
				s.person("eve@example.com").PendingDeletion = true
				s.tenant = append(s.tenant, review.Person{ID: "u10", Email: "new@example.com", Status: "Enabled"})
			},
			AsReviewed, "no change",
		},
		"something that stops": {
			func(s *scene) { s.person("ben@example.com").Unsure = "look-up and search differ" },
			DiffersFromReview, "1 point is open",
		},
		"a plan that failed": {
			func(s *scene) { s.plan = func(p object) { p["errored"] = true } },
			NotKnown, "it is not known who changes, 1 point stops the review",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := aNight()
			test.change(s)
			e := s.evidence(t)
			if e.Phase != Watched || e.Conclusion != test.conclusion || e.Passes() != (e.Conclusion == AsReviewed) {
				t.Errorf("%s, %q, passes: %v; points:\n%s", e.Phase, e.Conclusion, e.Passes(), said(e))
			}
			if got := Summary(e); !strings.HasPrefix(got, string(test.conclusion)+": ") || !strings.HasSuffix(got, ", "+test.says) && !strings.HasSuffix(got, ": "+test.says) {
				t.Errorf("the summary is %q, and does not end in %q", got, test.says)
			}
			text := words(section(t, parsed(t, e), "conclusion")) + Markdown(e)
			if e.Conclusion == DiffersFromReview && strings.Count(text, test.says) < 2 {
				t.Errorf("the banner does not say %q:\n%s", test.says, text)
			}
			changesBack := strings.Contains(text, "An apply of this review changes these users")
			if hasChanges := slices.ContainsFunc(e.People, func(p Person) bool { return p.Changes() }); changesBack != hasChanges && e.Conclusion != NotKnown {
				t.Errorf("the banner says what an apply changes: %v, and the plan changes users: %v", changesBack, hasChanges)
			}
			for _, word := range []string{"pprove", "No log of the apply"} {
				if strings.Contains(text, word) {
					t.Errorf("a night says %q", word)
				}
			}
		})
	}
}

func TestANightIsNotApproved(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.approved = aNight().json(t)
	if _, err := Make(s.files(t)); err == nil || !strings.Contains(err.Error(), `this is evidence of the phase "watched"`) {
		t.Error(err)
	}
}

func TestTheSummaryOfANightAsksForNoApproval(t *testing.T) {
	t.Parallel()
	e := watched()
	for range 3000 {
		e.Points = append(e.Points, Point{Kind: "note", Title: "Something to look at", Text: "And something to say about it."})
	}
	if text := Markdown(e); !strings.Contains(text, "more points. Read them on the page.**") || strings.Contains(text, "pprove") {
		t.Errorf("the summary says: %.500s … %s", text, text[len(text)-500:])
	}
}
