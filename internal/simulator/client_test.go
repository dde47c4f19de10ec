// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// client is a plain HTTP client of one simulated tenant.
type client struct {
	t      *testing.T
	tenant *simulator.Tenant
	server *simulator.Server
	token  string
}

// reply is an answer that was read completely.
type reply struct {
	status int
	header http.Header
	body   string
}

func newClient(t *testing.T) *client {
	t.Helper()
	tenant := simulator.NewTenant()
	server, err := simulator.Start(tenant)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return &client{t: t, tenant: tenant, server: server, token: tenant.IssueToken(90 * 24 * time.Hour)}
}

// call sends a JSON request to a path of the API with the client's token.
func (c *client) call(method, path, body string) reply {
	c.t.Helper()
	return c.send(c.request(method, path, body))
}

func (c *client) request(method, path, body string) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.server.AdminAPIURL()+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return r
}

func (c *client) send(r *http.Request) reply {
	c.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return reply{status: response.StatusCode, header: response.Header, body: string(body)}
}

// object reads the body as a JSON object.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(r.body), &o); err != nil {
		t.Fatalf("the answer %q is not a JSON object: %v", r.body, err)
	}
	return o
}

// want fails the test unless the answer has a status and contains a text.
func (r reply) want(t *testing.T, status int, part string) {
	t.Helper()
	if r.status != status || !strings.Contains(r.body, part) {
		t.Errorf("got %d %s, want %d with %q", r.status, r.body, status, part)
	}
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stored returns a user that the tenant must have.
func (c *client) stored(address string) simulator.User {
	c.t.Helper()
	u, ok := c.tenant.User(address)
	if !ok {
		c.t.Fatalf("the tenant has no user %s", address)
	}
	return u
}
