// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const (
	adaID    = "6d0d6f2e-6a3f-4b53-9b5e-0a8a4c1f0c11"
	adaEmail = "ada@example.com"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func parseBaseURL(t *testing.T, raw string) *url.URL {
	t.Helper()
	base, err := cloudadmin.ParseBaseURL(raw)
	must(t, err)
	return base
}

// startTenant serves a simulated tenant whose only user is Ada.
func startTenant(t *testing.T) (*simulator.Tenant, *simulator.Server) {
	t.Helper()
	tenant := simulator.NewTenant()
	tenant.AddUser(simulator.User{ID: adaID, Email: adaEmail, Username: "ada"})
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	return tenant, server
}

// newTenantClient returns a client, with an access token, of a tenant with Ada in it.
func newTenantClient(t *testing.T) (*simulator.Tenant, *cloudadmin.Client) {
	t.Helper()
	tenant, server := startTenant(t)
	return tenant, cloudadmin.New(cloudadmin.Config{
		BaseURL:     parseBaseURL(t, server.AdminAPIURL()),
		Credentials: cloudadmin.AccessToken(tenant.IssueToken(time.Hour)),
		MaxRetries:  new(int),
	})
}

// newClientOf returns a client of a handler that sends each request once.
func newClientOf(t *testing.T, handler http.HandlerFunc) *cloudadmin.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return cloudadmin.New(cloudadmin.Config{
		BaseURL:     parseBaseURL(t, server.URL),
		Credentials: cloudadmin.AccessToken("token"),
		MaxRetries:  new(int),
	})
}

func lookUpAda(t *testing.T, client *cloudadmin.Client) error {
	t.Helper()
	_, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
	return err
}

// atOnce calls a function n times in parallel.
func atOnce(n int, call func()) {
	var calls sync.WaitGroup
	for range n {
		calls.Go(call)
	}
	calls.Wait()
}
