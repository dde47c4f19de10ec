// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// withoutStatus makes look-ups and, if wanted, search leave out statuses.
func (tt *testTenant) withoutStatus(t *testing.T, alsoSearch bool) {
	t.Helper()
	for _, user := range tt.Users() {
		body, err := json.Marshal(map[string]any{"id": user.ID, "emailAddress": user.Email, "userStatus": nil, "markDeleted": false})
		must(t, err)
		tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerRaw(http.StatusOK, "application/json", string(body)),
			Match: func(_ *http.Request, body []byte) bool { return strings.Contains(string(body), user.Email) }})
	}
	if alsoSearch {
		must(t, tt.SetTemperament("bare-search", "on"))
	}
}

func TestALookupWithoutTheStatus(t *testing.T) {
	t.Parallel()
	const warning = "Warning: API does not return the status of a user: " + laggard
	for _, kind := range []string{"search", "lookup", "single"} {
		for _, silent := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, search silent %t", kind, silent), func(t *testing.T) {
				t.Parallel()
				tenant := newTestTenant(t, manyUsers(3)...)
				must(t, tenant.SetStatus(laggard, simulator.Disabled))
				tenant.withoutStatus(t, silent)
				config := lagging(tenant)[kind]
				w := newWorkspace(t, tenant)
				w.write("main.tf", config("Enabled", "disable"))
				first := w.terraform("apply", "-auto-approve").succeeds()
				tenant.wantStatuses(t, map[string]string{laggard: "Enabled"})
				if !silent {
					w.terraform("plan", "-detailed-exitcode").succeeds()
					w.wantNoPUT()
					w.write("main.tf", config("Disabled", "disable"))
					w.terraform("apply", "-auto-approve").succeeds()
					tenant.wantStatuses(t, map[string]string{laggard: "Disabled"})
					return
				}
				for _, said := range []outcome{first, w.terraform("plan", "-detailed-exitcode").exits(2)} {
					if kind == "single" {
						said.says(warning)
					} else {
						said.says("Warning: 3 users have a status that the API does not return: " + laggard)
					}
				}
			})
		}
	}
}
