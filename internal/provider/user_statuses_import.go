// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// ImportState takes the addresses; the refresh that follows reads the statuses.
// Nobody has to import, since a create adopts. But then the first plan shows who
// changes instead of the whole map.
func (r *userStatusesResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	addresses := strings.FieldsFunc(req.ID, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
	statuses, seen := statusMap{}, map[string]bool{}
	var bad findings
	for _, address := range addresses {
		switch problem := emailProblem(address); {
		case problem != "":
			bad.addLine(address, "%q %s", address, problem)
		case seen[snapshot.Key(address)]:
			bad.addLine(address, "%q stands in it twice", address)
		}
		seen[snapshot.Key(address)] = true
		statuses[address] = ""
	}
	if len(addresses) == 0 || len(bad) > 0 {
		text := "It is empty."
		if len(bad) > 0 {
			text = bad.lines()
		}
		resp.Diagnostics.AddError("Not an import id", text+
			"\n\nThe id of idplus_user_statuses is the email addresses of its users, separated by commas, such as join(\",\", keys(local.review)). Importing is not needed: a create adopts users who exist.")
		return
	}
	var model userStatusesModel
	resp.Diagnostics.Append(model.setStatuses(statuses)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathStatuses, model.Statuses)...)
}
