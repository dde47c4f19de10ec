// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// plannedRow is one user of a resource after the plan.
type plannedRow struct {
	managedRow
	resource *plannedResource
	// before is the user in the state; isManaged reports whether there is one.
	before    managedRow
	isManaged bool
}

// judgeResources checks whether the resources of the plan carry out all verdicts, and
// nothing else.
func (r *record) judgeResources() {
	r.judgeProviders()
	r.mergeResources()
	ends := r.judgeLeaving()
	if len(r.rows) == 0 {
		if !ends {
			r.stop("no_resource", "The plan carries out no decision", "The configuration needs a resource "+statusesType+" with the statuses of "+r.tenant.address+". A plan with -refresh-only or -target may leave it out.")
		}
		return
	}
	r.judgeRows()
	r.judgeMayChange()
}

// judgeRows compares the verdicts with the users of the resources.
func (r *record) judgeRows() {
	var differs, otherIDs, stale, withoutIDs []string
	wanted := make(map[string]*verdict, len(r.verdicts))
	for _, v := range r.verdicts {
		if v.Wanted == "" {
			continue
		}
		wanted[cloudadmin.Fold(v.Address)] = v
		row, is := r.rows[cloudadmin.Fold(v.Address)]
		switch {
		case !is:
			differs = append(differs, v.Address+": "+string(v.Wanted)+" by the review, but in no resource")
			continue
		case row.status != v.Wanted:
			differs = append(differs, v.Address+": "+string(v.Wanted)+" by the review, "+string(row.status)+" in "+row.resource.Address)
		case row.id == "":
			withoutIDs = append(withoutIDs, v.Address)
		case row.id != v.ID:
			otherIDs = append(otherIDs, v.Address+": "+v.ID+" by the review, "+row.id+" in "+row.resource.Address)
		}
		if row.isManaged && v.Outcome != review.PendingDeletion && row.before.status != "" && row.before.status != v.Status {
			stale = append(stale, v.Address+": "+string(row.before.status)+" in the state, "+string(v.Status)+" in the tenant")
		}
	}
	for key, row := range r.rows {
		if wanted[key] == nil {
			differs = append(differs, row.who+": "+string(row.status)+" in "+row.resource.Address+", but not wanted by the review")
		}
	}
	for _, who := range [][]string{differs, otherIDs, stale, withoutIDs} {
		slices.Sort(who)
	}
	r.stopFor(differs, "plan_differs", "The plan differs from the review", "Each resource must take statuses from "+r.tenant.address+", and nothing else.")
	r.stopFor(otherIDs, "other_id", "The plan is about another person", "The decision is about the user with the id of the roster.")
	r.stopFor(stale, "state_differs", "The plan uses an old state", "The state differs from the tenant, so these users may not change as shown: plan again, without -refresh=false.")
	if len(withoutIDs) > 0 {
		r.note("without_ids", "The resource does not know the ids of the users", "Set ids = "+r.tenant.address+".ids: if an address passes to another person before the apply, Terraform does not notice it for "+phrase.Counted(len(withoutIDs), "user")+".")
	}
}

// mergeResources makes one map of all resources. It reports addresses in two of them.
func (r *record) mergeResources() {
	r.rows = map[string]plannedRow{}
	var twice []string
	for i := range r.resources {
		resource := &r.resources[i]
		before := resource.before.rows()
		for written, row := range resource.after.rows() {
			key := written
			// The review has an address for a user of a resource with a username.
			if v := r.verdicts[row.id]; v != nil && resource.after.Username != "" {
				key = cloudadmin.Fold(v.Address)
			}
			if other, is := r.rows[key]; is {
				twice = append(twice, row.who+": "+other.resource.Address+", "+resource.Address)
				continue
			}
			was, isManaged := before[written]
			r.rows[key] = plannedRow{managedRow: row, resource: resource, before: was, isManaged: isManaged}
		}
	}
	slices.Sort(twice)
	r.stopFor(twice, "in_two_resources", "In two resources", "It is not known which of them is carried out: keep each user in one.")
}
