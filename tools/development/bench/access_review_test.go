// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBudgetsOfAReview(t *testing.T) {
	t.Parallel()
	want := []string{
		"plan create: 200 searches, 100 look-ups, no PUT, 1 token",
		"apply create: 200 searches, 100 look-ups, 100 PUTs, 1 token",
		"plan no-op: 200 searches, no look-up, no PUT, 1 token",
	}
	var got []string
	for _, p := range accessReview().phases {
		if p.command == nil {
			got = append(got, p.name+": "+p.budget.describe(5000, 1))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A review is judged by what it takes beyond the floor, its evidence without one.
func TestGoalsOfAReview(t *testing.T) {
	t.Parallel()
	review := size{accessReview(), 5000}
	evidence := review.phases[slices.IndexFunc(review.phases, func(p phase) bool { return p.command != nil })]
	record := func(cpu time.Duration, mib int64) measured {
		return measured{phase: evidence, provider: cost{Wall: time.Second, ProviderCPU: cpu, PeakBytes: mib << 20}}
	}
	for name, test := range map[string]struct {
		plan, evidence measured
		want           []string
	}{
		"all met": {planned(review, time.Minute, 5*time.Second, searches(200, 0, 0, 1, 10)), record(2*time.Second, 64), []string{
			"ok      plan no-op: 200 searches, no look-up, no PUT, 1 token",
			"ok      evidence: at most 64 MiB of memory (64 MiB)",
			"ok      at most 10 connections in every phase (10)",
			"met     plan no-op within 4.00 s of CPU time beyond the floor's (4.00 s)",
			"met     evidence within 2.00 s of CPU time (2.00 s)",
		}},
		"slow and large": {planned(review, time.Minute, 5100*time.Millisecond, searches(200, 0, 0, 1, 10)), record(2100*time.Millisecond, 65), []string{
			"ok      plan no-op: 200 searches, no look-up, no PUT, 1 token",
			"FAIL    evidence: at most 64 MiB of memory (65 MiB)",
			"ok      at most 10 connections in every phase (10)",
			"missed  plan no-op within 4.00 s of CPU time beyond the floor's (4.10 s)",
			"missed  evidence within 2.00 s of CPU time (2.10 s)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := goalLines(goalsOf(review, []measured{test.plan, test.evidence}, conditions{latency: 20 * time.Millisecond}))
			if diff := cmp.Diff(strings.Join(test.want, "\n")+"\n", got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A command without a floor has no ratio: JSON knows no infinite number.
func TestReportOfACommandWithoutAFloor(t *testing.T) {
	t.Parallel()
	m := measured{phase: phase{name: "evidence"}, provider: cost{Wall: time.Second, ProviderCPU: time.Second}}
	r := report{Results: []shapeReport{reportOf(size{accessReview(), 5000}, []measured{m}, nil)}}
	if err := r.write(filepath.Join(t.TempDir(), "bench.json")); err != nil {
		t.Error(err)
	}
	if got := table([]measured{m}); !strings.Contains(got, "evidence 1.00     -     -") {
		t.Errorf("the table has a ratio to nothing:\n%s", got)
	}
}
