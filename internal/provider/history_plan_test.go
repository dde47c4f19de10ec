// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// plan is terraform plan. Of a plan that failed, only the diagnostics are useful.
func (tf *tinyTerraform) plan(blocks map[string]*tfBlock, o tfOptions, begin func(*tfProcess)) *tfPlan {
	p := tf.newProcess()
	begin(p)
	plan := &tfPlan{process: p, blocks: blocks, prior: tf.state.clone(), serial: tf.serial}
	if p.failed {
		plan.failed = true
		return plan
	}
	var refreshes, rest []func()
	var nodesOf []string // their addresses
	node := func(refresh func() bool, then func()) {
		going := true
		refreshes = append(refreshes, func() { going = o.noRefresh || refresh() })
		rest = append(rest, func() {
			if going && !o.refreshOnly {
				then()
			}
		})
	}
	// Nodes run concurrently: mu guards what they share.
	var mu sync.Mutex
	add := func(c *tfChange) {
		mu.Lock()
		defer mu.Unlock()
		if c != nil {
			plan.changes = append(plan.changes, c)
		}
	}
	addresses := maps.Clone(blocks)
	for address := range tf.state {
		if _, configured := addresses[address]; !configured {
			addresses[address] = nil
		}
	}
	for _, address := range slices.Sorted(maps.Keys(addresses)) {
		block, instance := addresses[address], tf.state[address]
		planned := plan.prior[address]
		if instance == nil {
			instance = &tfInstance{kind: block.kind}
		}
		if block != nil && planned != nil && !o.noRefresh {
			planned.dependencies = slices.Compact(slices.Sorted(slices.Values(slices.Concat(planned.dependencies, block.dependsOn))))
		}
		if current := instance.current; current != nil || block != nil {
			nodesOf = append(nodesOf, address)
			var orphan *tfChange
			node(func() (ok bool) {
				if block == nil && !o.newer && !o.refreshOnly {
					if orphan = p.planDestroy(address, instance.kind, current, nil); orphan == nil {
						return false
					}
				}
				current, ok = p.refresh(address, instance.kind, current)
				if ok {
					mu.Lock()
					defer mu.Unlock()
					plan.prior.set(address, instance.kind, current)
					p.refreshed[address] = true
				}
				return ok
			}, func() {
				switch {
				case orphan != nil && current.value.IsNull(): // gone already
				case orphan != nil:
					add(orphan)
				case block == nil:
					add(p.planDestroy(address, instance.kind, current, nil))
				default:
					add(p.planConfigured(address, block, !o.known, current, slices.Contains(o.replace, address), nil))
				}
			})
		}
		for _, deposed := range instance.deposed {
			was := deposed
			nodesOf = append(nodesOf, "")
			node(func() (ok bool) {
				deposed, ok = p.refresh(address, instance.kind, deposed)
				if ok {
					mu.Lock()
					defer mu.Unlock()
					plan.prior.replaceDeposed(address, was, deposed)
				}
				return ok
			}, func() { add(p.planDestroy(address, instance.kind, deposed, deposed)) })
		}
	}
	order := rand.New(rand.NewPCG(o.order, 0)).Perm(len(rest)) //nolint:gosec // an order, no secret
	order, ordered := dependenciesFirst(order, nodesOf, blocks)
	o.parallel, o.readsFirst = o.parallel && !ordered, o.readsFirst && !ordered
	if o.readsFirst {
		run(order, o.parallel, refreshes)
		run(order, o.parallel, rest)
	} else {
		both := make([]func(), len(rest))
		for i := range rest {
			both[i] = func() { refreshes[i](); rest[i]() }
		}
		run(order, o.parallel, both)
	}
	plan.failed = p.failed
	return plan
}

// dependenciesFirst sorts each resource of the configuration after its dependencies.
func dependenciesFirst(order []int, addresses []string, blocks map[string]*tfBlock) (sorted []int, ordered bool) {
	done := map[string]bool{}
	for len(sorted) < len(order) {
		for _, i := range order {
			address := addresses[i]
			if slices.Contains(sorted, i) {
				continue
			}
			waits := false
			if block := blocks[address]; block != nil {
				waits = slices.ContainsFunc(block.dependsOn, func(dep string) bool { return blocks[dep] != nil && !done[dep] })
				ordered = ordered || len(block.dependsOn) > 0
			}
			if !waits {
				sorted, done[address] = append(sorted, i), true
				break
			}
		}
	}
	return sorted, ordered
}

func run(order []int, parallel bool, all []func()) {
	var group sync.WaitGroup
	for _, i := range order {
		if parallel {
			group.Go(all[i])
		} else {
			all[i]()
		}
	}
	group.Wait()
}

// destroyPlan is terraform plan -destroy: where it refreshes, a normal plan in one
// process, whose errors end it, and the plan of the destroys in another.
func (tf *tinyTerraform) destroyPlan(blocks map[string]*tfBlock, o tfOptions, begin func(*tfProcess), end func(*tfPlan)) *tfPlan {
	prior := tf.state
	if !o.noRefresh {
		refreshed := tf.plan(blocks, o, begin)
		if end(refreshed); refreshed.failed {
			return refreshed
		}
		prior = refreshed.prior
	}
	p := tf.newProcess()
	begin(p)
	plan := &tfPlan{process: p, blocks: blocks, prior: prior.clone(), serial: tf.serial}
	var destroys []func()
	var mu sync.Mutex
	for _, address := range slices.Sorted(maps.Keys(prior)) {
		instance := prior[address]
		objects := slices.Clone(instance.deposed)
		if instance.current != nil {
			objects = append(objects, nil)
		}
		for _, deposed := range objects {
			destroys = append(destroys, func() {
				object := deposed
				if object == nil {
					object = instance.current
				}
				change := p.planDestroy(address, instance.kind, object, deposed)
				mu.Lock()
				defer mu.Unlock()
				if change != nil {
					plan.changes = append(plan.changes, change)
				}
			})
		}
	}
	run(rand.New(rand.NewPCG(o.order, 1)).Perm(len(destroys)), o.parallel, destroys) //nolint:gosec // an order, no secret
	plan.failed = p.failed
	end(plan)
	return plan
}

func (s tfState) set(address, kind string, current *tfObject) {
	instance := s[address]
	if instance == nil {
		instance = &tfInstance{kind: kind}
		s[address] = instance
	}
	if current != nil && current.value.IsNull() {
		current = nil
	}
	instance.current = current
	s.prune(address)
}

func (s tfState) replaceDeposed(address string, was, is *tfObject) {
	instance := s[address]
	i := slices.Index(instance.deposed, was)
	if is == nil || is.value.IsNull() {
		instance.deposed = slices.Delete(instance.deposed, i, i+1)
	} else {
		instance.deposed[i] = is
	}
	s.prune(address)
}

func (s tfState) prune(address string) {
	if instance := s[address]; instance.current == nil && len(instance.deposed) == 0 {
		delete(s, address)
	}
}

// refresh returns an object with a null value if the user is gone: a create that follows
// in the same plan gets its private data.
func (p *tfProcess) refresh(address, kind string, object *tfObject) (*tfObject, bool) {
	if object == nil {
		return nil, true
	}
	read, err := p.server.ReadResource(p.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: kind, CurrentState: p.wire(object.value), Private: object.private, CurrentIdentity: object.identity,
	})
	must(p.t, err)
	if p.note(address, read.Diagnostics) {
		return object, false
	}
	refreshed := *object
	refreshed.value, refreshed.private, refreshed.identity = p.unwire(kind, read.NewState), read.Private, read.NewIdentity
	if !refreshed.value.IsFullyKnown() {
		p.bug(address, "a refresh with unknown values: %s", refreshed.value)
		return object, false
	}
	return &refreshed, true
}

func (p *tfProcess) planDestroy(address, kind string, object, deposed *tfObject) *tfChange {
	if object == nil || object.value.IsNull() {
		return nil
	}
	null := tftypes.NewValue(p.typeOf(kind), nil)
	planned, err := p.server.PlanResourceChange(p.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: kind, Config: p.wire(null), PriorState: p.wire(object.value), ProposedNewState: p.wire(null),
		PriorPrivate: object.private, PriorIdentity: object.identity,
	})
	must(p.t, err)
	if p.note(address, planned.Diagnostics) {
		return nil
	}
	if !p.unwire(kind, planned.PlannedState).IsNull() {
		p.bug(address, "a destroy planned as something else than null")
		return nil
	}
	return &tfChange{
		address: address, kind: kind, action: tfDelete, deposed: deposed, before: object, after: null,
		private: planned.PlannedPrivate, plannedIdentity: planned.PlannedIdentity,
	}
}

// planConfigured plans a resource of the configuration. In an apply it gets the change of
// the plan, and fills it in.
func (p *tfProcess) planConfigured(address string, block *tfBlock, planning bool, current *tfObject, forced bool, earlier *tfChange) *tfChange {
	kind := block.kind
	null := tftypes.NewValue(p.typeOf(kind), nil)
	config := tfValue(p.t, p.typeOf(kind), block.attributes(planning))

	prior, tainted := &tfObject{value: null}, (*tfObject)(nil)
	switch {
	case current == nil:
	case current.tainted:
		tainted = current
	default:
		prior = current // Its value is null after a refresh that found no user.
	}
	validated, err := p.server.ValidateResourceConfig(p.ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: kind, Config: p.wire(config)})
	must(p.t, err)
	if p.note(address, validated.Diagnostics) {
		return nil
	}
	ask := func(prior tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) *tfprotov6.PlanResourceChangeResponse {
		planned, err := p.server.PlanResourceChange(p.ctx, &tfprotov6.PlanResourceChangeRequest{
			TypeName: kind, Config: p.wire(config), PriorState: p.wire(prior), ProposedNewState: p.wire(p.proposed(kind, prior, config)),
			PriorPrivate: private, PriorIdentity: identity,
		})
		must(p.t, err)
		return planned
	}
	planned := ask(prior.value, prior.private, prior.identity)
	if p.note(address, planned.Diagnostics) {
		return nil
	}
	after := p.unwire(kind, planned.PlannedState)
	if problem := p.invalidPlan(kind, prior.value, config, after); problem != "" {
		p.bug(address, "invalid plan: %s", problem)
		return nil
	}
	createBeforeDestroy := block.createBeforeDestroy
	if earlier != nil {
		createBeforeDestroy = earlier.action == tfCreateThenDelete
	}
	replacement := tfDeleteThenCreate
	if createBeforeDestroy {
		replacement = tfCreateThenDelete
	}
	change := &tfChange{address: address, kind: kind, block: block, before: prior}
	switch {
	case prior.value.IsNull():
		change.action = tfCreate
	case forced || requiresReplacement(prior.value, after, planned.RequiresReplace):
		change.action = replacement
		// Again, as a create. Only its errors are shown: the warnings are likely the same.
		planned = ask(null, planned.PlannedPrivate, planned.PlannedIdentity)
		if hasErrors(planned.Diagnostics) {
			p.note(address, planned.Diagnostics)
			return nil
		}
		after = p.unwire(kind, planned.PlannedState)
	case after.IsFullyKnown() && after.Equal(prior.value):
		change.action = tfNoOp
	default:
		change.action = tfUpdate
	}
	if change.action == tfCreate && tainted != nil && !tainted.value.IsNull() {
		change.action, change.before = replacement, tainted
	}
	if change.action == tfCreate && earlier != nil && earlier.action.replaces() {
		change.action, change.before = earlier.action, earlier.before
	}
	change.after, change.private, change.plannedIdentity = after, planned.PlannedPrivate, planned.PlannedIdentity
	return change
}

// proposed returns what the configuration says, and the prior values of what it leaves to
// the provider.
func (p *tfProcess) proposed(kind string, prior, config tftypes.Value) tftypes.Value {
	was, values := attributesOf(prior), attributesOf(config)
	for _, attribute := range p.schemas().ResourceSchemas[kind].Block.Attributes {
		if before, ok := was[attribute.Name]; ok && attribute.Computed && values[attribute.Name].IsNull() {
			values[attribute.Name] = before
		}
	}
	return tftypes.NewValue(p.typeOf(kind), values)
}

func attributesOf(object tftypes.Value) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	if !object.IsNull() && object.IsKnown() {
		if err := object.As(&values); err != nil {
			panic(err) // Every resource is an object.
		}
	}
	return maps.Clone(values) // The original belongs to the value.
}

// invalidPlan returns a planned attribute that differs from the configuration and from the
// state.
func (p *tfProcess) invalidPlan(kind string, prior, config, planned tftypes.Value) string {
	if planned.IsNull() {
		return "null"
	}
	was, wanted, is := attributesOf(prior), attributesOf(config), attributesOf(planned)
	for _, attribute := range p.schemas().ResourceSchemas[kind].Block.Attributes {
		name := attribute.Name
		before, had := was[name]
		switch {
		case attribute.Computed && wanted[name].IsNull():
		case is[name].Equal(wanted[name]):
		case had && is[name].Equal(before):
		default:
			return fmt.Sprintf("%s is %s, planned as %s", name, wanted[name], is[name])
		}
	}
	return ""
}

func requiresReplacement(prior, planned tftypes.Value, paths []*tftypes.AttributePath) bool {
	return slices.ContainsFunc(paths, func(path *tftypes.AttributePath) bool {
		before, _, beforeErr := tftypes.WalkAttributePath(prior, path)
		after, _, afterErr := tftypes.WalkAttributePath(planned, path)
		if beforeErr != nil || afterErr != nil {
			return beforeErr == nil || afterErr == nil
		}
		was, isValue := before.(tftypes.Value)
		is, isAlso := after.(tftypes.Value)
		return !isValue || !isAlso || !is.IsFullyKnown() || !was.Equal(is)
	})
}
