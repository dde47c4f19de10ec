// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"time"
)

// lagTemperaments are how late look-up and search show changes.
type lagTemperaments struct {
	frozenLookup, frozenSearch *pastUsers // nil unless frozen
	lookup, search             time.Duration
	past                       []*pastUsers // before each change that a lag may still hide, in order
}

var lagTemperamentTable = []Temperament{
	{
		Name: "frozen-lookup", Method: "FreezeLookup", Answers: []string{off, on}, Kinds: []Kind{KindLookup},
		Decides:    "Whether look-up is frozen at the moment of the switch.",
		Documented: "How soon a look-up shows a change is not documented.",
		set:        setFlag(freezing((*Tenant).FreezeLookup, (*Tenant).ThawLookup)),
		get:        func(t *Tenant) string { return onOff(t.temperaments.lag.frozenLookup != nil) },
	},
	{
		Name: "lookup-lag", Method: "LagLookup", Answers: []string{"0s", "5s"}, Others: anyDuration, Kinds: []Kind{KindLookup},
		Decides:    "How late look-up shows changes made after the switch.",
		Documented: "How soon a look-up shows a change is not documented.",
		set:        setDuration((*Tenant).LagLookup),
		get:        func(t *Tenant) string { return seconds(t.temperaments.lag.lookup) },
	},
	{
		Name: "frozen-search", Method: "FreezeSearch", Answers: []string{off, on}, Kinds: []Kind{KindSearch},
		Decides:    "Whether search is frozen at the moment of the switch.",
		Documented: "How soon a search shows a change, and how current it is compared with look-up, is not documented.",
		set:        setFlag(freezing((*Tenant).FreezeSearch, (*Tenant).ThawSearch)),
		get:        func(t *Tenant) string { return onOff(t.temperaments.lag.frozenSearch != nil) },
	},
	{
		Name: "search-lag", Method: "LagSearch", Answers: []string{"0s", "5s"}, Others: anyDuration, Kinds: []Kind{KindSearch},
		Decides:    "How late search shows changes made after the switch.",
		Documented: "How soon a search shows a change, and how current it is compared with look-up, is not documented.",
		set:        setDuration((*Tenant).LagSearch),
		get:        func(t *Tenant) string { return seconds(t.temperaments.lag.search) },
	},
}

func freezing(freeze, thaw func(*Tenant)) func(*Tenant, bool) {
	return func(t *Tenant, on bool) {
		if on {
			freeze(t)
		} else {
			thaw(t)
		}
	}
}

// FreezeLookup makes look-up show the users as they are now, like a replica that lags.
// Search and changes continue. With searchUnsynched, look-up finds users who came later.
func (t *Tenant) FreezeLookup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	t.temperaments.lag.frozenLookup = t.copied(t.Now())
}

// ThawLookup ends the effect of FreezeLookup.
func (t *Tenant) ThawLookup() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.lag.frozenLookup = nil
}

// LagLookup makes look-up show each change late, by the tenant's clock: [Tenant.Advance]
// ends the wait. With searchUnsynched, look-up finds users who came later. The effect of
// FreezeLookup continues.
func (t *Tenant) LagLookup(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.lag.lookup = d
	t.forget()
}

// FreezeSearch makes search show the users as they are now, like an index that lags.
// Look-up and changes continue.
func (t *Tenant) FreezeSearch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	t.temperaments.lag.frozenSearch = t.copied(t.Now())
}

// ThawSearch ends the effect of FreezeSearch.
func (t *Tenant) ThawSearch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.lag.frozenSearch = nil
}

// LagSearch makes search show each change late, by the tenant's clock: [Tenant.Advance]
// ends the wait. The effect of FreezeSearch continues.
func (t *Tenant) LagSearch(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.lag.search = d
	t.forget()
}

// pastUsers are copies of the users as they were until a change.
type pastUsers struct {
	until     time.Time
	accounts  []*account
	addresses addressIndex[*account]
	order     *sortedUsers // nil until a search needs it
}

// copied needs the lock.
func (t *Tenant) copied(until time.Time) *pastUsers {
	p := &pastUsers{until: until, accounts: make([]*account, 0, len(t.accounts))}
	copies := make(map[*account]*account, len(t.accounts))
	for _, a := range t.accounts {
		then := *a
		copies[a] = &then
		p.accounts = append(p.accounts, &then)
	}
	p.addresses = t.addresses.copied(copies)
	return p
}

func (p *pastUsers) sorted() *sortedUsers {
	if p.order == nil {
		p.order = sortUsers(p.accounts)
	}
	return p.order
}

// remember keeps the current users for clients that see a change late. It needs the lock,
// and runs before every change.
func (t *Tenant) remember() { t.rememberUntil(t.Now()) }

func (t *Tenant) rememberUntil(change time.Time) {
	lag := &t.temperaments.lag
	if lag.lookup <= 0 && lag.search <= 0 {
		return
	}
	t.forget()
	lag.past = append(lag.past, t.copied(change))
}

// forget removes what no lag needs any more. It needs the lock.
func (t *Tenant) forget() {
	lag := &t.temperaments.lag
	longest := t.Now().Add(-max(lag.lookup, lag.search))
	lag.past = slices.DeleteFunc(lag.past, func(p *pastUsers) bool { return !p.until.After(longest) })
}

// seenLate returns the users as they were when they were frozen, or before the lag, or nil
// if nothing has changed since.
func (m *lagTemperaments) seenLate(frozen *pastUsers, now time.Time, lag time.Duration) *pastUsers {
	if frozen != nil || lag <= 0 {
		return frozen
	}
	for _, p := range m.past {
		if p.until.After(now.Add(-lag)) {
			return p
		}
	}
	return nil
}

// addressesForLookup returns the users as look-up sees them. It needs the lock.
func (t *Tenant) addressesForLookup() addressIndex[*account] {
	t.purge()
	lag := &t.temperaments.lag
	if past := lag.seenLate(lag.frozenLookup, t.Now(), lag.lookup); past != nil {
		return past.addresses
	}
	return t.addresses
}

// usersForSearch returns the users as search sees them. It needs the lock.
func (t *Tenant) usersForSearch() *sortedUsers {
	t.purge()
	lag := &t.temperaments.lag
	if past := lag.seenLate(lag.frozenSearch, t.Now(), lag.search); past != nil {
		return past.sorted()
	}
	return t.sorted()
}

// forgetMatches makes every search look through the users again. It needs the lock.
func (t *Tenant) forgetMatches() {
	lag := &t.temperaments.lag
	orders := []*sortedUsers{t.order}
	for _, p := range append([]*pastUsers{lag.frozenSearch}, lag.past...) {
		if p != nil {
			orders = append(orders, p.order)
		}
	}
	for _, order := range orders {
		if order != nil {
			clear(order.matches)
		}
	}
}
