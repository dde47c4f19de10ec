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

func TestThePageDescribesTheUsersOfTheRoster(t *testing.T) {
	t.Parallel()
	s := quarter()
	want := "5 users in the roster. The API counted 5 in the tenant by the search for addresses with @; users without such an address are not in the roster. Users by"
	if text := words(section(t, parsed(t, s.evidence(t)), "population")); !strings.Contains(text, want) {
		t.Errorf("the section says %q", text)
	}
	s.manifest.Scope.IdentitySources = []string{"AD", "LDAP"}
	want = "are not in the roster. The roster has only the identity sources AD and LDAP. "
	if text := words(section(t, parsed(t, s.evidence(t)), "population")); !strings.Contains(text, want) {
		t.Errorf("the section says %q", text)
	}
}

func TestEveryDecisionShowsNameAndLastSignIn(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.roster[1].Name, s.roster[1].LastSignedIn = "Ben Okafor", "2026-10-30T07:12:44Z"
	rows := elements(section(t, parsed(t, s.evidence(t)), "all"), named("tr"))
	if text := words(rows[2]); !strings.Contains(text, "Ben Okafor") || !strings.Contains(text, "2026-10-30") || strings.Contains(text, "07:12") {
		t.Errorf("the row is %q", text)
	}
}

// TestThePictureShowsWhatIsOpen, since "open" beside "0 without a decision" says nothing.
func TestThePictureShowsWhatIsOpen(t *testing.T) {
	t.Parallel()
	e := &Evidence{Conclusion: ReadyToApprove, People: []Person{
		{Email: "a@example.com", IdentitySource: "AD", Outcome: review.Joined, Joined: true}, {Email: "b@example.com", IdentitySource: "AD", Outcome: review.Joined, Joined: true},
		{Email: "c@example.com", IdentitySource: "AD", Outcome: review.PendingDeletion}, {Email: "d@example.com", IdentitySource: "AD", Outcome: review.Keeps},
	}}
	figure := words(elements(parsed(t, e), named("figure"))[0])
	for _, want := range []string{"3 open (1 pending deletion, 2 joined) 1 keeps access", "4 users: 3 open (1 pending deletion, 2 joined), 1 keeps access"} {
		if !strings.Contains(figure, want) {
			t.Errorf("the picture says %q, and not %q", figure, want)
		}
	}
}

// TestAFailedPlanReportsWhoJoinedOrThatItIsNotKnown, and not both.
func TestAFailedPlanReportsWhoJoinedOrThatItIsNotKnown(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
	s.plan = func(p object) { p["errored"] = true }
	page := parsed(t, s.evidence(t))
	text := words(section(t, page, "moved"))
	figures := words(elements(page, func(n *html.Node) bool { return attribute(n, "class") == "figures" })[0])
	if !strings.Contains(text, "It is not known who is held back, since the plan failed. This is what is known:") || strings.Contains(text, "Not known") || !strings.Contains(text, "Cy@example.com") || !strings.Contains(figures, "1 came or went") {
		t.Errorf("the section says %q, the figures %q", text, figures)
	}
	s.plan = func(p object) { p["errored"] = true; delete(p, "prior_state") }
	if text := words(section(t, parsed(t, s.evidence(t)), "moved")); !strings.Contains(text, "Not known: the plan failed.") || strings.Contains(text, "@") {
		t.Errorf("the section says %q", text)
	}
}
