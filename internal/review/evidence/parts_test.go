// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

func TestPiecesShowWhatWouldDeceive(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ben@example.com":                     "ben@example.com",
		"Zoë 李小龍 محمد":                        "Zoë 李小龍 محمد",
		"admin\u202egro":                      "admin⟨U+202E⟩gro",
		"a\u200bb\ufeff":                      "a⟨U+200B⟩b⟨U+FEFF⟩",
		"one\ntwo\r\nthree\rfour":             "one⟨↵⟩two⟨↵⟩three⟨U+000D⟩four",
		"tab\tbell\a":                         "tab bell⟨U+0007⟩",
		"bad \xff":                            "bad ⟨0xFF⟩",
		"a replacement \ufffd":                "a replacement \ufffd",
		"e" + strings.Repeat("\u0301", 6):     "e\u0301\u0301\u0301\u0301⟨U+0301⟩⟨U+0301⟩",
		"vs\ufe0f":                            "vs⟨U+FE0F⟩",
		strings.Repeat("é", longest+3):        strings.Repeat("é", longest) + "⟨… and 3 more⟩",
		strings.Repeat("e", longest+1):        strings.Repeat("e", longest) + "⟨… and 1 more⟩",
		strings.Repeat("\u200b", longest)[3:]: strings.Repeat("⟨U+200B⟩", longest-1),
	} {
		if got := plain(text); got != want {
			t.Errorf("%.60q became %.60q, not %.60q", text, got, want)
		}
	}
}

func FuzzPieces(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := 0
		for _, p := range pieces(text) {
			if !utf8.ValidString(p.Text) {
				t.Errorf("%q is not UTF-8", p.Text)
			}
			if p.Odd {
				shown++
				continue
			}
			shown += utf8.RuneCountInString(p.Text)
			for _, r := range p.Text {
				if name := nameOfOdd(r, utf8.RuneLen(r), string(r)); name != "" {
					t.Errorf("%U of %q is shown as it is", r, text)
				}
			}
		}
		if all := utf8.RuneCountInString(text); all <= longest && shown != all-strings.Count(text, "\r\n") {
			t.Errorf("%d of the %d characters of %q are shown", shown, all, text)
		}
	})
}

func TestEveryOutcomeHasALook(t *testing.T) {
	t.Parallel()
	if len(outcomes)+1 != len(looks) {
		t.Errorf("%d outcomes have a column, and %d a look", len(outcomes), len(looks))
	}
	for _, outcome := range outcomes {
		if _, ok := looks[outcome]; !ok {
			t.Errorf("%s has no look", outcome)
		}
	}
	if got := lookOf("new"); got.Words != "new" || got.Share != open {
		t.Errorf("an outcome that is new is shown as %v", got)
	}
}

func TestBarsShowTheFewBesideTheMany(t *testing.T) {
	t.Parallel()
	list := parts(map[review.Outcome]int{review.Keeps: 9_997, review.Gains: 1, review.Left: 1, review.Joined: 1})
	if len(list) != 3 || list[0].Share != gaining || list[1].Share != open || list[1].Count != 2 || list[2].Share != keeping {
		t.Fatalf("%v", list)
	}
	end := 0.0
	for _, p := range list {
		x, width := number(t, p.X), number(t, p.Width)
		if math.Abs(x-end) > 0.02 || width < 1 {
			t.Errorf("%v begins at %v, or is too narrow to be seen", p, end)
		}
		end = x + width
	}
	if math.Abs(end-100) > 0.02 {
		t.Errorf("the bar ends at %v", end)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestManySourcesShareTheLastBar(t *testing.T) {
	t.Parallel()
	o := survey(manySources())
	bars := o.Bars()
	users := 0
	for _, b := range bars {
		users += b.Total
	}
	last := bars[len(bars)-1]
	if len(bars) != mostBars || last.Rest != 50-mostBars+1 || users != len(o.People) {
		t.Errorf("%d bars for %d users, the last for %d sources", len(bars), users, last.Rest)
	}
	for _, b := range bars[:len(bars)-1] {
		if b.Parts[0].Share > open {
			t.Errorf("%s has a bar of its own, although nothing in it changes", b.Name)
		}
	}
}
