// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"strings"
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
			t.Errorf("the actual status is %s", u.Status)
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
		t.Errorf("refused, but the status is %s", got)
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

func TestAnswerSCIMStatus(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", SCIMManaged: true})
	c.tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com"})
	c.putStatus("1", disable).want(t, 200, "Disabled")
	c.tenant.AnswerSCIMStatus(405)
	c.putStatus("1", enable).want(t, 405, `"code":"405 METHOD_NOT_ALLOWED"`)
	c.putStatus("2", disable).want(t, 200, "Disabled")
	if got := c.stored("ada@example.com").Status; got != simulator.Disabled {
		t.Errorf("refused, but the status is %s", got)
	}
	c.tenant.AnswerSCIMStatus(200)
	c.putStatus("1", enable).want(t, 200, "Enabled")
}

func TestAddOtherCaseKeys(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	const enabled = `"userStatus":"Enabled","UserStatus":"Disabled","USERSTATUS":null`
	const disabled = `"userStatus":"Disabled","UserStatus":"Enabled","USERSTATUS":null`
	c.tenant.AddOtherCaseKeys(true)
	c.lookUp("ada@example.com").want(t, 200, enabled)
	c.call("POST", "/v2/users/search", everybody).want(t, 200, enabled)
	c.putStatus("1", disable).want(t, 200, `{"id":"1",`+disabled+`}`)
	c.call("POST", "/v1/users/1/sync", "").want(t, 200, disabled)
	c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`).want(t, 200, disabled)
	c.tenant.OmitFromSearch("userStatus")
	if found := c.search("", everybody).Elements[0]; found["UserStatus"] != nil {
		t.Errorf("left out, but it shows %v", found)
	}
	c.tenant.AddOtherCaseKeys(false)
	if got := c.lookUp("ada@example.com"); strings.Contains(got.body, "UserStatus") {
		t.Errorf("after switching it off it answers %s", got.body)
	}
}
