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

func (t telling) notToChange(f findings) (string, string) {
	sends := "Nothing is sent for " + f.pick("this user", "these users") + "."
	if t.phase == planning {
		sends = "The apply sends nothing for " + f.pick("this user", "these users") + ", and fails for no other."
	}
	detail := f.lines() + "\n\nmay_change has the only users whom this resource may change, in a review those whom its plan shows, and " +
		f.pick("this one is", "these are") + " not among them. " + sends
	detail += "\n\nPlan again: a review then shows the change, or holds " + f.pick("the user", "the users") + " back. In a set of your own, add the " + f.pick("address", "addresses") + " to may_change."
	if slices.ContainsFunc(t.batch.Decisions, func(d *access.Decision) bool { return d.Verdict == access.NotToChange && d.Why == access.Leaves }) {
		detail += " To let users leave as they are, set on_removal = \"retain\"."
	}
	return f.summary("User is not changed, as may_change does not have the address", "users are not changed, as may_change does not have their addresses"), detail
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
