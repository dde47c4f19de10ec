// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"slices"
	"strings"
)

// sortedUsers are users in the order of a search: by email address, ascending. They stay
// valid while no user is added, removed or renamed, whatever else changes.
type sortedUsers struct {
	accounts []*account
	// A client that reads a search page by page asks for the same matches each time.
	matches map[string][]*account // by the part of the address, in lower case
}

// mostMatches limits how many texts are remembered.
const mostMatches = 64

func sortUsers(accounts []*account) *sortedUsers {
	slices.SortFunc(accounts, func(a, b *account) int {
		return cmp.Or(cmp.Compare(a.lowerEmail, b.lowerEmail), cmp.Compare(a.ID, b.ID))
	})
	return &sortedUsers{accounts: accounts, matches: map[string][]*account{}}
}

// emailLike returns the users whose address contains the text, regardless of case. The
// result must not be changed.
func (s *sortedUsers) emailLike(part string, hidden func(*account) bool) []*account {
	part = strings.ToLower(part)
	if matches, known := s.matches[part]; known {
		return matches
	}
	var matches []*account
	for _, a := range s.accounts {
		if strings.Contains(a.lowerEmail, part) && !hidden(a) {
			matches = append(matches, a)
		}
	}
	if len(s.matches) >= mostMatches {
		clear(s.matches)
	}
	s.matches[part] = matches
	return matches
}
