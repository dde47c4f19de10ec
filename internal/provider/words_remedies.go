// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/go-version"
)

// remedies words the ways out that depend on the version of Terraform: a remedy must
// not name a feature that does not exist.
type remedies struct {
	// actions reports whether Terraform can invoke actions.
	actions bool
}

// firstWithActions is the first Terraform that invokes actions. OpenTofu has none; it
// reports its own version before 1.12, and 1.13.0 since. A later OpenTofu may report
// more without having actions, so no remedy is an action alone.
var firstWithActions = version.Must(version.NewVersion("1.14.0"))

func newRemedies(terraform string) remedies {
	running, err := version.NewVersion(terraform)
	return remedies{actions: err == nil && running.Core().GreaterThanOrEqual(firstWithActions)}
}

// undelete words how to keep users who are pending deletion.
func (r remedies) undelete(f findings) string {
	if !r.actions {
		return "undelete " + f.pick("the user", "them") + " in the Cloud Administration Console (or with the API's markDeleted call)"
	}
	return "invoke the action idplus_user_mark_deleted with mark_deleted = false for " + f.named() + " (it needs the scope rsa.user.delete.soft), or undelete " + f.pick("the user", "them") + " in the Cloud Administration Console"
}

// synchronize words how to synchronize users from the identity source.
func (r remedies) synchronize(f findings) string {
	if !r.actions {
		return "synchronize " + f.pick("the user", "them") + " (in the Cloud Administration Console or with the API's sync call)"
	}
	return "synchronize " + f.pick("the user", "them") + " (with the action idplus_user_sync, or in the Cloud Administration Console)"
}

// bringBack words how users who are gone return.
func (r remedies) bringBack() string {
	if !r.actions {
		return ""
	}
	return " A user who is still in the identity source returns with a new id at the next synchronization, or with the action idplus_user_sync with search_unsynced = true."
}

// firstSynchronization words how new users come into the tenant.
func (r remedies) firstSynchronization() string {
	if !r.actions {
		return ""
	}
	return " (the next synchronization does that, and so does the action idplus_user_sync with search_unsynced = true)"
}
