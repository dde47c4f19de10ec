// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const day = 24 * time.Hour

func TestLookUp(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com", Username: "adal"})
	c.tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"})

	tests := map[string]struct {
		body   string
		status int
		part   string
	}{
		"by email":                {`{"email":"ada@example.com"}`, 200, `"emailAddress":"ada@example.com"`},
		"by email in other case":  {`{"email":"ADA@Example.com"}`, 200, `"emailAddress":"ada@example.com"`},
		"by username":             {`{"username":"AdaL"}`, 200, `"principalUsername":"adal"`},
		"username as email":       {`{"email":"adal"}`, 404, `"code":"404 NOT_FOUND","description":"User adal not found"`},
		"unknown":                 {`{"email":"x@example.com"}`, 404, `"description":"User x@example.com not found"`},
		"directory only":          {`{"email":"new@example.com"}`, 404, "not found"},
		"directory only, refused": {`{"email":"new@example.com","searchUnsynched":false}`, 404, "not found"},
		"both":                    {`{"email":"ada@example.com","username":"adal"}`, 400, "400 BAD_REQUEST"},
		"neither":                 {`{"searchUnsynched":true}`, 400, "400 BAD_REQUEST"},
		"null":                    {`{"email":null}`, 400, "either"},
		"empty":                   {`{"email":""}`, 400, "empty"},
		"unknown property":        {`{"email":"ada@example.com","searchUnsynced":true}`, 400, "unknown"},
		"property in other case":  {`{"Email":"ada@example.com"}`, 400, "unknown"},
		"wrong type":              {`{"email":7}`, 400, "type"},
		"flag as text":            {`{"email":"ada@example.com","searchUnsynched":"true"}`, 400, "type"},
		"no object":               {`["ada@example.com"]`, 400, "object"},
		"two objects":             {`{"email":"ada@example.com"}{}`, 400, "object"},
		"no body":                 {``, 400, "object"},
		"too large":               {`{"email":"` + strings.Repeat("a", 64<<10) + `"}`, 413, "too large"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c.call("POST", "/v1/users/lookup", test.body).want(t, test.status, test.part)
		})
	}
}

func TestUserDetails(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	at := time.Date(2025, 2, 17, 21, 44, 9, 0, time.UTC)
	c.tenant.AddUser(simulator.User{
		ID: "6d0d6f2e", Email: "ada@example.com", Created: at, LastSync: at, MonthLastAuthenticated: "Jun 2025",
	})
	want := map[string]any{
		"id": "6d0d6f2e", "emailAddress": "ada@example.com", "firstName": "Ada", "lastName": "Example",
		"creationDate": "2025-02-17T21:44:09.000Z", "identitySource": "Corporate AD", "userStatus": "Enabled",
		"highRiskUser": false, "markDeleted": false, "markDeletedAt": nil, "markDeletedBy": nil,
		"isTokenLocked": false, "isSmsLocked": false, "isVoiceLocked": false, "isFingerprintLocked": false,
		"isApproveLocked": false, "lastSyncTime": "2025-02-17T21:44:09.000Z", "emergencyAccessStatus": "Disabled",
		"emergencyTokencodeId": nil, "emergencyTokencodeExpiration": nil, "emergencyTokencodeLastUse": nil,
		"offlineEmergencyAccessStatus": "Disabled", "offlineEmergencyTokencodeExpiration": nil,
		"monthLastAuthenticated": "Jun 2025", "principalUsername": "ada@example.com", "alternateUsername": "",
		"primaryUniqueIdentifier": "6d0d6f2e",
	}
	got := c.call("POST", "/v1/users/lookup", `{"email":"ada@example.com"}`).object(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("user details (-want +got):\n%s", diff)
	}
}

func TestUserDetailsAreEscaped(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	const name = "Ada \"<Jr.> & Zoë\u2028\t\\"
	c.tenant.AddUser(simulator.User{Email: "ada@example.com", LastName: name, SMSNumber: "+1 555", SecondaryUniqueIdentifier: "s"})
	got := c.call("POST", "/v1/users/lookup", lookUpAda).object(t)
	if got["lastName"] != name || got["smsNumber"] != "+1 555" || got["secondaryUniqueIdentifier"] != "s" {
		t.Errorf("the answer is %v", got)
	}
}

// Addresses match like strings.EqualFold.
func TestAddressesMatchRegardlessOfCase(t *testing.T) {
	t.Parallel()
	tests := []struct {
		stored, asked string
		found         bool
	}{
		{"ada@example.com", "aDa@EXAMPLE.com", true},
		{"ADA@EXAMPLE.COM", "ada@example.com", true},
		{"zoë@example.com", "ZOË@example.com", true},
		{"σίσυφος@example.com", "ΣΊΣΥΦΟΣ@example.com", true},
		{"\u212Aelvin@example.com", "kelvin@example.com", true},
		{"ſam@example.com", "SAM@example.com", true},
		{"straße@example.com", "STRASSE@example.com", false},
		{"ada@example.com", "ada@example.co", false},
		{"a[a@example.com", "a{a@example.com", false},
	}
	for _, test := range tests {
		if strings.EqualFold(test.stored, test.asked) != test.found {
			t.Errorf("%q and %q: the test is wrong", test.stored, test.asked)
		}
		tenant := simulator.NewTenant()
		tenant.AddUser(simulator.User{Email: test.stored, Username: "one"})
		tenant.AddUser(simulator.User{Email: "two@example.com", Username: test.stored + ".two"})
		if _, found := tenant.User(test.asked); found != test.found {
			t.Errorf("%q by %q: found %t", test.stored, test.asked, found)
		}
		if u, found := tenant.User(test.asked + ".TWO"); found != test.found || found && u.Email != "two@example.com" {
			t.Errorf("by the username %q: found %t, %s", test.asked+".TWO", found, u.Email)
		}
		tenant.AddUser(simulator.User{Email: test.asked})
		if replaced := len(tenant.Users()) == 2; replaced != test.found {
			t.Errorf("%q replaced by %q: %t", test.stored, test.asked, replaced)
		}
	}
}

func TestLookUpFetchesFromTheDirectory(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddDirectoryUser(simulator.User{Email: "new@example.com"})
	const body = `{"email":"new@example.com","searchUnsynched":true}`

	first := c.call("POST", "/v1/users/lookup", body).object(t)["id"]
	again := c.call("POST", "/v1/users/lookup", `{"email":"new@example.com"}`).object(t)["id"]
	if first == nil || first != again {
		t.Errorf("the id was %v, then %v", first, again)
	}
	must(t, c.tenant.Delete("new@example.com"))
	if back := c.call("POST", "/v1/users/lookup", body).object(t)["id"]; back == nil || back == first {
		t.Errorf("the user came back as %v, want an id other than %v", back, first)
	}
}

func TestChangeStatus(t *testing.T) {
	t.Parallel()
	const enable, disable = `{"userStatus":"Enabled"}`, `{"userStatus":"Disabled"}`
	ada := simulator.User{ID: "1", Email: "ada@example.com"}
	off := simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled}
	marked := simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true}
	markedEnabled := simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true, Status: simulator.Enabled}
	away := simulator.User{ID: "1", Email: "ada@example.com", DisabledBySync: true}
	const wrongNumber = `{"code":"400 BAD_REQUEST","description":"Wrong number of properties in the request body."}`
	const conflict = `{"code":"409 CONFLICT","description":"The user cannot be enabled."}`

	tests := map[string]struct {
		user   simulator.User
		id     string
		body   string
		status int
		part   string
		after  string
	}{
		"disable":                  {ada, "1", disable, 200, `{"id":"1","userStatus":"Disabled"}`, "Disabled"},
		"disable again":            {off, "1", disable, 200, `{"id":"1","userStatus":"Disabled"}`, "Disabled"},
		"enable":                   {off, "1", enable, 200, `{"id":"1","userStatus":"Enabled"}`, "Enabled"},
		"enable again":             {ada, "1", enable, 200, `"Enabled"`, "Enabled"},
		"enable marked":            {marked, "1", enable, 409, conflict, "Disabled"},
		"enable marked, enabled":   {markedEnabled, "1", enable, 409, conflict, "Enabled"},
		"disable marked":           {markedEnabled, "1", disable, 200, `"Disabled"`, "Disabled"},
		"enable disabled by sync":  {away, "1", enable, 409, conflict, "Disabled"},
		"disable disabled by sync": {away, "1", disable, 200, `"Disabled"`, "Disabled"},
		"unknown id":               {ada, "2", disable, 404, `"description":"User 2 not found"`, "Enabled"},
		"blank id":                 {ada, "", disable, 404, `"404 NOT_FOUND"`, "Enabled"},
		"malformed id":             {ada, "a%20b%2Fc", disable, 404, `User a b/c not found`, "Enabled"},
		"empty object":             {ada, "1", `{}`, 400, wrongNumber, "Enabled"},
		"two properties":           {ada, "1", `{"userStatus":"Disabled","reason":"x"}`, 400, wrongNumber, "Enabled"},
		"no status":                {ada, "1", `{"status":"Disabled"}`, 400, `"400 BAD_REQUEST"`, "Enabled"},
		"other spelling":           {ada, "1", `{"userStatus":"disabled"}`, 400, `"400 BAD_REQUEST"`, "Enabled"},
		"status is null":           {ada, "1", `{"userStatus":null}`, 400, `"400 BAD_REQUEST"`, "Enabled"},
		"status is not text":       {ada, "1", `{"userStatus":false}`, 400, `"400 BAD_REQUEST"`, "Enabled"},
		"no object":                {ada, "1", `"Disabled"`, 400, `"400 BAD_REQUEST"`, "Enabled"},
		"null":                     {ada, "1", `null`, 400, `"400 BAD_REQUEST"`, "Enabled"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			before := c.tenant.AddUser(test.user)
			c.call("PUT", "/v1/users/"+test.id+"/userStatus", test.body).want(t, test.status, test.part)
			after := c.stored("ada@example.com")
			before.Status = test.after // nothing else may change
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the user afterwards (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIDsAreComparedExactly(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "abc", Email: "ada@example.com"})
	c.call("PUT", "/v1/users/ABC/userStatus", `{"userStatus":"Disabled"}`).want(t, 404, "User ABC not found")
}

func TestContentType(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled})
	calls := []struct{ method, path, body string }{
		{"POST", "/v1/users/lookup", `{"email":"ada@example.com"}`},
		{"POST", "/v2/users/search", `{"emailLike":"ada"}`},
		{"PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`},
		{"PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`},
	}
	types := map[string]int{
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/jsonp": 415,
		"application/json;charset=UTF-8": 200,
	}
	for _, call := range calls {
		for contentType, want := range types {
			r := c.request(call.method, call.path, call.body)
			r.Header.Set("Content-Type", contentType)
			if got := c.send(r); got.status != want {
				t.Errorf("%s with %q: %d %s, want %d", call.path, contentType, got.status, got.body, want)
			}
		}
	}
}

func TestSynchronize(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	sync := func(status int, part string) {
		t.Helper()
		r := c.request("POST", "/v1/users/1/sync", "")
		r.Header.Del("Content-Type")
		c.send(r).want(t, status, part)
	}

	sync(200, `"userStatus":"Enabled"`)
	c.call("POST", "/v1/users/1/sync", `{}`).want(t, 400, "400 BAD_REQUEST")
	c.call("POST", "/v1/users/2/sync", ``).want(t, 404, "User 2 not found")

	must(t, c.tenant.LeaveDirectory("ada@example.com"))
	if got := c.stored("ada@example.com").Status; got != simulator.Enabled {
		t.Errorf("the cloud knew before the synchronization: %s", got)
	}
	sync(200, `"userStatus":"Disabled"`)
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Enabled"}`).want(t, 409, "409 CONFLICT")

	must(t, c.tenant.RestoreInDirectory("ada@example.com"))
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Enabled"}`).want(t, 409, "409 CONFLICT")
	sync(200, `"userStatus":"Enabled"`)
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Enabled"}`).want(t, 200, "Enabled")

	must(t, c.tenant.SetStatus("ada@example.com", simulator.Disabled))
	sync(200, `"userStatus":"Disabled"`) // an administrator's change stays
}
