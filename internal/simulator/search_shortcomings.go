// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "slices"

// searchShortcomings are the ways in which search shows less than look-up. How much the
// real one does is not known.
type searchShortcomings struct {
	hidden     map[string]bool     // by folded address
	omitted    []string            // properties of every element
	omittedFor map[string][]string // properties of one user's element, by folded address
	wrongIDs   map[string]string   // shown instead of the user's own, by folded address
}

// OmitFromSearch leaves JSON properties, as in "userStatus", out of every element of a
// search. Each call replaces the previous one; without properties the elements are complete
// again.
func (t *Tenant) OmitFromSearch(properties ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shortcomings.omitted = slices.Clone(properties)
}

// OmitFromSearchFor leaves JSON properties out of the element of the user with the email
// address or username, in addition to those of [Tenant.OmitFromSearch]. Each call for a
// user replaces the previous one.
func (t *Tenant) OmitFromSearchFor(address string, properties ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(properties) == 0 {
		delete(t.shortcomings.omittedFor, folded(address))
		return
	}
	if t.shortcomings.omittedFor == nil {
		t.shortcomings.omittedFor = map[string][]string{}
	}
	t.shortcomings.omittedFor[folded(address)] = slices.Clone(properties)
}

// HideFromSearch makes search miss the users with one of the email addresses or usernames,
// although look-up finds them. Each call replaces the previous one; without addresses
// search finds every user again.
func (t *Tenant) HideFromSearch(addresses ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shortcomings.hidden = map[string]bool{}
	for _, address := range addresses {
		t.shortcomings.hidden[folded(address)] = true
	}
	t.forgetMatches()
}

// LieInSearch makes search show another id, as of another user, for the user with the email
// address. Look-up shows the right one. An empty id ends the lie.
func (t *Tenant) LieInSearch(address, id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id == "" {
		delete(t.shortcomings.wrongIDs, folded(address))
		return
	}
	if t.shortcomings.wrongIDs == nil {
		t.shortcomings.wrongIDs = map[string]string{}
	}
	t.shortcomings.wrongIDs[folded(address)] = id
}

// asSearchShows returns the user as search shows it.
func (s *searchShortcomings) asSearchShows(u *User) *User {
	if len(s.wrongIDs) == 0 {
		return u
	}
	id, lie := s.wrongIDs[folded(u.Email)]
	if !lie {
		return u
	}
	shown := *u
	shown.ID = id
	return &shown
}

func (s *searchShortcomings) hides(a *account) bool {
	return len(s.hidden) > 0 && (s.hidden[folded(a.Email)] || s.hidden[folded(a.Username)])
}

// omittedFromSearch returns the properties that a user's element lacks. It needs the lock.
func (t *Tenant) omittedFromSearch(a *account) []string {
	s := &t.shortcomings
	if t.temperaments.search.bare {
		return notBare
	}
	if len(s.omittedFor) == 0 {
		return s.omitted
	}
	return slices.Concat(s.omitted, s.omittedFor[folded(a.Email)], s.omittedFor[folded(a.Username)])
}

// notBare are the properties that an element of a bare search lacks.
var notBare = func() (names []string) {
	for _, p := range userProperties {
		if p.name != "id" && p.name != "emailAddress" {
			names = append(names, p.name)
		}
	}
	return names
}()
