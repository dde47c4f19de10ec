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
	// status is 0 where no answer came.
	status int
	shape  shape
	// users is nil where the client could not use the answer.
	users []*cloudadmin.User
	err   error
}

func (x *examination) page(ctx context.Context, like string, number int) page {
	before := len(x.observer.all(search))
	found, err := x.client.Users.Search(ctx, like, number)
	answer := x.observer.since(search, before)
	p := page{number: number, status: answer.status, shape: answer.body, err: err}
	if err != nil {
		return p
	}
	p.users = found.Users
	for _, user := range found.Users {
		x.keepUser(user)
	}
	return p
}

// isAnswered reports whether a page was answered as one, usable or not.
func (p page) isAnswered() bool { return p.status == 200 && p.shape.hasElements }

// shows reports whether two pages show the same users.
func (p page) shows(other page) bool {
	return len(p.users) > 0 && slices.EqualFunc(p.users, other.users, isSame)
}

// reading is what was read of a search: some pages by its own totals, and the one after
// the last.
type reading struct {
	first page
	// pages are those that were answered, first among them.
	pages []page
	// lost is how many were not.
	lost int
	// end is the page after the last. Without a status it was not answered.
	end page
}

func (x *examination) read(ctx context.Context, like string, first page) reading {
	r := reading{first: first, pages: []page{first}}
	if first.err != nil {
		return r
	}
	count := pageCount(first.shape)
	last := first.number
	for _, i := range []int{1, 2, count - 1} {
		number := first.number + i
		if i >= count || number <= last {
			continue
		}
		last = number
		if p := x.page(ctx, like, number); p.isAnswered() {
			r.pages = append(r.pages, p)
		} else {
			r.lost++
		}
	}
	r.end = x.page(ctx, like, first.number+max(count, 1))
	return r
}

// goesOn reports whether the page after the last shows users whom no page has shown.
func (r reading) goesOn() bool {
	return len(r.end.users) > 0 && !slices.ContainsFunc(r.pages, r.end.shows)
}

// isFromOne reports whether pages are counted from 1, and 0 is taken for 1: these two
// are the same, and the last is one further than the totals say.
func (x *examination) isFromOne(ctx context.Context, like string, r reading) bool {
	switch {
	case r.first.number != 0:
		return false
	case pageCount(r.first.shape) > 1:
		return len(r.pages) > 1 && r.pages[1].number == 1 && r.pages[1].shows(r.first) && r.goesOn()
	case !r.end.shows(r.first):
		return false
	}
	next := x.page(ctx, like, 2)
	return next.status == 400 || next.isAnswered() && next.shape.elements == 0
}

// checkSearch reads a few pages, however many there are: the first three, the last,
// one past the end, and the first again.
func (x *examination) checkSearch(ctx context.Context) bool {
	const name = "search"
	like, first := x.firstPage(ctx)
	if first.err != nil && !first.isAnswered() {
		x.failedSearch(first)
		return true
	}
	x.answer(askFirstPage, "%d", first.number)
	r := x.read(ctx, like, first)
	if x.isFromOne(ctx, like, r) {
		if one := x.page(ctx, like, 1); one.err == nil {
			x.answer(askFirstPage, "1, and 0 is taken for it")
			first, r = one, x.read(ctx, like, one)
		}
	}
	if first.err == nil {
		if again := x.page(ctx, like, first.number); again.err == nil && len(first.users) > 0 {
			x.answer(askStable, "%s", yesNo(slices.EqualFunc(first.users, again.users, isSame)))
		}
		x.answer(askPastEnd, "%s", x.pastEnd(r))
	}
	x.answer(askTotals, "%s", totals(r))
	pages := r.pages
	if r.goesOn() {
		pages = append(pages, r.end)
	}
	for _, p := range pages {
		x.seen = append(x.seen, p.users...)
	}
	x.checkElements(pages)
	if first.err == nil {
		x.checkOrder(pages)
	}
	x.concludeSearch(name, r, pages)
	return true
}

// firstPage finds out what a search takes, and the number of its first page.
func (x *examination) firstPage(ctx context.Context) (like string, first page) {
	likes := []string{"@"}
	if _, domain, given := strings.Cut(x.options.email, "@"); given {
		likes = append(likes, "@"+domain)
	}
	for i, like := range likes {
		for number := range 2 {
			first = x.page(ctx, like, number)
			if cloudadmin.IsBadRequest(first.err) {
				continue
			}
			if first.err == nil && first.shape.elements == 0 {
				break // Another text may find somebody.
			}
			if first.err == nil {
				x.answer(askLike, "%s", yesNo(i == 0))
			}
			return like, first
		}
	}
	if first.err == nil {
		x.answer(askLike, showsNobody)
	}
	return likes[len(likes)-1], first
}

const showsNobody = "not known: search has shown no user"

func (x *examination) failedSearch(first page) {
	const name = "search"
	last := exchange{status: first.status, body: first.shape}
	f := finding{name: name, result: note, said: "there was no usable answer", detail: first.err.Error()}
	const without = "Until then read_with = \"lookup\" reads users without a search."
	switch {
	case cloudadmin.IsUnauthorized(first.err):
		f.said, f.advice = fmt.Sprintf("refused: %d, %s", last.status, last.body.refusal()), "The key's role or the token's scopes do not cover searching. "+without
	case last.body.length > longestBody:
		x.answer(askPageLength, "%s", length(last.body.length))
		f.said, f.advice = "a page of more than 16 MiB", "The provider does not read such a page. Please report that, with the report below. "+without
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
func (x *examination) concludeSearch(name string, r reading, pages []page) {
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
		{askRepeats, []string{"no", onePage}, "users on two pages: "},
		{askTwins, []string{"no"}, "two users with one address: "},
		{askProperties, []string{"yes"}, "userStatus and markDeleted in each element: "},
	} {
		if answer, asked := x.answers[expected.q]; asked && !slices.Contains(expected.answer, answer) {
			odd = append(odd, expected.text+answer)
		}
	}
	elements, people := 0, 0
	for _, p := range pages {
		elements, people = elements+p.shape.elements, people+p.shape.people
	}
	if empty := elements - people; empty > 0 {
		odd = append(odd, fmt.Sprintf("null or without an id and an address: %d of %s", empty, number(elements, "element")))
	}
	if r.lost > 0 {
		odd = append(odd, number(r.lost, "page")+" not answered")
	}
	if r.first.err != nil {
		odd = append(odd, "the provider does not take the answer")
	}
	switch {
	case len(odd) > 0:
		f := finding{name: name, result: note, said: strings.Join(odd, "; "), advice: "The provider looks up whom a search does not show well. read_with = \"lookup\" does without searches. Please report that, with the report below."}
		if r.first.err != nil {
			f.detail = r.first.err.Error()
		}
		x.found(f)
	case len(x.seen) == 0:
		x.note(name, "answered, and has shown no user: nothing more is known of it", "The provider looks up whom a search does not show. read_with = \"lookup\" does without searches.")
	default:
		x.ok(name, "works; %s read; userStatus and markDeleted are in each element", wasRead(len(x.seen)))
	}
}

func wasRead(users int) string {
	if users == 1 {
		return "1 user was"
	}
	return number(users, "user") + " were"
}

// number is a number of things.
func number(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
