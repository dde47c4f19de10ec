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

// facts is everything that a run has read, with the lock that guards it. Each thing is read
// once, even for goroutines that ask while it is being read.
type facts struct {
	mu      sync.Mutex
	lookups map[string]*reading[answer] // by Address.Key
	pages   map[pageOf]*reading[*cloudadmin.SearchPage]
	domains map[string]*domain
	byID    map[string]*cloudadmin.User // as search shows them
	// everybody has the ids of all users that search shows, if it shows them all.
	everybody map[string]*reading[people]
	// changes counts the changes sent; changedAt is at which count each user was last
	// changed, arrivals at which count a user may last have come into the tenant. Anything
	// read before that is out of date.
	changes   int
	changedAt map[string]int // by user id
	arrivals  int
	// answered is whether the API itself has answered a look-up or a search: then an answer
	// from elsewhere is about that name, and not about the URL.
	answered bool
	// strange counts answers from elsewhere since the API's last answer.
	strange int
	// searchRefusal is why search is no longer used.
	searchRefusal error
}

func newFacts() *facts {
	return &facts{
		lookups: map[string]*reading[answer]{}, pages: map[pageOf]*reading[*cloudadmin.SearchPage]{},
		domains: map[string]*domain{}, byID: map[string]*cloudadmin.User{}, everybody: map[string]*reading[people]{}, changedAt: map[string]int{},
	}
}

// answer is the result of a look-up: the user, another user who does not have the address,
// a refusal of the request (or an answer from elsewhere), or, if all are nil, no user.
type answer struct {
	user, another *cloudadmin.User
	refused       error
	// asked is the spelling that was looked up.
	asked string
}

func (a answer) isMissing() bool { return a.user == nil && a.another == nil && a.refused == nil }

// isUnfound reports whether another spelling might find the user.
func (a answer) isUnfound() bool { return a.isMissing() || a.refused != nil }

// isFor reports whether an answer is valid for a spelling. A user found with another
// spelling need not be the person, unless the tenant spells the user exactly like this.
func (a answer) isFor(asked string) bool {
	return a.asked == asked || a.user != nil && (string(a.user.EmailAddress) == asked || string(a.user.PrincipalUsername) == asked)
}

// pageOf is one page of a search.
type pageOf struct {
	emailContains string
	number        int
}

// reading is something that was read, or is being read.
type reading[T any] struct {
	done  chan struct{} // closed when value and err are set
	value T
	err   error
	asOf  int // changes, when it was requested
	// abandoned is whether the goroutine that sent the request no longer wants it.
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

// once returns what is known under a key, as long as it is valid, and otherwise reads it.
// Goroutines that ask meanwhile wait for the same request. Failures are not kept. valid is
// called with the lock held.
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

// isGone reports whether a request failed because its context has ended, or would have
// ended before its turn.
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

// spelled returns the key of a look-up by a spelling that differs from the address.
func spelled(key, asked string) string { return key + " as " + asked }

// isCurrent needs the lock. It reports whether no change has made a look-up out of date.
// While a look-up is in progress it is not known which user it will find.
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

// shown returns the user that search shows under an address, as far as it was read.
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

// withID returns the user that search shows with an id, under whatever address.
func (f *facts) withID(id string) *cloudadmin.User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[id]
}

// changed records a change, also a failed one, which may have been made. It is called after
// the answer, because a read meanwhile may show the user before or after the change.
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

// arrived records a user that a look-up may have brought into the tenant.
func (f *facts) arrived(key string, found answer, asOf int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes++
	f.arrivals = f.changes
	r := &reading[answer]{done: make(chan struct{}), value: found, asOf: asOf}
	close(r.done)
	f.lookups[key] = r
}

// spelling returns the spelling with which to look an address up, if search has shown it.
// It stays valid when the rest is out of date.
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

// isSpelledByAnother reports whether search shows exactly this spelling of an address with
// one user, and another spelling with the given user: if case is compared, they are two
// people.
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

// noteAnswer records an answer that came from the API itself.
func (f *facts) noteAnswer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered, f.strange = true, 0
}

// strangeInARow is the number of answers from elsewhere after which the API is considered
// unreachable.
const strangeInARow = 2 * Many

// isAboutOneName records a look-up with an answer from elsewhere, and reports whether that
// answer is about its name only.
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
