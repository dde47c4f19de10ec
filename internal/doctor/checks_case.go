// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// checkCase looks up the same user with the case of letters changed.
func (x *examination) checkCase(ctx context.Context) bool {
	const name = "letter case"
	if x.subject == nil {
		x.skip(name, "needs a user that look-up finds")
		return true
	}
	var differences []string
	for _, way := range []struct {
		q    question
		what string
		by   func(string) cloudadmin.Address
		name string
	}{
		{askCaseEmail, "email address", cloudadmin.Email, string(x.subject.EmailAddress)},
		{askCaseUsername, "username", cloudadmin.Username, string(x.subject.PrincipalUsername)},
	} {
		compares, known := x.compares(ctx, way.by, way.name)
		if !known {
			x.answer(way.q, "not known: %s", cmp.Or(x.interrupted(), "no user was found by username"))
			continue
		}
		x.answer(way.q, "%s", yesNo(compares))
		if compares {
			differences = append(differences, "the tenant compares it in the "+way.what)
		} else {
			differences = append(differences, "the tenant ignores it in the "+way.what)
		}
	}
	switch {
	case len(differences) == 0:
		x.skip(name, "could not be compared")
	case x.answers[askCaseEmail] == "yes":
		x.note(name, strings.Join(differences, "; "), "Write addresses exactly as in the tenant: a review in lower case may miss people.")
	default:
		x.ok(name, "%s", strings.Join(differences, "; "))
	}
	return true
}

// compares reports whether a look-up by a name compares its case. That is known if the name
// itself is found, and its other spelling is found or belongs to no user.
func (x *examination) compares(ctx context.Context, by func(string) cloudadmin.Address, name string) (compares, known bool) {
	other := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, name)
	if name == "" || !cloudadmin.SameName(name, other) || name == other {
		return false, false
	}
	if _, err := x.find(ctx, by(name)); err != nil {
		return false, false
	}
	_, err := x.find(ctx, by(other))
	return err != nil, err == nil || x.isUnknownUser(err)
}

// checkLatency sends look-ups until there are enough times to compare.
func (x *examination) checkLatency(ctx context.Context) bool {
	const name = "latency"
	who := x.unusedAddress()
	if x.subject != nil && x.subject.EmailAddress != "" {
		who = cloudadmin.Email(string(x.subject.EmailAddress))
	}
	for range x.command.samples - len(x.observer.all(lookup)) {
		if _, err := x.find(ctx, who); err != nil && !x.isUnknownUser(err) {
			break
		}
	}
	times := x.latencies()
	if len(times) == 0 {
		x.skip(name, "no look-up got an answer")
		return true
	}
	x.ok(name, "%s", latencyText(times))
	return true
}

// latencies returns the times of the answered look-ups, sorted.
func (x *examination) latencies() []time.Duration {
	var times []time.Duration
	for _, e := range x.observer.all(lookup) {
		if e.status != 0 && e.status != 429 && len(times) < x.command.samples {
			times = append(times, e.took)
		}
	}
	slices.Sort(times)
	return times
}

func latencyText(times []time.Duration) string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	return fmt.Sprintf("median of %s %s, slowest %s", number(len(times), "look-up"), ms(times[len(times)/2]), ms(times[len(times)-1]))
}
