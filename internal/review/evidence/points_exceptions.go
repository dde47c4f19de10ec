// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

const (
	// soon is how long before its end an exception is listed.
	soon = 7 * 24 * time.Hour
	// farYears is the number of years after which an end is probably a typing error.
	farYears = 2
)

// judgeExceptions lists users whose access has ended or ends soon, and exceptions that do
// not end as they should. It ignores an end that cannot be read.
func (r *record) judgeExceptions() {
	end := func(p *Person) string { return p.Expires }
	r.noteFor(r.people(func(p *Person) bool { return p.Ended }, func(p *Person) string {
		if p.Changes() {
			return p.Expires + ", " + access(p)
		}
		return p.Expires
	}), "exception_ended", "Exceptions that have ended", "Users who still have access lose it in the next apply.")
	r.noteFor(r.people(func(p *Person) bool {
		ended, err := review.Ended(p.Expires, r.plan.at.Add(soon))
		return r.hasException(p) && err == nil && ended
	}, end),
		"exception_ends_soon", "Exceptions that end within 7 days", "The first apply after the end takes access away.")
	r.noteFor(r.people(func(p *Person) bool {
		ended, err := review.Ended(p.Expires, r.plan.at.AddDate(farYears, 0, 0))
		return r.hasException(p) && err == nil && !ended
	}, func(p *Person) string { return p.Expires + " (" + p.Row + ")" }),
		"exception_far", "Exceptions that end in more than two years", "Correct the year if it is wrong.")
	r.noteFor(r.people(r.isMadePermanent, func(p *Person) string { return "ended on " + p.LastExpires + " by the last review" }),
		"exception_made_permanent", "Exceptions of the last review that have no end now", "These users keep access until a review removes them.")
}

// hasException reports whether a person has access until an end in the future.
func (r *record) hasException(p *Person) bool {
	return p.Expires != "" && !p.Ended && p.Wanted != string(cloudadmin.Disabled) && r.mayBeHere(p)
}

// isMadePermanent reports whether a person had access with an end before, and now has it
// without one.
func (r *record) isMadePermanent(p *Person) bool {
	keepsAccess := p.Decision == review.Restore || p.Decision == review.Keep && p.RosterStatus == string(cloudadmin.Enabled)
	return p.LastExpires != "" && p.Expires == "" && keepsAccess && p.Wanted != string(cloudadmin.Disabled) && r.mayBeHere(p)
}

// mayBeHere reports whether the plan did not find that a person is gone.
func (r *record) mayBeHere(p *Person) bool {
	return r.verdicts[p.ID] == nil || r.verdicts[p.ID].Outcome.IsStaying()
}
