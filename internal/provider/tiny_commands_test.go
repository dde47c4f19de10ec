// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/zclconf/go-cty/cty"
)

// Terraform's commands in this process, with tinyTerraform as the engine: a command
// costs milliseconds instead of a fifth of a second. Which engine runs the tests is
// said in terraform_cli_test.go.

// tinyRun is one command.
type tinyRun struct {
	*workspace
	tf       *tinyTerraform
	builtins map[string]tinyData // terraform_data in the state
	scope    *tinyScope
	output   *tinyOutput
	planned  *tinyPlan // nil where that failed

	options  tfOptions
	operands []string // arguments that are no options
	saveTo   string
	// destroys: the plan is one to destroy everything; approved: nobody is asked;
	// detailed: the exit code is 2 where there are changes.
	destroys, approved, detailed bool
}

// tinyPlan is a plan with what tinyTerraform does not know of.
type tinyPlan struct {
	*tfPlan
	scope    *tinyScope
	builtins map[string]tinyData // after the apply
	totals   tinyTotals
}

// inProcess runs a command as the real Terraform would.
func (w *workspace) inProcess(arguments ...string) (*tinyRun, outcome) {
	w.t.Helper()
	configuration := readConfiguration(w.t, w.dir)
	r := &tinyRun{
		workspace: w, output: &tinyOutput{configuration: configuration},
		scope: &tinyScope{tinyConfiguration: configuration, given: map[string]string{}, found: map[string]cty.Value{}},
	}
	r.options.parallel, r.scope.fail = true, r.output.fail
	r.parse(arguments[1:])
	r.tf = &tinyTerraform{t: w.t, start: r.newProvider, hear: r.output.hear, provider: r.providerArguments}
	r.readState()
	r.scope.outputs = r.builtins
	code := r.command(arguments[0])
	return r, outcome{w.t, r.output.text(), code}
}

func (r *tinyRun) parse(arguments []string) {
	r.t.Helper()
	for _, argument := range arguments {
		name, value, _ := strings.Cut(argument, "=")
		switch name {
		case "-auto-approve":
			r.approved = true
		case "-detailed-exitcode":
			r.detailed = true
		case "-destroy":
			r.destroys = true
		case "-json":
			r.output.json = true
		case "-out":
			r.saveTo = value
		case "-parallelism":
			r.options.parallel = value != "1"
		case "-refresh":
			r.options.noRefresh = value == "false"
		case "-refresh-only":
			r.options.refreshOnly = true
		case "-replace":
			r.options.replace = append(r.options.replace, value)
		case "-var":
			variable, text, _ := strings.Cut(value, "=")
			r.scope.given[variable] = text
		case "-input", "-lock":
		default:
			if strings.HasPrefix(argument, "-") {
				r.scope.unsupported("the option %s", argument)
			}
			r.operands = append(r.operands, argument)
		}
	}
}

// newProvider is a provider with the environment of the workspace.
func (r *tinyRun) newProvider() provider.Provider {
	p, ok := New("test")().(*idplusProvider)
	if !ok {
		r.t.Fatal("the provider is another one")
	}
	// A busy machine may take longer to begin all that can begin.
	p.settling = 600 * time.Millisecond
	p.getenv = func(name string) (value string) {
		for _, variable := range r.env {
			if text, ok := strings.CutPrefix(variable, name+"="); ok {
				value = text
			}
		}
		return value
	}
	return p
}

func (r *tinyRun) providerArguments() map[string]any {
	block := r.scope.provider
	if block == nil {
		return map[string]any{}
	}
	return r.scope.attributes(r.tf.schemas().Provider, block, nil)
}

// command returns the exit code.
func (r *tinyRun) command(verb string) int {
	r.t.Helper()
	switch verb {
	case "validate":
		r.validate()
	case "plan":
		r.planned = r.plan()
		if r.output.failed {
			break
		}
		r.plans[r.saveTo] = r.planned
		if r.planned.totals != (tinyTotals{}) && r.detailed {
			return 2
		}
	case "apply", "destroy":
		r.destroys = r.destroys || verb == "destroy"
		if len(r.operands) > 0 {
			if r.planned = r.plans[r.operands[0]]; r.planned == nil {
				r.t.Fatalf("no plan was saved as %s", r.operands[0])
			}
			r.scope = r.planned.scope
		} else if r.planned = r.plan(); r.planned != nil && r.planned.totals != (tinyTotals{}) && !r.approved {
			r.scope.unsupported("an apply without -auto-approve")
		}
		switch {
		case r.output.failed:
		case r.options.refreshOnly:
			r.tf.state = r.planned.prior
			r.writeState()
		default:
			r.apply(r.planned)
		}
	case "taint":
		instance := r.instance(r.operands[0])
		current := *instance.current
		current.tainted = true
		instance.current = &current
		r.writeState()
	case "state":
		if r.operands[0] != "rm" {
			r.scope.unsupported("state %s", r.operands[0])
		}
		r.instance(r.operands[1])
		delete(r.tf.state, r.operands[1])
		r.writeState()
	default:
		r.scope.unsupported("the command %s", verb)
	}
	if r.output.failed {
		return 1
	}
	return 0
}

func (r *tinyRun) instance(address string) *tfInstance {
	r.t.Helper()
	instance := r.tf.state[address]
	if instance == nil {
		r.t.Fatalf("the state has no %s", address)
	}
	return instance
}

// apply carries a plan out.
func (r *tinyRun) apply(plan *tinyPlan) {
	r.t.Helper()
	plan.scope.walk = tinyApplies
	p := r.tf.apply(plan.tfPlan, r.options, func(*tfProcess) {})
	if p == nil {
		r.output.fail("Saved plan is stale")
		return
	}
	r.end(p)
	r.builtins = plan.builtins
	r.writeState()
	verbs := map[tfAction]string{tfCreate: "Creation", tfUpdate: "Modifications", tfDelete: "Destruction"}
	done := builtinTotals(r.scope.outputs, plan.builtins)
	for _, one := range p.done {
		r.output.show("%s: %s complete", one.address, verbs[one.action])
		done.count(one.action)
	}
	if !r.output.failed {
		r.output.show("Apply complete! Resources: %d added, %d changed, %d destroyed.", done.added, done.changed, done.destroyed)
	}
}

// end is that of a process of the provider.
func (r *tinyRun) end(p *tfProcess) {
	for _, bug := range p.bugs {
		r.output.fail("Provider produced " + bug + " This is a bug in the provider")
	}
	p.die()
}

// tinyTotals is how many resources a command adds, changes and destroys.
type tinyTotals struct{ added, changed, destroyed int }

func (t *tinyTotals) count(a tfAction) {
	switch {
	case a.replaces():
		t.added++
		t.destroyed++
	case a == tfCreate:
		t.added++
	case a == tfUpdate:
		t.changed++
	case a == tfDelete:
		t.destroyed++
	}
}
