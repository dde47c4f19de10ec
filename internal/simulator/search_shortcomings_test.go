// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const everybody = `{"emailLike":"@"}`

func TestOmitFromSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com", Username: "adal"})
	c.tenant.AddUser(simulator.User{Email: "ben@example.com"})
	complete := c.call("POST", "/v1/users/lookup", lookUpAda).object(t)
	missing := func(element map[string]any) []string {
		return slices.DeleteFunc(slices.Sorted(maps.Keys(complete)), func(name string) bool {
			_, present := element[name]
			return present
		})
	}
	check := func(ada, ben []string) {
		t.Helper()
		found := c.search("", everybody)
		found.want(t, "ada@example.com", "ben@example.com")
		if diff := cmp.Diff([][]string{ada, ben}, [][]string{missing(found.Elements[0]), missing(found.Elements[1])}); diff != "" {
			t.Errorf("missing properties (-want +got):\n%s", diff)
		}
	}

	check([]string{}, []string{})
	c.tenant.OmitFromSearch("userStatus", "markDeleted")
	check([]string{"markDeleted", "userStatus"}, []string{"markDeleted", "userStatus"})
	c.tenant.OmitFromSearchFor("AdaL", "id") // the first and, below, the last property: the commas are right
	check([]string{"id", "markDeleted", "userStatus"}, []string{"markDeleted", "userStatus"})
	c.tenant.OmitFromSearch()
	check([]string{"id"}, []string{})
	c.tenant.OmitFromSearchFor("ADA@example.com", "primaryUniqueIdentifier")
	check([]string{"id", "primaryUniqueIdentifier"}, []string{})
	c.tenant.OmitFromSearchFor("adal")
	check([]string{"primaryUniqueIdentifier"}, []string{})
	if diff := cmp.Diff(complete, c.call("POST", "/v1/users/lookup", lookUpAda).object(t)); diff != "" {
		t.Errorf("look-up answers something else (-want +got):\n%s", diff)
	}
}

func TestHideFromSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for _, name := range []string{"ada", "ben", "carla", "dmitri"} {
		c.tenant.AddUser(simulator.User{Email: name + "@example.com", Username: name})
	}
	const first = "?pageSize=2"
	c.search(first, everybody).wantTotal(t, 2, 4, "ada@example.com", "ben@example.com")
	c.tenant.HideFromSearch("ADA@example.com", "Ben")
	c.search(first, everybody).wantTotal(t, 1, 2, "carla@example.com", "dmitri@example.com")
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada")
	if n := len(c.tenant.Users()); n != 4 {
		t.Errorf("the tenant has %d users, want 4", n)
	}

	c.tenant.FreezeSearch()
	c.search("", everybody).want(t, "carla@example.com", "dmitri@example.com")
	c.tenant.HideFromSearch("carla")
	c.search(first, everybody).wantTotal(t, 2, 3, "ada@example.com", "ben@example.com")
	c.tenant.ThawSearch()
	c.tenant.HideFromSearch()
	c.search(first, everybody).wantTotal(t, 2, 4, "ada@example.com", "ben@example.com")
}

// A user may come or go between two pages. All users after that move by one place, and a
// reader misses a user or finds one twice.
func TestPagesShiftWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*simulator.Tenant) error
		second []string
		total  int
	}{
		"one goes": {
			func(t *simulator.Tenant) error { return t.Delete("ada@example.com") },
			[]string{"dmitri@example.com"}, 3, // carla is on no page
		},
		"one comes": {
			func(t *simulator.Tenant) error { t.AddUser(simulator.User{Email: "aaron@example.com"}); return nil },
			[]string{"ben@example.com", "carla@example.com"}, 5, // ben is on two
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			for _, name := range []string{"ada", "ben", "carla", "dmitri"} {
				c.tenant.AddUser(simulator.User{Email: name + "@example.com"})
			}
			c.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool {
				if r.URL.Query().Get("pageNumber") == "1" {
					if err := test.change(c.tenant); err != nil {
						t.Error(err)
					}
				}
				return false
			}})
			c.search("?pageSize=2&pageNumber=0", everybody).wantTotal(t, 2, 4, "ada@example.com", "ben@example.com")
			c.search("?pageSize=2&pageNumber=1", everybody).wantTotal(t, (test.total+1)/2, test.total, test.second...)
		})
	}
}

func TestLieInSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	shown := func(want ...any) {
		t.Helper()
		found := c.search("", everybody)
		found.want(t, "ada@example.com", "ben@example.com")
		if diff := cmp.Diff(want, []any{found.Elements[0]["id"], found.Elements[1]["id"]}); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
	}
	c.tenant.LieInSearch("ADA@example.com", "2")
	shown("2", "2")
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, `"id":"1"`)
	c.tenant.LieInSearch("ada@example.com", "")
	shown("1", "2")
}
