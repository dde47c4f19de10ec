// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judgeVerify checks in a plan after the apply whether everything is as planned.
func (r *record) judgeVerify() error {
	f := r.files.Verify
	if !f.given() {
		return nil
	}
	after, err := readPlan(f)
	if err != nil {
		return err
	}
	// Both times are in whole seconds, and a small review may take less than one: two plans
	// that change nothing may even have the same bytes.
	if after.at.Before(r.plan.at) {
		return f.errorf("this plan was made at %s, before the plan in %s (%s): plan again after the apply", after.Timestamp, r.plan.file.Name, r.plan.Timestamp)
	}
	if !r.appliedAt.IsZero() && after.at.Before(r.appliedAt.Truncate(time.Second)) {
		return f.errorf("this plan was made at %s, before the apply had ended (%s): plan again", after.Timestamp, r.AppliedAt)
	}
	tenant, err := after.accessReview()
	if err != nil {
		return err
	}
	if after.Errored || tenant == nil {
		r.stop("verification_failed", "The plan after the apply failed", "It is not known whether everything is as planned: plan again.")
		return nil
	}
	if r.Tenant != "" && host(tenant.Tenant) != host(r.Tenant) {
		return f.errorf("this plan is of %s, and %s of %s: pass a plan of the same tenant", host(tenant.Tenant), r.plan.file.Name, host(r.Tenant))
	}
	r.Phase, r.VerifiedAt = Verified, after.Timestamp
	if !r.files.ApplyLog.given() {
		r.note("no_apply_log", "It is not known how it was applied", "There is no log of the apply; the tenant was read after the plan.")
	}
	if after.configurationSum() != r.ConfigurationSHA256 {
		r.stop("verified_other_configuration", "The plan after the apply was made from another configuration", "It may not see the same users: plan again with the configuration and the variables of the plan.")
	}
	r.JoinedAfterUnknown = !*tenant.Complete
	r.compareAfter(tenant)
	return r.isEmpty(after, tenant)
}

// compareAfter compares each user with what was planned.
func (r *record) compareAfter(tenant *accessReview) {
	found := make(map[string]*verdict, len(tenant.Verdicts))
	for _, v := range tenant.Verdicts {
		found[v.ID] = &v
	}
	var undone, gone, since, otherFiles []string
	for i := range r.People {
		p := &r.People[i]
		v := found[p.ID]
		delete(found, p.ID)
		if v != nil && v.Outcome != review.AnotherPerson {
			p.StatusAfter = string(v.Status)
		}
		if !p.Joined && (v == nil || v.Decision != p.Decision || string(v.RosterStatus) != p.RosterStatus) {
			otherFiles = append(otherFiles, p.Email)
		}
		p.Since = r.sinceThePlan(p, v)
		switch {
		case !p.Changes() || p.StatusAfter == p.Wanted:
			if p.Since != "" {
				since = append(since, p.Email+": "+p.Since)
			}
		case p.Wanted == string(cloudadmin.Disabled) && v != nil && !v.Outcome.IsStaying():
			gone = append(gone, p.Email+": "+p.Since)
		default:
			undone = append(undone, p.Email+": "+cmp.Or(p.StatusAfter, "no status")+", but "+p.Wanted+" was planned")
		}
	}
	r.stopFor(undone, "not_as_planned", "Not as planned after the apply", "Plan again: the next plan shows what is left.")
	r.stopFor(otherFiles, "verified_other_files", "The plan after the apply was made from other files", "It has other decisions about these users: plan again from this folder.")
	r.noteFor(gone, "gone_since", "Not found or marked for deletion since the plan", "They were to lose access. Users who are not found by an email address were deleted, or have no address now: make sure that they have no access.")
	r.noteFor(since, "changed_since", "Changed between plan and verification", "These changes do not come from this review: no decision covers them.")
	r.judgeWhoCameAfter(found)
}

// judgeWhoCameAfter lists the users that only the plan after the apply shows.
func (r *record) judgeWhoCameAfter(found map[string]*verdict) {
	since := "joined after the plan"
	if r.JoinedUnknown {
		since = "seen after the apply, but not in the plan, which did not see all users"
	}
	var came []string
	for _, v := range found {
		r.People = append(r.People, Person{
			ID: v.ID, Email: v.Email, IdentitySource: v.IdentitySource, Joined: true, StatusAfter: string(v.Status),
			Outcome: review.Joined, Since: since,
		})
		came = append(came, v.Email+": "+string(v.Status))
	}
	slices.Sort(came)
	if r.JoinedUnknown {
		r.noteFor(came, "seen_after_plan", "In the tenant after the apply, but not in the plan", "It is not known when they joined, since the plan did not see all users. They are in no review yet.")
	} else {
		r.noteFor(came, "joined_after_plan", "Joined after the plan", "In the tenant, and in no review yet.")
	}
	if r.JoinedAfterUnknown {
		r.note("verified_population_incomplete", "It is not known who joined after the plan", "The API refused the user search to the plan after the apply, or showed fewer users than it counted.")
	}
}

// sinceThePlan returns how others changed a person between plan and verification.
func (r *record) sinceThePlan(p *Person, v *verdict) string {
	if r.PlanFailed {
		return "" // It is not known who was there.
	}
	if v == nil {
		// A user who had joined is in no roster, and only search shows that user.
		if p.Joined && !r.JoinedAfterUnknown {
			return notFound
		}
		return ""
	}
	var said []string
	wasGone := p.Outcome.IsGone()
	switch {
	case wasGone && v.Status != "" && v.Outcome != review.AnotherPerson:
		said = append(said, "in the tenant again")
	case wasGone:
	case v.Outcome == review.Left:
		return notFound
	case v.Outcome == review.AnotherPerson:
		return notFound + ": " + v.Detail
	case v.Outcome == review.PendingDeletion && p.Outcome != review.PendingDeletion:
		said = append(said, v.Detail)
	case p.Outcome == review.PendingDeletion && v.Outcome != review.PendingDeletion:
		said = append(said, "no longer marked for deletion")
	case v.Outcome == review.HeldBack && v.Wanted == "" && p.Wanted != "":
		said = append(said, v.Detail)
	}
	if is := v.Address; is != "" && !wasGone && !cloudadmin.SameName(is, cmp.Or(p.Address, p.Email)) {
		said = append(said, "the address is now "+is)
	}
	if !wasGone && !p.Changes() && p.Status != p.StatusAfter {
		said = append(said, fromTo(p.Status, p.StatusAfter))
	}
	return strings.Join(said, "; ")
}
