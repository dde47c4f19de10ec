// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
)

// drift is how the refresh of a plan differs from the result of the last apply.
type drift struct {
	// statuses are users whose status others have set, missing are users that the refresh did
	// not find and no verdict explains.
	statuses, missing, unread []string
}

// judgeDrift names the users whose status was changed in another way since the last apply.
// Users who are gone, marked for deletion, renamed or another person have points of their
// own.
func (r *record) judgeDrift() {
	var d drift
	people := make(map[string]*Person, len(r.People))
	for i := range r.People {
		people[r.People[i].ID] = &r.People[i]
	}
	for i := range r.plan.ResourceDrift {
		c := &r.plan.ResourceDrift[i]
		if !c.isOurs() {
			continue
		}
		before, errBefore := readManaged(c.Change.Before)
		after, errAfter := readManaged(c.Change.After)
		if errBefore != nil || errAfter != nil {
			d.unread = append(d.unread, c.Address)
			continue
		}
		is := after.rows()
		for key, was := range before.rows() {
			now, stays := is[key]
			v := r.verdictOn(key, was)
			if v != nil && v.isRenamed() {
				now, stays = managedRow{status: v.Status}, true
			}
			d.add(was, now, stays, v, people)
		}
	}
	slices.Sort(d.statuses)
	slices.Sort(d.missing)
	r.noteFor(d.statuses, "drift", "Changed outside of Terraform", "Since the last apply, by hand or by another program.")
	r.noteFor(d.missing, "not_found", "In the state, but no longer found", "The plan did not find these users, and the review does not say what happened to them.")
	r.stopFor(d.unread, "drift_unknown", "What was changed outside of Terraform is not known", "The plan shows it in a form that this version does not know: make the evidence with the version of the provider that made the plan.")
}

// add compares a user in the state with the result of the refresh.
func (d *drift) add(was, now managedRow, stays bool, v *verdict, people map[string]*Person) {
	switch {
	case v != nil && !v.Outcome.IsStaying():
	case !stays:
		d.missing = append(d.missing, was.who)
	case was.status != now.status:
		change := fromTo(string(was.status), string(now.status))
		d.statuses = append(d.statuses, was.who+": "+change)
		if v != nil && people[v.ID] != nil {
			people[v.ID].Drift = change
		}
	}
}
