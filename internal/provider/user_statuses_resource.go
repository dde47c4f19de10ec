// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
)

var (
	_ resource.ResourceWithConfigure   = (*userStatusesResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userStatusesResource)(nil)
	_ resource.ResourceWithImportState = (*userStatusesResource)(nil)
)

const (
	readWithSearch = "search"
	readWithLookup = "lookup"

	// defaultReviewTimeout is enough for ten thousand requests to a tenant that allows ten
	// per second.
	defaultReviewTimeout = 30 * time.Minute
)

// userStatusesResource keeps all users of a review Enabled or Disabled. Its plan is
// in user_statuses_plan.go; package access decides about each user.
type userStatusesResource struct {
	configuredResource
}

func newUserStatusesResource() resource.Resource { return new(userStatusesResource) }

func (*userStatusesResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_statuses"
}

func (*userStatusesResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	timeout := func(what string) string { return timeoutDescription(what, defaultReviewTimeout) }
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps many users of an RSA ID Plus tenant `Enabled` or `Disabled`, as one resource: a whole access review.",
		Attributes: map[string]schema.Attribute{
			"statuses": schema.MapAttribute{
				MarkdownDescription: "The status of each user, `Enabled` or `Disabled`, by email address. Case is ignored in an address, so two spellings of one address are an error. At least one user is required.",
				ElementType:         types.StringType,
				Required:            true,
				PlanModifiers:       []planmodifier.Map{keepsMapSpelling{}},
			},
			"ids": schema.MapAttribute{
				MarkdownDescription: "The ids of the users, by email address, for all rows or some. It is an error if an address belongs to another person, in the plan and again before anything is sent.",
				ElementType:         types.StringType,
				Optional:            true,
				PlanModifiers:       []planmodifier.Map{keepsMapSpelling{}},
			},
			"may_change": mayChangeAttribute(),
			"on_removal": schema.StringAttribute{
				MarkdownDescription: "What happens to a user who leaves the map, and to all users when the resource is destroyed: `retain` (default) removes the user from the state and changes nothing, `disable` disables the user. A destroy uses the value from the last apply; a replacement disables no user.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(onDestroyRetain, onDestroyDisable)},
			},
			"read_with": schema.StringAttribute{
				MarkdownDescription: "How users are read: `search` (default) reads pages of user search if that takes fewer requests, and looks up users who changed or are about to; `lookup` looks up each user.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(readWithSearch, readWithLookup)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeout("a create"),
				ReadDescription:   timeout("reading users in a refresh or a plan"),
				UpdateDescription: timeout("an update"),
				DeleteDescription: timeout("a destroy with `on_removal = \"disable\"`"),
			}),
		},
	}
}

// Create adopts the users: it changes those whose status differs. A failed create leaves no
// state, so the next plan proposes it again, and finds the changes that were made. A
// state together with an error would be tainted, and its replacement could disable
// users.
func (r *userStatusesResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userStatusesModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.create")
	defer cancel()

	b := decide(new(userStatusesModel), &plan, nil)
	resp.Diagnostics.Append(r.apply(ctx, b)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.data.createdMany.Store(true)
	known, diags := plan.holds(b, (*access.Decision).Outcome)
	resp.Diagnostics.Append(diags...)
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(known.store(ctx, resp.Private)...)
	resp.Diagnostics.Append(keeps{}.store(ctx, resp.Private)...)
}

// Read compares the state with the tenant. Enabled users who are gone, and addresses that
// now belong to another user, leave the map, so that the plan shows them. Neither is ever
// changed silently.
func (r *userStatusesResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userStatusesModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := state.Timeouts.Read(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()

	b := state.stateOf(known)
	if err := r.data.run.Refresh(ctx, b); err != nil {
		resp.Diagnostics.Append(r.data.words.cannotReadMany(err, b))
		return
	}
	resp.Diagnostics.Append(r.data.searchWarning()...)
	if isImport(b) && !b.FoundAll() {
		resp.Diagnostics.Append(r.data.words.cannotImport(b)...)
		return
	}
	resp.Diagnostics.Append(r.report(refreshing, b).diagnostics()...)
	was := state.Statuses
	nowKnown, diags := state.holds(b, (*access.Decision).Refreshed)
	resp.Diagnostics.Append(diags...)
	if !state.Statuses.Equal(was) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathStatuses, state.Statuses)...)
	}
	if !maps.Equal(nowKnown, known) {
		resp.Diagnostics.Append(nowKnown.store(ctx, resp.Private)...)
	}
}

// isImport reports whether a refresh follows an import, which sets only addresses.
func isImport(b *access.Batch) bool {
	for _, d := range b.Decisions {
		if d.Was != "" || d.Known.ID != "" {
			return false
		}
	}
	return true
}

// Update sends a PUT for each user whose status differs, and no other. The state keeps the
// old status of a failed change, so the next plan shows what is left.
func (r *userStatusesResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userStatusesModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.update")
	defer cancel()

	b := decide(&state, &plan, known)
	diags = r.apply(ctx, b)
	resp.Diagnostics.Append(diags...)
	nowKnown, more := plan.holds(b, (*access.Decision).Outcome)
	resp.Diagnostics.Append(more...)
	resp.State.Raw = req.Plan.Raw
	if diags.HasError() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathStatuses, plan.Statuses)...)
	}
	resp.Diagnostics.Append(nowKnown.store(ctx, resp.Private)...)
}

// Delete removes the users from the state, or disables them if that was applied.
func (r *userStatusesResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userStatusesModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.delete")
	defer cancel()

	b := state.leave(known)
	kept := loadKeeps(ctx, req.Private)
	if r.data.isLeftOver(ctx, req.Private, &r.data.createdMany) {
		kept = keeps{keepsAll}
	}
	kept.spare(b.Decisions)
	diags = r.apply(ctx, b)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		nowKnown, more := state.holds(b, (*access.Decision).Outcome)
		resp.Diagnostics.Append(more...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathStatuses, state.Statuses)...)
		resp.Diagnostics.Append(nowKnown.store(ctx, resp.Private)...)
	}
}

func (r *userStatusesResource) apply(ctx context.Context, b *access.Batch) diag.Diagnostics {
	if err := r.data.run.Apply(ctx, b); err != nil {
		return diag.Diagnostics{r.data.words.cannotReadMany(err, b)}
	}
	done := r.report(applying, b)
	done.ended = context.Cause(ctx)
	return done.diagnostics()
}

func (r *userStatusesResource) report(p phase, b *access.Batch) report {
	return report{words: r.data.words, phase: p, batch: b, place: placeInMap}
}
