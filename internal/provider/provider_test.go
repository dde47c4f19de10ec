// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

func TestSchemasAreValid(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := New("test")()

	var providerSchema provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &providerSchema)
	if diags := providerSchema.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Errorf("provider: %v", diags)
	}
	for _, construct := range p.Resources(ctx) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "idplus"}, &meta)
		var schema resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &schema)
		wantValid(t, meta.TypeName, schema.Schema.ValidateImplementation(ctx), "resources", "resource.tf")
		examples := []string{"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"}
		if _, ok := r.(resource.ResourceWithIdentity); meta.TypeName == "idplus_user_statuses" {
			// An identity never changes, and the members of a review do.
			examples = examples[:3]
		} else if !ok {
			t.Errorf("%s has no identity", meta.TypeName)
		}
		if _, ok := r.(resource.ResourceWithImportState); !ok {
			t.Errorf("%s cannot be imported", meta.TypeName)
		}
		for _, example := range examples {
			if _, err := os.Stat(filepath.Join("../../examples/resources", meta.TypeName, example)); err != nil {
				t.Errorf("%s lacks an example: %v", meta.TypeName, err)
			}
		}
	}
	for _, construct := range p.DataSources(ctx) {
		d := construct()
		var meta datasource.MetadataResponse
		d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "idplus"}, &meta)
		var schema datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &schema)
		wantValid(t, meta.TypeName, schema.Schema.ValidateImplementation(ctx), "data-sources", "data-source.tf")
	}
	full := new(idplusProvider)
	for _, construct := range full.ListResources(ctx) {
		l := construct()
		var meta resource.MetadataResponse
		l.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "idplus"}, &meta)
		var schema list.ListResourceSchemaResponse
		l.ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &schema)
		wantValid(t, meta.TypeName, schema.Schema.ValidateImplementation(ctx), "list-resources", "list-resource.tfquery.hcl")
	}
	for _, construct := range full.Actions(ctx) {
		a := construct()
		var meta action.MetadataResponse
		a.Metadata(ctx, action.MetadataRequest{ProviderTypeName: "idplus"}, &meta)
		var schema action.SchemaResponse
		a.Schema(ctx, action.SchemaRequest{}, &schema)
		wantValid(t, meta.TypeName, schema.Schema.ValidateImplementation(ctx), "actions", "action.tf")
	}
	for _, construct := range full.EphemeralResources(ctx) {
		e := construct()
		var meta ephemeral.MetadataResponse
		e.Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: "idplus"}, &meta)
		var schema ephemeral.SchemaResponse
		e.Schema(ctx, ephemeral.SchemaRequest{}, &schema)
		wantValid(t, meta.TypeName, schema.Schema.ValidateImplementation(ctx), "ephemeral-resources", "ephemeral-resource.tf")
	}
	for _, construct := range full.Functions(ctx) {
		f := construct()
		var meta function.MetadataResponse
		f.Metadata(ctx, function.MetadataRequest{}, &meta)
		var definition function.DefinitionResponse
		f.Definition(ctx, function.DefinitionRequest{}, &definition)
		var validation function.DefinitionValidateResponse
		definition.Definition.ValidateImplementation(ctx, function.DefinitionValidateRequest{FuncName: meta.Name}, &validation)
		wantValid(t, meta.Name, validation.Diagnostics, "functions", "function.tf")
	}
}

// wantValid checks the diagnostics of a schema, and that there is an example.
func wantValid(t *testing.T, name string, diags diag.Diagnostics, folder, example string) {
	t.Helper()
	if diags.HasError() {
		t.Errorf("%s: %v", name, diags)
	}
	if _, err := os.Stat(filepath.Join("../../examples", folder, name, example)); err != nil {
		t.Errorf("%s lacks an example: %v", name, err)
	}
}

func TestSchemasAreDescribedAndSecretsSensitive(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	secrets := map[string]bool{"api_key": true, "access_token": true, "private_key": true}
	var walk func(where string, attributes []*tfprotov6.SchemaAttribute)
	walk = func(where string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			at := where + "." + attribute.Name
			// The timeouts module describes its attributes, not their parent.
			if !strings.HasSuffix(attribute.Description, ".") && attribute.Name != "timeouts" {
				t.Errorf("%s: the description does not end in a full stop: %q", at, attribute.Description)
			}
			if secrets[attribute.Name] != attribute.Sensitive {
				t.Errorf("%s: sensitive is %t", at, attribute.Sensitive)
			}
			if attribute.NestedType != nil {
				walk(at, attribute.NestedType.Attributes)
			}
		}
	}
	walk("provider", schemas.Provider.Block.Attributes)
	for name, schema := range schemas.ResourceSchemas {
		walk(name, schema.Block.Attributes)
	}
	for name, schema := range schemas.DataSourceSchemas {
		walk(name, schema.Block.Attributes)
	}
	for name, schema := range schemas.ListResourceSchemas {
		walk("list "+name, schema.Block.Attributes)
	}
	for name, schema := range schemas.EphemeralResourceSchemas {
		walk(name, schema.Block.Attributes)
	}
	for name, schema := range schemas.ActionSchemas {
		walk(name, schema.Schema.Block.Attributes)
	}
	for name, function := range schemas.Functions {
		for _, text := range []string{function.Summary, function.Description, function.Parameters[0].Description, function.Parameters[1].Description} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("function %s: a text does not end in a full stop: %q", name, text)
			}
		}
	}
}

// Each attribute has a field and each field an attribute; the framework finds a
// difference only when a value is read.
func TestModelsFitTheirSchemas(t *testing.T) {
	t.Parallel()
	schemas, err := providerserver.NewProtocol6(New("test")())().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)
	names := func(attributes []*tfprotov6.SchemaAttribute) map[string]bool {
		found := map[string]bool{}
		for _, attribute := range attributes {
			found[attribute.Name] = true
		}
		return found
	}
	var oauth map[string]bool
	for _, attribute := range schemas.Provider.Block.Attributes {
		if attribute.Name == "oauth" {
			oauth = names(attribute.NestedType.Attributes)
		}
	}
	for _, c := range []struct {
		model      any
		attributes map[string]bool
	}{
		{settings.Model{}, names(schemas.Provider.Block.Attributes)},
		{settings.OAuthModel{}, oauth},
		{userStatusesModel{}, names(schemas.ResourceSchemas["idplus_user_statuses"].Block.Attributes)},
		{userStatusModel{}, names(schemas.ResourceSchemas["idplus_user_status"].Block.Attributes)},
		{accessReviewModel{}, names(schemas.DataSourceSchemas["idplus_access_review"].Block.Attributes)},
		{usersModel{}, names(schemas.DataSourceSchemas["idplus_users"].Block.Attributes)},
		{userFilter{}, names(schemas.ListResourceSchemas["idplus_user_status"].Block.Attributes)},
		{userSyncModel{}, names(schemas.ActionSchemas["idplus_user_sync"].Schema.Block.Attributes)},
		{userMarkDeletedModel{}, names(schemas.ActionSchemas["idplus_user_mark_deleted"].Schema.Block.Attributes)},
		{accessTokenModel{}, names(schemas.EphemeralResourceSchemas["idplus_access_token"].Block.Attributes)},
	} {
		model := reflect.TypeOf(c.model)
		fields := map[string]bool{}
		for _, field := range reflect.VisibleFields(model) {
			if tag := field.Tag.Get("tfsdk"); tag != "" {
				fields[tag] = true
			}
		}
		if !reflect.DeepEqual(fields, c.attributes) {
			t.Errorf("%s has the fields %v, its schema the attributes %v", model.Name(), fields, c.attributes)
		}
	}
}

func TestConfigureReachesEveryKind(t *testing.T) {
	t.Parallel()
	resp := configure(t, map[string]string{
		"IDPLUS_ADMIN_API_URL": "https://acme.access.securid.com/AdminInterface/restapi",
		"IDPLUS_ACCESS_TOKEN":  "token",
	}, nil)
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	for kind, data := range map[string]any{
		"resources": resp.ResourceData, "data sources": resp.DataSourceData, "ephemeral resources": resp.EphemeralResourceData,
		"list resources": resp.ListResourceData, "actions": resp.ActionData,
	} {
		if known, ok := data.(*providerData); !ok || known == nil {
			t.Errorf("%s get %T", kind, data)
		}
	}
	var wrong configured
	wrong.configure("not the provider's data", &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		t.Error("data of another type is accepted without an error")
	}
}

// A pipeline marks its requests by a variable that other providers honor too.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	const own = "Terraform/1.11.4 terraform-provider-idplus/test"
	for appended, want := range map[string]string{
		"":                    own,
		" gitlab-images/1.2 ": own + " gitlab-images/1.2",
		"two\r\nHeaders: 1":   own,
		"Ünicode":             own,
	} {
		p := &idplusProvider{version: "test", getenv: func(string) string { return appended }}
		if got := p.userAgent("1.11.4"); got != want {
			t.Errorf("with %q appended, it is %q, want %q", appended, got, want)
		}
	}
}
