// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"fmt"
	"slices"
)

// Possible totals of a search.
const (
	totalsRight = "right"
	totalsNone  = "none"
	totalsZero  = "zero"
	totalsMany  = "many"
	totalsText  = "text"
)

// farTooMany is more than any tenant has: a client that believes it reads for days.
const farTooMany = 25_000_000

func (m *searchTemperaments) firstPageNumber() int {
	if m.pagesFrom1 {
		return 1
	}
	return 0
}

// page returns what is on a page of a search; its numbers count from 0 here. The result
// must not be changed.
func (m *searchTemperaments) page(matches []*account, size, number int) []*account {
	pages := pagesOf(len(matches), size)
	if m.endless && pages > 0 {
		number %= pages
	}
	if m.unstable && number%2 == 1 {
		matches = slices.SortedFunc(slices.Values(matches), func(a, b *account) int { return cmp.Compare(a.ID, b.ID) })
	}
	if m.repeatPages && number > 0 {
		number--
	}
	first := min(min(number, pages)*size, len(matches))
	page := matches[first:min(first+size, len(matches))]
	if m.skipAtBorders && first > 0 && len(page) > 0 {
		page = slices.Clone(page)
		page[0] = matches[first-1]
	}
	return page
}

// appendTotals appends the totals of a search to a page's JSON object.
func (m *searchTemperaments) appendTotals(json []byte, found, size, number int) []byte {
	if m.endless && found > 0 {
		found = max(found, (number+2)*size)
	}
	switch m.totals {
	case totalsNone:
		return json
	case totalsZero:
		found = 0
	case totalsMany:
		found = farTooMany
	}
	format := `"totalPages":%d,"totalElements":%d,`
	if m.totals == totalsText {
		format = `"totalPages":"%d","totalElements":"%d",`
	}
	return fmt.Appendf(json, format, pagesOf(found, size), found)
}

func pagesOf(users, size int) int { return (users + size - 1) / size }

// groupsOfElement makes 25 elements longer than 1 MiB.
const groupsOfElement = 900

// manyGroups are the properties of a large element, after those of the user.
var manyGroups = func() []byte {
	json := []byte(`,"globalGroups":[`)
	for i := range groupsOfElement {
		if i > 0 {
			json = append(json, ',')
		}
		json = fmt.Appendf(json, `"CN=Example Group %04d,OU=Groups,DC=example,DC=com"`, i+1)
	}
	return append(json, ']')
}()
