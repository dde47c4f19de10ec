// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package access decides what happens to people's access, and is the only place through
// which a status changes, for one user and for ten thousand. It knows neither Terraform nor
// HTTP.
//
// A plan and an apply work in the same way: resolve finds out which people the decisions
// are about, judge applies the rules, and, only in an apply, send carries out what the
// rules allow. A refresh compares the state with the tenant.
package access

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// ErrWrongTenant reports that this run has met many people named by a state or a
// configuration, and that all of them are missing in the tenant or are other people there.
// That looks like the wrong tenant or a missing permission, and not like drift.
var ErrWrongTenant = errors.New("none of the users is known in this tenant")

// Guards are the limits that a provider configuration sets.
type Guards struct {
	// Protected are the names of people who must not be disabled: email addresses or usernames.
	Protected []string
	// MaxChanges is how many people one run may change or let go; nil is no limit.
	MaxChanges *int64
	// Settling is how long after its start a run disables no user who leaves.
	Settling time.Duration
}

// Run is one plan or one apply, over all resources.
type Run struct {
	memory    *snapshot.Reader
	protected []string
	ledger    *ledger
	began     time.Time
	settling  time.Duration

	mu sync.Mutex
	// recognized is whether the run has found any person as a state has them; found is
	// whether it has found any person that only a configuration names.
	recognized, found bool
	// strangers are the addresses for which the state has another person; missing are those
	// that no user has. Both leave out users who were Disabled.
	strangers, missing map[string]bool
}

// NewRun returns a run that reads and changes users through the memory.
func NewRun(memory *snapshot.Reader, guards Guards) *Run {
	return &Run{
		memory: memory, protected: guards.Protected, ledger: newLedger(guards.MaxChanges),
		began: time.Now(), settling: guards.Settling,
		strangers: map[string]bool{}, missing: map[string]bool{},
	}
}

// Limit returns the limit of changes and how many this run has counted.
func (r *Run) Limit() (limit int64, used int, limited bool) {
	if r.ledger.limit == nil {
		return 0, 0, false
	}
	return *r.ledger.limit, r.ledger.used(), true
}

// Plan finds out what an apply of these decisions would do. It fails if users cannot be read.
func (r *Run) Plan(ctx context.Context, b *Batch) error {
	b.planning = true
	r.ledger.announce(b)
	if since, leaves := b.leavesSince(r.began); leaves {
		r.settle(ctx, since)
	}
	if err := r.resolve(ctx, b); err != nil {
		return err
	}
	return r.judge(ctx, b)
}

// leavesSince returns the time from which others may announce that they want the users who
// leave a resource: reading a map takes time, and others may have been read just now.
func (b *Batch) leavesSince(began time.Time) (since time.Time, leaves bool) {
	leaves = slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return !d.isWish() && !d.Kept })
	if len(b.Decisions) > 1 {
		return time.Now(), leaves
	}
	return began, leaves
}

// Apply carries the decisions out. If users cannot be read, it fails and sends nothing.
func (r *Run) Apply(ctx context.Context, b *Batch) error {
	b.planning = false
	r.ledger.announce(b)
	err := r.resolve(ctx, b)
	if err == nil {
		err = r.judge(ctx, b)
	}
	if err != nil {
		for _, d := range b.Decisions {
			d.Verdict = NotTried
		}
		return err
	}
	r.send(ctx, b)
	b.keepMoved()
	return nil
}

// keepMoved keeps people in the state who leave under one address and whose row under
// another address has failed: otherwise the state would have no row for them.
func (b *Batch) keepMoved() {
	failed := map[string]bool{}
	for _, d := range b.Decisions {
		if d.isWish() && d.Verdict.IsFailure() && !d.InState {
			failed[d.about()] = true
		}
	}
	for _, d := range b.Decisions {
		d.Stays = d.Verdict == Spared && failed[d.ID]
	}
}

// isLeaver reports whether the user was expected to be Disabled.
func (d *Decision) isLeaver() bool {
	if d.InState {
		return d.Was == cloudadmin.Disabled
	}
	return d.To == cloudadmin.Disabled
}

// isWrongTenant records which people of a state, or of a configuration without a state, are
// known in the tenant. Only a person known from a state proves that it is the right tenant:
// in another tenant of the same directory, other people have the same addresses. Missing
// leavers prove nothing.
func (r *Run) isWrongTenant(b *Batch) bool {
	trusted := slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.InState && d.Known.ID != "" && !d.asked })
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range b.Decisions {
		key := d.Who.Key()
		switch {
		case d.isAnother():
			r.strangers[key] = true
		case d.asked && d.Found.IsMissing() && !d.isLeaver():
			r.missing[key] = true
		case d.User != nil && d.InState && d.Known.ID != "":
			r.recognized = true
		case d.User != nil && !r.strangers[key]:
			r.found = true
		}
	}
	switch {
	case r.recognized || trusted: // The refresh has judged what the state has.
		return false
	case len(r.strangers) >= snapshot.Many:
		return true
	}
	return !r.found && len(r.strangers)+len(r.missing) >= snapshot.Many
}
