// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

func TestUserStatusImport(t *testing.T) {
	t.Parallel()
	byEmail := userStatus("ada", `email = "ada@example.com"
status = "Enabled"`)
	byUsername := userStatus("ada", `username = "ada"
status = "Enabled"`)
	for id, config := range map[string]string{
		"ada@example.com":       byEmail,
		"email:ada@example.com": byEmail,
		"username:ada":          byUsername,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: testProviders,
				Steps: []resource.TestStep{
					{
						// An import block plans no change for a user with the wanted
						// status.
						Config: tenant.config("", config) + `
import {
  to = idplus_user_status.ada
  id = "` + id + `"
}`,
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							plancheck.ExpectResourceAction(ada, plancheck.ResourceActionNoop),
						}},
					},
					{
						// The import command has the same state.
						Config:            tenant.config("", config),
						ResourceName:      ada,
						ImportState:       true,
						ImportStateId:     id,
						ImportStateVerify: true,
					},
				},
			})
		})
	}
}

func TestUserStatusImportOfDriftedUserPlansTheChange(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{{
			Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"`)) + `
import {
  to = idplus_user_status.ada
  id = "Ada@Example.com"
}`,
			ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
			Check:            expectStatus(tenant, "ada@example.com", "Disabled"),
		}},
	})
}

func TestUserStatusImportRefusals(t *testing.T) {
	t.Parallel()
	for id, text := range map[string]string{
		"ada":                   `"ada" is neither an email address nor marked as a username. Import by email address (ada@example.com or email:ada@example.com) or by username (username:ada).`,
		"email:ada":             `"email:ada" names no user: the email address has no @.`,
		"username:":             `"username:" names no user: the username is empty.`,
		"a b@example.com":       `has white space in it`,
		"nobody@example.com":    `User to import does not exist: nobody@example.com | No user has this name in this tenant. Correct the spelling, and check that admin_api_url is the tenant you mean.`,
		"username:ada@nowhere ": `has white space at its beginning or end`,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, newTestTenant(t, "ada@example.com"))
			_, said := p.importAs(&tfprotov6.ImportResourceStateRequest{ID: id})
			wantTexts(t, said, text)
		})
	}
}

func TestUserStatusIdentity(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{
				Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"`)) + `
import {
  to       = idplus_user_status.ada
  identity = { email = "ada@example.com" }
}`,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(ada, map[string]knownvalue.Check{
					"email": knownvalue.StringExact("ada@example.com"), "username": knownvalue.Null(),
				})},
			},
			{
				// The identity stays through a removal from the state.
				PreConfig: func() { _, err := tenant.Reassign("ada@example.com"); must(t, err) },
				Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"`)),
				ConfigPlanChecks: plans(plancheck.ResourceActionCreate),
			},
		},
	})
}
