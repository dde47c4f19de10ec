// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// unitTest is resource.UnitTest with either engine: in this process, its steps are
// taken as the test framework does. Steps that import need the framework itself.
func unitTest(t *testing.T, c resource.TestCase) {
	t.Helper()
	c.ProtoV6ProviderFactories = testProviders
	w := newWorkspace(t, nil)
	if w.plans == nil {
		resource.UnitTest(t, c)
		return
	}
	for _, step := range c.Steps {
		if step.PreConfig != nil {
			step.PreConfig()
		}
		if !step.RefreshState {
			w.write("main.tf", step.Config)
		}
		failure := w.takes(step)
		switch {
		case step.ExpectError == nil && failure != "":
			t.Fatalf("a step fails: %s", failure)
		case step.ExpectError != nil && !step.ExpectError.MatchString(failure):
			t.Errorf("a step does not fail with %s:\n%s", step.ExpectError, failure)
		}
	}
	if len(w.stateFile().Resources) == 0 {
		return
	}
	if _, seen := w.inProcess("destroy", "-auto-approve"); seen.code != 0 {
		t.Errorf("the destroy at the end fails: %s", seen.text)
	}
}

// takes takes a step, and returns what a command says that fails.
func (w *workspace) takes(step resource.TestStep) (failure string) {
	w.t.Helper()
	if step.RefreshState {
		if _, seen := w.inProcess("apply", "-refresh-only", "-auto-approve"); seen.code != 0 {
			return seen.text
		}
	} else {
		r, seen := w.inProcess("plan", "-out=step")
		if seen.code != 0 || step.PlanOnly {
			return seen.text
		}
		for _, check := range step.ConfigPlanChecks.PreApply {
			var answer plancheck.CheckPlanResponse
			if check.CheckPlan(w.t.Context(), plancheck.CheckPlanRequest{Plan: r.planned.json(w.t)}, &answer); answer.Error != nil {
				w.t.Errorf("the plan: %v", answer.Error)
			}
		}
		if _, seen = w.inProcess("apply", "step"); seen.code != 0 {
			return seen.text
		}
		w.checkState(step, r.planned.scope)
	}
	for range 2 { // With what was known at the apply, and refreshed.
		_, seen := w.inProcess("plan", "-detailed-exitcode")
		if seen.code == 1 {
			return seen.text
		}
		if step.ExpectNonEmptyPlan != (seen.code == 2) {
			w.t.Errorf("after a step the plan is not as expected: %s", seen.text)
		}
	}
	return ""
}

func (w *workspace) checkState(step resource.TestStep, scope *tinyScope) {
	w.t.Helper()
	state := &tfjson.State{FormatVersion: "1.0", Values: &tfjson.StateValues{RootModule: &tfjson.StateModule{}}}
	module := &terraform.ModuleState{Path: []string{"root"}, Resources: map[string]*terraform.ResourceState{}}
	add := func(address string, attributes map[string]any) {
		state.Values.RootModule.Resources = append(state.Values.RootModule.Resources, &tfjson.StateResource{Address: address, AttributeValues: attributes})
		module.Resources[address] = &terraform.ResourceState{}
	}
	for _, kept := range w.stateFile().Resources {
		for _, instance := range kept.Instances {
			add(kept.Type+"."+kept.Name, decoded(w.t, instance.Attributes))
		}
	}
	for address, value := range scope.found {
		text, err := ctyjson.Marshal(value, value.Type())
		must(w.t, err)
		add(address, decoded(w.t, text))
	}
	for _, check := range step.ConfigStateChecks {
		var answer statecheck.CheckStateResponse
		if check.CheckState(w.t.Context(), statecheck.CheckStateRequest{State: state}, &answer); answer.Error != nil {
			w.t.Errorf("the state: %v", answer.Error)
		}
	}
	if step.Check != nil {
		if err := step.Check(&terraform.State{Version: 3, Modules: []*terraform.ModuleState{module}}); err != nil {
			w.t.Errorf("after the apply: %v", err)
		}
	}
}

// json is what plan checks read of a plan.
func (p *tinyPlan) json(t *testing.T) *tfjson.Plan {
	t.Helper()
	actions := map[tfAction]tfjson.Actions{
		tfNoOp: {tfjson.ActionNoop}, tfCreate: {tfjson.ActionCreate}, tfUpdate: {tfjson.ActionUpdate}, tfDelete: {tfjson.ActionDelete},
		tfDeleteThenCreate: {tfjson.ActionDelete, tfjson.ActionCreate}, tfCreateThenDelete: {tfjson.ActionCreate, tfjson.ActionDelete},
	}
	plan := &tfjson.Plan{FormatVersion: "1.0"}
	for _, change := range p.changes {
		known, unknown := map[string]cty.Value{}, map[string]any{}
		for name, value := range attributesOf(change.after) {
			if value.IsFullyKnown() {
				known[name] = p.process.ctyValueOf(value)
			} else {
				unknown[name] = true
			}
		}
		object := cty.ObjectVal(known)
		text, err := ctyjson.Marshal(object, object.Type())
		must(t, err)
		plan.ResourceChanges = append(plan.ResourceChanges, &tfjson.ResourceChange{
			Address: change.address, Change: &tfjson.Change{Actions: actions[change.action], After: decoded(t, text), AfterUnknown: unknown},
		})
	}
	return plan
}

// decoded has numbers as the checks want them.
func decoded(t *testing.T, text []byte) (values map[string]any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	must(t, decoder.Decode(&values))
	return values
}
