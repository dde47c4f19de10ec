// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// setState sets the state to the model. It sets rows and verdicts, which have an object for
// each user, separately: the framework makes several values of each of their properties,
// which took most of the time for thousands of users.
func (m *accessReviewModel) setState(ctx context.Context, config tfsdk.Config, verdicts []review.Verdict, state *tfsdk.State) diag.Diagnostics {
	small := *m
	small.Rows, small.Verdicts = types.MapNull(m.Rows.ElementType(ctx)), types.MapNull(verdictType())
	diags := state.Set(ctx, &small)
	if diags.HasError() {
		return diags
	}
	var values, configured map[string]tftypes.Value
	if err := errors.Join(state.Raw.As(&values), config.Raw.As(&configured)); err != nil {
		diags.AddError("Cannot create the state of an access review", err.Error()+". This is a bug in the provider: please report it.")
		return diags
	}
	values["rows"], values["verdicts"] = configured["rows"], verdictValues(ctx, verdicts)
	state.Raw = tftypes.NewValue(state.Raw.Type(), values)
	return diags
}

// verdictType is the type of a verdict in the state.
func verdictType() types.ObjectType {
	kinds := map[string]attr.Type{}
	for _, p := range verdictProperties {
		kinds[p.name] = types.StringType
	}
	return types.ObjectType{AttrTypes: kinds}
}

// verdictValues returns the verdicts by address. The second user with an address has the
// id in the key.
func verdictValues(ctx context.Context, verdicts []review.Verdict) tftypes.Value {
	kind := verdictType().TerraformType(ctx)
	all := make(map[string]tftypes.Value, len(verdicts))
	for i := range verdicts {
		v := &verdicts[i]
		values := make(map[string]tftypes.Value, len(verdictProperties))
		for _, p := range verdictProperties {
			if value := p.of(v); value == "" {
				values[p.name] = tftypes.NewValue(tftypes.String, nil)
			} else {
				values[p.name] = tftypes.NewValue(tftypes.String, value)
			}
		}
		key := cloudadmin.Fold(v.Email)
		if _, taken := all[key]; taken || key == "" {
			key = strings.TrimSpace(key + " (" + v.ID + ")")
		}
		all[key] = tftypes.NewValue(kind, values)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: kind}, all)
}
