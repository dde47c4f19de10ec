// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"
	"errors"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// send carries out the decisions that may change, wishes before leaves. A failure for one
// user does not affect the others.
func (r *Run) send(ctx context.Context, b *Batch) {
	r.restore(b)
	for _, wishes := range []bool{true, false} {
		var changes []*Decision
		for _, d := range b.Decisions {
			if d.Verdict == Change && d.isWish() == wishes {
				changes = append(changes, d)
			}
		}
		if !wishes && len(changes) > 0 {
			r.settle(ctx, r.began)
		}
		for i, err := range ForEach(ctx, r.memory.Workers(), len(changes), func(i int) error { return r.put(ctx, b, changes[i]) }) {
			if errors.Is(err, ErrNotTried) {
				changes[i].Verdict = NotTried
			}
		}
	}
}

// restore finds wishes that were as wanted when they were judged, but whose user this run
// is about to change, or has changed since, because the user leaves another resource.
func (r *Run) restore(b *Batch) {
	for _, d := range b.Decisions {
		if !d.isWish() || d.Verdict != AsWanted || !r.ledger.isHeld(d.ID) {
			continue
		}
		release := r.ledger.hold(d.ID) // The other change is complete.
		if set := r.ledger.status(d.ID); set != "" && set != d.To {
			d.Verdict, d.From = Change, set
			if d.MayNotChange { // It cannot even be undone: the user's status before the other change is not known.
				d.Verdict = NotToChange
			}
		}
		release()
	}
}

// settle waits before users who leave are judged and disabled. Terraform starts everything
// that an apply can do at once, in no order, and passes nothing on from the plan: a
// resource that wants to keep the person announces it within moments.
func (r *Run) settle(ctx context.Context, since time.Time) {
	_ = cloudadmin.Pause(ctx, time.Until(since.Add(r.settling))) // If the context has ended, the next request reports it.
}

// put sends the PUT of one decision. It is the only place from which a status changes.
func (r *Run) put(ctx context.Context, b *Batch, d *Decision) error {
	defer r.ledger.hold(d.ID)()
	if !d.isWish() {
		if wish, wanted, _ := r.ledger.leave(b, d, true); wanted {
			d.Verdict, d.Other = Spared, wish // Another person has come meanwhile.
			return nil
		}
	}
	if r.ledger.status(d.ID) == d.To {
		return nil // Another resource has set the status.
	}
	err := r.memory.SetStatus(ctx, d.ID, d.To)
	d.Verdict, d.Err = r.judgeAnswer(ctx, d, err)
	if d.Verdict == Change || d.Verdict == Vanished {
		r.ledger.set(d.ID, d.To)
		return nil
	}
	return err
}

// judgeAnswer finds out what the answer to a PUT means. The API's refusals are not
// documented, but the user's details show the cause.
func (r *Run) judgeAnswer(ctx context.Context, d *Decision, err error) (Verdict, error) {
	switch {
	case err == nil:
		return Change, nil
	case cloudadmin.IsNotFound(err):
		return r.judgeNotFound(ctx, d, err)
	case cloudadmin.MayHaveBeenMade(err):
		// A tenant in trouble is not asked again for each user. But if it refuses to repeat
		// a change, the change may have been made.
		if !isRefusal(err) || isAboutStatus(err) {
			if user := r.lookAgain(ctx, d); user != nil && user.Is(d.To) {
				return Change, nil
			}
		}
		return Unanswered, err
	case ctx.Err() != nil:
		return NotTried, err
	case !isAboutStatus(err):
		return Refused, err
	}
	user := r.lookAgain(ctx, d)
	switch {
	case user == nil && d.Found.User != nil && d.Found.User.ID != d.ID:
		return Reassigned, err
	case user == nil:
		return Refused, err
	case user.Is(d.To):
		return Change, nil
	case d.To == cloudadmin.Enabled && user.MarkDeleted.IsTrue():
		return Pending, err
	case !cloudadmin.IsConflict(err):
		return Refused, err
	case d.To == cloudadmin.Enabled:
		return SyncDisabled, err
	}
	return DisableRefused, err
}

func isRefusal(err error) bool {
	var refusal *cloudadmin.Error
	return errors.As(err, &refusal)
}

// isAboutStatus reports whether a refusal may be caused by the user's current status.
func isAboutStatus(err error) bool {
	return cloudadmin.IsConflict(err) || cloudadmin.IsNotModified(err) || cloudadmin.IsBadRequest(err)
}

// judgeNotFound finds out whether a user that the API does not find by id is gone.
func (r *Run) judgeNotFound(ctx context.Context, d *Decision, err error) (Verdict, error) {
	switch user := r.lookAgain(ctx, d); {
	case user != nil && user.Is(d.To):
		return Change, nil
	case user != nil: // The two answers contradict each other.
		return Refused, err
	case d.To == cloudadmin.Disabled:
		return Vanished, nil
	}
	return Deleted, err
}

// lookAgain returns the user's details after the PUT, or nil if a look-up cannot find them.
func (r *Run) lookAgain(ctx context.Context, d *Decision) *cloudadmin.User {
	before := d.User
	d.User = nil
	found, err := r.memory.Lookup(ctx, d.Who, snapshot.Options{})
	if err != nil {
		d.User = before
		return nil
	}
	known := d.Known
	d.Known.ID = d.ID
	d.learn(found)
	d.Known = known
	return d.User
}

// MarkDeleted marks a user for deletion or removes the mark. It never marks a protected
// user: the error is then ErrProtected.
func (r *Run) MarkDeleted(ctx context.Context, user *cloudadmin.User, marked bool) error {
	if marked {
		if err := r.Unprotected(ctx, user); err != nil {
			return err
		}
	}
	return r.memory.MarkDeleted(ctx, user.ID, marked)
}
