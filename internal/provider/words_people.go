// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Texts about addresses that do not lead to the intended person.

func (r report) missing(f findings) (string, string) {
	if r.phase == refreshing {
		return f.summary("User no longer exists", "users no longer exist"),
			f.listed() + f.pick("This user is", "These users are") + " removed from the state. The tenant deletes users seven days after they are marked, and in its own clean-up.\n\n" +
				r.removeGone(f) + r.bringBack()
	}
	detail := f.listed() + fmt.Sprintf("No user in this tenant has %s %s.", f.pick("this", "one of these"), f.pick(kindOf(f[0].who), "names"))
	if r.phase == planning {
		detail += " Unless this changes before the apply, the apply fails for " + f.pick("this user", "these users") + " only."
	}
	detail += "\n\nCorrect the spelling (some tenants compare upper and lower case), or remove " + f.pick("the user", "them") + " from the configuration. "
	if r.single && !r.batch.Read.Unsynced {
		return f.summary("User does not exist", "users do not exist"),
			detail + "If the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."
	}
	return f.summary("User does not exist", "users do not exist"),
		detail + "A user who is in the identity source but was never synchronized has to be synchronized first" + r.firstSynchronization() + "." + r.ofReview()
}

// ofReview adds that a configuration with an access review needs no correction by hand.
func (r report) ofReview() string {
	if r.single {
		return ""
	}
	return " With the data source idplus_access_review, rows need no correction: each plan follows users to a new address, and leaves out users who are gone or not certain."
}

// removeGone words what to do about users who are gone. A map accepts them as Disabled;
// a resource for one user needs a user.
func (r report) removeGone(f findings) string {
	if r.single {
		return "Remove the user from the configuration. Until then, plans show the user as new, and the apply fails for that user only."
	}
	return "Remove " + f.pick("the user", "them") + " from the configuration, or set Disabled. With Enabled, plans show the user as new, and the apply fails for that user only." + r.ofReview()
}

func (r report) satisfied(f findings) (string, string) {
	return f.summary("User does not exist, which counts as Disabled", "users do not exist, which counts as Disabled"),
		f.listed() + "Nothing is sent. " + f.pick("The user", "These users") + " can be removed from the configuration. Check the spelling of new names: a leaver whose name is mistyped keeps access." + r.ofReview()
}

func (r report) lost(f findings) (string, string) {
	return f.summary("No user has the address, and the user may have a new one", "addresses have no user, and the users may have new ones"),
		f.lines() + "\n\nThis counts as Disabled only if the " + f.pick("user is", "users are") + " gone, and user search cannot confirm that: it is refused, does not show all users, or shows the id although a look-up does not find it. " +
			f.sendsNothing() + "\n\n" +
			"Correct the address in the configuration or, if the " + f.pick("user is gone, remove the row", "users are gone, remove the rows") + "." + r.ofReview()
}

func shownLine(d *access.Decision) string {
	if d.Found.Shown != nil {
		return fmt.Sprintf(": search shows the user with the id %s, %s", d.Found.Shown.ID, cmp.Or(d.Found.Shown.UserStatus, "without a status"))
	}
	return ": search has shown the user with the id " + d.Known.ID
}

func (r report) contradicted(f findings) (string, string) {
	detail := f.lines() + "\n\nA look-up of the same name finds no user. Search may not show a deletion yet, or the look-up a new user. It is not known which is right, so the provider relies on neither."
	if r.phase != refreshing {
		detail += " " + f.sendsNothing()
	}
	return f.summary("Search shows a user that a look-up does not find", "users are shown by search but not found by a look-up"), detail + "\n\nPlan again later."
}

// renamedLine quotes names that look alike so that they can be told apart.
func renamedLine(d *access.Decision) string {
	user := d.Found.Another
	if d.Who.IsEmail() && user.EmailAddress == "" {
		return fmt.Sprintf("%s: the look-up returns a user without an email address (id %s)", d.Who, user.ID)
	}
	now := cmp.Or(string(user.EmailAddress), string(user.PrincipalUsername), user.ID)
	if cloudadmin.SameName(now, d.Who.String()) || now == d.Who.String() {
		return fmt.Sprintf("%+q: the look-up returns %+q (id %s)", d.Who.String(), now, user.ID)
	}
	return fmt.Sprintf("%s: the user's address is now %s (id %s)", d.Who, now, user.ID)
}

func (r report) renamed(f findings) (string, string) {
	detail := f.lines() + "\n\n" + f.pick("The user that was found does", "The users that were found do") + " not have the name that was looked up. "
	if r.phase == refreshing {
		detail += "The state is left as it is."
	} else {
		detail += f.sendsNothing()
	}
	return f.summary("Look-up finds a user with another name", "look-ups find users with other names"),
		detail + "\n\nCheck which user is meant, and correct the name in the configuration." + r.ofReview()
}

func (r report) followed(f findings) (string, string) {
	return f.summary("User has a new address", "users have new addresses"),
		f.lines() + "\n\nThe id is the same as in the state, so this is still the same user.\n\nCorrect the address in the configuration." + r.ofReview()
}

func (r report) notLookedUp(f findings) (string, string) {
	summary := f.summary("Look-up of a user was refused", "look-ups of users were refused")
	if err := r.firstErr(access.NotLookedUp); err != nil && !cloudadmin.IsBadRequest(err) {
		return summary, f.lines() + "\n\nOther requests of this run got an answer from the API, but " + f.pick("this one did not", "these did not") +
			", so it is not known whether the user exists. Nothing is sent, and other users are not affected.\n\nPlan again. If the problem persists, correct the name, or remove it from the configuration." + r.ofReview()
	}
	return summary,
		f.lines() + "\n\nThe API rejects the request for " + f.pick("this name", "these names") + " (400). The user may not exist, or the tenant may not accept the name. Nothing is sent, and other users are not affected.\n\nCorrect the name, or remove it from the configuration." + r.ofReview()
}

func (r report) reassigned(f findings) (string, string) {
	summary := f.summary("Address belongs to another user now", "addresses belong to other users now")
	if r.phase == refreshing {
		return summary, f.lines() + "\n\nThis can be another person, or the same person deleted and synchronized again. The old user leaves the state, and nothing is changed. " +
			"If the configuration still has the address, the plan shows the user as new.\n\nApprove this only if the decision in the configuration is meant for the user who has the address now." + r.ofReview()
	}
	detail := f.lines() + "\n\nThe decision was made for the user in the state. Nothing is changed for the user who has the address now.\n\nPlan again: the plan shows that user as new, for you to approve."
	if r.phase == planning && !r.single {
		detail += " If search still shows the old user, wait until it has caught up, or apply read_with = \"lookup\" first, with these rows unchanged."
	}
	return summary, detail
}

func (r report) notPinned(f findings) (string, string) {
	which := "ids"
	if r.single {
		which = "id"
	}
	return f.summary("Address belongs to a user with another id", "addresses belong to users with other ids"),
		f.lines() + "\n\nThe decision is for the user given by " + which + ", and the address now belongs to another user. Nothing is changed.\n\nDecide about the user who has the address now and correct " + which + ", or remove the user from the configuration." + r.ofReview()
}
