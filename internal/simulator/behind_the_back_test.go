// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestChangesBehindTheBack(t *testing.T) {
	t.Parallel()
	const ada = "ada@example.com"
	tests := map[string]struct {
		change func(*simulator.Tenant, string) error
		check  func(u simulator.User) bool
	}{
		"a planted status": {
			func(t *simulator.Tenant, a string) error { return t.SetStatus(a, "Suspended") },
			func(u simulator.User) bool { return u.Status == "Suspended" },
		},
		"marked, status kept": {
			func(t *simulator.Tenant, a string) error { return t.MarkDeleted(a, "bob") },
			func(u simulator.User) bool {
				return u.MarkDeleted && u.MarkedDeletedBy == "bob" && !u.MarkedDeletedAt.IsZero() && u.Status == simulator.Enabled
			},
		},
		"undeleted": {
			func(t *simulator.Tenant, a string) error { return errors.Join(t.MarkDeleted(a, "bob"), t.Undelete(a)) },
			func(u simulator.User) bool {
				return !u.MarkDeleted && u.MarkedDeletedBy == "" && u.MarkedDeletedAt.IsZero()
			},
		},
		"deleted": {(*simulator.Tenant).Delete, func(u simulator.User) bool { return u.ID == "" }},
		"reassigned": {
			func(t *simulator.Tenant, a string) error { _, err := t.Reassign(a); return err },
			func(u simulator.User) bool { return u.ID != "1" && u.Email == ada && u.Status == simulator.Enabled },
		},
		"disabled by sync": {
			(*simulator.Tenant).DisableBySync,
			func(u simulator.User) bool { return u.DisabledBySync && u.Status == simulator.Disabled },
		},
		"restored, not yet synchronized": {
			func(t *simulator.Tenant, a string) error {
				return errors.Join(t.DisableBySync(a), t.RestoreInDirectory(a))
			},
			func(u simulator.User) bool { return u.DisabledBySync && u.Status == simulator.Disabled },
		},
		"left the directory, not yet synchronized": {
			(*simulator.Tenant).LeaveDirectory,
			func(u simulator.User) bool { return !u.DisabledBySync && u.Status == simulator.Enabled },
		},
		"enabled in the console": {
			func(t *simulator.Tenant, a string) error {
				return errors.Join(t.DisableBySync(a), t.SetStatus(a, simulator.Enabled))
			},
			func(u simulator.User) bool { return !u.DisabledBySync && u.Status == simulator.Enabled },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := simulator.NewTenant()
			tenant.AddUser(simulator.User{ID: "1", Email: ada})
			must(t, test.change(tenant, "ADA@example.com"))
			if u, _ := tenant.User(ada); !test.check(u) {
				t.Errorf("the user afterwards: %+v", u)
			}
			if err := test.change(tenant, "nobody@example.com"); !errors.Is(err, simulator.ErrNoSuchUser) {
				t.Errorf("for an unknown user: %v", err)
			}
		})
	}
}

func TestReassignedIDIsGone(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	successor, err := c.tenant.Reassign("ada@example.com")
	must(t, err)
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`).want(t, 404, "User 1 not found")
	c.call("PUT", "/v1/users/"+successor.ID+"/userStatus", `{"userStatus":"Disabled"}`).want(t, 200, successor.ID)
}

func TestMarkedUsersAreGoneAfterSevenDays(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", Status: simulator.Disabled})

	c.tenant.Advance(7*day - day/24)
	c.call("POST", "/v1/users/lookup", `{"email":"ada@example.com"}`).want(t, 200, `"markDeleted":true`)
	c.tenant.Advance(day / 12)
	c.call("POST", "/v1/users/lookup", `{"email":"ada@example.com"}`).want(t, 404, "not found")
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`).want(t, 404, "not found")
	c.call("POST", "/v1/users/1/sync", ``).want(t, 404, "not found")
	c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":false}`).want(t, 404, "not found")
	c.call("POST", "/v2/users/search", `{"emailLike":"@"}`).want(t, 200, `"totalElements":1`)
	if users := c.tenant.Users(); len(users) != 1 || users[0].ID != "2" {
		t.Errorf("users afterwards: %+v", users)
	}
}

func TestAddUserReplacesTheAddress(t *testing.T) {
	t.Parallel()
	tenant := simulator.NewTenant()
	first := tenant.AddUser(simulator.User{Email: "ada@example.com"})
	second := tenant.AddUser(simulator.User{Email: "Ada@example.com"})
	if users := tenant.Users(); len(users) != 1 || users[0].ID != second.ID || first.ID == second.ID {
		t.Errorf("users: %+v", users)
	}
}

func TestAddUserReplacesTheID(t *testing.T) {
	t.Parallel()
	tenant := simulator.NewTenant()
	tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	tenant.AddUser(simulator.User{ID: "1", Email: "ben@example.com"})
	if u, found := tenant.User("ada@example.com"); found {
		t.Errorf("the replaced user is still found: %+v", u)
	}
	if u, _ := tenant.User("ben@example.com"); u.ID != "1" || len(tenant.Users()) != 1 {
		t.Errorf("users: %+v", tenant.Users())
	}
}

func TestASharedUsernameFindsTheFirstUser(t *testing.T) {
	t.Parallel()
	tenant := simulator.NewTenant()
	for _, email := range []string{"ada@example.com", "ben@example.com", "carla@example.com"} {
		tenant.AddUser(simulator.User{Email: email, Username: "shared"})
	}
	for _, want := range []string{"ada@example.com", "ben@example.com", "carla@example.com"} {
		if u, _ := tenant.User("SHARED"); u.Email != want {
			t.Errorf("found %q, want %s", u.Email, want)
		}
		must(t, tenant.Delete("shared"))
	}
	if u, found := tenant.User("shared"); found {
		t.Errorf("found %+v", u)
	}
}

// Each user's seven days end separately, and an undeleted user's never do.
func TestMarkedUsersGoOneByOne(t *testing.T) {
	t.Parallel()
	tenant := simulator.NewTenant()
	for _, email := range []string{"ada@example.com", "ben@example.com", "carla@example.com"} {
		tenant.AddUser(simulator.User{Email: email})
		must(t, tenant.MarkDeleted(email, "bob"))
		tenant.Advance(day)
	}
	must(t, tenant.Undelete("ada@example.com"))
	left := func(want ...string) {
		t.Helper()
		emails := []string{}
		for _, u := range tenant.Users() {
			emails = append(emails, u.Email)
		}
		if !slices.Equal(emails, want) {
			t.Errorf("left are %v, want %v", emails, want)
		}
	}
	tenant.Advance(4*day + day/2)
	left("ada@example.com", "ben@example.com", "carla@example.com")
	tenant.Advance(day)
	left("ada@example.com", "carla@example.com")
	tenant.Advance(day)
	left("ada@example.com")
}

func TestSeedExample(t *testing.T) {
	t.Parallel()
	one, other := simulator.NewTenant(), simulator.NewTenant()
	simulator.SeedExample(one)
	simulator.SeedExample(other)
	users := one.Users()
	if len(users) != simulator.ExampleUsers {
		t.Fatalf("%d users, want %d", len(users), simulator.ExampleUsers)
	}
	disabled := map[string]bool{"elena@example.com": true, "hugo@example.com": true, "ines@example.com": true}
	for i, u := range users {
		if (u.Status == simulator.Disabled) != disabled[u.Email] {
			t.Errorf("%s is %s", u.Email, u.Status)
		}
		if u.MarkDeleted != (u.Email == "hugo@example.com") || u.DisabledBySync != (u.Email == "ines@example.com") {
			t.Errorf("%s: marked %t, by sync %t", u.Email, u.MarkDeleted, u.DisabledBySync)
		}
		if u.ID != other.Users()[i].ID {
			t.Errorf("%s has another id in another tenant", u.Email)
		}
	}
}

func TestSeedUsers(t *testing.T) {
	t.Parallel()
	one, other := simulator.NewTenant(), simulator.NewTenant()
	simulator.SeedExample(one)
	simulator.SeedUsers(one, 1000)
	simulator.SeedUsers(other, 1000)
	if n := len(one.Users()); n != simulator.ExampleUsers+1000 {
		t.Errorf("%d users: a user of the example was replaced", n)
	}
	got := map[string]int{}
	for _, u := range other.Users() {
		if again, _ := one.User(u.Email); again.ID != u.ID || again.Status != u.Status || again.FirstName != u.FirstName || again.MonthLastAuthenticated != u.MonthLastAuthenticated {
			t.Errorf("%s is another user in another tenant", u.Email)
		}
		got[u.IdentitySource]++
		got[u.Status]++
		if u.SCIMManaged {
			got["SCIM"]++
		}
		if u.DisabledBySync {
			got["by sync"]++
		}
		if u.MarkDeleted {
			got["marked"]++
		}
		if u.HighRisk {
			got["high risk"]++
		}
		if u.LastName == "Service Account" {
			got["service accounts"]++
		}
		signedIn, err := time.Parse("Jan 2006", u.MonthLastAuthenticated)
		switch {
		case u.MonthLastAuthenticated == "":
			got["never signed in"]++
		case err != nil:
			t.Error(err)
		case other.Now().Sub(signedIn) > 180*day:
			got["inactive"]++
		}
	}
	want := map[string]int{
		"Corporate AD": 250, "Subsidiary LDAP": 250, "Entra ID (SCIM)": 250, "Local": 250, "SCIM": 250,
		"Enabled": 900, "Disabled": 100, "by sync": 20, "marked": 10,
		"high risk": 20, "service accounts": 30, "never signed in": 40, "inactive": 100,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func TestSeedUsersOfOtherSources(t *testing.T) {
	t.Parallel()
	for sources, want := range map[int]map[string]int{
		1: {"Corporate AD": 60},
		3: {"Corporate AD": 20, "Subsidiary LDAP": 20, "Entra ID (SCIM)": 20},
		6: {"Corporate AD": 10, "Subsidiary LDAP": 10, "Entra ID (SCIM)": 10, "Local": 10, "Branch 1 LDAP": 10, "Branch 2 LDAP": 10},
	} {
		tenant, got := simulator.NewTenant(), map[string]int{}
		simulator.SeedUsersOf(tenant, 60, sources)
		for _, u := range tenant.Users() {
			got[u.IdentitySource]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d sources (-want +got):\n%s", sources, diff)
		}
	}
}

// A new user gets another id, even with the address of a user who has left.
func TestJoin(t *testing.T) {
	t.Parallel()
	tenant := simulator.NewTenant()
	first, err := tenant.Join(simulator.User{Email: "ada@example.com"})
	must(t, err)
	if _, err := tenant.Join(simulator.User{Email: "Ada@example.com"}); !errors.Is(err, simulator.ErrAddressTaken) {
		t.Errorf("with the address of another user: %v", err)
	}
	must(t, tenant.Delete("ada@example.com"))
	second, err := tenant.Join(simulator.User{Email: "ada@example.com"})
	must(t, err)
	if first.ID == second.ID || len(tenant.Users()) != 1 {
		t.Errorf("the same user again: %s, %s", first.ID, second.ID)
	}
}
