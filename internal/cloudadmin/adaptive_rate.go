// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"sync"
	"time"
)

// The rate of requests finds the tenant's limit, which is published nowhere. It
// gains with each answer until the first refusal. Each refusal lowers it; then it
// climbs along a cubic curve that is flat just below where it was refused, and
// steep again beyond, so that a limit that was lifted is noticed.
const (
	// startRate and gainAtStart cost a plan of 400 pages a quarter of a second.
	startRate, gainAtStart = 100.0, 4.0
	// The first refusal may follow a burst that hid the limit: the rate falls to
	// what a second admitted, within these shares, and climbs to goalAfterStart.
	leastAfterStart, mostAfterStart, goalAfterStart = 0.07, 0.5, 0.75
	// A refusal on the climb says that the rate is still too high, one from beyond
	// its goal that it has just passed the limit.
	afterEarly, afterLate, goalAfterRefusal = 0.7, 0.88, 0.96
	// perFurtherRefusal is for each request refused along with the first: many say
	// that the rate was far above the limit.
	perFurtherRefusal = 0.97
	// The climb takes so many answers, which bounds the share of refusals, and so
	// many seconds, since a refusal costs time, too.
	answersToGoal, secondsToGoal = 100, 4
	firstPause, longPause        = 300 * time.Millisecond, 5 * time.Second
	lowestRate, highestRate      = 0.5, 10_000.0
	// belowConfigured makes up for timers that run early.
	belowConfigured = 0.99
)

type adaptiveRate struct {
	ceiling float64

	mu       sync.Mutex
	rate     float64
	starting bool
	// goal is where the curve is flat, gap how far below it the climb began.
	goal, gap float64
	// lastStart and pausedUntil say when the next request may start.
	lastStart, pausedUntil time.Time
	pause                  time.Duration
	// epoch counts the reductions: an answer to a request from before the last
	// one says nothing about the rate since.
	epoch         int
	begun         time.Time
	admittedSince int
}

// start is one request on its way.
type start struct {
	epoch int
	// limited is whether the rate made it wait. A rate that nobody uses up
	// proves nothing.
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
	if a.begun.IsZero() {
		a.begun = now
	}
	a.lastStart = now
	// A timer that fired late is made up for, by one interval at most.
	if now.Sub(due) < a.interval() {
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
	switch climbed := float64(a.admittedSince) / max(answersToGoal, secondsToGoal*a.goal); {
	case !s.limited:
	case a.starting:
		a.rate = min(a.rate+gainAtStart, a.ceiling)
	default:
		a.rate = min(a.goal+a.gap*(climbed-1)*(climbed-1)*(climbed-1), a.ceiling)
	}
}

// refused notes a 429, and what its Retry-After asked for (0: nothing).
func (a *adaptiveRate) refused(s start, retryAfter time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.epoch != a.epoch {
		if s.epoch == a.epoch-1 {
			a.rate, a.goal, a.gap = a.rate*perFurtherRefusal, a.goal*perFurtherRefusal, a.gap*perFurtherRefusal
		}
		return
	}
	was, now := min(max(a.rate, lowestRate), a.ceiling), time.Now()
	a.rate, a.goal = afterLate*was, goalAfterRefusal*was
	switch {
	case a.starting:
		perSecond := float64(a.admittedSince) / max(now.Sub(a.begun).Seconds(), 1)
		a.rate, a.goal = min(max(perSecond, leastAfterStart*was), mostAfterStart*was), goalAfterStart*was
	case a.admittedSince < answersToGoal:
		a.rate = afterEarly * was
	}
	a.gap = a.goal - a.rate
	if a.starting || a.admittedSince == 0 {
		// The tenant is closed for now: asking on would only be refused.
		a.pause = min(max(2*a.pause, firstPause), longPause)
		a.pausedUntil = now.Add(max(a.pause, retryAfter))
	}
	a.starting, a.admittedSince = false, 0
	a.epoch++
}
