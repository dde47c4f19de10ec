// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestUserStatusBadInput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ arguments, says string }{
		"no user": {`status = "Enabled"`, "Set exactly one of email and username to identify the user."},
		"two users": {`email = "ada@example.com"
username = "ada"
status = "Enabled"`, "Set exactly one of email and username to identify the user. Remove one of the two."},
		"an empty address": {`email = ""
status = "Enabled"`, `"" is empty. Use the email address of one user, such as "ada@example.com".`},
		"a blank username": {`username = " "
status = "Enabled"`, `" " is blank. Use the username of one user, such as "ada".`},
		"white space around an address": {`email = "ada@example.com "
status = "Enabled"`, `"ada@example.com " has white space at its beginning or end.`},
		"a zero-width space": {"email = \"ada\\u200b@example.com\"\nstatus = \"Enabled\"", `has an invisible character in it`},
		"no address": {`email = "ada"
status = "Enabled"`, `"ada" has no @.`},
		"a display name": {`email = "Ada <ada@example.com>"
status = "Enabled"`, `has white space in it`},
		"two addresses": {`email = "ada@example.com,ben@example.com"
status = "Enabled"`, `is not of the form name@domain`},
		"no status": {`email = "ada@example.com"`, `The argument "status" is required`},
		"a status in the wrong case": {`email = "ada@example.com"
status = "enabled"`, `"enabled" is not a status. Use "Enabled" or "Disabled", exactly as written here. Did you mean "Enabled"?`},
		"no such status": {`email = "ada@example.com"
status = "Locked"`, `"Locked" is not a status. Use "Enabled" or "Disabled"`},
		"no such end": {`email = "ada@example.com"
status = "Enabled"
on_destroy = "delete"`, `Attribute on_destroy value must be one of: ["retain" "disable"], got: "delete"`},
		"no such duration": {`email = "ada@example.com"
status = "Enabled"
timeouts = { create = "soon" }`, `"soon"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			unitTest(t, resource.TestCase{
				Steps: []resource.TestStep{{Config: tenant.config("", userStatus("ada", c.arguments)), ExpectError: says(c.says), PlanOnly: true}},
			})
			if n := len(tenant.Requests()); n != 0 {
				t.Errorf("%d requests were sent for a configuration that is not valid", n)
			}
		})
	}
}

// A required value may be unknown: variables are unknown while Terraform validates.
func TestUserStatusFromVariables(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "root@example.com")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{{
			Config: tenant.config("protected_users = var.protected\nmax_changes = var.limit", `
variable "email" { type = string }
variable "status" { type = string }
variable "protected" { type = set(string) }
variable "limit" { type = number }
`+userStatus("ada", "email = var.email\nstatus = var.status")),
			ConfigVariables: config.Variables{
				"email": config.StringVariable("ada@example.com"), "status": config.StringVariable("Disabled"),
				"protected": config.SetVariable(config.StringVariable("root@example.com")), "limit": config.IntegerVariable(1),
			},
			Check: expectStatus(tenant, "ada@example.com", "Disabled"),
		}},
	})
}

func TestProviderConfiguredFromAResource(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: strings.Replace(tenant.config("", `
resource "terraform_data" "token" { input = "secret" }
`+userStatus("ada", `email = "ada@example.com"
status = "Enabled"`)), fmt.Sprintf("%q", tenant.token), "terraform_data.token.output", 1),
			ExpectError: says("access_token depends on a value that is known only after apply, but the provider needs it to plan."),
		}},
	})
}

func TestAReviewWithOneUserTwice(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newTerraformWorkspace(t, tenant)
	w.write("review.csv", "email,status\nada@example.com,Enabled\nAda@example.com ,Disabled\n")
	w.write("main.tf", tenant.config("", `
resource "idplus_user_status" "review" {
  for_each = { for row in csvdecode(file("review.csv")) : lower(trimspace(row.email)) => row.status }
  email    = each.key
  status   = each.value
}`))
	w.terraform("plan").fails().says("Duplicate object key", `"ada@example.com"`)
}

func TestRefusedCredentials(t *testing.T) {
	t.Parallel()
	for way, c := range map[string]struct {
		prepare func(*testing.T, *testTenant) (provider string)
		says    []string
	}{
		"an OAuth client that was not published": {
			func(t *testing.T, tt *testTenant) string {
				client, err := tt.CreateOAuthClient(simulator.OAuthOptions{Unpublished: true, KeyType: "EC"})
				must(t, err)
				return fmt.Sprintf("oauth = {\nissuer_url = %q\nclient_id = %q\nprivate_key = %q\n}", tt.server.IssuerURL(), client.ClientID, client.PrivateKeyJWK)
			},
			[]string{"The sign-in was refused", "/oauth/token answered 403 Forbidden: invalid_client", "- the client was saved but not published", "client_id is wrong, or the private key does not belong to it"},
		},
		"a scope too small": {
			func(t *testing.T, tt *testTenant) string {
				client, err := tt.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC", Scopes: []string{simulator.ScopeManage}})
				must(t, err)
				return fmt.Sprintf("oauth = {\nissuer_url = %q\nclient_id = %q\nprivate_key = %q\nscopes = [\"rsa.user.manage\"]\n}", tt.server.IssuerURL(), client.ClientID, client.PrivateKeyJWK)
			},
			[]string{"The sign-in worked, so client_id and key are right.", "the client lacks the scope rsa.user.read"},
		},
		"a legacy key with another audience": {
			func(t *testing.T, tt *testTenant) string {
				key, err := tt.CreateAPIKey(tt.server.AdminAPIURL())
				must(t, err)
				changed := strings.Replace(string(key), tt.server.AdminAPIURL(), tt.server.AdminAPIURL()+"/v1", 1)
				return fmt.Sprintf("api_key = %q", changed)
			},
			[]string{"POST /v1/users/lookup answered 403 Forbidden", "Invalid audience", "adminRestApiUrl in the key file was changed: restore it as downloaded"},
		},
		"a token that has expired": {
			func(_ *testing.T, tt *testTenant) string {
				token := tt.IssueToken(time.Minute, simulator.ScopeRead)
				tt.Advance(time.Hour)
				return fmt.Sprintf("access_token = %q", token)
			},
			[]string{"the token has expired, and the provider cannot renew it"},
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
			w := newWorkspace(t, tenant)
			w.write("main.tf", fmt.Sprintf("provider \"idplus\" {\nadmin_api_url = %q\n%s\n}\n", tenant.server.AdminAPIURL(), c.prepare(t, tenant))+
				userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Enabled\"")+
				userStatus("ben", "email = \"ben@example.com\"\nstatus = \"Enabled\""))
			seen := w.terraform("plan").fails().says(append(c.says,
				"Error: Cannot look up ada@example.com", "Error: Cannot look up ben@example.com",
				"Another of these errors lists all likely causes.")...)
			if n := strings.Count(seen.text, "The likely causes, the most likely first:"); n != 1 {
				t.Errorf("the causes are listed %d times, want once", n)
			}
		})
	}
}
