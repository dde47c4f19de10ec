// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// seenUsers carries what a refresh found over to the plan that follows it in
// the same run, so that no user is looked up twice.
type seenUsers struct {
	mu      sync.Mutex
	byID    map[string]*cloudadmin.User
	dropped map[string]lookup
	// gone are the addresses of which a refresh has said that they lead to nobody.
	gone map[string]bool
}

// lookup is the outcome of one: a user, or that there is none.
type lookup struct {
	user *cloudadmin.User
	err  error
}

func newSeenUsers() *seenUsers {
	return &seenUsers{byID: map[string]*cloudadmin.User{}, dropped: map[string]lookup{}, gone: map[string]bool{}}
}

// remember keeps the details that a plan can need and the state does not hold.
func (s *seenUsers) remember(user *cloudadmin.User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[user.ID] = user
}

func (s *seenUsers) user(id string) *cloudadmin.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

// drop keeps the outcome of a refresh that took an address out of the state:
// what follows is the plan to create it.
func (s *seenUsers) drop(who cloudadmin.Address, outcome lookup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped[who.Key()] = outcome
}

// takeDropped hands that outcome out once; it is not fresh for ever.
func (s *seenUsers) takeDropped(who cloudadmin.Address) (lookup, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	outcome, ok := s.dropped[who.Key()]
	delete(s.dropped, who.Key())
	return outcome, ok
}

// reportGone notes that a refresh has warned of an address without a user, so
// that the plan need not repeat it.
func (s *seenUsers) reportGone(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[address] = true
}

func (s *seenUsers) isReportedGone(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone[address]
}
