// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// protocol speaks to the provider as Terraform does, in the same process. It also tests
// what needs a newer Terraform than the one at hand.
type protocol struct {
	t      *testing.T
	tenant *testTenant
	server tfprotov6.ProviderServer
	*tfprotov6.GetProviderSchemaResponse
	// again begins another run of the same provider.
	again func() *protocol
}

const terraformWithEverything = "1.14.0"

func newProtocol(t *testing.T, tenant *testTenant) *protocol {
	t.Helper()
	return newProtocolOf(t, tenant, terraformWithEverything, nil)
}

// newProtocolOf returns a provider as a Terraform of that version configures it.
func newProtocolOf(t *testing.T, tenant *testTenant, terraform string, configuration map[string]any) *protocol {
	t.Helper()
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := tfSchemas() // The same for each.
	must(t, err)
	p := &protocol{t, tenant, server, schemas, func() *protocol {
		t.Helper()
		return newProtocolOf(t, tenant, terraform, configuration)
	}}
	all := map[string]any{"admin_api_url": tenant.server.AdminAPIURL(), "access_token": tenant.token}
	for name, value := range configuration {
		all[name] = value
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: terraform, Config: p.value(schemas.Provider, all),
	})
	must(t, err)
	if len(configured.Diagnostics) > 0 {
		t.Fatal(texts(configured.Diagnostics))
	}
	return p
}

// value returns an object of a schema's type; attributes that are left out are null.
func (p *protocol) value(schema *tfprotov6.Schema, attributes map[string]any) *tfprotov6.DynamicValue {
	p.t.Helper()
	as := schema.ValueType()
	if attributes == nil {
		attributes = map[string]any{}
	}
	value, err := tfprotov6.NewDynamicValue(as, tfValue(p.t, as, attributes))
	must(p.t, err)
	return &value
}

// attributes returns those of an object that are not null, with numbers and booleans as Go
// prints them.
func (p *protocol) attributes(as tftypes.Type, value *tfprotov6.DynamicValue) map[string]string {
	p.t.Helper()
	if value == nil {
		return nil
	}
	object, err := value.Unmarshal(as)
	must(p.t, err)
	var values map[string]tftypes.Value
	must(p.t, object.As(&values))
	found := map[string]string{}
	for name, attribute := range values {
		if attribute.IsNull() {
			continue
		}
		found[name] = "unknown"
		var text string
		var flag bool
		switch {
		case !attribute.IsKnown():
		case attribute.Type().Is(tftypes.String):
			must(p.t, attribute.As(&text))
			found[name] = text
		case attribute.Type().Is(tftypes.Bool):
			must(p.t, attribute.As(&flag))
			found[name] = fmt.Sprint(flag)
		default:
			found[name] = attribute.String()
		}
	}
	return found
}

func (p *protocol) identityType(resource string) tftypes.Type {
	p.t.Helper()
	schemas, err := p.server.GetResourceIdentitySchemas(p.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(p.t, err)
	return schemas.IdentitySchemas[resource].ValueType()
}

// texts returns diagnostics as a person reads them, one text for each: severity,
// attribute, summary and detail, with all white space as single blanks.
func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var said []string
	for _, d := range diagnostics {
		text := d.Severity.String() + " "
		if d.Attribute != nil {
			text += d.Attribute.String() + " "
		}
		said = append(said, strings.Join(strings.Fields(text+d.Summary+" | "+d.Detail), " "))
	}
	return said
}

// wantTexts fails unless there are as many diagnostics as texts, and each has its
// text in it.
func wantTexts(t *testing.T, diagnostics []*tfprotov6.Diagnostic, want ...string) {
	t.Helper()
	got := texts(diagnostics)
	if len(got) != len(want) {
		t.Fatalf("%d diagnostics, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("got %s\nwant in it: %s", got[i], want[i])
		}
	}
}
