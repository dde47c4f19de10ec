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

// Why says where a decision comes from.
type Why int

const (
	// Wanted is what a configuration says.
	Wanted Why = iota
	// Leaves is a row that is not in the configuration any more.
	Leaves
	// Destroyed is a resource that is not.
	Destroyed
)

// Decision is what configuration and state decide about one person, and, after a
// plan, an apply or a refresh, what came of it.
type Decision struct {
	// Who is the address, as it is written.
	Who cloudadmin.Address
	Why Why
	// To is the status to set. Empty leaves it as it is: the user is let go.
	To cloudadmin.Status
	// InState is whether the state has the user, with the status Was.
	InState bool
	Was     cloudadmin.Status
	Known   Known
	// Moved is whether the address is another than the one in the state.
	Moved bool
	// MustExist is whether an address that nobody has does not satisfy Disabled.
	MustExist bool
	// Pin is the id that the configuration wants behind the address; empty for any.
	Pin string
	// MayNotChange is whether the configuration does not let the user change: whoever is
	// as wanted stays so.
	MayNotChange bool
	// Kept is whether the plan has found that somebody else goes on to keep the user
	// whom this decision lets go or disables: another resource, or the other half of
	// a replacement.
	Kept bool

	// Verdict is what came of the decision.
	Verdict Verdict
	// From is the status that the user has, as far as is known.
	From cloudadmin.Status
	// ID is the user's id, User the details where this run has read them.
	ID   string
	User *cloudadmin.User
	// Found is what this run knows of the address, if it was asked.
	Found snapshot.Found
	asked bool
	// lost is whether the person whom the configuration means may have another address.
	lost bool
	// Other is what another decision wants, where that contradicts this one.
	Other Wish
	// Stays is whether the same resource wants the person who leaves under another
	// address, and has failed to: then the state keeps the row.
	Stays bool
	// Err is the API's refusal, or what kept an answer from coming.
	Err error
}

// Known is what a state remembers of a user beside the status: what is needed to
// tell people apart, and would be noise in a plan.
type Known struct {
	ID string `json:"id,omitempty"`
	// Searched is whether only search has ever shown this id.
	Searched bool `json:"searched,omitempty"`
	// Gone is whether there was nobody with the address.
	Gone bool `json:"gone,omitempty"`
	// Pending is whether the user was marked for deletion, Stood whether the wish for
	// Enabled is older than the mark.
	Pending bool `json:"pending,omitempty"`
	Stood   bool `json:"stood,omitempty"`
	// Unsure is whether the last refresh could not tell who or what the user is.
	Unsure bool `json:"unsure,omitempty"`
	// Drifted is the status that the state had before the last refresh, if that found
	// another: somebody has changed it, or a look-up does not show the last change yet.
	Drifted cloudadmin.Status `json:"drifted,omitempty"`
}

// Batch is all that one resource decides.
type Batch struct {
	Decisions []*Decision
	// Read says how users are read.
	Read snapshot.Options
	// Idle is whether the resource does not change: then an apply, which is a run of
	// its own, will not know what it wants.
	Idle bool
	// Late is whether its apply has to wait for values that are not known yet: what it
	// wants may be known there too late.
	Late bool
	// planning is whether nothing is sent.
	planning bool
	// meant are the ids of those whom its wishes are about.
	meant map[string]bool
}

// Sort orders the decisions by address.
func (b *Batch) Sort() {
	slices.SortFunc(b.Decisions, func(a, b *Decision) int { return strings.Compare(a.Who.String(), b.Who.String()) })
}

// isWish reports whether the configuration wants a status of the user.
func (d *Decision) isWish() bool { return d.Why == Wanted }

// person is what users are counted by: the id, or the address while there is none.
func (d *Decision) person() string {
	return cmp.Or(d.about(), d.Who.Key())
}

// about is the id of the person whom a wish names, also where its address leads to
// somebody else or to nobody: the pin, else who was found or is in the state.
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
// only since the last refresh. If that did not show the last change yet, nobody would
// see it later.
func (d *Decision) mayKeepAccess() bool {
	return !d.isWish() && !d.MayNotChange && d.To == cloudadmin.Disabled && d.Known.Drifted == cloudadmin.Enabled && !d.IsPending()
}

// AwaitsProof reports whether a user is as wanted for nothing but what the last refresh
// found different from the state.
func (d *Decision) AwaitsProof() bool {
	return d.isWish() && d.InState && d.Verdict == AsWanted && d.Was == d.To && d.Known.Drifted != ""
}

// LacksStatus reports whether a PUT is needed because nothing says which status the
// user has.
func (d *Decision) LacksStatus() bool {
	return d.Verdict == Change && d.From == "" && d.ID != ""
}

// isDone reports whether state and wish leave nothing to be read: what leaves is
// left alone, or is Disabled already.
func (d *Decision) isDone() bool {
	if d.isWish() {
		return d.InState && d.Known.Gone && d.Was == cloudadmin.Disabled && d.To == cloudadmin.Disabled
	}
	return d.To == "" || d.Kept || d.isAsWanted()
}

// hasToBeRead reports whether the state does not tell who it is about.
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

// IsUncertain reports whether the last refresh did not tell who the user of the state
// is, or showed a status that is neither Enabled nor Disabled.
func (d *Decision) IsUncertain() bool {
	return d.InState && (d.Known.Unsure || d.Was != cloudadmin.Enabled && d.Was != cloudadmin.Disabled)
}

// learn takes over what was found.
func (d *Decision) learn(found snapshot.Found) {
	d.Found = found
	if d.User != nil { // What search has shown, a look-up may not confirm.
		d.User, d.ID, d.From = nil, d.Known.ID, d.Was
	}
	// Where a look-up does not take the address, an id that one has found before stands.
	d.asked = found.Refused == nil || !d.InState || d.Known.ID == "" || d.Known.Searched
	user := found.User
	if user == nil && found.Another != nil && found.Another.ID == d.Known.ID {
		user = found.Another // The person of the state, under a new address.
	}
	if user != nil && (d.Known.ID == "" || d.Known.ID == user.ID) {
		d.User, d.ID, d.From = user, user.ID, user.UserStatus
	}
}

// isAnother reports whether the address leads to another person than the state's.
func (d *Decision) isAnother() bool {
	return d.Found.User != nil && d.Known.ID != "" && d.Found.User.ID != d.Known.ID
}

// isNotPinned reports whether the address leads to another person than the
// configuration's.
func (d *Decision) isNotPinned() bool { return d.Pin != "" && d.ID != "" && d.Pin != d.ID }

// Outcome returns what the state has to hold after an apply: the truth, whether
// or not the decision was carried out. It is not kept where the user leaves the
// state.
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

// FoundEverybody reports whether a refresh has found all users.
func (b *Batch) FoundEverybody() bool {
	return !slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.User == nil })
}
