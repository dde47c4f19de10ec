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

// checkCase looks the same user up in another case of letters.
func (x *examination) checkCase(ctx context.Context) bool {
	const name = "letter case"
	if x.subject == nil {
		x.skip(name, "needs a user who is found")
		return true
	}
	var said []string
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
			x.answer(way.q, "not known: %s", cmp.Or(x.interrupted(), "no user with one was found by it"))
			continue
		}
		x.answer(way.q, "%s", yesNo(compares))
		if compares {
			said = append(said, "it counts in the "+way.what)
		} else {
			said = append(said, "it does not count in the "+way.what)
		}
	}
	switch {
	case len(said) == 0:
		x.skip(name, "could not be compared")
	case x.answers[askCaseEmail] == "yes":
		x.note(name, strings.Join(said, "; "), "Write addresses as the tenant has them: a review in lower case may miss people.")
	default:
		x.ok(name, "%s", strings.Join(said, "; "))
	}
	return true
}

// compares reports whether a look-up by a name compares its case. It is known where
// the name itself is found and its other spelling is found or is nobody's.
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
	return err != nil, err == nil || x.isNobody(err)
}

// checkLatency looks up until there are enough times to compare.
func (x *examination) checkLatency(ctx context.Context) bool {
	const name = "latency"
	who := x.nobody()
	if x.subject != nil && x.subject.EmailAddress != "" {
		who = cloudadmin.Email(string(x.subject.EmailAddress))
	}
	for range x.command.samples - len(x.observer.all(lookup)) {
		if _, err := x.find(ctx, who); err != nil && !x.isNobody(err) {
			break
		}
	}
	times := x.latencies()
	if len(times) == 0 {
		x.skip(name, "no look-up was answered")
		return true
	}
	x.ok(name, "%s", latencyText(times))
	return true
}

// latencies are the times of the look-ups that were answered, sorted.
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
