// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"net/url"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judge adds the points about the plan and the files.
func (r *record) judge() error {
	r.judgeFailure()
	r.judgePlan()
	r.judgeRoster()
	// With mistakes in worksheets, the decisions are not known.
	isDecided, isPlanned := len(r.mistakes) == 0, r.tenant != nil && !r.PlanFailed
	if isDecided {
		r.judgeDecisions()
	}
	if isDecided && isPlanned {
		r.judgeSource()
		r.judgeOutcomes()
	}
	if isPlanned {
		r.judgeResources()
	}
	r.judgeWhoCame()
	r.judgeExceptions()
	r.judgeDates()
	return nil
}

// judgeRoster checks whether the roster is from this tenant, and complete.
func (r *record) judgeRoster() {
	m := r.manifest
	if r.rosterAt.After(r.plan.at) {
		r.stop("roster_after_plan", "The roster was made after the plan", "The roster is of "+m.ReadAt+", the plan of "+r.plan.Timestamp+": plan again.")
	}
	if age := r.plan.at.Sub(r.rosterAt); r.settings.RosterMaxAgeDays > 0 && age > time.Duration(r.settings.RosterMaxAgeDays)*24*time.Hour {
		r.note("roster_old", "The roster is old", phrase.Counted(int(age/(24*time.Hour)), "day")+" lie between roster and plan; this review allows "+phrase.Counted(r.settings.RosterMaxAgeDays, "day")+".")
	}
	var shared []string
	for _, s := range m.Shared {
		shared = append(shared, s.Email+": "+phrase.Counted(len(s.IDs), "user")+", one of them in the roster")
	}
	r.noteFor(shared, "shared_address", "Several users have one address", "Terraform finds users by their address: the others are in no review.")
	if r.tenant == nil {
		return
	}
	if host(m.Tenant) != host(r.Tenant) {
		r.stop("other_tenant", "Roster and plan are of different tenants", "The roster is of "+host(m.Tenant)+", the plan of "+host(r.Tenant)+".")
	}
	if r.JoinedUnknown {
		r.note("population_incomplete", "It is not known who joined", "The API refused the user search, or showed fewer users than it counted: users may have joined that this record does not name. Each user of the roster that search did not show was looked up.")
	}
	if !r.isScopeOfPlan() {
		r.note("other_scope", "Roster and plan are about different users", "email_contains and identity_sources of "+r.tenant.address+" are not those of the roster, so other users may count as joined.")
	}
}

// host returns the host of a tenant, for which the roster has the URL of the API.
func host(tenant string) string {
	if u, err := url.Parse(tenant); err == nil && u.Host != "" {
		tenant = u.Host
	}
	return strings.ToLower(tenant)
}

// judgeDecisions checks whether each user has a decision.
func (r *record) judgeDecisions() {
	who := r.people(func(p *Person) bool {
		v := r.verdicts[p.ID]
		return p.Decision == review.Undecided && !p.Joined && (v == nil || v.Outcome.IsStaying())
	}, row)
	rule := review.Undecided
	if r.tenant != nil {
		rule = r.tenant.Undecided
	}
	switch rule {
	case review.Keep:
		r.noteFor(who, "undecided", "No decision", "These users stay as they are: undecided is \"keep\".")
	case review.Remove:
		r.noteFor(who, "undecided", "No decision", "These users lose access: undecided is \"remove\".")
	default:
		r.stopFor(who, "undecided", "No decision", "These users are in the roster, but no reviewer has decided about them.")
	}
}

// judgeOutcomes checks whether the plan does what was decided, and no more. It does not rely
// on the rules of the data source, which it checks.
func (r *record) judgeOutcomes() {
	change := func(p *Person) string {
		if p.Wanted == "" {
			return decided(p) + "; " + p.Detail
		}
		return fromTo(p.Status, p.Wanted) + ", " + decided(p)
	}
	r.stopFor(r.people(func(p *Person) bool { return p.Outcome == review.Gains && p.Decision != review.Restore }, change),
		"enabled_without_restore", "Would be enabled without a decision to restore", "The decision keep means as in the roster, and never enables a user.")
	stays := func(p *Person) bool { return r.verdicts[p.ID] != nil && r.verdicts[p.ID].Outcome.IsStaying() }
	r.stopFor(r.people(func(p *Person) bool {
		return p.isRemoved() && p.Wanted != string(cloudadmin.Disabled) && stays(p)
	}, change), "not_removed", "To be removed, but the plan does not", "The plan leaves their access as it is.")
	r.stopFor(r.people(func(p *Person) bool {
		return p.Decision == review.Restore && !p.Ended && p.Wanted != string(cloudadmin.Enabled) && stays(p)
	}, change), "not_restored", "To be restored, but the plan does not", "The plan leaves their access as it is.")
	r.stopFor(r.people(func(p *Person) bool {
		return p.Outcome == review.Loses && !r.isToLose(p) && p.RosterStatus != string(cloudadmin.Disabled)
	}, change), "removed_without_decision", "Would lose access without a decision", "No reviewer removed them, and no exception has ended.")
}

// isRemoved reports whether a decision or an end removes the access of a person.
func (p *Person) isRemoved() bool { return p.Decision == review.Remove || p.Ended }

// isToLose reports whether a person is to have no access, including by the rule for users
// without a decision.
func (r *record) isToLose(p *Person) bool {
	return p.isRemoved() || p.Decision == review.Undecided && r.tenant.Undecided == review.Remove
}

// decided returns the decision about a person, and its place.
func decided(p *Person) string {
	text := string(p.Decision)
	if text == "" {
		text = "no decision"
	}
	if p.Ended {
		text += ", ended " + p.Expires
	}
	if p.Row != "" {
		text += " (" + p.Row + ")"
	}
	return text
}

// judgeWhoCame lists users who differ from the roster.
func (r *record) judgeWhoCame() {
	with := func(outcome review.Outcome, say func(*Person) string) []string {
		return r.people(func(p *Person) bool { return p.Outcome == outcome }, say)
	}
	address := func(*Person) string { return "" }
	r.judgeNotFound()
	r.noteFor(with(review.HeldBack, detail), "held_back", "Held back", "Their decision is not carried out. The decision keep enables no user: to give access again, decide restore on a new roster.")
	r.noteFor(with(review.PendingDeletion, address), "pending_deletion", "Marked for deletion", "")
	r.judgeRenamed()
	r.noteFor(with(review.Joined, func(p *Person) string { return p.Status }), "joined", "Joined since the roster", "In the tenant, and in no review yet.")
	r.noteFor(r.people(func(p *Person) bool { return p.Outcome == review.Gains && p.Decision == review.Restore },
		func(p *Person) string { return p.Reason }), "restored", "Enabled by decision", "Disabled in the roster; a reviewer decided to restore access.")
}

// judgeDates lists decisions with a date out of range.
func (r *record) judgeDates() {
	day := func(p *Person) string { return p.DecidedOn + " (" + p.Row + ")" }
	r.noteFor(r.people(func(p *Person) bool { return r.Deadline != "" && dayOf(p.DecidedOn) > r.Deadline }, day),
		"decided_late", "Decided after the deadline", "The deadline was "+r.Deadline+".")
	r.noteFor(r.people(func(p *Person) bool { is := dayOf(p.DecidedOn); return is != "" && is < dayOf(r.RosterAt) }, day),
		"decided_early", "Decided before the roster was made", "The roster is of "+r.RosterAt+".")
}

// dayOf returns the day of a time or a day; empty for anything else.
func dayOf(text string) string {
	if when(text) == "" {
		return ""
	}
	return text[:len(time.DateOnly)]
}
