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

// checkSearch reads a few pages, whatever their number: the first three, the last, one past
// the end, and the first again.
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
			x.answer(askFirstPage, "1, and 0 is treated as 1")
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

// firstPage finds out which text a search accepts, and the number of its first page.
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
				break // Another text may find users.
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
	f := finding{name: name, result: note, text: "there was no usable answer", detail: first.err.Error()}
	const without = "Until that is fixed, read_with = \"lookup\" reads users without a search."
	switch {
	case cloudadmin.IsUnauthorized(first.err):
		f.text, f.advice = fmt.Sprintf("refused: %d, %s", last.status, last.body.refusal()), "The key's role or the token's scopes do not allow searches. "+without
	case last.body.length > longestBody:
		x.answer(askPageLength, "%s", length(last.body.length))
		f.text, f.advice = "a page of more than 16 MiB", "The provider does not read such a page. Please report this, with the report below. "+without
	case last.status != 0:
		f.text, f.advice = fmt.Sprintf("%d, %s", last.status, last.body.refusal()), "Please report this, with the report below. "+without
	}
	x.found(f)
}

// pageCount returns how many pages a search has, by its own totals.
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

// concludeSearch reports in one line that search works as the provider expects, or what
// differs.
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
		odd = append(odd, "the provider does not accept the answer")
	}
	switch {
	case len(odd) > 0:
		f := finding{name: name, result: note, text: strings.Join(odd, "; "), advice: "The provider looks up users that a search does not show completely. read_with = \"lookup\" avoids searches. Please report this, with the report below."}
		if r.first.err != nil {
			f.detail = r.first.err.Error()
		}
		x.found(f)
	case len(x.seen) == 0:
		x.note(name, "answered, but has shown no user, so nothing more is known", "The provider looks up users that a search does not show. read_with = \"lookup\" avoids searches.")
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

// number returns a number with its noun.
func number(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
