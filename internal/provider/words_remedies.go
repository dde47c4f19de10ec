// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/go-version"
)

// remedies words the ways out that depend on what the running Terraform can do: a
// remedy must not name what does not exist.
type remedies struct {
	// actions is whether it can invoke actions.
	actions bool
}

// firstWithActions is the first Terraform that invokes actions. OpenTofu, which has
// none, tells its own version here before 1.12 and 1.13.0 since. It may tell more
// one day without having them, so that no remedy is an action alone.
var firstWithActions = version.Must(version.NewVersion("1.14.0"))

func newRemedies(terraform string) remedies {
	running, err := version.NewVersion(terraform)
	return remedies{actions: err == nil && running.Core().GreaterThanOrEqual(firstWithActions)}
}

// undelete says how users who are pending deletion are kept.
func (r remedies) undelete(f findings) string {
	if !r.actions {
		return "undelete " + f.pick("the user", "them") + " in the Cloud Administration Console (or with the API's markDeleted call)"
	}
	return "invoke the action idplus_user_mark_deleted with mark_deleted = false for " + f.named() + " (it needs the scope rsa.user.delete.soft), or undelete " + f.pick("the user", "them") + " in the Cloud Administration Console"
}

// synchronize says how users are synchronized from the identity source.
func (r remedies) synchronize(f findings) string {
	if !r.actions {
		return "synchronize " + f.pick("the user", "them") + " (in the Cloud Administration Console or with the API's sync call)"
	}
	return "synchronize " + f.pick("the user", "them") + " (with the action idplus_user_sync, or in the Cloud Administration Console)"
}

// bringBack says what can be done for users who are gone.
func (r remedies) bringBack() string {
	if !r.actions {
		return ""
	}
	return " A user who is still in the identity source comes back, with another id, by the next synchronization, or by the action idplus_user_sync with search_unsynced = true."
}

// firstSynchronization says how users come into the tenant who never were.
func (r remedies) firstSynchronization() string {
	if !r.actions {
		return ""
	}
	return " (the next synchronization does that, and so does the action idplus_user_sync with search_unsynced = true)"
}
