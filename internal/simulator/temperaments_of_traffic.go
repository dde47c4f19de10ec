// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// Possible forms of Retry-After.
const (
	retryAfterSeconds = "seconds"
	retryAfterNone    = "none"
	retryAfterDate    = "date"
)

const noRateLimit = "none"

var trafficTemperamentTable = []Temperament{
	{
		Name: "rate-limit", Method: "SetRateLimit", Answers: []string{noRateLimit}, Others: anyNumber,
		Decides:    "How many requests per second are served, including those to the token endpoint, after a burst of as many; the others are answered with 429.",
		Documented: "429 means too many requests; how many are too many is not documented.",
		set: func(t *Tenant, answer string) {
			perSecond, _ := strconv.ParseFloat(answer, 64) // 0 for "none"
			t.SetRateLimit(perSecond, int(perSecond))
		},
		get: func(t *Tenant) string { return t.traffic.rateLimit() },
	},
	{
		Name: "retry-after", Method: "AnswerRetryAfter", Answers: []string{retryAfterSeconds, retryAfterNone, retryAfterDate},
		Decides:    "Whether the header Retry-After of a 429 is in seconds, a date, or absent (none). It matters only with a rate limit.",
		Documented: "Whether a 429 has the header Retry-After is not documented.",
		set:        (*Tenant).AnswerRetryAfter,
		get: func(t *Tenant) string {
			t.traffic.mu.Lock()
			defer t.traffic.mu.Unlock()
			return textOr(t.traffic.disturbance.retryAfter, retryAfterSeconds)
		},
	},
	{
		Name: "byte-order-mark", Method: "MarkByteOrder", Answers: []string{off, on},
		Decides:    "Whether every JSON answer begins with a byte order mark.",
		Documented: "Answers are JSON; the encoding is not documented.",
		set:        setFlag((*Tenant).MarkByteOrder),
		get:        func(t *Tenant) string { return onOff(t.traffic.marksBytes()) },
	},
}

// SetRateLimit serves a burst of requests and then a number of them per second, including
// those to the token endpoint. Beyond that the answer is 429, with a Retry-After in whole
// seconds unless [Tenant.AnswerRetryAfter] changes it. 0 per second switches the limit off.
func (t *Tenant) SetRateLimit(perSecond float64, burst int) {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.disturbance.limiter = nil
	if perSecond > 0 {
		t.traffic.disturbance.limiter = rate.NewLimiter(rate.Limit(perSecond), max(burst, 1))
	}
}

// AnswerRetryAfter sets the form of Retry-After beyond the rate limit, by an answer of the
// switch retry-after.
func (t *Tenant) AnswerRetryAfter(answer string) {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.disturbance.retryAfter = answer
}

// MarkByteOrder puts a byte order mark before every JSON answer, including those of the
// token endpoint and of faults.
func (t *Tenant) MarkByteOrder(on bool) {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.disturbance.markBytes = on
}

func (f *traffic) rateLimit() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.disturbance.limiter == nil {
		return noRateLimit
	}
	return strconv.FormatFloat(float64(f.disturbance.limiter.Limit()), 'f', -1, 64)
}

func (f *traffic) marksBytes() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.disturbance.markBytes
}

// delay takes a turn under the rate limit and returns 0, or returns how long it is until
// the next turn.
func (f *traffic) delay() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	limiter := f.disturbance.limiter
	if limiter == nil {
		return 0
	}
	turn := limiter.Reserve()
	delay := turn.Delay()
	if delay > 0 {
		turn.Cancel()
	}
	return delay
}

// retryAfter returns the header that asks a client to wait, or an empty string.
func (t *Tenant) retryAfter(delay time.Duration) string {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	switch t.traffic.disturbance.retryAfter {
	case retryAfterNone:
		return ""
	case retryAfterDate:
		return t.clockTime().Add(delay + time.Second).UTC().Format(http.TimeFormat) // which drops the fraction
	}
	return strconv.Itoa(int(math.Ceil(delay.Seconds())))
}
