// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// What is said of users who are pending deletion.

// deletionDelay is how long a marked user can still be undeleted.
const deletionDelay = 7 * 24 * time.Hour

// pendingDeletion says of a marked user what is known. The details are nil when
// the state alone tells of the mark.
func pendingDeletion(who string, details *cloudadmin.User) string {
	text := who + " is marked for deletion"
	if details != nil && details.MarkDeletedBy != "" {
		text += " by " + string(details.MarkDeletedBy)
	}
	when := "seven days after the marking"
	if details != nil {
		if at, ok := details.MarkDeletedAt.Time(); ok {
			text += " since " + at.Format("2006-01-02 15:04 MST")
			when = "on or after " + at.Add(deletionDelay).Format("2006-01-02")
		}
	}
	return text + ", and will be deleted with all of the user's data " + when + "."
}

func (t telling) pending(f findings) (string, string) {
	return t.pendingSince(f, "")
}

// pendingStood is said where a user was marked under a wish that stood: that must not
// stop a review.
func (t telling) pendingStood(f findings) (string, string) {
	if t.phase != planning {
		return t.pending(f)
	}
	return t.pendingSince(f, " The apply fails for "+f.pick("this user", "these users")+", and for no other.")
}

func (t telling) pendingSince(f findings, consequence string) (string, string) {
	detail := f.lines() + "\n\nUntil then the API refuses to enable " + f.pick("the user", "them") + " (409)." + consequence
	return f.summary("User is pending deletion and cannot be enabled", "users are pending deletion and cannot be enabled"),
		detail + "\n\nTo keep " + f.pick("the user", "them") + ", " + t.undelete(f) + ", then plan again.\n" +
			"To let " + f.pick("the user", "them") + " go, set Disabled, or remove " + f.pick("the user", "them") + " from the configuration."
}

func (t telling) satisfiedPending(f findings) (string, string) {
	return f.summary("User is pending deletion", "users are pending deletion"),
		f.lines() + "\n\nThat satisfies Disabled: nothing is sent. Once a user is gone, plans say that the user can be removed from the configuration. If that is not intended, " + t.undelete(f) + "."
}
