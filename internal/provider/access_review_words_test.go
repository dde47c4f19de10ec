// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
)

// The map of a review follows its users by itself: a plan must not ask for a correction by
// hand.
func TestThePlanOfAReviewAsksForNoCorrectionByHand(t *testing.T) {
	t.Parallel()
	const needsNone = "With the data source idplus_access_review, rows need no correction"
	emails := manyUsers(6)
	for name, tc := range map[string]struct {
		becomes    func(*testing.T, *testTenant)
		says, hush []string
	}{
		"a user is renamed": {
			func(t *testing.T, tt *testTenant) { must(t, tt.Rename(emails[1], "moved@example.com")) },
			[]string{"Warning: User has a new address: user01@example.com", "this is still the same user", needsNone, `+ "moved@example.com" = "Enabled"`},
			[]string{"leaves without a change"},
		},
		"an old address leads to another user": {
			func(t *testing.T, tt *testTenant) {
				tt.HideFromSearch(emails[1]) // Forces a look-up.
				must(t, tt.Delete(emails[1]))
				must(t, tt.Alias(emails[1], emails[2]))
			},
			[]string{"Warning: Look-up finds a user with another name: user01@example.com", "The state is left as it is.", needsNone},
			[]string{"this is still the same user"},
		},
		"a user is gone": {
			func(t *testing.T, tt *testTenant) { must(t, tt.Delete(emails[1])) },
			[]string{"Warning: User no longer exists: user01@example.com", needsNone}, nil,
		},
		"the address belongs to another user": {
			func(_ *testing.T, tt *testTenant) { tt.GiveAddress(emails[1], "") },
			[]string{"Warning: Address belongs to another user now: user01@example.com", "If the configuration still has the address, the plan shows the user as new.", needsNone}, nil,
		},
		"the tenant shows no status": {
			func(t *testing.T, tt *testTenant) { must(t, tt.SetStatus(emails[1], "")) },
			[]string{"user01@example.com keeps the status, which is unknown"}, []string{"set Disabled instead", "status: now"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, emails...)
			rows := tenant.roster(t, "keep", emails...)
			w := newWorkspaceFor(t, tenant, name == "a user is renamed") // The lines of this plan are judged, too.
			w.write("main.tf", tenant.config("", reviewBlocks(rows, "")))
			w.terraform("apply", "-auto-approve").succeeds()
			tc.becomes(t, tenant)
			plan := w.terraform("plan").succeeds().says(tc.says...)
			for _, hush := range tc.hush {
				if strings.Contains(plan.text, hush) {
					t.Errorf("it says %q:\n%s", hush, plan.text)
				}
			}
		})
	}
}
