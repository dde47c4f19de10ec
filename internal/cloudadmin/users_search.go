// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
)

// LargestPage is the maximum number of users on one page of a search.
const LargestPage = 25

// SearchPage is one page of a search.
type SearchPage struct {
	// TotalPages is how many pages the whole search has, according to this answer.
	TotalPages int
	// TotalUsers is how many users the search finds; -1 if the answer does not say.
	TotalUsers int
	// Users may be incomplete (see User.Incomplete), and older than a look-up: the API
	// documents neither. IDs that cannot be a user's are left out.
	Users []*User
}

const searchPath = "/v2/users/search"

// maxPageBody limits a page: 25 users, each of whom may be in a thousand groups.
const maxPageBody = 16 << 20

// Search returns a page, from 0, of the users whose email address contains a text, sorted
// by email address. There are no wildcards.
func (u Users) Search(ctx context.Context, emailLike string, page int) (*SearchPage, error) {
	path := fmt.Sprintf("%s?pageSize=%d&pageNumber=%d", searchPath, LargestPage, page)
	var answer struct {
		otherSpellingsOfPage
		TotalPages    *int    `json:"totalPages"`
		TotalElements *int    `json:"totalElements"`
		Elements      []*User `json:"elements"`
	}
	question := map[string]string{"emailLike": emailLike}
	if err := u.client.do(ctx, call{method: http.MethodPost, pattern: searchPath, path: path, question: question, maxBody: maxPageBody}, &answer); err != nil {
		return nil, err
	}
	pages, total := answer.TotalPages, answer.TotalElements
	found := -1
	switch {
	case pages == nil && total == nil:
		return nil, unexpected(http.MethodPost, searchPath, "the answer does not say how many users there are")
	case !isCount(pages) || !isCount(total) || len(answer.Elements) > LargestPage:
		return nil, unexpected(http.MethodPost, searchPath, "the counts in the answer are impossible")
	case total != nil:
		// The answer's own count of pages could be for another page size.
		pages = new((*total + LargestPage - 1) / LargestPage)
		found = *total
	}
	if found > page*LargestPage && len(answer.Elements) == 0 {
		return nil, unexpected(http.MethodPost, searchPath, "the answer counts %d users, but has none on page %d", found, page)
	}
	for _, user := range answer.Elements {
		if user != nil && !isUserID(user.ID) {
			user.ID = ""
		}
	}
	return &SearchPage{
		TotalPages: *pages,
		TotalUsers: found,
		// An entry without id and address identifies no user.
		Users: slices.DeleteFunc(answer.Elements, func(user *User) bool { return user == nil || user.ID == "" && user.EmailAddress == "" }),
	}, nil
}

// otherSpellingsOfPage is for a page what otherSpellings is for a user.
type otherSpellingsOfPage struct {
	TotalPages    ignored `json:"TOTALPAGES"`
	TotalElements ignored `json:"TOTALELEMENTS"`
	Elements      ignored `json:"ELEMENTS"`
}

// isCount reports whether n can be a number of users, or is absent.
func isCount(n *int) bool { return n == nil || (*n >= 0 && *n <= math.MaxInt32) }
