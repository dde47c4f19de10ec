// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"net/http"
	"os/exec"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A provider whose Terraform is killed ends with it: the connection on which it
// waits for an answer closes.
func TestProviderEndsWithTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, adaEmail)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config(`request_timeout = "24h"`, userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Disabled\"")))
	var arrived sync.Once
	asked, gone := make(chan struct{}), make(chan struct{})
	tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: func(w http.ResponseWriter, r *http.Request) {
		arrived.Do(func() { close(asked) })
		simulator.HoldAnswer(w, r)
		close(gone)
	}})

	command := exec.CommandContext(t.Context(), terraformPath(t), "plan", "-no-color")
	command.Dir, command.Env = w.dir, w.env
	must(t, command.Start())
	<-asked
	must(t, command.Process.Kill())
	_ = command.Wait() // It was killed.
	<-gone
}
