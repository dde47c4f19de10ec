// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// night counts how the tenant differs from a review that was applied before.
type night struct {
	// removed, ended and ungranted have access but should not: by a decision, by an end, or
	// without either. restored have none but should. seenAgain reports whether the state
	// shows for each removed user that access was given back.
	removed, ended, ungranted, restored int
	seenAgain                           bool
	// drifted counts others whose status was changed outside of Terraform, soon exceptions
	// that end soon, and open points that stop the review.
	drifted, soon, open int
}

// watch counts what a night has found.
func watch(e *Evidence) night {
	n := night{seenAgain: true, open: e.Stops()}
	for i := range e.People {
		p := &e.People[i]
		switch {
		case p.Outcome == review.Gains:
			n.restored++
		case p.Outcome != review.Loses:
			continue
		case p.Ended:
			n.ended++
		case p.Decision == review.Remove:
			n.removed++
			n.seenAgain = n.seenAgain && p.Drift != ""
		default:
			n.ungranted++
		}
		if p.Drift != "" {
			n.drifted-- // They are counted by what they differ in.
		}
	}
	n.drifted += len(whoOf(e.Points, "drift"))
	n.soon = len(whoOf(e.Points, "exception_ends_soon"))
	return n
}

// differs reports whether someone has to act.
func (n night) differs() bool { n.seenAgain = false; return n != night{} }

// changes returns how many users the plan changes.
func (n night) changes() int { return n.removed + n.ended + n.ungranted + n.restored }

// onlySoon reports whether nothing differs yet.
func (n night) onlySoon() bool { n.soon = 0; return !n.differs() }

// words returns what differs, as a sentence.
func (n night) words() string {
	again := ""
	if n.seenAgain {
		again = " again"
	}
	var parts []string
	for _, part := range []struct {
		count     int
		one, many string
	}{
		{n.removed, "removed user has access" + again, "removed users have access" + again},
		{n.ended, "exception has ended", "exceptions have ended"},
		{n.ungranted, "user has access that the review does not give", "users have access that the review does not give"},
		{n.restored, "restored user has no access", "restored users have no access"},
		{n.drifted, "user was changed outside of Terraform", "users were changed outside of Terraform"},
		{n.soon, "exception ends within 7 days", "exceptions end within 7 days"},
		{n.open, "point is open", "points are open"},
	} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, phrase.Plural(part.count, part.one, part.many)))
		}
	}
	return phrase.Joined(parts, len(parts))
}

// concludeNight returns the conclusion of a nightly plan.
func (r *record) concludeNight() Conclusion {
	switch {
	case r.PlanFailed:
		return NotKnown
	case watch(&r.Evidence).differs():
		return DiffersFromReview
	}
	return AsReviewed
}

// removedNotFound warns about removed users who are not found: a user who lost only the
// address may still have access.
func (o *overview) removedNotFound() string {
	n := 0
	for i := range o.People {
		if p := &o.People[i]; p.isRemoved() && p.Outcome.IsGone() {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" %d %s: make sure that %s no access.", n, phrase.Plural(n, "removed user is "+notFound, "removed users are "+notFound),
		phrase.Plural(n, "the user has", "they have"))
}

// bannerOfNight returns the banner of a nightly plan.
func (o *overview) bannerOfNight() banner {
	n := watch(o.Evidence)
	switch {
	case o.Conclusion == NotKnown:
		return banner{
			Class: "stop", Sign: "✗", Answer: "It is not known whether the tenant is as reviewed.",
			Next: "The plan failed. Resolve the errors, and plan again.",
		}
	case o.Conclusion == AsReviewed:
		return banner{
			Class: "done", Sign: "✓", Answer: "Nothing differs from the review.",
			Next: "The plan changes no user, no status was changed outside of Terraform, and no exception ends within 7 days." + o.removedNotFound(),
		}
	case n.onlySoon():
		return banner{
			Class: "wait", Sign: "▸", Answer: n.words() + ".",
			Next: "The first apply after the end takes access away. To keep access, a user needs a new decision before that.",
		}
	}
	b := banner{Class: "stop", Sign: "✗", Answer: n.words() + "."}
	switch {
	case n.changes() > 0:
		b.Next = "An apply of this review changes these users as decided. To keep a user as is, change the decision."
	case n.drifted > 0:
		b.Next = "The plan does not change that back, because keep enables no user: to give access again, decide restore on a new roster."
	default:
		b.Next = "Resolve what is open, and plan again."
	}
	return b
}
