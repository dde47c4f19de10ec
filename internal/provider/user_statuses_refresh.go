// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// differences is what a refresh found beside changed statuses, which show in the
// plan by themselves.
type differences struct {
	// gone were Enabled and exist no longer; satisfied were Disabled.
	gone, satisfied findings
	// reassigned addresses lead to somebody else now.
	reassigned findings
}

// refresh compares the state with what was read. A user of whom no id is known
// is adopted, as by a create.
func refresh(statuses statusMap, known knownUsers, found snapshot.Users) (statusMap, knownUsers, differences) {
	refreshed, nowKnown := maps.Clone(statuses), make(knownUsers, len(statuses))
	var differ differences
	for _, address := range statuses.addresses() {
		key := snapshot.Key(address)
		was, user := known[key], found[key]
		switch {
		case user == nil && statuses[address] == cloudadmin.Disabled:
			differ.satisfied.add(address)
			nowKnown[key] = knownUser{ID: was.ID, Gone: true}
		case user == nil:
			differ.gone.add(address)
			delete(refreshed, address)
		case was.ID != "" && was.ID != user.ID:
			differ.reassigned.addReassigned(address, was.ID, user.ID)
			delete(refreshed, address)
		default:
			refreshed[address] = user.Status
			nowKnown[key] = knownUser{ID: user.ID, Pending: user.MarkDeleted}
		}
	}
	return refreshed, nowKnown, differ
}

func (d differences) diagnostics(r remedies) diag.Diagnostics {
	return worded(pathStatuses,
		wording{d.gone, r.usersGone}, wording{d.satisfied, usersGoneWhileDisabled}, wording{d.reassigned, addressesReassigned})
}
