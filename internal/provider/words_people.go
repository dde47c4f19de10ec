// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// What is said where an address does not lead to the person who is meant.

func (t telling) missing(f findings) (string, string) {
	if t.phase == refreshing {
		return f.summary("User no longer exists", "users no longer exist"),
			f.listed() + "The state had " + f.pick("this user", "these users") + " and drops " + f.pick("the user", "them") + ". Users are deleted seven days after they are marked, and by the tenant's own clean-up.\n\n" +
				t.removeGone(f) + t.bringBack()
	}
	detail := f.listed() + fmt.Sprintf("No user of this tenant has %s %s.", f.pick("that", "one of these"), f.pick(kindOf(f[0].who), "names"))
	if t.phase == planning {
		detail += " Unless that has changed by then, the apply fails for " + f.pick("this user", "these users") + ", and for no other."
	}
	detail += "\n\nCorrect the spelling, capitals included where the tenant compares case, or remove " + f.pick("the user", "them") + " from the configuration. "
	if t.single && !t.batch.Read.Unsynced {
		return f.summary("User does not exist", "users do not exist"),
			detail + "If the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."
	}
	return f.summary("User does not exist", "users do not exist"),
		detail + "A user who is in the identity source but was never synchronized has to be synchronized first" + t.firstSynchronization() + "." + t.ofReview()
}

// ofReview says that no row has to be corrected by hand where rows come from a review.
func (t telling) ofReview() string {
	if t.single {
		return ""
	}
	return " Rows of an access review need no correction: each plan follows whoever has another address, and leaves out whoever is gone or not certain."
}

// removeGone says what to do about users who are gone. A map keeps them as Disabled; one
// user's resource has to have a user.
func (t telling) removeGone(f findings) string {
	if t.single {
		return "Remove the user from the configuration. Until then, plans show the user as new, and the apply fails for that user alone."
	}
	return "Remove " + f.pick("the user", "them") + " from the configuration, or set Disabled. With Enabled, plans show the user as new, and the apply fails for that user alone." + t.ofReview()
}

func (t telling) satisfied(f findings) (string, string) {
	return f.summary("User does not exist, which satisfies Disabled", "users do not exist, which satisfies Disabled"),
		f.listed() + "Nothing is sent. " + f.pick("The user", "Such users") + " can be removed from the configuration. Check the spelling of a name that is new: a mistyped leaver keeps access." + t.ofReview()
}

func (t telling) lost(f findings) (string, string) {
	return f.summary("No user has the address, and the user may have another one", "addresses have no user, and the users may have other ones"),
		f.lines() + "\n\nThat satisfies Disabled only if the " + f.pick("user is", "users are") + " gone, and user search does not tell: it is refused, does not show everybody, or shows the id where a look-up does not find it. " +
			"Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other.\n\n" +
			"Correct the address in the configuration; or, if the " + f.pick("user is gone, remove the row", "users are gone, remove the rows") + "." + t.ofReview()
}

func shownLine(d *access.Decision) string {
	if d.Found.Shown != nil {
		return fmt.Sprintf(": search shows the user with the id %s, %s", d.Found.Shown.ID, cmp.Or(d.Found.Shown.UserStatus, "without a status"))
	}
	return ": search has shown the user with the id " + d.Known.ID
}

func (t telling) contradicted(f findings) (string, string) {
	detail := f.lines() + "\n\nA look-up of the same name finds no user. Search may lag behind a deletion, or the look-up behind a new user: which of the two is right is not known, so nothing is concluded from it."
	if t.phase != refreshing {
		detail += " Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other."
	}
	return f.summary("Search shows a user whom a look-up does not find", "users are shown by search and not found by a look-up"), detail + "\n\nPlan again later."
}

// renamedLine quotes names that look alike so that they can be told apart.
func renamedLine(d *access.Decision) string {
	user := d.Found.Another
	if d.Who.IsEmail() && user.EmailAddress == "" {
		return fmt.Sprintf("%s: the answer is about a user without an email address (id %s)", d.Who, user.ID)
	}
	now := cmp.Or(string(user.EmailAddress), string(user.PrincipalUsername), user.ID)
	if cloudadmin.SameName(now, d.Who.String()) || now == d.Who.String() {
		return fmt.Sprintf("%+q: the answer is about %+q (id %s)", d.Who.String(), now, user.ID)
	}
	return fmt.Sprintf("%s: the user's address is now %s (id %s)", d.Who, now, user.ID)
}

func (t telling) renamed(f findings) (string, string) {
	detail := f.lines() + "\n\n" + f.pick("This user does", "These users do") + " not have the name that was asked for. "
	if t.phase == refreshing {
		detail += "The state is left as it is."
	} else {
		detail += "Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other."
	}
	return f.summary("Name leads to a user who has another one", "names lead to users who have other ones"),
		detail + "\n\nMake sure who is meant, and correct the name in the configuration." + t.ofReview()
}

func (t telling) followed(f findings) (string, string) {
	return f.summary("User has another address now", "users have other addresses now"),
		f.lines() + "\n\nThe id is that of the state, so it is still the same user.\n\nCorrect the address in the configuration." + t.ofReview()
}

func (t telling) notLookedUp(f findings) (string, string) {
	summary := f.summary("Look-up of a user is refused", "look-ups of users are refused")
	if err := t.firstErr(access.NotLookedUp); err != nil && !cloudadmin.IsBadRequest(err) {
		return summary, f.lines() + "\n\nOther requests of this run were answered as the API does, and " + f.pick("this one was not", "these were not") +
			". Whether the user exists is not known, so nothing is concluded from it. Nothing is sent, and other users are not affected.\n\nPlan again. If it comes back, correct the name, or remove it from the configuration." + t.ofReview()
	}
	return summary,
		f.lines() + "\n\nThe API does not take the request for " + f.pick("this name", "these names") + " (400). The user may not exist, or the name may not be one that the tenant takes. Nothing is sent, and other users are not affected.\n\nCorrect the name, or remove it from the configuration." + t.ofReview()
}

func (t telling) reassigned(f findings) (string, string) {
	summary := f.summary("Address belongs to another user now", "addresses belong to other users now")
	if t.phase == refreshing {
		return summary, f.lines() + "\n\nThat can be another person, or the same one deleted and synchronized again. The old user leaves the state and nothing is changed. " +
			"Where the configuration still has the address, the plan shows the user as new.\n\nApprove that only if the decision in the configuration is meant for the user who has the address now." + t.ofReview()
	}
	detail := f.lines() + "\n\nThe decision was made for the user whom the state has. Nothing is changed for the one who has the address now. Plan again: the refresh shows the user as new, for you to approve."
	if t.phase == planning && !t.single {
		detail += " If search still shows the old user, wait until it has caught up, or apply read_with = \"lookup\" first, with these rows as they were."
	}
	return summary, detail
}

func (t telling) notPinned(f findings) (string, string) {
	which := "ids"
	if t.single {
		which = "id"
	}
	return f.summary("Address belongs to another user than decided about", "addresses belong to other users than decided about"),
		f.lines() + "\n\nThe decision names the person by " + which + ", and the address leads to another user. Nothing is changed.\n\nDecide about the user who has the address now, and correct " + which + "; or remove the user from the configuration." + t.ofReview()
}
