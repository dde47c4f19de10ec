// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Two users who have each other's name are noticed, in any letters.
func TestNamesThatWereSwappedAreRefused(t *testing.T) {
	t.Parallel()
	for _, names := range [][2]string{
		{"王伟", "李娜"}, {"Иван Петров", "Олег Сидоров"}, {"אבי כהן", "דוד לוי"}, {"山田太郎", "佐藤花子"}, {"محمد علي", "أحمد حسن"}, {"Γιώργος", "Νικόλας"},
		{"Zoë", "Zoé"}, {"Müller", "Möller"}, {"Łukasz", "Šukasz"}, {"Ng Ä", "Ng Ö"}, {"Ada B", "Ada C"}, {"???", "王王王"}, {"O'Neil", "ONeil"},
	} {
		users := []User{{ID: "id-1", Email: "a@example.com", Status: "Enabled"}, {ID: "id-2", Email: "b@example.com", Status: "Enabled"}}
		for i := range users {
			users[i].Name, users[i].IdentitySource = names[i], names[i]
		}
		for _, column := range []string{columnName, columnIdentitySource} {
			worksheet := func(first, second string) File {
				return File{"a.csv", fmt.Sprintf("id,email,%s,decision,reason,reviewer,expires\nid-1,a@example.com,%s,keep,,Grace,\nid-2,b@example.com,%s,remove,left,Grace,\n", column, first, second)}
			}
			roster := File{"roster.csv", WriteRoster(users)}
			_, err := Read(roster, []File{worksheet(names[1], names[0])}, noonOn10December)
			want := fmt.Sprintf("a.csv:2: the %s %q is not the one in roster.csv:2 (%q): cells may have moved to another row. Take the row from a new worksheet", column, names[1], names[0])
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", names, err)
			}
			if _, err := Read(roster, []File{worksheet(norm.NFD.String(strings.ToUpper(names[0])), " "+names[1]+"  ")}, noonOn10December); err != nil {
				t.Errorf("%s in capitals, decomposed: %v", names, err)
			}
		}
	}
}

// A name in a wrong encoding is still that name, and no other.
func TestANameInAWrongEncodingIsKnown(t *testing.T) {
	t.Parallel()
	misread := func(encoding *charmap.Charmap, text string) string {
		read, err := encoding.NewDecoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return read
	}
	for _, name := range []string{"Ben Müller", "Bén", "Łukasz Żółć", "Иван Петров", "王伟", "À la", "Zoë 😀"} {
		lost := func(mark string) string {
			return strings.Map(func(r rune) rune {
				if r < 0x80 {
					return r
				}
				return []rune(mark)[0]
			}, name)
		}
		for what, cell := range map[string]string{
			"as windows-1252": misread(charmap.Windows1252, name), "as latin-1": misread(charmap.ISO8859_1, name),
			"lost as ?": lost("?"), "lost as U+FFFD": lost("\ufffd"), "lost byte by byte": strings.ReplaceAll(lost("?"), "?", "??"),
		} {
			if !isSameText(cell, name) {
				t.Errorf("%s %s: %q is not known", name, what, cell)
			}
		}
	}
	for _, others := range [][2]string{{"Möller", "Müller"}, {"MÃ¶ller", "Müller"}, {"Muller", "Müller"}, {"Mller", "Müller"}, {"M?ller", "Muller"}, {"???", "Ben"}, {"?", "Zoë"}, {"Ada ByronÃ¼?", "Ada Byron"}, {"ада", "Ада Б"}} {
		if isSameText(others[0], others[1]) {
			t.Errorf("%q counts as %q", others[0], others[1])
		}
	}
}

func TestAnAddressInAWrongEncodingIsExplained(t *testing.T) {
	t.Parallel()
	jürgen := User{ID: "x1", Email: "jürgen@example.com", Status: "Enabled"}
	for email, want := range map[string]string{
		"jÃ¼rgen@example.com":     `a.csv:2: the id "x1" belongs to jürgen@example.com in the roster, not to "jÃ¼rgen@example.com". It looks like jürgen@example.com in a wrong encoding: open the file as UTF-8, and save it as CSV UTF-8`,
		"j\ufffdrgen@example.com": "a.csv:2: the id \"x1\" belongs to jürgen@example.com in the roster, not to \"j\ufffdrgen@example.com\". Characters were lost in a wrong encoding: open the file as UTF-8, and save it as CSV UTF-8",
	} {
		text := "id,email,decision,reason,reviewer,expires\nx1," + email + ",keep,,Grace,\n"
		if _, err := Read(File{"roster.csv", WriteRoster([]User{jürgen})}, []File{{"a.csv", text}}, noonOn10December); err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	}
}

// filled returns a worksheet as written and then filled in, by its rows.
func filled(t *testing.T) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(WriteWorksheet([]User{ada, ben, cleo}, "Grace", nil), byteOrderMark))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	decision := slices.Index(rows[0], columnDecision)
	reason := slices.Index(rows[0], columnReason)
	for i, decided := range [][]string{{"keep", ""}, {"keep", ""}, {"remove", "left"}} {
		rows[1+i][decision], rows[1+i][reason] = decided[0], decided[1]
	}
	return rows
}

func textOf(t *testing.T, rows [][]string) string {
	t.Helper()
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Sorting only a block of columns is noticed if it changes a decision: any block that has
// decision and its neighbor on the right, and any that ends with the last column.
func TestDecisionsThatMovedToOtherRowsAreRefused(t *testing.T) {
	t.Parallel()
	rows := filled(t)
	if _, err := Read(roster, []File{{"a.csv", textOf(t, rows)}}, noonOn10December); err != nil {
		t.Fatal(err)
	}
	last := len(rows[0]) - 1
	decision := slices.Index(rows[0], columnDecision)
	const (
		movedDecision = `a.csv:2: decision_for is "ben@example.com", but email is "Ada@example.com": the cells of decisions have moved to other rows. Restore an earlier version of the file, or decide in a new worksheet`
		movedID       = `the id "1002" belongs to ben@example.com in the roster, not to Ada@example.com`
		movedEmail    = `the id "1001" belongs to Ada@example.com in the roster, not to ben@example.com`
	)
	for from := range rows[0] {
		for to := from; to <= last; to++ {
			if to != last && (from > decision || to <= decision) {
				continue
			}
			moved := filled(t)
			for i := range moved[1:] {
				copy(moved[1+i][from:to+1], rows[1+(i+1)%3][from:to+1])
			}
			_, err := Read(roster, []File{{"a.csv", textOf(t, moved)}}, noonOn10December)
			want := movedDecision
			switch {
			case from == 0 && to == last:
				if err != nil {
					t.Errorf("whole rows in another order: %v", err)
				}
				continue
			case to == last:
				want = movedID
			case from == 0:
				want = movedEmail
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("columns %s to %s: %v", rows[0][from], rows[0][to], err)
			}
		}
	}
}

func TestACellUnderDecisionForIsTheAddress(t *testing.T) {
	t.Parallel()
	for cell, accepted := range map[string]bool{"Ada@example.com": true, " ADA@EXAMPLE.COM ": true, "": false, "eve@example.com": false} {
		text := "id,email,decision,reason,reviewer,expires,Decision for\n1001,ada@example.com,keep,,Grace,," + cell +
			"\n1002,ben@example.com,,,,,ben@example.com\n1003,cleo@example.com,,,,,cleo@example.com\n"
		_, err := Read(roster, []File{{"a.csv", text}}, noonOn10December)
		if (err == nil) != accepted || err != nil && !strings.HasPrefix(err.Error(), fmt.Sprintf(`a.csv:2: decision_for is %q, but email is "ada@example.com"`, cell)) {
			t.Errorf("%q: %v", cell, err)
		}
	}
}

func TestMarksOfAnotherUserAreRefused(t *testing.T) {
	t.Parallel()
	row := func(risk, pending string) string {
		return "id,email,high_risk,pending_deletion,decision,reason,reviewer,expires\n1001,ada@example.com,,,keep,,Grace,\n1002,ben@example.com," + risk + "," + pending + ",keep,,Grace,\n1003,cleo@example.com,,,,,,\n"
	}
	for text, want := range map[string]string{
		row("TRUE", "FALSE"): "", row("WAHR", "FALSCH"): "", row("", ""): "",
		row("false", "false"): "a.csv:3: high_risk is false, but true in roster.csv:3: cells may have moved to another row. Take the row from a new worksheet",
		row("true", "True"):   "a.csv:3: pending_deletion is true, but false in roster.csv:3: cells may have moved to another row. Take the row from a new worksheet",
	} {
		if _, err := Read(roster, []File{{"a.csv", text}}, noonOn10December); (want == "") != (err == nil) || err != nil && err.Error() != want {
			t.Errorf("%v", err)
		}
	}
}
