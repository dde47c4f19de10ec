// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The answer to a PUT is lost, and the same status is refused when it is asked for
// again: the change was made, and a look-up shows it.
func TestAChangeWhoseAnswerIsLostAndWhichIsRefusedAgain(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{"409", "400", "304"} {
		for _, kind := range []string{"search", "lookup", "single"} {
			for how, lost := range map[string]simulator.Fault{
				"500": {Respond: simulator.AnswerAPIError(http.StatusInternalServerError, "No.")},
				"cut": {Respond: simulator.CutConnection},
			} {
				if how == "cut" && refusal != "409" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", refusal, kind, how), func(t *testing.T) {
					t.Parallel()
					tenant := newTestTenant(t, manyUsers(3)...)
					must(t, tenant.SetTemperament("same-status", refusal))
					config := lagging(tenant)[kind]
					w := newWorkspace(t, tenant)
					for _, status := range []string{"Disabled", "Enabled"} {
						lost.Kind, lost.Times, lost.After = simulator.KindStatus, 1, true
						tenant.Inject(lost)
						w.write("main.tf", config(status, "disable"))
						w.terraform("apply", "-auto-approve").succeeds()
						tenant.wantStatuses(t, map[string]string{laggard: status})
						w.terraform("plan", "-detailed-exitcode").succeeds()
					}
					tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: forUser(tenant.id(t, laggard)), Times: 1, After: true, Respond: lost.Respond})
					w.terraform("destroy", "-auto-approve").succeeds()
					tenant.wantStatuses(t, map[string]string{laggard: "Disabled"})
				})
			}
		}
	}
}
