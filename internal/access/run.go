// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package access decides what happens to people's access, and is the one place
// that a change of a status goes through, for one user and for ten thousand. It
// knows neither Terraform nor HTTP.
//
// A plan and an apply take the same way: resolve finds out whom decisions are
// about, judge holds them against the rules, and, in an apply alone, send carries
// out what they let pass. A refresh compares the state with the tenant.
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

// ErrWrongTenant says that this run has met many people whom a state or a
// configuration names, and that none of them is in the tenant, or all of them are
// somebody else there: that looks like the wrong tenant, or like a permission that
// is missing, and not like drift.
var ErrWrongTenant = errors.New("none of the users is known in this tenant")

// Guards are the limits that a provider configuration sets.
type Guards struct {
	// Protected are names of people whom nothing may disable: email addresses or
	// usernames.
	Protected []string
	// MaxChanges is how many people one run may change or let go; nil is no limit.
	MaxChanges *int64
	// Settling is how long after its beginning a run disables nobody who leaves.
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
	// recognised is whether the run has found anybody as a state has them, found
	// whether it has found anybody whom only a configuration names.
	recognised, found bool
	// strangers are the addresses of which the state has another person, missing those
	// which nobody has, of users who were not Disabled.
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

// Plan finds out what an apply of these decisions would do. It fails where users
// cannot be read.
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

// leavesSince returns from when on others may announce that they want those who leave
// a resource: a map was read before, and others may just have been, too.
func (b *Batch) leavesSince(began time.Time) (since time.Time, leaves bool) {
	leaves = slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return !d.isWish() && !d.Kept })
	if len(b.Decisions) > 1 {
		return time.Now(), leaves
	}
	return began, leaves
}

// Apply carries the decisions out. It fails where users cannot be read; then
// nothing was sent.
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
	b.keepWhoMoved()
	return nil
}

// keepWhoMoved has those stay in the state who leave under one address, and whose row
// under another one has failed: no row would be left of them.
func (b *Batch) keepWhoMoved() {
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

// isWrongTenant notes who of a state, or of a configuration without a state, is known
// in the tenant. Only a person whom a state knows tells that it is the right one: in
// another tenant of the same directory, other people have the same addresses. Leavers
// who are gone say nothing.
func (r *Run) isWrongTenant(b *Batch) bool {
	trusted := slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.InState && d.Known.ID != "" && !d.asked })
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range b.Decisions {
		key := d.Who.Key()
		switch {
		case d.isAnother():
			r.strangers[key] = true
		case d.asked && d.Found.IsNobody() && !d.isLeaver():
			r.missing[key] = true
		case d.User != nil && d.InState && d.Known.ID != "":
			r.recognised = true
		case d.User != nil && !r.strangers[key]:
			r.found = true
		}
	}
	switch {
	case r.recognised || trusted: // What the state has, its refresh has judged.
		return false
	case len(r.strangers) >= snapshot.Many:
		return true
	}
	return !r.found && len(r.strangers)+len(r.missing) >= snapshot.Many
}
