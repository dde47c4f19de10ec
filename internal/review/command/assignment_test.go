// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestWorksheetsByAFileOfSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	by := w.write("reviewers.csv", "identity_source,reviewer\nCorporate AD,ada@example.com\nSubsidiary LDAP,Ben@example.com\nEntra ID (SCIM),ben@example.com\nLocl,ada@example.com\n")
	o := w.roster("-by", by)
	read, _ := o.done()
	if diff := cmp.Diff([]string{"ada-example-com.csv", "ben-example-com.csv", "unassigned.csv"}, o.sheets()); diff != "" {
		t.Errorf("worksheets (-want +got):\n%s", diff)
	}
	rows := map[string]int{}
	for _, e := range read.Entries {
		rows[path.Base(e.File)+" "+e.Reviewer]++
		if e.Email == "ada@example.com" && e.File != "decisions/unassigned.csv" {
			t.Errorf("ada reviews herself in %s", e.File)
		}
	}
	// The thirteen users of the example, including Ada, are in Corporate AD.
	want := map[string]int{"ada-example-com.csv ada@example.com": 84, "ben-example-com.csv Ben@example.com": 144, "unassigned.csv ": 72}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	o.says("no line of the file of -by is about 71 users: user00004@partner.example, ", " and 51 more. In decisions/unassigned.csv: give it to someone\n",
		"the file of -by would have 1 user decide about themselves: ada@example.com. In decisions/unassigned.csv instead",
		`no user of the roster has the identity_source of 1 line in the file of -by: "Locl" (line 5). Check the spelling`)
}

func TestWorksheetsByAFileOfAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tenant.AddUser(simulator.User{Email: "zoe@example.com", IdentitySource: "Local"})
	by := w.write("reviewers.csv", "\ufeffEmail;Reviewer\r\nADA@example.com;Line Manager\r\nzoe@example.com;Line Manager\r\ngone@example.com;Line Manager\r\n")
	o := w.roster("-by", by, "-email-contains", "a@example.com")
	read, _ := o.done()
	if diff := cmp.Diff([]string{"line-manager.csv", "unassigned.csv"}, o.sheets()); diff != "" {
		t.Errorf("worksheets (-want +got):\n%s", diff)
	}
	if e := read.Entries[0]; e.Email != "ada@example.com" || e.Reviewer != "Line Manager" || e.Decision != review.Undecided {
		t.Errorf("%+v", e)
	}
	o.says(`no user of the roster has the email of 2 lines in the file of -by: "zoe@example.com" (line 3) and "gone@example.com" (line 4)`)
}

// A reviewer gets no row of a user that the reader of worksheets takes for the reviewer.
func TestWorksheetsGiveNoReviewerTheirOwnRow(t *testing.T) {
	t.Parallel()
	for _, reviewer := range []string{"ADA@example.com", "Ada Example", "\"Example, Ada\"", "ada", "Countess <ada@example.com>"} {
		w := emptyWorld(t)
		w.tenant.AddUser(simulator.User{Email: "ada@example.com"})
		w.tenant.AddUser(simulator.User{Email: "ben@example.com"})
		o := w.roster("-by", w.write("reviewers.csv", "email,reviewer\nada@example.com,"+reviewer+"\nben@example.com,"+reviewer+"\n"))
		read, _ := o.done()
		if e := read.Entries[0]; e.File != "decisions/unassigned.csv" || read.Entries[1].File == e.File {
			t.Errorf("%s reviews herself in %s", reviewer, e.File)
		}
	}
}

func TestWorksheetsByAFileThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, says := range map[string]string{
		"identity_source,reviewer\nLocal,\n": "reviewers.csv:2: there is no reviewer",
		"source,reviewer\nLocal,ada\n":       "the header must be identity_source,reviewer or email,reviewer",
		"":                                   "the file is empty",
	} {
		o := w.roster("-by", w.write("reviewers.csv", text))
		o.failed(exitUsage, "review roster: the file of -by cannot be used. ", says)
	}
	if len(w.tenant.Requests()) > 0 {
		t.Error("a request was sent")
	}
}

var safeName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Very Long Name ", 40)
	names := newFileNames(unassignedName)
	seen := map[string]string{}
	for _, tc := range []struct{ text, want string }{
		{"Corporate AD", "corporate-ad"},
		{"corporate ad", "corporate-ad-2"},
		{"Corporate-AD 2", "corporate-ad-2-2"},
		{"Entra ID (SCIM)", "entra-id-scim"},
		{"Büro Zürich", "buro-zurich"},
		{"../../x", "x"},
		{`C:\Windows\x`, "c-windows-x"},
		{"/etc/passwd", "etc-passwd"},
		{"CON", "con-2"},
		{"con.csv", "con-csv"},
		{"COM1", "com1-2"},
		{"Unassigned", "unassigned-2"},
		{"", "otherwise"},
		{"!?/\\", "otherwise-2"},
		{"日本語", "otherwise-3"},
		{"a\x00b\n\x1b[2J", "a-b-2j"},
		{"-rf", "rf"},
		{"\xff\xfe", "otherwise-4"},
		{long, "very-long-name-very-long-name-very-long-name-very-long-name"},
		{long + "!", "very-long-name-very-long-name-very-long-name-very-long-name-2"},
	} {
		got := names.of(tc.text, "otherwise")
		if got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.text, got, tc.want)
		}
		if before, twice := seen[strings.ToLower(got)]; twice || !safeName.MatchString(got) || len(got) > longestName+4 {
			t.Errorf("%q: %q is not unique (%q has it)", tc.text, got, before)
		}
		seen[strings.ToLower(got)] = tc.text
	}
}

// The worksheet of an identity source is in the folder of worksheets, whatever the
// source's name.
func TestWorksheetsOfHostileSources(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	for i, source := range []string{"../../x", "..", "CON", "con", strings.Repeat("x", 290), strings.Repeat("x", 291), "***", "+++", "x/../y", "Local", "local", "LOCAL"} {
		w.tenant.AddUser(simulator.User{Email: fmt.Sprintf("user%d@example.com", i), IdentitySource: source})
	}
	o := w.roster()
	read, _ := o.done()
	if len(read.Entries) != 12 || len(o.sheets()) != 12 {
		t.Errorf("%d users, worksheets %v", len(read.Entries), o.sheets())
	}
	for _, name := range o.sheets() {
		if !safeName.MatchString(strings.TrimSuffix(name, ".csv")) {
			t.Errorf("a worksheet is named %q", name)
		}
	}
	outside, err := filepath.Glob(filepath.Join(w.folder, "*"))
	must(t, err)
	if len(outside) != 1 {
		t.Errorf("outside of the review is %v", outside)
	}
}

func FuzzNamesOfFiles(f *testing.F) {
	for _, seed := range []string{"", "CON", "../x", "Büro", "\x00", "İ", strings.Repeat("-a", 100)} {
		f.Add(seed, seed+" ")
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		names := newFileNames(unassignedName)
		a, b := names.of(one, "otherwise"), names.of(other, "otherwise")
		if a == b || !safeName.MatchString(a) || !safeName.MatchString(b) || len(a) > longestName || len(b) > longestName+2 {
			t.Errorf("%q is %q, %q is %q", one, a, other, b)
		}
	})
}
