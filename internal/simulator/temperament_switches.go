// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
)

// temperaments is how the tenant behaves where the API's documentation leaves
// it open; temperamentTable says what is open. The tenant's lock guards it,
// and its zero value is the behaviour that is the most likely.
type temperaments struct {
	sameStatus      int    // 0: 200
	markedAs        string // empty: the status
	disablingMarked int    // 0: allowed
	compareCase     bool
	unknown         int // 0: 404
	frozenLookup    *addressIndex[*account]
	repeatPages     bool
	skipAtBorders   bool
	pagesFrom1      bool
}

// AnswerSameStatus says which HTTP status answers a PUT of the status that the
// user has already: 200, which is the default, 304 without a body, or a refusal
// such as 400 or 409. A user who is marked for deletion or disabled by a
// synchronization still cannot be enabled.
func (t *Tenant) AnswerSameStatus(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code == http.StatusOK {
		code = 0
	}
	t.temperaments.sameStatus = code
}

// ShowMarkedAs says what stands for the userStatus of a user who is marked for
// deletion, as in "Pending Deletion", in every answer of the API. Empty, which
// is the default, shows the status itself. [Tenant.User] always does.
func (t *Tenant) ShowMarkedAs(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.markedAs = word
}

// RefuseDisablingMarked says with which HTTP status the tenant refuses to
// disable a user who is marked for deletion, whether Enabled or Disabled. 0,
// which is the default, allows it.
func (t *Tenant) RefuseDisablingMarked(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.disablingMarked = code
}

// CompareCase has look-up compare the case of letters in email addresses and
// usernames. Search goes on without, and shows them as the tenant has them; so
// do the methods of Tenant.
func (t *Tenant) CompareCase(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.compareCase = on
}

// AnswerUnknownUser says which HTTP status answers a look-up of a user whom the
// tenant does not have: 404, which is the default, or 400.
func (t *Tenant) AnswerUnknownUser(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code == http.StatusNotFound {
		code = 0
	}
	t.temperaments.unknown = code
}

// FreezeLookup has look-up answer with the users as they are now, as a replica
// does that lags. Search and changes go on. With searchUnsynched, look-up finds
// who came since.
func (t *Tenant) FreezeLookup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	copies := make(map[*account]*account, len(t.accounts))
	for _, a := range t.accounts {
		frozen := *a
		copies[a] = &frozen
	}
	index := t.addresses.copied(copies)
	t.temperaments.frozenLookup = &index
}

// ThawLookup ends what FreezeLookup began.
func (t *Tenant) ThawLookup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.frozenLookup = nil
}

// RepeatSearchPages has each page of a search but the first answer with the
// users of the page before, so that the last ones are on no page. The totals
// stay right.
func (t *Tenant) RepeatSearchPages(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.repeatPages = on
}

// SkipAtBorders has search lose the first user of each page but the first, and
// show the last of the page before once more, as an order does that is not
// stable. The totals stay right.
func (t *Tenant) SkipAtBorders(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.skipAtBorders = on
}

// CountPagesFrom1 has the first page of a search be number 1. Number 0 is
// refused then; a tenant that takes it for the first is one that
// [Tenant.RepeatSearchPages].
func (t *Tenant) CountPagesFrom1(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.pagesFrom1 = on
}

// shown returns the user as an answer shows it. It needs the lock.
func (t *Tenant) shown(a *account) *User {
	if t.temperaments.markedAs == "" || !a.MarkDeleted {
		return &a.User
	}
	u := a.User
	u.Status = t.temperaments.markedAs
	return &u
}

func (m *temperaments) unknownUser() int {
	if m.unknown == 0 {
		return http.StatusNotFound
	}
	return m.unknown
}

func (m *temperaments) firstPageNumber() int {
	if m.pagesFrom1 {
		return 1
	}
	return 0
}

// page returns what is on a page of a search; its numbers count from 0 here.
// The result is not to be changed.
func (m *temperaments) page(matches []*account, size, number int) []*account {
	if m.repeatPages && number > 0 {
		number--
	}
	pages := (len(matches) + size - 1) / size
	first := min(min(number, pages)*size, len(matches))
	page := matches[first:min(first+size, len(matches))]
	if m.skipAtBorders && first > 0 && len(page) > 0 {
		page = slices.Clone(page)
		page[0] = matches[first-1]
	}
	return page
}
