// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

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
	goesOn := verdict < PendingStood // Else the plan fails.
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

// judgeFound judges a decision by whom it is about.
func (d *Decision) judgeFound() Verdict {
	switch {
	case d.isAnother():
		return Reassigned
	case d.isNotPinned():
		return NotPinned
	case d.isDone():
		return d.whenDone()
	case d.asked && d.User == nil:
		return d.whenNobody(d.To == cloudadmin.Enabled)
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

// whenNobody judges an address that leads to nobody with that address. Nobody is as
// good as Disabled, unless somebody is needed.
func (d *Decision) whenNobody(needed bool) Verdict {
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

// judgeLeave judges who leaves: whom somebody else wants is spared.
func (r *Run) judgeLeave(b *Batch, d *Decision) Verdict {
	verdict := d.judgeFound()
	wish, wanted, idle := r.ledger.leave(b, d, verdict == Change)
	// The apply of a destroy is handed what its plan knew. That of an update is not, and
	// will not know of a resource that does not change.
	unknown := wanted && idle && d.Why == Leaves && b.planning
	switch {
	case unknown && verdict == Change && wish.To == cloudadmin.Enabled:
		d.Other = wish
		return KeptElsewhere
	case d.Kept || wanted && !unknown:
		d.Other = wish
		return Spared
	case d.MayNotChange && d.IsUncertain():
		return LetGo // A review holds the user back. That is no failure of each apply.
	case verdict == Reassigned:
		return Vanished // The person has the address no more, and nothing is known of them.
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
			d.Verdict, d.Err = GuardsNobody, &UnknownProtectedError{protected.unknown}
		}
	}
	return nil
}

func (d *Decision) disables() bool {
	return d.To == cloudadmin.Disabled && (d.Verdict == Change || d.Verdict == TooMany && !d.isAsWanted())
}

// count refuses what would pass the limit of changes: all of a batch, since the
// decisions of one resource stand together. Letting go of a user who is gone, or pending
// deletion, is nothing that a configuration has done to them; nor is letting go of one of
// whom the tenant does not tell enough, since a review leaves such users out.
func (r *Run) count(b *Batch) {
	var counted []*Decision
	for _, d := range b.Decisions {
		switch {
		case d.Verdict == Change, d.Verdict == LetGo && !d.Known.Gone && !d.IsPending() && !d.IsUncertain(),
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
