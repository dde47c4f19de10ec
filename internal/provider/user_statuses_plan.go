// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

var pathStatuses = path.Root("statuses")

// ModifyPlan reports what an apply would do beyond the lines of the plan, and refuses, all
// at once, what it must not do.
func (r *userStatusesResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return
	}
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	var plan, state userStatusesModel
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		resp.Diagnostics.Append(plan.problems()...)
		resp.Diagnostics.Append(plan.keepMayChange(ctx, &state, req.State, &resp.Plan)...)
	}
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	kept := keeps{}
	switch {
	case destroys:
		b := state.leave(known)
		resp.Diagnostics.Append(r.plan(ctx, &state, b)...)
		kept = keepsOf(b.Decisions, func(d *access.Decision) bool { return d.Verdict == access.Spared })
		resp.Diagnostics.Append(r.data.planDestroy(ctx, resp.Private)...)
	case plan.isUndecided():
		resp.Diagnostics.Append(notKnownYet(pathStatuses))
	default:
		if creates {
			known = nil // A replacement's prior private state is about other decisions.
		}
		b := decide(&state, &plan, known)
		b.Idle = resp.Plan.Raw.Equal(req.State.Raw)
		resp.Diagnostics.Append(r.plan(ctx, &plan, b)...)
		if b.Late {
			resp.Diagnostics.Append(notKnownYet(pathStatuses))
		}
		resp.Diagnostics.Append(respelled(&state, &plan)...)
	}
	if creates {
		kept = keeps{keepsAll}
	}
	resp.Diagnostics.Append(kept.store(ctx, resp.Private)...)
}

func (r *userStatusesResource) plan(ctx context.Context, m *userStatusesModel, b *access.Batch) diag.Diagnostics {
	timeout, diags := m.Timeouts.Read(ctx, defaultReviewTimeout)
	if diags.HasError() || len(b.Decisions) == 0 {
		return diags
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()
	if err := r.data.run.Plan(ctx, b); err != nil {
		return diag.Diagnostics{r.data.words.cannotReadMany(err, b)}
	}
	diags.Append(r.data.searchWarning()...)
	return append(diags, r.report(planning, b).diagnostics()...)
}

// keepsMapSpelling plans the map of the state where the two differ in the case of
// addresses alone.
type keepsMapSpelling struct{}

func (keepsMapSpelling) Description(context.Context) string {
	return "A change of case in an address is no change."
}

func (m keepsMapSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepsMapSpelling) PlanModifyMap(_ context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	before, after := req.StateValue.Elements(), req.PlanValue.Elements()
	if len(before) != len(after) {
		return
	}
	byKey := make(map[string]attr.Value, len(before))
	for address, status := range before {
		byKey[cloudadmin.Email(address).Key()] = status
	}
	for address, planned := range after {
		if status, known := byKey[cloudadmin.Email(address).Key()]; !known || !planned.Equal(status) {
			return
		}
	}
	resp.PlanValue = req.StateValue
}

// respelled names the rows that change only in case. If other rows change, Terraform prints
// each of them as removed and added.
func respelled(state, plan *userStatusesModel) diag.Diagnostics {
	before, _ := state.rows()
	after, _ := plan.rows()
	var found findings
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if was, inState := before[key]; inState && was.who.String() != after[key].who.String() {
			found.addLine(after[key].who, "%s, was %s", after[key].who, was.who)
		}
	}
	return wordedAt(pathStatuses, wording{found, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("Address differs only in case", "addresses differ only in case"),
			f.lines()+"\n\nThe plan shows "+f.pick("it", "them")+" as removed and added. Case is ignored, so no user leaves the map.")
	}})
}

// listedOffenders limits the output if a whole file is wrong.
const listedOffenders = 200

// problems returns all that is wrong with the configured map, so that a CSV file can be
// corrected in one go. The plan checks it, since with count = 0 it need not be valid.
func (m *userStatusesModel) problems() diag.Diagnostics {
	var diags diag.Diagnostics
	if m.Statuses.IsUnknown() {
		return nil
	}
	elements := m.Statuses.Elements()
	if len(elements) == 0 {
		diags.AddAttributeError(pathStatuses, "statuses has no user",
			"statuses is empty. A CSV file that was cut off or lost its rows would look like this, and so would an access review that holds all users back (see its verdicts), so an empty map is refused. "+
				"To stop managing all users, remove the resource, or set its count to 0.")
		return diags
	}
	var addresses, twice, statuses, unpinned findings
	spellings := make(map[string]string, len(elements))
	for _, address := range slices.Sorted(maps.Keys(elements)) {
		who := cloudadmin.Email(address)
		if problem := emailProblem(address); problem != "" {
			addresses.addLine(who, "%q %s", address, problem)
		}
		if other, taken := spellings[who.Key()]; taken {
			twice.addLine(who, "%q and %q", other, address)
		}
		spellings[who.Key()] = address
		switch status, ok := elements[address].(types.String); {
		case !ok || status.IsUnknown():
		case status.IsNull():
			statuses.addLine(who, "%q has no status (null)", address)
		default:
			if ok, hint := isStatus(status.ValueString()); !ok {
				statuses.addLine(who, "%q: %q is not a status.%s", address, status.ValueString(), hint)
			}
		}
	}
	pinned := map[string]string{}
	ids := m.IDs.Elements()
	for _, address := range slices.Sorted(maps.Keys(ids)) {
		id, _ := ids[address].(types.String)
		who := cloudadmin.Email(address)
		if other, taken := pinned[who.Key()]; taken {
			unpinned.addLine(who, "%q and %q are the same address", other, address)
		}
		pinned[who.Key()] = address
		if _, known := spellings[who.Key()]; !known {
			unpinned.addLine(who, "%q is not among statuses", address)
		} else if !ids[address].IsUnknown() && id.ValueString() == "" {
			unpinned.addLine(who, "%q has no id", address)
		}
	}
	offenders := func(f findings, at path.Path, one, many, explanation string) {
		if len(f) > 0 {
			diags.AddAttributeError(at.AtMapKey(f[0].who.String()), f.summary(one, many), f.linesUpTo(listedOffenders)+"\n\n"+explanation)
		}
	}
	offenders(addresses, pathStatuses, "Not a valid email address", "addresses are not valid email addresses",
		`Each key is the email address of one user, such as "ada@example.com". If it comes from a CSV file, correct the row; trimspace() removes white space around it.`)
	offenders(twice, pathStatuses, "Address is in the map twice", "addresses are in the map twice",
		fmt.Sprintf("Case is ignored in an address, so %s.", plural(len(twice), "these are one user. Remove one of them", "each pair is one user. Remove one of each pair")))
	offenders(statuses, pathStatuses, "Not a status", "statuses are not valid", acceptedStatuses)
	offenders(unpinned, path.Root("ids"), "Not an id of a row", "ids do not belong to a row",
		"The keys of ids are addresses in statuses, and its values the ids of those users.")
	return diags
}
