// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const enable, disable = `{"userStatus":"Enabled"}`, `{"userStatus":"Disabled"}`

func (c *client) lookUp(address string) reply {
	c.t.Helper()
	return c.call("POST", "/v1/users/lookup", fmt.Sprintf(`{"email":%q}`, address))
}

func (c *client) putStatus(id, body string) reply {
	c.t.Helper()
	return c.call("PUT", "/v1/users/"+id+"/userStatus", body)
}

func TestAnswerSameStatus(t *testing.T) {
	t.Parallel()
	const already = `"description":"The user already has this status."`
	tests := []struct {
		code int
		part string
	}{
		{200, `{"id":"1","userStatus":"Enabled"}`},
		{304, ""},
		{400, `"code":"400 BAD_REQUEST",` + already},
		{409, `"code":"409 CONFLICT",` + already},
	}
	for _, test := range tests {
		c := newClient(t)
		c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
		c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", DisabledBySync: true})
		c.tenant.AnswerSameStatus(test.code)
		again := c.putStatus("1", enable)
		again.want(t, test.code, test.part)
		if test.code == 304 && again.body != "" {
			t.Errorf("304 with the body %q", again.body)
		}
		c.putStatus("1", disable).want(t, 200, `{"id":"1","userStatus":"Disabled"}`)
		c.putStatus("1", disable).want(t, test.code, strings.ReplaceAll(test.part, "Enabled", "Disabled"))
		c.putStatus("2", enable).want(t, 409, "The user cannot be enabled.")
		c.tenant.AnswerSameStatus(200)
		c.putStatus("1", disable).want(t, 200, `"Disabled"`)
	}
}

func TestShowMarkedAs(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", Status: simulator.Disabled})
	check := func(ada string) {
		t.Helper()
		c.lookUp("ada@example.com").want(t, 200, `"userStatus":"`+ada+`"`)
		c.putStatus("1", disable).want(t, 200, `{"id":"1","userStatus":"`+ada+`"}`)
		c.call("POST", "/v1/users/1/sync", "").want(t, 200, `"userStatus":"`+ada+`"`)
		found := c.search("", everybody).Elements
		if found[0]["userStatus"] != ada || found[1]["userStatus"] != simulator.Disabled {
			t.Errorf("search shows %v and %v", found[0]["userStatus"], found[1]["userStatus"])
		}
		if u := c.stored("ada@example.com"); u.Status != simulator.Disabled {
			t.Errorf("the status itself is %s", u.Status)
		}
	}
	check(simulator.Disabled)
	c.tenant.ShowMarkedAs("Pending Deletion")
	check("Pending Deletion")
	c.putStatus("1", enable).want(t, 409, "cannot be enabled")
	c.call("PUT", "/v1/users/2/markDeleted", `{"markDeleted":true}`).want(t, 200, `"userStatus":"Pending Deletion"`)
	c.call("PUT", "/v1/users/2/markDeleted", `{"markDeleted":false}`).want(t, 200, `"userStatus":"Disabled"`)
	c.tenant.ShowMarkedAs("")
	check(simulator.Disabled)
}

func TestRefuseDisablingMarked(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", MarkDeleted: true, Status: simulator.Enabled})
	c.tenant.AddUser(simulator.User{ID: "3", Email: "carla@example.com"})
	for code, name := range map[int]string{409: "CONFLICT", 400: "BAD_REQUEST"} {
		c.tenant.RefuseDisablingMarked(code)
		for _, id := range []string{"1", "2"} {
			c.putStatus(id, disable).want(t, code, fmt.Sprintf(`{"code":"%d %s","description":"The user cannot be disabled."}`, code, name))
		}
	}
	if got := c.stored("ben@example.com").Status; got != simulator.Enabled {
		t.Errorf("refused, and yet the status is %s", got)
	}
	c.putStatus("3", disable).want(t, 200, "Disabled")
	c.tenant.RefuseDisablingMarked(0)
	c.putStatus("2", disable).want(t, 200, "Disabled")
}

func TestCompareCase(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "Ada@example.com", Username: "AdaL"})
	c.tenant.AddDirectoryUser(simulator.User{Email: "New@example.com"})
	must(t, c.tenant.Alias("Old@example.com", "ada@example.com"))
	c.tenant.CompareCase(true)

	c.lookUp("Ada@example.com").want(t, 200, `"id":"1"`)
	c.lookUp("ada@example.com").want(t, 404, "User ada@example.com not found")
	c.call("POST", "/v1/users/lookup", `{"username":"AdaL"}`).want(t, 200, `"id":"1"`)
	c.call("POST", "/v1/users/lookup", `{"username":"adal"}`).want(t, 404, "User adal not found")
	c.lookUp("Old@example.com").want(t, 200, `"id":"1"`)
	c.lookUp("old@example.com").want(t, 404, "not found")
	c.call("POST", "/v1/users/lookup", `{"email":"new@example.com","searchUnsynched":true}`).want(t, 404, "not found")
	c.call("POST", "/v1/users/lookup", `{"email":"New@example.com","searchUnsynched":true}`).want(t, 200, "New@example.com")
	c.search("", `{"emailLike":"ADA@"}`).want(t, "Ada@example.com")

	c.tenant.AddTwin(simulator.User{ID: "2", Email: "ada@example.com"})
	c.lookUp("ada@example.com").want(t, 200, `"id":"2"`)
	c.lookUp("Ada@example.com").want(t, 200, `"id":"1"`)
	c.tenant.CompareCase(false)
	c.lookUp("ADA@example.com").want(t, 200, `"id":"1"`)
}

func TestAnswerUnknownUser(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AnswerUnknownUser(400)
	c.lookUp("ada@example.com").want(t, 400, `{"code":"400 BAD_REQUEST","description":"User ada@example.com not found"}`)
	c.putStatus("1", disable).want(t, 404, "404 NOT_FOUND") // look-up only
	c.tenant.AnswerUnknownUser(404)
	c.lookUp("ada@example.com").want(t, 404, `{"code":"404 NOT_FOUND","description":"User ada@example.com not found"}`)
}

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
	// A look-up that synchronizes sees what is so, and makes no second carla.
	c.call("POST", "/v1/users/lookup", `{"email":"carla@example.com","searchUnsynched":true}`).want(t, 200, `"id":"3"`)
	c.call("POST", "/v1/users/lookup", `{"email":"new@example.com","searchUnsynched":true}`).want(t, 200, "new@example.com")

	c.tenant.FreezeLookup() // anew
	c.lookUp("ada@example.com").want(t, 200, `"userStatus":"Disabled"`)
	c.lookUp("ben@example.com").want(t, 404, "not found")
	c.putStatus("1", enable).want(t, 200, `"Enabled"`)
	c.tenant.ThawLookup()
	c.lookUp("ada@example.com").want(t, 200, `"userStatus":"Enabled"`)
}

// pages reads a search to its end, 25 users a page, and returns the rows.
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
				t.Errorf("switched off, and yet the rows are %v", rows)
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

// Run with -race: the switches may be thrown while requests are under way.
func TestTemperamentsMayChangeAtAnyTime(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	simulator.SeedExample(c.tenant)
	id := c.stored("ada@example.com").ID
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for _, temperament := range simulator.Temperaments() {
				answers := temperament.Answers
				if len(answers) == 0 {
					continue
				}
				if err := c.tenant.SetTemperament(temperament.Name, answers[i%len(answers)]); err != nil {
					t.Error(err)
				}
				c.tenant.Temperament(temperament.Name)
			}
			if err := c.tenant.Alias(fmt.Sprintf("old%d@example.com", i), "ben@example.com"); err != nil {
				t.Error(err)
			}
			c.tenant.LieInSearch("ben@example.com", "other")
			c.tenant.AddTwin(simulator.User{Email: "ben@example.com"})
		})
		group.Go(func() {
			c.lookUp("ada@example.com")
			c.putStatus(id, disable)
			c.call("POST", "/v2/users/search", everybody)
		})
	}
	group.Wait()
}
