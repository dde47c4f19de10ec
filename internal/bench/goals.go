// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The goals besides the request budget.
const (
	mostConnections  = 10 // the default of max_concurrent_requests
	manyUsers        = 1000
	mostWallOfFloors = 1.5 // no-op plan of manyUsers or more
	mostCPUOfFloors  = 1.6 // likewise, Terraform and provider together
)

// share is how many of the users a phase may send a request for.
type share int

const (
	ofNone share = iota
	ofATenth
	ofAll
)

func (s share) of(users int) int {
	switch s {
	case ofATenth:
		return users / 10
	case ofAll:
		return users
	default:
		return 0
	}
}

// budget is the requests that a phase may cost; see DESIGN.md. The token for them
// is in it, one as long as one process of the provider sends everything.
type budget struct{ lookups, puts share }

// misses names what the tenant did not count as budgeted. A tenant that limits
// the rate is allowed to refuse requests, and the provider to send these again.
func (b budget) misses(users int, t traffic, rateLimited bool) []string {
	var misses []string
	want := map[simulator.Kind]int{
		simulator.KindLookup: b.lookups.of(users),
		simulator.KindStatus: b.puts.of(users),
		simulator.KindToken:  1,
	}
	for _, kind := range simulator.Kinds() {
		if got := t.Requests[kind] - t.Refused[kind]; got != want[kind] {
			misses = append(misses, fmt.Sprintf("%d %s requests", got, kind))
		}
	}
	if n := t.refused(); n > 0 && !rateLimited {
		misses = append(misses, fmt.Sprintf("%d refused", n))
	}
	return misses
}

func (b budget) describe(users int) string {
	return fmt.Sprintf("%s, %s, 1 token", count(b.lookups.of(users), "look-up"), count(b.puts.of(users), "PUT"))
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	default:
		return fmt.Sprintf("%d %ss", n, what)
	}
}

// goal is one promise and whether it was kept.
type goal struct {
	Name    string `json:"name"`
	Met     bool   `json:"met"`
	Binding bool   `json:"binding"` // the program fails without it; times are too noisy for that
	Got     string `json:"got,omitempty"`
}

func (g goal) verdict() string {
	switch {
	case g.Met && g.Binding:
		return "ok"
	case g.Met:
		return "met"
	case g.Binding:
		return "FAIL"
	default:
		return "missed"
	}
}

func goalsOf(users int, results []measured, rateLimited bool) []goal {
	var goals []goal
	var crowded []string
	most := 0
	for _, m := range results {
		goals = append(goals, goal{
			Name:    fmt.Sprintf("%s: %s", m.phase.name, m.phase.budget.describe(users)),
			Met:     len(m.misses) == 0,
			Binding: true,
			Got:     strings.Join(m.misses, ", "),
		})
		crowded = append(crowded, m.crowded...)
		most = max(most, m.traffic.Connections)
	}
	connections := goal{Name: fmt.Sprintf("at most %d connections in every phase", mostConnections), Met: len(crowded) == 0, Binding: true, Got: fmt.Sprint(most)}
	if !connections.Met {
		connections.Got = strings.Join(crowded, ", ")
	}
	goals = append(goals, connections)
	if users < manyUsers || rateLimited {
		return goals // the start of processes, or the limit, would decide on time
	}
	for _, m := range results {
		if m.phase.name == "plan no-op" {
			goals = append(goals,
				goal{Name: fmt.Sprintf("no-op plan within %.1f × the floor's wall time", mostWallOfFloors), Met: m.wallRatio() <= mostWallOfFloors, Got: fmt.Sprintf("%.2f ×", m.wallRatio())},
				goal{Name: fmt.Sprintf("no-op plan within %.1f × the floor's CPU time", mostCPUOfFloors), Met: m.cpuRatio() <= mostCPUOfFloors, Got: fmt.Sprintf("%.2f ×", m.cpuRatio())})
		}
	}
	return goals
}

func (m measured) wallRatio() float64 { return m.provider.Wall.Seconds() / m.floor.Wall.Seconds() }

func (m measured) cpuRatio() float64 { return m.provider.cpu().Seconds() / m.floor.cpu().Seconds() }

// disturbed tells whether other work kept the machine busy. The floor waits for
// nothing but a CPU and a little for the disk: when it takes much longer than its
// CPU time, times say nothing about the provider.
func disturbed(results []measured) bool {
	for _, m := range results {
		if m.floor.Wall > m.floor.cpu()*5/4+500*time.Millisecond {
			return true
		}
	}
	return false
}
