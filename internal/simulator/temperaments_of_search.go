// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

// searchTemperaments are the open questions about user search. A lag is in lagTemperaments.
type searchTemperaments struct {
	repeatPages   bool
	skipAtBorders bool
	pagesFrom1    bool
	unstable      bool
	endless       bool
	totals        string // empty: totalsRight
	large         bool
	bare          bool
}

var searchTemperamentTable = []Temperament{
	{
		Name: "repeat-search-pages", Method: "RepeatSearchPages", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether each page of a search shows the users of the previous page.",
		Documented: "Pages count from 0, and matches are sorted by email address, ascending.",
		set:        setFlag((*Tenant).RepeatSearchPages),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.repeatPages) },
	},
	{
		Name: "skip-at-borders", Method: "SkipAtBorders", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether a search loses a user at each page border, and repeats the one before.",
		Documented: "Matches are sorted by email address, ascending; how equal ones are sorted, and what happens to pages while users come and go, is not documented.",
		set:        setFlag((*Tenant).SkipAtBorders),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.skipAtBorders) },
	},
	{
		Name: "unstable-order", Method: "SortUnstably", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether every second page of a search is cut from users sorted by another key.",
		Documented: "Matches are sorted by email address, ascending; that the order is the same for every page is not documented.",
		set:        setFlag((*Tenant).SortUnstably),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.unstable) },
	},
	{
		Name: "pages-from-1", Method: "CountPagesFrom1", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether the first page of a search is number 1, and 0 is refused.",
		Documented: "The first page is number 0.",
		set:        setFlag((*Tenant).CountPagesFrom1),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.pagesFrom1) },
	},
	{
		Name: "search-totals", Method: "AnswerSearchTotals", Kinds: []Kind{KindSearch},
		Answers:    []string{totalsRight, totalsNone, totalsZero, totalsMany, totalsText},
		Decides:    "What totalPages and totalElements of a search are: right, absent (none), 0 (zero), far too many, or right but text instead of numbers.",
		Documented: "A search returns totalPages and totalElements beside the elements; how exact they are is not documented.",
		set:        (*Tenant).AnswerSearchTotals,
		get:        func(t *Tenant) string { return textOr(t.temperaments.search.totals, totalsRight) },
	},
	{
		Name: "endless-search", Method: "SearchEndlessly", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether each page of a search has users, starting again with the first, and the totals always promise one more page.",
		Documented: "What a page beyond the last contains is not documented.",
		set:        setFlag((*Tenant).SearchEndlessly),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.endless) },
	},
	{
		Name: "large-pages", Method: "EnlargePages", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether each element of a search names so many groups that a page of 25 users is longer than 1 MiB.",
		Documented: "A page has at most 25 users; how long an element can be, and whether it names groups, is not documented.",
		set:        setFlag((*Tenant).EnlargePages),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.large) },
	},
	{
		Name: "bare-search", Method: "BareSearch", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether the elements of a search have only id and emailAddress.",
		Documented: "Search shows users in the form of look-up; whether each element has every property is not documented.",
		set:        setFlag((*Tenant).BareSearch),
		get:        func(t *Tenant) string { return onOff(t.temperaments.search.bare) },
	},
}

// RepeatSearchPages makes each page of a search but the first show the users of the
// previous page, so that the last users are on no page. The totals stay right.
func (t *Tenant) RepeatSearchPages(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.repeatPages = on
}

// SkipAtBorders makes search lose the first user of each page but the first, and repeat the
// last user of the previous page, as an unstable order does. The totals stay right.
func (t *Tenant) SkipAtBorders(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.skipAtBorders = on
}

// SortUnstably makes search cut every second page, beginning with the second, from the
// matches in the order of their ids, so that some users are on two pages and others on
// none. The totals stay right.
func (t *Tenant) SortUnstably(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.unstable = on
}

// CountPagesFrom1 makes the first page of a search number 1. Number 0 is then refused; a
// tenant that treats it as the first behaves like [Tenant.RepeatSearchPages].
func (t *Tenant) CountPagesFrom1(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.pagesFrom1 = on
}

// AnswerSearchTotals sets the totals of a search, by an answer of the switch search-totals.
// The elements stay right.
func (t *Tenant) AnswerSearchTotals(answer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.totals = answer
}

// SearchEndlessly makes a search that finds users never end: after the last page comes the
// first again, and the totals grow with the number of the page so that there is always one
// more.
func (t *Tenant) SearchEndlessly(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.endless = on
}

// EnlargePages adds 900 names of groups to each element of a search, which makes a page of
// 25 users longer than 1 MiB, and shorter than 2.
func (t *Tenant) EnlargePages(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.large = on
}

// BareSearch leaves every property but id and emailAddress out of the elements of a search.
// [Tenant.OmitFromSearch] leaves out others.
func (t *Tenant) BareSearch(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.search.bare = on
}
