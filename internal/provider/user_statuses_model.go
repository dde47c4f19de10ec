// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

type userStatusesModel struct {
	Statuses  types.Map      `tfsdk:"statuses"`
	IDs       types.Map      `tfsdk:"ids"`
	MayChange types.Set      `tfsdk:"may_change"`
	OnRemoval types.String   `tfsdk:"on_removal"`
	ReadWith  types.String   `tfsdk:"read_with"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (m *userStatusesModel) options() snapshot.Options {
	return snapshot.Options{Search: m.ReadWith.ValueString() != readWithLookup}
}

// onLeaving returns the status to set for a user who leaves; empty for none.
func (m *userStatusesModel) onLeaving() cloudadmin.Status {
	if m.OnRemoval.ValueString() == onDestroyDisable {
		return cloudadmin.Disabled
	}
	return ""
}

// row is a row of the map, as written. A status that the API did not return is null in the
// state, and empty here.
type row struct {
	who    cloudadmin.Address
	status cloudadmin.Status
}

// rows returns the known rows, by Address.Key, and the keys of those whose status is not
// known yet.
func (m *userStatusesModel) rows() (known map[string]row, undecided map[string]bool) {
	elements := m.Statuses.Elements()
	known, undecided = make(map[string]row, len(elements)), map[string]bool{}
	for address, element := range elements {
		who := cloudadmin.Email(address)
		if status, ok := element.(types.String); ok && !status.IsUnknown() {
			known[who.Key()] = row{who, cloudadmin.Status(status.ValueString())}
		} else {
			undecided[who.Key()] = true
		}
	}
	return known, undecided
}

// pins returns the configured ids, by Address.Key.
func (m *userStatusesModel) pins() map[string]string {
	pins := map[string]string{}
	for address, element := range m.IDs.Elements() {
		if id, ok := element.(types.String); ok {
			pins[cloudadmin.Email(address).Key()] = id.ValueString()
		}
	}
	return pins
}

// isUndecided reports whether a plan cannot decide yet.
func (m *userStatusesModel) isUndecided() bool {
	return m.Statuses.IsUnknown() || m.OnRemoval.IsUnknown() || m.ReadWith.IsUnknown() ||
		m.IDs.IsUnknown() || slices.ContainsFunc(slices.Collect(maps.Values(m.IDs.Elements())), attr.Value.IsUnknown) ||
		hasUnknown(m.MayChange)
}

// stateOf returns the decisions from the state alone.
func (m *userStatusesModel) stateOf(known knownUsers) *access.Batch {
	b := &access.Batch{Read: m.options()}
	rows, _ := m.rows()
	for key, row := range rows {
		b.Decisions = append(b.Decisions, &access.Decision{Who: row.who, InState: true, Was: row.status, Known: known[key]})
	}
	b.Sort()
	return b
}

// decide compares state and configuration, regardless of case. It makes no decision about
// rows that are not known yet.
func decide(state, config *userStatusesModel, known knownUsers) *access.Batch {
	before, _ := state.rows()
	after, undecided := config.rows()
	b := &access.Batch{Read: config.options(), Late: len(undecided) > 0}
	pins := config.pins()
	mayChange := config.mayChange()
	for key, row := range after {
		d := &access.Decision{Who: row.who, To: row.status, Pin: pins[key], MayNotChange: !mayChange(row.who)}
		if was, inState := before[key]; inState {
			d.InState, d.Was, d.Known = true, was.status, known[key]
		}
		b.Decisions = append(b.Decisions, d)
	}
	for key, was := range before {
		if _, stays := after[key]; !stays && !undecided[key] {
			b.Decisions = append(b.Decisions, &access.Decision{
				Who: was.who, Why: access.Leaves, To: config.onLeaving(), MayNotChange: !mayChange(was.who),
				InState: true, Was: was.status, Known: known[key],
			})
		}
	}
	b.Sort()
	return b
}

// leave returns the decisions of a destroy. It ignores the may_change of the state, which
// was about an earlier apply.
func (m *userStatusesModel) leave(known knownUsers) *access.Batch {
	b := m.stateOf(known)
	for _, d := range b.Decisions {
		d.Why, d.To = access.Destroyed, m.onLeaving()
	}
	return b
}

// holds sets the results of an apply or a refresh.
func (m *userStatusesModel) holds(b *access.Batch, of func(*access.Decision) (cloudadmin.Status, access.Known, bool)) (knownUsers, diag.Diagnostics) {
	known := make(knownUsers, len(b.Decisions))
	elements := make(map[string]attr.Value, len(b.Decisions))
	for _, d := range b.Decisions {
		if status, user, kept := of(d); kept {
			elements[d.Who.String()] = textOrNull(string(status))
			known[d.Who.Key()] = user
		}
	}
	statuses, diags := types.MapValue(types.StringType, elements)
	m.Statuses = statuses
	return known, diags
}

// placeInMap returns the attribute that a verdict is about: the row. If the user has left
// the map, Terraform shows the map.
func placeInMap(verdict access.Verdict, who cloudadmin.Address) path.Path {
	if verdict == access.NotPinned {
		return path.Root("ids").AtMapKey(who.String())
	}
	return pathStatuses.AtMapKey(who.String())
}
