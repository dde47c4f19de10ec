// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

var _ list.ListResourceWithConfigure = (*userStatusList)(nil)

// userStatusList finds users to bring under Terraform, for terraform query.
type userStatusList struct {
	configuredResource
}

func newUserStatusList() list.ListResource { return new(userStatusList) }

func (*userStatusList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_status"
}

func (*userStatusList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds users of the tenant, as resources that can be imported. A list that takes longer than 30 minutes ends with an error.",
		Attributes: map[string]schema.Attribute{
			"email_contains": schema.StringAttribute{
				MarkdownDescription: emailContainsDescription + " Default `@`.",
				Optional:            true,
				Validators:          []validator.String{validPart{}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: statusFilterDescription,
				Optional:            true,
				Validators:          []validator.String{validStatus{}},
			},
			"identity_source": schema.StringAttribute{
				MarkdownDescription: identitySourceDescription,
				Optional:            true,
			},
			"mark_deleted": schema.BoolAttribute{
				MarkdownDescription: markDeletedDescription,
				Optional:            true,
			},
		},
	}
}

// List pushes users while pages of the search arrive. A failure is a result too: an empty
// list would mean that there are no users.
func (l *userStatusList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var filter userFilter
	if diags := req.Config.Get(ctx, &filter); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	listing := filter.listing()
	listing.Limit = int(min(max(req.Limit, 0), math.MaxInt32))
	total, examined := 0, 0
	listing.Total = func(users int) error {
		total = users
		return nil
	}
	listing.Match = func(user *cloudadmin.User) bool {
		examined++
		return filter.matches(user)
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, defaultReviewTimeout)
		defer cancel()
		given, listed := 0, map[string]bool{}
		for user, err := range l.data.memory.List(ctx, listing) {
			var result list.ListResult
			who, addressed := addressToImport(user)
			switch {
			case err != nil:
				result.Diagnostics.Append(l.data.listingFailed("Cannot list users", err))
			case !addressed:
				result.Diagnostics.Append(userWithoutAddress(user))
			case listed[who.Key()]:
				// Two results with one identity could not both be imported.
				result.Diagnostics.Append(addressShared(who))
			default:
				listed[who.Key()] = true
				result = l.result(ctx, req, user, who)
			}
			if given++; given == listing.Limit && examined < total {
				result.Diagnostics.Append(limitReached(given, total, filter.narrows()))
			}
			if !push(result) {
				return
			}
		}
	}
}

// result returns a user as Terraform imports one.
func (l *userStatusList) result(ctx context.Context, req list.ListRequest, user *cloudadmin.User, who cloudadmin.Address) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(user)
	result.Diagnostics.Append(result.Identity.SetAttribute(ctx, attributePath(who), who.String())...)
	if req.IncludeResource {
		var model userStatusModel
		model.holds(user.Effective(), access.Known{ID: user.ID, Pending: user.MarkDeleted.IsTrue()})
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, attributePath(who), who.String())...)
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), model.ID)...)
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("status"), model.Status)...)
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("mark_deleted"), model.MarkDeleted)...)
	}
	return result
}

// addressToImport returns the address to import a user by. It is not ok if search shows
// none.
func addressToImport(user *cloudadmin.User) (who cloudadmin.Address, ok bool) {
	switch {
	case user == nil:
		return who, false
	case user.EmailAddress != "":
		return cloudadmin.Email(string(user.EmailAddress)), true
	}
	return cloudadmin.Username(string(user.PrincipalUsername)), user.PrincipalUsername != ""
}

// displayName returns the name of a user, with the most important properties.
func displayName(user *cloudadmin.User) string {
	name := strings.TrimSpace(string(user.FirstName + " " + user.LastName))
	var notes []string
	if user.UserStatus != "" {
		notes = append(notes, string(user.UserStatus))
	}
	if user.MarkDeleted.IsTrue() {
		notes = append(notes, "pending deletion")
	}
	if user.IdentitySource != "" {
		notes = append(notes, string(user.IdentitySource))
	}
	name = cmp.Or(name, string(user.PrincipalUsername), string(user.EmailAddress))
	if len(notes) == 0 {
		return name
	}
	return name + " (" + strings.Join(notes, ", ") + ")"
}

func addressShared(who cloudadmin.Address) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Address belongs to several users: "+who.String(), fmt.Sprintf(
		"The search finds several users with the %s %s. Only the first is listed, since an import by that address finds one user.\n\n"+
			"Correct the address of one of them in its identity source.", kindOf(who), who))
}

func userWithoutAddress(user *cloudadmin.User) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User has no address: "+user.ID, fmt.Sprintf(
		"The search finds the user with the id %s without an email address and without a username. The user is not listed, since an import needs one of them.", user.ID))
}

func limitReached(given, total int, narrowed bool) diag.Diagnostic {
	var summary string
	switch {
	case !narrowed:
		summary = fmt.Sprintf("Only %d of %d users are listed", given, total)
	case given == 1:
		summary = "Only the first user is listed, and there may be more"
	default:
		summary = fmt.Sprintf("Only the first %d users are listed, and there may be more", given)
	}
	return diag.NewWarningDiagnostic(summary, "The limit of the list block, 100 by default, leaves the others out. Raise limit, or narrow the search.")
}
