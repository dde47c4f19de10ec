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
	// recognised is whether the run has found anybody as a state has them, or as a
	// configuration that has no state yet names them.
	recognised bool
	// strangers are the addresses of those whom it has not.
	strangers map[string]bool
}

// NewRun returns a run that reads and changes users through the memory.
func NewRun(memory *snapshot.Reader, guards Guards) *Run {
	return &Run{
		memory: memory, protected: guards.Protected, ledger: newLedger(guards.MaxChanges),
		began: time.Now(), settling: guards.Settling, strangers: map[string]bool{},
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
	if b.letsGo() {
		r.settle(ctx)
	}
	if err := r.resolve(ctx, b); err != nil {
		return err
	}
	return r.judge(ctx, b)
}

// letsGo reports whether a resource is destroyed, or rows leave it.
func (b *Batch) letsGo() bool {
	return slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return !d.isWish() && !d.Kept })
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
	return nil
}

// isLeaver reports whether the user is Disabled, for all that is wanted and known.
func (d *Decision) isLeaver() bool {
	return d.To == cloudadmin.Disabled || d.To == "" && d.Was == cloudadmin.Disabled
}

// isWrongTenant notes who of the state, or of a configuration without a state, is
// known in the tenant. Leavers who are gone say nothing about it.
func (r *Run) isWrongTenant(b *Batch) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range b.Decisions {
		switch {
		case d.Verdict == Missing && !d.isLeaver(), d.Verdict == Reassigned:
			r.strangers[d.Who.Key()] = true
		case d.User != nil:
			r.recognised = true
		}
	}
	return !r.recognised && len(r.strangers) >= snapshot.Many
}
