// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"sync"
	"time"
)

// The rate of requests finds the tenant's limit, which is published nowhere. It
// gains with each answer until the first refusal. A refusal lowers it; then it
// climbs along a cubic curve, which is flat just below where it was refused and
// ever steeper beyond, so that a limit that was lifted is noticed.
const (
	// startRate and gainAtStart cost a plan of 400 pages a quarter of a second.
	startRate, gainAtStart = 100.0, 4.0
	// The first refusal may end a burst that hid the limit: the rate falls to what
	// a second admitted, if that is so much of it, and climbs to goalAfterStart.
	leastAfterStart, goalAfterStart = 0.07, 0.7
	// A refusal after few answers says that the rate is still too high, one after many
	// that the limit was just passed. Most of the climb stays below the limit.
	fewAnswers                              = 60
	afterEarly, afterLate, goalAfterRefusal = 0.7, 0.88, 0.96
	// perFurtherRefusal is for each request refused along with the first: many say
	// that the limit was passed by much.
	perFurtherRefusal = 0.96
	// The climb takes as long whatever the rate: where several runs share a limit, a low
	// rate that took longer would never catch up with the others, nor soon take up what
	// they leave when they end. Fewer answersToGoal would raise the share of refusals at a
	// low limit, fewer secondsToGoal the time that they cost at a high one.
	answersToGoal, secondsToGoal = 12, 4
	// A closed tenant is asked rarely, but noticed when it opens.
	firstPause, longPause   = 500 * time.Millisecond, 5 * time.Second
	lowestRate, highestRate = 0.5, 10_000.0
	// belowConfigured makes up for timers that run early.
	belowConfigured = 0.99
)

type adaptiveRate struct {
	ceiling float64

	mu       sync.Mutex
	starting bool
	rate     float64
	// goal is where the curve is flat, gap how far below it the climb begins.
	goal, gap float64
	// epoch counts the refusals that were heeded: an answer to a request from
	// before the last one says nothing about the rate since.
	epoch, admittedSince          int
	begun, lastStart, pausedUntil time.Time
	pause                         time.Duration
}

// start is one request on its way.
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
	// A timer that fired late is made up for, by one interval at most.
	if a.lastStart = now; now.Sub(due) < a.interval() {
		a.lastStart = due
	}
	return start{a.epoch, waited}
}

// admitted notes an answer that was no refusal.
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

// refused notes a refusal, and what its Retry-After asked for (0: nothing).
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
		// The tenant is closed, whatever the rate.
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
