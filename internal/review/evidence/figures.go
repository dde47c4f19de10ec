// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// figure is a number on the first screen.
type figure struct{ Number, Label, Class string }

// Figures returns the numbers on the first screen. An unknown number is a question mark, not
// 0: changes of a failed plan, joined users if search did not show all users, and
// decisions in worksheets with mistakes.
func (o *overview) Figures() []figure {
	isDecided := !slices.ContainsFunc(o.Stopping, func(p Point) bool { return p.Kind == kindWorksheets })
	decided := fmt.Sprintf("%d of %d", o.decided, o.inRoster)
	if !isDecided {
		decided = fmt.Sprintf("? of %d", o.inRoster)
	}
	count := func(isKnown bool, n int, label string, class share) figure {
		f := figure{Number: "?", Label: label}
		if isKnown {
			f.Number = strconv.Itoa(n)
		}
		if n > 0 || !isKnown || class != open {
			f.Class = class.Key()
		}
		return f
	}
	moved := count(o.MovedUnknown() == "", len(o.Moved), "came, went or held back", open)
	if o.PlanFailed && len(o.Moved) > 0 {
		moved = count(o.WhoJoined() == "", len(o.Moved), "came or went", open) // A failed plan holds no user back.
	}
	return []figure{
		count(!o.PlanFailed, len(o.Gaining), gaining.Words(len(o.Gaining)), gaining),
		count(!o.PlanFailed, len(o.Losing), losing.Words(len(o.Losing)), losing),
		count(isDecided, o.undecided, "without a decision", open),
		moved,
		{strconv.Itoa(len(o.Exceptions)), phrase.Plural(len(o.Exceptions), "exception", "exceptions"), ""},
		{decided, "decided", ""},
	}
}
