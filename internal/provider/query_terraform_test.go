// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const listBlock = `
list "idplus_user_status" "found" {
  provider         = idplus
  include_resource = true
  config {
    email_contains = "@example.com"
    status         = "Disabled"
  }
}
`

func TestQueryInTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	elena := tenant.AddUser(simulator.User{Email: "elena@example.com", FirstName: "Elena", LastName: "Example", Status: "Disabled", IdentitySource: "Partners"})
	identity := map[string]knownvalue.Check{"email": knownvalue.StringExact("elena@example.com"), "username": knownvalue.Null()}
	of := queryfilter.ByResourceIdentity(identity)
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{
				Query:  true,
				Config: tenant.config("", listBlock),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength("idplus_user_status.found", 1),
					querycheck.ExpectIdentity("idplus_user_status.found", identity),
					querycheck.ExpectResourceDisplayName("idplus_user_status.found", of, knownvalue.StringExact("Elena Example (Disabled, Partners)")),
					querycheck.ExpectResourceKnownValues("idplus_user_status.found", of, []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("id"), KnownValue: knownvalue.StringExact(elena.ID)},
						{Path: tfjsonpath.New("status"), KnownValue: knownvalue.StringExact("Disabled")},
						{Path: tfjsonpath.New("mark_deleted"), KnownValue: knownvalue.Bool(false)},
						{Path: tfjsonpath.New("username"), KnownValue: knownvalue.Null()},
						{Path: tfjsonpath.New("on_destroy"), KnownValue: knownvalue.Null()},
					}),
				},
			},
			{
				PreConfig: func() {
					tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "No.")})
				},
				Query:       true,
				Config:      tenant.config("", listBlock),
				ExpectError: regexp.MustCompile("Cannot list users"),
			},
		},
	})
}

// What Terraform generates from the results of a query imports without a change, with one
// look-up for each user.
func TestQueryGeneratesConfigurationThatPlansClean(t *testing.T) {
	t.Parallel()
	needsVersion(t, "terraform query", "1.14.0", never)
	tenant := newTestTenant(t, numbered(60)...)
	must(t, tenant.SetStatus("user0003@example.com", "Disabled"))
	must(t, tenant.SetStatus("user0004@example.com", "Disabled"))
	must(t, tenant.MarkDeleted("user0004@example.com", "root@example.com"))
	tenant.AddUser(simulator.User{Email: "O'Brien+x@Example.com", FirstName: "${name}", LastName: `"%{x}`})
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", ""))
	w.write("users.tfquery.hcl", `
list "idplus_user_status" "all" {
  provider         = idplus
  include_resource = true
  limit            = 1000
}
`)
	w.terraform("query", "-generate-config-out=generated.tf").succeeds().
		says("email=user0003@example.com,username=<null>", "User0003 Example (Disabled, Corporate AD)", "(Disabled, pending deletion, Corporate AD)")
	w.sentWithSearch(3, 0, 0)
	w.terraform("plan", "-out=import.tfplan").succeeds().says("Plan: 61 to import, 0 to add, 0 to change, 0 to destroy.")
	w.sent(61, 0)
	w.terraform("apply", "import.tfplan").succeeds().says("Resources: 61 imported, 0 added, 0 changed, 0 destroyed.")
	w.sent(0, 0)
	w.terraform("plan", "-detailed-exitcode").exits(0)
	w.sent(61, 0)
}
