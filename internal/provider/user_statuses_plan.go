// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var pathStatuses = path.Root("statuses")

// ModifyPlan refuses, all at once, whatever an apply could not or must not do,
// and says what the plan's own lines do not: who of many new users really changes.
func (r *userStatusesResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return
	}
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if creates || isReplacing(ctx, req.Private) {
		resp.Diagnostics.Append(markReplacing(ctx, resp.Private, creates)...)
	}
	var plan, state userStatusesModel
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	before := state.statuses()
	switch {
	case destroys && !state.disablesOnRemoval():
	case destroys:
		resp.Diagnostics.Append(r.check(ctx, &state, decide(before, nil, known, true), false)...)
	case plan.Statuses.IsUnknown() || plan.OnRemoval.IsUnknown() || plan.ReadWith.IsUnknown():
		// Planned again, with everything known, when it is applied.
	default:
		after, undecided := plan.partlyKnown()
		forget(before, undecided)
		if creates {
			// A replacement's prior private state is about other decisions.
			known = nil
		}
		resp.Diagnostics.Append(r.check(ctx, &plan, decide(before, after, known, plan.disablesOnRemoval()), creates)...)
	}
}

// forget leaves users out of whom the plan does not know yet what becomes of them.
func forget(before statusMap, undecided []string) {
	if len(undecided) == 0 {
		return
	}
	written := before.byKey()
	for _, address := range undecided {
		delete(before, written[snapshot.Key(address)].address)
	}
}

// check is the plan of these decisions.
func (r *userStatusesResource) check(ctx context.Context, m *userStatusesModel, decisions []*decision, creates bool) diag.Diagnostics {
	timeout, diags := m.Timeouts.Read(ctx, defaultReviewTimeout)
	if diags.HasError() {
		return diags
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.resolveForPlan(ctx, decisions, m.readsBySearch(), creates); err != nil {
		return r.cannotRead(err)
	}
	if creates {
		diags.Append(r.data.searchWarning()...)
	}
	refusals := r.refusals(decisions)
	diags.Append(refusals...)
	if !refusals.HasError() {
		diags.Append(whoChanges(decisions, creates)...)
	}
	diags.Append(r.announcements(decisions)...)
	return diags
}

// refusals are the errors of a plan, one for each kind.
func (r *userStatusesResource) refusals(decisions []*decision) diag.Diagnostics {
	var pending, protected, contradicted, reassigned findings
	for _, d := range decisions {
		switch {
		case d.reassignedTo != "":
			reassigned.addReassigned(d.address, d.id, d.reassignedTo)
		case d.pending && d.to == cloudadmin.Enabled:
			pending.addLine(d.address, "%s", pendingDeletion(d.address, d.user))
		case d.to == cloudadmin.Disabled && r.isProtected(d) && (!d.leaves || d.isChange()):
			protected.add(d.address)
		}
		if earlier, contradicts := r.data.plan.want(d.wish()); contradicts {
			contradicted.addLine(d.address, "%s: %s here, %s by another resource, which calls the user %s", d.address, d.to, earlier.status, earlier.who)
		}
		if d.isChange() && d.reassignedTo == "" {
			r.data.plan.change(d.wish(), d.from)
		}
	}
	diags := worded(pathStatuses,
		wording{pending, r.data.remedies.usersPendingDeletion}, wording{protected, protectedUsersDisabled},
		wording{contradicted, contradictingResources}, wording{reassigned, searchLagsBehindReassignment})
	for _, tooMany := range r.data.refuseTooManyChanges() {
		diags.Append(diag.WithPath(pathStatuses, tooMany))
	}
	return diags
}

// whoChanges says what the plan's lines do not: who of the users that are new to
// the resource changes, and who changes by leaving.
func whoChanges(decisions []*decision, creates bool) diag.Diagnostics {
	var changing, leaving findings
	newUsers := 0
	for _, d := range decisions {
		switch {
		case d.gone:
		case d.leaves && d.isChange():
			leaving.add(d.address)
		case !d.inState:
			if newUsers++; d.isChange() {
				changing.addLine(d.address, "%s", statusChange(d.address, d.from, d.to))
			}
		}
	}
	diags := worded(pathStatuses, wording{leaving, usersDisabledByLeaving})
	if newUsers > 0 {
		diags.Append(diag.WithPath(pathStatuses, whoReallyChanges(changing, newUsers, creates)))
	}
	return diags
}

// announcements are the warnings of a plan, one for each kind.
func (r *userStatusesResource) announcements(decisions []*decision) diag.Diagnostics {
	var missing, satisfied, pending, lagging findings
	for _, d := range decisions {
		switch {
		case d.gone && d.to == cloudadmin.Enabled:
			if !r.data.seen.isReportedGone(d.address) {
				missing.add(d.address)
			}
		case d.gone && !d.inState:
			satisfied.add(d.address)
		case d.gone:
		case d.pending && d.to == cloudadmin.Disabled:
			pending.addLine(d.address, "%s", pendingDeletion(d.address, d.user))
		case d.inState && d.was != d.to && d.from == d.to:
			lagging.addLine(d.address, "%s is %s already", d.address, d.to)
		}
	}
	return worded(pathStatuses,
		wording{missing, r.data.remedies.usersMissing}, wording{satisfied, usersGoneWhileDisabled}, wording{pending, r.data.remedies.usersPendingDeletionAnyway}, wording{lagging, searchLags})
}

// cannotRead words why users could not be read.
func (r *userStatusesResource) cannotRead(err error) diag.Diagnostics {
	var failed *snapshot.LookupError
	switch {
	case errors.Is(err, snapshot.ErrNobody):
		return diag.Diagnostics{nobodyExists()}
	case errors.As(err, &failed):
		return diag.Diagnostics{r.data.diagnostics.failed("Cannot look up "+failed.Email, failed.Cause)}
	}
	return diag.Diagnostics{r.data.diagnostics.failed("Cannot search for users", err)}
}
