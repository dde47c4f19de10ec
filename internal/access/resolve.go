// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// resolve finds out which people the decisions are about. It uses the state, and reads
// users that the state does not identify. If only search has shown a user, a look-up
// confirms the user before a change, and a new user who is to be Disabled: what search
// shows may be old.
func (r *Run) resolve(ctx context.Context, b *Batch) error {
	var read []*Decision
	for _, d := range b.Decisions {
		d.From, d.ID = d.Was, d.Known.ID
		r.remember(d)
		if d.hasToBeRead() {
			read = append(read, d)
		}
	}
	options := b.Read
	options.FailIfNoneExist = r.doubts(read) && !b.hasState()
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
	if b.planning && len(confirm) > 0 && !r.ledger.fits(changing) {
		// Search alone shows that too many would change, so a look-up for each is not worth it.
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

// hasState reports whether the state knows any user: then its refresh has judged the tenant.
func (b *Batch) hasState() bool {
	return slices.ContainsFunc(b.Decisions, func(d *Decision) bool { return d.InState && d.Known.ID != "" })
}

// doubt asks search about users that a look-up has not found: the address may be written
// differently in the tenant. A leaver would pass as Disabled and must not keep access
// because of that. Of others, only some are looked for; if many are missing, spelling is
// not the cause.
func (r *Run) doubt(ctx context.Context, b *Batch, satisfied func(*Decision) bool) error {
	var doubted, needed []*Decision
	for _, d := range b.Decisions {
		switch {
		case !d.asked || !d.Found.IsMissing() && d.Found.Refused == nil || d.Known.Gone:
		case satisfied(d):
			doubted = append(doubted, d)
		case d.Found.Refused == nil && (d.isWish() || d.To != ""):
			needed = append(needed, d)
		}
	}
	if err := r.ask(ctx, doubted); err != nil {
		return err
	}
	if len(needed) < snapshot.Many {
		if err := r.ask(ctx, needed); err != nil && ctx.Err() != nil {
			return err
		} // Otherwise they stay missing, and the apply reports it again.
	}
	if err := r.findAbsent(ctx, b); err != nil {
		return err
	}
	if err := r.findRenamed(ctx, b); err != nil {
		return err
	}
	return r.findPinned(ctx, b)
}

// ask searches for people.
func (r *Run) ask(ctx context.Context, doubted []*Decision) error {
	who := make([]cloudadmin.Address, len(doubted))
	for i, d := range doubted {
		who[i] = d.Who
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

// findAbsent finds out which leavers are gone, if the API refuses to look up users it does
// not know: otherwise none of them could be let go.
func (r *Run) findAbsent(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		if d.isWish() || !d.asked || !cloudadmin.IsBadRequest(d.Found.Refused) || d.Found.Shown != nil {
			continue
		}
		absent, err := r.memory.IsAbsent(ctx, d.Who)
		if err != nil {
			return err
		}
		if absent {
			d.Found.Refused = nil
		}
	}
	return nil
}

// findRenamed looks for people that state or configuration know by id and whose address no
// user has: search may have shown them under another address.
func (r *Run) findRenamed(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		id := cmp.Or(d.Known.ID, d.Pin)
		if !d.asked || !d.Found.IsMissing() || id == "" {
			continue
		}
		user, err := r.memory.Renamed(ctx, id)
		switch {
		case err != nil:
			return &snapshot.LookupError{Who: d.Who, Cause: err}
		case user != nil:
			d.learn(snapshot.Found{Another: user})
		}
	}
	return nil
}

// findPinned looks for people that the configuration pins by id and wants Disabled, and
// whose address no user has. Disabled is satisfied only once it is known that the person
// has no other address in the tenant.
func (r *Run) findPinned(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		if d.Pin == "" || !d.isWish() || d.To != cloudadmin.Disabled || d.isDone() || !d.asked || !d.Found.IsMissing() {
			continue
		}
		user, known, err := r.memory.WithID(ctx, d.Pin)
		switch {
		case err != nil:
			return err
		case user != nil:
			d.learn(snapshot.Found{Another: user})
		case !known:
			d.lost = true
		}
	}
	return nil
}

// remember takes over what a look-up of this run knows beside the state: who marked the
// user for deletion, or that a leaver is already gone.
func (r *Run) remember(d *Decision) {
	if set := r.ledger.status(d.ID); set != "" {
		d.From = set // The state is older.
	}
	known, read := r.memory.Known(d.Who)
	switch {
	case !read || known.BySearch || !d.InState:
	case !d.isWish() && known.IsMissing():
		d.Known.Gone = true
	case known.User != nil && known.User.ID == d.Known.ID && (d.Known.Pending || !d.isWish()):
		d.learn(known)
	}
}

// mayChange reports whether a PUT may be sent, as far as search and state show.
func (d *Decision) mayChange() bool {
	isRefused := d.IsPending() && d.To == cloudadmin.Enabled
	return d.isWish() && !d.isDone() && !d.isAsWanted() && !isRefused && !d.MayNotChange && (d.ID != "" || d.InState)
}

func (r *Run) learn(ctx context.Context, decisions []*Decision, o snapshot.Options) error {
	who := make([]cloudadmin.Address, len(decisions))
	for i, d := range decisions {
		who[i] = d.Who
	}
	found, err := r.memory.Find(ctx, who, o)
	switch {
	case errors.Is(err, snapshot.ErrNoneExist):
		return ErrWrongTenant
	case err != nil:
		return err
	}
	for _, d := range decisions {
		d.learn(found[d.Who.Key()])
		if set := r.ledger.status(d.ID); set != "" && d.User != nil {
			// The status that this run has set is true even if a look-up lags.
			changed := *d.User
			changed.UserStatus = set
			d.User, d.From = &changed, set
		}
	}
	return nil
}

// hasToBeConfirmed reports whether a look-up has to identify the user, even if search shows
// another person than the configuration means. A look-up of this run is in the memory.
func (r *Run) hasToBeConfirmed(d *Decision) bool {
	if d.isDone() {
		return false
	}
	isNew := d.isWish() && !d.InState && d.To == cloudadmin.Disabled
	isDoubted := d.Found.BySearch && d.isNotPinned()
	if d.isAsWanted() && !isNew && !isDoubted {
		return false
	}
	known, read := r.memory.Known(d.Who)
	if read && !known.BySearch {
		d.learn(known)
		return false
	}
	return read || d.Known.Searched
}

// doubts reports whether search alone may conclude that this is the wrong tenant: many
// users are looked for who are not leavers, and the run knows none of them.
func (r *Run) doubts(asked []*Decision) bool {
	present := 0
	for _, d := range asked {
		if !d.isLeaver() {
			present++
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.recognized && !r.found && present >= snapshot.Many
}
