// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// After an interrupted apply, the state has what was done, and the next plan shows exactly
// the rest.
func TestInterruptedApply(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot interrupt a process")
	}
	const users = 40
	decisions := map[string]string{}
	var emails []string
	for i := range users {
		emails = append(emails, fmt.Sprintf("user%02d@example.com", i))
		decisions[emails[i]] = "Disabled"
	}
	tenant := newTestTenant(t, emails...)
	w := newTerraformWorkspace(t, tenant)
	w.write("main.tf", tenant.review(decisions))

	command := exec.CommandContext(t.Context(), terraformPath(t), "apply", "-auto-approve", "-no-color")
	command.Dir, command.Env = w.dir, w.env
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	amidst, ended := make(chan struct{}), make(chan error, 1)
	seen := 0 // The simulator asks about one request at a time.
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: func(*http.Request, []byte) bool {
		if seen++; seen == users/4 {
			close(amidst)
		}
		return false
	}})
	must(t, command.Start())
	go func() { ended <- command.Wait() }()
	var err error
	select {
	case <-amidst:
		must(t, command.Process.Signal(os.Interrupt))
		err = <-ended
	case err = <-ended:
	}
	if err == nil {
		t.Fatalf("the apply was not interrupted:\n%s", &output)
	}
	remove()

	disabled := 0
	for _, email := range emails {
		if tenant.status(t, email) == "Disabled" {
			disabled++
		}
	}
	if disabled < users/4 || disabled == users {
		t.Fatalf("%d users were disabled, want some:\n%s", disabled, &output)
	}
	if kept := statusesInState(t, w); len(kept) != disabled {
		t.Errorf("the state holds %d users, the tenant has disabled %d:\n%s", len(kept), disabled, &output)
	}
	w.terraform("plan").succeeds().says(fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy.", users-disabled))
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// statusesInState returns what terraform.tfstate has, by email address.
func statusesInState(t *testing.T, w *workspace) map[string]string {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct{ Email, Status string }
			}
		}
	}
	must(t, json.Unmarshal([]byte(w.read("terraform.tfstate")), &state))
	statuses := map[string]string{}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			statuses[instance.Attributes.Email] = instance.Attributes.Status
		}
	}
	return statuses
}
