// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// apply is terraform apply of a plan. It returns nil if the state has changed since. Order
// and time are random, except for what a change itself prescribes.
func (tf *tinyTerraform) apply(plan *tfPlan, o tfOptions, begin func(*tfProcess)) *tfProcess {
	if plan.failed || plan.serial != tf.serial {
		return nil
	}
	p := tf.newProcess()
	begin(p)
	tf.state = plan.prior.clone()
	tf.serial++
	if p.failed {
		return p
	}
	random := rand.New(rand.NewPCG(o.order, 2)) //nolint:gosec // an order, no secret
	tasks := p.tasks(plan)
	if isCircle(tasks) {
		p.failed = true // Terraform reports it, and does nothing.
		return p
	}
	// Terraform starts all nodes at once: what is known is planned again before the
	// provider has settled and disables leavers. The rest waits for values.
	for _, i := range random.Perm(len(tasks)) {
		if p.over() || p.stopped.Load() {
			return p
		}
		if tasks[i].early != nil && len(tasks[i].after) == 0 {
			tasks[i].early()
		}
	}
	if o.parallel {
		var group sync.WaitGroup
		for _, i := range random.Perm(len(tasks)) {
			group.Go(func() {
				defer close(tasks[i].done)
				for _, before := range tasks[i].after {
					if <-before.done; !before.ok {
						return
					}
				}
				if !p.over() && !p.stopped.Load() {
					tasks[i].ok = tasks[i].do()
				}
			})
		}
		group.Wait()
		return p
	}
	for !p.over() && !p.stopped.Load() {
		ready := slices.DeleteFunc(slices.Clone(tasks), func(t *tfTask) bool {
			return t.over || slices.ContainsFunc(t.after, func(before *tfTask) bool { return !before.ok })
		})
		if len(ready) == 0 {
			return p // Only tasks that wait for a failure are left.
		}
		task := ready[random.IntN(len(ready))]
		task.ok, task.over = task.do(), true
	}
	return p
}

// tfTask is one step of an apply. It waits for others, and is skipped if one of those
// failed.
type tfTask struct {
	early    func() // nil, unless it begins with what the plan knew
	do       func() bool
	after    []*tfTask
	over, ok bool
	done     chan struct{}
}

// isCircle reports whether tasks wait for each other, as after a dependency was reversed.
func isCircle(tasks []*tfTask) bool {
	left := tasks
	for len(left) > 0 {
		waiting := slices.DeleteFunc(slices.Clone(left), func(t *tfTask) bool {
			return !slices.ContainsFunc(t.after, func(before *tfTask) bool { return slices.Contains(left, before) })
		})
		if len(waiting) == len(left) {
			return true
		}
		left = waiting
	}
	return false
}

// tasks returns the steps of an apply. Their order follows Terraform's graph: creates and
// updates after those of their dependencies, destroys the other way round.
func (p *tfProcess) tasks(plan *tfPlan) (tasks []*tfTask) {
	puts, destroys := map[string]*tfTask{}, map[string]*tfTask{}
	add := func(under map[string]*tfTask, address string, t *tfTask) *tfTask {
		t.done = make(chan struct{})
		tasks = append(tasks, t)
		if under != nil {
			under[address] = t
		}
		return t
	}
	put := func(c *tfChange, depose *tfObject) *tfTask {
		if !c.block.knownInPlan {
			return add(puts, c.address, &tfTask{do: func() bool { return p.put(c, depose) }})
		}
		var again *tfChange
		planned := false
		early := func() { again, planned = p.planAgain(c, depose), true }
		return add(puts, c.address, &tfTask{early: early, do: func() bool {
			if !planned {
				early()
			}
			return p.putPlanned(c, again, depose)
		}})
	}
	createdBefore := map[string]bool{}
	for _, c := range plan.changes {
		switch {
		case c.action == tfNoOp:
		case c.deposed != nil:
			add(nil, "", &tfTask{do: func() bool { return p.destroyDeposed(c.address, c.deposed) }})
		case c.action == tfDelete:
			add(destroys, c.address, &tfTask{do: func() bool { return p.destroy(c) }})
			createdBefore[c.address] = p.state[c.address] != nil && p.state[c.address].createBeforeDestroy
		case c.action == tfDeleteThenCreate: // The create waits for the destroy.
			destroy := add(destroys, c.address, &tfTask{do: func() bool { return p.destroy(c) }})
			create := add(puts, c.address, &tfTask{do: func() bool { return p.put(c, nil) }})
			create.after = append(create.after, destroy)
		case c.action == tfCreateThenDelete:
			deposed := p.state[c.address].current
			create := put(c, deposed)
			destroy := add(destroys, c.address, &tfTask{do: func() bool { return p.destroyDeposed(c.address, deposed) }})
			destroy.after = append(destroy.after, create)
			createdBefore[c.address] = true
		default:
			put(c, nil)
		}
	}
	for address, create := range puts {
		for _, dep := range plan.blocks[address].dependsOn {
			if before := puts[dep]; before != nil {
				create.after = append(create.after, before)
			}
		}
	}
	for address, instance := range p.state {
		for _, dep := range instance.dependencies {
			destroy := destroys[dep]
			switch {
			case destroy == nil:
			case destroys[address] != nil:
				destroy.after = append(destroy.after, destroys[address])
			case puts[address] == nil:
			case createdBefore[dep]:
				destroy.after = append(destroy.after, puts[address])
			case !slices.Contains(destroy.after, puts[address]):
				puts[address].after = append(puts[address].after, destroy)
			}
		}
	}
	return tasks
}

func (p *tfProcess) current(address string) *tfObject {
	p.mu.Lock()
	defer p.mu.Unlock()
	if instance := p.state[address]; instance != nil {
		return instance.current
	}
	return nil
}

// write changes the state, unless Terraform has ended.
func (p *tfProcess) write(change func(tfState)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over() {
		change(p.state)
	}
}

// put creates or updates: it plans once more, with what is known by now, and holds the
// provider to its first plan. The object to depose is nil except for a
// create-before-destroy.
func (p *tfProcess) put(c *tfChange, depose *tfObject) bool {
	return p.putPlanned(c, p.planAgain(c, depose), depose)
}

func (p *tfProcess) planAgain(c *tfChange, depose *tfObject) *tfChange {
	if depose != nil {
		p.write(func(s tfState) {
			s[c.address].current = nil
			s[c.address].deposed = append(s[c.address].deposed, depose)
		})
	}
	return p.planConfigured(c.address, c.block, false, p.current(c.address), false, c)
}

func (p *tfProcess) putPlanned(c, again *tfChange, depose *tfObject) bool {
	state := p.current(c.address)
	if again == nil || p.over() {
		return false // In Terraform a deposed object stays deposed.
	}
	if again.action != c.action && (c.action != tfUpdate || again.action != tfNoOp) {
		p.bug(c.address, "inconsistent final plan: %s became %s", c.action, again.action)
		return false
	}
	if problem := incompatible("", c.after, again.after); problem != "" {
		p.bug(c.address, "inconsistent final plan: %s", problem)
		return false
	}
	if again.action == tfNoOp {
		return true
	}
	simple := *again
	if simple.action.replaces() {
		simple.action, simple.before = tfCreate, &tfObject{value: tftypes.NewValue(p.typeOf(c.kind), nil)}
	}
	object, ok := p.carryOut(&simple, state)
	if !ok && simple.action == tfCreate && object != nil {
		tainted := *object
		tainted.tainted = true
		object = &tainted
	}
	p.write(func(s tfState) {
		s.set(c.address, c.kind, object)
		if instance := s[c.address]; ok && instance != nil {
			instance.dependencies, instance.createBeforeDestroy = c.block.dependsOn, c.block.createBeforeDestroy
		}
		if depose != nil && !ok && s[c.address].current == nil {
			s[c.address].current = depose
			s[c.address].deposed = slices.DeleteFunc(s[c.address].deposed, func(o *tfObject) bool { return o == depose })
		}
	})
	return ok
}

// destroy deletes the current object, without planning again. In a replacement it gets the
// private data of the planned create.
func (p *tfProcess) destroy(c *tfChange) bool {
	state := p.current(c.address)
	if state == nil {
		return true
	}
	simple := *c
	simple.block, simple.after = nil, tftypes.NewValue(p.typeOf(c.kind), nil)
	if simple.action.replaces() {
		simple.action, simple.plannedIdentity = tfDelete, nil
	}
	object, ok := p.carryOut(&simple, state)
	p.write(func(s tfState) { s.set(c.address, c.kind, object) })
	return ok
}

// destroyDeposed plans the destroy of a deposed object in the apply, with its own
// private data.
func (p *tfProcess) destroyDeposed(address string, deposed *tfObject) bool {
	p.mu.Lock()
	kind := p.state[address].kind
	p.mu.Unlock()
	c := p.planDestroy(address, kind, deposed, deposed)
	if c == nil || p.over() {
		return false
	}
	object, ok := p.carryOut(c, deposed)
	p.write(func(s tfState) { s.replaceDeposed(address, deposed, object) })
	return ok
}

// carryOut returns the object that is left, or nil.
func (p *tfProcess) carryOut(c *tfChange, state *tfObject) (left *tfObject, ok bool) {
	config := tftypes.NewValue(p.typeOf(c.kind), nil)
	if c.block != nil {
		config = tfValue(p.t, p.typeOf(c.kind), c.block.attributes(false))
	}
	applied, err := p.server.ApplyResourceChange(p.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.kind, PriorState: p.wire(c.before.value), PlannedState: p.wire(c.after), Config: p.wire(config),
		PlannedPrivate: c.private, PlannedIdentity: c.plannedIdentity,
	})
	must(p.t, err)
	failed := p.note(c.address, applied.Diagnostics)
	value := p.unwire(c.kind, applied.NewState)
	switch {
	case !value.IsFullyKnown():
		p.bug(c.address, "unknown values after the apply: %s", value)
		return state, false
	case failed:
	case c.action == tfDelete && !value.IsNull():
		p.bug(c.address, "an object after its delete: %s", value)
		failed = true
	case c.action != tfDelete && value.IsNull():
		p.bug(c.address, "no object after %s", c.action)
		failed = true
	case c.action != tfDelete:
		if problem := incompatible("", c.after, value); problem != "" {
			p.bug(c.address, "inconsistent result after apply: %s", problem)
			failed = true
		}
	}
	if !failed {
		p.mu.Lock()
		p.done = append(p.done, tfDone{c.address, c.action})
		p.mu.Unlock()
	}
	switch {
	case failed && value.IsNull():
		return state, false
	case value.IsNull():
		return nil, true
	}
	object := &tfObject{value: value, private: applied.Private, identity: applied.NewIdentity}
	if failed && state != nil {
		object.tainted = state.tainted
	}
	return object, !failed
}

// incompatible returns where a value differs from what was planned, as far as that was
// known.
func incompatible(path string, planned, actual tftypes.Value) string {
	var was, is map[string]tftypes.Value
	switch {
	case !planned.IsKnown():
		return ""
	case planned.IsNull() || actual.IsNull() || planned.As(&was) != nil || actual.As(&is) != nil:
		if !planned.Equal(actual) {
			return fmt.Sprintf("%s was %s, but now %s", strings.TrimPrefix(path, "."), planned, actual)
		}
		return ""
	}
	for name := range is {
		if _, expected := was[name]; !expected {
			return fmt.Sprintf("%s.%s has appeared", path, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		value, there := is[name]
		if !there {
			return fmt.Sprintf("%s.%s has vanished", path, name)
		}
		if problem := incompatible(path+"."+name, was[name], value); problem != "" {
			return problem
		}
	}
	return ""
}
