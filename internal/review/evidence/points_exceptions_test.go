// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPointsAboutExceptions(t *testing.T) {
	t.Parallel()
	wantPoints(t, map[string]pointCase{
		"an exception that ends within a week is a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-12-01,"
			},
			restored + "note exception_ends_soon\n  eve@example.com: 2026-12-01\n",
		},
		"an exception that ends after a week is not a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-12-02,"
			},
			restored,
		},
		"an exception that ends in more than two years is a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2062-12-31,"
			},
			restored + "note exception_far\n  eve@example.com: 2062-12-31 (decisions/anna.csv:6)\n",
		},
		"an exception that ends in two years is not a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2028-11-24,"
			},
			restored,
		},
		"the end of a deleted user is not a note": {
			func(s *scene) {
				s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,2026-12-01,"
				s.person("eve@example.com").PendingDeletion = true
			},
			"note pending_deletion\n  eve@example.com\n" + restored,
		},
	})
}

func TestAnExceptionOfTheLastReviewThatHasNoEndNowIsANote(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cells, last string
		change      func(*scene)
		want        string
	}{
		"kept without an end":        {kept, "keep,auditor,2026-09-30", nil, "note exception_made_permanent\n  ada@example.com: ended on 2026-09-30 by the last review\n"},
		"kept with another end":      {"keep,auditor,anna@example.com,2026-11-10,2026-12-31,", "keep,auditor,2026-09-30", nil, ""},
		"removed":                    {"remove,auditor,anna@example.com,2026-11-10,,", "keep,auditor,2026-09-30", nil, ""},
		"kept, and had no end":       {kept, "keep,,", nil, ""},
		"kept, and disabled already": {kept, "keep,auditor,2026-09-30", func(s *scene) { s.roster[0].Status, s.person("ada@example.com").Status = "Disabled", "Disabled" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			s.decided["ada@example.com"] = test.cells
			if test.change != nil {
				test.change(s)
			}
			files := s.files(t)
			files.Worksheets = []File{file("decisions/anna.csv", withLast(string(files.Worksheets[0].Data), "ada@example.com", test.last))}
			e, err := Make(files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(restored+test.want, said(e)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// withLast gives a worksheet the columns of the last review, filled in for one user.
func withLast(sheet, email, last string) string {
	lines := strings.Split(strings.TrimSuffix(sheet, "\n"), "\n")
	for i := range lines {
		switch {
		case i == 0:
			lines[i] += ",last_decision,last_reason,last_expires"
		case strings.Contains(lines[i], ","+email+","):
			lines[i] += "," + last
		default:
			lines[i] += ",,,"
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestADateThatCannotBeReadIsIgnored: it is neither early nor soon.
func TestADateThatCannotBeReadIsIgnored(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.settings = `{"deadline": "2026-11-20"}`
	s.decided["ada@example.com"] = "keep,,anna@example.com,11/07/2026,,"
	s.decided["Cy@example.com"] = "keep,,anna@example.com,yesterday,,"
	s.decided["eve@example.com"] = "keep,migration,anna@example.com,2026-11-12,12/20/2026,"
	s.plan = func(p object) { p["errored"] = true }
	e := s.evidence(t)
	for _, p := range e.Points {
		if !p.Stops {
			t.Errorf("noted %s: %v", p.Kind, p.Who)
		}
	}
	if len(e.Points) == 0 {
		t.Error("the mistakes are not named")
	}
	for _, r := range survey(e).Reviewers {
		if r.From != "2026-11-10" || r.To != "2026-11-12" {
			t.Errorf("%s has decided from %q to %q", r.Name, r.From, r.To)
		}
	}
}
