// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenes of examples/small-review: a resource for each user.

func firstReview(s *stage) {
	s.say("A review without worksheets: one CSV file has the status of each user. Each of its thirteen users is an instance of idplus_user_status, which is fine for some dozens of users.")
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	s.enter("small-review", tenant)
	s.initialize().says("idplus-community/idplus v" + mirror.Version)
	s.showReview()
	s.terraform("plan", "-out=review.tfplan").exits(0).
		says("Plan: 13 to add, 0 to change, 0 to destroy.", "Warning: User is pending deletion", "hugo@example.com was marked for deletion by admin@example.com")
	s.terraform("apply", "review.tfplan").exits(0).says("Apply complete! Resources: 13 added, 0 changed, 0 destroyed.")
	s.statuses(userStatus{"ben@example.com", simulator.Disabled, "changed"}, userStatus{"ada@example.com", simulator.Enabled, "as before"})
	s.say("Nothing has changed since: the plan is empty.")
	s.terraform("plan", "-detailed-exitcode").exits(0).says("No changes. Your infrastructure matches the configuration.")
}

func drift(s *stage) {
	s.say("An administrator disables Carla in the console. With -detailed-exitcode, 2 means that the plan has changes.")
	s.tenant("POST", "users/carla@example.com/disable")
	s.terraform("plan", "-detailed-exitcode", "-out=repair.tfplan").exits(2).
		says(`idplus_user_status.review["carla@example.com"] will be updated in-place`, `status = "Disabled" -> "Enabled"`, "Plan: 0 to add, 1 to change, 0 to destroy.")
	s.terraform("apply", "repair.tfplan").exits(0)
	s.statuses(userStatus{"carla@example.com", simulator.Enabled, "repaired"})
}

func nextReview(s *stage) {
	s.decide("Disabled", "farid@example.com")
	s.decide("Enabled", "elena@example.com")
	s.terraform("plan", "-out=next.tfplan").exits(0).
		says(`status = "Enabled" -> "Disabled"`, `status = "Disabled" -> "Enabled"`, "Plan: 0 to add, 2 to change, 0 to destroy.")
	s.terraform("apply", "next.tfplan").exits(0).says("Resources: 0 added, 2 changed, 0 destroyed.")

	s.say("Keiko is deleted in the tenant. That is drift, and does not affect the other users.")
	s.tenant("POST", "users/keiko@example.com/delete")
	s.terraform("plan").exits(0).says("Warning: User no longer exists: keiko@example.com", "Plan: 1 to add, 0 to change, 0 to destroy.")
	s.say("The review is corrected: the row is removed.")
	s.dropRow("keiko@example.com")
	s.terraform("apply", "-auto-approve").exits(0).says("0 added, 0 changed, 0 destroyed")
}

func pendingDeletion(s *stage) {
	s.decide("Enabled", "hugo@example.com")
	s.meantToFail("Hugo is marked for deletion, and the API does not enable such users.")
	s.terraform("plan").exits(1).
		says("Error: User is pending deletion and cannot be enabled", "hugo@example.com was marked for deletion by admin@example.com", "undelete the user")
	s.say("An administrator undeletes the user. Then the same plan passes.")
	s.tenant("POST", "users/hugo@example.com/undelete")
	s.terraform("apply", "-auto-approve").exits(0).says("0 added, 1 changed, 0 destroyed")
}

func disabledBySynchronization(s *stage) {
	s.decide("Enabled", "ines@example.com")
	s.meantToFail("Only the identity source can enable Ines, and only the API's answer shows that.")
	s.terraform("apply", "-auto-approve").exits(1).
		says("Error: API refuses to enable a user: ines@example.com", "Enable the user in the identity source")
	s.say("The review decides otherwise, and the plan is empty again.")
	s.decide("Disabled", "ines@example.com")
	s.terraform("plan", "-detailed-exitcode").exits(0)
}

func guardRails(s *stage) {
	s.say("An export went wrong: every row says Disabled.")
	s.rewrite(func(csv string) string { return strings.ReplaceAll(csv, ",Enabled,", ",Disabled,") })
	s.meantToFail("One user is protected, and max_changes allows few changes.")
	s.terraform("plan").exits(1).
		says("Error: Protected user would be disabled", "Error: User would change or leave, but max_changes is reached")
	s.statuses(userStatus{"breakglass@example.com", simulator.Enabled, "as before"}, userStatus{"ada@example.com", simulator.Enabled, "as before"})
}
