// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// judgeMayChange asks whether the apply may change others than the users whom the plan
// shows. The may_change of a resource that does not change is that of its last apply.
func (r *record) judgeMayChange() {
	changing := map[string]bool{}
	for _, v := range r.verdicts {
		if v.Outcome.Changes() {
			changing[cloudadmin.Fold(v.Address)] = true
		}
	}
	var open, differs []string
	for i := range r.resources {
		resource := &r.resources[i]
		switch {
		case resource.Type == statusType && resource.action() == "create", resource.Type == statusesType && resource.after.MayChange == nil:
			open = append(open, blockOf(resource))
		case resource.Type == statusesType && resource.changes():
			differs = append(differs, r.differsFrom(changing, resource)...)
		}
	}
	slices.Sort(open)
	slices.Sort(differs)
	r.noteFor(slices.Compact(open), "without_may_change", "The apply may change any user of the resource",
		"If somebody enables or disables a user after the plan, the apply may undo it. Set may_change = "+r.tenant.address+".changing; only "+statusesType+" has it.")
	r.stopFor(differs, "may_change_differs", "May be changed otherwise than shown", "Set may_change = "+r.tenant.address+".changing: exactly the users who change.")
}

// differsFrom compares the may_change of a resource with the users who change.
func (r *record) differsFrom(changing map[string]bool, resource *plannedResource) (differs []string) {
	named := map[string]bool{}
	for _, address := range *resource.after.MayChange {
		key := cloudadmin.Fold(address)
		if named[key] = true; !changing[key] {
			differs = append(differs, address+": in may_change of "+resource.Address+", and does not change")
		}
	}
	for key, row := range r.rows {
		if row.resource == resource && changing[key] && !named[key] {
			differs = append(differs, row.who+": changes, and is not in may_change of "+resource.Address)
		}
	}
	return differs
}

// blockOf returns the address of a resource without the key of an instance: one block
// may have an instance for each user.
func blockOf(resource *plannedResource) string {
	module, name, _ := strings.Cut(resource.Address, resource.Type+".")
	name, _, _ = strings.Cut(name, "[")
	return module + resource.Type + "." + name
}
