// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// ImportState takes an address, from the import id or from an identity; the
// refresh that follows looks the user up.
func (r *userStatusResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var who cloudadmin.Address
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsNull() {
		var err error
		if who, err = parseImportID(req.ID); err != nil {
			resp.Diagnostics.AddError("Not a valid import id", fmt.Sprintf("%q %s. %s", req.ID, err, importForms))
			return
		}
	} else {
		var identity userStatusIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		if identity.Email.IsNull() == identity.Username.IsNull() {
			resp.Diagnostics.AddError("Not a valid import identity", "Set exactly one of email and username to identify the user.")
			return
		}
		who, _ = addressOf(identity.Email, identity.Username)
		if problem := addressProblem(who); problem != "" {
			resp.Diagnostics.AddError("Not a valid import identity", fmt.Sprintf("The %s %q %s. Use the email address or the username of one user.", kindOf(who), who, problem))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, attributePath(who), who.String())...)
	if resp.Identity != nil {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, attributePath(who), who.String())...)
	}
}

const importForms = "Import by email address (ada@example.com or email:ada@example.com) or by username (username:ada)."

func parseImportID(id string) (cloudadmin.Address, error) {
	form, address, marked := strings.Cut(id, ":")
	var who cloudadmin.Address
	switch {
	case strings.TrimSpace(id) == "":
		return who, errors.New("is empty")
	case marked && form == "email":
		who = cloudadmin.Email(address)
	case marked && form == "username":
		who = cloudadmin.Username(address)
	case strings.Contains(id, "@"):
		who = cloudadmin.Email(id)
	default:
		return who, errors.New("is neither an email address nor marked as a username")
	}
	if problem := addressProblem(who); problem != "" {
		return who, errors.New("names no user: the " + kindOf(who) + " " + problem)
	}
	return who, nil
}
