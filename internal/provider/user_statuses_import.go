// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// ImportState sets the addresses; the refresh that follows reads the statuses. An import is
// optional, since a create adopts users. But after one, the first plan shows who changes
// instead of the whole map.
func (r *userStatusesResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	addresses := strings.FieldsFunc(req.ID, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
	statuses, seen := map[string]attr.Value{}, map[string]bool{}
	var bad findings
	for _, address := range addresses {
		who := cloudadmin.Email(address)
		switch problem := emailProblem(address); {
		case problem != "":
			bad.addLine(who, "%q %s", address, problem)
		case seen[who.Key()]:
			bad.addLine(who, "%q is in the id twice", address)
		}
		seen[who.Key()] = true
		statuses[address] = types.StringNull()
	}
	if len(addresses) == 0 || len(bad) > 0 {
		text := "The id is empty."
		if len(bad) > 0 {
			text = bad.lines()
		}
		resp.Diagnostics.AddError("Not a valid import id", text+
			"\n\nThe id of idplus_user_statuses is the list of its users' email addresses, separated by commas, such as join(\",\", keys(local.review)). You do not have to import: a create adopts existing users.")
		return
	}
	value, diags := types.MapValue(types.StringType, statuses)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathStatuses, value)...)
}

// cannotImport names the users that an import does not find. The details show how to leave
// them out, so that they do not block the others.
func (w words) cannotImport(b *access.Batch) (diags diag.Diagnostics) {
	var gone, uncertain findings
	for _, d := range b.Decisions {
		switch {
		case d.User != nil:
		case d.Found.Another != nil:
			gone.addLine(d.Who, "%s", renamedLine(d))
		case d.Found.Refused != nil:
			uncertain.addLine(d.Who, "%s: %v", d.Who, d.Found.Refused)
		case d.Found.Shown != nil:
			uncertain.addLine(d.Who, "%s%s, but a look-up finds no user", d.Who, shownLine(d))
		default:
			gone.add(d.Who)
		}
	}
	if len(gone) > 0 {
		diags.AddError(gone.summary("User to import does not exist", "users to import do not exist"),
			gone.listed()+"No user has "+gone.pick("this name", "these names")+" in this tenant. Correct the spelling, and check that admin_api_url is the tenant you mean. "+
				"A user who is in the identity source but was never synchronized has to be synchronized first"+w.firstSynchronization()+".\n\n"+importOthers)
	}
	if len(uncertain) > 0 {
		diags.AddError(uncertain.summary("User to import is not certain", "users to import are not certain"),
			uncertain.lines()+"\n\nIt is not known whether "+uncertain.pick("this user exists", "these users exist")+", so nothing is imported. Correct the spelling, or import again later.\n\n"+importOthers)
	}
	return diags
}

const importOthers = "To import the other users, leave out those who are not found. The data source idplus_users with emails = keys(local.review) lists them in its attribute missing:\n" +
	"  for_each = { for email, status in local.review : email => status if !contains(data.idplus_users.review.missing, email) }\n" +
	"for an import block of idplus_user_status, and for the id of idplus_user_statuses\n" +
	"  join(\",\", setsubtract(keys(local.review), data.idplus_users.review.missing))"
