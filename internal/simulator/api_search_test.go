// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	simulator.SeedExample(c.tenant)
	c.tenant.AddUser(simulator.User{Email: "Zoe@Other.org"})
	c.tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"})

	tests := map[string]struct {
		query, body string
		emails      []string
		pages       int
		total       int
	}{
		"part":            {"", `{"emailLike":"E@EXAMPLE"}`, []string{"grace@example.com"}, 1, 1},
		"stored case":     {"", `{"emailLike":"zoe@o"}`, []string{"Zoe@Other.org"}, 1, 1},
		"marked included": {"", `{"emailLike":"hugo"}`, []string{"hugo@example.com"}, 1, 1},
		"directory only":  {"", `{"emailLike":"new@"}`, []string{}, 0, 0},
		"no wildcard":     {"", `{"emailLike":"*"}`, []string{}, 0, 0},
		"first page":      {"?pageSize=2", `{"emailLike":"@example.com"}`, []string{"ada@example.com", "ben@example.com"}, 7, 13},
		"last page":       {"?pageSize=2&pageNumber=6", `{"emailLike":"@example.com"}`, []string{"liam@example.com"}, 7, 13},
		"beyond":          {"?pageSize=25&pageNumber=1", `{"emailLike":"@example.com"}`, []string{}, 1, 13},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c.search(test.query, test.body).wantTotal(t, test.pages, test.total, test.emails...)
		})
	}
}

// Cached results of a search must not outlive a change.
func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	ada := c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	find := func(emails ...string) foundUsers {
		t.Helper()
		found := c.search("", `{"emailLike":"Example"}`)
		found.want(t, emails...)
		return found
	}

	find("ada@example.com")
	must(t, c.tenant.SetStatus("ada@example.com", simulator.Disabled))
	if got := find("ada@example.com").Elements[0]["userStatus"]; got != simulator.Disabled {
		t.Errorf("the status found is %v", got)
	}
	c.tenant.AddUser(simulator.User{Email: "Ben@example.com"})
	c.tenant.AddUser(simulator.User{Email: "aaron@example.com"})
	c.tenant.AddDirectoryUser(simulator.User{Email: "carla@example.com"})
	find("aaron@example.com", "ada@example.com", "Ben@example.com")
	c.call("POST", "/v1/users/lookup", `{"email":"carla@example.com","searchUnsynched":true}`).want(t, 200, "carla")
	find("aaron@example.com", "ada@example.com", "Ben@example.com", "carla@example.com")
	successor, err := c.tenant.Reassign("ada@example.com")
	must(t, err)
	if id := find("aaron@example.com", "ada@example.com", "Ben@example.com", "carla@example.com").Elements[1]["id"]; id != successor.ID || id == ada.ID {
		t.Errorf("the id found is %v, want %s", id, successor.ID)
	}
	must(t, c.tenant.Delete("aaron@example.com"))
	must(t, c.tenant.MarkDeleted("ben@example.com", "bob"))
	find("ada@example.com", "Ben@example.com", "carla@example.com")
	c.tenant.Advance(8 * day)
	find("ada@example.com", "carla@example.com")
}

// foundUsers is an answer to a search.
type foundUsers struct {
	TotalPages    int              `json:"totalPages"`
	TotalElements int              `json:"totalElements"`
	Elements      []map[string]any `json:"elements"`
}

func (c *client) search(query, body string) foundUsers {
	c.t.Helper()
	got := c.call("POST", "/v2/users/search"+query, body)
	got.want(c.t, 200, `"elements":[`)
	var found foundUsers
	must(c.t, json.Unmarshal([]byte(got.body), &found))
	return found
}

// want fails the test unless exactly these users were found, in this order.
func (f foundUsers) want(t *testing.T, emails ...string) {
	t.Helper()
	got := []string{}
	for _, element := range f.Elements {
		email, _ := element["emailAddress"].(string)
		got = append(got, email)
	}
	if !slices.Equal(got, emails) {
		t.Errorf("found %v, want %v", got, emails)
	}
}

// wantTotal is want, and also compares the totals over all pages.
func (f foundUsers) wantTotal(t *testing.T, pages, total int, emails ...string) {
	t.Helper()
	f.want(t, emails...)
	if f.TotalPages != pages || f.TotalElements != total {
		t.Errorf("found %d users on %d pages, want %d on %d", f.TotalElements, f.TotalPages, total, pages)
	}
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	const body = `{"emailLike":"a"}`
	for _, query := range []string{"?pageSize=0", "?pageSize=26", "?pageSize=x", "?pageSize=", "?pageNumber=-1", "?pageNumber=x"} {
		c.call("POST", "/v2/users/search"+query, body).want(t, 400, "400 BAD_REQUEST")
	}
	for _, wrong := range []string{``, `{}`, `{"emailLike":null}`, `{"emailLike":1}`, `{"emailLike":"a","sort":"x"}`, `[]`} {
		c.call("POST", "/v2/users/search", wrong).want(t, 400, "400 BAD_REQUEST")
	}
}
