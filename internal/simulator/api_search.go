// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"strconv"
)

const largestPage = 25

// search is POST /v2/users/search. Whether the real API accepts an empty emailLike is not
// known; here it finds every user.
func (t *Tenant) search(x exchange) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	query, firstNumber := x.request.URL.Query(), t.temperaments.search.firstPageNumber()
	size, sizeOK := pagingParameter(query, "pageSize", largestPage)
	number, numberOK := pagingParameter(query, "pageNumber", firstNumber)
	if !sizeOK || size < 1 || size > largestPage {
		return refuse(http.StatusBadRequest, "The pageSize must be a number from 1 to %d.", largestPage)
	}
	if !numberOK || number < firstNumber {
		return refuse(http.StatusBadRequest, "The pageNumber must be a number from %d.", firstNumber)
	}
	p, err := parseObject(x.body)
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	part, present, err := p.text("emailLike")
	if err != nil || !present || !p.only("emailLike") {
		return refuse(http.StatusBadRequest, "The request body needs emailLike and nothing else.")
	}

	matches := t.usersForSearch().emailLike(part, t.shortcomings.hides)
	number -= firstNumber
	json := append(make([]byte, 0, (size+1)*detailsLength), '{')
	json = t.temperaments.search.appendTotals(json, len(matches), size, number)
	return ok(t.appendElements(json, t.temperaments.search.page(matches, size, number)))
}

// appendElements appends the end of the JSON object of a page of found users. It needs the
// lock.
func (t *Tenant) appendElements(json encoded, page []*account) encoded {
	json = append(json, `"elements":[`...)
	for i, a := range page {
		if i > 0 {
			json = append(json, ',')
		}
		u := t.shortcomings.asSearchShows(t.shown(a))
		json = u.appendDetails(json, t.temperaments.users.otherCaseKeys, t.omittedFromSearch(a))
		if t.temperaments.search.large {
			json = append(append(json[:len(json)-1], manyGroups...), '}')
		}
	}
	return append(json, "]}\n"...)
}

func pagingParameter(query url.Values, name string, otherwise int) (value int, valid bool) {
	if !query.Has(name) {
		return otherwise, true
	}
	value, err := strconv.Atoi(query.Get(name))
	return value, err == nil
}
