// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// decision is what configuration and state together decide about one user. A
// user who leaves the map and is retained is none: nothing happens to the user.
type decision struct {
	// address is as the configuration has it or, for one who leaves, the state.
	address string
	to      cloudadmin.Status
	// leaves is whether the user is disabled by leaving the map.
	leaves bool
	// inState is whether the user is in the state, with this status.
	inState bool
	was     cloudadmin.Status
	known   knownUser

	// The rest is filled in by resolve.

	// from is the status that the user has, as far as is known.
	from cloudadmin.Status
	id   string
	// gone is whether nobody has the address, pending whether the user is marked
	// for deletion.
	gone, pending bool
	// reassignedTo is the id behind the address, where that is not the known one.
	reassignedTo string
	// user holds the details where this run has read them.
	user *cloudadmin.User
}

// decide compares state and configuration, regardless of case.
func decide(before, after statusMap, known knownUsers, disables bool) []*decision {
	var decisions []*decision
	was := before.byKey()
	for address, status := range after {
		key := snapshot.Key(address)
		old, inState := was[key]
		delete(was, key)
		decisions = append(decisions, &decision{address: address, to: status, inState: inState, was: old.status, known: known[key]})
	}
	for key, old := range was {
		if disables {
			decisions = append(decisions, &decision{address: old.address, to: cloudadmin.Disabled, leaves: true, inState: true, was: old.status, known: known[key]})
		}
	}
	slices.SortFunc(decisions, func(a, b *decision) int { return strings.Compare(a.address, b.address) })
	return decisions
}

func (d *decision) who() cloudadmin.Address { return cloudadmin.Email(d.address) }

func (d *decision) wish() wish { return wish{d.id, d.who(), d.to} }

// isChange is whether a PUT is needed.
func (d *decision) isChange() bool { return !d.gone && d.from != d.to }

// hasToBeRead holds for whom the state does not tell enough.
func (d *decision) hasToBeRead() bool {
	if d.inState && d.was == d.to && d.to == cloudadmin.Disabled && (d.leaves || d.known.Gone) {
		return false // Nothing will be sent.
	}
	return !d.inState || d.known.ID == "" || d.known.Gone
}

// resolve finds out whom the decisions are about. It goes by the state, and reads
// whom the state does not tell of. Where search has told of a user, a look-up
// confirms whoever is about to change.
func (r *userStatusesResource) resolve(ctx context.Context, decisions []*decision, search bool) error {
	return r.resolveUpTo(ctx, math.MaxInt, decisions, search, false)
}

// resolveForPlan stops at max_changes: once more changes than that are confirmed,
// the plan is refused, whatever look-ups would say of the rest.
func (r *userStatusesResource) resolveForPlan(ctx context.Context, decisions []*decision, search, refuseNobody bool) error {
	if most, limited := r.data.plan.limit(); limited {
		if err := r.resolveUpTo(ctx, most+1, decisions, search, refuseNobody); err != nil {
			return err
		}
		confirmed, unconfirmed := 0, 0
		for _, d := range decisions {
			switch {
			case !d.isChange():
			case r.data.reader.Unjudged(d.address):
				unconfirmed++
			default:
				confirmed++
			}
		}
		if confirmed > most || unconfirmed == 0 {
			return nil
		}
	}
	return r.resolveUpTo(ctx, math.MaxInt, decisions, search, refuseNobody)
}

// resolveUpTo confirms at most so many changes.
func (r *userStatusesResource) resolveUpTo(ctx context.Context, most int, decisions []*decision, search, refuseNobody bool) error {
	byKey := make(map[string]*decision, len(decisions))
	var read, confirm []string
	for _, d := range decisions {
		byKey[snapshot.Key(d.address)] = d
		d.from, d.id, d.gone, d.pending = d.was, d.known.ID, d.known.Gone, d.known.Pending
		switch {
		case d.hasToBeRead():
			read = append(read, d.address)
		case d.from != d.to && r.data.reader.Unjudged(d.address):
			confirm = append(confirm, d.address)
		}
	}
	found, err := r.data.reader.Read(ctx, snapshot.Question{
		Emails: read, Search: search, RefuseNobody: refuseNobody,
		Doubts: func(address string, user *cloudadmin.User) bool {
			d := byKey[snapshot.Key(address)]
			if d.id != "" && d.id != user.ID {
				return true
			}
			if user.Status != d.to {
				most--
			}
			return user.Status != d.to && most >= 0
		},
	})
	if err != nil {
		return err
	}
	judged, err := r.data.reader.Read(ctx, snapshot.Question{Emails: confirm[:min(len(confirm), max(most, 0))]})
	if err != nil {
		return err
	}
	for _, d := range decisions {
		key := snapshot.Key(d.address)
		user, ok := found[key]
		if !ok {
			user, ok = judged[key]
		}
		if !ok {
			d.user = r.data.reader.Seen(d.address)
			continue
		}
		d.foundOut(user)
	}
	return nil
}

func (d *decision) foundOut(user *cloudadmin.User) {
	if user == nil {
		d.gone, d.pending = true, false
		return
	}
	if d.id != "" && d.id != user.ID {
		d.reassignedTo = user.ID
		return
	}
	d.user, d.id, d.gone, d.pending, d.from = user, user.ID, false, user.MarkDeleted, user.Status
}

func (r *userStatusesResource) isProtected(d *decision) bool {
	return r.data.protected.include(d.who(), d.user)
}
