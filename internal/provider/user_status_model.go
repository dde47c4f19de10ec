// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

type userStatusModel struct {
	ID             types.String   `tfsdk:"id"`
	Email          types.String   `tfsdk:"email"`
	Username       types.String   `tfsdk:"username"`
	Status         types.String   `tfsdk:"status"`
	MarkDeleted    types.Bool     `tfsdk:"mark_deleted"`
	SearchUnsynced types.Bool     `tfsdk:"search_unsynced"`
	OnDestroy      types.String   `tfsdk:"on_destroy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

type userStatusIdentity struct {
	Email    types.String `tfsdk:"email"`
	Username types.String `tfsdk:"username"`
}

func (m *userStatusModel) identity() userStatusIdentity {
	return userStatusIdentity{Email: m.Email, Username: m.Username}
}

// address returns the address of the user. It is not ok while unknown.
func (m *userStatusModel) address() (who cloudadmin.Address, ok bool) {
	return addressOf(m.Email, m.Username)
}

func (m *userStatusModel) status() cloudadmin.Status {
	return cloudadmin.Status(m.Status.ValueString())
}

func (m *userStatusModel) options() snapshot.Options {
	return snapshot.Options{Unsynced: m.SearchUnsynced.ValueBool()}
}

// adoption returns the decision about a user who is not in the state.
func (m *userStatusModel) adoption(who cloudadmin.Address, pin types.String) *access.Decision {
	return &access.Decision{Who: who, To: m.status(), MustExist: true, Pin: pin.ValueString()}
}

// stateOf returns the decision from the state alone.
func (m *userStatusModel) stateOf(who cloudadmin.Address, known knownUsers) *access.Decision {
	d := &access.Decision{Who: who, InState: true, Was: m.status(), Known: known[who.Key()], MustExist: true}
	d.Known.ID, d.Known.Pending = m.ID.ValueString(), m.MarkDeleted.ValueBool()
	return d
}

// decision returns the decision about a user who is in the state.
func (m *userStatusModel) decision(who cloudadmin.Address, state *userStatusModel, known knownUsers, pin types.String) *access.Decision {
	was, _ := state.address()
	d := state.stateOf(was, known)
	d.Who, d.To, d.Pin = who, m.status(), pin.ValueString()
	return d
}

// leave returns the decision of a destroy.
func (m *userStatusModel) leave(known knownUsers) *access.Decision {
	who, _ := m.address()
	d := m.stateOf(who, known)
	d.Why, d.MustExist = access.Destroyed, false
	if m.OnDestroy.ValueString() == onDestroyDisable {
		d.To = cloudadmin.Disabled
	}
	return d
}

// holds sets the result of an apply or a refresh. It keeps any status: only configured
// values are validated.
func (m *userStatusModel) holds(status cloudadmin.Status, known access.Known) {
	m.ID = types.StringValue(known.ID)
	m.MarkDeleted = types.BoolValue(known.Pending)
	m.Status = textOrNull(status)
}

// placeOfUserStatus returns the attribute that a verdict is about.
func placeOfUserStatus(verdict access.Verdict, who cloudadmin.Address) path.Path {
	switch verdict {
	case access.Missing, access.Lost, access.Renamed, access.Followed, access.NotLookedUp, access.Reassigned, access.Contradicted, access.Satisfied:
		return attributePath(who)
	case access.NotPinned:
		return path.Root("id")
	case access.LetGo, access.Spared:
		return path.Empty()
	default:
		return path.Root("status")
	}
}
