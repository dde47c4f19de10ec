// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// control sends a request to the control surface, without authentication.
func (c *client) control(method, path string) reply {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL()+"/simulator"+path, nil)
	must(c.t, err)
	return c.send(r)
}

func TestControlSurface(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	simulator.SeedExample(c.tenant)
	steps := []struct {
		method, path string
		status       int
		answer       string
	}{
		{"POST", "/users/ada@example.com/disable", 200, "ada@example.com is now Disabled.\n"},
		{"POST", "/users/ada@example.com/enable", 200, "ada@example.com is now Enabled.\n"},
		{"POST", "/users/elena@example.com/mark-deleted", 200, "elena@example.com is now Disabled (pending deletion since "},
		{"POST", "/users/elena@example.com/undelete", 200, "elena@example.com is now Disabled.\n"},
		{"POST", "/users/ben@example.com/disable-by-sync", 200, "ben@example.com is now Disabled (disabled by synchronization).\n"},
		{"POST", "/users/ben@example.com/restore-in-directory", 200, "follows with the next synchronization.\n"},
		{"POST", "/users/carla%40example.com/reassign", 200, "carla@example.com now belongs to another user, with the id "},
		{"POST", "/users/dmitri@example.com/delete", 200, "dmitri@example.com is now gone from the tenant.\n"},
		{"POST", "/users/dmitri@example.com/enable", 404, "There is no user dmitri@example.com.\n"},
		{"POST", "/users/ada@example.com/promote", 404, "There is no change called promote. The changes are disable, enable, mark-deleted, "},
		{"POST", "/users/jonas@example.com/rename?to=john@example.com", 200, "jonas@example.com is now john@example.com.\n"},
		{"POST", "/users/john@example.com/rename?to=ada@example.com", 409, "Another user has the address ada@example.com.\n"},
		{"POST", "/users/john@example.com/rename", 400, "Give the parameter to, as in ?to=new@example.com.\n"},
		{"POST", "/users/john@example.com/alias?as=jonas@example.com", 200, "A look-up of jonas@example.com now finds john@example.com.\n"},
		{"POST", "/users/john@example.com/alias?as=ada@example.com", 409, "Another user has the address ada@example.com.\n"},
		{"POST", "/users/keiko@example.com/give-address?to=1", 200, "keiko@example.com now belongs to the user with the id 1, who is Enabled.\n"},
		{"POST", "/users/liam@example.com/add-twin", 200, "liam@example.com is now the address of two users; look-up finds the first.\n"},
		{"POST", "/users/nobody@example.com/add-twin", 404, "There is no user nobody@example.com.\n"},
		{"POST", "/users/liam@example.com/lie-in-search?as=1", 200, "Search now shows the id 1 for liam@example.com.\n"},
		{"POST", "/users?email=zoe@example.com", 200, "zoe@example.com is now Enabled, in Corporate AD, with the id "},
		{"POST", "/users?email=nina@example.org&identity_source=Subsidiary%20LDAP&first_name=Nina&last_name=Weber", 200, "nina@example.org is now Enabled, in Subsidiary LDAP, with the id "},
		{"POST", "/users?email=ADA@example.com", 409, "Another user has the address ADA@example.com.\n"},
		{"POST", "/users", 400, "Give the new user, as in ?email=new@example.com"},
		{"GET", "/users", 200, "nina@example.org        Enabled"},
		{"GET", "/temperaments", 200, "same-status is 200\n    What answers a PUT of the user's current status.\n    Answers: 200, 304, 400, 409.\n    RSA's documentation: The status"},
		{"POST", "/temperaments/same-status?is=409", 200, "same-status is now 409.\n"},
		{"POST", "/temperaments/marked-as?is=Pending%20Deletion", 200, "marked-as is now Pending Deletion.\n"},
		{"POST", "/temperaments/marked-as?is=", 200, "marked-as is now \"\".\n"},
		{"POST", "/temperaments/same-status?is=200000", 400, "There is no such temperament: same-status is one of 200, 304, 400, 409. GET /simulator/temperaments lists them.\n"},
		{"POST", "/temperaments/same-status", 400, "Give the answer, as in ?is=409.\n"},
		{"POST", "/temperaments/moody?is=on", 400, "There is no such temperament: moody. GET /simulator/temperaments lists them.\n"},
		{"POST", "/lose-answers?kind=status&instead=204&times=2", 200, "The next 2 requests of kind status are carried out, and their answers lost.\n"},
		{"POST", "/lose-answers?kind=status&instead=nothing", 400, "Give the kind of requests"},
		{"POST", "/lose-answers?kind=nothing&instead=cut", 400, "Give the kind of requests"},
		{"POST", "/lose-answers?kind=status&instead=cut&times=0", 400, "Give the kind of requests"},
		{"GET", "/users", 200, "hugo@example.com        Disabled  pending deletion since "},
		{"POST", "/clock/advance?by=144h", 200, "The time for users and access tokens is now "},
		{"POST", "/clock/advance?by=-1h", 200, "The time for users and access tokens is now "},
		{"POST", "/clock/advance?by=much", 400, "Give the duration"},
		{"POST", "/clock/advance", 400, "Give the duration"},
		{"GET", "/requests", 200, `"lookup":0`},
	}
	for _, step := range steps {
		c.control(step.method, step.path).want(t, step.status, step.answer)
	}
	if table := c.control("GET", "/users").body; strings.Contains(table, "hugo") || !strings.HasPrefix(table, "EMAIL") {
		t.Errorf("six days later the table is\n%s", table)
	}
	if n := len(c.tenant.Requests()); n != 0 {
		t.Errorf("%d requests of the control surface were counted", n)
	}
	ada := c.stored("ada@example.com").ID
	for range 2 {
		c.putStatus(ada, disable).want(t, 204, "")
	}
	c.putStatus(ada, disable).want(t, 409, "The user already has this status.")
	c.call("POST", "/v1/users/lookup", lookUpAda)
	c.control("GET", "/requests").want(t, 200, `"lookup":1`)
	c.control("DELETE", "/requests").want(t, 200, "from 0 again")
	c.control("GET", "/requests").want(t, 200, `"lookup":0`)
}

// A change is made by its name only, so that a test can make all of them.
func TestUserChanges(t *testing.T) {
	t.Parallel()
	for _, change := range simulator.UserChanges() {
		made, called := newClient(t), newClient(t)
		for _, c := range []*client{made, called} {
			c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
			c.control("POST", "/users/ada@example.com/promote").want(t, 404, change.Name)
		}
		must(t, change.Make(made.tenant, "ada@example.com", change.Example))
		called.control("POST", "/users/ada@example.com/"+change.Call()).want(t, 200, " now ")
		if diff := cmp.Diff(made.control("GET", "/users").body, called.control("GET", "/users").body); diff != "" {
			t.Errorf("%s, by its method and on the control surface:\n%s", change.Name, diff)
		}
	}
}

func TestServerListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "nonsense"} {
		if server, err := simulator.StartAt(simulator.NewTenant(), address); err == nil {
			server.Close()
			t.Errorf("listens at %q", address)
		}
	}
	c := newClient(t)
	if server, err := simulator.StartAt(simulator.NewTenant(), strings.TrimPrefix(c.server.URL(), "http://")); err == nil {
		server.Close()
		t.Error("two servers listen at one address")
	}
	c.server.Close()
	c.server.Close()
	if err := c.server.Shutdown(t.Context()); err != nil {
		t.Errorf("shutting a closed server down: %v", err)
	}
}
