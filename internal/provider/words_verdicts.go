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
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
)

// A text for each verdict, for one user and for many.

func (r report) notToChange(f findings) (string, string) {
	sends := "Nothing is sent for " + f.pick("this user", "these users") + "."
	if r.phase == planning {
		sends = f.sendsNothing()
	}
	detail := f.lines() + "\n\nmay_change lists the users that this resource may change (for an access review, those that its plan showed), and " +
		f.pick("this user is", "these users are") + " not among them. " + sends
	detail += "\n\nPlan again: an access review then shows the change, or holds " + f.pick("the user", "the users") + " back. If you maintain may_change yourself, add the " + f.pick("address", "addresses") + " to it."
	if slices.ContainsFunc(r.batch.Decisions, func(d *access.Decision) bool { return d.Verdict == access.NotToChange && d.Why == access.Leaves }) {
		detail += " To let users leave with their status unchanged, set on_removal = \"retain\"."
	}
	return f.summary("User is not in may_change", "users are not in may_change"), detail
}

func (r report) protected(f findings) (string, string) {
	return f.summary("Protected user would be disabled", "protected users would be disabled"),
		f.listed() + f.pick("This user is", "These users are") + " in the provider's protected_users. Nothing may disable a protected user: no status, no removal from the configuration, and no destroy.\n\n" +
			"Set Enabled, or keep the user in the configuration. To manage the user no longer without a change, use a removed block with destroy = false. If the user may really be disabled, remove the name from protected_users first."
}

// protectsNoOne explains why an unknown protected name stops a run.
const protectsNoOne = "An entry that matches no user protects no one"

func (r report) guardsNobody(f findings) (string, string) {
	var unknown *access.UnknownProtectedError
	names := "a name"
	for _, d := range r.batch.Decisions {
		if errors.As(d.Err, &unknown) {
			names = bulleted(unknown.Names, listedNames)
			break
		}
	}
	return "protected_users has a name that no user has", names + "\n\n" + protectsNoOne + ", so no user is disabled. This run would disable " + f.named() + ".\n\n" +
		"Correct the spelling in protected_users. Each entry is the email address or the username of one user."
}

func (r report) twoWishes(f findings) (string, string) {
	return f.summary("Two decisions set different statuses for a user", "users have two decisions with different statuses"),
		f.lines() + "\n\nThe decision applied last would win, and every plan would show a change.\n\nKeep one of the two."
}

func (r report) keptElsewhere(f findings) (string, string) {
	return f.summary("User would be disabled, but another resource wants Enabled", "users would be disabled, but other resources want Enabled"),
		f.listed() + f.pick("The user leaves", "These users leave") + " one resource with \"disable\" (on_destroy or on_removal), and another resource wants Enabled. That resource does not change, or was planned later, so an apply could disable " + f.pick("the user", "them") + ".\n\n" +
			"If a resource was renamed, use a moved block. To remove " + f.pick("the user", "users") + " without disabling, use a removed block with destroy = false, or apply on_destroy or on_removal = \"retain\" first. " +
			"If the first resource is a deposed object of the other, apply with -replace."
}

func (r report) overtaken(f findings) (string, string) {
	return f.summary("User was disabled when leaving another resource", "users were disabled when leaving other resources"),
		f.listed() + "This apply disabled " + f.pick("the user, who left", "these users, who left") + " another resource. The values of this resource were not known in the plan, so the apply did not know yet that it wants Enabled. Terraform sees no change in this resource, so nothing more is sent.\n\nApply again at once: the plan shows the change."
}

func (r report) tooMany(f findings) (string, string) {
	limit, used, _ := r.run.Limit()
	before := ""
	if used > 0 {
		before = fmt.Sprintf(", after %s earlier in this run", counted(used, "user"))
	}
	return f.summary("User would change or leave, but max_changes is reached", "users would change or leave, more than max_changes allows"),
		fmt.Sprintf("%s\n\n%s would change or leave%s; the provider's max_changes is %d. It counts users who move between Enabled and Disabled, and users who leave the configuration, also with \"retain\". It does not count leavers who are gone, pending deletion, or in a status that is not certain.",
			f.lines(), counted(len(f), "user"), before, limit) +
			"\n\nIf rows are missing or shifted (because a CSV file was cut off, for example), correct the configuration. If all of these changes are intended, raise the limit for this run: " +
			"set the variable that max_changes comes from, or IDPLUS_MAX_CHANGES if the configuration does not set it. If another resource takes " + f.pick("this user", "these users") + " over, or only the state should change, use a removed block with destroy = false, which is not counted."
}

const planAgain = "Plan again to see the current state."

func (r report) deleted(f findings) (string, string) {
	return f.summary("User is gone", "users are gone"),
		f.listed() + "The API no longer knows " + f.pick("the user", "the users") + " that the plan was made for (404), so nothing was changed.\n\n" + planAgain
}

// vanished words that no user with the planned id was left to disable: the address may
// belong to another user by now.
func (r report) vanished(f findings) (string, string) {
	return f.summary("User was gone before the apply could disable the user", "users were gone before the apply could disable them"),
		f.listed() + f.pick("The user that the plan was made for no longer exists", "The users that the plan was made for no longer exist") + " (404), so nothing was changed. " +
			"If another user has the address now, no decision was made about that user. Plan again: the plan shows the user as new."
}

// lookupMayLag explains a PUT that is refused, perhaps because the user already has the
// status, while a look-up shows another.
const lookupMayLag = "If the status was changed a moment ago, the look-up may not show it yet."

func (r report) syncDisabled(f findings) (string, string) {
	return f.summary("API refuses to enable a user", "users cannot be enabled, because the API refuses"),
		f.lines() + "\n\n" + f.pick("The user is", "The users are") + " not pending deletion. A synchronization has probably disabled " + f.pick("the user", "them") + ", because " + f.pick("the user is", "they are") + " disabled in the identity source, missing there, or outside its scope. " +
			lookupMayLag + "\n\n" +
			"Enable " + f.pick("the user", "them") + " in the identity source, " + r.synchronize(f) + ", then apply again."
}

func (r report) disableRefused(f findings) (string, string) {
	return f.summary("API refuses to disable a user", "users cannot be disabled, because the API refuses"),
		f.lines() + "\n\nA look-up shows neither a deletion nor the wanted status, so the reason is unknown. " + lookupMayLag + " " + f.pick("The user", "Each of them") + " may still have access.\n\nPlan again. If the error persists, disable " + f.pick("the user", "them") + " in the Cloud Administration Console."
}

// firstErr returns the first error of a verdict.
func (r report) firstErr(verdict access.Verdict) error {
	for _, d := range r.batch.Decisions {
		if d.Verdict == verdict && d.Err != nil {
			return d.Err
		}
	}
	return nil
}

func (r report) refused(f findings) (string, string) {
	err := r.firstErr(access.Refused)
	lead, advice := r.api.explanation(err)
	switch {
	case cloudadmin.IsNotModified(err):
		advice = "The answer means that the user already has this status, but a look-up shows another. " + lookupMayLag + " Plan again later."
	case cloudadmin.IsBadRequest(err):
		advice = lookupMayLag + " " + advice
	}
	return f.summary("Cannot set the status of a user", "statuses cannot be set"), lead + ":\n" + f.lines() + "\n\n" + advice
}

func (r report) unanswered(f findings) (string, string) {
	detail := f.lines() + "\n\n" + f.pick("The request was sent, but no usable answer came back", "The requests were sent, but no usable answers came back") + ", so it is not known whether the status was changed.\n\n" + planAgain
	var refusal *cloudadmin.Error
	switch err := r.firstErr(access.Unanswered); {
	case cloudadmin.IsConflict(err), cloudadmin.IsNotModified(err), cloudadmin.IsBadRequest(err):
		detail += " " + lookupMayLag
	case errors.As(err, &refusal):
		_, advice := r.api.explanation(err)
		detail += " " + advice
	}
	return f.summary("Change may have been made", "changes may have been made"), detail
}

func (r report) notTried(f findings) (string, string) {
	why, advice := "stopped after too many failures", ""
	var timeout *explain.TimeoutError
	switch {
	case errors.As(r.ended, &timeout):
		why, advice = "ran into its timeout ("+timeout.Limit()+")", " "+timeout.Remedy()
	case r.ended != nil:
		why = "was interrupted"
	}
	return f.summary("Change was not attempted", "changes were not attempted"),
		f.listed() + "The apply " + why + ". Nothing was sent for " + f.pick("this user", "these users") + "." + advice
}

func (r report) spared(f findings) (string, string) {
	return f.summary("User leaves without a change", "users leave without a change"),
		f.listed() + f.pick("The user leaves", "These users leave") + " this resource. Another resource, or the other half of a replacement, keeps " + f.pick("the user", "them") + " (or the plan did not know which users it keeps), so nothing is sent here."
}

// letGo does not say that no resource has the users: with many resources, Terraform plans
// those that leave before one that takes their users over.
func (r report) letGo(f findings) (string, string) {
	return fmt.Sprintf("%s the configuration and %s: %s", counted(len(f), "user")+f.pick(" leaves", " leave"), f.pick("keeps the status", "keep their status"), f.first()),
		f.lines() + "\n\nNothing is sent. Unless another resource has " + f.pick("this user", "these users") + ", Terraform no longer manages " + f.pick("the user", "them") + "." + r.takesNoAccessAway()
}

// takesNoAccessAway advises where a user who leaves keeps access, or is left out for now.
func (r report) takesNoAccessAway() string {
	advice := ""
	let := func(is func(*access.Decision) bool) bool {
		return slices.ContainsFunc(r.batch.Decisions, func(d *access.Decision) bool { return d.Verdict == access.LetGo && is(d) })
	}
	if let(func(d *access.Decision) bool {
		return !d.IsUncertain() && d.Was != cloudadmin.Disabled && !d.IsPending()
	}) {
		advice += " To take access away, set Disabled instead."
	}
	if let((*access.Decision).IsUncertain) {
		advice += " A user that an access review holds back returns to the map once the tenant shows enough to be certain."
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
