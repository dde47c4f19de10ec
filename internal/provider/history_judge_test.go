// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func (h *history) breaks(promise, format string, args ...any) {
	h.found = append(h.found, violation{promise: promise, text: fmt.Sprintf(format, args...)})
}

func (h *history) judgePlan(plan *tfPlan, o tfOptions) {
	requests, all := h.tenant.Requests(), users(h.tenant.Users())
	for _, r := range requests {
		if r.Method == http.MethodPut || r.Kind == simulator.KindSync {
			h.breaks(planChangesNoUser, "%s %s %s", r.Method, r.Path, r.Body)
		}
	}
	for _, bug := range plan.process.bugs {
		h.breaks(noBug, "in the plan: %s", bug)
	}
	if o.noRefresh || h.blind() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(plan.prior)) {
		object := plan.prior[name].current
		if object == nil || !plan.process.refreshed[name] {
			continue
		}
		if search := strings.HasPrefix(name, "m") && readsBySearch(object); search && h.frozen() {
			continue // Nothing contradicts search.
		}
		for _, c := range claimsOf(object) {
			u, found := all.owner(c.address, c.byUsername)
			switch {
			case !found && c.id == "" && c.status == simulator.Disabled: // A missing user counts as Disabled.
			case !found && h.frozen() && c.status == simulator.Disabled: // Search shows the user: a contradiction, which is reported.
			case !found && (h.frozen() || h.tenant.Temperament("unknown-user") == "400") && names(texts(plan.process.said[name]), c.address): // It is reported.
			case !found:
				h.breaks(stateIsTrue, "%s says that %s is %s, who does not exist", name, c.address, c.status)
			case c.id != "" && c.id != u.ID:
				h.breaks(stateIsTrue, "%s says that %s is %s, but that is another user", name, c.address, c.id)
			case h.believed[name][c.key()] != "" && h.believed[name][c.key()] != u.ID:
				h.breaks(stateIsTrue, "%s kept the row of %s, which belongs to another person than before", name, c.address)
			case u.MarkDeleted && c.status == simulator.Disabled:
			case c.status != u.Status:
				h.breaks(stateIsTrue, "%s says that %s is %s, but the user is %s", name, c.address, c.status, u.Status)
			}
		}
	}
}

func readsBySearch(object *tfObject) bool {
	with, ok := attributesOf(object.value)["read_with"]
	var text string
	if ok && !with.IsNull() {
		_ = with.As(&text) // it is a string
	}
	return ok && text != "lookup"
}

// applied is an apply, with the situation at its start.
type applied struct {
	plan    *tfPlan
	process *tfProcess
	options tfOptions
	blocks  map[string]*historyBlock
	before  tfState
	users   users
	// still reports whether the plan knew the tenant as it was when the apply began,
	// undisturbed whether no request was answered by a fault.
	still, undisturbed bool

	puts []put
	// asked is, by id, which addresses and usernames led to a user in this process.
	asked map[string][]historyRow
	// wishes are, by id, what resources of the configuration want.
	wishes map[string][]wishOf
}

type wishOf struct {
	name   string
	row    historyRow
	block  *historyBlock
	change *tfChange // nil where Terraform does not ask the provider
}

func (a *applied) succeeded() bool {
	return !a.process.failed && !a.process.dead.Load() && !a.process.stopped.Load()
}

// wanted returns the one wish of the configuration for a user; ok is false if there is
// none or if two contradict.
func (a *applied) wanted(id string) (status string, ok bool) {
	for _, w := range a.wishes[id] {
		if status != "" && w.row.status != status {
			return "", false
		}
		status = w.row.status
	}
	return status, status != ""
}

// stale reports whether a destroy uses a status that the user no longer has: Terraform
// 1.11 plans the destroy of what left the configuration before it refreshes that.
func (a *applied) stale(id string) bool {
	return slices.ContainsFunc(a.plan.changes, func(c *tfChange) bool {
		return c.block == nil && slices.ContainsFunc(claimsOf(c.before), func(b claim) bool {
			u, found := a.users.owner(b.address, b.byUsername)
			return found && u.ID == id && (u.Status != b.status || u.MarkDeleted)
		})
	})
}

// undecided reports whether the apply, in another process, learns of something that
// concerns a wish which is not planned again: the provider cannot know of it.
func (a *applied) undecided(id string) bool {
	asked := slices.ContainsFunc(a.wishes[id], func(w wishOf) bool { return w.change != nil })
	return !asked && slices.ContainsFunc(a.plan.changes, func(c *tfChange) bool {
		return c.block != nil && c.action != tfNoOp && !a.blocks[c.address].knownInPlan()
	})
}

// isUndecidedAbout reports whether a user in an object is undecided.
func (a *applied) isUndecidedAbout(claims []claim) bool {
	return slices.ContainsFunc(claims, func(c claim) bool {
		u, found := a.users.owner(c.address, c.byUsername)
		return found && a.undecided(u.ID)
	})
}

func (h *history) judgeApply(a applied) {
	requests := h.tenant.Requests()
	a.puts, a.asked, a.wishes = putsOf(requests), map[string][]historyRow{}, map[string][]wishOf{}
	for _, r := range requests {
		var body struct{ Email, Username string }
		if r.Kind != simulator.KindLookup || r.Status != http.StatusOK || json.Unmarshal([]byte(r.Body), &body) != nil {
			continue
		}
		row := historyRow{address: body.Email + body.Username, byUsername: body.Username != ""}
		if u, ok := a.users.owner(row.address, row.byUsername); ok {
			a.asked[u.ID] = append(a.asked[u.ID], row)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.blocks)) {
		change := a.plan.change(name)
		if change != nil && change.action == tfNoOp {
			change = nil
		}
		for _, row := range a.blocks[name].rows {
			if u, ok := a.users.owner(row.address, row.byUsername); ok {
				a.wishes[u.ID] = append(a.wishes[u.ID], wishOf{name, row, a.blocks[name], change})
			}
		}
	}
	if h.sent != nil {
		h.sent(&a)
	}
	h.believe(a.plan.prior, a.users)
	h.judgePuts(&a)
	h.judgeLimit(&a)
	h.judgeProtocol(&a)
	for name := range h.believed {
		if h.tf.state[name] == nil {
			delete(h.believed, name)
		}
	}
	h.believe(h.tf.state, a.users)
	if a.succeeded() {
		h.judgeOutcome(&a)
		if a.still && a.undisturbed && !h.quiet {
			h.judgeNextPlan(&a)
		}
	}
}

// judgePuts judges each PUT by itself.
func (h *history) judgePuts(a *applied) {
	is, seen := map[string]string{}, map[string]bool{}
	for _, u := range a.users {
		is[u.ID] = u.Status
		if u.MarkDeleted {
			is[u.ID] = simulator.Disabled
		}
	}
	for _, p := range a.puts {
		u, _ := a.users.byID(p.id)
		if p.status == simulator.Disabled {
			for _, name := range h.protected {
				if slices.ContainsFunc([]string{u.Email, u.Username, u.AlternateUsername}, func(n string) bool { return strings.EqualFold(n, name.text) }) {
					h.breaks(protectedStayEnabled, "%s is protected as %s", u.Email, name.text)
				}
			}
			h.judgeDisable(a, p)
		}
		if !h.mayChange(a, p) {
			h.breaks(changesAllowed, "%s was set to %s, and no resource may do that", u.Email, p.status)
		}
		// Two resources that want the same at the same time may both ask for it. An update
		// uses the state, which may come from a search that lags. A leaver who looks
		// disabled only since the last refresh is disabled again.
		if a.still && !a.isDrifted(p) && !h.frozen() && !a.stale(p.id) && is[p.id] == p.status && (!a.options.parallel || !seen[p.id]) {
			h.breaks(noChangeNoPut, "%s is %s already", u.Email, p.status)
		}
		seen[p.id] = true
		if is[p.id] = p.status; p.answer != http.StatusOK {
			is[p.id] = "" // Unknown.
		}
		if gone := h.blind() && p.answer == http.StatusNotFound; !gone && !h.justified(a, p) {
			h.breaks(personNotAddress, "%s was set to %s; no look-up of this run and no state says that this user is meant", a.users.name(p.id), p.status)
		}
	}
}

// mayChange reports whether a resource may send a PUT: one that wants the status, one
// whose map the user leaves, or one that is destroyed, which does not check may_change.
func (h *history) mayChange(a *applied, p put) bool {
	if slices.ContainsFunc(a.wishes[p.id], func(w wishOf) bool { return w.row.status == p.status && w.block.mayChange(w.row.address) }) {
		return true
	}
	if _, found := a.users.byID(p.id); !found {
		return true // No user is changed.
	}
	return p.status == simulator.Disabled && slices.ContainsFunc(a.plan.changes, func(c *tfChange) bool {
		return slices.ContainsFunc(claimsOf(c.before), func(b claim) bool {
			u, found := a.users.owner(b.address, b.byUsername)
			isThis := found && u.ID == p.id || h.believed[c.address][b.key()] == p.id
			return isThis && (c.block == nil || c.action.replaces() || a.blocks[c.address].mayChange(b.address))
		})
	})
}

// isDrifted reports whether a refresh has found a user disabled whose status in a state
// was Enabled.
func (a *applied) isDrifted(p put) bool {
	drifted := regexp.MustCompile(`"id":"` + regexp.QuoteMeta(p.id) + `"[^}]*"drifted":"Enabled"`)
	return p.status == simulator.Disabled && slices.ContainsFunc(a.plan.changes, func(c *tfChange) bool {
		return c.before != nil && drifted.MatchString(privateText(c.before.private))
	})
}

// isLeftBy reports whether another resource that is destroyed or replaced had this
// person.
func (a *applied) isLeftBy(id, besides string) bool {
	return slices.ContainsFunc(a.plan.changes, func(c *tfChange) bool {
		return (c.block == nil || c.action.replaces()) && c.address != besides && slices.ContainsFunc(claimsOf(c.before), func(b claim) bool {
			u, found := a.users.owner(b.address, b.byUsername)
			return found && u.ID == id
		})
	})
}

// judgeDisable checks whether a resource wants the user Enabled.
func (h *history) judgeDisable(a *applied, p put) {
	status, ok := a.wanted(p.id)
	if !ok || status != simulator.Enabled {
		return
	}
	for _, w := range a.wishes[p.id] {
		if (w.row.addressUnknown || w.row.unknown || w.block.unknown) && a.isLeftBy(p.id, w.name) {
			continue // Disabled by another resource, which could not know; the plan says so.
		}
		if w.change != nil && w.change.action.replaces() && slices.ContainsFunc(claimsOf(w.change.before), func(c claim) bool {
			u, found := a.users.owner(c.address, c.byUsername)
			return found && u.ID == p.id
		}) {
			h.breaks(replacementKeeps, "%s was disabled, but %s keeps the user Enabled", a.users.name(p.id), w.name)
			return
		}
	}
	// A wish that is known only in the apply comes too late for an earlier leave; the
	// outcome is judged afterwards.
	known := slices.ContainsFunc(a.wishes[p.id], func(w wishOf) bool { return !w.block.unknown && !w.row.unknown && !w.row.addressUnknown })
	if known && !a.undecided(p.id) {
		h.breaks(wishOutranksLeave, "%s was disabled, but %s wants the user Enabled", a.users.name(p.id), a.wishes[p.id][0].name)
	}
}

// justified reports whether a decision of the apply is about this person: a look-up of
// this run found the person under an address with this status, or the state of a resource
// that decides it holds the person.
func (h *history) justified(a *applied, p put) bool {
	asked := func(row historyRow) bool {
		return slices.ContainsFunc(a.asked[p.id], func(r historyRow) bool { return r.key() == row.key() && r.byUsername == row.byUsername })
	}
	for _, c := range a.plan.changes {
		if c.action == tfNoOp {
			continue
		}
		held := c.before != nil && c.before.mentions(p.id)
		before := claimsOf(c.before)
		if c.block != nil {
			for _, row := range a.blocks[c.address].rows {
				if row.status != p.status || row.pin != "" && row.pin != p.id {
					continue
				}
				i := slices.IndexFunc(before, func(b claim) bool { return b.key() == row.key() && b.byUsername == row.byUsername })
				inState := i >= 0 && c.action == tfUpdate
				meant := h.believed[c.address][row.key()]
				switch {
				case inState && meant != "":
					if meant == p.id {
						return true
					}
				case asked(row), held:
					return true
				}
			}
		}
		if p.status != simulator.Disabled {
			continue
		}
		for _, row := range before {
			if held || asked(row.historyRow) && h.believed[c.address][row.key()] == "" {
				return true
			}
		}
	}
	return false
}

func (h *history) judgeLimit(a *applied) {
	if h.limit < 0 {
		return
	}
	changed := map[string]string{}
	for _, p := range a.puts {
		changed[p.id] = a.users.name(p.id) + " to " + p.status
	}
	if len(changed) > h.limit {
		h.breaks(limitHolds, "%d of %d: %s", len(changed), h.limit, strings.Join(slices.Sorted(maps.Values(changed)), ", "))
		return
	}
	if a.process.over() {
		return
	}
	for _, c := range a.plan.changes {
		var left []claim
		if instance := h.tf.state[c.address]; instance != nil {
			left = claimsOf(instance.current)
		}
		for _, row := range claimsOf(c.before) {
			u, found := a.users.owner(row.address, row.byUsername)
			stays := slices.ContainsFunc(left, func(l claim) bool { return l.key() == row.key() && l.byUsername == row.byUsername })
			if found && !u.MarkDeleted && c.before.mentions(u.ID) && !stays && len(a.wishes[u.ID]) == 0 && c.action != tfNoOp && !c.action.replaces() && c.deposed == nil {
				changed[u.ID] = u.Email + " let go"
			}
		}
	}
	if len(changed) > h.limit {
		h.breaks(lettingGoCounts, "%d of %d: %s", len(changed), h.limit, strings.Join(slices.Sorted(maps.Values(changed)), ", "))
	}
}

func (h *history) judgeProtocol(a *applied) {
	for _, bug := range a.process.bugs {
		address, what, _ := strings.Cut(bug, ": ")
		if block := a.blocks[address]; block != nil && !block.knownInPlan() && strings.Contains(what, "may_change was") {
			continue // Only the apply shows that nothing but the set changes. Nothing is sent.
		}
		// A change of the tenant after the plan is not the provider's.
		if !a.process.over() && (a.still || !strings.Contains(bug, "inconsistent final plan")) {
			h.breaks(noBug, "%s", bug)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h.tf.state)) {
		was := a.plan.prior[name]
		if is := h.tf.state[name].current; is != nil && is.tainted && (was == nil || was.current == nil || !was.current.tainted) {
			h.breaks(noTaint, "%s", name)
		}
	}
}
