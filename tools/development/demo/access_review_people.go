// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The people of the access review, and the decisions about them. All of them are users of
// the simulator's seeds.
const (
	disabledMeanwhile = "carla@example.com"
	reassigned        = "dmitri@example.com"
	joined            = "nina.weber@example.com"
	enabledMeanwhile  = "user00030@example.org"
	endsFirst         = "user00004@partner.example"
	endsSoon          = "user00044@partner.example"

	// approvedChanges are Ben, Dmitri, Elena, five users who have not signed in for half a
	// year, and two who never have.
	approvedChanges = 10
)

// leftOpen returns the users that a reviewer has questions about.
func leftOpen() []string {
	return []string{"user00012@partner.example", "user00016@partner.example", "user00024@partner.example"}
}

// The ends of exceptions as decided. No other user's access has an end.
func firstEnd() string  { return rehearsal.Day(40) }
func secondEnd() string { return rehearsal.Day(41) }

// decideAll fills in all worksheets, except for users who stay open, and prints the number
// of each decision.
func (s *stage) decideAll(someOpen bool) {
	of := map[string]int{}
	s.fail(rehearsal.FillIn(s.reviewFolder(), func(row rehearsal.Row) {
		if !someOpen || !slices.Contains(leftOpen(), row.Cell("email")) {
			row.Decide(decisionAbout(row))
		}
		of[row.Cell("decision")]++
	}))
	s.print(fmt.Sprintf("\nkeep %d, remove %d, restore %d, open %d\n", of["keep"], of["remove"], of["restore"], of[""]))
}

// decisionAbout returns the reviewer's decision about a user.
func decisionAbout(row rehearsal.Row) rehearsal.Decision {
	switch row.Cell("email") {
	case "ben@example.com":
		return rehearsal.Decision{Decision: review.Remove, Reason: "left in October", Ticket: "HR-1201"}
	case reassigned:
		return rehearsal.Decision{Decision: review.Remove, Reason: "leaves this month", Ticket: "HR-1202"}
	case "elena@example.com":
		return rehearsal.Decision{Decision: review.Restore, Reason: "back from leave", Ticket: "HR-1203"}
	case endsFirst:
		return rehearsal.Decision{Decision: review.Keep, Reason: "until the new backup runs", Expires: firstEnd(), Ticket: "RISK-64"}
	case endsSoon:
		return rehearsal.Decision{Decision: review.Keep, Reason: "until the audit ends", Expires: secondEnd()}
	}
	if why := notSeen(row.Cell("last_signed_in")); why != "" && row.Cell("status") == simulator.Enabled {
		return rehearsal.Decision{Decision: review.Remove, Reason: why}
	}
	return rehearsal.Decision{Decision: review.Keep}
}

// notSeen returns why the last month of a sign-in is a reason to remove a user, or an empty
// string.
func notSeen(month string) string {
	if month == "" {
		return "never signed in"
	}
	last, err := time.Parse("Jan 2006", month)
	if err != nil || last.Before(time.Now().AddDate(0, -6, 0)) {
		return "no sign-in since " + month
	}
	return ""
}
