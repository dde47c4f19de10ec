// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
	"time"
)

// mostConnections is the default of max_concurrent_requests.
const mostConnections = 10

// memoryGoal bounds what the provider's largest process takes, for so many users
// at most.
type memoryGoal struct{ mostUsers, mostMiB int }

func (g memoryGoal) goal(of string, bytes int64) goal {
	return goal{
		Name: fmt.Sprintf("%s: at most %d MiB of memory", of, g.mostMiB),
		Met:  bytes <= int64(g.mostMiB)<<20, Binding: true, Got: fmt.Sprintf("%d MiB", inMiB(bytes)),
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

func goalsOf(s size, results []measured, c conditions) []goal {
	var goals []goal
	var crowded []string
	connections, memory := 0, int64(0)
	for _, m := range results {
		if m.phase.command != nil {
			if most := m.phase.budget.memory; s.users <= most.mostUsers {
				goals = append(goals, most.goal(m.phase.name, m.provider.PeakBytes))
			}
			continue
		}
		goals = append(goals, goal{
			Name:    fmt.Sprintf("%s: %s", m.phase.name, m.phase.budget.describe(s.users, 1)),
			Met:     len(m.misses) == 0,
			Binding: true,
			Got:     strings.Join(m.misses, ", "),
		})
		crowded = append(crowded, m.crowded...)
		connections = max(connections, m.traffic.Connections)
		memory = max(memory, m.provider.PeakBytes)
	}
	connected := goal{Name: fmt.Sprintf("at most %d connections in every phase", mostConnections), Met: len(crowded) == 0, Binding: true, Got: fmt.Sprint(connections)}
	if !connected.Met {
		connected.Got = strings.Join(crowded, ", ")
	}
	goals = append(goals, connected)
	if s.users <= s.memory.mostUsers {
		goals = append(goals, s.memory.goal("every phase", memory))
	}
	if s.users < s.timedFrom || c.rate > 0 {
		return goals // the start of processes, or the limit, would decide on time
	}
	var floor cost
	for _, m := range results {
		if m.phase.name == noopPlan {
			floor = m.floor
		}
	}
	for _, m := range results {
		goals = append(goals, m.timeGoals(s.users, c.latency, floor)...)
	}
	return goals
}

// timeGoals compare with what Terraform alone needs to plan the same review once
// it is in the state. The floor reads no pages: the wait for them is on top.
func (m measured) timeGoals(users int, latency time.Duration, floor cost) []goal {
	var goals []goal
	if most := m.phase.budget.mostWall; most > 0 {
		name := fmt.Sprintf("%s within %.1f × the wall time of the floor's no-op plan", m.phase.name, most)
		pages := m.phase.budget.searches(users)
		waiting := time.Duration(pages) * latency / mostConnections
		if pages > 0 {
			name += fmt.Sprintf(" and %s s for %d pages", seconds(waiting), pages)
		}
		ratio := (m.provider.Wall - waiting).Seconds() / floor.Wall.Seconds()
		goals = append(goals, goal{Name: name, Met: ratio <= most, Got: fmt.Sprintf("%.2f ×", ratio)})
	}
	if most := m.phase.budget.mostCPU; most > 0 {
		goals = append(goals, goal{Name: fmt.Sprintf("%s within %.1f × the CPU time of the floor's no-op plan", m.phase.name, most),
			Met: m.cpuRatio() <= most, Got: fmt.Sprintf("%.2f ×", m.cpuRatio())})
	}
	if most := m.phase.budget.mostBeyond; most > 0 {
		name := fmt.Sprintf("%s within %s s of CPU time", m.phase.name, seconds(most))
		if m.floor.Wall > 0 {
			name += " beyond the floor's"
		}
		beyond := m.provider.cpu() - m.floor.cpu()
		goals = append(goals, goal{Name: name, Met: beyond <= most, Got: seconds(beyond) + " s"})
	}
	return goals
}

func (m measured) wallRatio() float64 { return ratio(m.provider.Wall, m.floor.Wall) }

func (m measured) cpuRatio() float64 { return ratio(m.provider.cpu(), m.floor.cpu()) }

// ratio is 0 where there is no floor.
func ratio(of, floor time.Duration) float64 {
	if floor == 0 {
		return 0
	}
	return of.Seconds() / floor.Seconds()
}

// disturbed tells whether other work kept the machine busy. The floor waits for
// nothing but a CPU and a little for the disk: when it takes much longer than its
// CPU time, times say nothing about the provider.
func disturbed(results []measured) bool {
	for _, m := range results {
		if m.floor.cpu() > 0 && m.floor.Wall > m.floor.cpu()*5/4+500*time.Millisecond {
			return true
		}
	}
	return false
}
