// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same problem in many rows is reported once, with its lines.
func TestProblemsThatRepeatAreOne(t *testing.T) {
	t.Parallel()
	rows := func(n int, row func(i int) string) string {
		var text strings.Builder
		for i := range n {
			text.WriteString(row(i))
		}
		return text.String()
	}
	for name, tc := range map[string]struct{ rows, want string }{
		"one text in two rows": {"ada,Enabled,\nada,Enabled,2026-01-01\n", `2 problems in the review:
  - lines 2-3: the email "ada" has no @
  - line 3: ada is already on line 2`},
		"one text in many rows, with gaps": {
			rows(9, func(i int) string {
				return fmt.Sprintf("user%d@example.com,%s,\n", i, map[bool]string{true: "on", false: "Enabled"}[i%4 != 2])
			}),
			`lines 2-3,5-7,9-10: the status "on" is neither Enabled nor Disabled`,
		},
		"other values in many rows": {
			rows(60, func(i int) string { return fmt.Sprintf("user%d@example.com,Enabled,12/%d/2026\n", i, 1+i%20) }),
			`lines 2-61: expires is "12/1/2026": write days as 2026-12-31. Spreadsheets rewrite dates: format the column as text first. The same problem is in 57 more rows, with "12/2/2026", "12/3/2026", "12/4/2026" and 16 more`,
		},
		"other values in three rows": {
			rows(3, func(i int) string { return fmt.Sprintf("user%d@example.com,on%d,\n", i, i) }),
			`3 problems in the review:
  - line 2: the status "on0" is neither Enabled nor Disabled
  - line 3: the status "on1" is neither Enabled nor Disabled
  - line 4: the status "on2" is neither Enabled nor Disabled`,
		},
		"slips of a status": {
			rows(5, func(i int) string {
				return fmt.Sprintf("user%d@example.com,%s,\n", i, []string{"Enable", "Disable", "Enable", "disabled", "on"}[i])
			}),
			`lines 2-6: the status is "Enable". Did you mean "Enabled"? Write Enabled or Disabled. The same problem is in 3 more rows, with "Disable", "disabled" and "on"`,
		},
		"another problem in one row": {
			rows(5, func(i int) string {
				return fmt.Sprintf("user%d@example.com,Enabled,%s\n", i, []string{"soon", "never"}[i/4])
			}) + "zoe,on,soon\n",
			`2 problems in the review:
  - lines 2-7: expires is "soon", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z. The same problem is in 1 more row, with "never"
  - line 7: the email "zoe" has no @; the status "on" is neither Enabled nor Disabled`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Statuses("email,status,expires\n"+tc.rows, lateOn31December)
			if err == nil {
				t.Fatal("it is accepted")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Each file is named; a problem of one does not hide that of another.
func TestReadNamesTwentyProblemsAndCountsTheRest(t *testing.T) {
	t.Parallel()
	worksheets := []File{{"all.csv", worksheetHeader + keepsAda + keepsBen + removesCleo}}
	want := "23 problems in the review:"
	for i := range 23 {
		file := fmt.Sprintf("%d.csv", i)
		worksheets = append(worksheets, File{file, fmt.Sprintf("%sx%d,eve@example.com,,,,,,,,,,\nx%d,eve@example.com,,,,,,,,,,\n", worksheetHeader, i, i)})
		if i < 20 {
			want += fmt.Sprintf("\n  - %s:2-3: no user of the roster has the address \"eve@example.com\" and the id \"x%d\"", file, i)
		}
	}
	want += "\n  and 3 more"
	_, err := Read(roster, worksheets, noonOn10December)
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestAProblemCountsLinesThatAreTooMany(t *testing.T) {
	t.Parallel()
	problem := Problem{File: "a.csv", Line: 1, Text: "x"}
	for i := range 25 {
		problem.Lines = append(problem.Lines, 1+2*i)
	}
	if got := problem.String(); got != "a.csv:1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35,37,39 and 5 more: x" {
		t.Error(got)
	}
}
