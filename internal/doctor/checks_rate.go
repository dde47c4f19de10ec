// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"slices"
	"strings"
)

// checkRate reports what was seen of a rate limit.
func (x *examination) checkRate(context.Context) bool {
	const name = "rate limit"
	x.concludeTraffic()
	refused := x.answers[askThrottled] != "no"
	headers := x.answers[askRateHeaders]
	switch {
	case refused:
		x.note(name, "429 was seen, "+strings.TrimPrefix(x.answers[askThrottled], "yes, "), "Everything that uses the API shares the limit. The provider finds its pace by itself; requests_per_second limits it.")
	case headers != "none":
		x.ok(name, "no request was refused; headers: %s", headers)
	default:
		x.ok(name, "no request was refused, no header mentions a limit")
	}
	return true
}

// concludeTraffic answers the questions that all exchanges together answer.
func (x *examination) concludeTraffic() {
	if x.observer == nil {
		return
	}
	var rate, identity, otherCase []string
	throttled, retryAfter, form := 0, "", ""
	marks, answers := 0, 0
	for _, e := range x.observer.all("") {
		rate, identity = append(rate, e.rate...), append(identity, e.identity...)
		if e.status == 429 {
			throttled++
			retryAfter, form = e.retryAfter, e.body.refusal()
		}
		if e.kind == lookup || e.kind == search || e.kind == put {
			otherCase = append(otherCase, e.body.otherCase...)
			if e.status != 0 && e.body.length > 0 {
				answers++
			}
			if e.body.byteOrderMark {
				marks++
			}
		}
	}
	if len(x.observer.all("")) > 0 {
		x.answer(askThrottled, "no")
		x.answer(askRateHeaders, "%s", headerNames(rate))
		x.answer(askRequestIdentity, "%s", headerNames(identity))
	}
	if throttled > 0 {
		text := "without Retry-After"
		if retryAfter != "" {
			text = "with Retry-After: " + retryAfter
		}
		x.answer(askThrottled, "yes, %s, %s; %d of %d requests", text, form, throttled, len(x.observer.all("")))
	}
	if answers > 0 {
		x.answer(askByteOrderMark, "%s", yesNo(marks > 0))
		if len(otherCase) == 0 {
			x.answer(askOtherCase, "no")
		} else {
			x.answer(askOtherCase, "yes: %s", propertyNames(distinct(otherCase)))
		}
	}
}

// headerWords are the words that known names of headers consist of.
var headerWords = strings.Fields("x rate limit ratelimit remaining reset policy used retry after quota throttle throttling request requests correlation trace traceparent id")

// headerNames lists names of headers; an unknown one may be the tenant's own text.
func headerNames(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	names = distinct(names)
	for i, name := range names {
		for word := range strings.SplitSeq(strings.ToLower(name), "-") {
			if !slices.Contains(headerWords, word) {
				names[i] = foreign(name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// distinct returns each of them once, sorted.
func distinct(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}
