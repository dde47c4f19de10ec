// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// The provider's own blocks fit the schemas, also blocks that this Terraform is too old
// for.
func TestConfigurationsFitTheSchemas(t *testing.T) {
	t.Parallel()
	schemas, err := readSchemas()
	must(t, err)
	checked := 0
	for _, c := range allConfigurations(t) {
		for _, part := range c.body.Blocks {
			if len(part.Labels) == 0 || part.Labels[0] != "idplus" && !strings.HasPrefix(part.Labels[0], "idplus_") {
				continue
			}
			kind := strings.TrimPrefix(part.Type, "mock_")
			if kind != part.Type {
				continue // Mocks set what a provider computes.
			}
			checked++
			for _, problem := range misfits(schemas, part) {
				t.Errorf("%s: %s %q: %s", c.where(), part.Type, part.Labels[0], problem)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d blocks were checked", checked)
	}
}

// schemas are those of the provider: by the kind of a block, and its type.
type schemas map[string]map[string]*tfprotov6.Schema

var readSchemas = sync.OnceValues(func() (schemas, error) {
	server := providerserver.NewProtocol6(provider.New("test")())()
	answer, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	actions := map[string]*tfprotov6.Schema{}
	for name, action := range answer.ActionSchemas {
		actions[name] = action.Schema
	}
	return schemas{
		"provider":  {"idplus": answer.Provider},
		"resource":  answer.ResourceSchemas,
		"data":      answer.DataSourceSchemas,
		"ephemeral": answer.EphemeralResourceSchemas,
		"list":      answer.ListResourceSchemas,
		"action":    actions,
	}, nil
})

// What Terraform itself reads in each block.
var metaArguments = []string{
	"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "alias", "version", "limit", "include_resource",
}

// misfits returns what in a block the schema does not have, or has differently.
func misfits(schemas schemas, part *hclsyntax.Block) (problems []string) {
	types, is := schemas[part.Type]
	if !is {
		return nil
	}
	schema := types[part.Labels[0]]
	if schema == nil {
		return []string{"the provider has no such type"}
	}
	body := part.Body
	if part.Type == "list" || part.Type == "action" {
		config := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "config" })
		if config < 0 {
			config = len(body.Blocks)
			body.Blocks = append(body.Blocks, &hclsyntax.Block{Type: "config", Body: &hclsyntax.Body{}})
		}
		body = body.Blocks[config].Body
	}
	given := map[string]hclsyntax.Expression{}
	for name, attribute := range body.Attributes {
		given[name] = attribute.Expr
	}
	for _, nested := range body.Blocks {
		if !slices.Contains(metaArguments, nested.Type) {
			problems = append(problems, fmt.Sprintf("there is no block %s", nested.Type))
		}
	}
	return append(problems, attributeMisfits("", schema.Block.Attributes, given)...)
}

func attributeMisfits(at string, attributes []*tfprotov6.SchemaAttribute, given map[string]hclsyntax.Expression) (problems []string) {
	known := map[string]*tfprotov6.SchemaAttribute{}
	for _, attribute := range attributes {
		known[attribute.Name] = attribute
		if attribute.Required && given[attribute.Name] == nil {
			problems = append(problems, fmt.Sprintf("%s%s is missing", at, attribute.Name))
		}
	}
	for name, expression := range given {
		attribute := known[name]
		switch {
		case attribute == nil && at == "" && slices.Contains(metaArguments, name):
		case attribute == nil:
			problems = append(problems, fmt.Sprintf("there is no attribute %s%s", at, name))
		case attribute.Computed && !attribute.Optional:
			problems = append(problems, fmt.Sprintf("%s%s cannot be set", at, name))
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			if nested, is := objectItems(expression); is {
				problems = append(problems, attributeMisfits(at+name+".", attribute.NestedType.Attributes, nested)...)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

// objectItems returns the items of an object that is written out.
func objectItems(expression hclsyntax.Expression) (map[string]hclsyntax.Expression, bool) {
	object, is := expression.(*hclsyntax.ObjectConsExpr)
	if !is {
		return nil, false
	}
	items := map[string]hclsyntax.Expression{}
	for _, item := range object.Items {
		key, diags := item.KeyExpr.Value(nil)
		if diags.HasErrors() {
			return nil, false
		}
		items[key.AsString()] = item.ValueExpr
	}
	return items, true
}

func TestMisfits(t *testing.T) {
	t.Parallel()
	schemas, err := readSchemas()
	must(t, err)
	for _, test := range []struct{ name, text, want string }{
		{"what is right", `resource "idplus_user_status" "a" { email = "a@example.com", status = "Enabled" }`, ""},
		{"a type that does not exist", `data "idplus_user_status" "a" {}`, "the provider has no such type"},
		{"an attribute that does not exist", `data "idplus_user" "a" { mail = "a@example.com" }`, "there is no attribute mail"},
		{"a required attribute that is missing", `resource "idplus_user_statuses" "a" {}`, "statuses is missing"},
		{"an attribute inside another one", `provider "idplus" { oauth = { scope = ["a"] } }`, "there is no attribute oauth.scope"},
		{"an action's configuration", `action "idplus_user_sync" "a" { config { mails = [] } }`, "there is no attribute mails"},
		{"a block for an attribute", `provider "idplus" { oauth {} }`, "there is no block oauth"},
		{"what is only read", `data "idplus_users" "a" { users = [] }`, "users cannot be set"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.NewReplacer("{ ", "{\n", ", status", "\nstatus", " }", "\n}").Replace(test.text)
			c, err := parse(block{file: "test.tf", text: text})
			must(t, err)
			problems := strings.Join(misfits(schemas, c.body.Blocks[0]), "; ")
			if test.want == "" && problems != "" || !strings.Contains(problems, test.want) {
				t.Errorf("misfits(%s) = %q, want %q", text, problems, test.want)
			}
		})
	}
}
