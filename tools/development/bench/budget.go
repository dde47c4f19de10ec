// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// budget is what a phase may cost; see DESIGN.md. The token for its requests is in
// it, one for each run, as long as one process of the provider sends everything.
type budget struct {
	pages         bool // of user search, as many as all users fill
	lookups, puts share
	guards        int // look-ups of protected users
	// Times what the floor takes; 0 is not judged.
	mostWall, mostCPU float64
	// mostBeyond is the CPU time beyond that of the floor; 0 is not judged.
	mostBeyond time.Duration
	// memory is that of a phase which is not Terraform's.
	memory memoryGoal
}

// usersPerPage is the most that the API puts on a page of search.
const usersPerPage = 25

func (b budget) searches(users int) int {
	if !b.pages {
		return 0
	}
	return (users + usersPerPage - 1) / usersPerPage
}

// misses names what the tenant did not count as budgeted. A tenant that limits
// the rate is allowed to refuse requests, and the provider to send these again.
func (b budget) misses(users, runs int, t traffic, rateLimited bool) []string {
	var misses []string
	want := b.requests(users, runs)
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

// requests are those of so many runs, each of which is about so many users.
func (b budget) requests(users, runs int) map[simulator.Kind]int {
	return map[simulator.Kind]int{
		simulator.KindSearch: runs * b.searches(users),
		simulator.KindLookup: runs * (b.lookups.of(users) + b.guards),
		simulator.KindStatus: runs * b.puts.of(users),
		simulator.KindToken:  runs,
	}
}

func (b budget) describe(users, runs int) string {
	n := b.requests(users, runs)
	return fmt.Sprintf("%s, %s, %s, %s", count(n[simulator.KindSearch], "search", "searches"), count(n[simulator.KindLookup], "look-up", "look-ups"),
		count(n[simulator.KindStatus], "PUT", "PUTs"), count(n[simulator.KindToken], "token", "tokens"))
}

func count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + one
	case 1:
		return "1 " + one
	default:
		return fmt.Sprintf("%d %s", n, many)
	}
}
