// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// Values of Terraform's language (cty) and of the protocol (tftypes) have the same
// forms in JSON and in MessagePack.

// ctyType is the type of an attribute, of which a configuration may leave out parts.
func ctyType(attribute *tfprotov6.SchemaAttribute) cty.Type {
	if attribute.NestedType == nil {
		return ctyTypeOf(attribute.Type)
	}
	types, optional := map[string]cty.Type{}, []string{}
	for _, nested := range attribute.NestedType.Attributes {
		types[nested.Name] = ctyType(nested)
		optional = append(optional, nested.Name)
	}
	object := cty.ObjectWithOptionalAttrs(types, optional)
	switch attribute.NestedType.Nesting {
	case tfprotov6.SchemaObjectNestingModeList:
		return cty.List(object)
	case tfprotov6.SchemaObjectNestingModeSet:
		return cty.Set(object)
	case tfprotov6.SchemaObjectNestingModeMap:
		return cty.Map(object)
	case tfprotov6.SchemaObjectNestingModeSingle, tfprotov6.SchemaObjectNestingModeInvalid:
	}
	return object
}

// ctyTypeOf goes by the form in JSON, which both libraries share.
func ctyTypeOf(as tftypes.Type) cty.Type {
	text, err := json.Marshal(as)
	if err != nil {
		panic(err) // Types come from the provider's schemas.
	}
	converted, err := ctyjson.UnmarshalType(text)
	if err != nil {
		panic(err)
	}
	return converted
}

// tfValueOf is a value in the form of the protocol.
func (s *tinyScope) tfValueOf(value cty.Value, as tftypes.Type) tftypes.Value {
	s.t.Helper()
	packed, err := ctymsgpack.Marshal(value, ctyTypeOf(as))
	must(s.t, err)
	converted, err := (&tfprotov6.DynamicValue{MsgPack: packed}).Unmarshal(as)
	must(s.t, err)
	return converted
}

// ctyValueOf is a value in the form of Terraform's language.
func (tf *tinyTerraform) ctyValueOf(value tftypes.Value) cty.Value {
	tf.t.Helper()
	converted, err := ctymsgpack.Unmarshal(tf.wire(value).MsgPack, ctyTypeOf(value.Type()))
	must(tf.t, err)
	return converted
}
