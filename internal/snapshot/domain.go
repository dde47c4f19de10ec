// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// domain is what search shows of the users whose addresses end in it.
type domain struct {
	// turn is held by the one who reads pages.
	turn chan struct{}

	// The Reader's lock guards the rest.
	shown map[string]shown // by Key
	// probed is whether the first page was read, which tells the number of pages.
	probed, complete bool
	pages            int
	// lookups counts the users who were looked up because their number alone was
	// not worth reading the pages.
	lookups int
}

// shown is a user as search has shown one; nil where two have the address.
type shown struct {
	user *cloudadmin.User
	asOf int // changes, when the page was asked for
}

// domainOf is the part behind the @, in lower case: addresses are compared
// without regard to case, and tenants seldom write domains in capitals.
func domainOf(email string) string {
	return strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
}

// search reads the pages of the domains where that takes fewer requests than
// looking each user up. It tells whether it was in vain: the domains of many
// addresses were searched, and none of them has a user.
func (r *Reader) search(ctx context.Context, emails []string) (inVain bool, err error) {
	asked := map[string][]string{}
	for _, email := range emails {
		asked[domainOf(email)] = append(asked[domainOf(email)], email)
	}
	names := slices.Collect(maps.Keys(asked))
	err = r.each(ctx, len(names), func(ctx context.Context, i int) error {
		return r.searchDomain(ctx, names[i], asked[names[i]])
	})
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	inDeserted := 0
	for name, emails := range asked {
		switch d := r.domains[name]; {
		case d.probed && d.pages > 0:
			return false, nil
		case d.probed:
			inDeserted += len(emails)
		}
	}
	return r.searchRefusal == nil && inDeserted >= FewestForNobody, nil
}

func (r *Reader) searchDomain(ctx context.Context, name string, emails []string) error {
	d := r.domain(name)
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	unknown, worth := r.worth(d, emails)
	if worth > 1 && !d.probed {
		if err := r.readPage(ctx, name, d, 0); err != nil {
			return r.giveUp(err)
		}
		unknown, worth = r.worth(d, emails)
	}
	if unknown == 0 || !d.probed || d.pages-1 >= worth || r.tellsNothing(d) {
		r.mu.Lock()
		defer r.mu.Unlock()
		d.lookups += unknown
		return nil
	}
	err := r.each(ctx, d.pages-1, func(ctx context.Context, i int) error { return r.readPage(ctx, name, d, i+1) })
	if err != nil {
		return r.giveUp(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	d.complete = true
	return nil
}

func (r *Reader) domain(name string) *domain {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domains[name]
	if d == nil {
		d = &domain{turn: make(chan struct{}, 1), shown: map[string]shown{}}
		r.domains[name] = d
	}
	return d
}

// worth is how many requests the pages that were not read yet may cost: a look-up
// for each user who is unknown, and those that went by for lack of these pages. So
// they are read at the latest when as many look-ups were sent, whoever asked.
func (r *Reader) worth(d *domain, emails []string) (unknown, requests int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d.complete || r.searchRefusal != nil {
		return 0, 0
	}
	for _, email := range emails {
		_, known := r.judgement(Key(email))
		if _, onPage := d.shown[Key(email)]; !known && !onPage {
			unknown++
		}
	}
	return unknown, unknown + d.lookups
}

// tellsNothing holds when no user of the first page is complete: then no page
// would save a look-up.
func (r *Reader) tellsNothing(d *domain) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range d.shown {
		if s.user != nil && !s.user.Incomplete() {
			return false
		}
	}
	return true
}

func (r *Reader) readPage(ctx context.Context, name string, d *domain, number int) error {
	page, asOf, err := r.searchPage(ctx, pageOf{"@" + name, number}, false)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if number == 0 {
		d.probed, d.pages = true, page.TotalPages
		d.complete = d.pages <= 1
	}
	for _, user := range page.Users {
		key := Key(user.Email)
		if before, twice := d.shown[key]; twice && (before.user == nil || before.user.ID != user.ID) {
			user = nil
		}
		d.shown[key] = shown{user, asOf}
	}
	return nil
}

// giveUp turns to look-ups for the rest of the run when search is refused, as
// opposed to a tenant that is in trouble: look-ups would only add to that.
func (r *Reader) giveUp(err error) error {
	var refusal *cloudadmin.Error
	var unexpected *cloudadmin.UnexpectedAnswerError
	refused := errors.As(err, &unexpected)
	if errors.As(err, &refusal) {
		refused = refusal.Status < 500 && refusal.Status != http.StatusTooManyRequests || refusal.Status == http.StatusNotImplemented
	}
	if !refused {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.searchRefusal = err
	return nil
}

// shown needs the lock. It answers nil where search shows nobody.
func (r *Reader) shown(email string) *cloudadmin.User {
	d := r.domains[domainOf(email)]
	if d == nil {
		return nil
	}
	s := d.shown[Key(email)]
	if s.user == nil || !r.upToDate(s.user, s.asOf) {
		return nil
	}
	return s.user
}
