// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

// Verdict is the result of a decision.
type Verdict int

const (
	// AsWanted needs no PUT.
	AsWanted Verdict = iota
	// Change needs one; after an apply, the change was made.
	Change
	// LetGo leaves the state and keeps the status.
	LetGo
	// Spared leaves the state, and another resource keeps the user unchanged.
	Spared
	// Satisfied is Disabled for an address that no user has.
	Satisfied
	// SatisfiedPending is Disabled for a user who is pending deletion.
	SatisfiedPending
	// Vanished is a user who was to be disabled but was already gone (apply only).
	Vanished
	// Followed is the person in the state, who has another address now (refresh only).
	Followed

	// The rest are failures. In a plan, those up to PendingStood are not errors yet: the
	// apply fails for these users unless the tenant has changed by then.

	// Missing is Enabled for an address that no user has.
	Missing
	// Lost is Disabled for an address that no user has, if the person that the
	// configuration means may have another address.
	Lost
	// Contradicted is a user that search shows and a look-up does not find.
	Contradicted
	// Renamed is an address that leads to a user who has another address.
	Renamed
	// NotLookedUp is an address that the API's look-up does not accept.
	NotLookedUp
	// NotToChange is a user who is not as wanted, but may not change according to the
	// configuration.
	NotToChange
	// PendingStood is Enabled for a user who is pending deletion, wanted before the user
	// was marked.
	PendingStood
	// Pending is the same, but wanted after the user was marked.
	Pending
	// Reassigned is an address that leads to another person than the one in the state.
	Reassigned
	// NotPinned is an address that leads to another person than the pinned one.
	NotPinned
	// Protected is a protected user who would be disabled.
	Protected
	// UnknownProtected is a user who would be disabled while no user has one of the protected
	// names.
	UnknownProtected
	// TwoWishes are two different statuses for one person.
	TwoWishes
	// KeptElsewhere is a user who would be disabled by leaving, but is wanted Enabled by a
	// resource that an apply will not know of.
	KeptElsewhere
	// Overtaken is a user whom this run has disabled by leaving, before a resource that
	// Terraform now takes for unchanged could announce that it wants Enabled.
	Overtaken
	// TooMany would pass the limit of changes.
	TooMany
	// Deleted is a user who was to be enabled but was already gone.
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
