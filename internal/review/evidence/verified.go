// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judgeVerify asks a plan that was made after the apply whether all is as planned.
func (r *record) judgeVerify() error {
	f := r.files.Verify
	if !f.given() {
		return nil
	}
	after, err := readPlan(f)
	if err != nil {
		return err
	}
	// Both times are in whole seconds, and one may be enough for a small review.
	if after.at.Before(r.plan.at) || bytes.Equal(f.Data, r.plan.file.Data) {
		return f.errorf("this plan was made at %s, and not after the plan in %s (%s): plan again after the apply", after.Timestamp, r.plan.file.Name, r.plan.Timestamp)
	}
	if !r.appliedAt.IsZero() && after.at.Before(r.appliedAt.Truncate(time.Second)) {
		return f.errorf("this plan was made at %s, before the apply had ended (%s): plan again", after.Timestamp, r.AppliedAt)
	}
	tenant, err := after.accessReview()
	if err != nil {
		return err
	}
	if after.Errored || tenant == nil {
		r.stop("verification_failed", "The plan after the apply failed", "Whether all is as planned is not known: plan again.")
		return nil
	}
	if r.Tenant != "" && host(tenant.Tenant) != host(r.Tenant) {
		return f.errorf("this plan is of %s, and %s of %s: pass a plan of the same tenant", host(tenant.Tenant), r.plan.file.Name, host(r.Tenant))
	}
	r.Phase, r.VerifiedAt = Verified, after.Timestamp
	if !r.files.ApplyLog.given() {
		r.note("no_apply_log", "How it was applied is not known", "There is no log of the apply; the tenant was read after the plan.")
	}
	r.compareAfter(tenant)
	r.isEmpty(after)
	return nil
}

// compareAfter compares each user with what was planned.
func (r *record) compareAfter(tenant *accessReview) {
	found := make(map[string]*verdict, len(tenant.Verdicts))
	for _, v := range tenant.Verdicts {
		found[v.ID] = &v
	}
	var undone, gone, outside, otherFiles []string
	for i := range r.People {
		p := &r.People[i]
		v := found[p.ID]
		delete(found, p.ID)
		if v != nil && v.Outcome != review.AnotherPerson {
			p.StatusAfter = string(v.Status)
		}
		if v != nil && !p.Joined && (v.Decision != p.Decision || string(v.RosterStatus) != p.RosterStatus) {
			otherFiles = append(otherFiles, p.Email)
		}
		if p.Changes() {
			switch {
			case p.StatusAfter == p.Wanted:
			case p.Wanted == string(cloudadmin.Disabled) && v != nil && !v.isHere():
				gone = append(gone, p.Email+": "+cmp.Or(v.Detail, string(v.Outcome)))
			default:
				undone = append(undone, p.Email+": "+cmp.Or(p.StatusAfter, "no status")+", and "+p.Wanted+" was planned")
			}
		} else if p.Status != "" && p.StatusAfter != "" && p.Status != p.StatusAfter {
			outside = append(outside, p.Email+": "+fromTo(p.Status, p.StatusAfter))
		}
	}
	var came []string
	for _, v := range found {
		r.People = append(r.People, Person{
			ID: v.ID, Email: v.Email, IdentitySource: v.IdentitySource, Joined: true, StatusAfter: string(v.Status),
			Outcome: review.Joined, Detail: "joined after the plan",
		})
		came = append(came, v.Email+": "+string(v.Status))
	}
	slices.Sort(came)
	r.stopFor(undone, "not_as_planned", "Not as planned after the apply", "Plan again: the next plan shows what is left.")
	r.stopFor(otherFiles, "verified_other_files", "The plan after the apply was made from other files", "It has other decisions about these users: plan again from this folder.")
	r.noteFor(gone, "gone_since", "Gone since the plan", "They were to lose access, and are not users of the tenant any more, or are marked for deletion.")
	r.noteFor(outside, "changed_outside", "Changed between plan and verification, and not by this review", "")
	r.noteFor(came, "joined_after_plan", "Joined after the plan", "In the tenant, and in no review yet.")
}

// isEmpty asks whether a plan after the apply has nothing left to do.
func (r *record) isEmpty(after *plan) {
	var left, missing []string
	shown := map[string]bool{}
	for i := range after.ResourceChanges {
		c := &after.ResourceChanges[i]
		shown[c.Address] = true
		if c.isOurs() && c.changes() {
			left = append(left, c.Address+": "+c.action())
		}
	}
	for i := range r.resources {
		if address := r.resources[i].Address; !shown[address] {
			missing = append(missing, address)
		}
	}
	r.stopFor(left, "not_empty", "The plan after the apply is not empty", "Something is still, or again, other than the review wants.")
	if after.Complete != nil && !*after.Complete && len(missing) == 0 {
		missing = []string{"made with -target, or some of it waits for another apply"}
	}
	r.stopFor(missing, "verification_incomplete", "The plan after the apply is not complete", "Plan again, without -target and -refresh-only.")
}
