// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
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
		t.Error("there is a picture of what is not known")
	}
	if got := Markdown(e); !strings.Contains(got, "Who changes is not known: the plan failed.") || strings.Contains(got, "changes no user") || strings.Contains(got, "**0**") {
		t.Errorf("the summary says: %.800s", got)
	}
}

func TestFirstScreenAnswers(t *testing.T) {
	t.Parallel()
	quiet := sampled(ReadyToApprove)
	quiet.People = slices.DeleteFunc(quiet.People, func(p Person) bool { return p.Changes() })
	incomplete := sampled(NotReady)
	incomplete.Points = nil
	for want, e := range map[string]*Evidence{
		"✗ Not ready Do not approve this yet. 3 points stop this review. Settle them, and plan again.":                                       sampled(NotReady),
		"✗ Not ready Do not approve this yet. The plan failed, so it is not known who would change.":                                         failed(),
		"✗ Not ready Do not approve this yet. The review is not complete.":                                                                   incomplete,
		"▸ Ready to approve Nothing stops this review. Read the 20 changes below, and approve if you agree: 1 gains access, 19 lose access.": sampled(ReadyToApprove),
		"▸ Ready to approve Nothing stops this review. The plan changes no user.":                                                            quiet,
		"▸ Applied, not verified The apply has ended, but no plan after it shows the result. Whether each user is as planned is not known.":  sampled(AppliedNotVerified),
		"✗ Applied, with open points The apply has ended, and not all is as planned. 1 point is open.":                                       sampled(AppliedWithPoints),
		"✓ Applied and verified Each user who was to change has the status of the plan. A plan after the apply has read the tenant again.":   sampled(AppliedAndVerified),
		"✗ Excellent Do not approve this yet. The conclusion is not one that this page knows.":                                               {Title: "New", Conclusion: "Excellent"},
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
