// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

var (
	_ resource.ResourceWithConfigure        = (*userStatusResource)(nil)
	_ resource.ResourceWithConfigValidators = (*userStatusResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*userStatusResource)(nil)
	_ resource.ResourceWithIdentity         = (*userStatusResource)(nil)
	_ resource.ResourceWithImportState      = (*userStatusResource)(nil)
)

const (
	onDestroyRetain  = "retain"
	onDestroyDisable = "disable"

	// defaultTimeout leaves room for a tenant that throttles.
	defaultTimeout = 5 * time.Minute
)

// userStatusResource keeps one user Enabled or Disabled. What a plan checks
// stands in user_status_plan.go, import in user_status_import.go.
type userStatusResource struct {
	configuredResource
}

func newUserStatusResource() resource.Resource { return new(userStatusResource) }

func (*userStatusResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_status"
}

func (*userStatusResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps one user of an RSA ID Plus tenant `Enabled` or `Disabled`.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "Email address of the user. Case does not count. Another address is another user and forces replacement. Exactly one of `email` and `username` is required.",
				Optional:            true,
				Validators:          []validator.String{validEmail},
				PlanModifiers:       []planmodifier.String{sameUserKeepsSpelling{}},
			},
			"username": schema.StringAttribute{
				MarkdownDescription: "Username of the user, for users who are not known by email address. Case does not count. Another username is another user and forces replacement.",
				Optional:            true,
				Validators:          []validator.String{validUsername},
				PlanModifiers:       []planmodifier.String{sameUserKeepsSpelling{}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "What the user may do: `Enabled` or `Disabled`, spelt exactly so. There is no default: nobody is enabled because a line was left out.",
				Required:            true,
				Validators:          []validator.String{validStatus{}},
			},
			"search_unsynced": schema.BoolAttribute{
				MarkdownDescription: "Whether the first look-up, in the plan that creates this resource, lets the tenant synchronize a user whom it has not seen yet from the identity source. Slower, and such a plan is not a pure read. Default `false`.",
				Optional:            true,
			},
			"on_destroy": schema.StringAttribute{
				MarkdownDescription: "What a destroy does to the user: `retain` (default) forgets the user and changes nothing, `disable` disables the user. A destroy goes by the value that was applied last.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(onDestroyRetain, onDestroyDisable)},
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "The user's id in the tenant. A user who is deleted and synchronized again has another one.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"mark_deleted": schema.BoolAttribute{
				MarkdownDescription: "Whether the user is pending deletion: marked, and deleted seven days later.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeoutDescription("the PUT of a create", defaultTimeout),
				ReadDescription:   timeoutDescription("a look-up, in a refresh or a plan", defaultTimeout),
				UpdateDescription: timeoutDescription("the PUT of an update", defaultTimeout),
				DeleteDescription: timeoutDescription("the PUT of a destroy with `on_destroy = \"disable\"`", defaultTimeout),
			}),
		},
	}
}

func timeoutDescription(what string, otherwise time.Duration) string {
	return fmt.Sprintf("How long %s may take, all retries included, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `30s` or `10m`. Default `%s`.", what, strings.TrimSuffix(otherwise.String(), "0s"))
}

func (*userStatusResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"email":    identityschema.StringAttribute{OptionalForImport: true, Description: "Email address of the user; this or username."},
			"username": identityschema.StringAttribute{OptionalForImport: true, Description: "Username of the user; this or email."},
		},
	}
}

func (*userStatusResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("email"), path.MatchRoot("username")),
	}
}

// Create adopts a user who exists: one PUT. What fails leaves no state, so that
// the next plan proposes it again; a state beside an error would be tainted,
// and its replacement could disable the user.
func (r *userStatusResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userStatusModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	who, _ := plan.address()
	if plan.ID.IsUnknown() || plan.MarkDeleted.IsUnknown() {
		// The plan did not find the user, or did not know the address yet.
		user, err := r.data.users.Lookup(ctx, who, plan.lookupOptions())
		switch {
		case cloudadmin.IsNotFound(err):
			resp.Diagnostics.Append(unknownUser(who))
		case err != nil:
			resp.Diagnostics.Append(r.data.diagnostics.failed("Cannot look up "+who.String(), err))
		default:
			plan.found(user)
			resp.Diagnostics.Append(r.refusals(&plan, who, user)...)
		}
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(r.setStatus(ctx, &plan, who)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Read looks the user up. A user who is gone, and another person behind the same
// address, leave the state; neither is ever changed silently.
func (r *userStatusResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userStatusModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	// Also where the user leaves the state: no read may end without an identity.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	who, _ := state.address()
	importing := state.ID.IsNull()
	user, err := r.data.find(ctx, who, func(found *cloudadmin.User) bool {
		return found.ID != state.ID.ValueString() || found.Status != state.status()
	})
	resp.Diagnostics.Append(r.data.searchWarning()...)
	switch {
	case cloudadmin.IsNotFound(err) && importing:
		resp.Diagnostics.Append(r.data.remedies.unknownUserToImport(who))
	case cloudadmin.IsNotFound(err) && r.data.tenant.userMissing():
		resp.Diagnostics.Append(wrongTenant(who))
	case cloudadmin.IsNotFound(err):
		r.data.seen.drop(who, lookup{err: err})
		resp.Diagnostics.Append(r.data.remedies.userGone(who))
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(r.data.diagnostics.failed("Cannot look up "+who.String(), err))
	case !importing && user.ID != state.ID.ValueString():
		r.data.tenant.userFound()
		r.data.seen.drop(who, lookup{user: user})
		resp.Diagnostics.Append(addressReassigned(who, state.ID.ValueString(), user.ID))
		resp.State.RemoveResource(ctx)
	default:
		r.data.tenant.userFound()
		if user.MarkDeleted || !who.IsEmail() {
			r.data.seen.remember(user)
		}
		state.refreshed(user)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update sends one PUT where the status differs; every other change is
// Terraform's own business.
func (r *userStatusResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userStatusModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if plan.status() != state.status() {
		who, _ := plan.address()
		resp.Diagnostics.Append(r.setStatus(ctx, &plan, who)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete forgets the user, or disables the user where that was applied.
func (r *userStatusResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userStatusModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !state.disablesOnDestroy() || state.status() == cloudadmin.Disabled {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	who, _ := state.address()
	resp.Diagnostics.Append(r.refuseProtectedDestroy(ctx, &state, who)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.data.reader.SetStatus(ctx, state.ID.ValueString(), cloudadmin.Disabled)
	if err != nil && !cloudadmin.IsNotFound(err) {
		resp.Diagnostics.Append(r.data.diagnostics.failed("Cannot disable "+who.String(), err))
	}
}

// setStatus sends the PUT and tells the refusals apart.
func (r *userStatusResource) setStatus(ctx context.Context, plan *userStatusModel, who cloudadmin.Address) diag.Diagnostics {
	id := plan.ID.ValueString()
	err := r.data.reader.SetStatus(ctx, id, plan.status())
	switch {
	case err == nil:
		return nil
	case cloudadmin.IsNotFound(err):
		return diag.Diagnostics{diag.NewErrorDiagnostic("User is gone: "+who.String(), fmt.Sprintf(
			"The user with the id %s was deleted after the plan was made. Plan again: it shows how things are now.", id))}
	case cloudadmin.IsConflict(err):
		return diag.Diagnostics{r.conflict(ctx, who, id, err)}
	}
	return diag.Diagnostics{r.data.diagnostics.failed(fmt.Sprintf("Cannot set %s to %s", who, plan.status()), err)}
}

// conflict finds out why an enable was refused. The API's text does not say so
// dependably, but the user's details do.
func (r *userStatusResource) conflict(ctx context.Context, who cloudadmin.Address, id string, conflict error) diag.Diagnostic {
	user, err := r.data.users.Lookup(ctx, who, cloudadmin.LookupOptions{})
	switch {
	case err != nil:
		return diag.NewAttributeErrorDiagnostic(path.Root("status"), "User cannot be enabled", fmt.Sprintf(
			"The API said: %s.\n\nThe user is pending deletion, or was disabled by a synchronization; which of the two could not be found out (%s). "+
				"Plan again: it shows a pending deletion.", conflict, err))
	case user.ID != id:
		return addressReassignedError(who, id, user.ID)
	case user.MarkDeleted:
		return r.data.remedies.pendingDeletionError(who, user)
	}
	return r.data.remedies.disabledBySyncError(who)
}
