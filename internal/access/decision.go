// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// Why is where a decision comes from.
type Why int

const (
	// Wanted is a row of the configuration.
	Wanted Why = iota
	// Leaves is a row that was removed from the configuration.
	Leaves
	// Destroyed is a resource that was removed.
	Destroyed
)

// Decision is what configuration and state decide about one person, and, after a plan, an
// apply or a refresh, the result.
type Decision struct {
	// Who is the address as it is written.
	Who cloudadmin.Address
	Why Why
	// To is the status to set. If it is empty, the user keeps the status and leaves the state.
	To cloudadmin.Status
	// InState is whether the state has the user, with the status Was.
	InState bool
	Was     cloudadmin.Status
	Known   Known
	// Moved is whether the address differs from the one in the state.
	Moved bool
	// MustExist is whether Disabled is not satisfied by an address that no user has.
	MustExist bool
	// Pin is the id that the configuration requires for the address; empty for any.
	Pin string
	// MayNotChange is whether the configuration does not allow the user to change; a user
	// who is as wanted stays so.
	MayNotChange bool
	// Kept is whether the plan has found that a user whom this decision lets go or disables
	// is kept by another resource or by the other half of a replacement.
	Kept bool

	// Verdict is the result of the decision.
	Verdict Verdict
	// From is the user's status, if it is known.
	From cloudadmin.Status
	// ID is the user's id; User has the details if this run has read them.
	ID   string
	User *cloudadmin.User
	// Found is what this run knows of the address, if it was looked up.
	Found snapshot.Found
	asked bool
	// lost is whether the person that the configuration means may have another address.
	lost bool
	// Other is what another decision wants, if it contradicts this one.
	Other Wish
	// Stays is whether the same resource wants the person who leaves under another address,
	// and that has failed: then the state keeps the row.
	Stays bool
	// Err is the API's refusal, or the reason why there is no answer.
	Err error
}

// Known is what a state remembers of a user beside the status: it identifies people, and
// would be noise in a plan.
type Known struct {
	ID string `json:"id,omitempty"`
	// Searched is whether only search has ever shown this id.
	Searched bool `json:"searched,omitempty"`
	// Gone is whether no user had the address.
	Gone bool `json:"gone,omitempty"`
	// Pending is whether the user was marked for deletion; Stood is whether Enabled was
	// wanted before the mark.
	Pending bool `json:"pending,omitempty"`
	Stood   bool `json:"stood,omitempty"`
	// Unsure is whether the last refresh could not find out who the user is, or the user's
	// status.
	Unsure bool `json:"unsure,omitempty"`
	// Drifted is the status in the state before the last refresh, if the refresh found
	// another: someone has changed it, or a look-up does not show the last change yet.
	Drifted cloudadmin.Status `json:"drifted,omitempty"`
}

// Batch is everything that one resource decides.
type Batch struct {
	Decisions []*Decision
	// Read is how users are read.
	Read snapshot.Options
	// Idle is whether the resource does not change: its wishes are then unknown to an
	// apply, which is a run of its own.
	Idle bool
	// Late is whether its apply has to wait for unknown values: its wishes may then be
	// known too late.
	Late bool
	// planning is whether nothing is sent.
	planning bool
	// meant are the ids of the people that its wishes are about.
	meant map[string]bool
}

// Sort orders the decisions by address.
func (b *Batch) Sort() {
	slices.SortFunc(b.Decisions, func(a, b *Decision) int { return strings.Compare(a.Who.String(), b.Who.String()) })
}

// isWish reports whether the configuration wants a status for the user.
func (d *Decision) isWish() bool { return d.Why == Wanted }

// person is the key by which users are counted: the id, or the address if there is none.
func (d *Decision) person() string {
	return cmp.Or(d.about(), d.Who.Key())
}

// about is the id of the person that a wish names, even if its address leads to another
// user or to no user: the pin, or the user who was found or is in the state.
func (d *Decision) about() string { return cmp.Or(d.Pin, d.ID) }

// isAsWanted reports whether no PUT is needed, as far as is known.
func (d *Decision) isAsWanted() bool {
	if d.mayKeepAccess() {
		return false
	}
	if d.User != nil {
		return d.User.Is(d.To)
	}
	return d.From == d.To || d.To == cloudadmin.Disabled && d.Known.Pending
}

// mayKeepAccess reports whether a user is to be disabled on leaving, and looks disabled
// only since the last refresh. If the refresh did not show the last change yet, no later
// plan would notice.
func (d *Decision) mayKeepAccess() bool {
	return !d.isWish() && !d.MayNotChange && d.To == cloudadmin.Disabled && d.Known.Drifted == cloudadmin.Enabled && !d.IsPending()
}

// AwaitsProof reports whether a user is as wanted only because the last refresh differs
// from the state.
func (d *Decision) AwaitsProof() bool {
	return d.isWish() && d.InState && d.Verdict == AsWanted && d.Was == d.To && d.Known.Drifted != ""
}

// LacksStatus reports whether a PUT is needed because the user's status is not known.
func (d *Decision) LacksStatus() bool {
	return d.Verdict == Change && d.From == "" && d.ID != ""
}

// isDone reports whether state and wish leave nothing to read: the user leaves and keeps
// the status, or is Disabled already.
func (d *Decision) isDone() bool {
	if d.isWish() {
		return d.InState && d.Known.Gone && d.Was == cloudadmin.Disabled && d.To == cloudadmin.Disabled
	}
	return d.To == "" || d.Kept || d.isAsWanted()
}

// hasToBeRead reports whether the state does not identify the user.
func (d *Decision) hasToBeRead() bool {
	return !d.isDone() && (!d.InState || d.Moved || d.Known.ID == "" || d.Known.Gone)
}

// IsPending reports whether the user is marked for deletion.
func (d *Decision) IsPending() bool {
	if d.User != nil {
		return d.User.MarkDeleted.IsTrue()
	}
	return d.Known.Pending
}

// IsUncertain reports whether the last refresh did not identify the user of the state, or
// showed a status that is neither Enabled nor Disabled.
func (d *Decision) IsUncertain() bool {
	return d.InState && (d.Known.Unsure || d.Was != cloudadmin.Enabled && d.Was != cloudadmin.Disabled)
}

// learn takes over what was found.
func (d *Decision) learn(found snapshot.Found) {
	d.Found = found
	if d.User != nil { // A look-up may contradict what search has shown.
		d.User, d.ID, d.From = nil, d.Known.ID, d.Was
	}
	// If a look-up does not accept the address, an id from an earlier look-up remains valid.
	d.asked = found.Refused == nil || !d.InState || d.Known.ID == "" || d.Known.Searched
	user := found.User
	if user == nil && found.Another != nil && found.Another.ID == d.Known.ID {
		user = found.Another // The person of the state has a new address.
	}
	if user != nil && (d.Known.ID == "" || d.Known.ID == user.ID) {
		d.User, d.ID, d.From = user, user.ID, user.UserStatus
	}
}

// isAnother reports whether the address leads to another person than the one in the state.
func (d *Decision) isAnother() bool {
	return d.Found.User != nil && d.Known.ID != "" && d.Found.User.ID != d.Known.ID
}

// isNotPinned reports whether the address leads to another person than the pinned one.
func (d *Decision) isNotPinned() bool { return d.Pin != "" && d.ID != "" && d.Pin != d.ID }

// Outcome returns what the state must have after an apply: the actual result, whether or
// not the decision was carried out. kept is false for a user who leaves the state.
func (d *Decision) Outcome() (status cloudadmin.Status, known Known, kept bool) {
	switch {
	case d.Verdict.IsFailure() || d.Stays:
		return d.Was, d.Known, d.InState
	case !d.isWish():
		return "", Known{}, false
	}
	known = Known{
		ID: d.ID, Gone: d.Verdict == Satisfied || d.Verdict == Vanished, Pending: d.Verdict == SatisfiedPending,
		Searched: d.Found.BySearch || d.Found.User == nil && d.Known.Searched,
	}
	return d.To, known, true
}

// FoundAll reports whether a refresh has found all users.
func (b *Batch) FoundAll() bool {
	return !slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.User == nil })
}
