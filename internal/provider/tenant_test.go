// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

var testProviders = map[string]func() (tfprotov6.ProviderServer, error){
	"idplus": providerserver.NewProtocol6WithError(New("test")()),
}

// testTenant is a simulated tenant behind real HTTP, with the provider block that points
// at it.
type testTenant struct {
	*simulator.Tenant
	server *simulator.Server
	token  string
}

func newTestTenant(t testing.TB, emails ...string) *testTenant {
	t.Helper()
	tenant := simulator.NewTenant()
	for _, email := range emails {
		tenant.AddUser(simulator.User{Email: email, Username: strings.SplitN(email, "@", 2)[0]})
	}
	server, err := simulator.Start(tenant)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	token := tenant.IssueToken(365*24*time.Hour, simulator.ScopeRead, simulator.ScopeManage, simulator.ScopeDeleteSoft)
	return &testTenant{tenant, server, token}
}

// config returns a configuration for this tenant: provider arguments, then the rest.
func (tt *testTenant) config(provider, rest string) string {
	return fmt.Sprintf(`
provider "idplus" {
  admin_api_url = %q
  access_token  = %q
  %s
}
%s`, tt.server.AdminAPIURL(), tt.token, provider, rest)
}

func (tt *testTenant) status(t testing.TB, address string) string {
	t.Helper()
	user, ok := tt.User(address)
	if !ok {
		t.Fatalf("the tenant has no user %s", address)
	}
	return user.Status
}

func (tt *testTenant) id(t testing.TB, address string) string {
	t.Helper()
	user, ok := tt.User(address)
	if !ok {
		t.Fatalf("the tenant has no user %s", address)
	}
	return user.ID
}

// wantRequests asserts the number of requests of each kind: none of a kind that is left
// out, any number for tokens.
func (tt *testTenant) wantRequests(t testing.TB, want map[simulator.Kind]int) {
	t.Helper()
	for _, kind := range simulator.Kinds() {
		if got := tt.Count(kind); got != want[kind] && kind != simulator.KindToken {
			t.Errorf("%d %s requests, want %d", got, kind, want[kind])
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// userStatus returns a resource block for a user.
func userStatus(name, arguments string) string {
	return fmt.Sprintf("resource \"idplus_user_status\" %q {\n%s\n}\n", name, arguments)
}

// says matches a text wherever Terraform breaks its lines.
func says(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `[\s│]+`))
}
