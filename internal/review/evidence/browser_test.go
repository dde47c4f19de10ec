// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// pictures is where the pages are photographed, for people to look at. Two of them are in
// examples/access-review/pictures, for the guide:
//
//	go test ./internal/review/evidence -run TestPageInABrowser -pictures /tmp
//	pngquant 64 --strip --output examples/access-review/pictures/page.png /tmp/ready-to-approve-1280.png
//	pngquant 64 --strip --output examples/access-review/pictures/phone.png /tmp/not-ready-390.png
var pictures = flag.String("pictures", "", "folder to write screenshots to")

// inCI reports whether tests run that take long: a browser with all pages, and axe.
var inCI = os.Getenv("CI") != ""

// states are the pages that a reviewer and an auditor see. Most have few of the users who
// just keep what they have: a browser takes long over rows that differ in nothing.
func states() map[string]*Evidence {
	pages := map[string]*Evidence{
		"not ready":        sampled(NotReady),
		"ready to approve": sampled(ReadyToApprove),
		"ready with notes": noted(),
		"plan failed":      failed(),
		"a night":          watched(),
		"open points":      sampled(AppliedWithPoints),
		"verified":         sampled(AppliedAndVerified),
		"hostile texts":    attacked(NotReady),
		"fifty sources":    manySources(),
		"no user":          {Title: "Empty", Conclusion: ReadyToApprove},
	}
	for name, e := range pages {
		if name != "fifty sources" && *pictures == "" {
			e.People = fewOfMany(e.People)
		}
	}
	return pages
}

// fewOfMany leaves out most of the users who have what many others have.
func fewOfMany(people []Person) []Person {
	type kind struct {
		outcome review.Outcome
		ends    bool
	}
	same := map[kind]int{}
	return slices.DeleteFunc(people, func(p Person) bool {
		k := kind{p.Outcome, p.Expires != ""}
		same[k]++
		return same[k] > 3
	})
}

func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	axe := axeCore(t)
	for name, e := range states() {
		if few := []string{"not ready", "verified", "hostile texts"}; !inCI && *pictures == "" && !slices.Contains(few, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			shown := browser.open(t, e)
			for _, width := range []int64{1280, 390} {
				shown.resize(t, width)
				if over := shown.number(t, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("at %d pixels the page is %v pixels too wide", width, over)
				}
				shown.picture(t, name, width)
				if inCI && (width > 1000 || name == "verified") {
					t.Run(fmt.Sprintf("axe at %d", width), func(t *testing.T) { shown.check(t, axe) })
				}
				if width < 500 && name != "hostile texts" { // their title alone is longer than a screen
					answersFirst(t, shown)
				}
			}
			if told := shown.told(); len(told) > 0 {
				t.Errorf("the page did what a page without a script and a request cannot do: %q", told)
			}
		})
	}
	t.Run("paper has every user once", func(t *testing.T) { paperHasEveryUserOnce(t, browser) })
}

// answersFirst checks that a phone shows the answer without scrolling.
func answersFirst(t *testing.T, shown *shown) {
	t.Helper()
	const screen = 700
	for _, part := range []string{".banner", ".figures"} {
		if bottom := shown.number(t, fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().bottom`, part)); bottom > screen {
			t.Errorf("%s ends at %v, below a screen of %d pixels", part, bottom, screen)
		}
	}
	if lines := shown.number(t, `Math.max(0, ...[...document.querySelectorAll(".figures b")].map(b => b.offsetHeight))`); lines > 30 {
		t.Errorf("a figure breaks in two: it is %v pixels high", lines)
	}
	if over := shown.number(t, `Math.max(0, ...[...document.querySelectorAll("table.cards")].map(t => t.parentElement.scrollWidth - t.parentElement.clientWidth))`); over > 0 {
		t.Errorf("a card is %v pixels too wide", over)
	}
}

func paperHasEveryUserOnce(t *testing.T, browser *browser) {
	t.Helper()
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("skipped: pdftotext of poppler-utils is not installed (tools/browser.sh installs it)")
	}
	e := sampled(NotReady)
	pdf := browser.open(t, e).pdf(t)
	command := exec.CommandContext(t.Context(), pdftotext, "-raw", "-", "-")
	command.Stdin = bytes.NewReader(pdf)
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimRight(string(output), "\f"), "\f")
	if len(pages) > 20 {
		t.Errorf("%d users take %d pages", len(e.People), len(pages))
	}
	for i, text := range pages {
		if want := fmt.Sprintf("%d / %d", i+1, len(pages)); !strings.Contains(text, want) || !strings.Contains(text, e.Title+" · plan of") || !strings.Contains(text, string(e.Conclusion)) {
			t.Errorf("page %d has no footer with title, plan, conclusion and %q", i+1, want)
		}
	}
	all := strings.Join(strings.Fields(string(output)), "")
	if n := len(e.Points[2].Who); strings.Count(all, e.Points[2].Who[n-1]) < 2 {
		t.Error("paper does not show the users that the screen folds away")
	}
	_, decisions, found := strings.Cut(all, "Everydecision"+fmt.Sprint(len(e.People)))
	decisions, _, ended := strings.Cut(decisions, "ProofWhatthispagesays")
	if !found || !ended {
		t.Fatal("the PDF has no section of all decisions")
	}
	for _, p := range e.People {
		if n := strings.Count(decisions, p.Email); n != 1 {
			t.Errorf("the section of all decisions has %s %d times", p.Email, n)
		}
	}
	if n := strings.Count(decisions, "UserOutcomeDecision"); n < 3 {
		t.Errorf("the table's head is repeated on %d pages only", n)
	}
}
