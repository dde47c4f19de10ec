// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/bench/usage"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func requests(lookups, puts, tokens, connections int) traffic {
	return traffic{
		Requests:    map[simulator.Kind]int{simulator.KindLookup: lookups, simulator.KindStatus: puts, simulator.KindToken: tokens},
		Refused:     map[simulator.Kind]int{},
		Connections: connections,
	}
}

// noop is the measured no-op plan, with the floor at one second of each.
func noop(wall, cpu time.Duration, t traffic) measured {
	m := measured{
		phase:    phase{name: "plan no-op", budget: budget{lookups: ofAll}},
		provider: cost{Wall: wall, TerraformCPU: cpu - 100*time.Millisecond, ProviderCPU: 100 * time.Millisecond, PeakBytes: 30 << 20, Processes: 3},
		floor:    cost{Wall: time.Second, TerraformCPU: time.Second},
		traffic:  t,
	}
	m.misses = m.phase.budget.misses(1000, t, false)
	return m
}

func TestTable(t *testing.T) {
	t.Parallel()
	got := table([]measured{noop(1250*time.Millisecond, 1500*time.Millisecond, requests(1000, 0, 1, 10))})
	want := `
           wall floor     × terraform provider floor     × peak look-                     connec-
phase         s     s floor     CPU s    CPU s CPU s floor  MiB   ups PUTs tokens refused   tions
plan no-op 1.25  1.00  1.25      1.40     0.10  1.00  1.50   30  1000    0      1       0      10
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got); diff != "" {
		t.Error(diff)
	}
}

func TestTableFitsInto100Columns(t *testing.T) {
	t.Parallel()
	m := noop(99*time.Second, 99*time.Second, requests(1000, 1000, 1, 10))
	m.phase.name = "apply create"
	m.provider.PeakBytes = 999 << 20
	m.floor.Wall, m.floor.TerraformCPU = 99*time.Second, 99*time.Second
	for line := range strings.Lines(table([]measured{m})) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestGoals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		users int
		m     measured
		want  []string
	}{
		"all met": {1000, noop(1500*time.Millisecond, 1600*time.Millisecond, requests(1000, 0, 1, 10)), []string{
			"ok      plan no-op: 1000 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"met     no-op plan within 1.5 × the floor's wall time (1.50 ×)",
			"met     no-op plan within 1.6 × the floor's CPU time (1.60 ×)",
		}},
		"slow": {1000, noop(1600*time.Millisecond, 1700*time.Millisecond, requests(1000, 0, 1, 10)), []string{
			"ok      plan no-op: 1000 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"missed  no-op plan within 1.5 × the floor's wall time (1.60 ×)",
			"missed  no-op plan within 1.6 × the floor's CPU time (1.70 ×)",
		}},
		"one look-up too many, two tokens": {1000, noop(time.Second, time.Second, requests(1001, 0, 2, 10)), []string{
			"FAIL    plan no-op: 1000 look-ups, no PUT, 1 token (1001 lookup requests, 2 token requests)",
			"ok      at most 10 connections in every phase (10)",
			"met     no-op plan within 1.5 × the floor's wall time (1.00 ×)",
			"met     no-op plan within 1.6 × the floor's CPU time (1.00 ×)",
		}},
		"time is not judged when starting processes decides": {999, noop(time.Minute, time.Minute, requests(1000, 0, 1, 10)), []string{
			"ok      plan no-op: 999 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := goalLines(goalsOf(test.users, []measured{test.m}, false))
			if diff := cmp.Diff(strings.Join(test.want, "\n")+"\n", got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTooManyConnectionsAreNamedByPhase(t *testing.T) {
	t.Parallel()
	first, second := noop(1, 1, requests(1000, 0, 1, 10)), noop(1, 1, requests(1000, 0, 1, 350))
	second.crowded = []string{"plan no-op: 350"}
	got := goalLines(goalsOf(100, best([][]measured{{first}, {second}}), false))
	if !strings.Contains(got, "FAIL    at most 10 connections in every phase (plan no-op: 350)\n") {
		t.Error(got)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	refused := requests(103, 0, 1, 10)
	refused.Refused[simulator.KindLookup] = 3
	tests := map[string]struct {
		budget      budget
		traffic     traffic
		rateLimited bool
		want        []string
	}{
		"kept":                        {budget{ofAll, ofATenth}, requests(100, 10, 1, 10), false, nil},
		"no request, no token":        {budget{ofAll, ofNone}, requests(0, 0, 0, 0), false, []string{"0 lookup requests", "0 token requests"}},
		"refused by a limit":          {budget{ofAll, ofNone}, refused, true, nil},
		"refused although not needed": {budget{ofAll, ofNone}, refused, false, []string{"3 refused"}},
		"another kind": {budget{}, traffic{Requests: map[simulator.Kind]int{simulator.KindToken: 1, simulator.KindSearch: 2}}, false,
			[]string{"2 search requests"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.budget.misses(100, test.traffic, test.rateLimited)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPhasesStartWhereTheOneBeforeEnded(t *testing.T) {
	t.Parallel()
	saved := map[string]bool{}
	for _, p := range phases() {
		for _, argument := range p.arguments {
			if file, found := strings.CutPrefix(argument, "-out="); found {
				saved[file] = true
			} else if strings.HasSuffix(argument, ".tfplan") && !saved[argument] {
				t.Errorf("%s applies %s, which no phase before has saved", p.name, argument)
			}
		}
	}
}

func TestSplitOfCPUTime(t *testing.T) {
	t.Parallel()
	processes := []usage.Process{
		{CPU: 30 * time.Millisecond, LauncherCPU: 2 * time.Millisecond, PeakBytes: 20},
		{CPU: 100 * time.Millisecond, LauncherCPU: 3 * time.Millisecond, PeakBytes: 40},
	}
	got, err := split(2*time.Second, time.Second, processes)
	want := cost{Wall: 2 * time.Second, TerraformCPU: 865 * time.Millisecond, ProviderCPU: 130 * time.Millisecond, PeakBytes: 40, Processes: 2}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err := split(2*time.Second, 100*time.Millisecond, processes); err == nil {
		t.Errorf("a provider that Terraform did not wait for was taken for %+v", got)
	}
}

func TestBusyMachineIsNoticedByTheFloor(t *testing.T) {
	t.Parallel()
	m := noop(time.Minute, time.Second, requests(1000, 0, 1, 10))
	if disturbed([]measured{m}) {
		t.Error("a slow provider was taken for a busy machine")
	}
	m.floor.Wall = 2 * m.floor.cpu()
	if !disturbed([]measured{m}) {
		t.Error("a floor that waited as long as it worked was not noticed")
	}
}

func TestBestOfSeveralRuns(t *testing.T) {
	t.Parallel()
	slow, quick := noop(3*time.Second, time.Second, requests(1000, 0, 1, 10)), noop(2*time.Second, 2*time.Second, requests(1002, 0, 1, 9))
	got := best([][]measured{{slow}, {quick}})[0]
	if got.provider.Wall != 2*time.Second || got.provider.cpu() != time.Second {
		t.Errorf("the least time is %+v", got.provider)
	}
	if n := got.traffic.Requests[simulator.KindLookup]; n != 1002 || got.traffic.Connections != 10 || len(got.misses) != 1 {
		t.Errorf("%d look-ups, %d connections, misses %q: a run that broke the budget is forgotten", n, got.traffic.Connections, got.misses)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	got, err := parseUsers("100, 1000")
	if diff := cmp.Diff([]int{100, 1000}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, bad := range []string{"", "9", "100,", "many"} {
		if got, err := parseUsers(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}
