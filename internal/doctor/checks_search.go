// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// page is one page of a search, as far as it could be used.
type page struct {
	number int
	shape  shape
	// users is nil where the client could not use the answer.
	users []*cloudadmin.User
	err   error
}

func (x *examination) page(ctx context.Context, like string, number int) page {
	found, err := x.client.Users.Search(ctx, like, number)
	p := page{number: number, shape: x.observer.last(search).body, err: err}
	if err != nil {
		return p
	}
	p.users = found.Users
	for _, user := range found.Users {
		x.keepUser(user)
	}
	return p
}

// checkSearch reads a few pages, however many there are: the first three, the last,
// one past the end, and the first again.
func (x *examination) checkSearch(ctx context.Context) bool {
	const name = "search"
	like, first := x.firstPage(ctx)
	if first.err != nil && !first.shape.hasElements {
		x.failedSearch(first)
		return true
	}
	x.answer(askFirstPage, "%d", first.number)
	pages := []page{first}
	if first.err == nil {
		count := pageCount(first.shape)
		for _, i := range []int{1, 2, count - 1} {
			if number := first.number + i; i < count && number > pages[len(pages)-1].number {
				pages = append(pages, x.page(ctx, like, number))
			}
		}
		if again := x.page(ctx, like, first.number); again.err == nil {
			x.answer(askStable, "%s", yesNo(slices.EqualFunc(first.users, again.users, isSame)))
		}
		end := x.page(ctx, like, first.number+max(count, 1))
		x.answer(askPastEnd, "%s", x.pastEnd(end, pages))
	}
	for _, p := range pages {
		x.seen = append(x.seen, p.users...)
	}
	x.answer(askTotals, "%s", totals(pages))
	x.checkElements(pages)
	if first.err == nil {
		x.checkOrder(pages)
	}
	x.concludeSearch(name, first)
	return true
}

// firstPage finds out what a search takes, and the number of its first page.
func (x *examination) firstPage(ctx context.Context) (like string, first page) {
	likes := []string{"@"}
	if _, domain, given := strings.Cut(x.options.email, "@"); given {
		likes = append(likes, "@"+domain)
	}
	for _, like = range likes {
		for number := range 2 {
			if first = x.page(ctx, like, number); !cloudadmin.IsBadRequest(first.err) {
				if first.err == nil {
					x.answer(askLike, "%s", yesNo(like == likes[0]))
				}
				return like, first
			}
		}
	}
	return like, first
}

func (x *examination) failedSearch(first page) {
	const name = "search"
	last := x.observer.last(search)
	f := finding{name: name, result: note, said: "there was no usable answer", detail: first.err.Error()}
	const without = "Until then read_with = \"lookup\" reads users without a search."
	switch {
	case cloudadmin.IsUnauthorized(first.err):
		f.said, f.advice = fmt.Sprintf("refused: %d, %s", last.status, last.body.refusal()), "The key's role or the token's scopes do not cover searching. "+without
	case last.status != 0:
		f.said, f.advice = fmt.Sprintf("%d, %s", last.status, last.body.refusal()), "Please report that, with the report below. "+without
	}
	x.found(f)
}

// pageCount is how many pages a search has, by its own totals.
func pageCount(s shape) int {
	if s.totalUsers != nil {
		return (*s.totalUsers + cloudadmin.LargestPage - 1) / cloudadmin.LargestPage
	}
	if s.totalPages != nil {
		return *s.totalPages
	}
	return 0
}

func isSame(a, b *cloudadmin.User) bool { return a.ID == b.ID && a.EmailAddress == b.EmailAddress }

// concludeSearch says in one line what is as the provider expects, else what is not.
func (x *examination) concludeSearch(name string, first page) {
	var odd []string
	for _, expected := range []struct {
		q      question
		answer []string
		text   string
	}{
		{askFirstPage, []string{"0"}, "its first page is number "},
		{askTotals, []string{"right"}, "totals: "},
		{askPastEnd, []string{"empty"}, "past the end: "},
		{askStable, []string{"yes"}, "a page read twice shows the same users: "},
		{askOrder, []string{"yes", "yes, capitals first"}, "sorted: "},
		{askRepeats, []string{"no", "not known: there is one page only"}, "users on two pages: "},
		{askTwins, []string{"no"}, "two users with one address: "},
		{askProperties, []string{"yes"}, "userStatus and markDeleted in each element: "},
	} {
		if answer, asked := x.answers[expected.q]; asked && !slices.Contains(expected.answer, answer) {
			odd = append(odd, expected.text+answer)
		}
	}
	if len(odd) == 0 && first.err == nil {
		x.ok(name, "works; %d users were read; userStatus and markDeleted are in each element", len(x.seen))
		return
	}
	f := finding{name: name, result: note, said: strings.Join(odd, "; "), advice: "The provider looks up whom a search does not show well. read_with = \"lookup\" does without searches. Please report that, with the report below."}
	if first.err != nil {
		f.detail = first.err.Error()
	}
	x.found(f)
}
