// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"errors"
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
		f.said, f.advice = fmt.Sprintf("refused: %d, in %s", last.status, last.body.refusal()), "The key's role or the token's scopes do not cover searching. "+without
	case last.status != 0:
		f.said, f.advice = fmt.Sprintf("%d, in %s", last.status, last.body.refusal()), "Please report that, with the report below. "+without
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

// pastEnd says what is on the page after the last.
func (x *examination) pastEnd(end page, pages []page) string {
	var refusal *cloudadmin.Error
	switch {
	case errors.As(end.err, &refusal):
		return fmt.Sprintf("refused: %d", refusal.Status)
	case !end.shape.hasElements:
		return "without elements"
	case end.shape.elements == 0:
		return "empty"
	case end.err == nil:
		last := pages[len(pages)-1]
		if slices.EqualFunc(end.users, last.users, isSame) {
			return "the last page again"
		}
		for _, p := range pages {
			if slices.EqualFunc(end.users, p.users, isSame) {
				return "an earlier page again"
			}
		}
	}
	return "not empty: it shows users"
}

// totals says whether the totals of a search are there and fit what is on its pages.
func totals(pages []page) string {
	first := pages[0].shape
	switch {
	case first.totalPages == nil && first.totalUsers == nil:
		return "missing: neither totalPages nor totalElements"
	case first.totalsAreText:
		return "wrong: text, and no numbers"
	case first.totalUsers == nil:
		return "totalElements is missing"
	case *first.totalUsers < 0 || first.totalPages != nil && *first.totalPages < 0:
		return "wrong: negative"
	}
	rest := *first.totalUsers
	for i, p := range pages {
		s := p.shape
		if s.totalUsers == nil || *s.totalUsers != *first.totalUsers {
			return "wrong: they differ from page to page"
		}
		rest = *s.totalUsers - (p.number-pages[0].number)*cloudadmin.LargestPage
		if want := min(max(rest, 0), cloudadmin.LargestPage); s.elements != want {
			return fmt.Sprintf("wrong: page %d of those that were read has %d users, and should have %d by totalElements", i+1, s.elements, want)
		}
	}
	switch {
	case first.totalPages == nil:
		return "totalPages is missing, totalElements is right"
	case *first.totalPages != pageCount(first):
		return "wrong: totalPages does not fit totalElements"
	}
	return "right"
}

// checkElements says what elements have, and how long pages are.
func (x *examination) checkElements(pages []page) {
	var shapes []shape
	longest, elements := 0, 0
	for _, p := range pages {
		shapes = append(shapes, p.shape)
		longest, elements = max(longest, p.shape.length), elements+p.shape.elements
	}
	x.answer(askPageLength, "%s", length(longest))
	if elements == 0 {
		return
	}
	if lack := lacking(shapes, "userStatus", "markDeleted"); len(lack) > 0 {
		x.answer(askProperties, "no: some or all lack %s", strings.Join(lack, " and "))
	} else {
		x.answer(askProperties, "yes")
	}
}

func length(n int) string {
	const kib = 1 << 10
	switch {
	case n > 16<<20:
		return "more than 16 MiB, which the provider does not read"
	case n > kib*kib:
		return fmt.Sprintf("%d MiB: beyond 1 MiB", (n+kib*kib/2)/kib/kib)
	}
	return fmt.Sprintf("%d KiB: within 1 MiB", (n+kib-1)/kib)
}

// checkOrder says what holds of the users on the pages that were read.
func (x *examination) checkOrder(pages []page) {
	ascending, byBytes := true, true
	ids, addresses := map[string]bool{}, map[string]string{}
	repeated, twins, users := 0, 0, 0
	before := ""
	for _, p := range pages {
		for _, user := range p.users {
			email := string(user.EmailAddress)
			users++
			if user.ID != "" && ids[user.ID] {
				repeated++
				continue // It says nothing about the order of the others.
			}
			ids[user.ID] = true
			ascending = ascending && cloudadmin.Fold(before) <= cloudadmin.Fold(email)
			byBytes = byBytes && before <= email
			before = email
			key := cloudadmin.Fold(email)
			if other, taken := addresses[key]; taken && email != "" && other != user.ID {
				twins++
			}
			addresses[key] = user.ID
		}
	}
	switch {
	case users < 2:
		return
	case ascending:
		x.answer(askOrder, "yes")
	case byBytes:
		x.answer(askOrder, "yes, capitals first")
	default:
		x.answer(askOrder, "no")
	}
	x.answer(askTwins, "%s", noOr(twins, users))
	if len(pages) > 1 {
		x.answer(askRepeats, "%s", noOr(repeated, users))
	} else {
		x.answer(askRepeats, "not known: there is one page only")
	}
}

func noOr(n, of int) string {
	if n == 0 {
		return "no"
	}
	return fmt.Sprintf("yes (%d of the %d that were read)", n, of)
}

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
