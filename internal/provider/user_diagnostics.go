// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// What is said about a user, wherever it is said: the problem, what is known of
// it, and the way out.

// unknownUser words a 404, for the place where it is an error.
func unknownUser(who cloudadmin.Address) diag.Diagnostic {
	return nobodyHas(who, "User does not exist", unsyncedRemedy)
}

// unknownUserToImport words it for an import, whose look-up has no options.
func (r remedies) unknownUserToImport(who cloudadmin.Address) diag.Diagnostic {
	return nobodyHas(who, "User to import does not exist",
		"Where the user is in the identity source but was never synchronized, the user has to be synchronized first"+r.firstSynchronization()+".")
}

func nobodyHas(who cloudadmin.Address, summary, remedy string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, fmt.Sprintf(
		"No user has the %s %q in this tenant.\n\nCheck the spelling, and that admin_api_url is the tenant you mean. %s", kindOf(who), who, remedy))
}

// unknownUserWarning words it for a plan: one leaver must not block everybody
// else's.
func unknownUserWarning(who cloudadmin.Address) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(attributePath(who), "User does not exist: "+who.String(), fmt.Sprintf(
		"No user has the %s %q in this tenant. The apply will fail for this user, and for this user alone, unless the user has appeared by then.\n\n"+
			"Remove the user from the configuration, or correct the spelling. %s", kindOf(who), who, unsyncedRemedy))
}

const unsyncedRemedy = "Where the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."

func tooManyChanges(names []string, limit int64) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Plan changes more users than max_changes allows", fmt.Sprintf(
		"This plan moves at least %s between Enabled and Disabled; the provider's max_changes is %d. Resources that Terraform plans after this one are not counted. The first:\n%s\n\n"+
			"If the configuration lost or shifted rows (a truncated CSV file, for example), correct it. If all of this is intended, raise max_changes for this run, "+
			"for example with IDPLUS_MAX_CHANGES where the configuration does not set it.",
		counted(len(names), "user"), limit, bulleted(names, listedNames)))
}

func protectedUserError(who, cause string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Protected user would be disabled", fmt.Sprintf(
		"%s is one of the provider's protected_users, whom no plan may disable, but %s would do so.\n\n"+
			"Set status = \"Enabled\", or take the user out of this configuration. If the user may really be disabled, remove the address from protected_users first.",
		who, cause))
}

func (r remedies) userGone(who cloudadmin.Address) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User no longer exists: "+who.String(), fmt.Sprintf(
		"No user has the %s %q in this tenant any more, so the user leaves the state. "+
			"Users are deleted seven days after they are marked, and by the tenant's own clean-up.\n\n"+
			"Remove the user from the configuration. While the user stays there, plans show a create that fails until the user is back.%s", kindOf(who), who, r.bringBack()))
}

func addressReassigned(who cloudadmin.Address, was, is string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Address belongs to another user now: "+who.String(), fmt.Sprintf(
		"The state has the user with the id %s behind the %s %q; the tenant has the user with the id %s. "+
			"That can be another person, or the same one deleted and synchronized again. The old user leaves the state and nothing is changed; "+
			"the plan shows a create for the new one.\n\nApprove that create only if the decision in the configuration is meant for the user who has the address now.",
		was, kindOf(who), who, is))
}

func addressReassignedError(who cloudadmin.Address, was, is string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Address belongs to another user now: "+who.String(), fmt.Sprintf(
		"The plan was made for the user with the id %s; the %s %q now belongs to the user with the id %s. Nothing was changed. Plan again: it shows how things are now.",
		was, kindOf(who), who, is))
}

func wrongTenant(who cloudadmin.Address) diag.Diagnostic {
	return diag.NewErrorDiagnostic("None of the users in the state exists in this tenant", fmt.Sprintf(
		"The first %d users of the state were looked up, and the tenant knows none of them; nor does it know %s. "+
			"That looks like the wrong tenant, or like credentials that may not see these users, and not like drift, so the state is left as it is.\n\n"+
			"Check admin_api_url and the credentials. If these users are really all gone, take them out of the state with `terraform state rm`.",
		missingBeforeDoubt, who))
}

// deletionDelay is how long a marked user can still be undeleted.
const deletionDelay = 7 * 24 * time.Hour

// pendingDeletion says of a marked user what is known. The details are nil when
// the state alone tells of the mark.
func pendingDeletion(who string, details *cloudadmin.User) string {
	text := who + " is marked for deletion"
	if details != nil && details.MarkDeletedBy != "" {
		text += " by " + details.MarkDeletedBy
	}
	when := "seven days after the marking"
	if details != nil {
		if at, ok := details.MarkDeletedAt.Time(); ok {
			text += " since " + at.Format("2006-01-02 15:04 MST")
			when = "on " + at.Add(deletionDelay).Format("2006-01-02")
		}
	}
	return text + ", and will be deleted with all of the user's data " + when + "."
}

func (r remedies) pendingDeletionError(who cloudadmin.Address, details *cloudadmin.User) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("status"), "User is pending deletion and cannot be enabled",
		pendingDeletion(who.String(), details)+" Until then the API refuses to enable the user (409).\n\n"+
			"To keep the user, "+r.undelete(who)+", then plan again.\n"+
			`To let the user go, set status = "Disabled", or remove the user from the configuration.`+r.undeleteBelow(who))
}

func (r remedies) pendingDeletionWarning(who cloudadmin.Address, details *cloudadmin.User) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("status"), "User is pending deletion: "+who.String(),
		pendingDeletion(who.String(), details)+" Then the user is gone from the state too, and a plan will ask to remove the user from the configuration. "+
			"If that is not intended, "+r.undeleteInShort()+".")
}

func (r remedies) disabledBySyncError(who cloudadmin.Address) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("status"), "User was disabled by a synchronization and cannot be enabled here",
		fmt.Sprintf("The API refuses to enable %s (409), and the user is not pending deletion: a synchronization disabled the user, "+
			"because the user is disabled in the identity source, missing there, or out of its scope.\n\n"+
			"Enable the user in the identity source, %s, then apply again. "+
			`Until then set status = "Disabled".%s`, who, r.synchronize(who), r.synchronizeBelow(who)))
}
