// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenes of examples/large-review: all users as one resource.

const largeReviewUsers = 300

func firstLargeReview(s *stage) {
	s.say("A larger CSV file, and one resource for all of it, idplus_user_statuses. The tenant is not up to date: users who left in November are still Enabled, users who came back are still Disabled.")
	s.enter("large-review", s.tenantBeforeReview())
	s.showReview()
	s.initialize()
	s.terraform("plan", "-out=review.tfplan").exits(0).
		says("Warning: 7 of 300 users change", "imran.patel@example.com: Enabled -> Disabled", "malik.mendes@example.com: Disabled -> Enabled", "Plan: 1 to add, 0 to change, 0 to destroy.")
	s.say("Reading 300 users took 12 pages of search. Look-ups confirmed the 7 who change, and 26 who are to be Disabled and were not under Terraform before:")
	s.tenant("GET", "requests").says(`"search":12,`, `"lookup":33,`, `"status":0,`)
	s.tenant("DELETE", "requests")
	s.terraform("apply", "review.tfplan").exits(0).says("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.")
	s.say("The apply read them once more, and sent a change for each of the 7:")
	s.tenant("GET", "requests").says(`"search":12,`, `"lookup":33,`, `"status":7,`)

	s.say("Nothing has changed since: the plan is empty, and looks no user up.")
	s.tenant("DELETE", "requests")
	s.terraform("plan", "-detailed-exitcode").exits(0).says("No changes. Your infrastructure matches the configuration.")
	s.tenant("GET", "requests").says(`"search":12,`, `"lookup":0,`)
}

// tenantBeforeReview returns a tenant with the users of the review, seven of whom differ
// from it.
func (s *stage) tenantBeforeReview() *simulator.Tenant {
	tenant := simulator.NewTenant()
	file, err := os.Open("examples/large-review/review.csv")
	s.fail(err)
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	s.fail(err)
	if len(rows) != 1+largeReviewUsers {
		s.fail(fmt.Errorf("examples/large-review/review.csv has %d rows", len(rows)))
		return tenant
	}
	for _, row := range rows[1:] {
		email, status, reason := row[0], row[1], row[2]
		switch reason {
		case "left in November":
			status = simulator.Enabled
		case "back from leave":
			status = simulator.Disabled
		}
		tenant.AddUser(simulator.User{Email: email, Status: status})
	}
	return tenant
}

func nextLargeReview(s *stage) {
	s.decide("Disabled", "aisha.haas@example.com", "camille.park@example.com", "olga.hansen@example.com")
	s.decide("Enabled", "helena.adeyemi@example.com")
	s.say("And someone disables Bruno by hand.")
	s.tenant("POST", "users/bruno.demir@example.com/disable")
	s.tenant("DELETE", "requests")
	s.terraform("plan", "-out=next.tfplan").exits(0).says(
		`"aisha.haas@example.com" = "Enabled" -> "Disabled"`,
		`"bruno.demir@example.com" = "Disabled" -> "Enabled"`,
		`"camille.park@example.com" = "Enabled" -> "Disabled"`,
		`"helena.adeyemi@example.com" = "Disabled" -> "Enabled"`,
		`"olga.hansen@example.com" = "Enabled" -> "Disabled"`,
		"(295 unchanged elements hidden)", "Plan: 0 to add, 1 to change, 0 to destroy.")
	s.terraform("apply", "next.tfplan").exits(0).says("Resources: 0 added, 1 changed, 0 destroyed.")
	s.tenant("GET", "requests").says(`"status":5,`)

	s.say("Maria is deleted in the tenant.")
	s.tenant("POST", "users/maria.kaya@example.com/delete")
	s.terraform("plan").exits(0).says("Warning: User no longer exists", `+ "maria.kaya@example.com" = "Enabled"`)
	s.say("The review is corrected: the row is removed.")
	s.dropRow("maria.kaya@example.com")
	s.terraform("apply", "-auto-approve").exits(0).says("0 added, 0 changed, 0 destroyed")
}

func largeGuardRails(s *stage) {
	s.say("Someone filled a column of the spreadsheet down too far.")
	s.rewrite(func(csv string) string {
		half := strings.LastIndex(csv[:len(csv)/2], "\n")
		return strings.ReplaceAll(csv[:half], ",Enabled,", ",Disabled,") + csv[half:]
	})
	s.tenant("DELETE", "requests")
	s.meantToFail("These are more changes than max_changes allows, and one of them is a protected user.")
	s.terraform("plan").exits(1).
		says("Error: Protected user would be disabled", "users would change or leave, more than max_changes allows")
	s.say("Nothing was changed:")
	s.tenant("GET", "requests").says(`"status":0,`)
}
