// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "testing"

// Search shows the old user, and a look-up returns a user with another name: the plan says
// so.
func TestThePlanNamesTheUserThatALookupReturnsInstead(t *testing.T) {
	t.Parallel()
	const warning = "Warning: Look-up finds a user with another name: user00@example.com"
	emails := manyUsers(6)
	for name, adopted := range map[string]bool{"new rows": false, "rows of the state": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			w := newWorkspace(t, tenant)
			decisions := allOf(emails, "Enabled")
			if adopted {
				w.write("main.tf", tenant.statuses("", decisions, ""))
				w.terraform("apply", "-auto-approve").succeeds()
			}
			tenant.FreezeSearch()
			must(t, tenant.Delete(emails[0]))
			must(t, tenant.Alias(emails[0], emails[5]))
			decisions[emails[0]] = "Disabled"
			w.write("main.tf", tenant.statuses("", decisions, ""))
			w.terraform("plan").succeeds().says(warning)
			w.terraform("apply", "-auto-approve").fails().says("Look-up finds a user with another name: user00@example.com")
			w.wantNoPUT()
			tenant.wantStatuses(t, allOf(emails[1:], "Enabled"))
		})
	}
}
