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

func pendingDeletionError(who string, details *cloudadmin.User) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("status"), "User is pending deletion and cannot be enabled",
		pendingDeletion(who, details)+" Until then the API refuses to enable the user (409).\n\n"+
			"To keep the user, undelete the user in the Cloud Administration Console (or with the API's markDeleted call), then plan again.\n"+
			`To let the user go, set status = "Disabled", or remove the user from the configuration.`)
}

func pendingDeletionWarning(who string, details *cloudadmin.User) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("status"), "User is pending deletion",
		pendingDeletion(who, details)+" Then the user is gone from the state too, and a plan will ask to remove the user from the configuration. "+
			"If that is not intended, undelete the user in the Cloud Administration Console.")
}

func disabledBySyncError(who string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("status"), "User was disabled by a synchronization and cannot be enabled here",
		fmt.Sprintf("The API refuses to enable %s (409), and the user is not pending deletion: a synchronization disabled the user, "+
			"because the user is disabled in the identity source, missing there, or out of its scope.\n\n"+
			"Enable the user in the identity source, synchronize the user (in the Cloud Administration Console or with the API's sync call), then apply again. "+
			`Until then set status = "Disabled".`, who))
}
