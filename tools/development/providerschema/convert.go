// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

func convertProvider(schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) (*tfjson.ProviderSchema, error) {
	c := &converter{}

	converted := &tfjson.ProviderSchema{
		ConfigSchema:             c.schema(schemas.Provider),
		ResourceSchemas:          convertEach(schemas.ResourceSchemas, c.schema),
		DataSourceSchemas:        convertEach(schemas.DataSourceSchemas, c.schema),
		EphemeralResourceSchemas: convertEach(schemas.EphemeralResourceSchemas, c.schema),
		ListResourceSchemas:      convertEach(schemas.ListResourceSchemas, c.schema),
		ActionSchemas:            convertEach(schemas.ActionSchemas, c.action),
		Functions:                convertEach(schemas.Functions, c.function),
		ResourceIdentitySchemas:  convertEach(identities.IdentitySchemas, c.identity),
	}

	return converted, c.err
}

// converter converts what the plugin protocol returns into what Terraform prints. It keeps
// the first error, so that the conversion reads like the schema.
type converter struct {
	err error
}

func (c *converter) schema(schema *tfprotov6.Schema) *tfjson.Schema {
	if schema == nil {
		return &tfjson.Schema{}
	}

	return &tfjson.Schema{Version: uint64(schema.Version), Block: c.block(schema.Block)}
}

func (c *converter) action(action *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	return &tfjson.ActionSchema{Block: c.schema(action.Schema).Block}
}

func (c *converter) block(block *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	if block == nil {
		return nil
	}

	nested := make(map[string]*tfjson.SchemaBlockType, len(block.BlockTypes))
	for _, blockType := range block.BlockTypes {
		nested[blockType.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: blockNesting[blockType.Nesting],
			Block:       c.block(blockType.Block),
			MinItems:    uint64(blockType.MinItems),
			MaxItems:    uint64(blockType.MaxItems),
		}
	}

	return &tfjson.SchemaBlock{
		Attributes:      c.attributes(block.Attributes),
		NestedBlocks:    nested,
		Description:     block.Description,
		DescriptionKind: descriptionKind(block.DescriptionKind),
		Deprecated:      block.Deprecated,
	}
}

func (c *converter) attributes(attributes []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	converted := make(map[string]*tfjson.SchemaAttribute, len(attributes))

	for _, attribute := range attributes {
		converted[attribute.Name] = &tfjson.SchemaAttribute{
			AttributeType:       c.valueType(attribute.Type),
			AttributeNestedType: c.nestedType(attribute.NestedType),
			Description:         attribute.Description,
			DescriptionKind:     descriptionKind(attribute.DescriptionKind),
			Deprecated:          attribute.Deprecated,
			Required:            attribute.Required,
			Optional:            attribute.Optional,
			Computed:            attribute.Computed,
			Sensitive:           attribute.Sensitive,
			WriteOnly:           attribute.WriteOnly,
		}
	}

	return converted
}

func (c *converter) nestedType(object *tfprotov6.SchemaObject) *tfjson.SchemaNestedAttributeType {
	if object == nil {
		return nil
	}

	return &tfjson.SchemaNestedAttributeType{
		Attributes:  c.attributes(object.Attributes),
		NestingMode: objectNesting[object.Nesting],
	}
}

func (c *converter) identity(identity *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := make(map[string]*tfjson.IdentityAttribute, len(identity.IdentityAttributes))
	for _, attribute := range identity.IdentityAttributes {
		attributes[attribute.Name] = &tfjson.IdentityAttribute{
			IdentityType:      c.valueType(attribute.Type),
			Description:       attribute.Description,
			RequiredForImport: attribute.RequiredForImport,
			OptionalForImport: attribute.OptionalForImport,
		}
	}

	return &tfjson.IdentitySchema{Version: uint64(identity.Version), Attributes: attributes}
}

func (c *converter) function(function *tfprotov6.Function) *tfjson.FunctionSignature {
	signature := &tfjson.FunctionSignature{
		Description:        function.Description,
		Summary:            function.Summary,
		DeprecationMessage: function.DeprecationMessage,
		ReturnType:         c.valueType(function.Return.Type),
	}

	for _, parameter := range function.Parameters {
		signature.Parameters = append(signature.Parameters, c.parameter(parameter))
	}

	if function.VariadicParameter != nil {
		signature.VariadicParameter = c.parameter(function.VariadicParameter)
	}

	return signature
}

func (c *converter) parameter(parameter *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{
		Name:        parameter.Name,
		Description: parameter.Description,
		IsNullable:  parameter.AllowNullValue,
		Type:        c.valueType(parameter.Type),
	}
}

// valueType uses JSON, the only notation that both type systems share.
func (c *converter) valueType(protocolType tftypes.Type) cty.Type {
	if protocolType == nil {
		return cty.NilType
	}

	var converted cty.Type

	encoded, err := json.Marshal(protocolType)
	if err == nil {
		err = json.Unmarshal(encoded, &converted)
	}

	if err != nil && c.err == nil {
		c.err = fmt.Errorf("converting the type %s: %w", protocolType, err)
	}

	return converted
}

var blockNesting = map[tfprotov6.SchemaNestedBlockNestingMode]tfjson.SchemaNestingMode{
	tfprotov6.SchemaNestedBlockNestingModeSingle: tfjson.SchemaNestingModeSingle,
	tfprotov6.SchemaNestedBlockNestingModeList:   tfjson.SchemaNestingModeList,
	tfprotov6.SchemaNestedBlockNestingModeSet:    tfjson.SchemaNestingModeSet,
	tfprotov6.SchemaNestedBlockNestingModeMap:    tfjson.SchemaNestingModeMap,
	tfprotov6.SchemaNestedBlockNestingModeGroup:  tfjson.SchemaNestingModeGroup,
}

var objectNesting = map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
	tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
	tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
	tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
	tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
}

func descriptionKind(kind tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if kind == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}

	return tfjson.SchemaDescriptionKindPlain
}

func convertEach[From, To any](from map[string]From, convert func(From) To) map[string]To {
	converted := make(map[string]To, len(from))
	for name, value := range from {
		converted[name] = convert(value)
	}

	return converted
}
