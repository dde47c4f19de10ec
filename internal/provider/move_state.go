// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ resource.ResourceWithMoveState = (*userStatusResource)(nil)
	_ resource.ResourceWithMoveState = (*userStatusesResource)(nil)
)

// MoveState says how users move from one user's resources to a map and back, since
// a moved block cannot say that several objects become one.
func (*userStatusResource) MoveState(context.Context) []resource.StateMover {
	return saysHowToMove("idplus_user_statuses", "idplus_user_status")
}

// MoveState says how users move from one user's resources to a map and back.
func (*userStatusesResource) MoveState(context.Context) []resource.StateMover {
	return saysHowToMove("idplus_user_status", "idplus_user_statuses")
}

func saysHowToMove(from, to string) []resource.StateMover {
	return []resource.StateMover{{StateMover: func(_ context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if req.SourceTypeName != from {
			return // Terraform's own words do.
		}
		resp.Diagnostics.AddError(fmt.Sprintf("A moved block cannot turn %s into %s", from, to), fmt.Sprintf(
			"One manages one user, the other many. Let Terraform forget the old resource, which changes no user, and add the new one, which adopts the users as they are:\n\n"+
				"  removed {\n    from = %s.NAME\n    lifecycle {\n      destroy = false\n    }\n  }\n\n"+
				"and delete the moved block. The guide \"One resource or many\" shows both ways.", from))
	}}}
}
