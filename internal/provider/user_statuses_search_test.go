// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A search that always fails stops a map; the error names a workaround, which works.
func TestASearchThatAlwaysFails(t *testing.T) {
	t.Parallel()
	emails := manyUsers(4)
	tenant := newTestTenant(t, emails...)
	tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusInternalServerError, "No.")})
	decisions := allOf(emails, "Disabled")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.statuses("max_retries = 0", decisions, ""))
	w.terraform("plan").fails().says("Error: Cannot search for users", `set read_with = "lookup" to do without it`)

	// Also with a missing user, which search would otherwise be asked about.
	decisions["nobody@example.com"] = "Enabled"
	w.write("main.tf", tenant.statuses("max_retries = 0", decisions, `read_with = "lookup"`))
	w.terraform("plan").succeeds().says("Warning: User does not exist: nobody@example.com")
	delete(decisions, "nobody@example.com")
	w.write("main.tf", tenant.statuses("max_retries = 0", decisions, `read_with = "lookup"`))
	w.terraform("apply", "-auto-approve").succeeds()
	tenant.wantStatuses(t, decisions)
}
