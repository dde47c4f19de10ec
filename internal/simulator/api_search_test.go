// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
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
		pages       float64
		total       float64
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
			got := c.call("POST", "/v2/users/search"+test.query, test.body).object(t)
			emails := []string{}
			elements, _ := got["elements"].([]any)
			for _, element := range elements {
				user, _ := element.(map[string]any)
				email, _ := user["emailAddress"].(string)
				emails = append(emails, email)
			}
			if !slices.Equal(emails, test.emails) || got["totalPages"] != test.pages || got["totalElements"] != test.total {
				t.Errorf("got %v, %v pages, %v users; want %v, %v, %v",
					emails, got["totalPages"], got["totalElements"], test.emails, test.pages, test.total)
			}
			if got["elements"] == nil {
				t.Error("elements is null")
			}
		})
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
