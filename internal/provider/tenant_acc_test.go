// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// testUserEnv names the user that the test against a real tenant may disable and enable.
// It leaves the user Enabled.
const testUserEnv = "IDPLUS_TEST_USER"

// TestAccTenant runs against a real tenant: make testacc.
func TestAccTenant(t *testing.T) { //nolint:paralleltest // One user, one tenant.
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("not asked for: make testacc runs this test against a real tenant")
	}
	email := os.Getenv(testUserEnv)
	var missing []string
	if os.Getenv("IDPLUS_ADMIN_API_URL") == "" && os.Getenv("IDPLUS_API_KEY") == "" && os.Getenv("IDPLUS_API_KEY_FILE") == "" {
		missing = append(missing, "IDPLUS_ADMIN_API_URL (or a legacy key in IDPLUS_API_KEY_FILE)")
	}
	if os.Getenv("IDPLUS_OAUTH_CLIENT_ID") == "" && os.Getenv("IDPLUS_API_KEY") == "" &&
		os.Getenv("IDPLUS_API_KEY_FILE") == "" && os.Getenv("IDPLUS_ACCESS_TOKEN") == "" {
		missing = append(missing, "credentials (IDPLUS_OAUTH_CLIENT_ID and its companions, IDPLUS_API_KEY_FILE or IDPLUS_ACCESS_TOKEN)")
	}
	if email == "" {
		missing = append(missing, testUserEnv+" (the email address of a user that the test may disable)")
	}
	if len(missing) > 0 {
		t.Skipf("no tenant to test with; not set: %s", strings.Join(missing, "; "))
	}

	config := func(status string) string {
		return "provider \"idplus\" {}\n" + userStatus("ada", `email = "`+email+`"
status = "`+status+`"`)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{Config: config("Disabled"), ConfigStateChecks: []statecheck.StateCheck{holds("status", knownvalue.StringExact("Disabled"))}},
			{Config: config("Disabled"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			{Config: config("Enabled"), ConfigPlanChecks: plans(plancheck.ResourceActionUpdate)},
			{Config: config("Enabled"), ResourceName: ada, ImportState: true, ImportStateId: email, ImportStateVerify: true},
		},
	})
}
