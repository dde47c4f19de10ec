// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
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

// address is the user whom the model speaks of; not ok while it is unknown.
func (m *userStatusModel) address() (who cloudadmin.Address, ok bool) {
	return addressOf(m.Email, m.Username)
}

func addressOf(email, username types.String) (who cloudadmin.Address, ok bool) {
	switch {
	case email.IsUnknown() || username.IsUnknown():
		return who, false
	case !email.IsNull():
		return cloudadmin.Email(email.ValueString()), true
	case !username.IsNull():
		return cloudadmin.Username(username.ValueString()), true
	}
	return who, false
}

func (m *userStatusModel) status() cloudadmin.Status {
	return cloudadmin.Status(m.Status.ValueString())
}

func (m *userStatusModel) lookupOptions() cloudadmin.LookupOptions {
	return cloudadmin.LookupOptions{SearchUnsynched: m.SearchUnsynced.ValueBool()}
}

func (m *userStatusModel) disablesOnDestroy() bool {
	return m.OnDestroy.ValueString() == onDestroyDisable
}

// found takes over which user a look-up found.
func (m *userStatusModel) found(user *cloudadmin.User) {
	m.ID = types.StringValue(user.ID)
	m.MarkDeleted = types.BoolValue(user.MarkDeleted)
}

// refreshed takes over all that the state holds of a user. Any status is kept:
// only what is written is validated.
func (m *userStatusModel) refreshed(user *cloudadmin.User) {
	m.found(user)
	m.Status = textOrNull(string(user.Status))
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
