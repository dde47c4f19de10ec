// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
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
	// Needs are properties that have to be known: a user whom search shows without
	// one is looked up.
	Needs []cloudadmin.Property
	// Match tells whether a user is wanted; nil wants everybody.
	Match func(*cloudadmin.User) bool
	// Limit is how many are wanted; 0 is no limit.
	Limit int
	// Total, when set, is called with the number of users whom the search finds,
	// before Match, as soon as that is known. An error ends the listing.
	Total func(users int) error
}

// ShortfallError comes at the end of a listing that may lack somebody.
type ShortfallError struct {
	// Shown is how many users the pages had, Counted how many the search had counted:
	// the same, unless the search contradicts itself, or shows somebody without an id
	// and an address.
	Shown, Counted int
	// Gone are addresses whom search shows and of whom a look-up says that there is
	// nobody.
	Gone []string
}

func (e *ShortfallError) Error() string {
	return fmt.Sprintf("the search counts %d users and shows %d; of those, %d do not exist", e.Counted, e.Shown, len(e.Gone))
}

// List lists users in the order of their addresses. Pages are read while the
// users are taken, some ahead of that, but none that a limit might not need, and
// none that the run has read before. The first failure comes last, and so does a
// *ShortfallError. ErrNobody is the failure where many of those shown were looked
// up, and none exists.
func (r *Reader) List(ctx context.Context, l Listing) iter.Seq2[*cloudadmin.User, error] {
	return func(yield func(*cloudadmin.User, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		walk := &walk{Listing: l, reader: r, seen: map[string]bool{}, total: -1}
		walk.Needs = append(slices.Clone(l.Needs), cloudadmin.PropertyID)
		defer walk.requests.Wait()
		defer cancel()

		goesOn, err := walk.pass(ctx, yield)
		if err == nil && goesOn && (walk.moved || walk.isShort()) {
			// Users came or went, and others moved to a page that had been read. A
			// second pass finds those.
			walk.anew = true
			goesOn, err = walk.pass(ctx, yield)
		}
		if err == nil && goesOn && (walk.isShort() || len(walk.gone) > 0) {
			err = &ShortfallError{Shown: walk.shown, Counted: walk.total, Gone: walk.gone}
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

	seen  map[string]bool // by id
	given int
	// total is how many users the search counted, shown how many were on the pages of
	// this pass.
	total, shown int
	// moved is whether that count changed meanwhile.
	moved bool
	// anew is whether this pass reads pages that the run has read already.
	anew bool
	// looked counts who was looked up, gone is who of them does not exist.
	looked int
	gone   []string
}

func (w *walk) isShort() bool { return w.total >= 0 && w.shown != w.total }

type searched struct {
	page *cloudadmin.SearchPage
	err  error
}

// pass goes through all pages once. It tells whether there may be more to give.
func (w *walk) pass(ctx context.Context, yield func(*cloudadmin.User, error) bool) (goesOn bool, err error) {
	w.shown = 0
	var coming []chan searched
	for pages, asked, read := 1, 0, 0; read < pages; read++ {
		for asked < pages && len(coming) < w.ahead(read) {
			coming = append(coming, w.ask(ctx, asked))
			asked++
		}
		got := <-coming[0]
		coming = coming[1:]
		if got.err != nil {
			return false, got.err
		}
		if err := w.note(got.page, read == 0); err != nil {
			return false, err
		}
		w.shown += len(got.page.Users)
		pages = max(pages, got.page.TotalPages)
		if goesOn, err := w.give(ctx, got.page.Users, yield); !goesOn || err != nil {
			return false, err
		}
	}
	return true, nil
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
	return min(most, (w.Limit-w.given-1)/cloudadmin.LargestPage+1)
}

func (w *walk) ask(ctx context.Context, number int) chan searched {
	answer := make(chan searched, 1)
	w.requests.Go(func() {
		page, _, err := w.reader.searchPage(ctx, pageOf{w.EmailContains, number}, w.anew)
		answer <- searched{page, err}
	})
	return answer
}

func (w *walk) note(page *cloudadmin.SearchPage, first bool) error {
	if first && w.total < 0 && w.Total != nil && page.TotalUsers >= 0 {
		if err := w.Total(page.TotalUsers); err != nil {
			return err
		}
	}
	w.moved = w.moved || (!first && page.TotalUsers != w.total)
	w.total = page.TotalUsers
	return nil
}

// give yields those users of a page who are wanted. With a limit, it looks up no
// more users at once than may still be given.
func (w *walk) give(ctx context.Context, page []*cloudadmin.User, yield func(*cloudadmin.User, error) bool) (goesOn bool, err error) {
	for len(page) > 0 {
		some := len(page)
		if w.Limit > 0 {
			some = min(some, w.Limit-w.given)
		}
		users, err := w.completed(ctx, page[:some])
		if err != nil {
			return false, err
		}
		page = page[some:]
		for _, user := range users {
			if w.seen[user.ID] {
				continue
			}
			w.seen[user.ID] = true
			if w.Match != nil && !w.Match(user) {
				continue
			}
			w.given++
			if !yield(user, nil) || w.given == w.Limit {
				return false, nil
			}
		}
	}
	return true, nil
}

// isToLookUp holds for whoever lacks what is needed, and was not given before.
func (w *walk) isToLookUp(user *cloudadmin.User) bool {
	return user.Lacks(w.Needs...) && !w.seen[user.ID]
}

// completed looks those up who lack what is needed. Who is gone meanwhile is left
// out.
func (w *walk) completed(ctx context.Context, users []*cloudadmin.User) ([]*cloudadmin.User, error) {
	var lacking []string
	for _, user := range users {
		switch {
		case !w.isToLookUp(user):
		case user.Email == "":
			return nil, &cloudadmin.UnexpectedAnswerError{
				Method: http.MethodPost, Path: "/v2/users/search",
				Problem: "the answer shows the user " + user.ID + " incompletely and without an email address",
			}
		default:
			lacking = append(lacking, user.Email)
		}
	}
	if len(lacking) == 0 {
		return users, nil
	}
	if err := w.reader.judge(ctx, lacking); err != nil {
		return nil, err
	}
	w.reader.mu.Lock()
	defer w.reader.mu.Unlock()
	whole := make([]*cloudadmin.User, 0, len(users))
	for _, user := range users {
		if w.isToLookUp(user) {
			element := user
			w.looked++
			if user = w.reader.judged[Key(element.Email)].user; user == nil {
				w.gone = append(w.gone, element.Email)
				w.seen[element.ID] = element.ID != ""
			}
		}
		if user != nil {
			whole = append(whole, user)
		}
	}
	if len(w.gone) == w.looked && w.looked >= FewestForNobody {
		return nil, ErrNobody
	}
	return whole, nil
}
