// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// reviewRows are rows as csvdecode reads them: the first line names the columns.
func reviewRows(csv ...string) []map[string]*string {
	var rows []map[string]*string
	names := strings.Split(csv[0], ",")
	for _, line := range csv[1:] {
		row := map[string]*string{}
		for i, cell := range strings.Split(line, ",") {
			row[names[i]] = &cell
		}
		rows = append(rows, row)
	}
	return rows
}

func TestReview(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		name string
		csv  []string
		want map[string]string
	}{
		{"no rows", []string{"email,status"}, map[string]string{}},
		{"no expiry", []string{"email,status", "ada@example.com,Enabled", "ben@example.com,Disabled"},
			map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled"}},
		{"columns for people", []string{"team,email,status,note", "IT,ada@example.com,Enabled,as agreed"}, map[string]string{"ada@example.com": "Enabled"}},
		{"a byte order mark, as spreadsheets write one", []string{"\ufeffemail,status ,expires", "ada@example.com,Enabled,2026-12-31"}, map[string]string{"ada@example.com": "Enabled"}},
		{"columns that end in nothing", []string{"email,status,weekend,attended,validated by", "ada@example.com,Enabled,x,y,z"}, map[string]string{"ada@example.com": "Enabled"}},
		{"white space", []string{"email,status,expires", " ada@example.com , Enabled,  "}, map[string]string{"ada@example.com": "Enabled"}},
		{"the last day counts", []string{"email,status,expires",
			"ada@example.com,Enabled,2026-12-31", "ben@example.com,Enabled,2026-12-30", "carla@example.com,Enabled,2027-01-01"},
			map[string]string{"ada@example.com": "Enabled", "ben@example.com": "Disabled", "carla@example.com": "Enabled"}},
		{"a moment", []string{"email,status,expires",
			"ada@example.com,Enabled,2026-12-31T23:30:00Z", "ben@example.com,Enabled,2026-12-31T23:30:01Z", "carla@example.com,Enabled,2027-01-01T00:30:00+01:00"},
			map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Enabled", "carla@example.com": "Disabled"}},
		{"nobody is enabled by a date", []string{"email,status,expires", "ada@example.com,Disabled,2027-12-31"}, map[string]string{"ada@example.com": "Disabled"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, problems := review(reviewRows(tc.csv...), now)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReviewRefusesRows(t *testing.T) {
	t.Parallel()
	rows := reviewRows("email,status,expires",
		"ada@example.com,Enabled,",
		"ben@example.com,enabled,",
		"ADA@example.com,Enabled,",
		",Enabled,",
		"carla,,31.12.2026",
		"dmitri@example.com,Disabled,2026-02-30")
	rows = append(rows, reviewRows("E-Mail,status", "x@example.com,Enabled")...)
	rows = append(rows, reviewRows("email,status,Expiry date", "y@example.com,Enabled,2026-12-31")...)
	rows = append(rows, reviewRows("email,status,valid_until", "z@example.com,Enabled,2026-12-31")...)
	rows = append(rows, reviewRows("email,status,End-Date", "w@example.com,Enabled,2026-12-31")...)
	rows = append(rows, reviewRows("email,status,status ", "v@example.com,Disabled,Enabled")...)
	rows = append(rows, map[string]*string{"email": nil, "status": nil}, nil)
	_, got := review(rows, time.Now())
	want := []string{
		`row 2: the status "enabled" is neither Enabled nor Disabled. Did you mean "Enabled"?`,
		"row 3: ADA@example.com is in row 1 already",
		`row 4: the email "" is empty`,
		`row 5: the email "carla" has no @; the status "" is neither Enabled nor Disabled; expires is "31.12.2026", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`,
		`row 6: expires is "2026-02-30", which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z`,
		"row 7: there is no email among its columns (E-Mail, status)",
		`row 8: the column "Expiry date" has to be called expires`,
		`row 9: the column "valid_until" has to be called expires`,
		`row 10: the column "End-Date" has to be called expires`,
		"row 11: two columns are called status",
		`row 12: the email "" is empty; the status "" is neither Enabled nor Disabled`,
		"row 13: it is null",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestReviewFunction(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t))
	rowsType := tftypes.List{ElementType: tftypes.Map{ElementType: tftypes.String}}
	call := func(at string, rows ...tftypes.Value) (*tfprotov6.DynamicValue, string) {
		var arguments []*tfprotov6.DynamicValue
		for _, argument := range []tftypes.Value{tftypes.NewValue(rowsType, rows), tftypes.NewValue(tftypes.String, at)} {
			value, err := tfprotov6.NewDynamicValue(argument.Type(), argument)
			must(t, err)
			arguments = append(arguments, &value)
		}
		answer, err := p.server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "review", Arguments: arguments})
		must(t, err)
		if answer.Error != nil {
			return nil, fmt.Sprint(*answer.Error.FunctionArgument, " ", answer.Error.Text)
		}
		return answer.Result, ""
	}
	row := func(email, status string) tftypes.Value {
		return tftypes.NewValue(rowsType.ElementType, map[string]tftypes.Value{
			"email": tftypes.NewValue(tftypes.String, email), "status": tftypes.NewValue(tftypes.String, status),
		})
	}
	result, failure := call("2026-12-31T00:00:00Z", row("ada@example.com", "Enabled"))
	if failure != "" {
		t.Fatal(failure)
	}
	statuses, err := result.Unmarshal(tftypes.Map{ElementType: tftypes.String})
	must(t, err)
	want := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"ada@example.com": tftypes.NewValue(tftypes.String, "Enabled")})
	if !statuses.Equal(want) {
		t.Errorf("got %s, want %s", statuses, want)
	}
	if _, failure = call("tomorrow"); failure != `1 "tomorrow" is not a timestamp of the form 2026-12-31T18:00:00Z. plantimestamp() is one` {
		t.Errorf("a bad point in time: %s", failure)
	}
	if _, failure = call("2026-12-31T00:00:00Z", row("ada", "Enabled"), row("ben", "Enabled")); failure !=
		"0 2 rows of the review cannot be used (in a CSV file with a header, row 1 is on line 2):\n  - row 1: the email \"ada\" has no @\n  - row 2: the email \"ben\" has no @" {
		t.Errorf("bad rows: %s", failure)
	}
}

func TestReviewInTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	config := func(rows string) string {
		return tenant.config("", fmt.Sprintf(`
resource "idplus_user_statuses" "review" {
  statuses = provider::idplus::review(csvdecode(%q), plantimestamp())
}
`, rows))
	}
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{
				Config: config("email,status,expires,reviewer\nada@example.com,Enabled,2020-12-31,eve\nben@example.com,Enabled,,eve\ncarla@example.com,Enabled,2999-12-31,eve\n"),
				Check: func(*terraform.State) error {
					for email, want := range map[string]string{"ada@example.com": "Disabled", "ben@example.com": "Enabled", "carla@example.com": "Enabled"} {
						if got := tenant.status(t, email); got != want {
							t.Errorf("%s is %s, want %s", email, got, want)
						}
					}
					return nil
				},
			},
			{
				Config:      config("email,status\nada@example.com,Enabled\nben@example.com,Enable\n"),
				ExpectError: says(`1 row of the review cannot be used (in a CSV file with a header, row 1 is on line 2): - row 2: the status "Enable" is neither Enabled nor Disabled`),
			},
		},
	})
}
