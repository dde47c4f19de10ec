// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// page is one page of a search, if it could be used.
type page struct {
	number int
	// status is 0 if there was no answer.
	status int
	shape  shape
	// users is nil if the client could not use the answer.
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

// isAnswered reports whether there was an answer for a page, usable or not.
func (p page) isAnswered() bool { return p.status == 200 && p.shape.hasElements }

// shows reports whether two pages show the same users.
func (p page) shows(other page) bool {
	return len(p.users) > 0 && slices.EqualFunc(p.users, other.users, isSame)
}

// reading is what was read of a search: some pages by its own totals, and the page after
// the last.
type reading struct {
	first page
	// pages are the answered pages, with the first one in front.
	pages []page
	// lost is how many were not answered.
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

// goesOn reports whether the page after the last shows new users.
func (r reading) goesOn() bool {
	return len(r.end.users) > 0 && !slices.ContainsFunc(r.pages, r.end.shows)
}

// isFromOne reports whether pages are counted from 1 and 0 is treated as 1: these two are
// the same, and the last page has a number one higher than the totals say.
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
