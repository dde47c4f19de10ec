// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestUserDataSource(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	hugo := tenant.AddUser(simulator.User{
		Email: "hugo@example.com", Username: "hugo", FirstName: "Hugo", LastName: "Example",
		IdentitySource: "Corporate AD", Status: "Disabled",
	})
	must(t, tenant.MarkDeleted("hugo@example.com", "root@example.com"))
	checks := func(address string) []statecheck.StateCheck {
		var checks []statecheck.StateCheck
		for attribute, check := range map[string]knownvalue.Check{
			"id":                                  knownvalue.StringExact(hugo.ID),
			"first_name":                          knownvalue.StringExact("Hugo"),
			"last_name":                           knownvalue.StringExact("Example"),
			"status":                              knownvalue.StringExact("Disabled"),
			"identity_source":                     knownvalue.StringExact("Corporate AD"),
			"mark_deleted":                        knownvalue.Bool(true),
			"mark_deleted_by":                     knownvalue.StringExact("root@example.com"),
			"mark_deleted_at":                     knownvalue.NotNull(),
			"high_risk_user":                      knownvalue.Bool(false),
			"last_successful_authentication_date": knownvalue.Null(),
		} {
			checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check))
		}
		return checks
	}
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: tenant.config("", `
data "idplus_user" "by_email" { email = "Hugo@example.com" }
data "idplus_user" "by_username" { username = "hugo" }`),
				ConfigStateChecks: append(append(checks("data.idplus_user.by_email"), checks("data.idplus_user.by_username")...),
					statecheck.ExpectKnownValue("data.idplus_user.by_email", tfjsonpath.New("email"), knownvalue.StringExact("Hugo@example.com")),
					statecheck.ExpectKnownValue("data.idplus_user.by_email", tfjsonpath.New("username"), knownvalue.StringExact("hugo")),
					statecheck.ExpectKnownValue("data.idplus_user.by_username", tfjsonpath.New("email"), knownvalue.StringExact("hugo@example.com")),
				),
			},
			{
				Config:      tenant.config("", `data "idplus_user" "nobody" { email = "nobody@example.com" }`),
				ExpectError: says(`No user has the email address "nobody@example.com" in this tenant`),
			},
			{
				Config: tenant.config("", `data "idplus_user" "both" {
  email    = "hugo@example.com"
  username = "hugo"
}`),
				ExpectError: says("Exactly one of these attributes must be configured: [email,username]"),
			},
			{
				PreConfig:   func() { tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"}) },
				Config:      tenant.config("", `data "idplus_user" "new" { email = "new@example.com" }`),
				ExpectError: says("search_unsynced = true"),
			},
			{
				Config: tenant.config("", `data "idplus_user" "new" {
  email           = "new@example.com"
  search_unsynced = true
  timeouts        = { read = "1m" }
}`),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("data.idplus_user.new", tfjsonpath.New("search_unsynced"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue("data.idplus_user.new", tfjsonpath.New("timeouts").AtMapKey("read"), knownvalue.StringExact("1m")),
					statecheck.ExpectKnownValue("data.idplus_user.new", tfjsonpath.New("status"), knownvalue.StringExact("Enabled")),
				},
			},
		},
	})
}
