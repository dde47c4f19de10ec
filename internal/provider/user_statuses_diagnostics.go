// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
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

func statusOr(status cloudadmin.Status, none string) string {
	if status == "" {
		return none
	}
	return string(status)
}

func usersPendingDeletion(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User is pending deletion and cannot be enabled", "users are pending deletion and cannot be enabled"),
		f.lines()+"\n\nUntil then the API refuses to enable them (409).\n\n"+
			"To keep a user, undelete the user in the Cloud Administration Console (or with the API's markDeleted call), then plan again.\n"+
			"To let a user go, write Disabled, or remove the row.")
}

func usersPendingDeletionAnyway(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User is pending deletion", "users are pending deletion"),
		f.lines()+"\n\nThat agrees with Disabled. Once they are gone, plans say so and ask to remove the rows. "+
			"If a deletion is not intended, undelete the user in the Cloud Administration Console.")
}

func protectedUsersDisabled(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Protected user would be disabled", "protected users would be disabled"),
		f.lines()+"\n\nThese are among the provider's protected_users, whom no plan may disable, by a status, by leaving the map, or by a destroy.\n\n"+
			"Write Enabled, or keep them in the map. If a user may really be disabled, remove the address from protected_users first.")
}

func contradictingResources(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Two resources want different statuses for a user", "users are wanted in different statuses by two resources"),
		f.lines()+"\n\nThe last one to be applied would win, and every plan would show a change. "+
			"(Leaving a map with on_removal = \"disable\", and a destroy that disables, want Disabled.)\n\n"+
			"Keep each user in one of the two. To move a user from one resource to another, apply on_removal = \"retain\" first.")
}

func searchLagsBehindReassignment(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Address belongs to another user now", "addresses belong to other users now"),
		f.lines()+"\n\nThe state, and user search where it was read, still tell of the old user; the look-up tells otherwise. Nothing is changed.\n\n"+
			"Plan again later, or with read_with = \"lookup\" and without -refresh=false: the refresh then notices, and the plan shows the row as added, for you to approve.")
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

func usersGone(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User no longer exists", "users no longer exist"),
		f.lines()+"\n\nThey were Enabled and leave the state. Users are deleted seven days after they are marked, and by the tenant's own clean-up.\n\n"+
			"Remove their rows, or write Disabled. While a row says Enabled, plans show it as added, and the apply fails for that user, and for that user alone.")
}

func usersGoneWhileDisabled(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User does not exist, which satisfies Disabled", "users do not exist, which satisfies Disabled"),
		f.lines()+"\n\nNothing is sent for them. Their rows can be removed; check the spelling where a row is new.")
}

func usersMissing(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User does not exist", "users do not exist"),
		f.lines()+"\n\nNobody has these addresses in this tenant. The apply will fail for them, and for them alone, unless they have appeared by then.\n\n"+
			"Remove the rows, or correct the spelling. A user who is in the identity source but was never synchronized has to be synchronized first.")
}

func usersMissingInApply(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User does not exist", "users do not exist"),
		f.lines()+"\n\nNobody has these addresses in this tenant, so they cannot be Enabled. Remove the rows, or correct the spelling.")
}

func usersDisabledBySync(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User was disabled by a synchronization and cannot be enabled here", "users were disabled by a synchronization and cannot be enabled here"),
		f.lines()+"\n\nThe API refuses to enable them (409), and they are not pending deletion: a synchronization disabled them, "+
			"because they are disabled in the identity source, missing there, or out of its scope.\n\n"+
			"Enable them in the identity source, synchronize them (in the Cloud Administration Console or with the API's sync call), then apply again. Until then write Disabled.")
}

func usersNotTried(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Stopped before all changes were made", fmt.Sprintf(
		"Not tried, or not answered, for %s:\n%s\n\nThe apply was interrupted, or the tenant refused so much that sending on would have helped nobody.", users(len(f)), f.lines()))
}

func usersDisabledByLeaving(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User will be disabled by leaving the map", "users will be disabled by leaving the map"),
		f.lines()+"\n\non_removal is \"disable\". With \"retain\" they would keep their status.")
}

// whoReallyChanges says what the plan cannot show of users who are new to the
// resource: it prints what is wanted, whether or not it is so already.
func whoReallyChanges(f findings, newUsers int, creates bool) diag.Diagnostic {
	who := users(newUsers)
	if !creates {
		who = strings.Replace(who, " ", " new ", 1)
	}
	if len(f) == 0 {
		return diag.NewWarningDiagnostic(fmt.Sprintf("None of %s will change", who), "All of them are as the configuration wants them. The apply adopts them and sends nothing.")
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("%d of %s will change: %s", len(f), who, f.first()),
		"The plan prints every new row of the map, whether or not it changes anything. These users change:\n"+f.lines())
}

func searchLags(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("User has changed already; user search lags behind", "users have changed already; user search lags behind"),
		f.lines()+"\n\nThe plan shows them as changes, because search still tells of their old status. Applying it changes nothing for them.")
}

func searchRefused(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used in this tenant", fmt.Sprintf(
		"The API said: %s.\n\nEvery user was looked up instead, which takes a request for each. read_with = \"lookup\" does so without this warning.", err))
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
