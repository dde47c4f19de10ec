// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// judge applies the rules to the decisions, wishes first: a wish outranks a leave. It is
// the gate: send sends only decisions with the verdict Change.
func (r *Run) judge(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		if d.isWish() && d.Verdict != TooMany {
			d.Verdict = r.judgeWish(b, d)
		}
	}
	if r.isWrongTenant(b) {
		return ErrWrongTenant
	}
	b.noteMeant()
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
	verdict := d.judgeFound()
	goesOn := verdict < PendingStood // Otherwise the plan fails.
	switch {
	case earlier != nil && goesOn:
		d.Other = *earlier
		return TwoWishes
	case endangered && goesOn && verdict.IsFailure() && b.planning:
		return KeptElsewhere
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

// judgeFound judges a decision by the user who was found.
func (d *Decision) judgeFound() Verdict {
	switch {
	case d.isAnother():
		return Reassigned
	case d.isNotPinned():
		return NotPinned
	case d.isDone():
		return d.whenDone()
	case d.asked && d.User == nil:
		return d.whenMissing(d.To == cloudadmin.Enabled)
	case d.isAsWanted() && d.IsPending() && d.To == cloudadmin.Disabled:
		return SatisfiedPending
	case d.isAsWanted():
		return AsWanted
	case d.To == cloudadmin.Enabled && d.IsPending():
		if d.Known.Stood {
			return PendingStood
		}
		return Pending
	case d.MayNotChange:
		return NotToChange
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

// whenMissing judges an address that no user has. It satisfies Disabled unless the user must
// exist.
func (d *Decision) whenMissing(needed bool) Verdict {
	switch {
	case d.Found.Refused != nil:
		d.Err = d.Found.Refused
		return NotLookedUp
	case d.Found.Another != nil:
		return Renamed
	case d.Found.Shown != nil:
		return Contradicted
	case d.lost:
		return Lost
	case needed || d.MustExist:
		return Missing
	}
	return Satisfied
}

// judgeLeave judges a user who leaves: a user that another resource wants is spared.
func (r *Run) judgeLeave(b *Batch, d *Decision) Verdict {
	verdict := d.judgeFound()
	wish, wanted, idle := r.ledger.leave(b, d, verdict == Change)
	// The apply of a destroy gets what its plan knew. The apply of an update does not, and
	// does not know of a resource that does not change.
	unknown := wanted && idle && d.Why == Leaves && b.planning
	switch {
	case unknown && verdict == Change && wish.To == cloudadmin.Enabled:
		d.Other = wish
		return KeptElsewhere
	case d.Kept || wanted && !unknown:
		d.Other = wish
		return Spared
	case d.MayNotChange && d.IsUncertain():
		return LetGo // A review holds the user back, which is not a failure of each apply.
	case verdict == Reassigned:
		return Vanished // The person no longer has the address, and nothing is known of them.
	case verdict == AsWanted || verdict == SatisfiedPending || verdict == LetGo:
		return LetGo
	default:
		return verdict
	}
}

// protect refuses to disable a protected user. It compares people by id: a name may be an
// email address of one user and a username of another.
func (r *Run) protect(ctx context.Context, b *Batch) error {
	if len(r.protected) == 0 || !slices.ContainsFunc(b.Decisions, (*Decision).disables) {
		return nil
	}
	unread := slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.disables() && d.Verdict == Change && d.User == nil })
	protected, err := r.findProtected(ctx, unread)
	if err != nil {
		return err
	}
	for _, d := range b.Decisions {
		switch {
		case !d.disables():
		case protected.include(d):
			d.Verdict = Protected
		case len(protected.unknown) > 0:
			d.Verdict, d.Err = UnknownProtected, &UnknownProtectedError{protected.unknown}
		}
	}
	return nil
}

func (d *Decision) disables() bool {
	return d.To == cloudadmin.Disabled && (d.Verdict == Change || d.Verdict == TooMany && !d.isAsWanted())
}

// count refuses changes that would pass the limit: all of a batch, because the decisions of
// one resource belong together. Users who are deleted or pending deletion do not count when
// they are let go, because that was not caused by the configuration; nor do users whose
// details are incomplete, because a review leaves them out.
func (r *Run) count(b *Batch) {
	var counted []*Decision
	for _, d := range b.Decisions {
		switch {
		case d.Verdict == Change, d.Verdict == LetGo && !d.Known.Gone && !d.IsPending() && !d.IsUncertain(),
			// The apply may find more than the plan did.
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
