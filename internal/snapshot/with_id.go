// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// AllEmails is the part that all email addresses contain.
const AllEmails = "@"

// Renamed returns the user with an id, if search shows that user under another address and
// a look-up by it confirms it, or nil.
func (r *Reader) Renamed(ctx context.Context, id string) (*cloudadmin.User, error) {
	shown := r.facts.withID(id)
	if shown == nil {
		return nil, nil
	}
	found, err := r.Lookup(ctx, cloudadmin.Email(string(shown.EmailAddress)), Options{})
	if err != nil || found.User == nil || found.User.ID != id {
		return nil, err
	}
	return found.User, nil
}

// WithID returns the user with an id, whatever the current address is, or nil. known is
// false if it is not known: search is refused or lacks users, or shows the id and no
// look-up confirms it. WithID reads all pages of search, once for all callers, and is meant
// for ids whose address no user has any more.
func (r *Reader) WithID(ctx context.Context, id string) (user *cloudadmin.User, known bool, err error) {
	everybody, err := r.everybody(ctx)
	if err != nil {
		return nil, false, err
	}
	user, err = r.Renamed(ctx, id)
	switch {
	case err != nil:
		return nil, false, err
	case user != nil:
		return user, true, nil
	}
	return nil, len(everybody) > 0 && !everybody[id] && r.facts.withID(id) == nil && !r.facts.haveFoundMoreThan(everybody), nil
}

// everybody returns the ids of all users that search shows; none if it may not show them all.
func (r *Reader) everybody(ctx context.Context) (people, error) {
	valid := func(known *reading[people]) bool { return known.asOf == r.facts.changes }
	everybody, _, err := once(ctx, r.facts, r.facts.everybody, AllEmails, valid, func(ctx context.Context) (people, error) {
		all := people{}
		if r.facts.refusal() != nil {
			return nil, nil
		}
		for user, err := range r.List(ctx, Listing{EmailContains: AllEmails, AsShown: true}) {
			var short *ShortfallError
			switch {
			case err == nil:
				all.add([]*cloudadmin.User{user})
			case errors.As(err, &short) || cloudadmin.IsBadRequest(err):
				return nil, nil
			default:
				return nil, r.giveUp(err)
			}
		}
		return all, nil
	})
	return everybody, err
}

// haveFoundMoreThan reports whether look-ups have found a user that search does not show:
// others may be missing there, too.
func (f *facts) haveFoundMoreThan(everybody people) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.lookups {
		if r.isDone() && r.value.user != nil && r.value.user.EmailAddress != "" && !everybody[r.value.user.ID] {
			return true
		}
	}
	return false
}
