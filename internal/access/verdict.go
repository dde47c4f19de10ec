// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

// Verdict is what comes of a decision.
type Verdict int

const (
	// AsWanted needs no PUT.
	AsWanted Verdict = iota
	// Change needs one; after an apply, it was made.
	Change
	// LetGo leaves the state and keeps the status.
	LetGo
	// Spared leaves the state, and somebody else keeps the user as is.
	Spared
	// Satisfied is Disabled for an address that nobody has.
	Satisfied
	// SatisfiedPending is Disabled for a user who is pending deletion.
	SatisfiedPending
	// Vanished is a user who was to be disabled and was gone before (apply only).
	Vanished
	// Followed is the person of the state, who has another address now (refresh only).
	Followed

	// The rest are failures. In a plan, those up to PendingStood are no errors yet: the
	// apply fails for these users, unless the tenant has changed by then.

	// Missing is Enabled for an address that nobody has.
	Missing
	// Lost is Disabled for an address that nobody has, where the person whom the
	// configuration means may have another one.
	Lost
	// Contradicted is a user whom search shows and a look-up does not find.
	Contradicted
	// Renamed is an address that leads to a user who has another address.
	Renamed
	// NotLookedUp is an address that the API's look-up does not take.
	NotLookedUp
	// NotToChange is a user who is not as wanted, and whom the configuration does not let
	// change.
	NotToChange
	// PendingStood is Enabled for a user who is pending deletion, wanted before the
	// user was marked.
	PendingStood
	// Pending is the same, wanted since then.
	Pending
	// Reassigned is an address that leads to another person than the state's.
	Reassigned
	// NotPinned is an address that leads to another person than the configuration's ids.
	NotPinned
	// Protected is a protected user who would be disabled.
	Protected
	// GuardsNobody is somebody who would be disabled while there is a protected name
	// that no user has.
	GuardsNobody
	// TwoWishes are two different statuses for one person.
	TwoWishes
	// KeptElsewhere is a user who would be disabled by leaving, and whom a resource
	// wants Enabled that an apply will not know of.
	KeptElsewhere
	// Overtaken is a user whom this run has disabled by leaving, before a resource that
	// Terraform now takes for unchanged could say that it wants Enabled.
	Overtaken
	// TooMany would pass the limit of changes.
	TooMany
	// Deleted is a user who was to be enabled and was gone before.
	Deleted
	// SyncDisabled is an enable that the API refuses without a pending deletion.
	SyncDisabled
	// DisableRefused is a disable that the API refuses.
	DisableRefused
	// Refused is any other refusal of the API.
	Refused
	// Unanswered is a change that may have been made.
	Unanswered
	// NotTried is a change that was not sent.
	NotTried
)

// IsFailure reports whether the decision cannot be or was not carried out.
func (v Verdict) IsFailure() bool { return v >= Missing }
