// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// call calls a function. A failure begins with the number of the argument to blame.
func (p *protocol) call(name string, arguments ...any) (result tftypes.Value, failure string) {
	p.t.Helper()
	definition := p.Functions[name]
	values := make([]*tfprotov6.DynamicValue, len(arguments))
	for i, argument := range arguments {
		as := definition.Parameters[i].Type
		value, err := tfprotov6.NewDynamicValue(as, tfValue(p.t, as, argument))
		must(p.t, err)
		values[i] = &value
	}
	answer, err := p.server.CallFunction(p.t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: values})
	must(p.t, err)
	if answer.Error != nil {
		return result, fmt.Sprint(*answer.Error.FunctionArgument, " ", answer.Error.Text)
	}
	result, err = answer.Result.Unmarshal(definition.Return.Type)
	must(p.t, err)
	return result, ""
}

func TestStatusesFunction(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t))
	result, failure := p.call("statuses", "email;status;expires\r\nada@example.com;Enabled;\r\nben@example.com;Enabled;2026-12-30\r\n", "2026-12-31T00:00:00Z")
	if failure != "" {
		t.Fatal(failure)
	}
	want := tfValue(t, tftypes.Map{ElementType: tftypes.String}, map[string]any{"ada@example.com": "Enabled", "ben@example.com": "Disabled"})
	if !result.Equal(want) {
		t.Errorf("got %s, want %s", result, want)
	}
	for _, tc := range []struct{ name, csv, at, want string }{
		{"a bad point in time", "email,status\n", "tomorrow", `1 "tomorrow" is not a timestamp of the form 2026-12-31T18:00:00Z. Use plantimestamp(), for example`},
		{"the name of the file", "review.csv", "2026-12-31T00:00:00Z", `0 "review.csv" is not CSV. Pass the text of the file: file("review.csv")`},
		{"bad lines", "email,status\nada,Enabled\n\nben,Enabled\n", "2026-12-31T00:00:00Z",
			"0 2 problems in the review:\n  - line 2: the email \"ada\" has no @\n  - line 4: the email \"ben\" has no @"},
	} {
		if _, failure := p.call("statuses", tc.csv, tc.at); failure != tc.want {
			t.Errorf("%s: %s", tc.name, failure)
		}
	}
}

func TestStatusesInTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	config := func(csv string) string {
		return tenant.config("", fmt.Sprintf(`
resource "idplus_user_statuses" "review" {
  statuses = provider::idplus::statuses(%q, plantimestamp())
}
`, csv))
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
				ExpectError: says(`line 3: the status is "Enable". Did you mean "Enabled"? Write Enabled or Disabled`),
			},
			{
				Config:      config("email,status,AccountExpirationDate,endDate\nada@example.com,Enabled,2020-01-01,2020-01-01\n"),
				ExpectError: says(`line 1: the column "AccountExpirationDate" must be called expires`),
			},
			// Terraform 1.8 evaluates the configuration in the destroy after the last step.
			{Config: config("email,status\nada@example.com,Enabled\n")},
		},
	})
}
