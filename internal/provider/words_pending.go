// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Texts about users who are pending deletion.

// deletionDelay is how long a marked user can still be undeleted.
const deletionDelay = 7 * 24 * time.Hour

// pendingDeletion words what is known about a marked user. The details are nil when only
// the state has the mark.
func pendingDeletion(who string, details *cloudadmin.User) string {
	text := who + " was marked for deletion"
	if details != nil && details.MarkDeletedBy != "" {
		text += " by " + string(details.MarkDeletedBy)
	}
	when := "seven days after the marking"
	if details != nil {
		if at, ok := details.MarkDeletedAt.Time(); ok {
			text += " on " + at.Format("2006-01-02 15:04 MST")
			when = "on or after " + at.Add(deletionDelay).Format("2006-01-02")
		}
	}
	return text + ", and will be deleted with all of the user's data " + when + "."
}

func (r report) pending(f findings) (string, string) {
	return r.pendingSince(f, "")
}

// pendingStood words that a user was marked after the decision was applied: that must
// not stop a review.
func (r report) pendingStood(f findings) (string, string) {
	if r.phase != planning {
		return r.pending(f)
	}
	return r.pendingSince(f, " The apply fails for "+f.pick("this user", "these users")+" only.")
}

func (r report) pendingSince(f findings, consequence string) (string, string) {
	detail := f.lines() + "\n\nUntil then the API refuses to enable " + f.pick("the user", "them") + " (409)." + consequence
	return f.summary("User is pending deletion and cannot be enabled", "users are pending deletion and cannot be enabled"),
		detail + "\n\nTo keep " + f.pick("the user", "them") + ", " + r.undelete(f) + ", then plan again.\n" +
			"To let " + f.pick("the user", "them") + " go, set Disabled, or remove " + f.pick("the user", "them") + " from the configuration."
}

func (r report) satisfiedPending(f findings) (string, string) {
	return f.summary("User is pending deletion", "users are pending deletion"),
		f.lines() + "\n\nThis counts as Disabled, so nothing is sent. Once a user is gone, the plan says that the user can be removed from the configuration. If the deletion is not intended, " + r.undelete(f) + "."
}
