// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// schemaServer answers the two requests of write, and no others.
type schemaServer struct {
	tfprotov6.ProviderServer

	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
}

func (s schemaServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	if s.schemas == nil {
		return &tfprotov6.GetProviderSchemaResponse{}, nil
	}

	return s.schemas, nil
}

func (s schemaServer) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	if s.identities == nil {
		return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
	}

	return s.identities, nil
}

// TestWrite compares with what Terraform 1.14 and later print for the same
// schemas.
func TestWrite(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		server schemaServer
		want   string
	}{
		"nothing but an empty provider": {
			server: schemaServer{},
			want:   `{"provider": {"version": 0}}`,
		},
		"flags, descriptions and types of attributes": {
			server: schemaServer{schemas: &tfprotov6.GetProviderSchemaResponse{
				ResourceSchemas: map[string]*tfprotov6.Schema{"x_thing": {
					Version: 3,
					Block: &tfprotov6.SchemaBlock{
						Description:     "A *thing*.",
						DescriptionKind: tfprotov6.StringKindMarkdown,
						Attributes: []*tfprotov6.SchemaAttribute{
							{Name: "id", Type: tftypes.String, Computed: true},
							{Name: "secret", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true},
							{Name: "names", Type: tftypes.List{ElementType: tftypes.String}, Required: true, Description: "Plain."},
							{Name: "limits", Type: tftypes.Map{ElementType: tftypes.Number}, Optional: true, Computed: true, Deprecated: true},
							{Name: "flags", Type: tftypes.Set{ElementType: tftypes.Bool}, Optional: true},
							{Name: "pair", Type: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String}}, Optional: true},
							{Name: "any", Type: tftypes.DynamicPseudoType, Optional: true},
						},
					},
				}},
			}},
			want: `{
				"provider": {"version": 0},
				"resource_schemas": {"x_thing": {"version": 3, "block": {
					"description": "A *thing*.", "description_kind": "markdown",
					"attributes": {
						"id":     {"type": "string", "description_kind": "plain", "computed": true},
						"secret": {"type": "string", "description_kind": "plain", "optional": true, "sensitive": true, "write_only": true},
						"names":  {"type": ["list", "string"], "description": "Plain.", "description_kind": "plain", "required": true},
						"limits": {"type": ["map", "number"], "description_kind": "plain", "optional": true, "computed": true, "deprecated": true},
						"flags":  {"type": ["set", "bool"], "description_kind": "plain", "optional": true},
						"pair":   {"type": ["object", {"a": "string"}], "description_kind": "plain", "optional": true},
						"any":    {"type": "dynamic", "description_kind": "plain", "optional": true}
					}
				}}}
			}`,
		},
		"nested attributes and nested blocks": {
			server: schemaServer{schemas: &tfprotov6.GetProviderSchemaResponse{
				Provider: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
					Attributes: []*tfprotov6.SchemaAttribute{{
						Name:     "oauth",
						Optional: true,
						NestedType: &tfprotov6.SchemaObject{
							Nesting: tfprotov6.SchemaObjectNestingModeSingle,
							Attributes: []*tfprotov6.SchemaAttribute{{
								Name:     "keys",
								Required: true,
								NestedType: &tfprotov6.SchemaObject{
									Nesting:    tfprotov6.SchemaObjectNestingModeMap,
									Attributes: []*tfprotov6.SchemaAttribute{{Name: "id", Type: tftypes.String, Required: true}},
								},
							}},
						},
					}},
					BlockTypes: []*tfprotov6.SchemaNestedBlock{{
						TypeName: "rule",
						Nesting:  tfprotov6.SchemaNestedBlockNestingModeList,
						MinItems: 1,
						MaxItems: 2,
						Block: &tfprotov6.SchemaBlock{
							Attributes: []*tfprotov6.SchemaAttribute{{Name: "port", Type: tftypes.Number, Required: true}},
						},
					}},
				}},
			}},
			want: `{"provider": {"version": 0, "block": {
				"description_kind": "plain",
				"attributes": {"oauth": {"description_kind": "plain", "optional": true, "nested_type": {
					"nesting_mode": "single",
					"attributes": {"keys": {"description_kind": "plain", "required": true, "nested_type": {
						"nesting_mode": "map",
						"attributes": {"id": {"type": "string", "description_kind": "plain", "required": true}}
					}}}
				}}},
				"block_types": {"rule": {"nesting_mode": "list", "min_items": 1, "max_items": 2, "block": {
					"description_kind": "plain",
					"attributes": {"port": {"type": "number", "description_kind": "plain", "required": true}}
				}}}
			}}}`,
		},
		"every other kind of object": {
			server: schemaServer{
				schemas: &tfprotov6.GetProviderSchemaResponse{
					DataSourceSchemas:        map[string]*tfprotov6.Schema{"x_data": {Block: &tfprotov6.SchemaBlock{}}},
					EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x_token": {Block: &tfprotov6.SchemaBlock{}}},
					ListResourceSchemas:      map[string]*tfprotov6.Schema{"x_thing": {Block: &tfprotov6.SchemaBlock{}}},
					ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x_do": {Schema: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}}},
					Functions: map[string]*tfprotov6.Function{"join": {
						Summary:           "Joins.",
						Parameters:        []*tfprotov6.FunctionParameter{{Name: "sep", Type: tftypes.String, AllowNullValue: true}},
						VariadicParameter: &tfprotov6.FunctionParameter{Name: "words", Description: "Words.", Type: tftypes.String},
						Return:            &tfprotov6.FunctionReturn{Type: tftypes.List{ElementType: tftypes.String}},
					}},
				},
				identities: &tfprotov6.GetResourceIdentitySchemasResponse{
					IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"x_thing": {
						Version: 1,
						IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
							{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "The id."},
							{Name: "tenant", Type: tftypes.String, OptionalForImport: true},
						},
					}},
				},
			},
			want: `{
				"provider": {"version": 0},
				"data_source_schemas": {"x_data": {"version": 0, "block": {"description_kind": "plain"}}},
				"ephemeral_resource_schemas": {"x_token": {"version": 0, "block": {"description_kind": "plain"}}},
				"list_resource_schemas": {"x_thing": {"version": 0, "block": {"description_kind": "plain"}}},
				"action_schemas": {"x_do": {"block": {"description_kind": "plain"}}},
				"functions": {"join": {
					"summary": "Joins.",
					"return_type": ["list", "string"],
					"parameters": [{"name": "sep", "is_nullable": true, "type": "string"}],
					"variadic_parameter": {"name": "words", "description": "Words.", "type": "string"}
				}},
				"resource_identity_schemas": {"x_thing": {"version": 1, "attributes": {
					"id":     {"type": "string", "description": "The id.", "required_for_import": true},
					"tenant": {"type": "string", "optional_for_import": true}
				}}}
			}`,
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			if err := write(t.Context(), &out, test.server); err != nil {
				t.Fatal(err)
			}

			var got, want any
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}

			if err := json.Unmarshal([]byte(`{"format_version": "1.0", "provider_schemas": {"idplus": `+test.want+`}}`), &want); err != nil {
				t.Fatal(err)
			}

			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("unexpected output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteReportsDiagnostics(t *testing.T) {
	t.Parallel()

	server := schemaServer{schemas: &tfprotov6.GetProviderSchemaResponse{
		Diagnostics: []*tfprotov6.Diagnostic{
			{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Only a warning"},
			{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Broken schema", Detail: "An attribute has no type."},
		},
	}}

	var out bytes.Buffer

	err := write(t.Context(), &out, server)
	if err == nil {
		t.Fatal("expected an error")
	}

	if got, want := err.Error(), "Broken schema: An attribute has no type."; got != want {
		t.Errorf("got error %q, want %q", got, want)
	}

	if out.Len() != 0 {
		t.Errorf("expected no output beside the error, got %q", out.String())
	}
}

// TestWriteProvider tests everything with the provider itself.
func TestWriteProvider(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	if err := write(t.Context(), &out, providerserver.NewProtocol6(provider.New("test")())()); err != nil {
		t.Fatal(err)
	}

	var read tfjson.ProviderSchemas
	if err := read.UnmarshalJSON(out.Bytes()); err != nil {
		t.Fatal(err)
	}

	schema := read.Schemas[schemaKey]
	if schema == nil || schema.ConfigSchema == nil || schema.ConfigSchema.Block == nil {
		t.Fatal("the provider's own schema is missing")
	}

	for _, name := range []string{"admin_api_url", "oauth", "access_token"} {
		if schema.ConfigSchema.Block.Attributes[name] == nil {
			t.Errorf("the provider's schema has no attribute %q", name)
		}
	}

	if schema.ResourceSchemas["idplus_user_status"] == nil {
		t.Error("the schema of idplus_user_status is missing")
	}
}
