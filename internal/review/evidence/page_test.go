// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// parsed returns the page about a record as a browser understands it.
func parsed(t *testing.T, e *Evidence) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, e); err != nil {
		t.Fatal(err)
	}
	tree, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// elements returns the elements below a node that a selector takes.
func elements(n *html.Node, take func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && take(d) {
			list = append(list, d)
		}
	}
	return list
}

func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// section returns the section of the page whose heading has an id.
func section(t *testing.T, page *html.Node, id string) *html.Node {
	t.Helper()
	found := elements(page, func(n *html.Node) bool { return n.Data == "section" && attribute(n, "aria-labelledby") == id })
	if len(found) != 1 {
		t.Fatalf("%d sections are labelled by %s", len(found), id)
	}
	return found[0]
}

func TestPageHasEveryUserOnceInEveryDecision(t *testing.T) {
	t.Parallel()
	for name, e := range states() {
		if len(e.People) == 0 {
			continue
		}
		var got, want []string
		for _, row := range elements(section(t, parsed(t, e), "all"), named("tr"))[1:] {
			got = append(got, words(elements(row, named("bdi"))[0]))
		}
		for _, p := range e.People {
			var b strings.Builder
			for _, half := range splitAddress(p.Email) {
				for _, piece := range pieces(half) {
					b.WriteString(piece.Text)
				}
			}
			want = append(want, strings.Join(strings.Fields(b.String()), " "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the table has %d users, the record %d: %s", name, len(got), len(want), cmp.Diff(want, got))
		}
	}
}

// shape is which elements and attributes a page has.
func shape(page *html.Node) map[string]bool {
	kinds := map[string]bool{}
	for _, n := range elements(page, func(*html.Node) bool { return true }) {
		kinds["<"+n.Data+">"] = true
		for _, a := range n.Attr {
			kinds[n.Data+" "+a.Key] = true
		}
	}
	return kinds
}

func TestHostileTextsAddNoElementAndNoAttribute(t *testing.T) {
	t.Parallel()
	tame := map[string]bool{}
	for name, e := range states() {
		if name != "hostile texts" {
			for kind := range shape(parsed(t, e)) {
				tame[kind] = true
			}
		}
	}
	tame[`<span>`], tame[`span class`] = true, true
	page := parsed(t, attacked(NotReady))
	for kind := range shape(page) {
		if !tame[kind] {
			t.Errorf("hostile texts made %s", kind)
		}
	}
	for d := range page.Descendants() {
		if d.Type == html.CommentNode {
			t.Errorf("a comment: %q", d.Data)
		}
	}
	text := words(page)
	for _, odd := range []string{"\u202e", "\u200b", "\ufeff", "\x1b", "\a", "\u2028", "\u3164", "\ufe0f"} {
		if strings.Contains(text, odd) {
			t.Errorf("%q is on the page as it is", odd)
		}
	}
	if n := len(elements(page, func(n *html.Node) bool {
		return n.Data == "tr" && strings.Contains(words(n), "mallory12.@octocat and @all")
	})); n == 0 {
		t.Error("the hostile users are not on the page")
	}
}

func TestPageDoesNothingByItself(t *testing.T) {
	t.Parallel()
	for name, e := range states() {
		page := parsed(t, e)
		ids := map[string]int{}
		for _, n := range elements(page, func(*html.Node) bool { return true }) {
			if id := attribute(n, "id"); id != "" {
				ids[id]++
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"src", "srcset", "action", "data", "style", "poster", "background"}, a.Key) {
					t.Errorf("%s: <%s %s>", name, n.Data, a.Key)
				}
			}
			if slices.Contains([]string{"script", "img", "link", "iframe", "object", "embed", "form", "base", "video", "audio", "use"}, n.Data) {
				t.Errorf("%s: <%s>", name, n.Data)
			}
		}
		for _, a := range elements(page, named("a")) {
			target, isFragment := strings.CutPrefix(attribute(a, "href"), "#")
			if !isFragment || ids[target] != 1 {
				t.Errorf("%s: a link to %q, of which there are %d", name, attribute(a, "href"), ids[target])
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: the id %s is there %d times", name, id, n)
			}
		}
		policy := elements(page, func(n *html.Node) bool {
			return n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" && attribute(n, "content") == "default-src 'none'; style-src 'unsafe-inline'"
		})
		if len(policy) != 1 {
			t.Errorf("%s: the page's policy is not the one that forbids scripts and requests", name)
		}
	}
}

func TestTablesAndHeadingsGuideAScreenReader(t *testing.T) {
	t.Parallel()
	page := parsed(t, sampled(NotReady))
	for _, table := range elements(page, named("table")) {
		if len(elements(table, named("caption"))) != 1 {
			t.Error("a table has no caption")
		}
		for _, th := range elements(table, named("th")) {
			if attribute(th, "scope") == "" {
				t.Errorf("the header %q has no scope", words(th))
			}
		}
	}
	level := 0
	for _, h := range elements(page, func(n *html.Node) bool { return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] <= '6' }) {
		next := int(h.Data[1] - '0')
		if next > level+1 {
			t.Errorf("the heading %q leaves out a level", words(h))
		}
		level = next
	}
}

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

func TestSameRecordGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, e := range states() {
		var once, again bytes.Buffer
		if err := WriteHTML(&once, e); err != nil {
			t.Fatal(err)
		}
		if err := WriteHTML(&again, e); err != nil {
			t.Fatal(err)
		}
		summary := Markdown(e)
		if !bytes.Equal(once.Bytes(), again.Bytes()) || summary != Markdown(e) {
			t.Errorf("%s: the second writing differs", name)
		}
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

func BenchmarkWriteHTML(b *testing.B) {
	e := sampled(ReadyToApprove)
	e.People = people(5000)
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteHTML(io.Discard, e); err != nil {
			b.Fatal(err)
		}
	}
}
