// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// tinyScope evaluates expressions, for one walk of Terraform: while it validates,
// plans or applies.
type tinyScope struct {
	*tinyConfiguration
	walk  tinyWalk
	given map[string]string // variables, by -var
	// outputs are those of terraform_data in the state, by address, with what they
	// were made of.
	outputs map[string]tinyData
	// fail prints an error of Terraform's own.
	fail func(string)
	// read reads a data source; what was read is in found.
	read  func(block *hclsyntax.Block) cty.Value
	found map[string]cty.Value
}

type tinyWalk string

const (
	tinyValidate tinyWalk = "validate"
	tinyPlans    tinyWalk = "plan"
	tinyApplies  tinyWalk = "apply"
)

// tinyData is a terraform_data.
type tinyData struct{ input, triggers cty.Value }

// evaluate returns the value of an expression, with each or count where there are
// several instances.
func (s *tinyScope) evaluate(expr hclsyntax.Expression, each map[string]cty.Value) cty.Value {
	s.t.Helper()
	roots := map[string]map[string]cty.Value{}
	under := func(root, name string, value cty.Value) {
		if roots[root] == nil {
			roots[root] = map[string]cty.Value{}
		}
		roots[root][name] = value
	}
	for _, traversal := range expr.Variables() {
		address := traversalText(traversal)
		root, name, _ := strings.Cut(address, ".")
		switch {
		case root == "var":
			under(root, name, s.variable(name))
		case root == "local" && s.locals[name] != nil:
			under(root, name, s.evaluate(s.locals[name], nil))
		case root == "path" && name == "module":
			under(root, name, cty.StringVal("."))
		case s.builtins[address] != nil:
			under(root, name, cty.ObjectVal(map[string]cty.Value{"output": s.output(address)}))
		case s.data[address] != nil:
			kind, instance, _ := strings.Cut(name, ".")
			all := map[string]cty.Value{}
			if known, ok := roots[root][kind]; ok {
				all = known.AsValueMap()
			}
			all[instance] = s.dataSource(address)
			under(root, kind, cty.ObjectVal(all))
		case each[root] != cty.NilVal:
		default:
			s.unsupported("a reference to %s", address)
		}
	}
	values := map[string]cty.Value{}
	for root, all := range roots {
		values[root] = cty.ObjectVal(all)
	}
	for name, value := range each {
		values[name] = value
	}
	value, diags := expr.Value(&hcl.EvalContext{Variables: values, Functions: s.functions()})
	s.must(diags)
	return value
}

func (s *tinyScope) variable(name string) cty.Value {
	s.t.Helper()
	block := s.variables[name]
	if block == nil {
		s.unsupported("a variable that is not declared: %s", name)
	}
	for argument := range block.Body.Attributes {
		if argument != "type" && argument != "default" {
			s.unsupported("%s of a variable", argument)
		}
	}
	as := cty.DynamicPseudoType
	if argument := block.Body.Attributes["type"]; argument != nil {
		constraint, diags := typeexpr.TypeConstraint(argument.Expr)
		s.must(diags)
		as = constraint
	}
	text, given := s.given[name]
	fallback := block.Body.Attributes["default"]
	var value cty.Value
	switch {
	case s.walk == tinyValidate:
		return cty.UnknownVal(as)
	case given:
		value = cty.StringVal(text)
		if fallback != nil && as == cty.DynamicPseudoType { // Terraform has no type to go by either.
			as = s.evaluate(fallback.Expr, nil).Type()
		}
	case fallback != nil:
		value = s.evaluate(fallback.Expr, nil)
	default:
		s.unsupported("a variable without a value: %s", name)
	}
	value, err := convert.Convert(value, as)
	must(s.t, err)
	return value
}

// builtin is a terraform_data as it is configured.
func (s *tinyScope) builtin(address string) (data tinyData) {
	s.t.Helper()
	data = tinyData{cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.DynamicPseudoType)}
	for name, argument := range s.builtins[address].Body.Attributes {
		switch name {
		case "input":
			data.input = s.evaluate(argument.Expr, nil)
		case "triggers_replace":
			data.triggers = s.evaluate(argument.Expr, nil)
		default:
			s.unsupported("%s of terraform_data", name)
		}
	}
	return data
}

// output is not known in a plan that changes it.
func (s *tinyScope) output(address string) cty.Value {
	s.t.Helper()
	configured, was := s.builtin(address), s.outputs[address]
	switch {
	case s.walk == tinyValidate:
		return cty.DynamicVal
	case s.walk == tinyPlans && (was.input == cty.NilVal || !configured.input.RawEquals(was.input) || !configured.triggers.RawEquals(was.triggers)):
		return cty.DynamicVal
	}
	return configured.input
}

func (s *tinyScope) dataSource(address string) cty.Value {
	s.t.Helper()
	if s.walk == tinyValidate {
		return cty.DynamicVal
	}
	if _, ok := s.found[address]; !ok {
		s.found[address] = s.read(s.data[address])
	}
	return s.found[address]
}

// object is what a block says, as an object of the schema's type.
func (s *tinyScope) object(schema *tfprotov6.Schema, block *hclsyntax.Block, each map[string]cty.Value) cty.Value {
	s.t.Helper()
	values := map[string]cty.Value{}
	for _, attribute := range schema.Block.Attributes {
		as := ctyType(attribute)
		value := cty.NullVal(as)
		if argument := block.Body.Attributes[attribute.Name]; argument != nil {
			value = s.evaluate(argument.Expr, each)
		} else if attribute.Required {
			s.fail(fmt.Sprintf("Missing required argument: The argument %q is required, but no definition was found.", attribute.Name))
		}
		converted, err := convert.Convert(value, as)
		if err != nil {
			s.unsupported("%s of another type: %v", attribute.Name, err)
		}
		values[attribute.Name] = converted
	}
	for name := range block.Body.Attributes {
		if _, ok := values[name]; !ok && !slices.Contains(metaArguments, name) {
			s.unsupported("an argument %s", name)
		}
	}
	return cty.ObjectVal(values)
}

// attributes are those of an object, in the form of the protocol.
func (s *tinyScope) attributes(schema *tfprotov6.Schema, block *hclsyntax.Block, each map[string]cty.Value) map[string]any {
	s.t.Helper()
	object := s.object(schema, block, each)
	all := map[string]any{}
	for _, attribute := range schema.Block.Attributes {
		all[attribute.Name] = s.tfValueOf(object.GetAttr(attribute.Name), attribute.ValueType())
	}
	return all
}

// instances are the keys of a block's instances with their each or count.
func (s *tinyScope) instances(block *hclsyntax.Block) map[string]map[string]cty.Value {
	s.t.Helper()
	all := map[string]map[string]cty.Value{}
	each := func(key, value cty.Value) map[string]cty.Value {
		return map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}
	}
	count := func(index cty.Value) map[string]cty.Value {
		return map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": index})}
	}
	forEach, number := block.Body.Attributes["for_each"], block.Body.Attributes["count"]
	switch {
	case forEach != nil && s.walk == tinyValidate:
		all[""] = each(cty.UnknownVal(cty.String), cty.DynamicVal)
	case forEach != nil:
		for it := s.evaluate(forEach.Expr, nil).ElementIterator(); it.Next(); {
			key, value := it.Element()
			all["["+strconv.Quote(key.AsString())+"]"] = each(key, value)
		}
	case number != nil && s.walk == tinyValidate:
		all[""] = count(cty.UnknownVal(cty.Number))
	case number != nil:
		number, _ := s.evaluate(number.Expr, nil).AsBigFloat().Int64()
		for i := range number {
			all["["+strconv.FormatInt(i, 10)+"]"] = count(cty.NumberIntVal(i))
		}
	default:
		all[""] = nil
	}
	return all
}

// functions are Terraform's that tests use, and the provider's.
func (s *tinyScope) functions() map[string]function.Function {
	return map[string]function.Function{
		"concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc, "keys": stdlib.KeysFunc,
		"length": stdlib.LengthFunc, "lower": stdlib.LowerFunc, "slice": stdlib.SliceFunc, "trimspace": stdlib.TrimSpaceFunc,
		"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"file": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}}, Type: function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				text, err := os.ReadFile(filepath.Join(s.dir, args[0].AsString()))
				return cty.StringVal(string(text)), err
			},
		}),
	}
}
