// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A history is a list of steps, one per line. A step that makes no sense in its
// place (enabling a missing user, removing what is not configured) does
// nothing, so that any part of a history is a history.
//
// People are called by the names below; "ADA" is the same person's address in
// capitals. A question mark after a value makes it unknown in the plan.
//
//	map m1 [removal=retain|disable] [read=search|lookup] [cbd] [pin] [after=s1,m2] [only=ada+ben] [unknown] ada=Enabled ben=Disabled? …
//	single s1 email=ada|username=ada status=Enabled [destroy=retain|disable] [cbd] [pin] [after=m1]
//	                                                 pin gives the ids that the addresses have by then, after is depends_on, only is may_change
//	remove m1 · rename m1 m2 · move ada m1 m2        change the configuration
//	protect ada username=fay alternate=ida           protected_users; nothing: none
//	limit 1|none                                     max_changes
//	connections 1|4                                  max_concurrent_requests
//	enable|disable|mark|undelete|delete|reassign|syncdisable|restore ada
//	                                                 what others do to the tenant
//	freeze · thaw · hide ada ben                     what search shows
//	tenant same-status=409 marked-as=Gone            how the tenant behaves: switches of the simulator; _ is a blank
//	later                                            a minute passes
//	taint m1                                         terraform taint
//	plan · apply · save · resume · destroy [norefresh] [replace=m1,s1] [readsfirst] [parallel] [newer] [order=3]
//	                                                 save keeps a plan that resume applies
//	fault ada conflict|error|cut|lost                the answer to the next PUT for the user, in the next apply
//	die 3 · interrupt 3                              when the next apply sends its third request
//	succeeds                                         the last command must have succeeded
type step struct {
	verb      string
	arguments []string
}

func parseStep(line string) (s step, ok bool) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return s, false
	}
	return step{words[0], words[1:]}, true
}

// flag reports whether a word is among the arguments.
func (s step) flag(word string) bool { return slices.Contains(s.arguments, word) }

// value returns what follows name=.
func (s step) value(name string) string {
	for _, argument := range s.arguments {
		if value, ok := strings.CutPrefix(argument, name+"="); ok {
			return value
		}
	}
	return ""
}

func (s step) argument(i int) string {
	if i < len(s.arguments) {
		return s.arguments[i]
	}
	return ""
}

// history runs steps against a tenant of its own.
type history struct {
	t      *testing.T
	tenant *testTenant
	tf     *tinyTerraform

	blocks      map[string]*historyBlock
	protected   []protectedName
	limit       int // -1: none
	connections int

	saved        *tfPlan
	savedOptions tfOptions
	savedBlocks  map[string]*historyBlock
	savedTouched int

	faults []step
	end    step // die or interrupt

	touched int // how often the tenant was changed behind Terraform's back
	// believed is the person behind an address in the state, by resource and address.
	believed map[string]map[string]string

	failed bool // the last command
	found  []violation
	newer  bool           // every command is one of a newer Terraform
	sent   func(*applied) // receives each apply, unless it is nil
	quiet  bool           // no plan is made only to judge
}

type protectedName struct{ text string }

func newHistory(t *testing.T) (h *history, end func()) {
	tenant := simulator.NewTenant()
	for i, p := range people {
		status := simulator.Enabled
		if i%4 == 3 {
			status = simulator.Disabled
		}
		tenant.AddUser(simulator.User{
			ID: personID(i), Email: email(p.name), Username: p.username, AlternateUsername: p.alternate, Status: status,
		})
	}
	server, err := simulator.Start(tenant)
	must(t, err)
	token := tenant.IssueToken(24*time.Hour, simulator.ScopeRead, simulator.ScopeManage)
	h = &history{
		t: t, tenant: &testTenant{tenant, server, token}, blocks: map[string]*historyBlock{}, limit: -1, connections: 1,
		believed: map[string]map[string]string{},
	}
	h.tf = &tinyTerraform{t: t, provider: h.provider, state: tfState{}}
	return h, server.Close
}

func (h *history) provider() map[string]any {
	arguments := map[string]any{
		"admin_api_url": h.tenant.server.AdminAPIURL(), "access_token": h.tenant.token,
		// The client starts at a rate that suits a tenant, and raises it slowly.
		"requests_per_second": 1e6, "max_retries": 0, "max_concurrent_requests": h.connections,
	}
	if len(h.protected) > 0 {
		var names []any
		for _, name := range h.protected {
			names = append(names, name.text)
		}
		arguments["protected_users"] = names
	}
	if h.limit >= 0 {
		arguments["max_changes"] = h.limit
	}
	return arguments
}

// do takes one step.
func (h *history) do(s step) {
	switch s.verb {
	case "map", "single":
		h.configure(s)
	case "remove":
		delete(h.blocks, s.argument(0))
	case "rename":
		if block, name := h.blocks[s.argument(0)], s.argument(1); block != nil && h.blocks[name] == nil && sameKind(s.argument(0), name) {
			h.blocks[name] = block
			delete(h.blocks, s.argument(0))
		}
	case "move":
		h.move(s.argument(0), s.argument(1), s.argument(2))
	case "protect":
		h.protected = nil
		for _, argument := range s.arguments {
			h.protect(argument)
		}
	case "limit":
		h.limit = -1
		if most, err := strconv.Atoi(s.argument(0)); err == nil {
			h.limit = most
		}
	case "connections":
		if n, err := strconv.Atoi(s.argument(0)); err == nil && n > 0 {
			h.connections = n
		}
	case "taint":
		if instance := h.tf.state[s.argument(0)]; instance != nil && instance.current != nil {
			tainted := *instance.current
			tainted.tainted = true
			instance.current = &tainted
			h.tf.serial++
		}
	case "fault":
		h.faults = append(h.faults, s)
	case "die", "interrupt":
		h.end = s
	case "succeeds":
		if h.failed {
			h.breaks(succeeds, "it failed")
		}
	case "plan":
		h.plan(h.options(s))
	case "apply":
		if plan := h.plan(h.options(s)); !plan.failed {
			h.apply(plan, h.options(s), h.configured(), h.touched)
		}
	case "save":
		h.savedOptions, h.savedBlocks, h.savedTouched = h.options(s), h.configured(), h.touched
		h.saved = h.plan(h.savedOptions)
	case "resume":
		if h.saved != nil && !h.saved.failed {
			h.apply(h.saved, h.savedOptions, h.savedBlocks, h.savedTouched)
		}
		h.saved = nil
	case "destroy":
		o := h.options(s)
		touched := h.touched
		plan := h.tf.destroyPlan(h.tfBlocks(), o, h.begin(nil), func(p *tfPlan) { h.judgePlan(p, o) })
		h.failed = plan.failed
		if !plan.failed {
			h.apply(plan, o, map[string]*historyBlock{}, touched)
		}
	default:
		h.touch(s)
	}
}

// touch changes the tenant from outside, or how it behaves.
func (h *history) touch(s step) {
	who := email(s.argument(0))
	var err error
	switch s.verb {
	case "enable":
		err = h.tenant.SetStatus(who, simulator.Enabled)
	case "disable":
		err = h.tenant.SetStatus(who, simulator.Disabled)
	case "mark":
		err = h.tenant.MarkDeleted(who, "somebody else")
	case "undelete":
		err = h.tenant.Undelete(who)
	case "delete":
		err = h.tenant.Delete(who)
	case "reassign":
		_, err = h.tenant.Reassign(who)
	case "syncdisable":
		err = h.tenant.DisableBySync(who)
	case "restore":
		err = h.tenant.RestoreInDirectory(who)
	case "hide":
		var hidden []string
		for _, name := range s.arguments {
			hidden = append(hidden, email(name))
		}
		h.tenant.HideFromSearch(hidden...)
	case "freeze":
		h.tenant.FreezeSearch()
	case "thaw":
		h.tenant.ThawSearch()
	case "tenant":
		for _, argument := range s.arguments {
			name, answer, _ := strings.Cut(argument, "=")
			must(h.t, h.tenant.SetTemperament(name, strings.ReplaceAll(answer, "_", " ")))
		}
	case "later":
		h.tenant.Advance(time.Minute)
	default:
		h.t.Fatalf("no such step: %s", s.verb)
	}
	if err == nil {
		h.touched++
	}
}

// frozen reports whether search shows the tenant of an earlier time.
func (h *history) frozen() bool {
	return h.tenant.Temperament("frozen-search") == "on" || h.tenant.Temperament("search-lag") != "0s"
}

// blind reports whether look-ups do: then nothing is certain.
func (h *history) blind() bool {
	return h.tenant.Temperament("frozen-lookup") == "on" || h.tenant.Temperament("lookup-lag") != "0s"
}

func (h *history) options(s step) tfOptions {
	o := tfOptions{noRefresh: s.flag("norefresh"), readsFirst: s.flag("readsfirst"), parallel: s.flag("parallel"), newer: s.flag("newer") || h.newer}
	if names := s.value("replace"); names != "" {
		o.replace = strings.Split(names, ",")
	}
	o.order, _ = strconv.ParseUint(s.value("order"), 10, 64)
	return o
}

func (h *history) configured() map[string]*historyBlock { return maps.Clone(h.blocks) }

func (h *history) tfBlocks() map[string]*tfBlock { return tfBlocksOf(h.blocks) }

func tfBlocksOf(blocks map[string]*historyBlock) map[string]*tfBlock {
	converted := map[string]*tfBlock{}
	for name, block := range blocks {
		converted[name] = &tfBlock{block.kind(), block.attributes, block.createBeforeDestroy, block.knownInPlan(), nil}
	}
	depend(blocks, converted)
	return converted
}

// depend copies depends_on where it names a block and makes no circle.
func depend(blocks map[string]*historyBlock, converted map[string]*tfBlock) {
	for _, name := range slices.Sorted(maps.Keys(blocks)) {
		for _, dep := range blocks[name].after {
			if converted[dep] == nil || dep == name || slices.Contains(converted[dep].dependsOn, name) {
				continue
			}
			for _, other := range slices.Sorted(maps.Keys(converted)) {
				if other == name || slices.Contains(converted[other].dependsOn, name) {
					all := slices.Concat(converted[other].dependsOn, []string{dep}, converted[dep].dependsOn)
					converted[other].dependsOn = slices.Compact(slices.Sorted(slices.Values(all)))
				}
			}
		}
	}
	inheritCreateBeforeDestroy(converted)
}

// inheritCreateBeforeDestroy passes create_before_destroy on to what a block depends on.
func inheritCreateBeforeDestroy(blocks map[string]*tfBlock) {
	for _, block := range blocks {
		for _, dep := range block.dependsOn {
			blocks[dep].createBeforeDestroy = blocks[dep].createBeforeDestroy || block.createBeforeDestroy
		}
	}
}

// begin makes the tenant forget earlier requests, and prepares what goes wrong.
func (h *history) begin(disturb func(*tfProcess)) func(*tfProcess) {
	return func(p *tfProcess) {
		h.tenant.ResetCounts()
		if disturb != nil {
			disturb(p)
		}
	}
}

func (h *history) plan(o tfOptions) *tfPlan {
	plan := h.tf.plan(h.tfBlocks(), o, h.begin(nil))
	h.judgePlan(plan, o)
	h.failed = plan.failed
	return plan
}

func (h *history) apply(plan *tfPlan, o tfOptions, blocks map[string]*historyBlock, touched int) {
	before := h.tf.state.clone()
	users := h.tenant.Users()
	disturbed := len(h.faults) > 0 || h.end.verb != ""
	var undo []func()
	p := h.tf.apply(plan, o, h.begin(func(p *tfProcess) { undo = h.disturb(p) }))
	for _, remove := range undo {
		remove()
	}
	h.faults, h.end = nil, step{}
	if p == nil {
		h.failed = true
		return // The plan is stale.
	}
	h.failed = p.failed
	h.judgeApply(applied{
		plan: plan, process: p, options: o, blocks: blocks, before: before, users: users,
		still: touched == h.touched && !o.noRefresh && !h.blind(), undisturbed: !disturbed,
	})
}

// disturb injects the faults that are due.
func (h *history) disturb(p *tfProcess) (undo []func()) {
	if h.end.verb != "" {
		count := new(atomic.Int64)
		due, _ := strconv.Atoi(h.end.argument(0))
		ends := func(*http.Request, []byte) bool { return count.Add(1) == int64(due) }
		// No one waits for the answer anymore.
		fault := simulator.Fault{Match: ends, After: h.end.flag("done"), Respond: func(w http.ResponseWriter, r *http.Request) {
			p.stopped.Store(true)
			p.dead.Store(true)
			p.die()
			simulator.CutConnection(w, r)
		}}
		if h.end.verb == "interrupt" {
			fault.Match = func(r *http.Request, body []byte) bool {
				if ends(r, body) {
					p.stopped.Store(true)
					_, _ = p.server.StopProvider(p.ctx, &tfprotov6.StopProviderRequest{}) // returns nothing
				}
				return false
			}
		}
		undo = append(undo, h.tenant.Inject(fault))
	}
	for _, s := range h.faults {
		user, ok := h.tenant.User(email(s.argument(0)))
		if !ok {
			continue
		}
		fault := simulator.Fault{
			Kind: simulator.KindStatus, Times: 1,
			Match: func(r *http.Request, _ []byte) bool { return strings.Contains(r.URL.Path, user.ID) },
		}
		switch s.argument(1) {
		case "conflict":
			fault.Respond = simulator.AnswerAPIError(http.StatusConflict, "The status cannot be set.")
		case "cut":
			fault.Respond = simulator.CutConnection
		case "lost":
			fault.Respond, fault.After = simulator.CutConnection, true
		}
		undo = append(undo, h.tenant.Inject(fault))
	}
	return undo
}
