// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command demo shows the provider at work: it installs it as a user gets it,
// starts a simulated tenant, and runs the real Terraform on the access review in
// examples/. Each command is printed before it runs, and its outcome is checked.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
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

// show plays the scenes in a folder and against a tenant of its own.
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
	fmt.Printf("\nShown with %s: a review from a CSV file planned and applied, a plan without changes, drift by hand and its repair, "+
		"a deleted user as drift, pending deletion as a diagnostic in the plan, a synchronization's disable told apart, and the guard rails. "+
		"All %d checks passed, and everything is cleaned up.\n", s.version, s.checks)
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
	} {
		s.heading(scene.title)
		scene.play(s)
		if s.failure != nil {
			return fmt.Errorf("%s: %w", scene.title, s.failure)
		}
	}
	return nil
}

func install(s *stage) {
	s.say("A filesystem mirror stands in for the registry; Terraform installs from it as it would from there.")
	s.installProvider()
	s.terraform("init").exits(0).says("idplus-community/idplus v" + mirrorVersion)
}

func firstReview(s *stage) {
	s.show("review.csv")
	s.terraform("plan", "-out=review.tfplan").exits(0).
		says("Plan: 13 to add, 0 to change, 0 to destroy.", "Warning: User is pending deletion", "hugo@example.com is marked for deletion by admin@example.com")
	s.terraform("apply", "review.tfplan").exits(0).says("Apply complete! Resources: 13 added, 0 changed, 0 destroyed.")
	s.tenant("GET", "users").says("ben@example.com Disabled", "ada@example.com Enabled")
}

func emptyPlan(s *stage) {
	s.terraform("plan", "-detailed-exitcode").exits(0).says("No changes. Your infrastructure matches the configuration.")
}

func drift(s *stage) {
	s.tenant("POST", "users/carla@example.com/disable")
	s.terraform("plan", "-detailed-exitcode", "-out=repair.tfplan").exits(2).
		says(`idplus_user_status.review["carla@example.com"] will be updated in-place`, `status = "Disabled" -> "Enabled"`, "Plan: 0 to add, 1 to change, 0 to destroy.")
	s.terraform("apply", "repair.tfplan").exits(0)
	s.tenant("GET", "users").says("carla@example.com Enabled")
}

func nextReview(s *stage) {
	s.decide("farid@example.com", "Disabled")
	s.decide("elena@example.com", "Enabled")
	s.terraform("plan", "-out=next.tfplan").exits(0).
		says(`status = "Enabled" -> "Disabled"`, `status = "Disabled" -> "Enabled"`, "Plan: 0 to add, 2 to change, 0 to destroy.")
	s.terraform("apply", "next.tfplan").exits(0).says("Resources: 0 added, 2 changed, 0 destroyed.")
}

func deletedUser(s *stage) {
	s.tenant("POST", "users/keiko@example.com/delete")
	s.terraform("plan").exits(0).says("Warning: User no longer exists: keiko@example.com", "Plan: 1 to add, 0 to change, 0 to destroy.")
	s.say("The review takes note: the row goes.")
	s.dropRow("keiko@example.com")
	s.terraform("apply", "-auto-approve").exits(0).says("0 added, 0 changed, 0 destroyed")
}

func pendingDeletion(s *stage) {
	s.decide("hugo@example.com", "Enabled")
	s.terraform("plan").exits(1).
		says("Error: User is pending deletion and cannot be enabled", "hugo@example.com is marked for deletion by admin@example.com", "undelete the user in the Cloud Administration Console")
	s.say("An administrator undeletes the user. Then the same plan passes.")
	s.tenant("POST", "users/hugo@example.com/undelete")
	s.terraform("apply", "-auto-approve").exits(0).says("0 added, 1 changed, 0 destroyed")
}

func disabledBySynchronization(s *stage) {
	s.decide("ines@example.com", "Enabled")
	s.terraform("apply", "-auto-approve").exits(1).
		says("Error: User was disabled by a synchronization and cannot be enabled here", "Enable the user in the identity source")
	s.decide("ines@example.com", "Disabled")
	s.terraform("plan", "-detailed-exitcode").exits(0)
}

func guardRails(s *stage) {
	s.say("An export went wrong: every row says Disabled.")
	s.rewrite(func(csv string) string { return strings.ReplaceAll(csv, ",Enabled,", ",Disabled,") })
	s.terraform("plan").exits(1).
		says("Error: Protected user would be disabled", "Error: Plan changes more users than max_changes allows")
	s.tenant("GET", "users").says("breakglass@example.com Enabled", "ada@example.com Enabled")
}
