// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestFreezeLookup(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", Username: "adal"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	c.tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"})
	must(t, c.tenant.Alias("old@example.com", "ada@example.com"))
	c.tenant.FreezeLookup()
	c.putStatus("1", disable).want(t, 200, `"Disabled"`)
	must(t, c.tenant.Delete("ben@example.com"))
	c.tenant.AddUser(simulator.User{ID: "3", Email: "carla@example.com"})
	c.search("", everybody).want(t, "ada@example.com", "carla@example.com")

	for _, body := range []string{lookUpAda, `{"username":"adal"}`, `{"email":"old@example.com"}`} {
		c.call("POST", "/v1/users/lookup", body).want(t, 200, `"userStatus":"Enabled"`)
	}
	c.lookUp("ben@example.com").want(t, 200, `"id":"2"`)
	c.lookUp("carla@example.com").want(t, 404, "not found")
	// A look-up that synchronizes sees the current users, and adds no second carla.
	c.call("POST", "/v1/users/lookup", `{"email":"carla@example.com","searchUnsynched":true}`).want(t, 200, `"id":"3"`)
	c.call("POST", "/v1/users/lookup", `{"email":"new@example.com","searchUnsynched":true}`).want(t, 200, "new@example.com")

	c.tenant.FreezeLookup() // a second time
	c.lookUp("ada@example.com").want(t, 200, `"userStatus":"Disabled"`)
	c.lookUp("ben@example.com").want(t, 404, "not found")
	c.putStatus("1", enable).want(t, 200, `"Enabled"`)
	c.tenant.ThawLookup()
	c.lookUp("ada@example.com").want(t, 200, `"userStatus":"Enabled"`)
}

func TestFreezeSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	c.search("", everybody).want(t, "ada@example.com", "ben@example.com")
	c.tenant.FreezeSearch()
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`).want(t, 200, "Disabled")
	must(t, c.tenant.Delete("ben@example.com"))
	c.tenant.AddUser(simulator.User{Email: "carla@example.com"})

	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, `"userStatus":"Disabled"`)
	c.call("POST", "/v1/users/lookup", `{"email":"ben@example.com"}`).want(t, 404, "not found")
	c.call("POST", "/v1/users/lookup", `{"email":"carla@example.com"}`).want(t, 200, "carla")
	frozen := c.search("", everybody)
	frozen.want(t, "ada@example.com", "ben@example.com")
	if status := frozen.Elements[0]["userStatus"]; status != simulator.Enabled {
		t.Errorf("the frozen status changed to %v", status)
	}

	c.tenant.FreezeSearch() // a second time
	c.search("", everybody).want(t, "ada@example.com", "carla@example.com")
	must(t, c.tenant.Delete("carla@example.com"))
	c.search("", everybody).want(t, "ada@example.com", "carla@example.com")
	c.tenant.ThawSearch()
	thawed := c.search("", everybody)
	thawed.want(t, "ada@example.com")
	if status := thawed.Elements[0]["userStatus"]; status != simulator.Disabled {
		t.Errorf("after the thaw the status is %v", status)
	}
}

func TestLagLookup(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	c.tenant.LagLookup(time.Hour)
	ada := func(status string) {
		t.Helper()
		c.lookUp("ada@example.com").want(t, 200, `"userStatus":"`+status+`"`)
	}
	ada("Enabled")
	c.putStatus("1", disable).want(t, 200, `"Disabled"`)
	ada("Enabled")
	if found := c.search("", everybody).Elements[0]; found["userStatus"] != simulator.Disabled {
		t.Errorf("search lags too: %v", found)
	}
	c.tenant.Advance(30 * time.Minute)
	c.putStatus("1", enable).want(t, 200, `"Enabled"`)
	must(t, c.tenant.Delete("ben@example.com"))
	ada("Enabled")
	c.lookUp("ben@example.com").want(t, 200, `"id":"2"`)
	c.tenant.Advance(30 * time.Minute)
	ada("Disabled") // the first change is visible, the second is not
	c.lookUp("ben@example.com").want(t, 200, `"id":"2"`)
	c.tenant.Advance(30 * time.Minute)
	ada("Enabled")
	c.lookUp("ben@example.com").want(t, 404, "not found")

	c.putStatus("1", disable).want(t, 200, `"Disabled"`)
	ada("Enabled")
	c.tenant.LagLookup(0)
	ada("Disabled")
	c.tenant.LagLookup(time.Hour)
	ada("Disabled") // changes before the switch are visible
}

func TestLagSearch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.LagSearch(5 * time.Minute)
	changes := []func() error{
		func() error { c.tenant.AddUser(simulator.User{Email: "ben@example.com"}); return nil },
		func() error { return c.tenant.Rename("ben@example.com", "carla@example.com") },
		func() error { c.tenant.GiveAddress("dmitri@example.com", "4"); return nil },
		func() error { c.tenant.AddTwin(simulator.User{Email: "dmitri@example.com"}); return nil },
		func() error { return c.tenant.DisableBySync("ada@example.com") },
	}
	for _, change := range changes {
		must(t, change())
		c.tenant.Advance(time.Minute)
	}
	c.lookUp("carla@example.com").want(t, 200, "carla")
	for _, want := range [][]string{
		{"ada@example.com", "ben@example.com"},
		{"ada@example.com", "carla@example.com"},
		{"ada@example.com", "carla@example.com", "dmitri@example.com"},
		{"ada@example.com", "carla@example.com", "dmitri@example.com", "dmitri@example.com"},
	} {
		found := c.search("", everybody)
		found.want(t, want...)
		if status := found.Elements[0]["userStatus"]; status != simulator.Enabled {
			t.Errorf("ada's status shows too early: %v", status)
		}
		c.tenant.Advance(time.Minute)
	}
	if status := c.search("", everybody).Elements[0]["userStatus"]; status != simulator.Disabled {
		t.Errorf("ada's status shows too late: %v", status)
	}

	c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`).want(t, 200, `"markDeleted":true`)
	c.tenant.Advance(7*day + time.Minute)
	c.lookUp("ada@example.com").want(t, 404, "not found")
	c.search("", everybody).want(t, "ada@example.com", "carla@example.com", "dmitri@example.com", "dmitri@example.com")
	c.tenant.HideFromSearch("carla@example.com")
	c.search("", everybody).want(t, "ada@example.com", "dmitri@example.com", "dmitri@example.com")
	c.tenant.Advance(5 * time.Minute)
	c.search("", everybody).want(t, "dmitri@example.com", "dmitri@example.com")
}
