// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// know stores the verdicts by id and by address: the one in the roster, and the current one
// if it differs.
func (r *record) know(tenant *accessReview) {
	for _, v := range tenant.Verdicts {
		r.verdicts[v.ID] = &v
		if v.Outcome != review.Joined {
			r.byAddress[cloudadmin.Fold(v.Email)] = &v
		}
	}
	moved := map[string]*verdict{}
	for _, v := range r.verdicts {
		key := cloudadmin.Fold(v.Address)
		if other := moved[key]; v.isRenamed() && r.byAddress[key] == nil && (other == nil || v.ID < other.ID) {
			moved[key] = v
		}
	}
	for key, v := range moved {
		r.byAddress[key] = v
	}
}

// verdictOn returns the verdict on the user of a row of a resource: by id, or by address if
// the resource has no id.
func (r *record) verdictOn(key string, row managedRow) *verdict {
	if row.id != "" {
		return r.verdicts[row.id]
	}
	return r.byAddress[key]
}

// isRenamed reports whether a user of the roster is in the tenant under another address.
func (v *verdict) isRenamed() bool {
	return v.Outcome != review.Joined && !v.Outcome.IsGone() &&
		v.Address != "" && !cloudadmin.SameName(v.Address, v.Email)
}

// isLeftOut reports whether the review leaves a user of the roster out of what Terraform
// manages: one who is marked for deletion, is uncertain or has another status than
// Enabled and Disabled.
func (v *verdict) isLeftOut() bool {
	return v.Wanted == "" && v.Outcome != review.Joined && !v.Outcome.IsGone()
}

// judgeRenamed lists the users that the review follows to a new address.
func (r *record) judgeRenamed() {
	var who []string
	for i := range r.People {
		if p := &r.People[i]; r.verdicts[p.ID] != nil && r.verdicts[p.ID].isRenamed() {
			who = append(who, p.Email+" is "+p.Address+" now (same id)")
		}
	}
	r.noteFor(who, "renamed", "Known by another address now", "A decision is about a person: it holds for the same id, whatever the address.")
}
