// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Listing selects the users to list.
type Listing struct {
	// EmailContains is a part of the address.
	EmailContains string
	// Lookup reports whether to look up a user that search shows. Users that it shows
	// incompletely are looked up in any case.
	Lookup func(*cloudadmin.User) bool
	// AsShown returns users as search shows them, even incomplete ones.
	AsShown bool
	// Match reports whether a user is wanted; nil selects every user.
	Match func(*cloudadmin.User) bool
	// Limit is the maximum number of users; 0 is no limit.
	Limit int
	// Fresh reads even pages that the run has read before.
	Fresh bool
	// Total, if set, is called with the number of users that the search finds, before
	// Match, as soon as it is known, and again when it has changed. An error ends the
	// listing.
	Total func(users int) error
}

// ShortfallError comes at the end of a listing that may be incomplete.
type ShortfallError struct {
	// Shown is how many different users the pages had; Counted is how many the search had
	// counted. They differ if the search repeats or skips users, or shows users without id
	// and address.
	Shown, Counted int
	// Gone are addresses that search shows, but for which a look-up finds no user.
	Gone []string
	// Shared are addresses of several users, some of whom are not listed: search shows them
	// incompletely, or on another page, and a look-up finds one of them.
	Shared []SharedAddress
}

// SharedAddress is an address that several users have.
type SharedAddress struct {
	Email string
	// IDs begin with the id of the user that a look-up finds, who is listed.
	IDs []string
}

// SharedEmails returns the addresses of several users.
func (e *ShortfallError) SharedEmails() []string {
	emails := make([]string, 0, len(e.Shared))
	for _, shared := range e.Shared {
		emails = append(emails, shared.Email)
	}
	return emails
}

func (e *ShortfallError) Error() string {
	return fmt.Sprintf("the search counts %d users and shows %d; of those, %d do not exist", e.Counted, e.Shown, len(e.Gone))
}

// List lists users in the order of their addresses. Pages are read while the users are
// taken, some in advance, but none that a limit might not need, and none that the run has
// read before, unless Fresh is set. Find then knows the users on them. The first failure
// comes last, as does a *ShortfallError. The failure is ErrNoneExist if many of the users
// shown were looked up and none exists.
func (r *Reader) List(ctx context.Context, l Listing) iter.Seq2[*cloudadmin.User, error] {
	return func(yield func(*cloudadmin.User, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		walk := &walk{Listing: l, reader: r, given: map[string]bool{}, shown: people{}, total: -1}
		defer walk.requests.Wait()
		defer cancel()

		goesOn, err := walk.pass(ctx, yield)
		if err == nil && goesOn && (walk.moved || walk.isShort()) {
			// Users came or went, and others moved to a page that had been read; or the
			// order is not stable. A second pass finds them.
			walk.again = true
			goesOn, err = walk.pass(ctx, yield)
		}
		if shared := walk.shared(); err == nil && goesOn && (walk.isShort() || len(walk.gone)+len(shared) > 0) {
			err = &ShortfallError{Shown: len(walk.shown), Counted: walk.total, Gone: walk.gone, Shared: shared}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// walk is one listing in progress.
type walk struct {
	Listing
	reader   *Reader
	requests sync.WaitGroup

	given map[string]bool // by id
	count int             // of the users given so far
	// total is how many users the search counted; shown are the users on its pages.
	total int
	shown people
	// barren is how many of the last pages had no new user.
	barren int
	// moved is whether the total changed meanwhile.
	moved bool
	// countsPages is whether the search counts only the users of each page.
	countsPages bool
	// again is whether this pass reads pages that the run has read already.
	again bool
	// looked counts the users looked up; gone are those of them who do not exist.
	looked int
	gone   []string
	// replaced are elements for which a look-up found another user.
	replaced []replacement
}

// replacement is an element of a search, and the user that a look-up found instead.
type replacement struct{ email, shown, found string }

// shared returns the addresses of the elements for which a look-up found another user that
// search shows, too.
func (w *walk) shared() (shared []SharedAddress) {
	for _, r := range w.replaced {
		if !w.shown[r.found] || w.given[r.shown] {
			continue
		}
		i := slices.IndexFunc(shared, func(s SharedAddress) bool { return s.IDs[0] == r.found })
		if i < 0 {
			i, shared = len(shared), append(shared, SharedAddress{r.email, []string{r.found}})
		}
		if !slices.Contains(shared[i].IDs, r.shown) {
			shared[i].IDs = append(shared[i].IDs, r.shown)
		}
	}
	return shared
}

// isShort reports whether the pages have fewer users than the search counts. More are
// normal if users came and went.
func (w *walk) isShort() bool {
	return w.total >= 0 && !w.countsPages && (len(w.shown) < w.total || len(w.shown) > w.total && !w.moved)
}

type searched struct {
	page *cloudadmin.SearchPage
	asOf int
	err  error
}

// pass goes through all pages once. It reports whether there may be more users to give.
func (w *walk) pass(ctx context.Context, yield func(*cloudadmin.User, error) bool) (goesOn bool, err error) {
	var coming []chan searched
	seen, small := people{}, false // in this pass
	for pages, counted, asked, read := 1, 1, 0, 0; read < pages; read++ {
		for asked < pages && len(coming) < w.ahead(read) {
			coming = append(coming, w.ask(ctx, asked))
			asked++
		}
		got := <-coming[0]
		coming = coming[1:]
		if read >= counted && endsListing(got) {
			break
		}
		if got.err != nil {
			return false, got.err
		}
		w.reader.facts.list(got.page.Users, got.asOf)
		w.countsPages = w.countsPages || read >= counted && got.page.TotalUsers <= len(got.page.Users)
		if err := w.note(got.page, read == 0); err != nil {
			return false, err
		}
		if err := w.show(got.page.Users, read); err != nil {
			return false, err
		}
		counted = max(counted, got.page.TotalPages)
		pages = max(pages, counted)
		if read == 0 {
			small = len(got.page.Users) < min(w.total, cloudadmin.LargestPage)
		}
		if goesOn := w.mayGoOn(got.page, seen, small); goesOn && read+1 == pages {
			pages++
		}
		if goesOn, err := w.give(ctx, got.page.Users, yield); !goesOn || err != nil {
			return false, err
		}
	}
	return true, nil
}

// mayGoOn reports whether more pages may follow the last counted one: it is full and the
// search counts each page separately, or pages are smaller than requested and not all users
// were shown yet. If it has no new user, no page follows.
func (w *walk) mayGoOn(page *cloudadmin.SearchPage, seen people, small bool) bool {
	isNew := seen.add(page.Users)
	isFull := len(page.Users) >= cloudadmin.LargestPage && page.TotalPages <= 1 && page.TotalUsers <= len(page.Users)
	return isNew && (isFull || small && len(seen) < w.total)
}

// people are users by id, or by address if search shows no id.
type people map[string]bool

// add reports whether one of the users is new.
func (p people) add(users []*cloudadmin.User) (isNew bool) {
	before := len(p)
	for _, user := range users {
		p[cmp.Or(user.ID, string(user.EmailAddress))] = true
	}
	return len(p) > before
}

// endsListing reports whether a page beyond the counted ones is empty or refused, which
// means that it does not exist.
func endsListing(got searched) bool {
	var refusal *cloudadmin.Error
	switch {
	case got.err == nil:
		return len(got.page.Users) == 0
	case errors.As(got.err, &refusal):
		return refusal.Status == http.StatusBadRequest || refusal.Status == http.StatusNotFound
	}
	return false
}

// barrenPages is how many pages in a row may have no new user in the first pass: such a
// search may never end.
const barrenPages = 3

// show records the users on a page.
func (w *walk) show(users []*cloudadmin.User, number int) error {
	if isNew := w.shown.add(users); w.again || len(users) == 0 || isNew {
		w.barren = 0
		return nil
	}
	if w.barren++; w.barren < barrenPages {
		return nil
	}
	return &cloudadmin.UnexpectedAnswerError{
		Method: http.MethodPost, Path: "/v2/users/search",
		Problem: fmt.Sprintf("the search counts %d users, but pages %d to %d show no new user", w.total, number-barrenPages+1, number),
	}
}

// ahead returns how many pages may be requested in advance: no more than are certainly
// needed. The first page has the number of pages.
func (w *walk) ahead(read int) int {
	most := w.reader.Workers()
	switch {
	case read == 0:
		return 1
	case w.Limit == 0:
		return most
	}
	return min(most, (w.Limit-w.count-1)/cloudadmin.LargestPage+1)
}

func (w *walk) ask(ctx context.Context, number int) chan searched {
	answer := make(chan searched, 1)
	w.requests.Go(func() {
		page, asOf, err := w.reader.searchPage(ctx, pageOf{w.EmailContains, number}, w.again || w.Fresh)
		answer <- searched{page, asOf, err}
	})
	return answer
}

func (w *walk) note(page *cloudadmin.SearchPage, first bool) error {
	if w.total != page.TotalUsers && w.Total != nil && page.TotalUsers >= 0 {
		if err := w.Total(page.TotalUsers); err != nil {
			return err
		}
	}
	w.moved = w.moved || (!first && !w.countsPages && page.TotalUsers != w.total)
	w.total = page.TotalUsers
	return nil
}

// give yields the wanted users of a page. With a limit, it looks up no more users at once
// than may still be given.
func (w *walk) give(ctx context.Context, page []*cloudadmin.User, yield func(*cloudadmin.User, error) bool) (goesOn bool, err error) {
	for len(page) > 0 {
		some := len(page)
		if w.Limit > 0 {
			some = min(some, w.Limit-w.count)
		}
		users, err := w.completed(ctx, page[:some])
		if err != nil {
			return false, err
		}
		page = page[some:]
		for _, user := range users {
			if w.given[user.ID] {
				continue
			}
			w.given[user.ID] = true
			if w.Match != nil && !w.Match(user) {
				continue
			}
			w.count++
			if !yield(user, nil) || w.count == w.Limit {
				return false, nil
			}
		}
	}
	return true, nil
}

// isToLookUp reports whether search alone is not enough for a user.
func (w *walk) isToLookUp(user *cloudadmin.User) bool {
	return !w.AsShown && (user.Incomplete() || w.Lookup != nil && w.Lookup(user)) && (user.ID == "" || !w.given[user.ID])
}

// completed looks up the users for whom search alone is not enough. Users who are gone
// meanwhile are left out.
func (w *walk) completed(ctx context.Context, users []*cloudadmin.User) ([]*cloudadmin.User, error) {
	var lacking []cloudadmin.Address
	for _, user := range users {
		switch {
		case !w.isToLookUp(user):
		case user.EmailAddress == "" && user.Incomplete():
			return nil, &cloudadmin.UnexpectedAnswerError{
				Method: http.MethodPost, Path: "/v2/users/search",
				Problem: "the answer shows the user " + user.ID + " incompletely and without an email address",
			}
		case user.EmailAddress != "":
			lacking = append(lacking, cloudadmin.Email(string(user.EmailAddress)))
		}
	}
	if len(lacking) == 0 {
		return users, nil
	}
	found, err := w.reader.Find(ctx, lacking, Options{})
	if err != nil {
		return nil, err
	}
	whole := make([]*cloudadmin.User, 0, len(users))
	for _, user := range users {
		if w.isToLookUp(user) && user.EmailAddress != "" {
			if refused := found[cloudadmin.Email(string(user.EmailAddress)).Key()].Refused; refused != nil && !cloudadmin.IsBadRequest(refused) {
				return nil, &LookupError{cloudadmin.Email(string(user.EmailAddress)), refused}
			}
			user = w.lookedUp(user, found[cloudadmin.Email(string(user.EmailAddress)).Key()])
		}
		if user != nil {
			whole = append(whole, user)
		}
	}
	if len(w.gone) == w.looked && w.looked >= Many {
		return nil, ErrNoneExist
	}
	return whole, nil
}

// lookedUp returns the user that a look-up found for an element of a search, or nil. A
// look-up finds one of several users with an address: if search shows that user too, the
// element is all that is known of the other.
func (w *walk) lookedUp(element *cloudadmin.User, found Found) *cloudadmin.User {
	if found.User != nil && element.ID != "" && found.User.ID != element.ID {
		if w.shown[found.User.ID] && !element.Incomplete() {
			return element
		}
		w.replaced = append(w.replaced, replacement{string(element.EmailAddress), element.ID, found.User.ID})
	}
	w.looked++
	if found.User == nil && !slices.Contains(w.gone, string(element.EmailAddress)) {
		w.gone = append(w.gone, string(element.EmailAddress))
		w.given[element.ID] = element.ID != ""
	}
	return found.User
}
