// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// figure is a number of the first screen.
type figure struct{ Number, Label, Class string }

// Figures are the numbers of the first screen. What is not known is a question mark, and
// not 0: who changes by a plan that failed, who joined where search did not show all
// users, and what was decided in worksheets with mistakes.
func (o *overview) Figures() []figure {
	isDecided := !slices.ContainsFunc(o.Stopping, func(p Point) bool { return p.Kind == "worksheets" })
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
	return []figure{
		count(!o.PlanFailed, len(o.Gaining), gaining.Words(len(o.Gaining)), gaining),
		count(!o.PlanFailed, len(o.Losing), losing.Words(len(o.Losing)), losing),
		count(isDecided, o.undecided, "without a decision", open),
		count(!o.PlanFailed && !o.JoinedUnknown, len(o.Moved), "came, went or held back", open),
		{strconv.Itoa(len(o.Exceptions)), phrase.Plural(len(o.Exceptions), "exception", "exceptions"), ""},
		{decided, "decided", ""},
	}
}
