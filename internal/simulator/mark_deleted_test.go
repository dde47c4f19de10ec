// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestMarkDeleted(t *testing.T) {
	t.Parallel()
	const mark, unmark = `{"markDeleted":true}`, `{"markDeleted":false}`
	ada := simulator.User{ID: "1", Email: "ada@example.com"}
	off := simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled}
	marked := simulator.User{ID: "1", Email: "ada@example.com", MarkDeleted: true, MarkedDeletedBy: "bob"}
	scim := simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled, SCIMManaged: true}

	tests := map[string]struct {
		user   simulator.User
		id     string
		body   string
		status int
		part   string
		after  bool
	}{
		"mark":             {off, "1", mark, 200, `"markDeleted":true`, true},
		"mark enabled":     {ada, "1", mark, 409, `"409 CONFLICT"`, false},
		"mark again":       {marked, "1", mark, 409, `"409 CONFLICT"`, true},
		"unmark":           {marked, "1", unmark, 200, `"markDeleted":false,"markDeletedAt":null,"markDeletedBy":null`, false},
		"unmark unmarked":  {off, "1", unmark, 409, `"409 CONFLICT"`, false},
		"SCIM-managed":     {scim, "1", mark, 405, `"code":"405 METHOD_NOT_ALLOWED"`, false},
		"unknown id":       {off, "2", mark, 404, "User 2 not found", false},
		"text":             {off, "1", `{"markDeleted":"true"}`, 400, "400 BAD_REQUEST", false},
		"null":             {off, "1", `{"markDeleted":null}`, 400, "400 BAD_REQUEST", false},
		"further property": {off, "1", `{"markDeleted":true,"by":"me"}`, 400, "Wrong number", false},
		"no object":        {off, "1", `true`, 400, "400 BAD_REQUEST", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			c.tenant.AddUser(test.user)
			c.call("PUT", "/v1/users/"+test.id+"/markDeleted", test.body).want(t, test.status, test.part)
			if got := c.stored("ada@example.com").MarkDeleted; got != test.after {
				t.Errorf("marked afterwards: %t, want %t", got, test.after)
			}
		})
	}
}

func TestMarkDeletedRecordsCallerAndTime(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com", Status: simulator.Disabled})
	c.tenant.Advance(30 * day)
	earliest := c.tenant.Now()
	got := c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`).object(t)
	u := c.stored("ada@example.com")
	if got["markDeletedBy"] != "minted-elsewhere" || got["markDeletedAt"] != u.MarkedDeletedAt.Format("2006-01-02T15:04:05.000Z") {
		t.Errorf("marked by %v at %v, want the caller at %v", got["markDeletedBy"], got["markDeletedAt"], u.MarkedDeletedAt)
	}
	if u.MarkedDeletedAt.Before(earliest) {
		t.Errorf("marked at %s, before %s on the tenant's clock", u.MarkedDeletedAt, earliest)
	}
}
