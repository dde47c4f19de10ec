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

	"golang.org/x/sync/semaphore"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// domain is what search shows of the users whose addresses end in it.
type domain struct {
	// turn is held by the goroutine that reads pages.
	turn *semaphore.Weighted

	// The lock of facts guards the rest.
	shown map[string]shown // by Address.Key
	// probed is whether the first page was read, which has the number of pages.
	probed, complete bool
	pages            int
}

// shown is a user as search has shown one, with all users of the address if there are several.
type shown struct {
	user  *cloudadmin.User
	twins []*cloudadmin.User
	asOf  int // changes, when the page was requested
	// spellings are how the address is written: in a tenant that compares case, each
	// belongs to another person.
	spellings []string
}

// spelling returns the spelling with which to look an address up: search's, unless it shows
// several; then only the identical one certainly belongs to the person.
func (s shown) spelling(who cloudadmin.Address) string {
	if len(s.spellings) > 1 || slices.Contains(s.spellings, who.String()) {
		return who.String()
	}
	return s.spellings[0]
}

// of returns the user that search shows under exactly this spelling, or else the first.
func (s shown) of(who cloudadmin.Address) *cloudadmin.User {
	for _, twin := range s.twins {
		if string(twin.EmailAddress) == who.String() {
			return twin
		}
	}
	return s.user
}

// domainOf returns the part after the @, in lower case: tenants seldom write domains in
// capitals, and search may compare case.
func domainOf(email string) string {
	return strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
}

// search reads the pages of the domains for which that takes fewer requests than looking
// each user up. deserted reports whether the domains of many addresses were searched and
// have no user.
func (r *Reader) search(ctx context.Context, who []cloudadmin.Address) (deserted bool, err error) {
	asked := map[string][]cloudadmin.Address{}
	for _, one := range who {
		if one.IsEmail() {
			name := domainOf(one.String())
			asked[name] = append(asked[name], one)
		}
	}
	names := slices.Collect(maps.Keys(asked))
	err = r.each(ctx, len(names), func(ctx context.Context, i int) error {
		return r.searchDomain(ctx, names[i], asked[names[i]])
	})
	if err != nil {
		return false, err
	}
	return r.facts.areDeserted(asked), nil
}

func (f *facts) areDeserted(asked map[string][]cloudadmin.Address) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	users := 0
	for name, who := range asked {
		switch d := f.domains[name]; {
		case d.probed && d.pages > 0:
			return false
		case d.probed:
			users += len(who)
		}
	}
	return f.searchRefusal == nil && users >= Many
}

func (r *Reader) searchDomain(ctx context.Context, name string, who []cloudadmin.Address) error {
	d := r.facts.domain(name)
	if err := d.turn.Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	defer d.turn.Release(1)
	unknown, probed, pages := r.facts.worth(d, who)
	if unknown > 1 && !probed {
		if err := r.readPage(ctx, name, d, 0); err != nil {
			return r.giveUp(err)
		}
		unknown, probed, pages = r.facts.worth(d, who)
	}
	if unknown == 0 || !probed || pages-1 >= unknown || r.facts.tellsNothing(d) {
		return nil
	}
	err := r.each(ctx, pages-1, func(ctx context.Context, i int) error { return r.readPage(ctx, name, d, i+1) })
	if err != nil {
		return r.giveUp(err)
	}
	r.facts.completed(d)
	return nil
}

func (f *facts) domain(name string) *domain {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.domains[name]
	if d == nil {
		d = &domain{turn: semaphore.NewWeighted(1), shown: map[string]shown{}}
		f.domains[name] = d
	}
	return d
}

// worth returns how many look-ups the unread pages can save: one for each user who is still
// unknown.
func (f *facts) worth(d *domain, who []cloudadmin.Address) (unknown int, probed bool, pages int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d.complete || f.searchRefusal != nil {
		return 0, d.probed, d.pages
	}
	for _, one := range who {
		key := one.Key()
		r := f.lookups[key]
		if _, onPage := d.shown[key]; !onPage && (r == nil || !r.isDone() || !f.isCurrent(r)) {
			unknown++
		}
	}
	return unknown, d.probed, d.pages
}

// tellsNothing reports whether no user of the first page is complete: then no page would
// save a look-up.
func (f *facts) tellsNothing(d *domain) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range d.shown {
		if !s.user.Incomplete() {
			return false
		}
	}
	return true
}

func (f *facts) completed(d *domain) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d.complete = true
}

func (r *Reader) readPage(ctx context.Context, name string, d *domain, number int) error {
	page, asOf, err := r.searchPage(ctx, pageOf{"@" + name, number}, false)
	if err != nil {
		return err
	}
	if number == 0 {
		r.facts.probed(d, page.TotalPages)
	}
	r.facts.show(d, page.Users, asOf)
	return nil
}

func (f *facts) probed(d *domain, pages int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d.probed, d.pages, d.complete = true, pages, pages <= 1
}

// list records the users on a page of search, of whatever domains.
func (f *facts) list(users []*cloudadmin.User, asOf int) {
	byDomain := map[string][]*cloudadmin.User{}
	for _, user := range users {
		name := domainOf(string(user.EmailAddress))
		byDomain[name] = append(byDomain[name], user)
	}
	for name, users := range byDomain {
		f.show(f.domain(name), users, asOf)
	}
}

// show records the users on a page of search.
func (f *facts) show(d *domain, users []*cloudadmin.User, asOf int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, user := range users {
		if user.EmailAddress == "" {
			continue
		}
		if user.ID != "" {
			f.byID[user.ID] = user
		}
		key := cloudadmin.Email(string(user.EmailAddress)).Key()
		before, again := d.shown[key]
		s := shown{user: user, asOf: asOf, spellings: before.spellings}
		if !slices.Contains(s.spellings, string(user.EmailAddress)) {
			s.spellings = append(slices.Clone(s.spellings), string(user.EmailAddress))
		}
		if again && before.user.ID != "" && user.ID != "" {
			s.twins = before.twins
			if before.user.ID != user.ID {
				s.user = before.user
				s.twins = withTwins(before.twins, before.user, user)
			}
		}
		d.shown[key] = s
	}
}

// withTwins adds users to those of one address, each once.
func withTwins(twins []*cloudadmin.User, users ...*cloudadmin.User) []*cloudadmin.User {
	for _, user := range users {
		if !slices.ContainsFunc(twins, func(twin *cloudadmin.User) bool { return twin.ID == user.ID }) {
			twins = append(twins, user)
		}
	}
	return twins
}

// searchPage reads a page of a search once for all callers of a run, until a user is
// changed. If again is set, it always reads the page.
func (r *Reader) searchPage(ctx context.Context, of pageOf, again bool) (page *cloudadmin.SearchPage, asOf int, err error) {
	valid := func(read *reading[*cloudadmin.SearchPage]) bool { return !again && read.asOf == r.facts.changes }
	return once(ctx, r.facts, r.facts.pages, of, valid, func(ctx context.Context) (*cloudadmin.SearchPage, error) {
		page, err := r.users.Search(ctx, of.emailContains, of.number)
		if err == nil {
			r.facts.noteAnswer()
		}
		return page, err
	})
}

// GiveUpSearch switches to look-ups for the rest of the run if an error of List shows that
// search cannot be used, and returns any other error. A 400 is about the text that was
// searched for.
func (r *Reader) GiveUpSearch(err error) error {
	var lookup *LookupError
	if errors.As(err, &lookup) || cloudadmin.IsBadRequest(err) {
		return err
	}
	return r.giveUp(err)
}

// giveUp switches to look-ups for the rest of the run if search is refused, but not if the
// tenant is in trouble: look-ups would only add to it.
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
	r.facts.refuseSearch(err)
	return nil
}
