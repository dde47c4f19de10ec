// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"slices"
	"strings"
)

// sortedUsers are users in the order in which search answers them: by email
// address, ascending. It stays valid while nobody comes, goes or is renamed,
// whatever else becomes of the users.
type sortedUsers struct {
	accounts []*account
	// Whoever reads a search page by page asks for the same matches each time.
	matches map[string][]*account // by the part of the address, in lower case
}

// mostMatches bounds how many parts are remembered.
const mostMatches = 64

func sortUsers(accounts []*account) *sortedUsers {
	slices.SortFunc(accounts, func(a, b *account) int {
		return cmp.Or(cmp.Compare(a.lowerEmail, b.lowerEmail), cmp.Compare(a.ID, b.ID))
	})
	return &sortedUsers{accounts: accounts, matches: map[string][]*account{}}
}

// emailLike finds whose address has the part, regardless of case. The result
// is not to be changed.
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
