// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Some cells of the matrix with a configuration, and in CI with the real Terraform, which
// decides whether a plan is empty and a result consistent.
func TestTemperamentsWithTerraform(t *testing.T) {
	t.Parallel()
	for _, set := range []string{
		"same-status=409", "marked-as=Pending_Deletion disabling-marked=409", "compare-case=on bare-search=on", "search-totals=many", "lookup-lag=5s search-lag=5s",
	} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			cell := temperamentCell{set: set}
			tenant := newTestTenant(t, manyUsers(30)...)
			must(t, tenant.SetStatus(numberedUser(1), simulator.Disabled))
			must(t, tenant.SetStatus(numberedUser(2), simulator.Disabled))
			must(t, tenant.MarkDeleted(numberedUser(2), "somebody else"))
			tenant.AddUser(simulator.User{Email: "Shouted@Example.com"})
			for _, s := range cell.switches() {
				must(t, tenant.SetTemperament(s.name, s.answer))
			}
			later := func() { tenant.Advance(time.Minute) }
			statuses := allOf(manyUsers(20), simulator.Enabled)
			for _, gone := range []string{numberedUser(2), numberedUser(3), "shouted@example.com", leaver} {
				statuses[gone] = simulator.Disabled
			}
			w := newWorkspace(t, tenant)
			write := func() {
				w.write("main.tf", tenant.statuses("", statuses, `on_removal = "disable"`)+
					userStatus("one", fmt.Sprintf("email = %q\nstatus = \"Disabled\"\non_destroy = \"disable\"", numberedUser(25))))
			}
			wants := func() {
				t.Helper()
				for address, status := range statuses {
					if u, found := tenant.User(address); found && u.Status != status {
						t.Errorf("%s is %s, want %s", address, u.Status, status)
					}
				}
			}
			write()
			w.terraform("apply", "-auto-approve").succeeds().says(leaver)
			wants()
			later()
			w.terraform("plan", "-detailed-exitcode").succeeds()

			must(t, tenant.SetStatus(numberedUser(3), simulator.Enabled))
			must(t, tenant.SetStatus(numberedUser(25), simulator.Enabled))
			statuses[numberedUser(4)] = simulator.Disabled
			write()
			later()
			w.terraform("apply", "-auto-approve").succeeds().says("Plan: 0 to add, 2 to change, 0 to destroy.")
			wants()
			later()
			w.terraform("plan", "-detailed-exitcode").succeeds()

			w.terraform("destroy", "-auto-approve").succeeds()
			for i := range 30 {
				want := simulator.Enabled
				if i < 20 || i == 25 {
					want = simulator.Disabled
				}
				if got := tenant.status(t, numberedUser(i)); got != want {
					t.Errorf("after the destroy %s is %s, want %s", numberedUser(i), got, want)
				}
			}
			if state := w.read("terraform.tfstate"); strings.Contains(state, "idplus_user") {
				t.Errorf("something is left in the state:\n%s", state)
			}
		})
	}
}
