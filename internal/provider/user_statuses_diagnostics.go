// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// What is said about many users at once: one diagnostic for each kind, which
// names them. Each takes the users it is about.

const (
	nothingInState = "This resource is not in the state yet: a state beside an error would be replaced by the next apply. " +
		"Plan again: the plan shows the whole map, and a warning names exactly the rest."
	restInNextPlan = "The state holds how things are. Plan again: the plan shows exactly the rest."
)

func changesWere(n int) string {
	if n == 1 {
		return "1 change was"
	}
	return fmt.Sprintf("%d changes were", n)
}

func (r remedies) usersPendingDeletion(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User is pending deletion and cannot be enabled", "users are pending deletion and cannot be enabled"),
		f.lines()+"\n\nUntil then the API refuses to enable them (409).\n\n"+
			"To keep these users, "+r.undelete(f.emails()...)+", then plan again.\n"+
			"To let a user go, write Disabled, or remove the row."+r.undeleteBelow(f.emails()...))
}

func (r remedies) usersPendingDeletionAnyway(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User is pending deletion", "users are pending deletion"),
		f.lines()+"\n\nThat agrees with Disabled. Once a user is gone, plans say that the row can be removed. "+
			"If that is not intended, "+r.undelete(f.emails()...)+"."+r.undeleteBelow(f.emails()...))
}

func protectedUsersDisabled(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Protected user would be disabled", "protected users would be disabled"),
		f.lines()+"\n\nNo plan may disable the provider's protected_users: not by a status, not by leaving the map, not by a destroy.\n\n"+
			"Write Enabled, or keep the row. If a user may really be disabled, remove the address from protected_users first.")
}

func contradictingResources(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Two resources want different statuses for a user", "users are wanted in different statuses by two resources"),
		f.lines()+"\n\nThe last one to be applied would win, and every plan would show a change. "+
			"(Leaving a map with on_removal = \"disable\", and a destroy that disables, want Disabled.)\n\n"+
			"Keep each user in one of the two. To move a user from one resource to another, apply on_removal = \"retain\" first. "+
			"Where the other one is a deposed object of this same resource, which create_before_destroy left behind, take the resource out of the state (terraform state rm) and apply: the users are adopted anew.")
}

func searchLagsBehindReassignment(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Address belongs to another user now", "addresses belong to other users now"),
		f.lines()+"\n\nThe state, and user search where it was read, still tell of the old user; the look-up tells otherwise. Nothing is changed.\n\n"+
			"Plan again once search has caught up: the refresh then notices, and the plan shows the row as added, for you to approve. To go on at once, apply read_with = \"lookup\" first, with these rows as they were.")
}

func addressesReassigned(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("Address belongs to another user now", "addresses belong to other users now"),
		f.lines()+"\n\nThat can be another person, or the same one deleted and synchronized again. The old user leaves the state and nothing is changed; "+
			"the plan shows the row as added.\n\nApprove that only if the decision in the configuration is meant for the user who has the address now.")
}

func addressesReassignedInApply(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Address belongs to another user now", "addresses belong to other users now"),
		f.lines()+"\n\nThe plan was made for the users who had these addresses before. Nothing was changed for them. Plan again: it shows how things are now.")
}

func (r remedies) usersGone(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User no longer exists", "users no longer exist"),
		f.lines()+"\n\nThe state had Enabled here and drops it. Users are deleted seven days after they are marked, and by the tenant's own clean-up.\n\n"+
			"A row that still says Enabled shows as added, and the apply fails for that user, and for that user alone: remove the row, or write Disabled."+r.bringBack())
}

func usersGoneWhileDisabled(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User does not exist, which satisfies Disabled", "users do not exist, which satisfies Disabled"),
		f.lines()+"\n\nNothing is sent. Such a row can be removed; check the spelling where it is new.")
}

func (r remedies) usersMissing(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User does not exist", "users do not exist"),
		f.lines()+"\n\nThe tenant knows no such address. The apply fails for these rows, and for them alone, unless the users have appeared by then.\n\n"+
			"Remove the rows, or correct the spelling. A user who is in the identity source but was never synchronized has to be synchronized first"+r.firstSynchronization()+".")
}

func usersMissingInApply(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User does not exist", "users do not exist"),
		f.lines()+"\n\nThe tenant knows no such address, so nobody can be enabled. Remove the rows, or correct the spelling.")
}

// usersVanished is said in an apply, where nobody with the planned id was left to
// disable: the address may lead to somebody else by now.
func usersVanished(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User was gone before being disabled", "users were gone before being disabled"),
		f.lines()+"\n\nThe users whom the plan was made for exist no longer (404), so nothing was changed. "+
			"If somebody else has the address now, nothing was decided about that user: plan again, it shows such a row as added.")
}

func (r remedies) usersDisabledBySync(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User was disabled by a synchronization and cannot be enabled here", "users were disabled by a synchronization and cannot be enabled here"),
		f.lines()+"\n\nThe API refuses to enable them (409) without a pending deletion: a synchronization disabled them, "+
			"because they are disabled in the identity source, missing there, or out of its scope.\n\n"+
			"Enable them in the identity source, "+r.synchronize(f.emails()...)+", then apply again. Until then write Disabled."+r.synchronizeBelow(f.emails()...))
}

func usersNotTried(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Stopped before all changes were made", fmt.Sprintf(
		"Not tried, or not answered, for %s:\n%s\n\nThe apply was interrupted, or the tenant refused so much that sending on would have helped nobody.", counted(len(f), "user"), f.lines()))
}

func usersDisabledByLeaving(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User is disabled by leaving the map", "users are disabled by leaving the map"),
		f.lines()+"\n\non_removal is \"disable\"; \"retain\" would leave the status as it is. (A replacement, as by -replace, disables nobody, also if this plan is one.)")
}

// whoReallyChanges says what the plan cannot show of users who are new to the
// resource: it prints what is wanted, whether or not it is so already.
func whoReallyChanges(f findings, newUsers int, creates bool) diag.Diagnostic {
	who := counted(newUsers, "new user")
	if creates {
		who = counted(newUsers, "user")
	}
	if len(f) == 0 {
		return diag.NewWarningDiagnostic(fmt.Sprintf("None of %s changes", who), "Every status is as the configuration wants it. The apply adopts the users and sends nothing.")
	}
	verb := "change"
	if len(f) == 1 {
		verb = "changes"
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%d of %s %s: %s", len(f), who, verb, f.first()),
		"Terraform prints every new row of the map, whether or not it changes anything. These users change:\n"+f.lines())
}

func searchLags(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User has changed already; user search lags behind", "users have changed already; user search lags behind"),
		f.lines()+"\n\nThe plan shows a change because search still tells of the old status. Applying it changes nothing here.")
}

func searchRefused(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used in this tenant", fmt.Sprintf(
		"The API said: %s.\n\nEvery user was looked up instead, which takes a request for each. read_with = \"lookup\", where there is such an attribute, does so without this warning.", err))
}

func nobodyExists() diag.Diagnostic {
	return diag.NewErrorDiagnostic("None of the users exists in this tenant", fmt.Sprintf(
		"The map has %d addresses or more, and the tenant knows none of them. "+
			"That looks like the wrong tenant, or like credentials that may not see these users, and not like drift, so the state is left as it is.\n\n"+
			"Check admin_api_url and the credentials. If these users are really all gone, take this resource out of the state with `terraform state rm`.", snapshot.FewestForNobody))
}

func cannotImport(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User to import does not exist", "users to import do not exist"),
		f.lines()+"\n\nNobody has these addresses in this tenant. Leave them out of the import id, or correct the spelling.")
}

func replacementDisablesNobody() diag.Diagnostic {
	return diag.NewWarningDiagnostic("A replacement disables nobody",
		"on_removal is \"disable\", but this destroy is half of a replacement (-replace, a taint, or replace_triggered_by), which goes on to keep the users of the map. "+
			"Who left the map in the same change keeps their status: to disable them, keep them in the map as Disabled.")
}
