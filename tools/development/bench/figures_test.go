// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/tools/development/bench/usage"
)

func requests(lookups, puts, tokens, connections int) traffic {
	return searches(0, lookups, puts, tokens, connections)
}

func searches(pages, lookups, puts, tokens, connections int) traffic {
	return traffic{
		Requests: map[simulator.Kind]int{
			simulator.KindSearch: pages, simulator.KindLookup: lookups, simulator.KindStatus: puts, simulator.KindToken: tokens,
		},
		Refused:     map[simulator.Kind]int{},
		Connections: connections,
	}
}

// noop returns the measured no-op plan of a thousand instances.
func noop(wall, cpu time.Duration, t traffic) measured {
	return planned(size{instances(), 1000}, wall, cpu, t)
}

// planned returns a measured no-op plan, with a floor of one second of each.
func planned(s size, wall, cpu time.Duration, t traffic) measured {
	m := measured{
		phase:    s.phases[slices.IndexFunc(s.phases, func(p phase) bool { return p.name == "plan no-op" })],
		provider: cost{Wall: wall, TerraformCPU: cpu - 100*time.Millisecond, ProviderCPU: 100 * time.Millisecond, PeakBytes: 30 << 20, Processes: 3},
		floor:    cost{Wall: time.Second, TerraformCPU: time.Second},
		traffic:  t,
	}
	m.misses = m.phase.budget.misses(s.users, 1, t, false)
	return m
}

func TestTable(t *testing.T) {
	t.Parallel()
	got := table([]measured{noop(1250*time.Millisecond, 1500*time.Millisecond, searches(40, 1000, 0, 1, 10))})
	want := `
           wall floor     × terraform provider floor     × peak sear- look-       to-   re-   TCP
phase         s     s floor     CPU s    CPU s CPU s floor  MiB  ches   ups PUTs kens fused conns
plan no-op 1.25  1.00  1.25      1.40     0.10  1.00  1.50   30    40  1000    0    1     0    10
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got); diff != "" {
		t.Error(diff)
	}
}

func TestTableFitsInto100Columns(t *testing.T) {
	t.Parallel()
	m := noop(99*time.Second, 99*time.Second, searches(4000, 1000, 1000, 1, 10))
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
	thousand, fewer := size{instances(), 1000}, size{instances(), 999}
	inMap, fewerInMap, moreInMap := size{oneMap(), 10_000}, size{oneMap(), 9_990}, size{oneMap(), 100_000}
	large := planned(inMap, time.Second, time.Second, searches(400, 0, 0, 1, 10))
	large.provider.PeakBytes = 151 << 20
	tests := map[string]struct {
		size size
		m    measured
		want []string
	}{
		"all met": {thousand, planned(thousand, 1500*time.Millisecond, 1600*time.Millisecond, requests(1000, 0, 1, 10)), []string{
			"ok      plan no-op: no search, 1000 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"met     plan no-op within 1.5 × the wall time of the floor's no-op plan (1.50 ×)",
			"met     plan no-op within 1.6 × the CPU time of the floor's no-op plan (1.60 ×)",
		}},
		"slow": {thousand, planned(thousand, 1600*time.Millisecond, 1700*time.Millisecond, requests(1000, 0, 1, 10)), []string{
			"ok      plan no-op: no search, 1000 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"missed  plan no-op within 1.5 × the wall time of the floor's no-op plan (1.60 ×)",
			"missed  plan no-op within 1.6 × the CPU time of the floor's no-op plan (1.70 ×)",
		}},
		"one look-up too many, two tokens": {thousand, planned(thousand, time.Second, time.Second, requests(1001, 0, 2, 10)), []string{
			"FAIL    plan no-op: no search, 1000 look-ups, no PUT, 1 token (1001 lookup requests, 2 token requests)",
			"ok      at most 10 connections in every phase (10)",
			"met     plan no-op within 1.5 × the wall time of the floor's no-op plan (1.00 ×)",
			"met     plan no-op within 1.6 × the CPU time of the floor's no-op plan (1.00 ×)",
		}},
		"time is not judged when starting processes decides": {fewer, planned(fewer, time.Minute, time.Minute, requests(999, 0, 1, 10)), []string{
			"ok      plan no-op: no search, 999 look-ups, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
		}},
		"a map may wait for its pages": {inMap, planned(inMap, 3300*time.Millisecond, time.Minute, searches(400, 0, 0, 1, 10)), []string{
			"ok      plan no-op: 400 searches, no look-up, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"ok      every phase: at most 150 MiB of memory (30 MiB)",
			"met     plan no-op within 2.5 × the wall time of the floor's no-op plan and 0.80 s for 400 pages (2.50 ×)",
		}},
		"a map that is slow beside its pages": {inMap, planned(inMap, 3400*time.Millisecond, time.Second, searches(400, 0, 0, 1, 10)), []string{
			"ok      plan no-op: 400 searches, no look-up, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"ok      every phase: at most 150 MiB of memory (30 MiB)",
			"missed  plan no-op within 2.5 × the wall time of the floor's no-op plan and 0.80 s for 400 pages (2.60 ×)",
		}},
		"too much memory": {inMap, large, []string{
			"ok      plan no-op: 400 searches, no look-up, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"FAIL    every phase: at most 150 MiB of memory (151 MiB)",
			"met     plan no-op within 2.5 × the wall time of the floor's no-op plan and 0.80 s for 400 pages (0.20 ×)",
		}},
		"a page too many, and a look-up": {fewerInMap, planned(fewerInMap, time.Minute, time.Minute, searches(401, 1, 0, 1, 10)), []string{
			"FAIL    plan no-op: 400 searches, no look-up, no PUT, 1 token (1 lookup requests, 401 search requests)",
			"ok      at most 10 connections in every phase (10)",
			"ok      every phase: at most 150 MiB of memory (30 MiB)",
		}},
		"a larger map is free to take more memory": {moreInMap, func() measured {
			m := planned(moreInMap, 10*time.Second, time.Second, searches(4000, 0, 0, 1, 10))
			m.provider.PeakBytes = 1 << 30
			return m
		}(), []string{
			"ok      plan no-op: 4000 searches, no look-up, no PUT, 1 token",
			"ok      at most 10 connections in every phase (10)",
			"met     plan no-op within 2.5 × the wall time of the floor's no-op plan and 8.00 s for 4000 pages (2.00 ×)",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := goalLines(goalsOf(test.size, []measured{test.m}, conditions{latency: 20 * time.Millisecond}))
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
	got := goalLines(goalsOf(size{instances(), 100}, best([][]measured{{first}, {second}}), conditions{}))
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
		"kept":                        {budget{lookups: ofAll, puts: ofATenth}, requests(100, 10, 1, 10), false, nil},
		"no request, no token":        {budget{lookups: ofAll}, requests(0, 0, 0, 0), false, []string{"0 lookup requests", "0 token requests"}},
		"refused by a limit":          {budget{lookups: ofAll}, refused, true, nil},
		"refused although not needed": {budget{lookups: ofAll}, refused, false, []string{"3 refused"}},
		"another kind": {budget{}, traffic{Requests: map[simulator.Kind]int{simulator.KindToken: 1, simulator.KindSearch: 2}}, false,
			[]string{"2 search requests"}},
		"of a map":                  {budget{pages: true, lookups: ofAHundredth, puts: ofAHundredth}, searches(4, 1, 1, 1, 10), false, nil},
		"looked up instead of read": {budget{pages: true}, requests(100, 0, 1, 10), false, []string{"100 lookup requests", "0 search requests"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.budget.misses(100, 1, test.traffic, test.rateLimited)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPhasesStartWhereTheOneBeforeEnded(t *testing.T) {
	t.Parallel()
	for _, s := range []shape{instances(), oneMap(), accessReview()} {
		saved := map[string]bool{}
		for _, p := range s.phases {
			for _, argument := range p.arguments {
				if file, found := strings.CutPrefix(argument, "-out="); found {
					saved[file] = true
				} else if strings.HasSuffix(argument, ".tfplan") && !saved[argument] {
					t.Errorf("%s: %s applies %s, which no phase before has saved", s.name, p.name, argument)
				}
			}
		}
	}
}

func TestBudgetsOfAMap(t *testing.T) {
	t.Parallel()
	want := []string{
		"plan create: 400 searches, 500 look-ups, no PUT, 1 token",
		"apply create: 400 searches, 500 look-ups, 100 PUTs, 1 token",
		"plan no-op: 400 searches, no look-up, no PUT, 1 token",
		"plan update: 400 searches, 100 look-ups, no PUT, 1 token",
		"apply update: no search, 100 look-ups, 100 PUTs, 1 token",
		"destroy: 400 searches, no look-up, no PUT, 1 token",
	}
	var got []string
	for _, p := range oneMap().phases {
		got = append(got, p.name+": "+p.budget.describe(10_000, 1))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := (budget{pages: true}).searches(26); got != 2 {
		t.Errorf("26 users fill %d pages", got)
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
		t.Errorf("a provider that Terraform did not wait for was counted as %+v", got)
	}
}

func TestBusyMachineIsNoticedByTheFloor(t *testing.T) {
	t.Parallel()
	m := noop(time.Minute, time.Second, requests(1000, 0, 1, 10))
	if disturbed([]measured{m}) {
		t.Error("a slow provider was reported as a busy machine")
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
	got, err := parseUsers("-map-users", "100, 1000", oneMap(), nil)
	if want := []string{"100 users in one map", "1000 users in one map"}; err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error(err, got)
	}
	before := []size{{instances(), 10}}
	if got, err := parseUsers("-map-users", " ", oneMap(), before); err != nil || len(got) != 1 {
		t.Error(err, got)
	}
	for _, bad := range []string{"9", "100,", "many"} {
		if got, err := parseUsers("-users", bad, instances(), nil); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
	// With fewer users, no user would change.
	if got, err := parseUsers("-map-users", "99", oneMap(), nil); err == nil || err.Error() != `-map-users: "99" is not a number of 100 or more` {
		t.Error(err, got)
	}
}
