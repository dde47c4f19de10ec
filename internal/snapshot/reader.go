// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package snapshot is the memory of a run, which is one plan or one apply. All reads of
// users go through it, and each look-up and each page of search is read once, whoever needs
// it. Pages of search are the shortcut, with 25 users for one request; a look-up decides
// about every user that search does not show, shows incompletely, or shows several times.
package snapshot

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Reader reads the users of one tenant during one run. It is safe for concurrent use.
type Reader struct {
	users cloudadmin.Users
	facts *facts
}

// NewReader returns the reader of one run.
func NewReader(users cloudadmin.Users) *Reader { return &Reader{users, newFacts()} }

// Found is what a run knows of the user with an address.
type Found struct {
	// User has the address; nil if no user has it.
	User *cloudadmin.User
	// BySearch is whether only search has shown the user.
	BySearch bool
	// Shown is the user that search shows under the address, as far as it was read. If User
	// is nil, it contradicts the look-up.
	Shown *cloudadmin.User
	// Twins are the users that search shows under the address, if they are several.
	Twins []*cloudadmin.User
	// Another is the user in the answer to the look-up, if that user does not have the
	// address (an old address may still lead to its user).
	Another *cloudadmin.User
	// Refused is the API's error if it rejects the request (400), which says nothing of
	// other users; or an answer from elsewhere, if the API has answered other look-ups.
	Refused error
}

// IsMissing reports whether no user has the address, and nothing contradicts that.
func (f Found) IsMissing() bool {
	return f.User == nil && f.Shown == nil && f.Another == nil && f.Refused == nil
}

// isUnfound reports whether a look-up has not found the user, perhaps because of how the
// address is written. Some tenants may refuse users they do not know.
func (f Found) isUnfound() bool { return f.IsMissing() || f.Refused != nil }

// Options are how users are read.
type Options struct {
	// Search allows the shortcut. Without it, every user is looked up, unless a look-up of
	// this run is still valid.
	Search bool
	// Unsynced makes the tenant synchronize users that it has not seen yet: much slower,
	// and not a pure read.
	Unsynced bool
	// FailIfNoneExist makes Find return ErrNoneExist, after a sample, if search shows no user for
	// any of many addresses: looking all of them up would add nothing.
	FailIfNoneExist bool
}

// ErrNoneExist reports that search and a sample of look-ups found no user with any of many
// addresses.
var ErrNoneExist = errors.New("none of the addresses exists in the tenant")

// Many is the number of users from which on it is doubtful that this is the right tenant if
// none of them is known there.
const Many = 10

// LookupError names the address whose look-up failed.
type LookupError struct {
	Who   cloudadmin.Address
	Cause error
}

func (e *LookupError) Error() string { return e.Who.String() + ": " + e.Cause.Error() }

// Unwrap returns the cause.
func (e *LookupError) Unwrap() error { return e.Cause }

// Find reads users. The result has each address, by Key. The first request that fails ends
// it, with a *LookupError if it was a look-up.
func (r *Reader) Find(ctx context.Context, who []cloudadmin.Address, o Options) (map[string]Found, error) {
	deserted := false
	if o.Search {
		var err error
		if deserted, err = r.search(ctx, who); err != nil {
			return nil, err
		}
	}
	found := make(map[string]Found, len(who))
	var rest []cloudadmin.Address
	for _, one := range who {
		known, ok := r.known(one, o)
		if !ok || (known.BySearch && (!o.Search || !r.isDependable(known))) {
			rest = append(rest, one)
			continue
		}
		found[one.Key()] = known
	}
	if deserted && o.FailIfNoneExist && allMissing(found) {
		sample := r.sample(who)
		found := map[string]Found{}
		if err := r.lookUp(ctx, sample, o, found); err != nil {
			return nil, err
		}
		if allMissing(found) {
			return nil, ErrNoneExist
		}
	}
	if err := r.lookUp(ctx, rest, o, found); err != nil {
		return nil, err
	}
	return found, nil
}

// Lookup looks one user up, unless a look-up of this run is still valid.
func (r *Reader) Lookup(ctx context.Context, who cloudadmin.Address, o Options) (Found, error) {
	o.Search = false
	found, err := r.Find(ctx, []cloudadmin.Address{who}, o)
	var failed *LookupError
	if errors.As(err, &failed) {
		err = failed.Cause
	}
	return found[who.Key()], err
}

// Known returns what this run already knows of an address.
func (r *Reader) Known(who cloudadmin.Address) (Found, bool) { return r.known(who, Options{}) }

func (r *Reader) known(who cloudadmin.Address, o Options) (Found, bool) {
	if said, ok := r.facts.lookup(who.Key(), r.spelling(who).String()); ok && (said.user != nil || !o.Unsynced) {
		return r.found(who, said), true
	}
	shown, twins := r.facts.shown(who)
	return Found{User: shown, Shown: shown, Twins: twins, BySearch: true}, shown != nil
}

// spelling returns the spelling with which to look an address up: the one that search has
// shown, because it is not known whether the API's look-up compares case.
func (r *Reader) spelling(who cloudadmin.Address) cloudadmin.Address {
	if spelling, known := r.facts.spelling(who); known {
		return cloudadmin.Email(spelling)
	}
	return who
}

// found returns the result of a look-up, beside what search shows.
func (r *Reader) found(who cloudadmin.Address, said answer) Found {
	found := Found{User: said.user, Another: said.another, Refused: said.refused}
	found.Shown, found.Twins = r.facts.shown(who)
	if said.user != nil && r.facts.isSpelledByAnother(who, said.user) {
		found.User, found.Another = nil, said.user
	}
	if shown := found.Shown; lacksStatus(found.User) && shown != nil && shown.ID == found.User.ID {
		user := *found.User
		user.UserStatus = shown.UserStatus
		found.User = &user
	}
	return found
}

// lacksStatus reports whether a look-up has no status for the user.
func lacksStatus(user *cloudadmin.User) bool { return user != nil && user.Effective() == "" }

// isDependable reports whether search can be relied on for a user: it may not show a change
// of this run yet.
func (r *Reader) isDependable(found Found) bool {
	return !found.User.Incomplete() && !found.User.MarkDeleted.IsTrue() && len(found.Twins) == 0 && !r.facts.wasChanged(found.User.ID)
}

// sample returns some of the users that search did not find, from the whole list, and all
// users whose domain was not searched.
func (r *Reader) sample(who []cloudadmin.Address) []cloudadmin.Address {
	var sample, notFound []cloudadmin.Address
	for _, one := range who {
		if one.IsEmail() && r.facts.isSearched(one) {
			notFound = append(notFound, one)
		} else {
			sample = append(sample, one)
		}
	}
	taken := min(Many, len(notFound))
	for i := range taken {
		sample = append(sample, notFound[i*len(notFound)/taken])
	}
	return sample
}

func allMissing(found map[string]Found) bool {
	for _, one := range found {
		if !one.IsMissing() {
			return false
		}
	}
	return true
}

// lookUp looks up every user who is not found yet.
func (r *Reader) lookUp(ctx context.Context, who []cloudadmin.Address, o Options, found map[string]Found) error {
	results := make([]Found, len(who))
	var odd strangeAnswers
	look := func(ctx context.Context, i int) (err error) {
		if known, ok := r.known(who[i], o); ok && !known.BySearch {
			results[i] = known
			return nil
		}
		if results[i], err = r.lookUpOne(ctx, who[i], o.Unsynced); err != nil {
			return odd.wait(i, &LookupError{who[i], err})
		}
		return nil
	}
	if err := r.each(ctx, len(who), look); err != nil {
		return err
	}
	if len(odd.of) > 0 {
		if !r.facts.wasAnswered() {
			return odd.first
		}
		odd.over = true
		if err := r.each(ctx, len(odd.of), func(ctx context.Context, i int) error { return look(ctx, odd.of[i]) }); err != nil {
			return err
		}
	}
	for i, one := range who {
		found[one.Key()] = results[i]
	}
	return nil
}

// strangeAnswers are look-ups with an answer from elsewhere. Other answers show whether
// that is about the name or about the URL.
type strangeAnswers struct {
	mu    sync.Mutex
	of    []int
	first error
	over  bool
}

// wait returns nil for a look-up to send again after others were answered. After some,
// there may be none to wait for.
func (s *strangeAnswers) wait(i int, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || !isStrange(err) || len(s.of) == Many {
		return cmp.Or(s.first, err)
	}
	s.first = cmp.Or(s.first, err)
	s.of = append(s.of, i)
	return nil
}

// isStrange reports whether an error is an answer from elsewhere, or one that says nothing
// of a user, and yet may be about one name.
func isStrange(err error) bool {
	var unexpected *cloudadmin.UnexpectedAnswerError
	if errors.As(err, &unexpected) {
		return true
	}
	var refusal *cloudadmin.Error
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict, http.StatusGone, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// Doubt asks search about users that a look-up has not found. If look-up compares case and
// the address is written in another, search shows the tenant's spelling, and a look-up by
// that finds the user; if search shows the user all the same, the two contradict each
// other. A refused look-up (400) is treated like one that has found no user. Nothing is
// sent if search was read or is refused.
func (r *Reader) Doubt(ctx context.Context, who []cloudadmin.Address) (map[string]Found, error) {
	found := make([]Found, len(who))
	err := r.each(ctx, len(who), func(ctx context.Context, i int) (err error) {
		found[i], err = r.doubtOne(ctx, who[i])
		return err
	})
	byKey := make(map[string]Found, len(who))
	for i, one := range who {
		byKey[one.Key()] = found[i]
	}
	return byKey, err
}

func (r *Reader) doubtOne(ctx context.Context, who cloudadmin.Address) (Found, error) {
	known, ok := r.known(who, Options{})
	if ok && !known.BySearch && (!known.isUnfound() || !r.canBeSearched(who)) {
		return known, nil
	}
	if known.isUnfound() {
		if _, err := r.searchFor(ctx, who); err != nil {
			return known, err
		}
	}
	if again, ok := r.known(who, Options{}); ok && !again.BySearch {
		return again, nil
	}
	found, err := r.lookUpOne(ctx, who, false)
	if err != nil {
		return found, &LookupError{who, err}
	}
	return found, nil
}

// canBeSearched reports whether search may show more of an address than it has.
func (r *Reader) canBeSearched(who cloudadmin.Address) bool {
	return who.IsEmail() && r.facts.refusal() == nil && !r.facts.isSearched(who)
}

// IsAbsent reports whether search shows no user with an address; it is false if search is
// refused or does not show it.
func (r *Reader) IsAbsent(ctx context.Context, who cloudadmin.Address) (bool, error) {
	if r.canBeSearched(who) {
		if known, err := r.searchFor(ctx, who); err != nil || !known {
			return false, err
		}
	}
	_, shown := r.facts.spelling(who)
	return who.IsEmail() && !shown && r.facts.refusal() == nil, nil
}

// searchFor records the users that a search for one address shows, until it shows that
// address, which may be a part of others. A page with no new user is the last one: a search
// may count more pages than it has. An answer that makes no sense, such as one that counts
// users but shows none, says nothing of this address, and does not prevent searches for
// others.
func (r *Reader) searchFor(ctx context.Context, who cloudadmin.Address) (known bool, err error) {
	seen := people{}
	for number, pages, isNew := 0, 1, true; isNew && number < pages; number++ {
		page, asOf, err := r.searchPage(ctx, pageOf{who.String(), number}, false)
		var unexpected *cloudadmin.UnexpectedAnswerError
		switch {
		case errors.As(err, &unexpected):
			return false, nil
		case err != nil:
			return false, r.giveUp(err)
		}
		pages = page.TotalPages
		r.facts.show(r.facts.domain(domainOf(who.String())), page.Users, asOf)
		if _, shown := r.facts.spelling(who); shown {
			break
		}
		isNew = seen.add(page.Users)
	}
	return true, nil
}

// lookUpOne looks an address up, unless a look-up by the same spelling is valid.
func (r *Reader) lookUpOne(ctx context.Context, who cloudadmin.Address, unsynced bool) (Found, error) {
	asked := r.spelling(who)
	key := who.Key()
	if unsynced {
		key += " unsynced" // This finds more than the look-up without it.
	}
	valid := func(known *reading[answer]) bool {
		return r.facts.isCurrent(known) && (!known.isDone() || !known.value.isUnfound() || known.value.asked == asked.String())
	}
	read := func(ctx context.Context) (answer, error) {
		said, err := understood(r.users.Lookup(ctx, asked, cloudadmin.LookupOptions{SearchUnsynched: unsynced}))
		switch {
		case err == nil:
			r.facts.noteAnswer()
		case isStrange(err) && r.facts.isAboutOneName():
			said, err = answer{refused: err}, nil
		}
		said.asked = asked.String()
		return said, err
	}
	said, asOf, err := once(ctx, r.facts, r.facts.lookups, key, valid, read)
	if err == nil && !said.isFor(asked.String()) {
		said, asOf, err = once(ctx, r.facts, r.facts.lookups, spelled(key, asked.String()), valid, read)
	}
	if err != nil {
		return Found{}, err
	}
	if unsynced && said.user != nil {
		r.facts.arrived(who.Key(), said, asOf)
	}
	if lacksStatus(said.user) && r.canBeSearched(who) {
		// Search may show the user. If it does not, or fails, the user is not known.
		if _, err := r.searchFor(ctx, who); err != nil && ctx.Err() != nil {
			return Found{}, err
		}
	}
	return r.found(who, said), nil
}

// understood separates the result of a look-up from a failure to get one.
func understood(user *cloudadmin.User, err error) (answer, error) {
	if another, is := cloudadmin.IsAnotherUser(err); is {
		return answer{another: another.User}, nil
	}
	switch {
	case err == nil:
		return answer{user: user}, nil
	case cloudadmin.IsNotFound(err):
		return answer{}, nil
	case cloudadmin.IsBadRequest(err):
		return answer{refused: err}, nil
	}
	return answer{}, err
}

// SearchRefusal returns why search was given up in this run, or nil.
func (r *Reader) SearchRefusal() error { return r.facts.refusal() }

// SetStatus sets a user's status, and forgets what was read of the user before.
func (r *Reader) SetStatus(ctx context.Context, id string, status cloudadmin.Status) error {
	defer r.facts.changed(id, false)
	return r.users.SetStatus(ctx, id, status)
}

// Synchronize synchronizes a user, and forgets what was read of the user before.
func (r *Reader) Synchronize(ctx context.Context, id string) (*cloudadmin.User, error) {
	defer r.facts.changed(id, true)
	return r.users.Synchronize(ctx, id)
}

// MarkDeleted marks a user for deletion or removes the mark, and forgets what was read of
// the user before.
func (r *Reader) MarkDeleted(ctx context.Context, id string, marked bool) error {
	defer r.facts.changed(id, false)
	return r.users.MarkDeleted(ctx, id, marked)
}

// Workers returns how many requests to prepare at once: twice as many as can be sent,
// because a request that waits to be retried takes no place.
func (r *Reader) Workers() int { return 2 * r.users.Concurrent() }

// each calls a function n times in parallel until a call fails. (The context of an errgroup
// would end with one request's failure as its cause, and the other requests would report
// that failure as theirs.)
func (r *Reader) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	doing, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		group   errgroup.Group
		first   sync.Once
		failure error
	)
	group.SetLimit(r.Workers())
	for i := 0; i < n && doing.Err() == nil; i++ {
		group.Go(func() error {
			if err := do(doing, i); err != nil {
				first.Do(func() {
					failure = err
					cancel()
				})
			}
			return nil
		})
	}
	_ = group.Wait() // The first failure is already known.
	if failure != nil {
		return failure
	}
	return context.Cause(ctx)
}
