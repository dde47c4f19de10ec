// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Terraform passes nothing but configuration values from the plan of a create to its apply.
// So may_change passes on which users change: all others keep the status that they have
// by then.

var pathMayChange = path.Root("may_change")

func mayChangeAttribute() schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Email addresses of the users that this resource may change, to `Enabled` or to `Disabled`. An empty set allows none; without the argument, all may change. Any other user whose status differs from `statuses`, or who would be disabled on leaving, keeps the status: the plan warns, and the apply fails for that user only. Case is ignored, and so are addresses without a row. Set it to `changing` of `idplus_access_review`: an apply then changes exactly the users that its plan showed. If only this argument changes, from one set to another, the plan shows no change. A destroy does not use it.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validEmail)},
	}
}

// mayChange returns a predicate for the users that the resource may change; all users if
// may_change is not set.
func (m *userStatusesModel) mayChange() func(cloudadmin.Address) bool {
	if m.MayChange.IsNull() {
		return func(cloudadmin.Address) bool { return true }
	}
	only := map[string]bool{}
	for _, element := range m.MayChange.Elements() {
		if address, ok := element.(types.String); ok {
			only[cloudadmin.Email(address.ValueString()).Key()] = true
		}
	}
	return func(who cloudadmin.Address) bool { return only[who.Key()] }
}

func hasUnknown(set types.Set) bool {
	return set.IsUnknown() || slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown)
}

// keepMayChange plans the may_change of the state if nothing else changes: after an apply no
// user is left to change, and that alone is no change. If anything else changes, it uses
// the configuration's. It decides the same in the plan and in the apply, which plans
// again, except for a row whose status is known only in the apply and then equals the
// state.
func (m *userStatusesModel) keepMayChange(ctx context.Context, state *userStatusesModel, prior tfsdk.State, planned *tfsdk.Plan) diag.Diagnostics {
	if m.MayChange.IsNull() || state.MayChange.IsNull() || hasUnknown(m.MayChange) {
		return nil // Between a set and null, Terraform accepts only the configured value.
	}
	kept := *planned
	diags := kept.SetAttribute(ctx, pathMayChange, state.MayChange)
	if diags.HasError() || !kept.Raw.Equal(prior.Raw) {
		return diags
	}
	planned.Raw, m.MayChange = kept.Raw, state.MayChange
	return diags
}
