// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// An apply is interrupted, by Ctrl-C or by a kill: what was done counts as done, and the
// next plan shows exactly the rest.
func TestInterruptedUserStatuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end     syscall.Signal
		creates bool
	}{
		"update, interrupted": {syscall.SIGINT, false},
		"create, interrupted": {syscall.SIGINT, true},
		"update, killed":      {syscall.SIGKILL, false},
		"create, killed":      {syscall.SIGKILL, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const users = 60
			emails := manyUsers(users)
			tenant := newTestTenant(t, emails...)
			w := newTerraformWorkspace(t, tenant)
			if !c.creates {
				w.write("main.tf", tenant.statuses("", allOf(emails, "Enabled"), `on_removal = "disable"`))
				w.terraform("apply", "-auto-approve").succeeds()
			}
			// Not all users: any other who is disabled was disabled by mistake.
			decisions := allOf(emails[:50], "Disabled")
			maps.Copy(decisions, allOf(emails[50:], "Enabled"))
			w.write("main.tf", tenant.statuses("", decisions, `on_removal = "disable"`))
			output := w.endAmidst(c.end, 15)

			done := 0
			for _, email := range emails[:50] {
				if tenant.status(t, email) == "Disabled" {
					done++
				}
			}
			if done < 15 || done == 50 {
				t.Fatalf("%d users were disabled, want some:\n%s", done, output)
			}
			if c.end == syscall.SIGINT && !strings.Contains(output, fmt.Sprintf("%d of 50 changes were not made", 50-done)) {
				t.Errorf("%d changes were not made, but no diagnostic says so:\n%s", 50-done, output)
			}
			plan := w.terraform("plan", "-out=rest.tfplan", "-lock=false").succeeds()
			if c.creates {
				plan.says("Plan: 1 to add, 0 to change, 0 to destroy.", fmt.Sprintf("Warning: %d of 60 users change", 50-done))
			} else {
				plan.says(fmt.Sprintf("# (%d unchanged elements hidden)", 60-(50-done)))
			}
			w.terraform("apply", "-lock=false", "rest.tfplan").succeeds()
			if n := tenant.Count(simulator.KindStatus); n != 50-done {
				t.Errorf("%d PUTs for the rest, want %d", n, 50-done)
			}
			tenant.wantStatuses(t, decisions)
			w.terraform("plan", "-detailed-exitcode", "-lock=false").succeeds()
		})
	}
}

// connections is the default of max_concurrent_requests.
const connections = 10

// endAmidst applies, and ends Terraform after this number of PUTs. After a kill, no
// further PUT has an effect.
func (w *workspace) endAmidst(signal syscall.Signal, puts int) (output string) {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), terraformPath(w.t), "apply", "-auto-approve", "-no-color")
	command.Dir, command.Env = w.dir, w.env
	// A provider whose Terraform was killed goes on for as long as it is not
	// stopped too, as by the end of a pipeline's container.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var text bytes.Buffer
	command.Stdout, command.Stderr = &text, &text
	amidst, ended := make(chan struct{}), make(chan error, 1)
	var seen, held atomic.Int64 // Requests are concurrent.
	remove := w.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: func(*http.Request, []byte) bool {
		n := seen.Add(1)
		if signal == syscall.SIGKILL {
			return n > int64(puts)
		}
		if n == int64(puts) {
			// The rest takes long enough for the signal to arrive.
			w.tenant.SetLatency(300 * time.Millisecond)
			close(amidst)
		}
		return false
	}, Respond: func(_ http.ResponseWriter, r *http.Request) {
		// Once every connection is held, no other request is on its way.
		if held.Add(1) == connections {
			close(amidst)
		}
		<-r.Context().Done()
	}})
	defer remove()
	defer w.tenant.SetLatency(0)
	must(w.t, command.Start())
	go func() { ended <- command.Wait() }()
	select {
	case <-amidst:
		target := command.Process.Pid
		if signal == syscall.SIGKILL {
			target = -target
		}
		must(w.t, syscall.Kill(target, signal))
		if err := <-ended; err == nil {
			w.t.Fatalf("the apply was not ended:\n%s", &text)
		}
	case err := <-ended:
		w.t.Fatalf("the apply ended by itself, %v:\n%s", err, &text)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(text.String(), "│", " ")), " ")
}
