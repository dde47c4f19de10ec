// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// judgeMayChange checks whether the apply may change other users than the plan shows. The
// may_change of a resource that does not change is that of its last apply. A resource of
// one user has none: its create uses the user as found in the apply.
func (r *record) judgeMayChange() {
	changing := map[string]bool{}
	for _, v := range r.verdicts {
		if v.Outcome.Changes() {
			changing[cloudadmin.Fold(v.Address)] = true
		}
	}
	var open, known, differs []string
	for i := range r.resources {
		resource := &r.resources[i]
		isMap := resource.Type == statusesType
		switch {
		case !resource.stays(): // has a point of its own
		case isMap && resource.after.MayChange != nil:
			if resource.changes() {
				differs = append(differs, r.differsFrom(changing, resource)...)
			}
		case resource.changes() && (isMap || resource.action() == "create"):
			open = append(open, blockOf(resource))
		case resource.changes() || isMap:
			known = append(known, blockOf(resource))
		}
	}
	known = slices.DeleteFunc(known, func(block string) bool { return slices.Contains(open, block) })
	for _, blocks := range []*[]string{&open, &known} {
		slices.Sort(*blocks)
		*blocks = slices.Compact(*blocks)
	}
	slices.Sort(differs)
	const kind, title = "without_may_change", "The apply may change any user of the resource"
	wayOut := "If someone enables or disables a user after the plan, the apply may undo it, and no page shows that. Set may_change = " + r.tenant.address +
		".changing. " + statusType + " has no may_change: move its users to " + statusesType + "."
	r.stopFor(open, kind, title, wayOut)
	r.noteFor(known, kind, title, wayOut)
	r.stopFor(differs, "may_change_differs", "May change differently than shown", "Set may_change = "+r.tenant.address+".changing: exactly the users who change.")
}

// differsFrom compares the may_change of a resource with the users who change.
func (r *record) differsFrom(changing map[string]bool, resource *plannedResource) (differs []string) {
	named := map[string]bool{}
	for _, address := range *resource.after.MayChange {
		key := cloudadmin.Fold(address)
		if named[key] = true; !changing[key] {
			differs = append(differs, address+": in may_change of "+resource.Address+", but does not change")
		}
	}
	for key, row := range r.rows {
		if row.resource == resource && changing[key] && !named[key] {
			differs = append(differs, row.who+": changes, but is not in may_change of "+resource.Address)
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
