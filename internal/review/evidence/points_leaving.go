// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// judgeLeaving names the users and the resources that leave Terraform, and reports whether a
// resource of many users does.
func (r *record) judgeLeaving() (ends bool) {
	// A user whom the verdict leaves out has a point with the reason.
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
			v := r.verdictOn(key, was)
			if _, moves := r.rows[key]; stays || moves || v != nil && (v.Outcome.IsGone() || r.isFollowed(v)) {
				continue
			}
			line := was.who + ": " + resource.Address
			switch {
			case resource.disablesLeavers():
				disabled = append(disabled, line)
			case v == nil || !v.isLeftOut():
				letGo = append(letGo, line)
			}
		}
	}
	slices.Sort(letGo)
	slices.Sort(disabled)
	r.stopFor(ended, "resource_ends", "The plan ends or replaces a resource of users' statuses", "A review changes users, and keeps its resources.")
	r.stopFor(disabled, "disabled_on_removal", "Would be disabled because they leave the configuration", "on_removal or on_destroy is \"disable\", and no reviewer decided that. Set it to \"retain\".")
	r.noteFor(letGo, "let_go", "No longer managed after this plan", "Terraform leaves these users as they are.")
	return len(ended) > 0
}

// stays reports whether the resource stays or is created.
func (p *plannedResource) stays() bool {
	return !p.changes() || p.action() == "create" || p.action() == "update"
}

// isLetGo reports whether the resource of a single user leaves.
func (p *plannedResource) isLetGo() bool {
	return p.Type == statusType && (p.action() == "delete" || p.action() == "forget")
}

// disablesLeavers reports whether Terraform disables the users who leave the resource.
func (p *plannedResource) disablesLeavers() bool {
	return p.after.OnRemoval == "disable" || p.action() == "delete" && p.before.OnDestroy == "disable"
}

// isFollowed reports whether a resource has the user under the current address: then only
// the old address leaves, not the user.
func (r *record) isFollowed(v *verdict) bool {
	row, is := r.rows[cloudadmin.Fold(v.Address)]
	return is && v.isRenamed() && (row.id == "" || row.id == v.ID)
}
