// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

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
	for i, p := range pages {
		s := p.shape
		if s.totalUsers == nil || *s.totalUsers != *first.totalUsers {
			return "wrong: they differ from page to page"
		}
		rest := *s.totalUsers - (p.number-pages[0].number)*cloudadmin.LargestPage
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
