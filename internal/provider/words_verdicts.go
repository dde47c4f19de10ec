// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A text for each verdict, for one user and for many.

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
		detail + "A user who is in the identity source but was never synchronized has to be synchronized first" + t.firstSynchronization() + "."
}

// removeGone says what to do about users who are gone. A map keeps them as Disabled; one
// user's resource has to have a user.
func (t telling) removeGone(f findings) string {
	if t.single {
		return "Remove the user from the configuration. Until then, plans show the user as new, and the apply fails for that user alone."
	}
	return "Remove " + f.pick("the user", "them") + " from the configuration, or set Disabled. With Enabled, plans show the user as new, and the apply fails for that user alone."
}

func (t telling) satisfied(f findings) (string, string) {
	return f.summary("User does not exist, which satisfies Disabled", "users do not exist, which satisfies Disabled"),
		f.listed() + "Nothing is sent. " + f.pick("The user", "Such users") + " can be removed from the configuration. Check the spelling of a name that is new: a mistyped leaver keeps access."
}

func (t telling) lost(f findings) (string, string) {
	return f.summary("No user has the address, and the user may have another one", "addresses have no user, and the users may have other ones"),
		f.lines() + "\n\nThat satisfies Disabled only if the " + f.pick("user is", "users are") + " gone, and user search does not tell: it is refused, does not show everybody, or shows the id where a look-up does not find it. " +
			"Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other.\n\n" +
			"Plan again, so that an access review follows " + f.pick("the user", "them") + " to another address; or correct the address in the configuration. If the " + f.pick("user is gone, remove the row", "users are gone, remove the rows") + "."
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
	detail := f.lines() + "\n\nThe look-up answers with a user who does not have the name that was asked for."
	switch t.phase {
	case refreshing:
		return f.summary("User has another address now", "users have other addresses now"),
			detail + " The id is that of the state, so it is still the same user.\n\nCorrect the address in the configuration."
	default:
		return f.summary("Name leads to a user who has another one", "names lead to users who have other ones"),
			detail + " Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other.\n\nMake sure who is meant, and correct the name in the configuration."
	}
}

func (t telling) notLookedUp(f findings) (string, string) {
	summary := f.summary("Look-up of a user is refused", "look-ups of users are refused")
	if err := t.firstErr(access.NotLookedUp); err != nil && !cloudadmin.IsBadRequest(err) {
		return summary, f.lines() + "\n\nOther requests of this run were answered as the API does, and " + f.pick("this one was not", "these were not") +
			". Whether the user exists is not known, so nothing is concluded from it. Nothing is sent, and other users are not affected.\n\nPlan again. If it comes back, correct the name, or remove it from the configuration."
	}
	return summary,
		f.lines() + "\n\nThe API does not take the request for " + f.pick("this name", "these names") + " (400). The user may not exist, or the name may not be one that the tenant takes. Nothing is sent, and other users are not affected.\n\nCorrect the name, or remove it from the configuration."
}

func (t telling) reassigned(f findings) (string, string) {
	summary := f.summary("Address belongs to another user now", "addresses belong to other users now")
	if t.phase == refreshing {
		return summary, f.lines() + "\n\nThat can be another person, or the same one deleted and synchronized again. The old user leaves the state and nothing is changed; " +
			"the plan shows the user as new.\n\nApprove that only if the decision in the configuration is meant for the user who has the address now."
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
		f.lines() + "\n\nThe decision names the person by " + which + ", and the address leads to somebody else. Nothing is changed.\n\nDecide about the user who has the address now, and correct " + which + "; or remove the user from the configuration."
}

func (t telling) notToEnable(f findings) (string, string) {
	detail := f.lines() + "\n\nmay_enable has the only users whom this resource may enable, and " + f.pick("this one has", "these have") + " lost access since the decision, or since the plan. In an access review, keep enables no user: only restore does."
	if t.phase == planning {
		detail += " The apply sends nothing for " + f.pick("this user", "these users") + ", and fails for no other."
	}
	return f.summary("User is not enabled, as may_enable does not have the address", "users are not enabled, as may_enable does not have their addresses"),
		detail + "\n\nPlan again: a review then leaves " + f.pick("the user", "them") + " Disabled. To give access back, decide restore in the review, or add the " + f.pick("address", "addresses") + " to may_enable."
}

func (t telling) protected(f findings) (string, string) {
	return f.summary("Protected user would be disabled", "protected users would be disabled"),
		f.listed() + f.pick("This is", "These are") + " among the provider's protected_users, whom nothing may disable: no status, no removal from the configuration, no destroy.\n\n" +
			"Set Enabled, or keep the user in the configuration. If a user may really be disabled, remove the name from protected_users first."
}

func (t telling) guardsNobody(f findings) (string, string) {
	var unknown *access.UnknownProtectedError
	names := "a name"
	for _, d := range t.batch.Decisions {
		if errors.As(d.Err, &unknown) {
			names = bulleted(unknown.Names, listedNames)
			break
		}
	}
	return "protected_users has a name that no user has", names + "\n\nA guard that guards nobody is no guard, so no user is disabled: not " + f.named() + ".\n\n" +
		"Correct the spelling in protected_users. Each entry is the email address or the username of one user."
}

func (t telling) twoWishes(f findings) (string, string) {
	return f.summary("Two decisions want different statuses for a user", "users are wanted in different statuses by two decisions"),
		f.lines() + "\n\nThe last one to be applied would win, and every plan would show a change.\n\nKeep one of the two."
}

func (t telling) keptElsewhere(f findings) (string, string) {
	return f.summary("User would be disabled by leaving, and another resource wants Enabled", "users would be disabled by leaving, and other resources want Enabled"),
		f.listed() + "One resource lets " + f.pick("the user", "these users") + " go with \"disable\" (on_destroy, on_removal), another wants Enabled. The other does not change, or was planned after the first, so an apply could disable " + f.pick("the user", "them") + ".\n\n" +
			"Where a resource was renamed, use a moved block. To let go without disabling, use a removed block with destroy = false, or apply on_destroy or on_removal = \"retain\" first. " +
			"If the first is a deposed object of the same resource, apply with -replace."
}

func (t telling) overtaken(f findings) (string, string) {
	return f.summary("User was disabled by leaving another resource", "users were disabled by leaving other resources"),
		f.listed() + "This apply has disabled " + f.pick("the user", "these users") + " on leaving another resource, before this one, whose values were not known in the plan, could say that it wants Enabled. Terraform takes this resource for unchanged, so nothing more is sent.\n\nApply again at once: the plan shows the change."
}

func (t telling) tooMany(f findings) (string, string) {
	limit, used, _ := t.run.Limit()
	before := ""
	if used > 0 {
		before = fmt.Sprintf(", and %s before in this run", counted(used, "user"))
	}
	return f.summary("max_changes is reached, and a user would change or leave", "users would change or leave, more than max_changes allows"),
		fmt.Sprintf("%s\n\n%s would change or leave%s; the provider's max_changes is %d. Counted is who moves between Enabled and Disabled, and who leaves the configuration, also with \"retain\"; not a leaver who is gone, pending deletion, or in a status that the tenant does not tell for certain.",
			f.lines(), counted(len(f), "user"), before, limit) +
			"\n\nIf the configuration lost or shifted rows (a CSV file that was cut off, for example), correct it. If all of this is intended, raise the limit for this run: " +
			"set the variable that max_changes comes from, or IDPLUS_MAX_CHANGES where the configuration does not set it. To forget users without a limit, use a removed block with destroy = false."
}

func (t telling) deleted(f findings) (string, string) {
	return f.summary("User is gone", "users are gone"),
		f.listed() + "The API no longer knows " + f.pick("the user", "the users") + " whom the plan was made for (404), so nothing was changed. Plan again: it shows how things are now."
}

// vanished is said where nobody with the planned id was left to disable: the address
// may lead to somebody else by now.
func (t telling) vanished(f findings) (string, string) {
	return f.summary("User was gone before being disabled", "users were gone before being disabled"),
		f.listed() + f.pick("The user whom the plan was made for no longer exists", "The users whom the plan was made for no longer exist") + " (404), so nothing was changed. " +
			"If somebody else has the address now, nothing was decided about that user: plan again, it shows the user as new."
}

// lookupMayLag is said where a PUT is refused, perhaps because the status is so already,
// and a look-up shows another.
const lookupMayLag = "If the status was changed a moment ago, the look-up may not show it yet."

func (t telling) syncDisabled(f findings) (string, string) {
	return f.summary("API refuses to enable a user", "users are not enabled, as the API refuses"),
		f.lines() + "\n\n" + f.pick("The user is", "The users are") + " not pending deletion. A synchronization has probably disabled " + f.pick("the user", "them") + ", because of being disabled in the identity source, missing there, or out of its scope. " +
			lookupMayLag + "\n\n" +
			"Enable " + f.pick("the user", "them") + " in the identity source, " + t.synchronize(f) + ", then apply again."
}

func (t telling) disableRefused(f findings) (string, string) {
	return f.summary("API refuses to disable a user", "users are not disabled, as the API refuses"),
		f.lines() + "\n\nA look-up shows neither a deletion nor the wanted status, so the reason is not known. " + lookupMayLag + " " + f.pick("The user", "Each of them") + " may still have access.\n\nPlan again. If it comes back, disable " + f.pick("the user", "them") + " in the Cloud Administration Console."
}

// firstErr returns the first error of a verdict.
func (t telling) firstErr(verdict access.Verdict) error {
	for _, d := range t.batch.Decisions {
		if d.Verdict == verdict && d.Err != nil {
			return d.Err
		}
	}
	return nil
}

func (t telling) refused(f findings) (string, string) {
	err := t.firstErr(access.Refused)
	lead, advice := t.api.explanation(err)
	switch {
	case cloudadmin.IsNotModified(err):
		advice = "The answer means that the status is so already, and a look-up shows another. " + lookupMayLag + " Plan again later."
	case cloudadmin.IsBadRequest(err):
		advice = lookupMayLag + " " + advice
	}
	return f.summary("Cannot set the status of a user", "statuses cannot be set"), lead + ":\n" + f.lines() + "\n\n" + advice
}

func (t telling) unanswered(f findings) (string, string) {
	detail := f.lines() + "\n\n" + f.pick("The request was sent, and no usable answer came", "The requests were sent, and no usable answers came") + ": whether the status was changed is not known.\n\nPlan again: it shows how things are."
	var refusal *cloudadmin.Error
	switch err := t.firstErr(access.Unanswered); {
	case cloudadmin.IsConflict(err), cloudadmin.IsNotModified(err), cloudadmin.IsBadRequest(err):
		detail += " " + lookupMayLag
	case errors.As(err, &refusal):
		_, advice := t.api.explanation(err)
		detail += " " + advice
	}
	return f.summary("Change may have been made", "changes may have been made"), detail
}

func (t telling) notTried(f findings) (string, string) {
	return f.summary("Change was not tried", "changes were not tried"),
		f.listed() + "The apply was interrupted, or the tenant refused so much that sending more would not have helped. Nothing was sent for " + f.pick("this user", "these users") + "."
}

func (t telling) spared(f findings) (string, string) {
	return f.summary("User leaves and is not disabled", "users leave and are not disabled"),
		f.listed() + "On leaving, this resource would have let " + f.pick("the user", "these users") + " go or disabled " + f.pick("the user", "them") + ". Another resource, or the other half of a replacement, keeps " + f.pick("the user", "them") + " (or the plan did not know whom it keeps), so nothing is sent here."
}

func (t telling) letGo(f findings) (string, string) {
	return fmt.Sprintf("%s the configuration and %s: %s", counted(len(f), "user")+f.pick(" leaves", " leave"), f.pick("keeps the status", "keep their status"), f.first()),
		f.lines() + "\n\nTerraform no longer watches " + f.pick("this user", "these users") + ", and nothing is sent." + t.takesNoAccessAway()
}

// takesNoAccessAway is said where somebody who leaves keeps access, or is left out for now.
func (t telling) takesNoAccessAway() string {
	advice := ""
	let := func(is func(*access.Decision) bool) bool {
		return slices.ContainsFunc(t.batch.Decisions, func(d *access.Decision) bool { return d.Verdict == access.LetGo && is(d) })
	}
	if let(func(d *access.Decision) bool {
		return !d.IsUncertain() && d.Was != cloudadmin.Disabled && !d.IsPending()
	}) {
		advice += " To take access away, set Disabled instead."
	}
	if let((*access.Decision).IsUncertain) {
		advice += " Whoever an access review holds back comes back into the map once the tenant tells enough."
	}
	return advice
}

func twinsLine(d *access.Decision) string {
	text := d.Who.String() + ":"
	for i, twin := range d.Found.Twins {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(" id %s (%s, %s)", twin.ID, cmp.Or(twin.IdentitySource, "no identity source"), cmp.Or(twin.UserStatus, "no status"))
	}
	return text
}
