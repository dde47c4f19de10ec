// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judgeLeaving names the users and the resources that leave Terraform, and reports
// whether a resource does that is no user who leaves.
func (r *record) judgeLeaving() (ends bool) {
	var ended, letGo, disabled []string
	for i := range r.resources {
		resource := &r.resources[i]
		if !resource.stays() && !resource.isLetGo() {
			ended = append(ended, resource.Address+": "+resource.action())
			continue
		}
		after := resource.after.rows()
		for key, was := range resource.before.rows() {
			_, stays := after[key]
			if _, moves := r.rows[key]; stays || moves {
				continue
			}
			line := was.who + ": " + resource.Address
			if resource.disablesLeavers() && !r.hasLeft(key) {
				disabled = append(disabled, line)
			} else {
				letGo = append(letGo, line)
			}
		}
	}
	slices.Sort(letGo)
	slices.Sort(disabled)
	r.stopFor(ended, "resource_ends", "The plan ends or replaces a resource of users' statuses", "A review changes users, and keeps its resources.")
	r.stopFor(disabled, "disabled_on_removal", "Would be disabled since they leave the configuration", "on_removal or on_destroy is \"disable\", and no reviewer decided so. Set it to \"retain\".")
	r.noteFor(letGo, "let_go", "No longer managed after this plan", "Terraform leaves these users as they are.")
	return len(ended) > 0
}

// stays reports whether the resource is there before and after, or comes.
func (p *plannedResource) stays() bool {
	return !p.changes() || p.action() == "create" || p.action() == "update"
}

// isLetGo reports whether the resource is one of a single user, who leaves.
func (p *plannedResource) isLetGo() bool {
	return p.Type == statusType && (p.action() == "delete" || p.action() == "forget")
}

// disablesLeavers reports whether Terraform disables the users who leave the resource.
func (p *plannedResource) disablesLeavers() bool {
	return p.after.OnRemoval == "disable" || p.action() == "delete" && p.before.OnDestroy == "disable"
}

// hasLeft reports whether an address is of a user who is not in the tenant any more.
func (r *record) hasLeft(key string) bool {
	return slices.ContainsFunc(r.People, func(p Person) bool {
		return (p.Outcome == review.Left || p.Outcome == review.AnotherPerson) && cloudadmin.Fold(p.Email) == key
	})
}
