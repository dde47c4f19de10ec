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

// elements returns the elements below a node that a selector accepts.
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
		t.Fatalf("%d sections are labeled by %s", len(found), id)
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

// shape returns the elements and attributes of a page.
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
