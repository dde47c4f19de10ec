// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// max_changes holds in the apply as in the plan, over all resources of a run, and for
// users who are let go as for users who change.

func (tt *testTenant) disabled() int {
	n := 0
	for _, user := range tt.Users() {
		if user.Status == "Disabled" {
			n++
		}
	}
	return n
}

// The apply counts what the plan could not, before it sends.
func TestMapsKnownOnlyInTheApplyNeverPassTheLimitTogether(t *testing.T) {
	t.Parallel()
	emails := manyUsers(7)
	for _, c := range []struct{ one, two, want int }{{2, 2, 2}, {1, 1, 2}, {3, 2, 2}, {3, 4, 0}} {
		t.Run(fmt.Sprintf("%d and %d", c.one, c.two), func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			maps := func(status string) string {
				return tenant.config("max_changes = 2", fmt.Sprintf(`
resource "terraform_data" "status" {
  input = %q
}
resource "idplus_user_statuses" "one" {
  statuses = { for email in %s : email => terraform_data.status.output }
}
resource "terraform_data" "two" {
  input = { for email in %s : email => %q }
}
resource "idplus_user_statuses" "two" {
  statuses = terraform_data.two.output
}
`, status, inHCL(emails[:c.one]), inHCL(emails[c.one:c.one+c.two]), status))
			}
			// As a create, and as an update of what is there.
			for range 2 {
				w.write("main.tf", maps("Disabled"))
				w.terraform("plan", "-out=next.tfplan").succeeds().says("Warning: Changes are known only after apply", "max_changes")
				apply := w.terraform("apply", "next.tfplan")
				if got := tenant.disabled(); got != c.want || tenant.Count(simulator.KindStatus) != c.want {
					t.Errorf("%d users are disabled by %d PUTs, want %d", got, tenant.Count(simulator.KindStatus), c.want)
				}
				if c.one+c.two > 2 {
					apply.fails().says("more than max_changes allows: ", "the provider's max_changes is 2")
				} else {
					apply.succeeds()
				}
				for _, email := range emails {
					must(t, tenant.SetStatus(email, "Enabled"))
				}
				w.write("main.tf", strings.Replace(maps("Enabled"), "max_changes = 2", "", 1))
				w.terraform("apply", "-auto-approve").succeeds()
			}
		})
	}
}

func inHCL(texts []string) string { return `["` + strings.Join(texts, `", "`) + `"]` }

// A CSV file that was cut off disables no user under retain, but lets go of half of a
// company: max_changes stops that.
func TestCSVThatLostHalfOfItsRowsStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	emails := manyUsers(40)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	csv := func(emails []string) {
		w.write("review.csv", "email,status\n"+strings.Join(emails, ",Enabled\n")+",Enabled\n")
	}
	const review = `
resource "idplus_user_statuses" "review" {
  statuses = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row.status }
}
`
	csv(emails)
	w.write("main.tf", tenant.config("max_changes = 10", review))
	w.terraform("apply", "-auto-approve").succeeds() // Adopting users is not a change.

	csv(emails[:20])
	for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"apply", "-auto-approve", "-refresh=false"}} {
		w.terraform(command...).fails().says("Error: 20 users would change or leave, more than max_changes allows: user20@example.com, …",
			"- user20@example.com: leaves and keeps Enabled", "users who leave the configuration, also with \"retain\"", "a CSV file was cut off")
		w.wantNoPUT()
	}
	wantMap(t, mapInState(t, w), allOf(emails, "Enabled"))

	// Changes and leavers are counted together.
	csv(append(emails[:29:29], "user99@example.com"))
	tenant.AddUser(simulator.User{Email: "user99@example.com", Status: "Disabled"})
	w.terraform("plan").fails().says("Error: 12 users would change or leave, more than max_changes allows: user29@example.com, …", "- user99@example.com: Disabled -> Enabled")
	csv(emails[:30])
	w.terraform("apply", "-auto-approve").succeeds().says("Warning: 10 users leave the configuration and keep their status: user30@example.com, …")
	wantMap(t, mapInState(t, w), allOf(emails[:30], "Enabled"))

	// A resource that is gone lets go of all of its users.
	w.write("main.tf", tenant.config("max_changes = 10", ""))
	w.terraform("plan").fails().says("Error: 30 users would change or leave, more than max_changes allows: user00@example.com, …")
	w.terraform("destroy", "-auto-approve").fails()
	wantMap(t, mapInState(t, w), allOf(emails[:30], "Enabled"))
}

// A user who leaves one map and comes to another is not let go, if the other one is
// planned first.
func TestMoveBetweenMapsIsNotCounted(t *testing.T) {
	t.Parallel()
	emails := manyUsers(8)
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	write := func(n int) {
		w.write("main.tf", tenant.config("max_changes = 1", statusesBlock("one", allOf(emails[:n], "Enabled"), "depends_on = [idplus_user_statuses.two]")+statusesBlock("two", allOf(emails[n:], "Enabled"), "")))
	}
	write(6)
	w.terraform("apply", "-auto-approve").succeeds()
	write(2)
	w.terraform("apply", "-auto-approve").succeeds()
	w.wantNoPUT()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}
