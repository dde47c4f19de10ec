// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// validate asks a provider that is not configured about each block, of which each and
// count, variables and data sources are unknown.
func (r *tinyRun) validate() {
	r.t.Helper()
	server := providerserver.NewProtocol6(r.newProvider())()
	schemas := r.tf.schemas()
	scope := *r.scope
	scope.walk = tinyValidate
	config := func(schema *tfprotov6.Schema, block *hclsyntax.Block) *tfprotov6.DynamicValue {
		var each map[string]cty.Value
		for _, each = range scope.instances(block) {
			break
		}
		return r.tf.wire(tfValue(r.t, schema.ValueType(), scope.attributes(schema, block, each)))
	}
	if block := scope.provider; block != nil {
		answer, err := server.ValidateProviderConfig(r.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config(schemas.Provider, block)})
		must(r.t, err)
		r.output.hear("provider", answer.Diagnostics)
	}
	for _, address := range slices.Sorted(maps.Keys(scope.resources)) {
		kind, block := scope.resources[address].Labels[0], scope.resources[address]
		answer, err := server.ValidateResourceConfig(r.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: kind, Config: config(schemas.ResourceSchemas[kind], block),
		})
		must(r.t, err)
		r.output.hear(address, answer.Diagnostics)
	}
	for _, address := range slices.Sorted(maps.Keys(scope.data)) {
		kind, block := scope.data[address].Labels[0], scope.data[address]
		answer, err := server.ValidateDataResourceConfig(r.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
			TypeName: kind, Config: config(schemas.DataSourceSchemas[kind], block),
		})
		must(r.t, err)
		r.output.hear(address, answer.Diagnostics)
	}
}

// plan returns nil where it fails.
func (r *tinyRun) plan() *tinyPlan {
	r.t.Helper()
	if r.validate(); r.output.failed {
		return nil
	}
	r.scope.walk = tinyPlans
	plan := &tinyPlan{scope: r.scope, builtins: map[string]tinyData{}}
	blocks := map[string]*tfBlock{}
	begin := func(p *tfProcess) {
		r.scope.read = func(block *hclsyntax.Block) cty.Value { return r.readData(p, block) }
		for _, address := range slices.Sorted(maps.Keys(r.scope.data)) {
			if !p.failed {
				r.scope.dataSource(address)
			}
		}
		if !p.failed { // Else nothing more is planned.
			r.expand(blocks)
		}
	}
	if r.destroys {
		plan.tfPlan = r.tf.destroyPlan(blocks, r.options, begin, func(one *tfPlan) { r.end(one.process) })
	} else {
		plan.tfPlan = r.tf.plan(blocks, r.options, begin)
		r.end(plan.process)
		applied := *r.scope
		applied.walk = tinyApplies
		for address := range r.scope.builtins {
			plan.builtins[address] = applied.builtin(address)
		}
	}
	if r.output.failed {
		return nil
	}
	plan.totals = builtinTotals(r.builtins, plan.builtins)
	for _, change := range plan.changes {
		plan.totals.count(change.action)
		if text := headings[change.action]; text != "" {
			r.output.show("# %s %s, id = %q", change.address, text, firstID(change.before.value, change.after))
		}
	}
	if plan.totals == (tinyTotals{}) {
		r.output.show("No changes. Your infrastructure matches the configuration.")
	} else {
		r.output.show("Plan: %d to add, %d to change, %d to destroy.", plan.totals.added, plan.totals.changed, plan.totals.destroyed)
	}
	return plan
}

// headings are what a plan says of a resource.
var headings = map[tfAction]string{
	tfCreate: "will be created", tfUpdate: "will be updated in-place", tfDelete: "will be destroyed",
	tfDeleteThenCreate: "must be replaced", tfCreateThenDelete: "must be replaced",
}

// firstID returns the id of the first object that has one.
func firstID(objects ...tftypes.Value) (id string) {
	for _, object := range objects {
		if value, ok := attributesOf(object)["id"]; ok && id == "" && value.IsKnown() {
			_ = value.As(&id) // Null leaves it empty.
		}
	}
	return id
}

func builtinTotals(before, after map[string]tinyData) (totals tinyTotals) {
	for address, is := range after {
		was, existed := before[address]
		switch {
		case !existed:
			totals.count(tfCreate)
		case !was.triggers.RawEquals(is.triggers):
			totals.count(tfDeleteThenCreate)
		case !was.input.RawEquals(is.input):
			totals.count(tfUpdate)
		}
	}
	for address := range before {
		if _, stays := after[address]; !stays {
			totals.count(tfDelete)
		}
	}
	return totals
}

// readData reads a data source in the process of a plan.
func (r *tinyRun) readData(p *tfProcess, block *hclsyntax.Block) cty.Value {
	r.t.Helper()
	kind := block.Labels[0]
	schema := r.tf.schemas().DataSourceSchemas[kind]
	for _, argument := range metaArguments {
		if block.Body.Attributes[argument] != nil {
			r.scope.unsupported("%s of a data source", argument)
		}
	}
	config := tfValue(r.t, schema.ValueType(), r.scope.attributes(schema, block, nil))
	if !config.IsFullyKnown() {
		r.scope.unsupported("a data source that is read in the apply")
	}
	answer, err := p.server.ReadDataSource(p.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: r.tf.wire(config)})
	must(r.t, err)
	if p.note(blockAddress(block), answer.Diagnostics) {
		return cty.DynamicVal
	}
	state, err := answer.State.Unmarshal(schema.ValueType())
	must(r.t, err)
	return r.tf.ctyValueOf(state)
}

// expand adds the instances of all resources, with what they depend on.
func (r *tinyRun) expand(blocks map[string]*tfBlock) {
	r.t.Helper()
	instances := map[string][]string{} // by address without an index
	for _, address := range slices.Sorted(maps.Keys(r.scope.resources)) {
		block := r.scope.resources[address]
		schema := r.tf.schemas().ResourceSchemas[block.Labels[0]]
		for key, each := range r.scope.instances(block) {
			attributes := func(planning bool) map[string]any {
				scope := *r.scope
				if !planning {
					scope.walk = tinyApplies
				}
				return scope.attributes(schema, block, each)
			}
			known := !slices.ContainsFunc(slices.Collect(maps.Values(attributes(true))), func(value any) bool {
				v, ok := value.(tftypes.Value)
				return ok && !v.IsFullyKnown()
			})
			blocks[address+key] = &tfBlock{block.Labels[0], attributes, r.scope.createBeforeDestroy(block), known, nil}
			instances[address] = append(instances[address], address+key)
		}
	}
	for address, all := range instances {
		for _, dep := range r.scope.dependsOn(r.scope.resources[address]) {
			for _, instance := range all {
				blocks[instance].dependsOn = append(blocks[instance].dependsOn, instances[dep]...)
			}
		}
	}
	inheritCreateBeforeDestroy(blocks)
}
