// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// In a tenant that compares case, an address in capitals may be another user's.
func TestAnotherSpellingsUserKeepsAccess(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(*testTenant) string{
		"a map": func(tt *testTenant) string {
			return tt.statuses("", map[string]string{"ben@example.com": "Disabled", "ada@example.com": "Enabled"}, "")
		},
		"singles": func(tt *testTenant) string {
			return tt.config("", userStatus("ben", "email = \"ben@example.com\"\nstatus = \"Disabled\""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			must(t, tenant.SetTemperament("compare-case", "on"))
			tenant.AddUser(simulator.User{ID: "large", Email: "BEN@example.com"})
			tenant.AddTwin(simulator.User{ID: "small", Email: "ben@example.com"})
			w := newWorkspace(t, tenant)
			w.write("main.tf", block(tenant))
			w.terraform("apply", "-auto-approve").succeeds()
			for id, want := range map[string]string{"large": "Enabled", "small": "Disabled"} {
				if got := tenant.statusOfID(t, id); got != want {
					t.Errorf("%s is %s, want %s", id, got, want)
				}
			}
			w.terraform("plan", "-detailed-exitcode").succeeds()
		})
	}
}

func (tt *testTenant) statusOfID(t *testing.T, id string) string {
	t.Helper()
	for _, u := range tt.Users() {
		if u.ID == id {
			return u.Status
		}
	}
	t.Fatalf("the tenant has no user with the id %s", id)
	return ""
}

// A user whose address the tenant spells differently is found, also by a resource of one
// user and for Enabled.
func TestAnotherCaseIsFoundWhereTheTenantComparesIt(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"Enabled", "Disabled"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "Ada@example.com")
			must(t, tenant.SetTemperament("compare-case", "on"))
			must(t, tenant.SetStatus("Ada@example.com", map[string]string{"Enabled": "Disabled", "Disabled": "Enabled"}[status]))
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.config("", userStatus("ada", "email = \"ada@example.com\"\nstatus = \""+status+"\"")))
			w.terraform("apply", "-auto-approve").succeeds()
			tenant.wantStatuses(t, map[string]string{"Ada@example.com": status})
			w.terraform("plan", "-detailed-exitcode").succeeds()
		})
	}
}

// A review that now has an address in another case changes nothing, also in ids and
// may_change.
func TestIDsInAnotherCasePlanEmpty(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	w := newWorkspace(t, tenant)
	block := func(ada string) string {
		return tenant.config("", fmt.Sprintf(`
resource "idplus_user_statuses" "review" {
  statuses   = { %[1]q = "Enabled", "ben@example.com" = "Enabled" }
  ids        = { %[1]q = %[2]q, "ben@example.com" = %[3]q }
  may_change = [%[1]q]
}
`, ada, tenant.id(t, "ada@example.com"), tenant.id(t, "ben@example.com")))
	}
	w.write("main.tf", block("ada@example.com"))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", block("Ada@Example.com"))
	w.terraform("plan", "-detailed-exitcode").succeeds()
}
