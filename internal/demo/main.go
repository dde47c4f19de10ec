// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command demo shows the provider at work: it installs it as a user gets it,
// starts simulated tenants, and runs the real Terraform on the access reviews in
// examples/. Each command is printed before it runs, and its outcome is checked.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := show(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		stop()
		os.Exit(1)
	}
}

// show plays the scenes in a folder and against tenants of its own.
func show(ctx context.Context) error {
	s, err := newStage(ctx)
	if err != nil {
		return err
	}
	defer s.clear()
	if err := s.playAll(); err != nil {
		return err
	}
	if s.clear(); s.failure != nil {
		return s.failure
	}
	byQuery := ""
	if s.canQuery() {
		byQuery = ", also by terraform query"
	}
	fmt.Printf("\nShown with %s: a review from a CSV file planned and applied, a plan without changes, drift by hand and its repair, "+
		"a deleted user as drift, pending deletion as a diagnostic in the plan, a synchronization's disable told apart, and the guard rails; "+
		"then a review of %d users as one resource, read by pages of search, with a line of the plan for each user who changes; "+
		"and an existing tenant brought under Terraform%s. "+
		"All %d checks passed, and everything is cleaned up.\n", s.version, largeReviewUsers, byQuery, s.checks)
	return nil
}

func (s *stage) playAll() error {
	for _, scene := range []struct {
		title string
		play  func(*stage)
	}{
		{"Install the provider", install},
		{"An access review: plan and apply", firstReview},
		{"Nothing has changed: an empty plan", emptyPlan},
		{"Somebody changes a user by hand: drift, and its repair", drift},
		{"The next review changes two rows", nextReview},
		{"A user is deleted in the tenant: drift, without harm to the rest", deletedUser},
		{"A user is pending deletion: the plan says so, before anything is applied", pendingDeletion},
		{"A user was disabled by a synchronization: the apply says what to do", disabledBySynchronization},
		{"A broken CSV file: the guard rails", guardRails},
		{"A large review, as one resource: plan and apply", firstLargeReview},
		{"Nothing has changed among 300 users: an empty plan", emptyLargePlan},
		{"The next large review, and a change by hand: a line for each user", nextLargeReview},
		{"One of 300 users is deleted in the tenant", deletedUserOfMany},
		{"A bad edit disables half the file: the guard rails", largeGuardRails},
		{"An existing tenant becomes a review", exportTenant},
		{"An existing tenant, by terraform query", queryTenant},
	} {
		s.heading(scene.title)
		scene.play(s)
		if s.failure != nil {
			return fmt.Errorf("%s: %w", scene.title, s.failure)
		}
	}
	return nil
}
