// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// ModifyPlan fails a plan for whatever an apply could not do or must not do, as
// far as configuration, refreshed state and, for a create, one look-up tell.
func (r *userStatusResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.planDestroy(ctx, req)...)
		return
	}
	var plan userStatusModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	who, known := plan.address()
	switch {
	case req.State.Raw.IsNull() && known && !plan.Status.IsUnknown() && !plan.SearchUnsynced.IsUnknown():
		resp.Diagnostics.Append(r.planCreate(ctx, &plan, who)...)
		// One attribute at a time: setting the whole plan loses sensitivity marks.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), plan.ID)...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("mark_deleted"), plan.MarkDeleted)...)
	case req.State.Raw.IsNull():
		// Planned again, with everything known, when it is applied.
	default:
		var state userStatusModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		was, _ := state.address()
		switch {
		case !known || was.Key() != who.Key():
			// Another user. Terraform plans the create of that one by itself, and
			// does not ask about the destroy of this one.
			resp.Diagnostics.Append(r.planDestroy(ctx, req)...)
		case !plan.Status.IsUnknown():
			resp.Diagnostics.Append(r.planUpdate(ctx, &state, &plan, who)...)
		}
	}
}

// planCreate looks the user up, so that the plan shows whom it is about.
func (r *userStatusResource) planCreate(ctx context.Context, plan *userStatusModel, who cloudadmin.Address) diag.Diagnostics {
	timeout, diags := plan.Timeouts.Read(ctx, defaultTimeout)
	if diags.HasError() {
		return diags
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	found, refreshed := r.data.seen.takeDropped(who)
	if !refreshed {
		found.user, found.err = r.data.users.Lookup(ctx, who, plan.lookupOptions())
	}
	switch {
	case cloudadmin.IsNotFound(found.err):
		diags.Append(unknownUserWarning(who))
		diags.Append(r.wish(plan, who, plan.status())...)
		return diags
	case found.err != nil:
		diags.Append(r.data.diagnostics.failed("Cannot look up "+who.String(), found.err))
		return diags
	}
	plan.found(found.user)
	diags.Append(r.refusals(plan, who, found.user)...)
	diags.Append(r.wish(plan, who, plan.status())...)
	diags.Append(r.countChange(plan, who, found.user.Status, plan.status())...)
	return diags
}

// planUpdate goes by the refreshed state alone, unless search was all that the
// refresh asked: then a look-up confirms who is about to change.
func (r *userStatusResource) planUpdate(ctx context.Context, state, plan *userStatusModel, who cloudadmin.Address) diag.Diagnostics {
	user := r.data.seen.user(state.ID.ValueString())
	var diags diag.Diagnostics
	switch {
	case plan.status() == state.status():
	case who.IsEmail() && r.data.reader.Unjudged(who.String()):
		if user, diags = r.confirm(ctx, state, who); user == nil {
			return diags
		}
		confirmed := *plan
		confirmed.found(user)
		plan = &confirmed
	case plan.status() == cloudadmin.Disabled:
		user, diags = r.namesOf(ctx, state, who)
	}
	diags.Append(r.refusals(plan, who, user)...)
	diags.Append(r.wish(plan, who, plan.status())...)
	diags.Append(r.countChange(plan, who, state.status(), plan.status())...)
	return diags
}

// confirm looks up whom search has shown as the state has the user. It answers nil
// where that was out of date.
func (r *userStatusResource) confirm(ctx context.Context, state *userStatusModel, who cloudadmin.Address) (*cloudadmin.User, diag.Diagnostics) {
	timeout, diags := state.Timeouts.Read(ctx, defaultTimeout)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	user, err := r.data.users.Lookup(ctx, who, cloudadmin.LookupOptions{})
	switch id := state.ID.ValueString(); {
	case cloudadmin.IsNotFound(err):
		diags.Append(unknownUserWarning(who))
		return nil, diags
	case err != nil:
		diags.Append(r.data.diagnostics.failed("Cannot look up "+who.String(), err))
		return nil, diags
	case user.ID != id:
		diags.Append(addressReassignedError(who, id, user.ID))
		return nil, diags
	}
	return user, diags
}

// planDestroy checks a destroy that disables; one that retains does nothing.
func (r *userStatusResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest) diag.Diagnostics {
	var state userStatusModel
	diags := req.State.Get(ctx, &state)
	if diags.HasError() || !state.disablesOnDestroy() {
		return diags
	}
	who, _ := state.address()
	if state.status() != cloudadmin.Disabled {
		diags.Append(r.refuseProtectedDestroy(ctx, &state, who)...)
	}
	diags.Append(r.wish(&state, who, cloudadmin.Disabled)...)
	diags.Append(r.countChange(&state, who, state.status(), cloudadmin.Disabled)...)
	return diags
}

// refuseProtectedDestroy is asked in the plan and, since a forced replacement
// destroys without a plan of its own, before the PUT.
func (r *userStatusResource) refuseProtectedDestroy(ctx context.Context, state *userStatusModel, who cloudadmin.Address) diag.Diagnostics {
	user, diags := r.namesOf(ctx, state, who)
	if r.data.protected.include(who, user) {
		diags.Append(protectedUserError(who.String(), `destroying this resource, with on_destroy = "disable" in its state,`))
	}
	return diags
}

// namesOf finds the other names of a user who is addressed by username and about
// to be disabled, since protected_users holds email addresses. The refresh has
// usually seen them already.
func (r *userStatusResource) namesOf(ctx context.Context, state *userStatusModel, who cloudadmin.Address) (*cloudadmin.User, diag.Diagnostics) {
	seen := r.data.seen.user(state.ID.ValueString())
	if seen != nil || who.IsEmail() || len(r.data.protected) == 0 || r.data.protected.coversAddress(who) {
		return seen, nil
	}
	timeout, diags := state.Timeouts.Read(ctx, defaultTimeout)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	user, err := r.data.users.Lookup(ctx, who, cloudadmin.LookupOptions{})
	if err != nil && !cloudadmin.IsNotFound(err) {
		diags.Append(r.data.diagnostics.failed("Cannot look up "+who.String(), err))
	}
	return user, diags
}

// refusals is what stands against the planned status of one user, whatever
// other resources want. The user's details are nil where only the state is known.
func (r *userStatusResource) refusals(plan *userStatusModel, who cloudadmin.Address, user *cloudadmin.User) diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case plan.MarkDeleted.ValueBool() && plan.status() == cloudadmin.Enabled:
		diags.Append(r.data.remedies.pendingDeletionError(who, user))
	case plan.MarkDeleted.ValueBool():
		diags.Append(r.data.remedies.pendingDeletionWarning(who, user))
	}
	if plan.status() == cloudadmin.Disabled && r.data.protected.include(who, user) {
		diags.Append(diag.WithPath(path.Root("status"), protectedUserError(who.String(), `status = "Disabled"`)))
	}
	return diags
}

// wish refuses what another resource contradicts: the two would change the user
// back and forth with every apply.
func (r *userStatusResource) wish(m *userStatusModel, who cloudadmin.Address, status cloudadmin.Status) diag.Diagnostics {
	earlier, contradicts := r.data.plan.want(wish{m.ID.ValueString(), who, status})
	if !contradicts {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic("Two resources want different statuses for "+who.String(), fmt.Sprintf(
		"This resource wants the user %s to be %s; another resource in the same plan, which calls the user %s, wants %s. "+
			"(A destroy with on_destroy = \"disable\" wants Disabled.) The last one to be applied would win, and every plan would show a change.\n\n"+
			"Keep one of the two. Where a resource was renamed, use a moved block, so that the user is not destroyed under the old name.",
		who, status, earlier.who, earlier.status))}
}

func (r *userStatusResource) countChange(m *userStatusModel, who cloudadmin.Address, from, to cloudadmin.Status) diag.Diagnostics {
	r.data.plan.change(wish{m.ID.ValueString(), who, to}, from)
	return r.data.refuseTooManyChanges()
}
