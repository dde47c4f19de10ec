// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A cut file is never read as something else: wherever it is cut, there is an error, or
// nothing of the review is lost.
func TestReadOfAFileThatIsCutAtEveryByte(t *testing.T) {
	t.Parallel()
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	worksheet := "\ufeff" + worksheetHeader +
		"1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,\"a project,\nsee \"\"T-2\"\"\",Grace Hopper,2026-12-01,2026-12-31T18:00:00Z,T-2\n" +
		keepsBen + "1003,cleo@example.com,,,,,keep,project,Grace Hopper,2026-12-01,2026-12-11,T-10\n"
	for name, cut := range map[string]struct {
		text string
		read func(string) (*Review, error)
	}{
		"a worksheet":                  {worksheet, func(text string) (*Review, error) { return Read(roster, []File{{"a.csv", text}}, noonOn10December) }},
		"a worksheet as it is written": {byteOrderMark + textOf(t, filled(t)), func(text string) (*Review, error) { return Read(roster, []File{{"a.csv", text}}, noonOn10December) }},
		"a worksheet with blanks":      {worksheet + ",,,,,,,,,,,\n\n\n", func(text string) (*Review, error) { return Read(roster, []File{{"a.csv", text}}, noonOn10December) }},
		"a worksheet of Windows":       {crlf(worksheet), func(text string) (*Review, error) { return Read(roster, []File{{"a.csv", text}}, noonOn10December) }},
		"a roster": {roster.Text, func(text string) (*Review, error) {
			return Read(File{"roster.csv", text}, []File{{"a.csv", worksheet}}, noonOn10December)
		}},
	} {
		whole, err := cut.read(cut.text)
		if err != nil {
			t.Fatal(err)
		}
		accepted := 0
		for i := range len(cut.text) {
			got, err := cut.read(cut.text[:i])
			if err != nil {
				continue
			}
			accepted++
			if diff := cmp.Diff(whole, got); diff != "" {
				t.Errorf("%s of %d bytes (-whole +cut):\n%s", name, i, diff)
			}
		}
		if accepted > 3 {
			t.Errorf("%s: %d of its cuts were accepted, more than there are blank lines", name, accepted)
		}
	}
}

// A worksheet with a piece missing in the middle is refused, or has the same decisions:
// only a text for people may differ.
func TestReadOfAWorksheetWithAHole(t *testing.T) {
	t.Parallel()
	holesIn(t, worksheetHeader+keepsAda+keepsBen+removesCleo, 100)
	holesIn(t, textOf(t, filled(t)), 20)
}

// holesIn removes a few or up to a number of bytes from a worksheet, at each place.
func holesIn(t *testing.T, worksheet string, most int) {
	t.Helper()
	whole, err := Read(roster, []File{{"a.csv", worksheet}}, noonOn10December)
	if err != nil {
		t.Fatal(err)
	}
	for from := range len(worksheet) {
		for n := 1; n <= min(most, len(worksheet)-from); n += 1 + n/3 {
			to := from + n
			got, err := Read(roster, []File{{"a.csv", worksheet[:from] + worksheet[to:]}}, noonOn10December)
			if err != nil {
				continue
			}
			for i := range got.Entries {
				if got, want := got.Entries[i].Row, whole.Entries[i].Row; got != want && got.Decision != Undecided {
					t.Fatalf("without bytes %d to %d: %+v, and not %+v", from, to, got, want)
				}
			}
		}
	}
}

func TestStatusesOfAFileThatIsCutAtEveryByte(t *testing.T) {
	t.Parallel()
	const csv = "email,status,expires,note\nada@example.com,Enabled,2026-12-31,\"a, b\"\nben@example.com,Enabled,2026-12-31T18:00:00+01:00,\n"
	whole, err := Statuses(csv, noonOn10December)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	for i := range len(csv) {
		got, err := Statuses(csv[:i], at)
		if err != nil {
			continue
		}
		if !strings.HasSuffix(csv[:i], "\n") {
			t.Errorf("%q is accepted", csv[:i])
		}
		for email, status := range got {
			if whole[email] == "" || status != "Disabled" {
				t.Errorf("%q: %s is %s", csv[:i], email, status)
			}
		}
	}
}
