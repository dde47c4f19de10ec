// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Problems that strangers had with the provider, with a real Terraform and a process for
// each plan and each apply.

// disabledOf returns the number of users who are Disabled in the tenant.
func (tt *testTenant) disabledOf(t *testing.T, emails ...string) int {
	t.Helper()
	disabled := 0
	for _, email := range emails {
		if tt.status(t, email) == "Disabled" {
			disabled++
		}
	}
	return disabled
}

func TestMaxChangesHoldsWhereStatusesAreKnownOnlyInTheApply(t *testing.T) {
	t.Parallel()
	emails := manyUsers(8)
	for name, rest := range map[string]string{
		"singles": `
resource "idplus_user_status" "staff" {
  for_each = toset(local.staff)
  email    = each.key
  status   = terraform_data.decision.output
}`,
		"a map": `
resource "idplus_user_statuses" "staff" {
  statuses = { for email in local.staff : email => terraform_data.decision.output }
}`,
		"two maps": `
resource "idplus_user_statuses" "staff" {
  statuses = { for email in slice(local.staff, 0, 4) : email => terraform_data.decision.output }
}
resource "idplus_user_statuses" "others" {
  statuses = { for email in slice(local.staff, 4, 8) : email => terraform_data.decision.output }
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.config("max_changes = 2", fmt.Sprintf(`
locals { staff = ["%s"] }
resource "terraform_data" "decision" { input = "Disabled" }
`, strings.Join(emails, `", "`))+rest))
			w.terraform("plan", "-out=plan").succeeds().says("Warning: Changes are known only after apply")
			w.terraform("apply", "plan").fails().says("max_changes")
			if disabled := tenant.disabledOf(t, emails...); disabled > 2 {
				t.Errorf("%d users are Disabled, max_changes is 2", disabled)
			}
		})
	}
}

func TestADestroyAfterAnAdoptionByAnUnknownMapDisablesNoUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(3)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", `
variable "step" {
  default = 1
}
locals {
  staff = ["user00@example.com", "user01@example.com"]
}
resource "idplus_user_status" "staff" {
  for_each   = toset(var.step == 1 ? local.staff : ["user02@example.com"])
  email      = each.key
  status     = "Enabled"
  on_destroy = "disable"
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "hr" {
  input            = merge({ for e in local.staff : e => "Enabled" }, [for s in idplus_user_status.staff : {}]...)
  triggers_replace = var.step
}
resource "idplus_user_statuses" "staff" {
  count    = var.step == 1 ? 0 : 1
  statuses = terraform_data.hr.output
  lifecycle {
    create_before_destroy = true
  }
}`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("apply", "-auto-approve", "-var=step=2").succeeds()
	tenant.wantStatuses(t, allOf(emails, "Enabled"))
	if tenant.Count(simulator.KindStatus) != 0 {
		t.Errorf("%d PUTs were sent", tenant.Count(simulator.KindStatus))
	}
	w.terraform("plan", "-detailed-exitcode", "-var=step=2").succeeds()
}

func TestAnExportInAnotherCasePlansEmpty(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "User05@example.com", "user06@example.com")
	w := newWorkspace(t, tenant)
	review := func(key, other string) string {
		return tenant.statuses("", map[string]string{key: "Enabled", "user06@example.com": other}, `on_removal = "disable"`)
	}
	w.write("main.tf", review("User05@example.com", "Enabled"))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", review("user05@example.com", "Enabled"))
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")

	// If other rows change, Terraform prints such a row; a warning explains it.
	w.write("main.tf", review("user05@example.com", "Disabled"))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: Address differs only in case: user05@example.com")
	tenant.wantStatuses(t, map[string]string{"user05@example.com": "Enabled", "user06@example.com": "Disabled"})
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestCountZeroNeedsNeitherValidValuesNorCredentials(t *testing.T) {
	t.Parallel()
	w := newTerraformWorkspace(t, newTestTenant(t))
	w.write("main.tf", `
provider "idplus" {}
locals {
  review     = {}
  contractor = ""
  nobody     = null
}
resource "idplus_user_statuses" "review" {
  count    = length(local.review) > 0 ? 1 : 0
  statuses = local.review
}
resource "idplus_user_statuses" "garbage" {
  count    = 0
  statuses = { "no address" = "enabled" }
}
resource "idplus_user_status" "a" {
  count  = local.contractor == "" ? 0 : 1
  email  = local.contractor
  status = "on"
}
resource "idplus_user_status" "b" {
  count  = local.nobody == null ? 0 : 1
  email  = local.nobody
  status = "Disabled"
}`)
	w.terraform("validate").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestLeaversWhoAreGoneBlockNothing(t *testing.T) {
	t.Parallel()
	emails := manyUsers(28)
	staff, leavers := emails[:14], emails[14:]
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	with := tenant.config("", statusesBlock("staff", allOf(staff, "Enabled"), "")+statusesBlock("leavers", allOf(leavers, "Disabled"), ""))
	w.write("main.tf", with)
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range leavers {
		must(t, tenant.Delete(email))
	}
	w.terraform("plan", "-detailed-exitcode").succeeds().says("14 users do not exist, which counts as Disabled")
	w.terraform("plan", "-destroy").succeeds()
	w.terraform("state", "rm", "idplus_user_statuses.leavers").succeeds()
	w.terraform("plan").succeeds().says("14 users do not exist, which counts as Disabled")
	w.write("main.tf", tenant.config("", statusesBlock("staff", allOf(staff, "Enabled"), "")))
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func TestAMovedBlockFromOneToManyIsAnErrorWithTheWayOut(t *testing.T) {
	t.Parallel()
	emails := manyUsers(2)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", `
resource "idplus_user_status" "review" {
  for_each = toset(["user00@example.com", "user01@example.com"])
  email    = each.key
  status   = "Enabled"
}`))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", `
moved {
  from = idplus_user_status.review
  to   = idplus_user_statuses.review
}
`+statusesBlock("review", allOf(emails, "Enabled"), "")))
	w.terraform("plan").fails().says("A moved block cannot turn idplus_user_status into idplus_user_statuses", "removed {", "destroy = false")
}

func TestAnImportNamesTheLeaverAndTheWayOut(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "user08@example.com")
	w := newTerraformWorkspace(t, tenant)
	resources := `
locals {
  review = { "user08@example.com" = "Enabled", "nobody@example.com" = "Disabled" }
}
resource "idplus_user_status" "review" {
  for_each = local.review
  email    = each.key
  status   = each.value
}
`
	w.write("main.tf", tenant.config("", resources+`
import {
  for_each = local.review
  to       = idplus_user_status.review[each.key]
  id       = each.key
}`))
	w.terraform("plan").fails().says("User to import does not exist: nobody@example.com", "data.idplus_users.review.missing")
	// The way out, as the error names it.
	w.write("main.tf", tenant.config("", resources+`
data "idplus_users" "review" {
  emails = keys(local.review)
}
import {
  for_each = { for email, status in local.review : email => status if !contains(data.idplus_users.review.missing, email) }
  to       = idplus_user_status.review[each.key]
  id       = each.key
}`))
	w.terraform("plan").succeeds().says("1 to import, 1 to add, 0 to change, 0 to destroy.", "User does not exist: nobody@example.com")
}

func TestARowThatLeftTheFileStopsAtMaxChanges(t *testing.T) {
	t.Parallel()
	emails := manyUsers(10)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	config := func(limit int, emails []string) {
		w.write("main.tf", tenant.config(fmt.Sprintf("max_changes = %d", limit), statusesBlock("review", allOf(emails, "Enabled"), "")))
	}
	config(0, emails)
	w.terraform("apply", "-auto-approve").succeeds()
	config(4, emails[:5])
	w.terraform("plan").fails().says("Error: 5 users would change or leave, more than max_changes allows", "leaves and keeps Enabled", "IDPLUS_MAX_CHANGES")
	config(5, emails[:5])
	w.terraform("plan").succeeds().says("Warning: 5 users leave the configuration and keep their status")
	w.terraform("plan", "-destroy").fails().says("max_changes")

	w.write("main.tf", tenant.config("max_changes = 0", `
removed {
  from = idplus_user_statuses.review
  lifecycle {
    destroy = false
  }
}`))
	w.terraform("apply", "-auto-approve").succeeds()
}

// Each provider block is a process of its own: guards count for each.
func TestGuardsCountPerProviderBlock(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	alias := strings.Replace(tenant.config("max_changes = 2", ""), `provider "idplus" {`, "provider \"idplus\" {\n  alias = \"other\"", 1)
	w.write("main.tf", tenant.config("max_changes = 2", alias+statusesBlock("one", allOf(emails[:2], "Disabled"), "")+
		statusesBlock("two", allOf(emails[2:], "Disabled"), "provider = idplus.other")))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, allOf(emails, "Disabled"))
}

// The same addresses under other ids, as in a staging and a production tenant with one
// directory: the users there are other people.
func TestAnotherTenantOfTheSameDirectoryChangesNoUser(t *testing.T) {
	t.Parallel()
	emails := manyUsers(12)
	right, wrong := newTestTenant(t, emails...), newTestTenant(t, emails...)
	single := func(tt *testTenant, status string) string {
		return tt.config("", fmt.Sprintf("resource \"idplus_user_status\" \"review\" {\n  for_each = toset([\"%s\"])\n  email = each.key\n  status = %q\n  on_destroy = \"disable\"\n}\n", strings.Join(emails, `", "`), status))
	}
	for name, config := range map[string]func(tt *testTenant, status string) string{
		"singles": single,
		"a map":   func(tt *testTenant, status string) string { return tt.statuses("", allOf(emails, status), "") },
		"both": func(tt *testTenant, status string) string {
			return single(tt, status) + statusesBlock("review", allOf(emails, status), "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, right)
			w.write("main.tf", config(right, "Enabled"))
			w.terraform("apply", "-auto-approve").succeeds()
			w.write("main.tf", config(wrong, "Disabled"))
			w.terraform("apply", "-auto-approve").fails().says("Error: None of the users is known in this tenant")
			w.terraform("destroy", "-auto-approve").fails().says("Error: None of the users is known in this tenant")
			wrong.wantStatuses(t, allOf(emails, "Enabled"))
		})
	}
}

// The refresh misses the users who are gone, and the apply knows the rest of the map.
func TestManyMissingUsersOfAMapAreNotAWrongTenantInTheApply(t *testing.T) {
	t.Parallel()
	emails := manyUsers(15)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), ""))
	w.terraform("apply", "-auto-approve").succeeds()
	for _, email := range emails[:12] {
		must(t, tenant.Delete(email))
	}
	w.terraform("apply", "-auto-approve").fails().says("Error: 12 users do not exist: user00@example.com, …")
}

// A leaver whose address has changed is found by the id that search shows.
func TestARenamedLeaverWhoIsEnabledAgainDoesNotCountAsGone(t *testing.T) {
	t.Parallel()
	emails := manyUsers(5)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	review := allOf(emails, "Enabled")
	review[emails[0]] = "Disabled"
	w.write("main.tf", tenant.statuses("", review, ""))
	w.terraform("apply", "-auto-approve").succeeds()
	must(t, tenant.Rename(emails[0], "new00@example.com"))
	must(t, tenant.SetStatus("new00@example.com", "Enabled"))
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: User has a new address: user00@example.com", "new00@example.com")
	tenant.wantStatuses(t, map[string]string{"new00@example.com": "Disabled"})
}
