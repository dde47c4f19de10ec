// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestRequestsFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	own := c.server.URL()
	port := own[strings.LastIndex(own, ":"):]
	const otherHost, otherOrigin = "loopback address or localhost", "web pages of another origin"
	tests := map[string]struct {
		host    string // empty: the server's own
		origins []string
		refusal string // empty: served
	}{
		"as Terraform sends it":           {"", nil, ""},
		"own origin":                      {"", []string{own}, ""},
		"localhost":                       {"localhost" + port, nil, ""},
		"localhost in capitals, no port":  {"LOCALHOST", nil, ""},
		"IPv6":                            {"[::1]" + port, nil, ""},
		"IPv6 without port":               {"[::1]", nil, ""},
		"another loopback address":        {"127.0.0.2" + port, nil, ""},
		"localhost and its origin":        {"localhost" + port, []string{"http://localhost" + port}, ""},
		"a page":                          {"", []string{"https://example.com"}, otherOrigin},
		"a sandboxed page":                {"", []string{"null"}, otherOrigin},
		"an empty origin":                 {"", []string{""}, otherOrigin},
		"another port":                    {"", []string{"http://127.0.0.1:1"}, otherOrigin},
		"another scheme":                  {"", []string{"https" + strings.TrimPrefix(own, "http")}, otherOrigin},
		"own name, other spelling":        {"", []string{"http://localhost" + port}, otherOrigin},
		"own origin and a page":           {"", []string{own, "https://example.com"}, otherOrigin},
		"a name that resolves to here":    {"rebind.example.com" + port, nil, otherHost},
		"such a name and its own origin":  {"rebind.example.com" + port, []string{"http://rebind.example.com" + port}, otherHost},
		"below localhost":                 {"evil.localhost" + port, nil, otherHost},
		"a name that begins as loopback":  {"127.0.0.1.example.com", nil, otherHost},
		"an address of the local network": {"192.168.0.1" + port, nil, otherHost},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			requests := []*http.Request{c.request("POST", "/v1/users/lookup", lookUpAda)}
			for _, at := range []struct{ method, path string }{
				{"GET", "/simulator/users"}, {"POST", "/simulator/users/ada@example.com/enable"},
			} {
				r, err := http.NewRequestWithContext(t.Context(), at.method, own+at.path, http.NoBody)
				must(t, err)
				requests = append(requests, r)
			}
			for _, r := range requests {
				r.Host = test.host
				r.Header["Origin"] = test.origins
				if test.refusal == "" {
					c.send(r).want(t, 200, "ada@example.com")
				} else {
					c.send(r).want(t, 403, test.refusal)
				}
			}
		})
	}
}

func TestRefusedRequestsDoNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.server.URL()+"/simulator/users/ada@example.com/delete", http.NoBody)
	must(t, err)
	r.Header.Set("Origin", "https://example.com")
	c.send(r).want(t, 403, "another origin")
	c.stored("ada@example.com")
	if n := len(c.tenant.Requests()); n != 0 {
		t.Errorf("%d requests were counted", n)
	}
}
