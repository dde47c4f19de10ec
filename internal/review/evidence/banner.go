// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// banner is the answer on the first screen: may this be approved, is it done?
type banner struct {
	// Class is stop, wait or done.
	Class string
	Sign  string
	// Answer is one sentence, Next is what to do.
	Answer, Next string
}

// importantKinds are the notes that matter for an approval: the apply may do more than the
// plan shows, or the record may not have all users.
var importantKinds = []string{
	"other_resources", "check_failed", "plan_incomplete", "population_incomplete", "other_scope",
	"verified_population_incomplete", "changed_since",
}

func (p *Point) isImportant() bool {
	return strings.HasPrefix(p.Kind, "without_") || slices.Contains(importantKinds, p.Kind)
}

// noting counts the notes: "5 points are worth a look".
func (o *overview) noting() string {
	switch notes, important := len(o.Noted), len(o.Important); {
	case notes == 0:
		return ""
	case important > 0:
		return fmt.Sprintf("%d of %s %s important", important, phrase.Counted(notes, "note"), phrase.Plural(important, "is", "are"))
	default:
		return phrase.Counted(notes, "point") + phrase.Plural(notes, " is", " are") + " worth a look"
	}
}

// conclude words the conclusion, and counts the notes.
func (o *overview) conclude() banner {
	b := o.concluded()
	switch notes := o.noting(); {
	case notes == "":
	case o.Conclusion != ReadyToApprove:
		b.Next += " " + notes + "."
	case len(o.Important) > 0:
		b.Answer = strings.TrimSuffix(b.Answer, ".") + ", but " + notes + "."
	default:
		b.Answer = strings.TrimSuffix(b.Answer, ".") + ", and " + notes + "."
	}
	return b
}

func (o *overview) concluded() banner {
	changes := len(o.Gaining) + len(o.Losing)
	switch o.Conclusion {
	case AsReviewed, DiffersFromReview, NotKnown:
		return o.bannerOfNight()
	case NotReady:
		b := banner{Class: "stop", Sign: "✗", Answer: "Do not approve this yet.", Next: "The review is not complete. Resolve what is open, and plan again."}
		if n := len(o.Stopping); o.PlanFailed {
			b.Next = "The plan failed, so it is not known who would change. Resolve the errors, and plan again."
		} else if n > 0 {
			b.Next = fmt.Sprintf("%s %s this review. Resolve %s, and plan again.", phrase.Counted(n, "point"), phrase.Plural(n, "stops", "stop"), phrase.Plural(n, "it", "them"))
		}
		return b
	case ReadyToApprove:
		b := banner{Class: "wait", Sign: "▸", Answer: "Nothing stops this review."}
		if changes == 0 {
			b.Next = "The plan changes no user. Approve it if the decisions are right."
		} else {
			b.Next = fmt.Sprintf("Read the %s below, and approve if you agree: %d %s access, %d %s access. Nothing is changed before the apply.",
				phrase.Counted(changes, "change"), len(o.Gaining), phrase.Plural(len(o.Gaining), "gains", "gain"), len(o.Losing), phrase.Plural(len(o.Losing), "loses", "lose"))
		}
		return b
	case AppliedNotVerified:
		return banner{
			Class: "wait", Sign: "▸", Answer: "The apply has ended, but no plan after it shows the result.",
			Next: "It is not known whether each user is as planned. Plan again, and make this page with -verify.",
		}
	case AppliedWithPoints:
		b := banner{Class: "stop", Sign: "✗", Answer: "The apply has ended, but not everything is as planned.", Next: "Resolve what is open, and plan again."}
		if n := len(o.Stopping); n > 0 {
			b.Next = fmt.Sprintf("%s %s open. Resolve %s, and plan again.", phrase.Counted(n, "point"), phrase.Plural(n, "is", "are"), phrase.Plural(n, "it", "them"))
		}
		return b
	case AppliedAndVerified:
		b := banner{
			Class: "done", Sign: "✓", Answer: "Each user who was to change has the status of the plan.",
			Next: "A plan after the apply has read the tenant again. File this page together with the files that it names.",
		}
		switch {
		case changes == 0:
			b.Answer = "No user was to change."
		case slices.ContainsFunc(o.Noted, func(p Point) bool { return p.Kind == "gone_since" }):
			b.Answer = "Each user who was to change has the status of the plan, or is not found or marked for deletion."
		}
		return b
	}
	return banner{Class: "stop", Sign: "✗", Answer: "Do not approve this yet.", Next: "The conclusion is not one that this page knows."}
}
