// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// All goals of an organization are binding, also the one for the time.
func TestGoalsOfAnOrganization(t *testing.T) {
	t.Parallel()
	plan := planNothing(budget{pages: true})
	o := organization{reviews: []*review{{decisions: make([]string, timedFrom/workspaces)}}}
	measure := func(wall time.Duration, refused int, misses, crowded []string) measured {
		m := measured{phase: plan, provider: cost{Wall: wall}, floor: cost{Wall: 10 * time.Second}, misses: misses, crowded: crowded,
			traffic: searches(4000+refused, 0, 0, 10, 100)}
		m.traffic.Refused[simulator.KindSearch] = refused
		return m
	}
	const requests = "  plan no-op: 4000 searches, no look-up, no PUT, 10 tokens"
	for name, test := range map[string]struct {
		m    measured
		want []string
	}{
		"all met": {measure(13*time.Second, 445, nil, nil), []string{
			"ok    " + requests,
			"ok      at most 10 % of the requests are refused (10.0 %)",
			"ok      all phases within 1.3 × what the limit allows, 10.00 s (13.00 s, 1.30 ×)",
		}},
		"all missed": {measure(14*time.Second, 940, []string{"4001 search requests"}, []string{"plan no-op: 101"}), []string{
			"FAIL  " + requests + " (4001 search requests, plan no-op: 101)",
			"FAIL    at most 10 % of the requests are refused (19.0 %)",
			"FAIL    all phases within 1.3 × what the limit allows, 10.00 s (14.00 s, 1.40 ×)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.Join(test.want, "\n")+"\n", goalLines(o.goals([]measured{test.m}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A user whose row moves to another workspace keeps the status, whichever is applied
// first, and is then managed by the other.
func TestUserMovesToAnotherWorkspace(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("a database and ten commands take seconds: CI runs them")
	}
	t.Chdir("../../..") // as make bench
	c := conditions{temporary: t.TempDir(), rate: 1000}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	provider, err := install(t.Context(), c.temporary, "")
	must(err)
	c.terraform, _, err = findTerraform(t.Context(), provider)
	if err != nil {
		t.Skip(err)
	}
	c.terraform.launcher = launcherIn(c.temporary)
	o, stop, err := c.newOrganization(t.Context(), 2, 100)
	if errors.Is(err, rehearsal.ErrNoPostgres) {
		t.Skip(err)
	}
	must(err)
	defer func() { must(stop()) }()
	for _, p := range o.reviews[0].phases[:2] {
		_, err := o.all(t.Context(), p)
		must(err)
	}

	from, to := o.reviews[0], o.reviews[1]
	enabled, disabled := from.address(0)+",Enabled\n", from.address(49)+",Disabled\n"
	rows := string(from.csv())
	if !strings.Contains(rows, enabled) || !strings.Contains(rows, disabled) {
		t.Fatalf("%q or %q is not among the rows", enabled, disabled)
	}
	must(os.WriteFile(filepath.Join(from.folder, "users", from.domain+".csv"), []byte(strings.NewReplacer(enabled, "", disabled, "").Replace(rows)), 0o600))
	must(os.WriteFile(filepath.Join(to.folder, "users", to.domain+".csv"), append(to.csv(), enabled+disabled...), 0o600))
	o.tenant.ResetCounts()
	for _, r := range []*review{from, to} {
		_, err := r.withProvider.run(t.Context(), r.folder, 0, "apply", "-auto-approve")
		must(err)
	}
	if n := o.tenant.Count(simulator.KindStatus); n != 0 {
		t.Errorf("the move sent %d PUTs", n)
	}
	must(o.tenant.SetStatus(from.address(49), simulator.Enabled)) // outside of Terraform
	for r, drift := range map[*review]int{from: 0, to: 2} {
		_, err := r.withProvider.run(t.Context(), r.folder, drift, "plan", "-detailed-exitcode")
		must(err)
	}
}
