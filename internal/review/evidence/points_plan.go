// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judgePlan checks whether the plan may be applied at all.
func (r *record) judgePlan() {
	if r.plan.Complete != nil && !*r.plan.Complete && !r.PlanFailed {
		r.note("plan_incomplete", "The plan is not complete", "It was made with -target, or some of it waits for another apply.")
	}
	var failed, others []string
	for _, c := range r.plan.Checks {
		if c.Status != "fail" && c.Status != "error" {
			continue
		}
		line := c.Address.Display
		for _, instance := range c.Instances {
			for _, problem := range instance.Problems {
				line += ": " + problem.Message
			}
		}
		failed = append(failed, line)
	}
	r.noteFor(failed, "check_failed", "Checks of the configuration failed", "Terraform applies the plan anyway.")
	for i := range r.plan.ResourceChanges {
		if c := &r.plan.ResourceChanges[i]; c.Mode == "managed" && !c.isOurs() && c.changes() {
			others = append(others, c.Address+": "+c.action())
		}
	}
	for _, action := range r.plan.Actions {
		others = append(others, action.Address+": invoked")
	}
	r.noteFor(others, "other_resources", "The plan changes more than users' statuses", "")
	r.judgeRefresh()
	r.judgeDrift()
}

// judgeRefresh checks in the log whether the plan has read what it manages.
func (r *record) judgeRefresh() {
	if r.planLog == nil || r.PlanFailed {
		return
	}
	var stale []string
	for _, resource := range r.resources {
		if len(resource.Change.Before) > 0 && string(resource.Change.Before) != "null" && !r.planLog.refreshed[resource.Address] {
			stale = append(stale, resource.Address)
		}
	}
	r.stopFor(stale, "not_refreshed", "The plan did not refresh its resources", "It uses the old state, as with -refresh=false: plan again without it.")
}

// judgeSource checks whether the plan was made from the files of this folder.
func (r *record) judgeSource() {
	who := r.people(func(p *Person) bool { return r.difference(p) != "" }, r.difference)
	r.stopFor(who, "other_files", "The plan was made from other files", "Roster or worksheets are not those that Terraform read: plan again from this folder.")
}

// difference returns how the plan differs from the files about a person.
func (r *record) difference(p *Person) string {
	v := r.verdicts[p.ID]
	switch {
	case v == nil:
		return "in the roster, but not in the plan"
	case p.Joined != (v.Outcome == review.Joined):
		return "not in the roster, but in the plan as if they were"
	case p.Joined:
		return ""
	case !cloudadmin.SameName(v.Email, p.Email):
		return "another address in the plan, " + v.Email
	case v.Decision != p.Decision:
		return "the plan has " + orNone(v.Decision) + ", the worksheet " + decided(p)
	case string(v.RosterStatus) != p.RosterStatus:
		return "the plan has the roster's status " + string(v.RosterStatus) + ", the roster " + p.RosterStatus
	case r.ends[p.ID] != p.Expires:
		return "the plan has " + orNever(r.ends[p.ID]) + " as the end of access, the worksheet " + orNever(p.Expires) + " (" + p.Row + ")"
	}
	return ""
}

func orNone(d review.Decision) string {
	if d == review.Undecided {
		return "no decision"
	}
	return string(d)
}

func orNever(expires string) string { return cmp.Or(expires, "none") }

// isScopeOfPlan reports whether roster and plan are about the same users.
func (r *record) isScopeOfPlan() bool {
	contains := r.tenant.EmailContains
	if contains == "" {
		contains = "@"
	}
	return strings.EqualFold(contains, r.manifest.Scope.EmailContains) &&
		slices.Equal(slices.Sorted(slices.Values(r.tenant.IdentitySources)), slices.Sorted(slices.Values(r.manifest.Scope.IdentitySources)))
}
