// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// All of an organisation's goals are binding, also that for the time.
func TestGoalsOfAnOrganisation(t *testing.T) {
	t.Parallel()
	plan := planNothing(budget{pages: true})
	o := organisation{reviews: []*review{{decisions: make([]string, timedFrom/workspaces)}}}
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
