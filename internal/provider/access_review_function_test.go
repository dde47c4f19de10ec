// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

const (
	reviewedRoster = "id,email,name,status,identity_source\n" +
		"1,Ada@example.com,Ada Byron,Enabled,Directory\n" +
		"2,ben@example.com,Ben Miller,Disabled,Directory\n" +
		"3,cy@example.com,Cy Young,Enabled,Partners\n"
	decisionsOfGrace = "id,email,decision,reason,reviewer,decided_on,expires\n" +
		"1,ada@example.com,keep,until the project ends,grace@example.com,2026-12-01,2026-12-30\n" +
		"2,ben@example.com,restore,back from leave,grace@example.com,2026-12-01,\n"
	decisionsOfFarid = "id,email,decision,reason,reviewer,decided_on,expires\n3,cy@example.com,,,,,\n"
)

func TestAccessReviewFunction(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t))
	worksheets := map[string]any{"decisions/grace.csv": decisionsOfGrace, "decisions/farid.csv": decisionsOfFarid}
	result, failure := p.call("access_review", reviewedRoster, worksheets, "2026-12-31T00:00:00Z")
	if failure != "" {
		t.Fatal(failure)
	}
	row := func(id, email, status, decision string, expires any, ended bool) map[string]any {
		return map[string]any{"id": id, "email": email, "roster_status": status, "decision": decision, "expires": expires, "ended": ended}
	}
	want := tfValue(t, p.Functions["access_review"].Return.Type, map[string]any{
		"rows": map[string]any{
			"ada@example.com": row("1", "Ada@example.com", "Enabled", "keep", "2026-12-30", true),
			"ben@example.com": row("2", "ben@example.com", "Disabled", "restore", nil, false),
			"cy@example.com":  row("3", "cy@example.com", "Enabled", "", nil, false),
		},
		"undecided": []any{"cy@example.com"},
		"reviewers": map[string]any{"grace@example.com": big.NewFloat(2)},
	})
	if diff, err := result.Diff(want); err != nil || len(diff) > 0 {
		t.Errorf("%v %v", diff, err)
	}
	for _, text := range []string{"Byron", "Miller", "until the project ends", "back from leave"} {
		if strings.Contains(result.String(), text) {
			t.Errorf("%q is in the result", text)
		}
	}
	for _, tc := range []struct {
		name, roster string
		worksheets   map[string]any
		at, want     string
	}{
		{"a bad point in time", reviewedRoster, worksheets, "", `2 "" is not a timestamp of the form 2026-12-31T18:00:00Z. Use plantimestamp(), for example`},
		{"a bad roster", "id,email,status\n1,,Enabled\n2,ben@example.com,Disabled\n3,cy@example.com,Enabled\n",
			map[string]any{"a.csv": "id,email,decision,reason,reviewer,expires\n2,ben@example.com,,,,\n3,cy@example.com,,,,\n"}, "2026-12-31T00:00:00Z",
			"0 roster.csv:2: there is no email"},
		{"an empty roster", "id,email,status\n", worksheets, "2026-12-31T00:00:00Z", "0 roster.csv: the roster has no user. Make it again with the command review roster"},
		{"no worksheet", reviewedRoster, map[string]any{}, "2026-12-31T00:00:00Z", "1 there is no worksheet. Pass the files that the reviewers have filled in"},
		{"a worksheet that was left out", reviewedRoster, map[string]any{"decisions/grace.csv": decisionsOfGrace}, "2026-12-31T00:00:00Z",
			"1 rows are missing from the worksheets (1): cy@example.com (line 4 of roster.csv). Each user needs a row, even without a decision: a worksheet may have been cut off, filtered or left out"},
	} {
		if _, failure := p.call("access_review", tc.roster, tc.worksheets, tc.at); failure != tc.want {
			t.Errorf("%s: %s", tc.name, failure)
		}
	}
}

func TestAccessReviewFunctionInTerraform(t *testing.T) {
	t.Parallel()
	config := func(worksheets string) string {
		return newTestTenant(t).config("", fmt.Sprintf(`
output "review" {
  value = provider::idplus::access_review(%q, %s, "2026-12-31T00:00:00Z")
}
`, reviewedRoster, worksheets))
	}
	good := config(fmt.Sprintf("{ grace = %q, farid = %q }", decisionsOfGrace, decisionsOfFarid))
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{
				Config: good,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("review", knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"undecided": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("cy@example.com")}),
						"reviewers": knownvalue.MapExact(map[string]knownvalue.Check{"grace@example.com": knownvalue.Int64Exact(2)}),
						"rows":      knownvalue.MapSizeExact(3),
					})),
				},
			},
			{
				Config:      config(fmt.Sprintf("{ grace = %q }", strings.ReplaceAll(decisionsOfGrace, "restore", "Restore"))),
				ExpectError: says(`grace:3: the decision is "Restore". Did you mean restore? Write keep, remove or restore`),
			},
			// The final destroy uses the last step, and Terraform 1.8 evaluates outputs
			// there.
			{Config: good},
		},
	})
}
