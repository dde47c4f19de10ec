// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// pastEnd returns what is on the page after the last.
func (x *examination) pastEnd(r reading) string {
	end := r.end
	var refusal *cloudadmin.Error
	switch {
	case end.status == 0:
		return "not known: " + cmp.Or(x.interrupted(), "no answer came")
	case errors.As(end.err, &refusal):
		return fmt.Sprintf("refused: %d", refusal.Status)
	case !end.shape.hasElements:
		return "without elements"
	case end.shape.elements == 0:
		return "empty"
	case r.goesOn():
		return "not known: the page after the last, according to the totals, shows new users"
	case end.err != nil:
		return "not known: the provider does not accept the answer"
	case end.shows(r.pages[len(r.pages)-1]):
		return "the last page again"
	case slices.ContainsFunc(r.pages, end.shows):
		return "an earlier page again"
	}
	return "not empty: it has elements without an id and an address"
}

// totals returns whether the totals of a search are present and match its pages.
func totals(r reading) string {
	first := r.first.shape
	switch {
	case first.totalsAre == isText:
		return "wrong: text instead of numbers"
	case first.totalsAre != "":
		return "in a form that the provider does not read (" + first.totalsAre + ")"
	case first.totalPages == nil && first.totalUsers == nil:
		return "missing: neither totalPages nor totalElements"
	case first.totalPages != nil && *first.totalPages < 0 || first.totalUsers != nil && *first.totalUsers < 0:
		return "wrong: negative"
	case first.totalPages != nil && *first.totalPages > math.MaxInt32 || first.totalUsers != nil && *first.totalUsers > math.MaxInt32:
		return "impossible: more users than there are people"
	case first.totalUsers == nil && r.goesOn():
		return "wrong: there are users on the page after the last (totalElements is missing)"
	case first.totalUsers == nil:
		return "totalElements is missing"
	}
	for i, p := range r.pages {
		s := p.shape
		if s.totalUsers == nil || *s.totalUsers != *first.totalUsers {
			return "wrong: they differ from page to page"
		}
		rest := *s.totalUsers - (p.number-r.first.number)*cloudadmin.LargestPage
		if want := min(max(rest, 0), cloudadmin.LargestPage); s.people != want {
			return fmt.Sprintf("wrong: page %d of those read has %s, but should have %d by totalElements", i+1, number(s.people, "user"), want)
		}
	}
	switch {
	case r.goesOn():
		return "wrong: there are users on the page after the last"
	case first.totalPages == nil:
		return "totalPages is missing, totalElements is right"
	case *first.totalPages != pageCount(first):
		return "wrong: totalPages does not match totalElements"
	}
	return "right"
}

// checkElements reports what elements have, and how long pages are.
func (x *examination) checkElements(pages []page) {
	var shapes []shape
	longest, elements := 0, 0
	for _, p := range pages {
		shapes = append(shapes, p.shape)
		longest, elements = max(longest, p.shape.length), elements+p.shape.people
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

// size returns the length of a body as text.
func size(n int) string {
	const kib = 1 << 10
	if n > kib*kib {
		return fmt.Sprintf("%d MiB", (n+kib*kib/2)/kib/kib)
	}
	return fmt.Sprintf("%d KiB", (n+kib-1)/kib)
}

func length(n int) string {
	switch {
	case n > longestBody:
		return "more than 16 MiB, which the provider does not read"
	case n > 1<<20:
		return size(n) + ": beyond 1 MiB"
	}
	return size(n) + ": within 1 MiB"
}

// checkOrder reports the order of the users on the pages that were read.
func (x *examination) checkOrder(pages []page) {
	ascending, byBytes := true, true
	ids, addresses, folded := map[string]bool{}, map[string]string{}, map[string]string{}
	repeated, twins, inCase, users, withoutID, withoutAddress := 0, 0, 0, 0, 0, 0
	before := ""
	for _, p := range pages {
		for _, user := range p.users {
			email := string(user.EmailAddress)
			users++
			if user.ID == "" {
				withoutID++
			}
			if email == "" {
				withoutAddress++
			}
			if user.ID != "" && ids[user.ID] {
				repeated++
				continue // This says nothing about the order of the others.
			}
			ids[user.ID] = true
			ascending = ascending && cloudadmin.Fold(before) <= cloudadmin.Fold(email)
			byBytes = byBytes && before <= email
			before = email
			key := cloudadmin.Fold(email)
			if other, taken := addresses[email]; taken && email != "" && other != user.ID {
				twins++
			} else if other, taken := folded[key]; taken && email != "" && other != user.ID {
				inCase++
			}
			addresses[email], folded[key] = user.ID, user.ID
		}
	}
	if users == 0 {
		return
	}
	switch {
	case withoutAddress > 0:
		x.answer(askOrder, "not known: %d of %s without an address", withoutAddress, number(users, "element"))
	case users < 2:
	case ascending:
		x.answer(askOrder, "yes")
	case byBytes:
		x.answer(askOrder, "yes, capitals first")
	default:
		x.answer(askOrder, "no")
	}
	switch {
	case twins == 0 && withoutAddress > 0:
		x.answer(askTwins, "not known: %d of %s without an address", withoutAddress, number(users, "element"))
	case twins == 0 && inCase > 0:
		x.answer(askTwins, "no, but with addresses that differ only in case (%d of the %d read)", inCase, users)
	case twins == 0 && withoutID > 0:
		x.answer(askTwins, "not known: %d of %s without an id", withoutID, number(users, "element"))
	default:
		x.answer(askTwins, "%s", noOr(twins, users))
	}
	switch {
	case len(pages) == 1:
		x.answer(askRepeats, onePage)
	case repeated == 0 && withoutID > 0:
		x.answer(askRepeats, "not known: %d of %s without an id", withoutID, number(users, "element"))
	default:
		x.answer(askRepeats, "%s", noOr(repeated, users))
	}
}

const onePage = "not known: one page was read"

func noOr(n, of int) string {
	if n == 0 {
		return "no"
	}
	return fmt.Sprintf("yes (%d of the %d read)", n, of)
}
