// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A token endpoint that answers in the API's own shape says nothing about a user: no user
// leaves the state, counts as gone or as satisfied, and admin_api_url is not to blame.
func TestTokenEndpointIsNotTheAPI(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 404} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, adaEmail, benEmail)
			w := newWorkspace(t, tenant)
			single := userStatus("ada", fmt.Sprintf("email = %q\nstatus = \"Enabled\"\non_destroy = \"disable\"", adaEmail))
			w.write("main.tf", tenantByOAuth(t, tenant)+single)
			w.terraform("apply", "-auto-approve").succeeds()

			tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerAPIError(status, "Client not found")})
			refused := func(command ...string) {
				t.Helper()
				got := w.terraform(command...).fails().says("The sign-in was refused", "Client not found", "client_id is wrong, or the private key does not belong to it")
				for _, wrong := range []string{"admin_api_url", "does not exist", "no longer exists", "was gone"} {
					if strings.Contains(got.text, wrong) {
						t.Errorf("%v says %q:\n%s", command, wrong, got.text)
					}
				}
				if known := statusesInState(t, w); len(known) != 1 || known[adaEmail] != "Enabled" {
					t.Errorf("after %v the state holds %v", command, known)
				}
			}
			refused("plan")
			refused("apply", "-refresh-only", "-auto-approve")
			refused("destroy", "-auto-approve", "-refresh=false")
			w.write("main.tf", tenantByOAuth(t, tenant)+single+fmt.Sprintf(`
resource "idplus_user_statuses" "review" {
  statuses = { %q = "Disabled" }
}
`, benEmail))
			refused("apply", "-auto-approve", "-refresh=false")
			if got := tenant.status(t, benEmail); got != "Enabled" {
				t.Errorf("ben is %s", got)
			}
		})
	}
}
