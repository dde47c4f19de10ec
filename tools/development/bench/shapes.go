// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
)

// shape is one way to write a review down for Terraform: its configuration, the
// floor's, and its life.
type shape struct {
	name string // after a number of users
	// The resources, and what writes the files beside the configuration that they are
	// read from.
	resources, floorResources string
	files                     func(context.Context, *review) error
	// disabled is how many users are decided to be Disabled, differs how many have
	// another status than decided at first. restored is how many of those who are
	// decided to be Enabled are Disabled at first.
	disabled, differs, restored share
	phases                      []phase // each one starts where the one before ended
	// timedFrom is from how many users on time is judged: with fewer, the start of
	// processes decides.
	timedFrom int
	memory    memoryGoal
}

// fewest is how many users it takes for everything in the shape's life to happen.
func (s shape) fewest() int {
	most := s.differs
	for _, p := range s.phases {
		most = max(most, p.flips)
	}
	return int(most)
}

// size is a shape with so many users.
type size struct {
	shape
	users int
}

func (s size) String() string { return fmt.Sprintf("%d %s", s.users, s.name) }

// share is how many of the users something is about: every so-manyth one.
type share int

const (
	ofNone       share = 0
	ofAll        share = 1
	ofHalf       share = 2
	ofATenth     share = 10
	ofATwentieth share = 20
	ofAFiftieth  share = 50
	ofAHundredth share = 100
)

func (s share) of(users int) int {
	if s == ofNone {
		return 0
	}
	return users / int(s)
}

// phase is one command on the review, and what it may cost.
type phase struct {
	name      string
	flips     share // of the users, whose decision changes before
	arguments []string
	exitCode  int
	budget    budget
	// command is run instead of Terraform where the provider's program has one.
	command func(context.Context, *review) (cost, error)
}

func planChanges(what string, flips share, b budget) phase {
	return phase{name: "plan " + what, flips: flips, arguments: []string{"plan", "-detailed-exitcode", "-out=" + what + ".tfplan"}, exitCode: 2, budget: b}
}

func applyChanges(what string, b budget) phase {
	return phase{name: "apply " + what, arguments: []string{"apply", what + ".tfplan"}, budget: b}
}

// noopPlan is the phase whose floor all times are compared with.
const noopPlan = "plan no-op"

func planNothing(b budget) phase {
	return phase{name: noopPlan, arguments: []string{"plan", "-detailed-exitcode"}, budget: b}
}

func destroy(b budget) phase {
	return phase{name: "destroy", arguments: []string{"destroy", "-auto-approve"}, budget: b}
}

// instances is an instance for each user.
func instances() shape {
	return shape{
		name: "users, an instance each",
		resources: providerSource + `
resource "idplus_user_status" "review" {
  for_each = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row }
  email    = each.key
  status   = each.value.status
}
`,
		floorResources: `resource "terraform_data" "review" {
  for_each = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row }
  input    = each.value.status
}
`,
		files:    writeCSV,
		disabled: ofHalf,
		differs:  ofHalf,
		phases: []phase{
			planChanges("create", ofNone, budget{lookups: ofAll}),
			// Terraform plans a create again when it applies it, in another process and
			// without the first plan's result: hence its second look-up.
			applyChanges("create", budget{lookups: ofAll, puts: ofHalf}),
			planNothing(budget{lookups: ofAll, mostWall: 1.5, mostCPU: 1.6}),
			planChanges("tenth", ofATenth, budget{lookups: ofAll}),
			applyChanges("tenth", budget{puts: ofATenth}),
			destroy(budget{lookups: ofAll}),
		},
		timedFrom: 1000,
	}
}

// oneMap is one resource for all users, who are all of the tenant.
func oneMap() shape {
	return shape{
		name: "users in one map",
		resources: providerSource + `
resource "idplus_user_statuses" "review" {
  statuses = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row.status }
}
`,
		// Without tomap(), which takes Terraform a time that grows with the square of
		// the number of users, and would raise the floor.
		floorResources: `resource "terraform_data" "review" {
  input = { for row in csvdecode(file("${path.module}/review.csv")) : row.email => row.status }
}
`,
		files:    writeCSV,
		disabled: ofATwentieth,
		differs:  ofAHundredth,
		phases: []phase{
			// Whoever is new to the map and to be Disabled is looked up.
			planChanges("create", ofNone, budget{pages: true, lookups: ofATwentieth, mostWall: 2.5}),
			// Planned again, as above.
			applyChanges("create", budget{pages: true, lookups: ofATwentieth, puts: ofAHundredth, mostWall: 2.5}),
			planNothing(budget{pages: true, mostWall: 2.5}),
			planChanges("update", ofAHundredth, budget{pages: true, lookups: ofAHundredth, mostWall: 2.5}),
			// Before its first PUT, a look-up confirms an id that only search has shown, in
			// the process that sends it.
			applyChanges("update", budget{lookups: ofAHundredth, puts: ofAHundredth, mostWall: 2.5}),
			destroy(budget{pages: true}),
		},
		timedFrom: 10_000,
		memory:    memoryGoal{mostUsers: 10_000, mostMiB: 150},
	}
}

const providerSource = `terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}
`
