// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// judgeOutcome judges the tenant after an apply without errors.
func (h *history) judgeOutcome(a *applied) {
	now := users(h.tenant.Users())
	for _, id := range slices.Sorted(maps.Keys(a.wishes)) {
		status, ok := a.wanted(id)
		u, there := now.byID(id)
		if !ok || !there || a.undecided(id) {
			continue
		}
		w := a.wishes[id][0]
		lagging := h.frozen() && !w.block.single && w.block.readWith != "lookup"
		didIt := slices.ContainsFunc(a.puts, func(p put) bool { return p.id == id && p.status == simulator.Disabled })
		isNew := a.before[w.name] == nil || !slices.ContainsFunc(claimsOf(a.before[w.name].current), func(c claim) bool { return c.key() == w.row.key() })
		switch {
		case status == simulator.Enabled && u.Status != simulator.Enabled && (a.still && !lagging || didIt):
			h.breaks(wantedEnabled, "%s is %s, but %s wants Enabled", u.Email, u.Status, w.name)
		case status == simulator.Disabled && u.Status == simulator.Enabled && !u.MarkDeleted && a.still && (!lagging || isNew):
			h.breaks(wantedDisabled, "%s is Enabled, but %s wants Disabled", u.Email, w.name)
		}
	}
	if !a.still || h.frozen() {
		return
	}
	for _, c := range a.plan.changes {
		leave := ""
		switch {
		case c.action == tfDelete && c.deposed == nil:
			leave = leaveOf(c.before)
		case c.action == tfUpdate && !a.blocks[c.address].single:
			leave = a.blocks[c.address].leave
		}
		if leave != "disable" {
			continue
		}
		for _, row := range claimsOf(c.before) {
			u, found := now.owner(row.address, row.byUsername)
			if found && len(a.wishes[u.ID]) == 0 && !a.stale(u.ID) && c.before.mentions(u.ID) && u.Status == simulator.Enabled && !u.MarkDeleted {
				h.breaks(leaversDisabled, "%s left %s and is still Enabled", u.Email, c.address)
			}
		}
	}
}

// judgeNextPlan plans once more, with everything known.
func (h *history) judgeNextPlan(a *applied) {
	o := tfOptions{known: true}
	plan := h.tf.plan(tfBlocksOf(a.blocks), o, h.begin(nil))
	h.judgePlan(plan, o)
	for _, c := range plan.changes {
		if a.isUndecidedAbout(claimsOf(c.before)) {
			continue // Another resource's apply came between, which no plan could know.
		}
		if h.frozen() && c.action == tfUpdate && readsBySearch(c.before) {
			continue // A look-up has since corrected what the apply took from a search that lags.
		}
		if c.action != tfNoOp && !plan.failed && len(plan.process.said[c.address]) == 0 {
			h.breaks(planAfterApply, "%s: %s, without a diagnostic", c.address, c.action)
		}
	}
}
