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

// Listing is which users to list.
type Listing struct {
	// EmailContains is a part of the address.
	EmailContains string
	// Lookup reports whether to look up a user whom search shows. Those whom it shows
	// incompletely are looked up in any case.
	Lookup func(*cloudadmin.User) bool
	// AsShown takes users as search shows them, also those whom it shows incompletely.
	AsShown bool
	// Match reports whether a user is wanted; nil wants everybody.
	Match func(*cloudadmin.User) bool
	// Limit is how many are wanted; 0 is no limit.
	Limit int
	// Fresh reads pages that the run has read before, too.
	Fresh bool
	// Total, when set, is called with the number of users whom the search finds,
	// before Match, as soon as that is known, and again when it has changed. An error ends
	// the listing.
	Total func(users int) error
}

// ShortfallError comes at the end of a listing that may lack somebody.
type ShortfallError struct {
	// Shown is how many different users the pages had, Counted how many the search had
	// counted: the same, unless the search repeats or skips users, or shows somebody
	// without an id and an address.
	Shown, Counted int
	// Gone are addresses whom search shows and of whom a look-up says that there is
	// nobody.
	Gone []string
	// Shared are addresses of several users, some of whom are not listed: search shows
	// them incompletely, or on another page, and a look-up finds one of them.
	Shared []SharedAddress
}

// SharedAddress is an address that several users have.
type SharedAddress struct {
	Email string
	// IDs begin with that of the user whom a look-up finds, and who is listed.
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

// List lists users in the order of their addresses. Pages are read while the
// users are taken, some ahead of that, but none that a limit might not need, and
// none that the run has read before, unless Fresh. Find then knows the users whom
// they show. The first failure comes last, and so does a *ShortfallError. ErrNobody
// is the failure where many of those shown were looked up, and none exists.
func (r *Reader) List(ctx context.Context, l Listing) iter.Seq2[*cloudadmin.User, error] {
	return func(yield func(*cloudadmin.User, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		walk := &walk{Listing: l, reader: r, given: map[string]bool{}, shown: people{}, total: -1}
		defer walk.requests.Wait()
		defer cancel()

		goesOn, err := walk.pass(ctx, yield)
		if err == nil && goesOn && (walk.moved || walk.isShort()) {
			// Users came or went, and others moved to a page that had been read; or the
			// order is not stable. A second pass finds those.
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

// walk is one listing under way.
type walk struct {
	Listing
	reader   *Reader
	requests sync.WaitGroup

	given map[string]bool // by id
	count int             // of those who were given
	// total is how many users the search counted, shown whom the pages had.
	total int
	shown people
	// barren is how many of the last pages showed nobody new.
	barren int
	// moved is whether that count changed meanwhile.
	moved bool
	// countsPages is whether the search counts the users of each page alone.
	countsPages bool
	// again is whether this pass reads pages that the run has read already.
	again bool
	// looked counts who was looked up, gone is who of them does not exist.
	looked int
	gone   []string
	// replaced are elements in whose place a look-up found another user.
	replaced []replacement
}

// replacement is an element of a search, and the user whom a look-up found instead.
type replacement struct{ email, shown, found string }

// shared returns the addresses of those elements in whose place a look-up found somebody
// whom search shows too.
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

// isShort reports whether the pages do not have the users that the search counts.
// More are nothing odd where users came and went.
func (w *walk) isShort() bool {
	return w.total >= 0 && !w.countsPages && (len(w.shown) < w.total || len(w.shown) > w.total && !w.moved)
}

type searched struct {
	page *cloudadmin.SearchPage
	asOf int
	err  error
}

// pass goes through all pages once. It reports whether there may be more to give.
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

// mayGoOn reports whether more pages may follow the last one that was counted: it is full
// and counts itself alone, or pages are smaller than asked for, and not all users are
// shown yet. Where nobody on it is new, none follow.
func (w *walk) mayGoOn(page *cloudadmin.SearchPage, seen people, small bool) bool {
	isNew := seen.add(page.Users)
	isFull := len(page.Users) >= cloudadmin.LargestPage && page.TotalPages <= 1 && page.TotalUsers <= len(page.Users)
	return isNew && (isFull || small && len(seen) < w.total)
}

// people are users by id, or by address where search shows no id.
type people map[string]bool

// add reports whether one of the users is new.
func (p people) add(users []*cloudadmin.User) (isNew bool) {
	before := len(p)
	for _, user := range users {
		p[cmp.Or(user.ID, string(user.EmailAddress))] = true
	}
	return len(p) > before
}

// endsListing reports whether a page beyond those that were counted has nobody, or is
// refused: then there is none.
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

// barrenPages is how many pages in a row may show nobody new in the first pass: a
// search that goes on like that may never end.
const barrenPages = 3

// show notes whom a page shows.
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
		Problem: fmt.Sprintf("the search counts %d users, and pages %d to %d show nobody whom it has not shown before", w.total, number-barrenPages+1, number),
	}
}

// ahead is how many pages may be on their way: not more than are needed for
// certain. The first tells how many there are.
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

// give yields those users of a page who are wanted. With a limit, it looks up no
// more users at once than may still be given.
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

// isToLookUp reports whether search alone does not do for a user.
func (w *walk) isToLookUp(user *cloudadmin.User) bool {
	return !w.AsShown && (user.Incomplete() || w.Lookup != nil && w.Lookup(user)) && (user.ID == "" || !w.given[user.ID])
}

// completed looks those up for whom search alone does not do. Who is gone meanwhile
// is left out.
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
		return nil, ErrNobody
	}
	return whole, nil
}

// lookedUp returns whom a look-up found instead of an element of a search; nil for
// nobody. A look-up finds one of several users with an address: if search shows that
// one too, the element is all there is of the other.
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
