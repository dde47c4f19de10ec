// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// configure runs the provider's Configure with an environment and attributes; a
// value of a nested attribute is a map.
func configure(t *testing.T, environment map[string]string, attributes map[string]any) *provider.ConfigureResponse {
	t.Helper()
	ctx := context.Background()
	p := &idplusProvider{version: "test", getenv: func(name string) string { return environment[name] }}
	for name, value := range environment {
		p.environ = append(p.environ, name+"="+value)
	}
	var schema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &schema)
	raw := tfValue(t, schema.Schema.Type().TerraformType(ctx), attributes)
	resp := new(provider.ConfigureResponse)
	p.Configure(ctx, provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}, TerraformVersion: "1.11.4"}, resp)
	return resp
}

type unknown struct{}

func tfValue(t *testing.T, as tftypes.Type, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(as, nil)
	case tftypes.Value:
		return value
	case unknown:
		return tftypes.NewValue(as, tftypes.UnknownValue)
	case map[string]any:
		values := map[string]tftypes.Value{}
		if elements, isMap := as.(tftypes.Map); isMap {
			for key, element := range value {
				values[key] = tfValue(t, elements.ElementType, element)
			}
			return tftypes.NewValue(as, values)
		}
		object, ok := as.(tftypes.Object)
		if !ok {
			t.Fatalf("%s is not an object", as)
		}
		for name, attribute := range object.AttributeTypes {
			values[name] = tfValue(t, attribute, value[name])
			delete(value, name)
		}
		if len(value) > 0 {
			t.Fatalf("no such attributes: %v", value)
		}
		return tftypes.NewValue(as, values)
	case []any:
		set, ok := as.(tftypes.Set)
		if list, isList := as.(tftypes.List); isList {
			set, ok = tftypes.Set(list), true
		}
		if !ok {
			t.Fatalf("%s is neither a set nor a list", as)
		}
		var values []tftypes.Value
		for _, element := range value {
			values = append(values, tfValue(t, set.ElementType, element))
		}
		return tftypes.NewValue(as, values)
	}
	return tftypes.NewValue(as, value)
}

// The description of an attribute names its variable, which is the one that is read.
func TestConfigureReadsEveryVariable(t *testing.T) {
	t.Parallel()
	var schema provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &schema)
	for name, attribute := range schema.Schema.Attributes {
		if name == "oauth" {
			continue
		}
		if variable := "`IDPLUS_" + strings.ToUpper(name) + "`"; !strings.Contains(attribute.GetMarkdownDescription(), variable) {
			t.Errorf("the description of %s does not name %s", name, variable)
		}
	}

	asked := map[string]bool{}
	p := &idplusProvider{getenv: func(name string) string { asked[name] = true; return "" }}
	schemaType := schema.Schema.Type().TerraformType(t.Context())
	raw := tfValue(t, schemaType, map[string]any{"oauth": map[string]any{}})
	p.Configure(t.Context(), provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}}, new(provider.ConfigureResponse))
	for _, name := range []string{
		"IDPLUS_ADMIN_API_URL", "IDPLUS_OAUTH_ISSUER_URL", "IDPLUS_OAUTH_TOKEN_URL", "IDPLUS_OAUTH_CLIENT_ID", "IDPLUS_OAUTH_PRIVATE_KEY",
		"IDPLUS_OAUTH_PRIVATE_KEY_FILE", "IDPLUS_OAUTH_PRIVATE_KEY_ID", "IDPLUS_OAUTH_SCOPES", "IDPLUS_MAX_CONCURRENT_REQUESTS",
		"IDPLUS_REQUESTS_PER_SECOND", "IDPLUS_MAX_RETRIES", "IDPLUS_REQUEST_TIMEOUT", "IDPLUS_PROTECTED_USERS", "IDPLUS_MAX_CHANGES",
	} {
		if !asked[name] {
			t.Errorf("%s is never read", name)
		}
	}
}

// configureProtocol configures a provider over the protocol, and returns its diagnostics.
func configureProtocol(t *testing.T, deferralAllowed bool, configuration map[string]any) (*protocol, []*tfprotov6.Diagnostic) {
	t.Helper()
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	p := &protocol{t: t, tenant: newTestTenant(t), server: server, GetProviderSchemaResponse: schemas}
	p.again = func() *protocol { return p }
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: terraformWithEverything, Config: p.value(schemas.Provider, configuration),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: deferralAllowed},
	})
	must(t, err)
	return p, configured.Diagnostics
}

// planCreate plans a new user.
func (p *protocol) planCreate(deferralAllowed bool) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	schema := p.ResourceSchemas["idplus_user_status"]
	nothing, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), nil))
	must(p.t, err)
	proposed := p.value(schema, map[string]any{"email": "ada@example.com", "status": "Disabled", "id": unknown{}, "mark_deleted": unknown{}})
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "idplus_user_status", PriorState: &nothing, ProposedNewState: proposed,
		Config:             p.value(schema, map[string]any{"email": "ada@example.com", "status": "Disabled"}),
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: deferralAllowed},
	})
	must(p.t, err)
	return planned
}

// Without the warning, a mistyped name leaves a guard off silently.
func TestConfigureWarnsOfAMistypedVariable(t *testing.T) {
	t.Parallel()
	resp := configure(t, map[string]string{"IDPLUS_PROTECTED_USER": "ada@example.com", "IDPLUS_MAX_CHANGES": "5", "IDPLUS_TEST_USER": "ada@example.com"}, nil)
	if resp.Diagnostics.HasError() || resp.Diagnostics.WarningsCount() != 1 {
		t.Fatalf("got %v, want one warning", resp.Diagnostics)
	}
	const want = "IDPLUS_PROTECTED_USER is set, but the provider does not read it. Is IDPLUS_PROTECTED_USERS meant?"
	if detail := resp.Diagnostics[0].Detail(); !strings.Contains(detail, want) {
		t.Errorf("%q, want %q", detail, want)
	}
}

func TestConfigureUnknownIsDeferred(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	for name, change := range map[string]map[string]any{
		"an unknown token":        {"access_token": unknown{}},
		"an unknown URL":          {"admin_api_url": unknown{}},
		"unknown protected users": {"protected_users": unknown{}},
		"an unknown limit":        {"max_changes": unknown{}},
	} {
		configuration := map[string]any{"admin_api_url": tenant.server.AdminAPIURL(), "access_token": tenant.token}
		for attribute, value := range change {
			configuration[attribute] = value
		}
		p, said := configureProtocol(t, true, configuration)
		wantTexts(t, said)
		planned := p.planCreate(true)
		wantTexts(t, planned.Diagnostics)
		if planned.Deferred == nil || planned.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
			t.Errorf("%s: the plan is deferred with %v", name, planned.Deferred)
		}
	}
	if n := len(tenant.Requests()); n != 0 {
		t.Errorf("%d requests were sent before the configuration was known", n)
	}
}

// Without deferral, the first request reports what it is missing; a guard is never off
// silently.
func TestConfigureUnknownWithoutDeferral(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	known := func(change map[string]any) map[string]any {
		configuration := map[string]any{"admin_api_url": tenant.server.AdminAPIURL(), "access_token": tenant.token}
		for attribute, value := range change {
			configuration[attribute] = value
		}
		return configuration
	}
	for attribute, variable := range map[string]string{"access_token": "IDPLUS_ACCESS_TOKEN", "admin_api_url": "IDPLUS_ADMIN_API_URL", "max_retries": "IDPLUS_MAX_RETRIES"} {
		p, said := configureProtocol(t, false, known(map[string]any{attribute: unknown{}}))
		wantTexts(t, said)
		planned := p.planCreate(false)
		wantTexts(t, planned.Diagnostics, "ERROR Provider configuration is not known yet | "+attribute+" depends on a value that is known only after apply, "+
			"but the provider needs it to plan. Apply its source first (terraform apply -target=…), use a known value, or omit the attribute and set "+variable+".")
		if planned.Deferred != nil {
			t.Errorf("an unknown %s: deferred, which Terraform does not allow", attribute)
		}
	}
	for attribute, variable := range map[string]string{"protected_users": "IDPLUS_PROTECTED_USERS", "max_changes": "IDPLUS_MAX_CHANGES"} {
		_, said := configureProtocol(t, false, known(map[string]any{attribute: unknown{}}))
		wantTexts(t, said, `ERROR AttributeName("`+attribute+`") Provider configuration is not known yet | `+attribute+" depends on a value that is known only after apply")
		if !strings.Contains(texts(said)[0], variable) {
			t.Errorf("does not name %s: %s", variable, texts(said)[0])
		}
	}
	if n := len(tenant.Requests()); n != 0 {
		t.Errorf("%d requests were sent before the configuration was known", n)
	}
}

// The first request names everything that is missing, whatever kind sends it.
func TestConfigureMissesCredentialsAtTheFirstRequest(t *testing.T) {
	t.Parallel()
	if os.Getenv("IDPLUS_ACCESS_TOKEN")+os.Getenv("IDPLUS_ADMIN_API_URL") != "" {
		t.Skip("the environment has what has to be missing")
	}
	p, said := configureProtocol(t, false, nil)
	wantTexts(t, said)
	const want = "Provider configuration is incomplete | No way to authenticate: The provider needs exactly one of oauth (recommended), api_key, api_key_file, access_token, " +
		"in its configuration or in the environment (IDPLUS_OAUTH_ISSUER_URL, IDPLUS_OAUTH_CLIENT_ID and IDPLUS_OAUTH_PRIVATE_KEY; IDPLUS_API_KEY; IDPLUS_API_KEY_FILE; or IDPLUS_ACCESS_TOKEN). " +
		"The authentication guide in the provider's documentation says where each of them comes from. " +
		"admin_api_url is missing. Set it, or IDPLUS_ADMIN_API_URL, to the base URL of the tenant's Cloud Administration API, such as https://TENANT.access.securid.com/AdminInterface/restapi."
	wantTexts(t, p.planCreate(false).Diagnostics, "ERROR "+want)

	user, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "idplus_user", Config: p.value(p.DataSourceSchemas["idplus_user"], map[string]any{"email": "ada@example.com"}),
	})
	must(t, err)
	wantTexts(t, user.Diagnostics, "ERROR "+want)
	users, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "idplus_users", Config: p.value(p.DataSourceSchemas["idplus_users"], map[string]any{"email_contains": "@example.com"}),
	})
	must(t, err)
	wantTexts(t, users.Diagnostics, "ERROR "+want)
	token, err := p.server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: "idplus_access_token", Config: p.value(p.EphemeralResourceSchemas["idplus_access_token"], nil),
	})
	must(t, err)
	wantTexts(t, token.Diagnostics, "ERROR "+want)
	_, said = p.query(query{config: map[string]any{"email_contains": "@example.com"}})
	wantTexts(t, said, "ERROR "+want)
	for _, name := range []string{"idplus_user_sync", "idplus_user_mark_deleted"} {
		config := map[string]any{"emails": []any{"ada@example.com", "ben@example.com"}}
		if name == "idplus_user_mark_deleted" {
			config["mark_deleted"] = true
		}
		_, said = p.invoke(t.Context(), name, config)
		wantTexts(t, said, "ERROR "+want)
	}
}

func TestConfigureNeedsNoCredentialsWhereNothingIsSent(t *testing.T) {
	t.Parallel()
	w := newTerraformWorkspace(t, newTestTenant(t))
	w.write("main.tf", `
provider "idplus" {}

variable "users" {
  type    = number
  default = 0
}

resource "idplus_user_status" "ada" {
  count  = var.users
  email  = "ada@example.com"
  status = "Enabled"
}

resource "idplus_user_statuses" "review" {
  count    = var.users
  statuses = { "ben@example.com" = "Enabled" }
}

data "idplus_user" "eve" {
  count = var.users
  email = "eve@example.com"
}
`)
	w.terraform("plan", "-detailed-exitcode").succeeds()
	w.terraform("apply", "-auto-approve").succeeds()
	seen := w.terraform("plan", "-var=users=1").fails().says("No way to authenticate: The provider needs exactly one of oauth", "IDPLUS_OAUTH_ISSUER_URL", "admin_api_url is missing.",
		"with idplus_user_status.ada[0]", "with idplus_user_statuses.review[0]", "with data.idplus_user.eve[0]")
	if n := strings.Count(seen.text, "Error: "); n != 3 {
		t.Errorf("%d errors, want one for each that asks:\n%s", n, seen.text)
	}
	// Quotes that a shell would have removed.
	w.env = append(w.env, "IDPLUS_PROTECTED_USERS='breakglass@example.com'")
	w.terraform("plan").fails().says(`"'breakglass@example.com'" is in quotes: remove the quotes.`)
}
