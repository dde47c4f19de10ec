// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

var (
	noonOn10December = time.Date(2026, 12, 10, 12, 0, 0, 0, time.UTC)

	ada  = User{ID: "1001", Email: "Ada@example.com", Name: "Ada Byron", Status: cloudadmin.Enabled, IdentitySource: "Directory", LastSignedIn: "2026-11"}
	ben  = User{ID: "1002", Email: "ben@example.com", Name: "Ben Müller", Status: cloudadmin.Disabled, IdentitySource: "Directory", HighRisk: true}
	cleo = User{ID: "1003", Email: "cleo@example.com", Name: "=HYPERLINK(\"http://x\")", Status: cloudadmin.Enabled, IdentitySource: "Partners, external"}

	roster = File{"roster.csv", WriteRoster([]User{cleo, ben, ada})}
)

const (
	worksheetHeader = "id,email,name,identity_source,status,last_signed_in,decision,reason,reviewer,decided_on,expires,ticket\n"
	keepsAda        = "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace Hopper,2026-12-01,,\n"
	keepsBen        = "1002,ben@example.com,Ben Müller,Directory,Disabled,,keep,,Grace Hopper,2026-12-01,,\n"
	removesCleo     = "1003,cleo@example.com,\"'=HYPERLINK(\"\"http://x\"\")\",\"Partners, external\",Enabled,,remove,left,Grace Hopper,2026-12-01,,T-1\n"
)

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := Read(roster, []File{
		{"decisions/grace.csv", worksheetHeader +
			"1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,\"until the project ends, see T-2\",Grace Hopper,2026-12-01,2026-12-09,T-2\n" +
			"1002,BEN@example.com,Ben Müller,Directory,Disabled,,restore,back from leave,grace hopper,2026-12-10,2027-12-31T18:00:00+01:00,\n"},
		// As a spreadsheet in Europe saves it, without the columns that are only to be
		// read.
		{"decisions/farid.csv", "\ufeffTicket;Decision;Reason;Reviewer;Decided on;Expires;Id;Email;Comment\r\n;;;farid@example.com;;;1003;cleo@example.com;on leave\r\n"},
	}, noonOn10December)
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{Row: Row{ID: "1001", Email: "Ada@example.com", RosterStatus: cloudadmin.Enabled, Decision: Keep, Expires: "2026-12-09", Ended: true}, User: ada,
			Reason: "until the project ends, see T-2", Reviewer: "Grace Hopper", DecidedOn: "2026-12-01", Ticket: "T-2", File: "decisions/grace.csv", Line: 2},
		{Row: Row{ID: "1002", Email: "ben@example.com", RosterStatus: cloudadmin.Disabled, Decision: Restore, Expires: "2027-12-31T18:00:00+01:00"}, User: ben,
			Reason: "back from leave", Reviewer: "grace hopper", DecidedOn: "2026-12-10", File: "decisions/grace.csv", Line: 3},
		{Row: Row{ID: "1003", Email: "cleo@example.com", RosterStatus: cloudadmin.Enabled}, User: cleo, Reviewer: "farid@example.com", File: "decisions/farid.csv", Line: 2},
	}
	if diff := cmp.Diff(want, got.Entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]Row{"ada@example.com": want[0].Row, "ben@example.com": want[1].Row, "cleo@example.com": want[2].Row}, got.Rows()); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"cleo@example.com"}, got.Undecided()); diff != "" {
		t.Errorf("undecided (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"Grace Hopper": 2}, got.Reviewers()); diff != "" {
		t.Errorf("reviewers (-want +got):\n%s", diff)
	}
}

// A row of a worksheet is refused if something in it is wrong.
func TestReadRefusesARow(t *testing.T) {
	t.Parallel()
	replace := func(old, with string) string { return strings.Replace(keepsAda, old, with, 1) }
	// decided are the cells from decision on.
	decided := func(cells string) string { return replace("keep,,Grace Hopper,2026-12-01,,", cells) }
	restored := func(cells string) string {
		return strings.Replace(keepsBen, "keep,,Grace Hopper,2026-12-01,,", cells, 1)
	}
	for _, tc := range []struct{ name, row, want string }{
		{"an unknown word", decided("approve,,Grace,,,"), `the decision "approve" is not keep, remove or restore`},
		{"a word in capitals", decided("Keep,,Grace,,,"), `the decision is "Keep". Did you mean keep? Write keep, remove or restore`},
		{"a word that is nearly one", decided("removed,left,Grace,,,"), `the decision is "removed". Did you mean remove? Write keep, remove or restore`},
		{"a word with what is not seen", decided("keep\u200b,,Grace,,,"), `the decision is "keep\u200b". Did you mean keep? Write keep, remove or restore`},
		{"a status for a decision", decided("Enabled,,Grace,,,"), `the decision "Enabled" is not keep, remove or restore`},
		{"remove without a reason", decided("remove,,Grace,,,"), "there is no reason, but remove needs one"},
		{"restore without a reason", restored("restore,,Grace,,,"), "there is no reason, but restore needs one"},
		{"a reason that says nothing", decided("remove,-,Grace,,,"), "there is no reason, but remove needs one"},
		{"a reason that a spreadsheet has calculated", decided("remove,#NAME?,Grace,,,"), "there is no reason, but remove needs one"},
		{"an end without a reason", decided("keep,,Grace,,2027-01-31,"), "there is no reason, but access with an end needs one"},
		{"restore of a user who is Enabled", decided("restore,back,Grace,,,"), "restore is for users who are Disabled in the roster, and Ada@example.com is Enabled there. To leave the user as is, write keep"},
		{"no reviewer", decided("keep,,,,,"), "there is no reviewer. Enter who decided"},
		{"the user by address", decided("keep,,ADA@example.com,,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"the user by name", decided("keep,,ada  byron,,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"the user by name and address", decided("keep,,\"Countess <ada@example.com>\",,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"the user by the name in another order", decided("keep,,\"Byron, Ada\",,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"the user by what is before the @", decided("keep,,ada,,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"the user by id", decided("keep,,1001,,,"), "Ada@example.com is the reviewer of their own access. Someone else must decide"},
		{"decided in the future", decided("keep,,Grace,2026-12-12,,"), "decided_on is 2026-12-12, but the review is read on 2026-12-10 (in UTC): a decision cannot be in the future"},
		{"decided later today", decided("keep,,Grace,2026-12-10T12:00:01Z,,"), "decided_on is 2026-12-10T12:00:01Z, but the review is read on 2026-12-10 (in UTC): a decision cannot be in the future"},
		{"a day that may be another", decided("keep,,Grace,11/12/2026,,"), `decided_on is "11/12/2026": write days as 2026-12-31. Spreadsheets rewrite dates: format the column as text first`},
		{"an end that a spreadsheet has rewritten", decided("keep,project,Grace,,30.06.2027,"), `expires is "30.06.2027": write it as 2027-06-30. Spreadsheets rewrite dates: format the column as text first`},
		{"an end at an hour of one digit", decided("keep,project,Grace,,2027-06-30T8:00:00Z,"), `expires is "2027-06-30T8:00:00Z", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`},
		{"an end in a zone that does not exist", decided("keep,project,Grace,,2027-06-30T08:00:00+24:00,"), `expires is "2027-06-30T08:00:00+24:00", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`},
		{"an end in a year that lost a digit", decided("keep,project,Grace,,0226-12-31,"), `expires is "0226-12-31", a year before 2000: correct the year`},
		{"an end before the decision", decided("keep,project,Grace,2026-12-01,2026-11-30,"), "expires is 2026-11-30, but decided_on is 2026-12-01: access cannot end before the decision. Correct one of them, or write remove"},
		{"an end at an hour before the day of the decision", decided("keep,project,Grace,2026-12-01,2026-11-30T09:59:59Z,"), "expires is 2026-11-30T09:59:59Z, but decided_on is 2026-12-01: access cannot end before the decision. Correct one of them, or write remove"},
		{"an end on the day before the hour of the decision", decided("keep,project,Grace,2026-12-01T00:00:00Z,2026-11-30,"), "expires is 2026-11-30, but decided_on is 2026-12-01T00:00:00Z: access cannot end before the decision. Correct one of them, or write remove"},
		{"a day in a column too narrow", decided("keep,,Grace,########,,"), `decided_on is "########", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`},
		{"a day that is a number", decided("keep,project,Grace,,46387,"), `expires is "46387", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`},
		{"no end", decided("keep,project,Grace,,never,"), `expires is "never", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`},
		{"an end of what is removed", decided("remove,left,Grace,,2027-01-31,"), "expires is only for keep and restore: clear it"},
		{"a reason without a decision", decided(",left,Grace,,,"), "reason is filled in, but decision is empty. Decide, or clear the cell"},
		{"an end without a decision", decided(",,Grace,,2027-01-31,"), "expires is filled in, but decision is empty. Decide, or clear the cell"},
		{"a day without a decision", decided(",,Grace,2026-12-01,,"), "decided_on is filled in, but decision is empty. Decide, or clear the cell"},
		{"cells that moved to the left", decided(",Grace,2026-12-01,,,"), "reason is filled in, but decision is empty. Decide, or clear the cell"},
		{"neither id nor email", replace("1001,ada@example.com", ","), "there is neither id nor email. Restore the row from a new worksheet"},
		{"another id", replace("1001", "9"), `the id of Ada@example.com is "1001" in the roster, not "9". Spreadsheets rewrite ids that look like numbers: format the column as text first`},
		{"no id", replace("1001", ""), `the id of Ada@example.com is "1001" in the roster, not ""`},
		{"an id that became a number", replace("1001", "1.0E+03"), `the id of Ada@example.com is "1001" in the roster, not "1.0E+03". Spreadsheets rewrite ids that look like numbers: format the column as text first`},
		{"another address", replace("ada@", "eve@"), `the id "1001" belongs to Ada@example.com in the roster, not to "eve@example.com"`},
		{"id and address of two users", replace("1001", "1002"), `the id "1002" belongs to ben@example.com in the roster, not to Ada@example.com: cells may have moved to another row`},
		{"another name", replace("Ada Byron", "Ben Müller"), `the name "Ben Müller" is not the one in roster.csv:2 ("Ada Byron"): cells may have moved to another row. Take the row from a new worksheet`},
		{"another identity source", replace("Directory", "Partners"), `the identity_source "Partners" is not the one in roster.csv:2 ("Directory"): cells may have moved to another row. Take the row from a new worksheet`},
		{"another status", replace("Enabled", "Disabled"), `the status "Disabled" is not the one in roster.csv ("Enabled"). Enter decisions in the column decision, or make a new worksheet`},
		{"a row that is cut off", "1001,ada@example.com,Ada Byron\n", "it has 3 cells, but the header has 12 columns. Part of the row may be missing, or a spreadsheet has left out empty cells at the end of rows: then move a column that is never empty, such as email, to the end"},
		{"a comma without quotes", decided("remove,left, in May,Grace,,,"), "it has 13 cells, but the header has 12 columns. Enclose a cell that contains a separator in double quotes"},
		{"all at once", decided("remove,,,31.12.26,x,"), `there is no reason, but remove needs one; there is no reviewer. Enter who decided; expires is only for keep and restore: clear it; ` +
			`expires is "x", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z; decided_on is "31.12.26": write days as 2026-12-31. Spreadsheets rewrite dates: format the column as text first`},
	} {
		// The other users have their rows in another worksheet.
		others := worksheetHeader + keepsBen + removesCleo
		if strings.HasPrefix(tc.row, "1002,ben@") {
			others = worksheetHeader + keepsAda + removesCleo
		}
		_, err := Read(roster, []File{{"a.csv", worksheetHeader + tc.row}, {"b.csv", others}}, noonOn10December)
		want := "a.csv:2: " + tc.want
		if tc.name == "neither id nor email" {
			want = "2 problems in the review:\n  - " + want + "\n  - rows are missing from the worksheets (1): Ada@example.com (line 2 of roster.csv). " +
				"Each user needs a row, even without a decision: a worksheet may have been cut off, filtered or left out"
		}
		if tc.name == "id and address of two users" {
			want = "2 problems in the review:\n  - " + want + "\n  - b.csv:2: ben@example.com is already in a.csv:2. Keep one of the rows"
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", tc.name, err, want)
		}
	}
}

func TestReadAcceptsARow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, row string }{
		{"no day", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,,,\n"},
		{"what is only to be read is empty", "1001,ada@example.com,,,,,keep,,Grace,,,\n"},
		{"another day of the last sign-in, as spreadsheets write it", "1001,ada@example.com,Ada Byron,Directory,Enabled,Nov 26,keep,,Grace,,,\n"},
		{"decided today", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,2026-12-10,,\n"},
		{"decided tomorrow, where the day has begun", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,2026-12-11,,\n"},
		{"decided on a day that a spreadsheet has rewritten", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,9.12.2026,,\n"},
		{"decided on a day with a time", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,2026-12-09 00:00:00,,\n"},
		{"decided at a moment", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,Grace,2026-12-10T11:59:59+00:00,,\n"},
		{"an end on the day of the decision", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,project,Grace,2026-12-01,2026-12-01,\n"},
		{"an end that is past, of a decision without a day", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,project,Grace,,2026-11-01,\n"},
		{"a namesake by address", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,keep,,ada.byron@example.com,,,\n"},
		{"a reviewer and a ticket, and no decision yet", "1001,ada@example.com,Ada Byron,Directory,Enabled,2026-11,,,Grace,,,T-1\n"},
	} {
		if _, err := Read(roster, []File{{"a.csv", worksheetHeader + tc.row + keepsBen + removesCleo}}, noonOn10December); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// Terraform before 1.10 validates a configuration without the time of the plan.
func TestReadAcceptsDecisionsWithoutATime(t *testing.T) {
	t.Parallel()
	if _, err := Read(roster, []File{{"a.csv", worksheetHeader + keepsAda + keepsBen + removesCleo}}, time.Time{}); err != nil {
		t.Error(err)
	}
}

func TestReadRefusesFiles(t *testing.T) {
	t.Parallel()
	whole := File{"a.csv", worksheetHeader + keepsAda + keepsBen + removesCleo}
	const missing = "Each user needs a row, even without a decision: a worksheet may have been cut off, filtered or left out"
	for _, tc := range []struct {
		name       string
		roster     string
		worksheets []File
		want       string
	}{
		{"no worksheet", roster.Text, nil, "there is no worksheet. Pass the files that the reviewers have filled in"},
		{"an empty worksheet", roster.Text, []File{{"a.csv", ""}}, "a.csv: the file is empty"},
		{"the name of a worksheet", roster.Text, []File{{"a.csv", "decisions/a.csv"}}, `a.csv: "decisions/a.csv" is not CSV. Pass the text of the file: file("decisions/a.csv")`},
		{"rows that are missing", roster.Text, []File{{"a.csv", worksheetHeader + keepsBen}},
			"rows are missing from the worksheets (2): Ada@example.com (line 2 of roster.csv) and cleo@example.com (line 4 of roster.csv). " + missing},
		{"a worksheet that is left out", roster.Text, []File{{"a.csv", worksheetHeader}},
			"rows are missing from the worksheets (3): Ada@example.com (line 2 of roster.csv), ben@example.com (line 3 of roster.csv) and cleo@example.com (line 4 of roster.csv). " + missing},
		{"a stranger", roster.Text, []File{whole, {"b.csv", worksheetHeader + "1004,eve@example.com,,,,,keep,,Grace,,,\nTotal,,,,,,,,,,,\n"}},
			"2 problems in the review:\n  - b.csv:2: no user of the roster has the address \"eve@example.com\" and the id \"1004\". Spreadsheets rewrite ids that look like numbers: format the column as text first\n" +
				"  - b.csv:3: no user of the roster has the address \"\" and the id \"Total\""},
		{"a row twice in a worksheet", roster.Text, []File{{"a.csv", whole.Text + keepsAda}}, "a.csv:5: Ada@example.com is already in a.csv:2. Keep one of the rows"},
		{"a row in two worksheets", roster.Text, []File{whole, {"b.csv", worksheetHeader + strings.Replace(keepsAda, "keep,", "remove,left", 1)}}, "b.csv:2: Ada@example.com is already in a.csv:2. Keep one of the rows"},
		{"a copy of a worksheet", roster.Text, []File{whole, {"a (1).csv", whole.Text}}, "a (1).csv: it is the same as a.csv. Remove one of them"},
		{"the roster for a worksheet", roster.Text, []File{{"a.csv", roster.Text}},
			`a.csv:1: columns are missing: decision, reason, reviewer and expires. The header is "id,email,name,status,identity_source,created,last_sync,last_signed_in,high_risk,pending_deletion". ` +
				"The columns of a worksheet are email, name, identity_source, status, last_signed_in, high_risk, pending_deletion, decision, decision_for, reason, reviewer, decided_on, expires, ticket and id"},
		{"a worksheet without its column of ends", roster.Text, []File{{"a.csv", "id,email,decision,reason,reviewer,decided_on\n"}},
			`a.csv:1: a column is missing: expires. The header is "id,email,decision,reason,reviewer,decided_on". ` +
				"The columns of a worksheet are email, name, identity_source, status, last_signed_in, high_risk, pending_deletion, decision, decision_for, reason, reviewer, decided_on, expires, ticket and id"},
		{"ends in a language that is not known", roster.Text, []File{{"a.csv", "id,email,decision,reason,reviewer,expires,Ablauf\n1001,ada@example.com,keep,,Grace,,31.12.2026\n1002,ben@example.com,,,,,\n1003,cleo@example.com,,,,,\n"}},
			`a.csv:1: the column "Ablauf" contains only dates. If they are ends of access, call it expires; if not, remove it: an end that is not read would never take effect`},
		{"a worksheet for the roster", whole.Text, []File{whole}, "roster.csv:1: it has the columns of a worksheet. Pass the roster, which has all users of the review"},
		{"an empty roster", "id,email,status\n", []File{whole}, "roster.csv: the roster has no user. Make it again with the command review roster"},
		{"a roster that is cut off, with the problems of the worksheets", roster.Text[:len(roster.Text)-1], []File{{"b.csv", "\n"}, {"a.csv", worksheetHeader + "1001\n"}},
			"3 problems in the review:\n  - roster.csv:4: the last line has no line break: the file may be cut off. If it is complete (some programs leave the last line break out), add one\n  - b.csv: the file is empty\n" +
				"  - a.csv:2: it has 1 cell, but the header has 12 columns. Part of the row may be missing, or a spreadsheet has left out empty cells at the end of rows: then move a column that is never empty, such as email, to the end"},
		{"a roster with a status in another case", "id,email,status\n1001,ada@example.com,disabled\n1002,ben@example.com,Locked\n", []File{{"a.csv", "id,email,decision,reason,reviewer,expires\n1001,ada@example.com,restore,back,Grace,\n"}},
			`roster.csv:2: the status is "disabled", but the API writes "Disabled". Restore the roster, or make it again with the command review roster`},
		{"a roster that names users twice", "id,email,status,high_risk\n1001,ada@example.com,Enabled,TRUE\n1001,ADA@example.com,Enabled,maybe\n,,Enabled,\n", []File{{"a.csv", worksheetHeader + keepsAda}},
			"2 problems in the review:\n  - roster.csv:3: high_risk is \"maybe\", neither true nor false; the id \"1001\" is already on line 2; " +
				"ADA@example.com is already on line 2: a review cannot distinguish two users with one address. Change one of them in the identity source\n" +
				"  - roster.csv:4: there is no id; there is no email"},
	} {
		if _, err := Read(File{"roster.csv", tc.roster}, tc.worksheets, noonOn10December); err == nil || err.Error() != tc.want {
			t.Errorf("%s:\n got %v\nwant %s", tc.name, err, tc.want)
		}
	}
}

// 5,000 users are read in far less than a second.
func BenchmarkRead5000Users(b *testing.B) {
	users := make([]User, 5000)
	for i := range users {
		number := strconv.Itoa(i)
		users[i] = User{ID: "id" + number, Email: "user" + number + "@example.com", Name: "User " + number, Status: cloudadmin.Enabled, IdentitySource: "Directory"}
	}
	roster := File{"roster.csv", WriteRoster(users)}
	worksheet := File{"a.csv", strings.ReplaceAll(WriteWorksheet(users, "grace@example.com", nil), ",,,grace@example.com,,,", ",remove,left,grace@example.com,2026-12-01,,")}
	for b.Loop() {
		if read, err := Read(roster, []File{worksheet}, noonOn10December); err != nil || len(read.Undecided()) > 0 {
			b.Fatal(err)
		}
	}
}
