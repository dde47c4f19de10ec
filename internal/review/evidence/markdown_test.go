// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMarkdownIsAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]*Evidence{
		"not-ready": sampled(NotReady), "ready-to-approve": sampled(ReadyToApprove), "plan-failed": failed(), "verified": sampled(AppliedAndVerified),
	} {
		got, file := Markdown(e), filepath.Join("testdata", name+".md")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs: run go test ./internal/review/evidence -update, and read what changed\n%s", file, got)
		}
	}
}

func TestMarkdownIsInert(t *testing.T) {
	t.Parallel()
	for _, conclusion := range []Conclusion{NotReady, AppliedAndVerified} {
		got := Markdown(attacked(conclusion))
		checkInert(t, got)
		for _, name := range []string{"U+202E", "U+200B", "U+001B", "0xFF", "U+0301"} {
			if !strings.Contains(got, name) {
				t.Errorf("%s is not shown", name)
			}
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, 3)
	}
	f.Add(strings.Repeat("é|`\u202e ", 20_000), 70)
	f.Fuzz(func(t *testing.T, text string, n int) {
		e := &Evidence{Title: text, Conclusion: NotReady, PlannedAt: text, TerraformVersion: text, Points: []Point{{Title: text, Text: text, Who: []string{text}}, {Stops: true, Title: text}}}
		for i := range max(0, min(n, 200)) {
			e.People = append(e.People, Person{Email: text, Address: text, Reason: text, Reviewer: text, Ticket: text, Status: text, Wanted: text, Expires: text, Outcome: outcomes[i%len(outcomes)], Decision: review.Decision(text)})
		}
		checkInert(t, Markdown(e))
	})
}

// checkInert fails if a reader of the Markdown would see more than text: GitHub's own
// parser knows the same constructs.
func checkInert(t *testing.T, markdown string) {
	t.Helper()
	if !strings.HasPrefix(markdown, "<!-- idplus-review -->\n") {
		t.Error("the first line is not the one that a bot finds its comment by")
	}
	if len(markdown) >= 60_000 || !utf8.ValidString(markdown) {
		t.Errorf("%d bytes, valid: %v", len(markdown), utf8.ValidString(markdown))
	}
	source := []byte(markdown)
	ours := map[string]bool{"<sub>": true, "</sub>": true, "</details>": true, "<!-- idplus-review -->": true}
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.AutoLink, *ast.Image:
			t.Errorf("a %s", n.Kind())
		case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.ThematicBreak, *ast.Blockquote:
			t.Errorf("a %s", n.Kind())
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				if html := string(segment.Value(source)); !ours[html] {
					t.Errorf("HTML: %.200q", html)
				}
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				html := strings.TrimSpace(string(line.Value(source)))
				if !ours[html] && !strings.HasPrefix(html, "<details><summary>Exceptions, by their end: ") && html != "" {
					t.Errorf("an HTML block: %.200q", html)
				}
			}
		case *ast.Text:
			if n.Parent().Kind() != ast.KindCodeSpan {
				checkText(t, string(n.Segment.Value(source)))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkText fails if GitHub or GitLab would make something of a text outside of a code
// span.
func checkText(t *testing.T, text string) {
	t.Helper()
	for _, sign := range []string{"@", "#1", "!12", "://", "www.e", "GH-2", "~5", "%4", ":tada:", "0123456789abcdef", "\u202e", "\u200b"} {
		if strings.Contains(text, sign) {
			t.Errorf("%q is outside of a code span: %.200q", sign, text)
		}
	}
}

func TestMarkdownCountsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, grow := range map[string]func(e *Evidence){
		"many users": func(e *Evidence) { e.People = people(10_000) },
		"long reasons": func(e *Evidence) {
			e.People = people(5000)
			for i := range e.People {
				e.People[i].Reason = strings.Repeat("\u202e", 1<<12)
			}
		},
		"many points": func(e *Evidence) {
			for i := range 3000 {
				e.Points = append(e.Points, Point{Stops: i%2 == 0, Title: "Something to settle", Who: []string{"a@example.com"}})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := sampled(NotReady)
			grow(e)
			got := Markdown(e)
			checkInert(t, got)
			counted := "who"
			if len(e.Points) > 1000 {
				counted = "points"
			}
			left := 0
			for line := range strings.Lines(got) {
				var n int
				var rest string
				if _, err := fmt.Sscanf(line, "**Not shown here: %d more %s", &n, &rest); err == nil && strings.HasPrefix(rest, counted) {
					left += n
				}
			}
			switch rows, all := strings.Count(got, " → "), len(e.Points); {
			case left == 0:
				t.Error("no line counts what did not fit")
			case counted == "who" && rows+left != len(survey(e).Changes()):
				t.Errorf("%d rows and %d left out are not %d changes", rows, left, len(survey(e).Changes()))
			case counted == "points" && strings.Count(got, "- `a@example.com`")+left > all:
				t.Errorf("%d are left out of %d points", left, all)
			}
		})
	}
}

// TestTitlesOfNotesComeBeforeTheChanges, however many changes there are.
func TestTitlesOfNotesComeBeforeTheChanges(t *testing.T) {
	t.Parallel()
	e := sampled(ReadyToApprove)
	e.People = people(10_000)
	e.Points = append(e.Points, Point{Kind: "without_ids", Title: "The resource does not know the ids of the users"})
	got := Markdown(e)
	checkInert(t, got)
	from, to := strings.Index(got, "### To note\n"), strings.Index(got, " access\n\n| user |")
	for _, want := range []string{
		fmt.Sprintf("- ⚠️ Joined since the roster (%d)\n", len(e.Points[0].Who)), "- ⚠️ Another person has the address (1)\n", "- ⚠️ Access ends within a week (1)\n",
		"- ❗ **The resource does not know the ids of the users**\n",
	} {
		if at := strings.Index(got, want); at < from || at > to {
			t.Errorf("%q is at %d, not between %d and %d", want, at, from, to)
		}
	}
	if strings.Count(got, "<!--") != 1 || !strings.Contains(got, "\n\n### ") {
		t.Errorf("%.900s", got)
	}
}

func TestErrorsAreWholeEnoughToActOn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("user@example.com may not be disabled. ", 40)
	e := failed()
	e.Said = append(e.Said, Diagnostic{Severity: "error", During: "plan", Summary: "Protected users would be disabled", Detail: long})
	e.Points[0].Who = errorsOf(e.Said)
	got := Markdown(e)
	for _, want := range []string{
		"- `Not authorized to read users: The API refused the request: 403. The client needs the permission rsa.user.read.`\n",
		"- `Protected users would be disabled: user@example.com may not be disabled. ", " not be disabled.…`\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%.2500s", want, got)
		}
	}
	if text := words(section(t, parsed(t, e), "stops")); !strings.Contains(text, "The client needs the permission rsa.user.read.") {
		t.Errorf("the page says %q", text)
	}
}

func TestHeadingIsPlainOrCodeAsAWhole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Access review 2026-Q4": "Access review 2026-Q4",
		"Q4 2026 (EMEA)":        "`Q4 2026 (EMEA)`",
		"- [x] a":               "`- [x] a`",
		"Ask @octocat":          "`Ask @octocat`",
		"":                      "",
	} {
		if got := heading(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

func TestProseLeavesPlainWordsAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Access review 2026-Q4":              "Access review 2026-Q4",
		"Joined since the roster (2), or so": "Joined since the roster (2), or so",
		"Zugänge prüfen: 30 November 2026.":  "Zugänge prüfen: 30 November 2026.",
		"see https://evil.example.":          "see `https://evil.example`.",
		"(ben@example.com)":                  "(`ben@example.com`)",
		"Fixes #1, GH-2 and PROJ-3":          "Fixes `#1`, `GH-2` and `PROJ-3`",
		"3f9c2b1 1234567 deadbeef":           "`3f9c2b1` `1234567` `deadbeef`",
		"a`b*c|d":                            "`aˋb*c¦d`",
		"  spaces\n\nand lines ":             "spaces and lines",
	} {
		if got := prose(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}
