// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestRename(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", Username: "ben"})
	c.search("", everybody).want(t, "ada@example.com", "ben@example.com")
	must(t, c.tenant.Rename("ADA@example.com", "zoe@example.com"))

	c.lookUp("ada@example.com").want(t, 404, "not found")
	c.lookUp("zoe@example.com").want(t, 200, `"id":"1"`)
	c.call("POST", "/v1/users/lookup", `{"username":"zoe@example.com"}`).want(t, 200, `"id":"1"`)
	c.search("", everybody).want(t, "ben@example.com", "zoe@example.com")
	c.putStatus("1", disable).want(t, 200, "Disabled")

	must(t, c.tenant.Rename("ben@example.com", "bertram@example.com"))
	c.call("POST", "/v1/users/lookup", `{"username":"ben"}`).want(t, 200, "bertram@example.com")
	must(t, c.tenant.Rename("zoe@example.com", "Zoe@example.com"))
	c.search("", `{"emailLike":"zoe"}`).want(t, "Zoe@example.com")
	if err := c.tenant.Rename("zoe@example.com", "Bertram@example.com"); !errors.Is(err, simulator.ErrAddressTaken) {
		t.Errorf("to another user's address: %v", err)
	}
	if err := c.tenant.Rename("ada@example.com", "x@example.com"); !errors.Is(err, simulator.ErrNoSuchUser) {
		t.Errorf("of an unknown user: %v", err)
	}
}

// Otherwise a look-up that synchronizes would bring the user back under the old address.
func TestRenameIsInTheDirectoryToo(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddDirectoryUser(simulator.User{Email: "ada@example.com"})
	const old = `{"email":"ada@example.com","searchUnsynched":true}`
	c.call("POST", "/v1/users/lookup", old).want(t, 200, "ada@example.com")
	must(t, c.tenant.Rename("ada@example.com", "zoe@example.com"))
	c.call("POST", "/v1/users/lookup", old).want(t, 404, "not found")
	must(t, c.tenant.Delete("zoe@example.com"))
	c.call("POST", "/v1/users/lookup", `{"email":"zoe@example.com","searchUnsynched":true}`).want(t, 200, `"principalUsername":"zoe@example.com"`)
}

func TestAlias(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	must(t, c.tenant.Rename("ada@example.com", "ada.byron@example.com"))
	must(t, c.tenant.Alias("ada@example.com", "ada.byron@example.com"))

	c.lookUp("ADA@example.com").want(t, 200, `"id":"1","emailAddress":"ada.byron@example.com"`)
	c.call("POST", "/v1/users/lookup", `{"username":"ada@example.com"}`).want(t, 200, `"id":"1"`)
	c.search("", `{"emailLike":"ada@"}`).want(t)
	if err := c.tenant.Alias("ben@example.com", "ada.byron@example.com"); !errors.Is(err, simulator.ErrAddressTaken) {
		t.Errorf("for another user's address: %v", err)
	}
	if err := c.tenant.Alias("x@example.com", "ada@example.com"); !errors.Is(err, simulator.ErrNoSuchUser) {
		t.Errorf("of an unknown user: %v", err)
	}

	must(t, c.tenant.Alias("ada@example.com", "ben@example.com")) // moves it
	c.lookUp("ada@example.com").want(t, 200, `"id":"2"`)
	must(t, c.tenant.Delete("ada.byron@example.com"))
	c.lookUp("ada@example.com").want(t, 200, `"id":"2"`)
	c.tenant.AddUser(simulator.User{ID: "3", Email: "ada@example.com"})
	c.lookUp("ada@example.com").want(t, 200, `"id":"3"`) // an address comes before an alias
	must(t, c.tenant.Delete("ada@example.com"))
	must(t, c.tenant.Delete("ben@example.com"))
	c.lookUp("ada@example.com").want(t, 404, "not found")
}

func TestGiveAddress(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	const ada, ben = "ada@example.com", "ben@example.com"
	c.tenant.AddUser(simulator.User{ID: "1", Email: ada})
	c.tenant.AddUser(simulator.User{ID: "2", Email: ben, Status: simulator.Disabled})

	if u := c.tenant.GiveAddress(ada, "2"); u.ID != "2" || u.Email != ada || u.Status != simulator.Disabled {
		t.Errorf("to an existing user: %+v", u)
	}
	c.lookUp(ada).want(t, 200, `"id":"2"`)
	c.lookUp(ben).want(t, 404, "not found")
	c.putStatus("1", disable).want(t, 404, "not found")
	c.tenant.GiveAddress("ADA@example.com", "2") // the user's own
	c.lookUp(ada).want(t, 200, `"id":"2","emailAddress":"ADA@example.com"`)

	must(t, c.tenant.Rename(ada, "former@example.com"))
	c.tenant.GiveAddress(ada, "3")
	c.lookUp(ada).want(t, 200, `"id":"3"`)
	c.putStatus("2", enable).want(t, 200, "Enabled") // was renamed before, so is still there
	c.search("", everybody).want(t, ada, "former@example.com")
}

func TestAddTwin(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	const ada = "ada@example.com"
	c.tenant.AddUser(simulator.User{ID: "2", Email: ada, IdentitySource: "Corporate AD"})
	c.tenant.AddTwin(simulator.User{ID: "1", Email: ada, IdentitySource: "Local"})
	c.lookUp(ada).want(t, 200, `"id":"2"`)
	c.search("", everybody).wantTotal(t, 1, 2, ada, ada)
	c.putStatus("1", disable).want(t, 200, `{"id":"1","userStatus":"Disabled"}`)
	c.lookUp(ada).want(t, 200, `"userStatus":"Enabled"`)

	must(t, c.tenant.Delete(ada))
	c.lookUp(ada).want(t, 200, `"id":"1"`)
	c.tenant.AddTwin(simulator.User{ID: "3", Email: ada})
	c.tenant.AddUser(simulator.User{ID: "4", Email: ada}) // replaces both
	c.search("", everybody).want(t, ada)
	c.lookUp(ada).want(t, 200, `"id":"4"`)
}

func TestUsersKnownByUsername(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	simulator.SeedKnownByUsername(c.tenant)
	c.call("POST", "/v1/users/lookup", `{"username":"contractor"}`).want(t, 200, `"emailAddress":"contractor@example.com"`)
	c.lookUp("contractor@example.com").want(t, 200, `"principalUsername":"contractor"`)
	c.call("POST", "/v1/users/lookup", `{"username":"kiosk"}`).want(t, 200, `"emailAddress":null`)
	c.tenant.AddUser(simulator.User{Username: "lobby"}) // does not replace the other user without address
	c.call("POST", "/v1/users/lookup", `{"username":"kiosk"}`).want(t, 200, `"principalUsername":"kiosk"`)
	if _, found := c.tenant.User(""); found {
		t.Error("a user is found by an empty address")
	}
}
