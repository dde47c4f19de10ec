// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

func TestPlanThatFailedIsNotKnown(t *testing.T) {
	t.Parallel()
	e := failed()
	page := parsed(t, e)
	for _, id := range []string{"changes", "moved"} {
		text := words(section(t, page, id))
		if !strings.Contains(text, "Not known: the plan failed") || strings.Contains(text, "No user") || strings.Contains(text, "no user") {
			t.Errorf("%s says: %s", id, text)
		}
	}
	figures := words(elements(page, func(n *html.Node) bool { return attribute(n, "class") == "figures" })[0])
	if want := "? gain access? lose access6 without a decision? came, went or held back6 exceptions292 of 298 decided"; figures != want {
		t.Errorf("the figures are %q, not %q", figures, want)
	}
	if len(elements(page, named("figure"))) > 0 {
		t.Error("there is a picture without data")
	}
	if got := Markdown(e); !strings.Contains(got, "It is not known who changes: the plan failed.") || strings.Contains(got, "changes no user") || strings.Contains(got, "**0**") {
		t.Errorf("the summary says: %.800s", got)
	}
}

func TestFirstScreenAnswers(t *testing.T) {
	t.Parallel()
	quiet := sampled(ReadyToApprove)
	quiet.People = slices.DeleteFunc(quiet.People, func(p Person) bool { return p.Changes() })
	incomplete := sampled(NotReady)
	incomplete.Points = nil
	unbound, clean := sampled(ReadyToApprove), sampled(ReadyToApprove)
	unbound.Points = append(unbound.Points, Point{Kind: "without_ids", Title: "The resource does not know the ids"}, Point{Kind: "other_resources", Title: "More than statuses", Who: []string{"terraform_data.x: create"}})
	clean.Points = nil
	gone := sampled(AppliedAndVerified)
	gone.Points = append(gone.Points, Point{Kind: "gone_since", Title: "Not found or marked for deletion since the plan"})
	for want, e := range map[string]*Evidence{
		"✗ Not ready Do not approve this yet. 3 points stop this review. Resolve them, and plan again. 3 points are worth a look.": sampled(NotReady),
		"✗ Not ready Do not approve this yet. The plan failed, so it is not known who would change.":                               failed(),
		"✗ Not ready Do not approve this yet. The review is not complete.":                                                         incomplete,
		"▸ Ready to approve Nothing stops this review. Read the 20 changes":                                                        clean,
		"▸ Ready to approve Nothing stops this review, but 2 of 5 notes are important. Read the 20 changes below, and approve if you agree: 1 gains access, 19 lose access. Nothing is changed before the apply. The resource does not know the idsMore than statuses (1)": unbound,
		"✓ Applied and verified Each user who was to change has the status of the plan, or is not found or marked for deletion. A plan after":                                                                                                                              gone,
		"▸ Ready to approve Nothing stops this review, and 3 points are worth a look. Read the 20 changes below, and approve if you agree: 1 gains access, 19 lose access.":                                                                                                sampled(ReadyToApprove),
		"▸ Ready to approve Nothing stops this review, and 3 points are worth a look. The plan changes no user.":                                                                                                                                                           quiet,
		"▸ Applied, not verified The apply has ended, but no plan after it shows the result. It is not known whether each user is as planned.":                                                                                                                             sampled(AppliedNotVerified),
		"✗ Applied, with open points The apply has ended, but not everything is as planned. 1 point is open.":                                                                                                                                                              sampled(AppliedWithPoints),
		"✓ Applied and verified Each user who was to change has the status of the plan. A plan after the apply has read the tenant again.":                                                                                                                                 sampled(AppliedAndVerified),
		"✗ Excellent Do not approve this yet. The conclusion is not one that this page knows.":                                                                                                                                                                             {Title: "New", Conclusion: "Excellent"},
	} {
		page := parsed(t, e)
		if got := words(section(t, page, "conclusion")); !strings.HasPrefix(got, want) {
			t.Errorf("the banner says %q, not %q", got, want)
		}
		if got := Markdown(e); !strings.Contains(got, ": "+string(e.Conclusion)+"\n") {
			t.Errorf("the summary does not conclude %s", e.Conclusion)
		}
	}
}

func TestVerifiedPageShowsWhoIsNotAsPlanned(t *testing.T) {
	t.Parallel()
	e := sampled(AppliedWithPoints)
	rows := elements(section(t, parsed(t, e), "changes"), named("tr"))
	if len(rows) != 21 || !strings.HasSuffix(words(rows[1]), "✗ not seen") || !strings.HasSuffix(words(rows[2]), "✓ Disabled") {
		t.Errorf("%d rows: %q, %q", len(rows), words(rows[1]), words(rows[2]))
	}
	if !strings.Contains(Markdown(e), "| `not seen` |") {
		t.Error("the summary does not say who was not seen")
	}
}

func TestTablesOfSourcesAndReviewersCount(t *testing.T) {
	t.Parallel()
	e := &Evidence{Conclusion: ReadyToApprove, People: []Person{
		{Email: "a@example.com", IdentitySource: "LDAP", Decision: review.Keep, Outcome: review.Keeps, Reviewer: "Ada@example.com", DecidedOn: "2026-11-09"},
		{Email: "b@example.com", IdentitySource: "LDAP", Decision: review.Remove, Outcome: review.Loses, Reviewer: "ada@example.com", DecidedOn: "2026-11-02"},
		{Email: "c@example.com", IdentitySource: "LDAP", Joined: true, Outcome: review.Joined},
		{Email: "d@example.com", Decision: review.Restore, Outcome: review.Gains, Reviewer: "bob@example.com"},
	}}
	var rows []string
	for _, row := range elements(section(t, parsed(t, e), "population"), named("tr")) {
		var cells []string
		for _, cell := range elements(row, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" }) {
			cells = append(cells, words(cell))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	want := []string{
		"Identity source|In the roster|gains access|loses access|joined|keeps access",
		"LDAP|2|–|1|1|1", "none|1|1|–|–|–",
		"Reviewer|Decisions|keep|remove|restore|From|To",
		"Ada@example.com|2|1|1|0|2026-11-02|2026-11-09", "bob@example.com|1|0|0|1||",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%q\nis not\n%q", rows, want)
	}
}

// TestThePageReportsWhatIsNotKnown on the page and in the summary, instead of "none".
func TestThePageReportsWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	const noPlanLog, noApplyLog = "No log of the plan was given: its warnings are not known.", "No log of the apply was given: its warnings are not known."
	t.Run("who joined", func(t *testing.T) {
		t.Parallel()
		e := noted()
		e.People = slices.DeleteFunc(e.People, func(p Person) bool { return p.Outcome == review.Joined })
		page := parsed(t, e)
		if text := words(section(t, page, "moved")); !strings.Contains(text, "It is not known who joined, since the plan did not see all users of the tenant. This is what is known:") {
			t.Errorf("the section says %q", text)
		}
		if text := words(section(t, page, "population")); !strings.Contains(text, "Users by identity source. It is not known who joined, since") {
			t.Errorf("the population says %q", text)
		}
		e.People = slices.DeleteFunc(e.People, func(p Person) bool { return lookOf(p.Outcome).Share == open })
		if text := words(section(t, parsed(t, e), "moved")); !strings.HasSuffix(text, "It is not known who joined, since the plan did not see all users of the tenant.") {
			t.Errorf("the section says %q", text)
		}
		for _, f := range survey(e).Figures() {
			if f.Label == "came, went or held back" && f.Number != "?" {
				t.Errorf("%s %s", f.Number, f.Label)
			}
		}
		after := sampled(AppliedAndVerified)
		after.JoinedAfterUnknown = true
		if text := words(section(t, parsed(t, after), "moved")); !strings.Contains(text, "It is not known who joined after the plan, since the plan after the apply") {
			t.Errorf("the section says %q", text)
		}
	})
	t.Run("what was decided", func(t *testing.T) {
		t.Parallel()
		e := sampled(NotReady)
		e.Points = append(e.Points, Point{Kind: "worksheets", Stops: true, Title: "The worksheets have mistakes"})
		if got := Markdown(e); !strings.Contains(got, "| **?** |") || !strings.Contains(got, "| **? of 298** |") {
			t.Errorf("%.600s", got)
		}
	})
	for name, test := range map[string]struct {
		of           *Evidence
		said, unsaid []string
	}{
		"no log of a plan":   {lacking(sampled(ReadyToApprove), rolePlanLog), []string{noPlanLog}, []string{noApplyLog, "The logs have no error and no warning."}},
		"no log of an apply": {lacking(sampled(AppliedAndVerified), roleApplyLog), []string{noApplyLog}, []string{noPlanLog, "The logs have no error and no warning."}},
		"all logs":           {sampled(AppliedAndVerified), nil, []string{noPlanLog, noApplyLog}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.of.Said = nil
			for _, text := range []string{words(section(t, parsed(t, test.of), "said")), Markdown(test.of)} {
				for _, want := range test.said {
					if !strings.Contains(text, want) {
						t.Errorf("%q is missing: %.900s", want, text)
					}
				}
				for _, not := range test.unsaid {
					if strings.Contains(text, not) {
						t.Errorf("%q is there", not)
					}
				}
			}
		})
	}
}

// lacking removes a file from a record.
func lacking(e *Evidence, role string) *Evidence {
	e.Inputs = slices.DeleteFunc(e.Inputs, func(in Input) bool { return in.Role == role })
	return e
}

func TestVerifiedPageHasTheStatusOfEachUser(t *testing.T) {
	t.Parallel()
	e := sampled(AppliedAndVerified)
	page := parsed(t, e)
	head, body := 0, 0
	for i, row := range elements(section(t, page, "all"), named("tr")) {
		cells := elements(row, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" })
		if i == 0 {
			head = slices.IndexFunc(cells, func(n *html.Node) bool { return words(n) == "After the apply" })
			continue
		}
		p := &e.People[i-1]
		want := cmp.Or(p.StatusAfter, "–")
		if p.Since != "" {
			want, body = want+" changed", body+1
			if !strings.Contains(words(row), p.Since) {
				t.Errorf("%s: %q is missing", p.Email, p.Since)
			}
		}
		if got := words(cells[head]); got != want {
			t.Fatalf("%s: %q after the apply, not %q", p.Email, got, want)
		}
	}
	if body != 1 {
		t.Errorf("%d users were changed since", body)
	}
	if text := words(section(t, page, "changes")); !strings.Contains(text, "1 other user was changed since the plan, but not by it") || strings.Contains(text, "ll others") {
		t.Errorf("the changes say %.300q", text)
	}
	for want, e := range map[string]*Evidence{
		"The plan leaves the status of all others as it is.": sampled(ReadyToApprove), "All others stayed as they were.": undisturbed(sampled(AppliedAndVerified)), "": sampled(NotReady),
	} {
		if got := survey(e).Others(); got != want {
			t.Errorf("%s: %q, not %q", e.Conclusion, got, want)
		}
	}
}

// undisturbed removes what others did after the plan.
func undisturbed(e *Evidence) *Evidence {
	for i := range e.People {
		e.People[i].Since = ""
	}
	return e
}
