// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package snapshot reads many users with few requests. Pages of user search are
// the shortcut, 25 users for one request; look-ups are the judge of everybody
// whom search does not show, shows incompletely, or shows otherwise than
// expected. All reads of one run share what is known.
package snapshot

import (
	"context"
	"errors"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Reader reads the users of one tenant during one run. It is safe for
// concurrent use.
type Reader struct {
	users cloudadmin.Users

	mu      sync.Mutex
	pages   map[pageOf]*pageRead
	domains map[string]*domain
	judged  map[string]judgement // by Key
	// unjudged are the addresses that were answered for from search alone.
	unjudged map[string]bool
	// changes counts the changes sent; changedAt says at which count each user was
	// last touched. What was asked before that is out of date.
	changes   int
	changedAt map[string]int // by user id
	// searchRefusal is why search is not used any more.
	searchRefusal error
}

// judgement is the outcome of a look-up: a user, or nil where there is none.
type judgement struct {
	user *cloudadmin.User
	err  error // the API's 404, where there is none
	asOf int   // changes, when it was asked for
}

// NewReader makes the reader of one run.
func NewReader(users cloudadmin.Users) *Reader {
	return &Reader{
		users: users, pages: map[pageOf]*pageRead{}, domains: map[string]*domain{}, judged: map[string]judgement{}, unjudged: map[string]bool{}, changedAt: map[string]int{},
	}
}

// Key is the same for two spellings of one address: case does not count.
func Key(email string) string { return strings.ToLower(email) }

// Question is what to read.
type Question struct {
	// Emails are unique by Key.
	Emails []string
	// Search allows the shortcut; otherwise everybody is looked up.
	Search bool
	// Doubts tells whether a look-up has to confirm what search shows of a user;
	// nil never doubts. It must not call the Reader, and is not asked about users
	// whom search shows incompletely or pending deletion: they are looked up in any
	// case.
	Doubts func(email string, found *cloudadmin.User) bool
	// RefuseNobody answers ErrNobody when FewestForNobody addresses or more were
	// asked for and none exists.
	RefuseNobody bool
}

// Users are the users by Key of their address. The value of an address that
// nobody has, according to a look-up, is nil.
type Users map[string]*cloudadmin.User

// Read answers for each address. It fails with the first request that does.
func (r *Reader) Read(ctx context.Context, q Question) (Users, error) {
	answer := make(Users, len(q.Emails))
	searchedInVain := false
	if q.Search {
		var err error
		if searchedInVain, err = r.search(ctx, q.Emails); err != nil {
			return nil, err
		}
	}
	rest := r.takeKnown(q, answer)
	if len(answer) == 0 && searchedInVain && q.RefuseNobody && len(rest) > FewestForNobody {
		// Search and a sample agree: asking for all the others one by one would
		// tell no more.
		if err := r.judge(ctx, r.sample(rest)); err != nil {
			return nil, err
		}
		if r.allMissing(rest) {
			return nil, ErrNobody
		}
	}
	if err := r.judge(ctx, rest); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	nobody := true
	for _, email := range q.Emails {
		key := Key(email)
		if _, known := answer[key]; !known {
			answer[key] = r.judged[key].user
		}
		nobody = nobody && answer[key] == nil
	}
	if nobody && q.RefuseNobody && len(q.Emails) >= FewestForNobody {
		return nil, ErrNobody
	}
	return answer, nil
}

// Find reads one user, with search allowed. Users who are asked for one at a time
// are looked up, until pages would have been cheaper. As for a look-up, an unknown
// user is an error for which cloudadmin.IsNotFound holds.
func (r *Reader) Find(ctx context.Context, email string, doubts func(found *cloudadmin.User) bool) (*cloudadmin.User, error) {
	found, err := r.Read(ctx, Question{
		Emails: []string{email}, Search: true,
		Doubts: func(_ string, user *cloudadmin.User) bool { return doubts(user) },
	})
	var failed *LookupError
	switch {
	case errors.As(err, &failed):
		return nil, failed.Cause
	case err != nil:
		return nil, err
	}
	if user := found[Key(email)]; user != nil {
		return user, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	judged := r.judged[Key(email)] // Perhaps anew meanwhile.
	if judged.user != nil {
		return judged.user, nil
	}
	return nil, judged.err
}

// takeKnown answers from what this run knows already, and returns whom only a
// look-up can tell of.
func (r *Reader) takeKnown(q Question, answer Users) (rest []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, email := range q.Emails {
		key := Key(email)
		if _, valid := r.judgement(key); valid {
			rest = append(rest, email) // The judge has it at hand.
			continue
		}
		found := r.shown(email)
		if !q.Search || found == nil || found.Incomplete() || found.MarkDeleted || (q.Doubts != nil && q.Doubts(email, found)) {
			rest = append(rest, email)
			continue
		}
		answer[key] = found
		r.unjudged[key] = true
	}
	return rest
}

// Unjudged tells whether this run has answered for an address from search alone.
func (r *Reader) Unjudged(email string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unjudged[Key(email)]
}

// Seen is what this run has read of the user behind an address; nil for nothing.
func (r *Reader) Seen(email string) *cloudadmin.User {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, valid := r.judgement(Key(email)); valid {
		return known.user
	}
	return r.shown(email)
}

// SearchRefusal is why search was given up in this run; nil when it was not.
func (r *Reader) SearchRefusal() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.searchRefusal
}

// SetStatus sets a user's status. What was read of the user before is forgotten.
func (r *Reader) SetStatus(ctx context.Context, id string, status cloudadmin.Status) error {
	defer r.touched(id)
	return r.users.SetStatus(ctx, id, status)
}

// Synchronize synchronizes a user, of whom what was read before is forgotten.
func (r *Reader) Synchronize(ctx context.Context, id string) (*cloudadmin.User, error) {
	defer r.touched(id)
	return r.users.Synchronize(ctx, id)
}

// MarkDeleted marks a user for deletion or takes the mark back. What was read of the
// user before is forgotten.
func (r *Reader) MarkDeleted(ctx context.Context, id string, marked bool) error {
	defer r.touched(id)
	return r.users.MarkDeleted(ctx, id, marked)
}

// touched is called after a change, also after one that failed, which does not say
// whether it was made; and not before its answer, since a read meanwhile may tell
// either.
func (r *Reader) touched(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes++
	r.changedAt[id] = r.changes
}

// Workers is how many requests to prepare at once: twice as many as the line takes,
// since those that wait to be sent again hold no place on it.
func (r *Reader) Workers() int { return 2 * r.users.Concurrent() }

// each does something so many times, until that fails. (The context of an errgroup
// would end with one request's failure as its cause, and the other requests would
// report that as their own.)
func (r *Reader) each(ctx context.Context, times int, do func(ctx context.Context, i int) error) error {
	doing, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		group   errgroup.Group
		once    sync.Once
		failure error
	)
	group.SetLimit(r.Workers())
	for i := 0; i < times && doing.Err() == nil; i++ {
		group.Go(func() error {
			if err := do(doing, i); err != nil {
				once.Do(func() {
					failure = err
					cancel()
				})
			}
			return nil
		})
	}
	_ = group.Wait() // The first failure is known already.
	if failure != nil {
		return failure
	}
	return context.Cause(ctx)
}

// judge looks everybody up of whom no valid look-up is known.
func (r *Reader) judge(ctx context.Context, emails []string) error {
	return r.each(ctx, len(emails), func(ctx context.Context, i int) error {
		email := emails[i]
		r.mu.Lock()
		_, valid := r.judgement(Key(email))
		asOf := r.changes
		r.mu.Unlock()
		if valid {
			return nil
		}
		user, err := r.users.Lookup(ctx, cloudadmin.Email(email), cloudadmin.LookupOptions{})
		if err != nil && !cloudadmin.IsNotFound(err) {
			return &LookupError{email, err}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.judged[Key(email)] = judgement{user, err, asOf}
		delete(r.unjudged, Key(email))
		return nil
	})
}

// judgement needs the lock.
func (r *Reader) judgement(key string) (judgement, bool) {
	known, ok := r.judged[key]
	return known, ok && r.upToDate(known.user, known.asOf)
}

// upToDate needs the lock.
func (r *Reader) upToDate(user *cloudadmin.User, asOf int) bool {
	return user == nil || asOf >= r.changedAt[user.ID]
}

// LookupError says whose look-up failed.
type LookupError struct {
	Email string
	Cause error
}

func (e *LookupError) Error() string { return e.Email + ": " + e.Cause.Error() }

// Unwrap is the cause.
func (e *LookupError) Unwrap() error { return e.Cause }
