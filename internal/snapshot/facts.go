// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// facts is all that a run has read, with the one lock that guards it. What is
// read is read once, also for those who ask while it is on its way.
type facts struct {
	mu      sync.Mutex
	lookups map[string]*reading[answer] // by Address.Key
	pages   map[pageOf]*reading[*cloudadmin.SearchPage]
	domains map[string]*domain
	byID    map[string]*cloudadmin.User // as search shows them
	// everybody has the ids of all users whom search shows, where it shows them all.
	everybody map[string]*reading[people]
	// changes counts the changes sent; changedAt says at which count each user was
	// last changed, arrivals at which count a user may last have come into the
	// tenant. What was asked before that is out of date.
	changes   int
	changedAt map[string]int // by user id
	arrivals  int
	// answered is whether the API has answered as itself, in a look-up or a search: then an answer of
	// another kind is about that name, and not about the URL.
	answered bool
	// strange counts answers of another kind since the API's last.
	strange int
	// searchRefusal is why search is not used any more.
	searchRefusal error
}

func newFacts() *facts {
	return &facts{
		lookups: map[string]*reading[answer]{}, pages: map[pageOf]*reading[*cloudadmin.SearchPage]{},
		domains: map[string]*domain{}, byID: map[string]*cloudadmin.User{}, everybody: map[string]*reading[people]{}, changedAt: map[string]int{},
	}
}

// answer is what a look-up said: the user, somebody who does not have the
// address, that the request is not one it takes (or what else came in the place of an
// answer), or (all nil) that there is nobody.
type answer struct {
	user, another *cloudadmin.User
	refused       error
	// asked is the spelling that was asked for.
	asked string
}

func (a answer) isNobody() bool { return a.user == nil && a.another == nil && a.refused == nil }

// isUnfound reports whether another spelling might find the user.
func (a answer) isUnfound() bool { return a.isNobody() || a.refused != nil }

// isFor reports whether an answer is one to a spelling. Whom another spelling has found
// need not be the person, unless the tenant spells the user just so.
func (a answer) isFor(asked string) bool {
	return a.asked == asked || a.user != nil && (string(a.user.EmailAddress) == asked || string(a.user.PrincipalUsername) == asked)
}

// pageOf is one page of a search.
type pageOf struct {
	emailContains string
	number        int
}

// reading is something that was read, or is on its way.
type reading[T any] struct {
	done  chan struct{} // closed when value and err are set
	value T
	err   error
	asOf  int // changes, when it was asked for
	// abandoned is whether whoever sent the request did not want it any more.
	abandoned bool
}

func (r *reading[T]) isDone() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// once returns what is known under a key, as long as it is valid, and reads it
// otherwise. Whoever asks meanwhile waits for the same request. Failures are not
// kept. valid is called with the lock.
func once[K comparable, T any](ctx context.Context, f *facts, known map[K]*reading[T], key K, valid func(*reading[T]) bool, read func(context.Context) (T, error)) (value T, asOf int, err error) {
	for {
		f.mu.Lock()
		r := known[key]
		if r == nil || !valid(r) {
			r = &reading[T]{done: make(chan struct{}), asOf: f.changes}
			known[key] = r
			f.mu.Unlock()
			if r.value, r.err = read(ctx); r.err != nil {
				r.abandoned = isGone(ctx, r.err)
				f.forget(func() {
					if known[key] == r {
						delete(known, key)
					}
				})
			}
			close(r.done)
			return r.value, r.asOf, r.err
		}
		f.mu.Unlock()
		select {
		case <-r.done:
		case <-ctx.Done():
			return value, 0, context.Cause(ctx)
		}
		if !r.abandoned {
			return r.value, r.asOf, r.err
		}
	}
}

// isGone reports whether a request failed because its caller goes, or would be gone
// before its turn came.
func isGone(ctx context.Context, err error) bool {
	_, bounded := ctx.Deadline()
	return ctx.Err() != nil || bounded && errors.Is(err, context.DeadlineExceeded)
}

func (f *facts) forget(drop func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	drop()
}

// lookup returns a valid look-up of an address by a spelling.
func (f *facts) lookup(key, asked string) (answer, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range []string{key, spelled(key, asked)} {
		r := f.lookups[key]
		if r != nil && r.isDone() && f.isCurrent(r) && r.value.isFor(asked) {
			return r.value, true
		}
	}
	return answer{}, false
}

// spelled is the key of a look-up by a spelling where the run has asked by another.
func spelled(key, asked string) string { return key + " as " + asked }

// isCurrent needs the lock. It reports whether no change has made a look-up out
// of date. Of one on its way it is not known whom it will find.
func (f *facts) isCurrent(r *reading[answer]) bool {
	switch {
	case !r.isDone():
		return r.asOf == f.changes
	case r.value.user != nil:
		return r.asOf >= f.changedAt[r.value.user.ID]
	case r.value.another != nil:
		return r.asOf >= f.changedAt[r.value.another.ID] && r.asOf >= f.arrivals
	}
	return r.asOf >= f.arrivals
}

// shown returns whom search shows under an address, as far as it was read.
func (f *facts) shown(who cloudadmin.Address) (user *cloudadmin.User, twins []*cloudadmin.User) {
	if !who.IsEmail() {
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.domains[domainOf(who.String())]
	if d == nil {
		return nil, nil
	}
	s := d.shown[who.Key()]
	if s.user == nil || s.asOf < f.changedAt[s.user.ID] {
		return nil, nil
	}
	return s.of(who), s.twins
}

// isSearched reports whether all pages were read on which search would show an
// address.
func (f *facts) isSearched(who cloudadmin.Address) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.domains[domainOf(who.String())]
	return d != nil && d.complete
}

// withID returns whom search shows with an id, under whatever address.
func (f *facts) withID(id string) *cloudadmin.User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[id]
}

// changed notes a change, also one that failed, which does not say whether it was
// made. It comes after the answer, since a read meanwhile may tell either.
func (f *facts) changed(id string, brings bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes++
	f.changedAt[id] = f.changes
	if brings {
		f.arrivals = f.changes
	}
}

// wasChanged reports whether this run has changed a user.
func (f *facts) wasChanged(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changedAt[id] > 0
}

// arrived notes a user whom a look-up may have brought into the tenant.
func (f *facts) arrived(key string, found answer, asOf int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes++
	f.arrivals = f.changes
	r := &reading[answer]{done: make(chan struct{}), value: found, asOf: asOf}
	close(r.done)
	f.lookups[key] = r
}

// spelling returns by which spelling to ask for an address, as far as search has shown
// it. It stays known when the rest is out of date.
func (f *facts) spelling(who cloudadmin.Address) (email string, known bool) {
	if !who.IsEmail() {
		return "", false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.domains[domainOf(who.String())]
	if d == nil || d.shown[who.Key()].user == nil {
		return "", false
	}
	return d.shown[who.Key()].spelling(who), true
}

// isSpelledByAnother reports whether search shows this very spelling of an address
// with one user, and another spelling with the one given: two people, where case is
// compared.
func (f *facts) isSpelledByAnother(who cloudadmin.Address, user *cloudadmin.User) bool {
	if !who.IsEmail() || string(user.EmailAddress) == who.String() {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.domains[domainOf(who.String())]
	if d == nil {
		return false
	}
	spellings := d.shown[who.Key()].spellings
	return slices.Contains(spellings, who.String()) && slices.Contains(spellings, string(user.EmailAddress))
}

// noteAnswer notes an answer that is the API's.
func (f *facts) noteAnswer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered, f.strange = true, 0
}

// strangeInARow is after how many answers of another kind the API is taken to be gone.
const strangeInARow = 2 * Many

// isAboutOneName notes a look-up with an answer of another kind, and reports whether
// that is about its name alone.
func (f *facts) isAboutOneName() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.strange++
	return f.answered && f.strange < strangeInARow
}

func (f *facts) wasAnswered() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answered
}

func (f *facts) refusal() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.searchRefusal
}

func (f *facts) refuseSearch(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.searchRefusal = err
}
