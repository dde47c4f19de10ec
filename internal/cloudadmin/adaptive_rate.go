// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"sync"
	"time"
)

// The rate of requests finds the tenant's limit, which is not published. It rises with each
// answer until the first refusal. A refusal lowers it; then it climbs along a cubic curve
// that is flat just below the refused rate and ever steeper above, so that it notices a
// limit that was lifted.
const (
	// startRate and gainAtStart cost a plan of 400 pages a quarter of a second.
	startRate, gainAtStart = 100.0, 4.0
	// The first refusal may end a burst that hid the limit: the rate falls to what one
	// second admitted, if that is a large enough share of it, and climbs to goalAfterStart.
	leastAfterStart, goalAfterStart = 0.07, 0.7
	// A refusal after few answers means that the rate is still too high; one after many
	// means that the limit was just passed. Most of the climb stays below the limit.
	fewAnswers                              = 60
	afterEarly, afterLate, goalAfterRefusal = 0.7, 0.88, 0.96
	// perFurtherRefusal applies to each request refused along with the first: many refusals
	// mean that the rate was far above the limit.
	perFurtherRefusal = 0.96
	// The climb takes the same time at any rate. If it took longer at a low rate, a run
	// that shares a limit would never catch up with the others, nor soon use what they
	// leave when they end. A smaller answersToGoal would raise the share of refusals at a
	// low limit; a smaller secondsToGoal would raise what they cost at a high one.
	answersToGoal, secondsToGoal = 12, 4
	// A closed tenant is asked rarely, but often enough to notice when it opens.
	firstPause, longPause   = 500 * time.Millisecond, 5 * time.Second
	lowestRate, highestRate = 0.5, 10_000.0
	// belowConfigured compensates for timers that fire early.
	belowConfigured = 0.99
)

type adaptiveRate struct {
	ceiling float64

	mu       sync.Mutex
	starting bool
	rate     float64
	// goal is where the curve is flat; gap is how far below it the climb begins.
	goal, gap float64
	// epoch counts the refusals that changed the rate. An answer to a request from before
	// the last of them says nothing about the current rate.
	epoch, admittedSince          int
	begun, lastStart, pausedUntil time.Time
	pause                         time.Duration
}

// start is the start of one request.
type start struct {
	epoch int
	// limited is whether the rate made it wait. A rate that is not used up proves
	// nothing.
	limited bool
}

func newAdaptiveRate(perSecond float64) *adaptiveRate {
	if perSecond > 0 {
		ceiling := perSecond * belowConfigured
		return &adaptiveRate{ceiling: ceiling, rate: ceiling, goal: ceiling}
	}
	return &adaptiveRate{ceiling: highestRate, rate: startRate, starting: true}
}

func (a *adaptiveRate) untilDue() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return max(time.Until(a.lastStart.Add(a.interval())), time.Until(a.pausedUntil))
}

func (a *adaptiveRate) interval() time.Duration {
	return time.Duration(float64(time.Second) / a.rate)
}

func (a *adaptiveRate) begin(waited bool) start {
	a.mu.Lock()
	defer a.mu.Unlock()
	due, now := a.lastStart.Add(a.interval()), time.Now()
	if a.lastStart.IsZero() {
		a.begun = now
	}
	// A timer that fired late is made up for, by at most one interval.
	if a.lastStart = now; now.Sub(due) < a.interval() {
		a.lastStart = due
	}
	return start{a.epoch, waited}
}

// admitted records an answer that was not a refusal.
func (a *adaptiveRate) admitted(s start) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.epoch != a.epoch {
		return
	}
	a.admittedSince++
	a.pause = 0
	switch x := float64(a.admittedSince)/max(answersToGoal, secondsToGoal*a.goal) - 1; {
	case !s.limited:
	case a.starting:
		a.rate = min(a.rate+gainAtStart, a.ceiling)
	default:
		a.rate = min(a.goal+a.gap*x*x*x, a.ceiling)
	}
}

// refused records a refusal and the wait that its Retry-After asked for (0 for none).
func (a *adaptiveRate) refused(s start, retryAfter time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.epoch != a.epoch {
		if s.epoch == a.epoch-1 && a.rate > lowestRate {
			a.rate, a.goal, a.gap = a.rate*perFurtherRefusal, a.goal*perFurtherRefusal, a.gap*perFurtherRefusal
		}
		return
	}
	was, now := min(max(a.rate, lowestRate), a.ceiling), time.Now()
	switch {
	case a.starting:
		perSecond := float64(a.admittedSince) / max(now.Sub(a.begun).Seconds(), 1)
		a.rate, a.goal = min(max(perSecond, leastAfterStart*was), afterEarly*was), goalAfterStart*was
	case a.admittedSince == 0:
		// The tenant is closed at any rate.
	case a.admittedSince < fewAnswers:
		a.rate, a.goal = afterEarly*was, goalAfterRefusal*was
	default:
		a.rate, a.goal = afterLate*was, goalAfterRefusal*was
	}
	a.gap = a.goal - a.rate
	if a.starting || a.admittedSince == 0 {
		a.pause = min(max(2*a.pause, firstPause), longPause)
		a.pausedUntil = now.Add(max(a.pause, retryAfter))
	}
	a.starting, a.admittedSince = false, 0
	a.epoch++
}
