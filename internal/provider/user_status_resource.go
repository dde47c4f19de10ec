// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ resource.ResourceWithConfigure   = (*userStatusResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userStatusResource)(nil)
	_ resource.ResourceWithIdentity    = (*userStatusResource)(nil)
	_ resource.ResourceWithImportState = (*userStatusResource)(nil)
)

const (
	onDestroyRetain  = "retain"
	onDestroyDisable = "disable"

	// defaultTimeout leaves room for a tenant that throttles.
	defaultTimeout = 5 * time.Minute
)

// userStatusResource keeps one user Enabled or Disabled. Its plan is in
// user_status_plan.go, import in user_status_import.go.
type userStatusResource struct {
	configuredResource
}

func newUserStatusResource() resource.Resource { return new(userStatusResource) }

func (*userStatusResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_status"
	// A user who gets another address keeps the resource.
	resp.ResourceBehavior.MutableIdentity = true
}

func (*userStatusResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps one user of an RSA ID Plus tenant `Enabled` or `Disabled`.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "Email address of the user. Case is ignored. A new address of the same user is an update; the address of another user forces replacement. Exactly one of `email` and `username` is required.",
				Optional:            true,
				PlanModifiers:       []planmodifier.String{keepsSpelling{}},
			},
			"username": schema.StringAttribute{
				MarkdownDescription: "Username of the user, for users who are not known by email address. Case is ignored. A new username of the same user is an update; the username of another user forces replacement.",
				Optional:            true,
				PlanModifiers:       []planmodifier.String{keepsSpelling{}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "Status of the user: `Enabled` or `Disabled`, exactly as written here. There is no default, so a missing line never enables a user.",
				Required:            true,
			},
			"search_unsynced": schema.BoolAttribute{
				MarkdownDescription: "Whether the first look-up, in the plan that creates this resource, lets the tenant synchronize a user that it does not have yet from the identity source. This is slower, and such a plan does more than read. Default `false`.",
				Optional:            true,
			},
			"on_destroy": schema.StringAttribute{
				MarkdownDescription: "What a destroy does to the user: `retain` (default) removes the user from the state and changes nothing, `disable` disables the user. A destroy uses the value from the last apply.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(onDestroyRetain, onDestroyDisable)},
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "The user's id in the tenant. A user who is deleted and synchronized again gets a new one. Set it to pin the person: it is an error if the address belongs to another user.",
				Optional:            true,
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
				ReadDescription:   timeoutDescription("a look-up in a refresh or a plan", defaultTimeout),
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
			"email":    identityschema.StringAttribute{OptionalForImport: true, Description: "Email address of the user. Set either email or username."},
			"username": identityschema.StringAttribute{OptionalForImport: true, Description: "Username of the user. Set either email or username."},
		},
	}
}

// Create adopts an existing user: it sends a PUT if the status differs. A failed create
// leaves no state, so the next plan proposes it again. A state together with an error
// would be tainted, and its replacement could disable the user.
func (r *userStatusResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userStatusModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.create")
	defer cancel()

	who, _ := plan.address()
	d := plan.adoption(who, plan.ID)
	if resp.Diagnostics.Append(r.apply(ctx, d, plan.options())...); d.Verdict.IsFailure() {
		return
	}
	r.data.createdOne.Store(true)
	status, known, _ := d.Outcome()
	plan.holds(status, known)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(knownUsers{who.Key(): known}.store(ctx, resp.Private)...)
	resp.Diagnostics.Append(keeps{}.store(ctx, resp.Private)...)
}

// Read compares the state with the tenant. A user who is gone, and one whose address now
// belongs to another person, leave the state. Neither is ever changed silently.
func (r *userStatusResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userStatusModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := state.Timeouts.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()

	// Even if the user leaves the state: no read may end without an identity.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	who, _ := state.address()
	importing := state.ID.IsNull()
	d := state.stateOf(who, known)
	b := &access.Batch{Decisions: []*access.Decision{d}}
	if err := r.data.run.Refresh(ctx, b); err != nil {
		resp.Diagnostics.Append(r.data.words.cannotRead(err))
		return
	}
	if importing && d.User == nil {
		resp.Diagnostics.Append(r.data.words.cannotImport(b)...)
		return
	}
	resp.Diagnostics.Append(r.report(refreshing, b).diagnostics()...)
	status, nowKnown, kept := d.Refreshed()
	if !kept {
		resp.State.RemoveResource(ctx)
		return
	}
	state.holds(status, nowKnown)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	if nowKnown != known[who.Key()] {
		resp.Diagnostics.Append(knownUsers{who.Key(): nowKnown}.store(ctx, resp.Private)...)
	}
}

// Update sends one PUT if the status differs. Every other change concerns only Terraform.
func (r *userStatusResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userStatusModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.update")
	defer cancel()

	who, _ := plan.address()
	was, _ := state.address()
	d := plan.decision(who, &state, known, plan.ID)
	d.Moved = was.Key() != who.Key()
	if resp.Diagnostics.Append(r.apply(ctx, d, snapshot.Options{})...); d.Verdict.IsFailure() {
		return
	}
	status, nowKnown, _ := d.Outcome()
	planned := plan.MarkDeleted
	plan.holds(status, nowKnown)
	if !planned.IsUnknown() {
		plan.MarkDeleted = planned // The next refresh shows a later change.
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	resp.Diagnostics.Append(knownUsers{who.Key(): nowKnown}.store(ctx, resp.Private)...)
}

// Delete removes the user from the state, or disables the user if that was applied.
func (r *userStatusResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userStatusModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.delete")
	defer cancel()

	d := state.leave(known)
	kept := loadKeeps(ctx, req.Private)
	if r.data.isLeftOver(ctx, req.Private, &r.data.createdOne) {
		kept = keeps{keepsAll}
	}
	kept.spare([]*access.Decision{d})
	resp.Diagnostics.Append(r.apply(ctx, d, snapshot.Options{})...)
}

// apply carries out one decision.
func (r *userStatusResource) apply(ctx context.Context, d *access.Decision, o snapshot.Options) diag.Diagnostics {
	b := &access.Batch{Decisions: []*access.Decision{d}, Read: o}
	if err := r.data.run.Apply(ctx, b); err != nil {
		return diag.Diagnostics{r.data.words.cannotRead(err)}
	}
	done := r.report(applying, b)
	done.ended = context.Cause(ctx)
	return done.diagnostics()
}

func (r *userStatusResource) report(p phase, b *access.Batch) report {
	return report{words: r.data.words, phase: p, batch: b, single: true, place: placeOfUserStatus}
}
