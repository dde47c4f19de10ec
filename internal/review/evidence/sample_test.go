// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// hostile are texts that could become markup, a link, a mention, a formula or another
// text.
var hostile = []string{
	`<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
	`</style><style>*{display:none}`, `</table><table>`, `<!-- comment -->`, `&lt;b&gt; &amp; &#64;`,
	`[click](https://evil.example/?q=1)`, `![pixel](https://evil.example/p.png)`, `https://evil.example/a`, `www.evil.example`,
	`<https://evil.example>`, `@octocat and @all`, `Fixes #1, closes GH-2`, `/close`, `!12 $3 %4 ~5 &6`, `*bold* _it_ ~~no~~`,
	"`code` ``two`` ```\nfence\n```", `a | b | c`, `\| \` + "`", `=HYPERLINK("https://evil.example")`, `{{.Title}} {{"{{"}}`,
	"admin\u202egro.elpmaxe", "zero\u200bwidth\ufeff", "line\none\r\ntwo\u2028three", "bell\a and \x1b[31mred\x1b[0m", "bad \xff\xfe bytes",
	"filler\u115f\u3164", "vs\ufe0f", "Z" + strings.Repeat("\u0301", 40), "# heading", "- item\n- item", "    indented", "|---|---|",
	":tada: 0123456789abcdef0123456789abcdef01234567", "mail to me: eve@evil.example", "javascript:alert(1)", "محمد العربي", "李小龍",
	"-->", "]]>", "\u0085", strings.Repeat("long ", 900), strings.Repeat("x", 5000), "idplus-review -->", "</details></sub>",
}

// sampled returns a record of a review of 300 users in three sources by three reviewers.
func sampled(conclusion Conclusion) *Evidence { return recorded(conclusion, people(300)) }

// attacked returns the same, with hostile texts in everything that comes from outside.
func attacked(conclusion Conclusion) *Evidence {
	e := recorded(conclusion, append(people(300), hostilePeople()...))
	for i, text := range hostile {
		e.Points = append(e.Points, Point{Kind: "hostile", Stops: i%2 == 0, Title: text, Text: text, Who: []string{text, "a@example.com " + text}})
		e.Facts = append(e.Facts, Fact{Name: text, Value: text})
		e.Said = append(e.Said, Diagnostic{Severity: []string{"error", "warning", text}[i%3], Summary: text, Detail: text, During: text})
		e.Inputs = append(e.Inputs, Input{Role: text, Name: text, SHA256: text})
		e.Resources = append(e.Resources, text)
	}
	all := strings.Join(hostile, " ")
	e.Title, e.Tenant, e.Deadline, e.PlannedAt, e.TerraformVersion, e.ProviderVersion = all[:300], all, all, all, all, all
	return e
}

// recorded returns a record about people.
func recorded(conclusion Conclusion, people []Person) *Evidence {
	e := &Evidence{
		Format: Format, Title: "Access review 2026-Q4", Phase: Planned, Conclusion: conclusion,
		Tenant: "example.access.securid.com", RosterAt: "2026-11-02T06:00:00Z", Deadline: "2026-11-20",
		PlannedAt: "2026-11-25T10:16:30Z", TerraformVersion: "1.15.9", ProviderVersion: "0.9.1", RosterProviderVersion: "0.9.0", ConfigurationSHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("main.tf"))),
		Resources: []string{"idplus_user_statuses.q4"},
		Facts: []Fact{
			{"Pull request", "https://git.example.com/security/reviews/pull/412"},
			{"Commit", "3f9c2b1e6d0c4d7f8a9b0c1d2e3f405162738495"},
			{"Approved by", "Grace Hopper (head of IT), 2026-11-25"},
			{"Pipeline", "https://git.example.com/security/reviews/actions/runs/9917"},
		},
	}
	for _, name := range []string{"roster.csv", "roster.json", "decisions/corporate-ad.csv", "decisions/engineering.csv", "decisions/partners.csv", "plan.json", "plan.jsonl"} {
		e.Inputs = append(e.Inputs, Input{Role: roleOf(name), Name: name, Bytes: 1000 * len(name), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(name)))})
	}
	e.People = people
	inRoster := len(people) - len(with(e, review.Joined))
	e.Population = Population{Users: inRoster, CountedByAPI: inRoster, EmailContains: "@"}
	if conclusion != NotReady {
		decideAll(e)
	}
	slices.SortFunc(e.People, func(a, b Person) int { return cmp.Compare(a.Email, b.Email) })
	e.Points = append(e.Points,
		Point{Kind: "joined", Title: "Joined since the roster", Text: "In the tenant, and in no review yet.", Who: with(e, review.Joined)},
		Point{Kind: "another_person", Title: "Another person has the address", Text: "The user who had it in the roster is no longer found by an email address: deleted, or without an address now. Nothing is changed; the user who has it now is in no review yet.", Who: with(e, review.AnotherPerson)},
		Point{Kind: "exception_ends_soon", Title: "Access ends within a week", Text: "Renew the exception or let it end.", Who: []string{"hanna.silva21@example.com (2026-12-01)"}},
	)
	e.Said = []Diagnostic{{Severity: "warning", During: "plan", Summary: "20 of 300 users change", Detail: "bruno.keller160@example.com: Disabled -> Enabled\nand 19 more."}}
	switch conclusion {
	case NotReady:
		e.Points = append(stopsOf(e), e.Points...)
	case AppliedAndVerified, AppliedWithPoints, AppliedNotVerified:
		e.Phase, e.AppliedAt = Applied, "2026-11-25T10:17:49.192433Z"
		e.Inputs = append(e.Inputs, Input{Role: roleApplyLog, Name: "apply.jsonl", Bytes: 11_000, SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte("apply")))})
		if conclusion != AppliedNotVerified {
			verify(e)
		}
	default:
	}
	return e
}

// roleOf returns the role of a file of a record.
func roleOf(name string) string {
	switch {
	case strings.HasSuffix(name, ".jsonl"):
		return map[string]string{"plan.jsonl": rolePlanLog, "apply.jsonl": roleApplyLog}[name]
	case strings.HasPrefix(name, "decisions/"):
		return roleWorksheet
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, ".csv"), ".json")
}

// decideAll keeps users without a decision.
func decideAll(e *Evidence) {
	for i := range e.People {
		if p := &e.People[i]; p.Outcome == review.NoDecision {
			p.Decision, p.Outcome, p.Reviewer, p.DecidedOn, p.Detail = review.Keep, review.Keeps, "rev.corporate@example.com", "2026-11-17", ""
		}
	}
}

func stopsOf(e *Evidence) []Point {
	stops := []Point{
		{Kind: "undecided", Stops: true, Title: "No decision", Text: "These users are in the roster, and their rows are empty. Fill in keep, remove or restore.", Who: with(e, review.NoDecision)},
		{Kind: "self_review", Stops: true, Title: "Reviewers decided about themselves", Text: "Let another reviewer decide.", Who: []string{"rev.engineering@example.com (decisions/engineering.csv:41)"}},
	}
	missing := Point{Kind: "missing_rows", Stops: true, Title: "Rows are missing from the worksheets", Text: "Each user of the roster has a row, decided or not. A file was cut off, or rows were deleted."}
	for i := range 92 {
		missing.Who = append(missing.Who, e.People[3*i].Email)
	}
	return append(stops, missing)
}

func verify(e *Evidence) {
	e.Phase, e.VerifiedAt = Verified, "2026-11-25T10:17:50Z"
	for i := range e.People {
		p := &e.People[i]
		p.StatusAfter = p.Status
		switch {
		case i == 12 && !p.Changes():
			p.StatusAfter, p.Since = "", notFound
			e.Points = append(e.Points, Point{Kind: "changed_since", Title: "Changed between plan and verification", Text: "These changes do not come from this review: no decision covers them.", Who: []string{p.Email + ": " + p.Since}})
		case p.Changes():
			p.StatusAfter = p.Wanted
			if e.Conclusion == AppliedWithPoints && p.Outcome == review.Gains {
				p.StatusAfter = ""
			}
		}
	}
	if e.Conclusion == AppliedWithPoints {
		e.Points = slices.Insert(e.Points, 0, Point{Kind: "not_as_planned", Stops: true, Title: "Not as planned after the apply", Text: "Apply again, or find out who changed it.", Who: with(e, review.Gains)})
	}
}

// noted returns a review that nothing stops, with all kinds of notes that an approver must
// weigh, and without a log.
func noted() *Evidence {
	e := sampled(ReadyToApprove)
	e.Points = append(e.Points,
		Point{Kind: "population_incomplete", Title: "It is not known who joined", Text: "The API refused the user search, or showed fewer users than it counted."},
		Point{Kind: "plan_incomplete", Title: "The plan is not complete", Text: "It was made with -target, or some of it waits for another apply."},
		Point{Kind: "other_resources", Title: "The plan changes more than users' statuses", Who: []string{"terraform_data.audit: create"}},
		Point{Kind: "without_ids", Title: "The resource does not know the ids of the users", Text: "Set ids = data.idplus_access_review.q4.ids."},
	)
	e.JoinedUnknown = true
	e.Inputs = slices.DeleteFunc(e.Inputs, func(in Input) bool { return in.Role == rolePlanLog })
	return e
}

// failed returns the same review with a plan that has an error.
func failed() *Evidence {
	e := sampled(NotReady)
	e.PlanFailed = true
	e.Said = []Diagnostic{{Severity: "error", During: "plan", Summary: "Not authorized to read users", Detail: "The API refused the request: 403.\n\nThe client needs the permission rsa.user.read."}}
	e.Points = []Point{{Kind: "plan_failed", Stops: true, Title: "The plan failed", Text: "It is not known who changes. Resolve the errors, and plan again.", Who: errorsOf(e.Said)}}
	kept := e.People[:0]
	for _, p := range e.People {
		if !p.Joined {
			p.Outcome, p.Status, p.Wanted, p.Detail, p.Address = "", "", "", "", ""
			kept = append(kept, p)
		}
	}
	e.People = kept
	return e
}

func with(e *Evidence, outcome review.Outcome) []string {
	var who []string
	for _, p := range e.People {
		if p.Outcome == outcome {
			who = append(who, p.Email)
		}
	}
	return who
}

func people(n int) []Person {
	first := []string{"aisha", "bruno", "chiara", "daniel", "esra", "farid", "greta", "hanna", "ivo", "jana", "karim", "lena", "omar", "priya"}
	last := []string{"kowalska", "rossi", "dubois", "martin", "popescu", "keller", "haas", "weber", "novak", "berg", "silva"}
	source := []string{"Corporate AD", "Corporate AD", "Corporate AD", "Engineering LDAP", "Partners"}
	reviewers := map[string]string{"Corporate AD": "rev.corporate@example.com", "Engineering LDAP": "rev.engineering@example.com", "Partners": "rev.partners@example.com"}
	list := make([]Person, 0, n)
	for i := range n {
		given, family := first[i%len(first)], last[i%len(last)]
		p := Person{
			ID: fmt.Sprintf("%08x-4c5d-4e6f-8a9b-%012x", uint32(i)*2654435761, i), Email: fmt.Sprintf("%s.%s%d@example.com", given, family, i),
			Name: strings.ToUpper(given[:1]) + given[1:] + " " + strings.ToUpper(family[:1]) + family[1:], IdentitySource: source[i%len(source)],
			LastSignedIn: fmt.Sprintf("2026-%02d-%02dT08:00:00Z", 1+i%11, 1+i%28), HighRisk: i%97 == 16,
			RosterStatus: "Enabled", Status: "Enabled", Wanted: "Enabled", Decision: review.Keep, Outcome: review.Keeps,
			DecidedOn: fmt.Sprintf("2026-11-%02d", 3+i%15),
		}
		p.Reviewer = reviewers[p.IdentitySource]
		p.Row = fmt.Sprintf("decisions/%s.csv:%d", strings.ToLower(strings.ReplaceAll(p.IdentitySource, " ", "-")), i/3+2)
		vary(&p, i)
		list = append(list, p)
	}
	return list
}

// vary gives every few users another outcome.
func vary(p *Person, i int) {
	set := func(outcome review.Outcome, roster, status, wanted string) {
		p.Outcome, p.RosterStatus, p.Status, p.Wanted = outcome, roster, status, wanted
	}
	switch {
	case i == 81:
		set(review.Loses, "Enabled", "Enabled", "Disabled")
		p.Expires, p.Ended, p.Reason, p.Detail = "2026-10-31", true, "external auditor", "access ended: 2026-10-31"
	case i == 58:
		set(review.AnotherPerson, "Enabled", "Enabled", "")
		p.Detail = "the address now belongs to another user, with the id 9f1c"
	case i == 103:
		p.Address = "greta.married103@example.com"
		p.Detail = "the address is now greta.married103@example.com"
	case i%17 == 5:
		set(review.Loses, "Enabled", "Enabled", "Disabled")
		p.Decision, p.Reason, p.Ticket = review.Remove, "left the project in October", fmt.Sprintf("HR-%d", 1000+i)
	case i%160 == 0 && i > 0 || i == 243:
		set(review.Gains, "Disabled", "Disabled", "Enabled")
		p.Decision, p.Reason, p.Ticket = review.Restore, "back from parental leave on 1 December", "HR-1203"
	case i%41 == 21:
		p.Expires, p.Reason, p.Ticket = fmt.Sprintf("2026-12-%02d", 30-i%29), "needed until the migration ends", "RISK-64"
	case i%16 == 9:
		set(review.StaysDisabled, "Disabled", "Disabled", "Disabled")
	case i%61 == 31:
		set(review.HeldBack, "Enabled", "Disabled", "Disabled")
		p.Detail = "Enabled in the roster, Disabled now: keep enables no user"
	case i%90 == 34:
		set(review.PendingDeletion, "Enabled", "Enabled", "")
		p.Detail = "marked for deletion in the tenant"
	case i%100 == 44:
		set(review.Left, "Enabled", "", "")
		p.Detail = "no user with this id is found by an email address"
	case i%75 == 62:
		*p = Person{ID: p.ID, Email: p.Email, Name: p.Name, IdentitySource: p.IdentitySource, Joined: true, Status: "Enabled", Outcome: review.Joined, Detail: "not in the roster"}
	case i%43 == 7:
		set(review.NoDecision, "Enabled", "Enabled", "Enabled")
		p.Decision, p.Reviewer, p.DecidedOn, p.Detail = "", "", "", "no decision: status unchanged"
	}
}

// hostilePeople have each hostile text where texts from outside are.
func hostilePeople() []Person {
	list := make([]Person, 0, len(hostile))
	for i, text := range hostile {
		list = append(list, Person{
			ID: fmt.Sprintf("%08d-%s", i, text), Email: fmt.Sprintf("mallory%d.%s@example.com", i, text), Address: text, Name: text, IdentitySource: text,
			LastSignedIn: text, RosterStatus: text, Status: text, Wanted: text, StatusAfter: text, Decision: review.Decision(text), Outcome: outcomes[i%len(outcomes)],
			Reason: text, Reviewer: text, DecidedOn: text, Expires: text, Ticket: text, Row: text, Detail: text,
		})
	}
	return list
}

// manySources returns a record with fifty identity sources, some with long names.
func manySources() *Evidence {
	e := sampled(ReadyToApprove)
	for i := range e.People {
		name := fmt.Sprintf("Source %d", i%50)
		if i%50 < 4 {
			name += strings.Repeat(" of a company with a long name", 4) + strings.Repeat("x", 100)
		}
		e.People[i].IdentitySource = name
	}
	return e
}

// watched returns a night in which a user was enabled again, and exceptions end.
func watched() *Evidence {
	e := sampled(DiffersFromReview)
	e.Phase = Watched
	for i := range e.People {
		switch p := &e.People[i]; {
		case p.Outcome == review.Gains, p.Outcome == review.Loses && !p.Ended && i%2 == 0:
			p.Outcome, p.Status = map[review.Outcome]review.Outcome{review.Gains: review.Keeps, review.Loses: review.StaysDisabled}[p.Outcome], p.Wanted
		case p.Outcome == review.Loses && !p.Ended:
			p.Drift = "Disabled -> Enabled"
			e.Points = append(e.Points, Point{Kind: "drift", Title: "Changed outside of Terraform", Who: []string{p.Email + ": " + p.Drift}})
		}
	}
	return e
}
