// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// If a look-up does not show the last change yet, no user keeps a status that the
// configuration does not want without a warning.

const laggard = "user00@example.com"

// lagging returns the resources, as configurations of one user's status.
func lagging(tenant *testTenant) map[string]func(status, leaving string) string {
	many := func(arguments string) func(status, leaving string) string {
		return func(status, leaving string) string {
			rows := allOf([]string{"user01@example.com", "user02@example.com"}, "Enabled")
			if status != "" {
				rows[laggard] = status
			}
			return tenant.statuses("", rows, arguments+"\non_removal = \""+leaving+"\"")
		}
	}
	return map[string]func(status, leaving string) string{
		"search": many(""), "lookup": many(`read_with = "lookup"`),
		"single": func(status, leaving string) string {
			if status == "" {
				return tenant.config("", "")
			}
			return tenant.config("", userStatus("one", fmt.Sprintf("email = %q\nstatus = %q\non_destroy = %q", laggard, status, leaving)))
		},
	}
}

// eachLagging runs a test for each resource, in a tenant where the apply has just
// enabled the user and search and look-up do not show it.
func eachLagging(t *testing.T, leaving string, test func(*testing.T, *testTenant, *workspace, func(status, leaving string) string)) {
	t.Helper()
	for _, kind := range []string{"search", "lookup", "single"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, manyUsers(3)...)
			must(t, tenant.SetStatus(laggard, simulator.Disabled))
			must(t, tenant.SetTemperament("lookup-lag", "60s"))
			must(t, tenant.SetTemperament("search-lag", "60s"))
			config := lagging(tenant)[kind]
			w := newWorkspace(t, tenant)
			w.write("main.tf", config("Enabled", leaving))
			w.terraform("apply", "-auto-approve").succeeds()
			tenant.wantStatuses(t, map[string]string{laggard: "Enabled"})
			test(t, tenant, w, config)
		})
	}
}

func TestAChangeBackWhileTheLookupLagsIsNotSilent(t *testing.T) {
	t.Parallel()
	const warning = "Warning: User seems to have the wanted status already: " + laggard
	eachLagging(t, "retain", func(t *testing.T, tenant *testTenant, w *workspace, config func(status, leaving string) string) {
		t.Helper()
		// The drift shows as a change anyway.
		if text := w.terraform("plan").succeeds().says("Plan: 0 to add, 1 to change").text; strings.Contains(text, warning) {
			t.Errorf("a warning beside a change:\n%s", text)
		}
		w.write("main.tf", config("Disabled", "retain"))
		for _, command := range []string{"plan", "apply"} {
			w.terraform(command, "-input=false").succeeds().says(warning,
				laggard+" is now Disabled, as wanted; the state had Enabled",
				"Someone else changed it, or the look-up does not show the last change yet. Plan again later to be sure.")
		}
		must(t, tenant.SetTemperament("lookup-lag", "0s"))
		must(t, tenant.SetTemperament("search-lag", "0s"))
		w.terraform("apply", "-auto-approve").succeeds()
		tenant.wantStatuses(t, map[string]string{laggard: "Disabled"})
		if text := w.terraform("plan", "-detailed-exitcode").succeeds().text; strings.Contains(text, warning) {
			t.Errorf("the warning stays:\n%s", text)
		}
	})
}

func TestALeaveWhileTheLookupLagsDisables(t *testing.T) {
	t.Parallel()
	for _, sameStatus := range []string{"200", "409"} {
		t.Run(sameStatus, func(t *testing.T) {
			t.Parallel()
			eachLagging(t, "disable", func(t *testing.T, tenant *testTenant, w *workspace, _ func(status, leaving string) string) {
				t.Helper()
				must(t, tenant.SetTemperament("same-status", sameStatus))
				w.terraform("destroy", "-auto-approve").succeeds()
				tenant.wantStatuses(t, map[string]string{laggard: "Disabled"})
			})
		})
	}
	t.Run("removal", func(t *testing.T) {
		t.Parallel()
		eachLagging(t, "disable", func(t *testing.T, tenant *testTenant, w *workspace, config func(status, leaving string) string) {
			t.Helper()
			w.write("main.tf", config("", "disable"))
			w.terraform("plan").succeeds().says("Warning: User leaves the configuration and will be disabled: " + laggard)
			w.terraform("apply", "-auto-approve").succeeds()
			tenant.wantStatuses(t, map[string]string{laggard: "Disabled"})
		})
	})
}

// Others have in fact disabled the user: a refusal of the same status is a success.
func TestALeaverWhoWasDisabledByOthers(t *testing.T) {
	t.Parallel()
	for _, sameStatus := range []string{"200", "409"} {
		t.Run(sameStatus, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, manyUsers(3)...)
			must(t, tenant.SetTemperament("same-status", sameStatus))
			for name, config := range lagging(tenant) {
				w := newWorkspace(t, tenant)
				w.write("main.tf", config("Enabled", "disable"))
				w.terraform("apply", "-auto-approve").succeeds()
				must(t, tenant.SetStatus(laggard, simulator.Disabled))
				w.terraform("destroy", "-auto-approve").succeeds()
				if name != "single" {
					must(t, tenant.SetStatus("user01@example.com", simulator.Enabled))
				}
			}
		})
	}
}
