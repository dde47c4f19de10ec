// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A resource that disables a user can then trigger the mark for deletion.
func TestActionTriggeredByAResource(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	config := func(status string) string {
		return tenant.config("", userStatus("ada", `
  email  = "ada@example.com"
  status = "`+status+`"
  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.idplus_user_mark_deleted.leaver, action.idplus_user_sync.leaver]
    }
  }
`)+`
action "idplus_user_mark_deleted" "leaver" {
  config {
    email        = "ada@example.com"
    mark_deleted = true
  }
}
action "idplus_user_sync" "leaver" {
  config {
    username = "ada"
  }
}
`)
	}
	marked := func(want bool) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if ada, _ := tenant.User("ada@example.com"); ada.MarkDeleted != want {
				t.Errorf("marked is %t, want %t", ada.MarkDeleted, want)
			}
			return nil
		}
	}
	resource.UnitTest(t, resource.TestCase{
		// Terraform 1.14.0 invokes the actions of after_update before the update.
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(version.Must(version.NewVersion("1.14.1")))},
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{Config: config("Enabled"), Check: marked(false)},
			{Config: config("Disabled"), Check: marked(true)},
		},
	})
	if n := tenant.Count(simulator.KindSync); n != 1 {
		t.Errorf("%d synchronizations, want 1", n)
	}
}

// What the plan advises about a user who is pending deletion works as it is written.
func TestPendingDeletionRemedy(t *testing.T) {
	t.Parallel()
	needsVersion(t, "an action", "1.14.0", never)
	tenant := newTestTenant(t)
	tenant.AddUser(simulator.User{Email: "hugo@example.com", MarkDeleted: true, MarkedDeletedBy: "root@example.com"})
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("hugo", `email = "hugo@example.com"
status = "Enabled"`)))
	const invoke = "-invoke=action.idplus_user_mark_deleted.undelete_hugo_example_com"
	w.terraform("plan").fails().says("User is pending deletion and cannot be enabled",
		"invoke the action idplus_user_mark_deleted with mark_deleted = false for hugo@example.com (it needs the scope rsa.user.delete.soft)")
	w.write("undelete.tf", `
action "idplus_user_mark_deleted" "undelete_hugo_example_com" {
  config {
    email        = "hugo@example.com"
    mark_deleted = false
  }
}
`)
	w.terraform("apply", "-auto-approve", invoke).succeeds().says("hugo@example.com: undeleted, and still Disabled (1 of 1)", "Actions: 1 invoked.")
	w.terraform("apply", "-auto-approve").succeeds()
	if got := tenant.status(t, "hugo@example.com"); got != "Enabled" {
		t.Errorf("Hugo is %s", got)
	}
}

// The same for a user that a synchronization disabled.
func TestDisabledBySyncRemedy(t *testing.T) {
	t.Parallel()
	needsVersion(t, "an action", "1.14.0", never)
	tenant := newTestTenant(t, "ines@example.com", "ada@example.com")
	must(t, tenant.DisableBySync("ines@example.com"))
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", `
resource "idplus_user_statuses" "review" {
  statuses = {
    "ada@example.com"  = "Enabled"
    "ines@example.com" = "Enabled"
  }
}
`))
	const invoke = "-invoke=action.idplus_user_sync.sync_ines_example_com"
	w.terraform("apply", "-auto-approve").fails().says("API refuses to enable a user: ines@example.com",
		"Enable the user in the identity source, synchronize the user (with the action idplus_user_sync, or in the Cloud Administration Console), then apply again.")
	must(t, tenant.RestoreInDirectory("ines@example.com"))
	w.write("sync.tf", `
action "idplus_user_sync" "sync_ines_example_com" {
  config {
    email = "ines@example.com"
  }
}
`)
	w.terraform("apply", "-auto-approve", invoke).succeeds().says("ines@example.com: synchronized: Enabled, was Disabled (1 of 1)")
	w.terraform("apply", "-auto-approve").succeeds()
}
