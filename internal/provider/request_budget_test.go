// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// review returns a configuration over many users, as a CSV file would give it.
func (tt *testTenant) review(decisions map[string]string) string {
	var rows strings.Builder
	for email, status := range decisions {
		fmt.Fprintf(&rows, "    %q = %q\n", email, status)
	}
	return tt.config("", fmt.Sprintf(`
resource "idplus_user_status" "review" {
  for_each = {
%s  }
  email  = each.key
  status = each.value
}
`, rows.String()))
}

func TestRequestBudget(t *testing.T) {
	t.Parallel()
	const users = 30
	decisions := map[string]string{}
	var emails []string
	for i := range users {
		email := fmt.Sprintf("user%02d@example.com", i)
		emails = append(emails, email)
		decisions[email] = "Enabled"
	}
	tenant := newTestTenant(t, emails...)
	for _, email := range emails {
		must(t, tenant.SetStatus(email, "Disabled"))
	}
	w := newWorkspace(t, tenant)

	w.write("main.tf", tenant.review(decisions))
	w.terraform("plan", "-out=create.tfplan").succeeds().says("Plan: 30 to add, 0 to change, 0 to destroy.")
	w.sent(users, 0)

	// Terraform plans a create a second time when it applies it, in another
	// process and without the first plan's result: one more look-up, which
	// confirms right before the PUT that the address still leads to that user.
	w.terraform("apply", "create.tfplan").succeeds()
	w.sent(users, users)

	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.sent(users, 0)
	// A user with the wanted status gets no PUT, on create too.
	must(t, os.Remove(filepath.Join(w.dir, "terraform.tfstate")))
	w.terraform("apply", "-auto-approve").succeeds().says("Plan: 30 to add, 0 to change, 0 to destroy.")
	w.sent(2*users, 0)
	w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
	w.sent(users, 0)
	if got := tenant.Connections(); got > 10 {
		t.Errorf("a plan opened %d connections, want at most max_concurrent_requests, 10", got)
	}

	for _, email := range emails[:users/10] {
		decisions[email] = "Disabled"
	}
	w.write("main.tf", tenant.review(decisions))
	w.terraform("plan", "-out=flip.tfplan").succeeds().says("Plan: 0 to add, 3 to change, 0 to destroy.")
	w.sent(users, 0)
	w.terraform("apply", "flip.tfplan").succeeds()
	w.sent(0, users/10)

	// A user who is gone and an address that was reassigned are looked up once
	// as well, though Terraform refreshes them and then plans to create them.
	must(t, tenant.Delete(emails[4]))
	_, err := tenant.Reassign(emails[5])
	must(t, err)
	// One search checks whether the missing user is only spelled differently.
	w.terraform("plan").succeeds().says("Plan: 2 to add, 0 to change, 0 to destroy.")
	w.sentWithSearch(1, users, 0)

	w.terraform("destroy", "-auto-approve", "-refresh=false").succeeds()
	w.sent(0, 0)
}

func TestRequestBudgetOfImportBlocksOverAReview(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com", "carla@example.com")
	w := newTerraformWorkspace(t, tenant)
	w.write("review.csv", "email,status\nada@example.com,Enabled\nben@example.com,Disabled\ncarla@example.com,Enabled\n")
	w.write("main.tf", tenant.config("", `
locals {
  review = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row }
}

import {
  for_each = local.review
  to       = idplus_user_status.review[each.key]
  id       = each.key
}

resource "idplus_user_status" "review" {
  for_each = local.review
  email    = each.key
  status   = each.value.status
}
`))
	w.terraform("plan", "-out=import.tfplan").succeeds().
		says("Plan: 3 to import, 0 to add, 1 to change, 0 to destroy.", `"Enabled" -> "Disabled"`)
	w.sent(3, 0)
	w.terraform("apply", "import.tfplan").succeeds()
	w.sent(0, 1)
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.sent(3, 0)
}

func TestOneTokenForManyUsers(t *testing.T) {
	t.Parallel()
	decisions := map[string]string{}
	var emails []string
	for i := range 25 {
		emails = append(emails, fmt.Sprintf("user%02d@example.com", i))
		decisions[emails[i]] = "Disabled"
	}
	tenant := newTestTenant(t, emails...)
	w := newWorkspace(t, tenant)
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(t, err)
	w.write("main.tf", strings.Replace(tenant.review(decisions), fmt.Sprintf("access_token  = %q", tenant.token), fmt.Sprintf(`
  oauth = {
    issuer_url  = %q
    client_id   = %q
    private_key = %q
  }`, tenant.server.IssuerURL(), client.ClientID, client.PrivateKeyJWK), 1))
	w.terraform("plan").succeeds()
	w.sent(25, 0)
	if got := tenant.Count(simulator.KindToken); got != 1 {
		t.Errorf("%d tokens were fetched for 25 users, want 1", got)
	}
}
