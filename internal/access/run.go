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
	r.ledger.announce(b)
	if b.letsGo() {
		r.settle(ctx)
	}
	if err := r.resolve(ctx, b, true); err != nil {
		return err
	}
	if err := r.judge(ctx, b); err != nil {
		return err
	}
	for _, d := range b.Decisions {
		if !d.isWish() && d.Verdict == Change {
			r.ledger.leave(b, d)
		}
	}
	return nil
}

// letsGo reports whether a resource is destroyed, or rows leave it.
func (b *Batch) letsGo() bool {
	return slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return !d.isWish() && !d.Kept })
}

// Apply carries the decisions out. It fails where users cannot be read; then
// nothing was sent.
func (r *Run) Apply(ctx context.Context, b *Batch) error {
	r.ledger.announce(b)
	err := r.resolve(ctx, b, false)
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

// resolve finds out whom the decisions are about. It goes by the state, and reads
// whom the state does not tell of. Where only search has told of a user, a look-up
// confirms whoever is about to change, and whoever is new and to be Disabled: what
// search shows may be old.
func (r *Run) resolve(ctx context.Context, b *Batch, planning bool) error {
	var read []*Decision
	for _, d := range b.Decisions {
		d.From, d.ID = d.Was, d.Known.ID
		r.remember(d)
		if d.hasToBeRead() {
			read = append(read, d)
		}
	}
	options := b.Read
	options.RefuseNobody = r.doubts(b)
	if err := r.learn(ctx, read, options); err != nil {
		return err
	}
	var confirm, changing []*Decision
	for _, d := range b.Decisions {
		if r.hasToBeConfirmed(d) {
			confirm = append(confirm, d)
		}
		if d.mayChange() {
			changing = append(changing, d)
		}
	}
	if planning && len(confirm) > 0 && !r.ledger.fits(changing) {
		// Search alone tells that too many would change: not worth a look-up for each.
		for _, d := range changing {
			d.Verdict = TooMany
		}
		return nil
	}
	if err := r.learn(ctx, confirm, snapshot.Options{}); err != nil {
		return err
	}
	return r.doubt(ctx, b, func(d *Decision) bool { return d.To == cloudadmin.Disabled })
}

// doubt asks search about those whom a look-up has not found and who would be taken
// for as good as Disabled: a leaver whose address is written otherwise than in the
// tenant must not keep access.
func (r *Run) doubt(ctx context.Context, b *Batch, satisfied func(*Decision) bool) error {
	var doubted []*Decision
	var who []cloudadmin.Address
	for _, d := range b.Decisions {
		if d.asked && d.Found.IsNobody() && satisfied(d) && !d.Known.Gone {
			doubted = append(doubted, d)
			who = append(who, d.Who)
		}
	}
	found, err := r.memory.Doubt(ctx, who)
	if err != nil {
		return err
	}
	for _, d := range doubted {
		d.learn(found[d.Who.Key()])
	}
	return nil
}

// remember takes over what a look-up of this run has told of a user beside the
// state: who marked the user for deletion, or that one who leaves is gone anyway.
func (r *Run) remember(d *Decision) {
	if set := r.ledger.status(d.ID); set != "" {
		d.From = set // The state is older.
	}
	known, read := r.memory.Known(d.Who)
	switch {
	case !read || known.BySearch || !d.InState:
	case !d.isWish() && known.IsNobody():
		d.Known.Gone = true
	case d.Known.Pending && known.User != nil:
		d.learn(known)
	}
}

// mayChange reports whether a PUT would be sent, for all that search and the state
// tell.
func (d *Decision) mayChange() bool {
	isRefused := d.isPending() && d.To == cloudadmin.Enabled
	return !d.isDone() && !d.isAsWanted() && !isRefused && (d.ID != "" || d.InState)
}

func (r *Run) learn(ctx context.Context, decisions []*Decision, o snapshot.Options) error {
	who := make([]cloudadmin.Address, len(decisions))
	for i, d := range decisions {
		who[i] = d.Who
	}
	found, err := r.memory.Find(ctx, who, o)
	switch {
	case errors.Is(err, snapshot.ErrNobody):
		return ErrWrongTenant
	case err != nil:
		return err
	}
	for _, d := range decisions {
		d.learn(found[d.Who.Key()])
		if set := r.ledger.status(d.ID); set != "" && d.User != nil {
			// What this run has set is so, also where a look-up lags.
			changed := *d.User
			changed.UserStatus = set
			d.User, d.From = &changed, set
		}
	}
	return nil
}

// hasToBeConfirmed reports whether a look-up has to say who it is about. What this
// run has looked up already it takes from the memory.
func (r *Run) hasToBeConfirmed(d *Decision) bool {
	if d.isDone() {
		return false
	}
	isNew := d.isWish() && !d.InState && d.To == cloudadmin.Disabled
	if d.isAsWanted() && !isNew {
		return false
	}
	known, read := r.memory.Known(d.Who)
	if read && !known.BySearch {
		d.learn(known)
		return false
	}
	return read || d.Known.Searched
}

// doubts reports whether search alone may say that this is the wrong tenant.
func (r *Run) doubts(b *Batch) bool {
	enabled := 0
	for _, d := range b.Decisions {
		if d.isWish() && d.To == cloudadmin.Enabled {
			enabled++
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.recognised && enabled >= snapshot.Many
}

// judge holds the decisions against the rules, wishes first: a wish outranks a
// leave. It is the gate: send sends what has the verdict Change, and nothing else.
func (r *Run) judge(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		if d.isWish() && d.Verdict != TooMany {
			d.Verdict = r.judgeWish(b, d)
		}
	}
	if r.isWrongTenant(b) {
		return ErrWrongTenant
	}
	for _, d := range b.Decisions {
		if !d.isWish() && d.Verdict != TooMany {
			d.Verdict = r.judgeLeave(b, d)
		}
	}
	if err := r.protect(ctx, b); err != nil {
		return err
	}
	r.count(b)
	return nil
}

func (r *Run) judgeWish(b *Batch, d *Decision) Verdict {
	earlier, endangered := r.ledger.wish(b, d)
	switch verdict := d.judgeFound(); {
	case earlier != nil && (!verdict.IsFailure() || verdict < PendingStood):
		d.Other = *earlier
		return TwoWishes
	case verdict.IsFailure():
		return verdict
	case b.Idle && verdict == Change:
		return Overtaken
	case endangered:
		return KeptElsewhere
	default:
		return verdict
	}
}

// judgeFound judges a decision by whom it is about.
func (d *Decision) judgeFound() Verdict {
	switch {
	case d.isAnother():
		return Reassigned
	case d.Pin != "" && d.ID != "" && d.Pin != d.ID:
		return NotPinned
	case d.isDone():
		return d.whenDone()
	case d.asked && d.User == nil:
		return d.whenNobody()
	case d.isAsWanted() && d.isPending() && d.To == cloudadmin.Disabled:
		return SatisfiedPending
	case d.isAsWanted():
		return AsWanted
	case d.To == cloudadmin.Enabled && d.isPending():
		if d.Known.Stood {
			return PendingStood
		}
		return Pending
	}
	return Change
}

func (d *Decision) whenDone() Verdict {
	switch {
	case d.isWish():
		return Satisfied
	case d.To == "" || d.Kept:
		return LetGo
	}
	return AsWanted
}

// whenNobody judges an address that leads to nobody with that address.
func (d *Decision) whenNobody() Verdict {
	switch {
	case d.Found.Refused != nil:
		d.Err = d.Found.Refused
		return NotLookedUp
	case d.Found.Another != nil:
		return Renamed
	case d.Found.Shown != nil:
		return Contradicted
	case d.To == cloudadmin.Enabled || d.MustExist:
		return Missing
	}
	return Satisfied
}

// judgeLeave judges who leaves: whom somebody else wants is spared.
func (r *Run) judgeLeave(b *Batch, d *Decision) Verdict {
	wish, wanted, idle := r.ledger.wished(b, d)
	switch verdict := d.judgeFound(); {
	case wanted && idle && wish.To == cloudadmin.Enabled && verdict == Change:
		d.Other = wish
		return KeptElsewhere
	case d.Kept || wanted:
		d.Other = wish
		return Spared
	case verdict == AsWanted || verdict == SatisfiedPending || verdict == LetGo:
		return LetGo
	default:
		return verdict
	}
}

// protect refuses whatever would disable a protected user. People are compared by
// id: a name may be the email address here and the username there.
func (r *Run) protect(ctx context.Context, b *Batch) error {
	if len(r.protected) == 0 || !slices.ContainsFunc(b.Decisions, (*Decision).disables) {
		return nil
	}
	protected, err := r.findProtected(ctx)
	if err != nil {
		return err
	}
	for _, d := range b.Decisions {
		switch {
		case !d.disables():
		case protected.include(d):
			d.Verdict = Protected
		case len(protected.unknown) > 0:
			d.Verdict, d.Err = GuardsNobody, &UnknownProtectedError{protected.unknown}
		}
	}
	return nil
}

func (d *Decision) disables() bool {
	return d.To == cloudadmin.Disabled && (d.Verdict == Change || d.Verdict == TooMany && !d.isAsWanted())
}

// count refuses what would pass the limit of changes: all of a batch, since the
// decisions of one resource stand together.
func (r *Run) count(b *Batch) {
	var counted []*Decision
	for _, d := range b.Decisions {
		switch {
		case d.Verdict == Change, d.Verdict == LetGo && !d.Known.Gone,
			// The apply may find what the plan did not.
			d.Verdict == Contradicted && d.InState && !d.isAsWanted():
			counted = append(counted, d)
		}
	}
	if r.ledger.admit(counted) {
		return
	}
	for _, d := range counted {
		d.Verdict = TooMany
	}
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
