// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const largestPage = 25

// searchResult is one page of found users.
type searchResult struct {
	TotalPages    int           `json:"totalPages"`
	TotalElements int           `json:"totalElements"`
	Elements      []userDetails `json:"elements"`
}

// search is POST /v2/users/search. Whether the real API takes an empty
// emailLike is not known; here it finds everybody.
func (t *Tenant) search(x exchange) answer {
	query := x.request.URL.Query()
	size, sizeOK := pagingParameter(query, "pageSize", largestPage)
	number, numberOK := pagingParameter(query, "pageNumber", 0)
	if !sizeOK || size < 1 || size > largestPage {
		return refuse(http.StatusBadRequest, "The pageSize must be a number from 1 to %d.", largestPage)
	}
	if !numberOK || number < 0 {
		return refuse(http.StatusBadRequest, "The pageNumber must be a number from 0.")
	}
	p, err := parseObject(x.body)
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	part, present, err := p.text("emailLike")
	if err != nil || !present || !p.only("emailLike") {
		return refuse(http.StatusBadRequest, "The request body needs emailLike and nothing else.")
	}

	matches := []userDetails{}
	for _, u := range t.Users() {
		if strings.Contains(strings.ToLower(u.Email), strings.ToLower(part)) {
			matches = append(matches, u.details())
		}
	}
	total := len(matches)
	pages := (total + size - 1) / size
	if number >= pages {
		matches = matches[:0]
	} else {
		matches = matches[number*size : min((number+1)*size, total)]
	}
	return ok(searchResult{TotalPages: pages, TotalElements: total, Elements: matches})
}

func pagingParameter(query url.Values, name string, otherwise int) (value int, valid bool) {
	if !query.Has(name) {
		return otherwise, true
	}
	value, err := strconv.Atoi(query.Get(name))
	return value, err == nil
}
