// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteRoster(t *testing.T) {
	t.Parallel()
	hostile := User{ID: "=1+1", Email: "@dmitri", Name: "'=x\x00\xff", IdentitySource: " one\r\r\ntwo\t", Created: "2026-01-02T03:04:05Z", LastSync: "-", LastSignedIn: "2026-11", PendingDeletion: true}
	got := WriteRoster([]User{cleo, ben, ada, hostile})
	want := "id,email,name,status,identity_source,created,last_sync,last_signed_in,high_risk,pending_deletion\n" +
		"'=1+1,'@dmitri,''=x\ufffd\ufffd,,\"one\ntwo\",2026-01-02T03:04:05Z,'-,2026-11,false,true\n" +
		"1001,Ada@example.com,Ada Byron,Enabled,Directory,,,2026-11,false,false\n" +
		"1002,ben@example.com,Ben Müller,Disabled,Directory,,,,true,false\n" +
		"1003,cleo@example.com,\"'=HYPERLINK(\"\"http://x\"\")\",Enabled,\"Partners, external\",,,,false,false\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roster (-want +got):\n%s", diff)
	}
}

func TestWriteWorksheet(t *testing.T) {
	t.Parallel()
	got := WriteWorksheet([]User{ben, ada}, "grace@example.com", nil)
	const header = "\ufeffemail,name,identity_source,status,last_signed_in,high_risk,pending_deletion,decision,decision_for,reason,reviewer,decided_on,expires,ticket,id\n"
	want := header +
		"Ada@example.com,Ada Byron,Directory,Enabled,2026-11,false,false,,Ada@example.com,,grace@example.com,,,,1001\n" +
		"ben@example.com,Ben Müller,Directory,Disabled,,true,false,,ben@example.com,,grace@example.com,,,,1002\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("worksheet (-want +got):\n%s", diff)
	}
	if got := WriteWorksheet(nil, "", nil); got != header {
		t.Errorf("without users: %q", got)
	}
}

func TestWriteWorksheetShowsTheLastReview(t *testing.T) {
	t.Parallel()
	got := WriteWorksheet([]User{ben, ada}, "", map[string]Last{"1001": {Decision: Keep, Reason: "=project", Expires: "2026-12-31"}})
	want := "\ufeffemail,name,identity_source,status,last_signed_in,high_risk,pending_deletion,last_decision,last_reason,last_expires,decision,decision_for,reason,reviewer,decided_on,expires,ticket,id\n" +
		"Ada@example.com,Ada Byron,Directory,Enabled,2026-11,false,false,keep,'=project,2026-12-31,,Ada@example.com,,,,,,1001\n" +
		"ben@example.com,Ben Müller,Directory,Disabled,,true,false,,,,,ben@example.com,,,,,,1002\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("worksheet (-want +got):\n%s", diff)
	}
}

// The last review is passed on, and decides nothing: it adds no end, no decision and no
// error.
func TestReadPassesOnTheLastReview(t *testing.T) {
	t.Parallel()
	for expires, ended := range map[string]bool{"": false, "2026-12-09": true, "2026-12-10": false, "9.12.2026": true, "2026-12-10T12:00:00Z": true, "12/9/2026": false, "never": false} {
		text := "id,email,last_decision,last_reason,last_expires,decision,reason,reviewer,expires\n" +
			"1001,ada@example.com,keep,project," + expires + ",keep,,Grace,\n1002,ben@example.com,,,,,,,\n1003,cleo@example.com,,,,,,,\n"
		read, err := Read(roster, []File{{"a.csv", text}}, noonOn10December)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Last{{Decision: Keep, Reason: "project", Expires: expires, Ended: ended}, {}, {}}, []Last{read.Entries[0].Last, read.Entries[1].Last, read.Entries[2].Last}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", expires, diff)
		}
		if e := read.Entries[0]; e.Expires != "" || e.Ended {
			t.Errorf("%q: the last end counts: %+v", expires, e)
		}
	}
}

func TestANewWorksheetIsUndecided(t *testing.T) {
	t.Parallel()
	users := []User{ada, ben, cleo}
	read, err := Read(roster, []File{{"a.csv", WriteWorksheet(users[:1], "", nil)}, {"b.csv", WriteWorksheet(users[1:], "grace@example.com", nil)}}, noonOn10December)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Ada@example.com", "ben@example.com", "cleo@example.com"}, read.Undecided()); diff != "" {
		t.Errorf("undecided (-want +got):\n%s", diff)
	}
}

// hostileTexts are what a tenant may have for a name.
var hostileTexts = []string{
	"", "Ada", "=1+1", "'=1+1", "''=1+1", "'", "''", "'t Hart", "+41", "-", "@", "\t=", "\r", "\r\n", "a\r\r\nb", "\"", "\"\"", ",", ";", "\n", "\\.", "#", "\ufeff", "\x00", "\xff",
	" x ", "\u00a0", "\u202e", "sep=;", "true", "<<<<<<<", "'\u00a0=", "\u2028",
}

// What was written can be read again, whatever names a tenant has, and no cell begins like
// a formula.
func FuzzWriteAndRead(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text, "1", "ada@example.com", "Enabled")
		f.Add("Ada", text, text, text)
	}
	f.Fuzz(func(t *testing.T, name, id, email, status string) {
		user := User{ID: id, Email: email, Name: name, IdentitySource: name, Created: status, LastSync: name, LastSignedIn: id, HighRisk: true}
		text := WriteRoster([]User{user})
		table := readTable(File{Text: text}, rosterSheet, &problems{})
		if table == nil || len(table.rows) != 1 {
			t.Fatalf("%q is not read", text)
		}
		for _, cell := range table.rows[0].cells {
			if cell != "" && strings.Contains(beginsFormula, cell[:1]) {
				t.Errorf("a formula: %q", cell)
			}
		}
		read, wrong := table.rows[0].user()
		want := User{ID: readable(id), Email: readable(email), Name: readable(name), IdentitySource: readable(name), Created: readable(status), LastSync: readable(name), LastSignedIn: readable(id), HighRisk: true}
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("user (-want +got):\n%s", diff)
		}
		if len(wrong) > 0 {
			return
		}
		review, err := Read(File{"roster.csv", text}, []File{{"a.csv", WriteWorksheet([]User{user}, "", nil)}}, noonOn10December)
		if err != nil || len(review.Undecided()) != 1 {
			t.Errorf("%q: %v", text, err)
		}
	})
}
