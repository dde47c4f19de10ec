// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
)

// LargestPage is how many users the API puts on one page of a search at most.
const LargestPage = 25

// SearchPage is one page of a search.
type SearchPage struct {
	// TotalPages and TotalUsers count the whole search, as of this answer.
	TotalPages, TotalUsers int
	// Users may be incomplete (see User.Incomplete), and older than what a
	// look-up tells: neither is documented.
	Users []*User
}

const searchPath = "/v2/users/search"

// Search answers a page, from 0, of the users whose email address contains a
// text, sorted by email address. There are no wildcards.
func (u Users) Search(ctx context.Context, emailLike string, page int) (*SearchPage, error) {
	path := fmt.Sprintf("%s?pageSize=%d&pageNumber=%d", searchPath, LargestPage, page)
	var answer struct {
		TotalPages    int     `json:"totalPages"`
		TotalElements int     `json:"totalElements"`
		Elements      []*User `json:"elements"`
	}
	question := map[string]string{"emailLike": emailLike}
	if err := u.client.do(ctx, http.MethodPost, searchPath, path, question, &answer); err != nil {
		return nil, err
	}
	if answer.TotalPages < 0 || answer.TotalElements < 0 || len(answer.Elements) > LargestPage {
		return nil, &UnexpectedAnswerError{http.MethodPost, searchPath, "the counts in the answer are impossible"}
	}
	return &SearchPage{
		// Pages by the size that was asked for, whatever the answer calls a page.
		TotalPages: cmp.Or((answer.TotalElements+LargestPage-1)/LargestPage, answer.TotalPages),
		TotalUsers: answer.TotalElements,
		// Who has no id cannot be told from anybody else.
		Users: slices.DeleteFunc(answer.Elements, func(user *User) bool { return user == nil || user.ID == "" }),
	}, nil
}
