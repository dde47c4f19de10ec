// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// leftOver is what a plan after the apply would still do: changes of users, and rows that
// only follow users that others have changed since.
type leftOver struct {
	changes, follows []string
}

// isEmpty checks whether a plan after the apply has nothing left to do. A map that lets go
// of a user who has left, or adds a user under a new address, changes no user.
func (r *record) isEmpty(after *plan, tenant *accessReview) error {
	resources, err := after.resources()
	if err != nil {
		return err
	}
	var left leftOver
	var missing []string
	shown := map[string]bool{}
	since := r.changedSince(tenant)
	for i := range resources {
		shown[resources[i].Address] = true
		if resources[i].changes() {
			left.add(&resources[i], since)
		}
	}
	for i := range r.resources {
		// A resource of a user who has left may have left the state with the user.
		if c := &r.resources[i]; !shown[c.Address] && (c.Type != statusType || !areAllIn(c.after.rows(), since)) {
			missing = append(missing, c.Address)
		}
	}
	slices.Sort(left.changes)
	slices.Sort(left.follows)
	r.stopFor(left.changes, "not_empty", "The plan after the apply is not empty", "Something still differs from the review, or does so again.")
	r.noteFor(left.follows, "follows_users", "The plan after the apply follows users who were changed since", "It changes no user. It lets go of users who are not found, marked for deletion or not certain, and takes in those who are found under another address.")
	if after.Complete != nil && !*after.Complete && len(missing) == 0 {
		missing = []string{"made with -target, or some of it waits for another apply"}
	}
	r.stopFor(missing, "verification_incomplete", "The plan after the apply is not complete", "Plan again, without -target and -refresh-only.")
	return nil
}

// changedSince returns the users who were changed between plan and verification, by each of
// their addresses.
func (r *record) changedSince(tenant *accessReview) map[string]*Person {
	since := map[string]*Person{}
	addresses := make(map[string]string, len(tenant.Verdicts))
	for _, v := range tenant.Verdicts {
		addresses[v.ID] = v.Address
	}
	for i := range r.People {
		p := &r.People[i]
		if p.Since == "" || p.Joined {
			continue
		}
		for _, address := range []string{p.Email, p.Address, addresses[p.ID]} {
			if address != "" {
				since[cloudadmin.Fold(address)] = p
			}
		}
	}
	return since
}

// add sorts what a resource would do: it follows users, or it is a change.
func (l *leftOver) add(resource *plannedResource, since map[string]*Person) {
	line := resource.Address + ": " + resource.action()
	before, after := resource.before.rows(), resource.after.rows()
	comes, goes := rowsBeyond(after, before), rowsBeyond(before, after)
	// The refresh has removed a user who is gone, but not from ids.
	maps.Copy(goes, rowsBeyond(resource.before.identified(), resource.after.identified()))
	if len(comes)+len(goes) == 0 || !resource.stays() && !resource.isLetGo() || !resource.keepsTheRest() || !areAllIn(comes, since) || !areAllIn(goes, since) {
		l.changes = append(l.changes, line)
		return
	}
	for key, row := range goes {
		if resource.disablesLeavers() && since[key].StatusAfter != "" {
			l.changes = append(l.changes, line+" ("+row.who+" would be disabled)")
			continue
		}
		l.follows = append(l.follows, row.who+": no longer in "+resource.Address+", "+since[key].Since)
	}
	for key, row := range comes {
		// A new row is a change unless the user already has the status.
		if string(row.status) != since[key].StatusAfter {
			l.changes = append(l.changes, line+" ("+row.who+": "+fromTo(since[key].StatusAfter, string(row.status))+")")
			continue
		}
		l.follows = append(l.follows, row.who+": new in "+resource.Address+", "+since[key].Since)
	}
}

// identified returns the users in ids.
func (m *managed) identified() map[string]managedRow {
	rows := make(map[string]managedRow, len(m.IDs))
	for address, id := range m.IDs {
		rows[cloudadmin.Fold(address)] = managedRow{who: address, id: id}
	}
	return rows
}

// rowsBeyond returns the rows that others lack.
func rowsBeyond(rows, others map[string]managedRow) map[string]managedRow {
	beyond := map[string]managedRow{}
	for key, row := range rows {
		if _, is := others[key]; !is {
			beyond[key] = row
		}
	}
	return beyond
}

// areAllIn reports whether each row is of a user who was changed since.
func areAllIn(rows map[string]managedRow, since map[string]*Person) bool {
	for key := range rows {
		if since[key] == nil {
			return false
		}
	}
	return true
}

// keepsTheRest reports whether all that stays in the resource stays as it is. The arguments
// may_… only restrict changes.
func (p *plannedResource) keepsTheRest() bool {
	before, after := p.before.rows(), p.after.rows()
	for key, was := range before {
		if is, stays := after[key]; stays && (is.status != was.status || is.id != was.id) {
			return false
		}
	}
	if len(before) == 0 || len(after) == 0 {
		return true
	}
	return reflect.DeepEqual(settingsOf(p.Change.Before), settingsOf(p.Change.After))
}

// settingsOf returns the settings of a resource, without its users.
func settingsOf(values json.RawMessage) map[string]any {
	var settings map[string]any
	_ = json.Unmarshal(values, &settings) // readManaged has read it
	maps.DeleteFunc(settings, func(name string, _ any) bool {
		return name == "statuses" || name == "ids" || strings.HasPrefix(name, "may_")
	})
	return settings
}
