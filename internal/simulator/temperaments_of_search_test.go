// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// pages reads a search to its end, with 25 users on a page, and returns the rows.
func (c *client) pages(first int) (rows []string, total int) {
	c.t.Helper()
	for number := first; ; number++ {
		found := c.search(fmt.Sprintf("?pageNumber=%d", number), everybody)
		for _, element := range found.Elements {
			email, _ := element["emailAddress"].(string)
			rows = append(rows, email)
		}
		if number-first+1 >= found.TotalPages {
			return rows, found.TotalElements
		}
	}
}

func TestPagesOfSearch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		set             func(*simulator.Tenant, bool)
		users, distinct int
		lost            string
	}{
		"repeated":                {(*simulator.Tenant).RepeatSearchPages, 50, 25, "user00025@example.com"},
		"repeated, 60":            {(*simulator.Tenant).RepeatSearchPages, 60, 50, "user00059@example.com"},
		"skipped at borders":      {(*simulator.Tenant).SkipAtBorders, 50, 49, "user00025@example.com"},
		"skipped at two":          {(*simulator.Tenant).SkipAtBorders, 60, 58, "user00050@example.com"},
		"one page has no borders": {(*simulator.Tenant).SkipAtBorders, 25, 25, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			for i := range test.users {
				c.tenant.AddUser(simulator.User{Email: crowdAddress(i)})
			}
			test.set(c.tenant, true)
			rows, total := c.pages(0)
			slices.Sort(rows)
			distinct := slices.Compact(rows)
			if len(distinct) != test.distinct || total != test.users || test.lost != "" && slices.Contains(distinct, test.lost) {
				t.Errorf("%d users of %d, want %d without %s", len(distinct), total, test.distinct, test.lost)
			}
			test.set(c.tenant, false)
			if rows, _ := c.pages(0); len(slices.Compact(rows)) != test.users {
				t.Errorf("after switching it off the rows are %v", rows)
			}
		})
	}
}

func TestCountPagesFrom1(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for i := range 60 {
		c.tenant.AddUser(simulator.User{Email: crowdAddress(i)})
	}
	c.tenant.CountPagesFrom1(true)
	c.call("POST", "/v2/users/search?pageNumber=0", everybody).want(t, 400, "must be a number from 1")
	if rows, total := c.pages(1); len(slices.Compact(rows)) != 60 || total != 60 {
		t.Errorf("%d rows of %d users", len(rows), total)
	}
	c.search("?pageSize=1", everybody).wantTotal(t, 60, 60, crowdAddress(0))
	c.search("?pageSize=1&pageNumber=61", everybody).wantTotal(t, 60, 60)
	c.tenant.RepeatSearchPages(true)
	c.tenant.SkipAtBorders(true)
	c.search("?pageSize=1&pageNumber=2", everybody).want(t, crowdAddress(0))
	c.search("?pageSize=2&pageNumber=3", everybody).want(t, crowdAddress(1), crowdAddress(3))
}

func TestSortUnstably(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for i := range 6 {
		c.tenant.AddUser(simulator.User{ID: fmt.Sprint(9 - i), Email: crowdAddress(i)})
	}
	c.tenant.SortUnstably(true)
	for number, want := range [][]string{
		{crowdAddress(0), crowdAddress(1)},
		{crowdAddress(3), crowdAddress(2)}, // by id
		{crowdAddress(4), crowdAddress(5)},
		{},
	} {
		c.search(fmt.Sprintf("?pageSize=2&pageNumber=%d", number), everybody).wantTotal(t, 3, 6, want...)
	}
	c.search("?pageSize=3&pageNumber=1", everybody).wantTotal(t, 2, 6, crowdAddress(2), crowdAddress(1), crowdAddress(0))
	c.tenant.SortUnstably(false)
	c.search("?pageSize=3&pageNumber=1", everybody).wantTotal(t, 2, 6, crowdAddress(3), crowdAddress(4), crowdAddress(5))
}

func TestAnswerSearchTotals(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for i := range 30 {
		c.tenant.AddUser(simulator.User{Email: crowdAddress(i)})
	}
	for answer, want := range map[string]string{
		"right": `{"totalPages":2,"totalElements":30,"elements":[{`,
		"none":  `{"elements":[{`,
		"zero":  `{"totalPages":0,"totalElements":0,"elements":[{`,
		"many":  `{"totalPages":1000000,"totalElements":25000000,"elements":[{`,
		"text":  `{"totalPages":"2","totalElements":"30","elements":[{`,
	} {
		c.tenant.AnswerSearchTotals(answer)
		c.call("POST", "/v2/users/search", everybody).want(t, 200, want)
	}
}

func TestSearchEndlessly(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.SearchEndlessly(true)
	c.search("", everybody).wantTotal(t, 0, 0)
	for i := range 3 {
		c.tenant.AddUser(simulator.User{Email: crowdAddress(i)})
	}
	for number := range 7 {
		want := []string{crowdAddress(0), crowdAddress(1)}
		if number%2 == 1 {
			want = []string{crowdAddress(2)}
		}
		c.search(fmt.Sprintf("?pageSize=2&pageNumber=%d", number), everybody).wantTotal(t, number+2, 2*number+4, want...)
	}
	c.tenant.SearchEndlessly(false)
	c.search("?pageSize=2&pageNumber=2", everybody).wantTotal(t, 2, 3)
}

func TestEnlargePages(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for i := range 25 {
		c.tenant.AddUser(simulator.User{Email: crowdAddress(i)})
	}
	c.tenant.EnlargePages(true)
	page := c.call("POST", "/v2/users/search", everybody)
	if n := len(page.body); n <= 1<<20 || n >= 2<<20 {
		t.Errorf("a page has %d bytes", n)
	}
	groups, _ := c.search("", everybody).Elements[24]["globalGroups"].([]any)
	if len(groups) != 900 || groups[899] != "CN=Example Group 0900,OU=Groups,DC=example,DC=com" {
		t.Errorf("%d groups: %v", len(groups), groups)
	}
	c.tenant.BareSearch(true)
	if n := len(c.call("POST", "/v2/users/search", everybody).body); n <= 1<<20 {
		t.Errorf("a page of bare elements has %d bytes", n)
	}
	c.tenant.EnlargePages(false)
	c.tenant.BareSearch(false)
	if n := len(c.call("POST", "/v2/users/search", everybody).body); n >= 1<<20 {
		t.Errorf("after switching it off a page has %d bytes", n)
	}
}

func TestBareSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.BareSearch(true)
	want := map[string]any{"id": "1", "emailAddress": "ada@example.com"}
	if diff := cmp.Diff(want, c.search("", everybody).Elements[0]); diff != "" {
		t.Errorf("element (-want +got):\n%s", diff)
	}
	c.tenant.BareSearch(false)
	complete := c.lookUp("ada@example.com").object(t)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(complete)), slices.Sorted(maps.Keys(c.search("", everybody).Elements[0]))); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}
