// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var lateOn31December = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)

func TestStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, csv string
		want      map[string]string
	}{
		{"no rows", "email,status\n", map[string]string{}},
		{"no end", "email,status\nada@example.com,Enabled\nben@example.com,Disabled\n", map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled"}},
		{"columns for people", "team,email,status,note\nIT,Ada@example.com,Enabled,as agreed\n", map[string]string{"Ada@example.com": "Enabled"}},
		{"a byte order mark, semicolons and carriage returns, as spreadsheets write them", "\ufeffemail;status ;expires\r\nada@example.com;Enabled;2026-12-31\r\n", map[string]string{"ada@example.com": "Enabled"}},
		{"tabs", "email\tstatus\nada@example.com\tEnabled\n", map[string]string{"ada@example.com": "Enabled"}},
		{"a semicolon in a header of commas", "email,status,\"note; private\"\nada@example.com,Enabled,x\n", map[string]string{"ada@example.com": "Enabled"}},
		{"names of columns in another case", "E-Mail,EMAIL,Status,EXPIRES\nx,ada@example.com,Enabled,2026-12-30\n", map[string]string{"ada@example.com": "Disabled"}},
		{"columns of the tool's own sheets", "email,status,created,last_sync,Last signed in,Decided-on\nada@example.com,Enabled,2026-01-01,2026-01-01,2026-01-01,2026-01-01\n", map[string]string{"ada@example.com": "Enabled"}},
		{"days that the provider's data sources know", "email,status,creation_date,month_last_authenticated\nada@example.com,Enabled,2026-01-01T00:00:00Z,2026-11\n", map[string]string{"ada@example.com": "Enabled"}},
		{"columns that end in nothing", "email,status,weekend,attended,validated by,End customer,Last sign-in date\nada@example.com,Enabled,x,y,z,Example Inc,never\n", map[string]string{"ada@example.com": "Enabled"}},
		{"white space", "email,status,expires\n ada@example.com , Enabled,  \n\u00a0ben@example.com\u00a0,Disabled,\n", map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled"}},
		{"rows and columns without anything", "\nemail,status,,\n,,,\nada@example.com,Enabled,,\n\n , ,,\n,\n", map[string]string{"ada@example.com": "Enabled"}},
		{"a cell of several lines", "note,email,status\n\"one\ntwo, \"\"three\"\"\",ada@example.com,Enabled\n", map[string]string{"ada@example.com": "Enabled"}},
		{"cells that are guarded from spreadsheets", "email,status\n'-ada@example.com,Enabled\n'+ben@example.com,Enabled\n't.hart@example.com,Enabled\n", map[string]string{"-ada@example.com": "Enabled", "+ben@example.com": "Enabled", "'t.hart@example.com": "Enabled"}},
		{"the last day counts", "email,status,expires\nada@example.com,Enabled,2026-12-31\nben@example.com,Enabled,2026-12-30\ncarla@example.com,Enabled,2027-01-01\n",
			map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled", "carla@example.com": "Enabled"}},
		{"a moment", "email,status,expires\nada@example.com,Enabled,2026-12-31T23:30:00Z\nben@example.com,Enabled,2026-12-31T23:30:01Z\ncarla@example.com,Enabled,2027-01-01T00:30:00+01:00\n",
			map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Enabled", "carla@example.com": "Disabled"}},
		{"no user is enabled by a date", "email,status,expires\nada@example.com,Disabled,2027-12-31\n", map[string]string{"ada@example.com": "Disabled"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := Statuses(tc.csv, lateOn31December)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStatusesNamesEachBadLine(t *testing.T) {
	t.Parallel()
	_, err := Statuses("email,status,expires\n"+
		"ada@example.com,Enabled,\n"+
		"ben@example.com,enabled,\n"+
		"\n"+
		"ADA@example.com,Enabled,\n"+
		",Enabled,\n"+
		"carla,,31.12.2026\n"+
		"dmitri@example.com,Disabled,2026-02-30\n"+
		"elena@example.com,Enabled\n"+
		"farid@example.com,Enabled,,left\n"+
		"Email,Status,Expires\n", lateOn31December)
	want := `8 problems in the review:
  - line 3: the status is "enabled". Did you mean "Enabled"? Write Enabled or Disabled
  - line 5: ADA@example.com is already on line 2
  - line 6: the email "" is empty
  - line 7: the email "carla" has no @; the row has no status: write Enabled or Disabled; expires is "31.12.2026": write it as 2026-12-31. Spreadsheets rewrite dates: format the column as text first
  - line 8: expires is "2026-02-30", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z
  - line 9: it has 2 cells, but the header has 3 columns. Part of the row may be missing, or a spreadsheet has left out empty cells at the end of rows: then move a column that is never empty, such as email, to the end
  - line 10: it has 4 cells, but the header has 3 columns. Enclose a cell that contains a separator in double quotes
  - line 11: it repeats the header. Put the rows of several files under one header`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestStatusesRefusesAnAddressInAWrongEncoding(t *testing.T) {
	t.Parallel()
	const want = `line 2: the email "jÃ¼rgen@example.com" is not valid. It looks like jürgen@example.com in a wrong encoding: open the file as UTF-8, and save it as CSV UTF-8`
	if _, err := Statuses("email,status\njÃ¼rgen@example.com,Enabled\n", lateOn31December); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if _, err := Statuses("email,status\njürgen@example.com,Enabled\n", lateOn31December); err != nil {
		t.Errorf("an address with an umlaut: %v", err)
	}
}
