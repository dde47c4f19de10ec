// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"math"
	"sync"
	"time"
)

// The rate of requests finds the tenant's limit, which is published nowhere, with
// as few refusals as it can.
//
// It starts slowly and gains with each answer until the first refusal. After that
// a refusal that comes soon says how far above the limit the rate is, by the share
// that was admitted before it; one that comes late says that the rate has just
// passed the limit. What was admitted between two refusals bounds the limit from
// below, however the tenant counts. After each refusal the rate creeps back, at a
// pace that takes some fifty answers to where it was refused, and then ever
// faster; close to the limit only once the last refusals are a small share.
const (
	startRate = 20.0
	// gainAtStart per answer doubles the rate about five times a second.
	gainAtStart = 3.5
	lowestRate  = 0.5
	highestRate = 10_000.0
	// belowLimit keeps the rate from being refused again at once.
	belowLimit = 0.97
	// belowConfigured makes up for timers that run early.
	belowConfigured = 0.99
	// answersToLimit is how many answers lead back to where it was refused.
	answersToLimit = 50
	leastGain      = 0.0008
	mostGain       = 0.04
	// The gain doubles with every gainAnswers and every gainTime without a
	// refusal, whichever is later, so that a limit that was lifted is noticed.
	gainAnswers = 60
	gainTime    = 4 * time.Second
	// answersForRefusal have to come in before the rate passes the limit again.
	answersForRefusal = 30
	// enoughAnswers between two refusals tell something about the limit.
	enoughAnswers = 8
	// boundOver so long a time, where the refusals reach back.
	boundOver = 5 * time.Second

	firstPause = 200 * time.Millisecond
	longPause  = 5 * time.Second
	// rememberedRefusals are enough for boundOver at any sane rate.
	rememberedRefusals = 32
)

type adaptiveRate struct {
	now     func() time.Time
	ceiling float64

	mu       sync.Mutex
	rate     float64
	starting bool
	// gain is the part of the rate that each answer adds.
	gain float64
	// lastStart and pausedUntil say when the next request may start.
	lastStart, pausedUntil time.Time
	pause                  time.Duration
	// epoch counts the reductions: an answer to a request from before the last
	// one says nothing about the rate since.
	epoch int
	// since the last reduction; lastCost is how many refusals it took.
	admittedSince, lastCost int
	reducedAt               time.Time
	// in all.
	admittedTotal int
	refusals      []refusal
	// recent are the times of the last answers, for the rate of the last second.
	recent []time.Time
}

// refusal is when the tenant's allowance was used up, and what it had admitted
// by then.
type refusal struct {
	at       time.Time
	admitted int
}

// start is one request on its way.
type start struct {
	epoch int
	// limited is whether the rate made it wait. A rate that nobody uses up
	// proves nothing.
	limited bool
}

func newAdaptiveRate(perSecond float64, now func() time.Time) *adaptiveRate {
	a := &adaptiveRate{now: now, ceiling: highestRate, rate: startRate, starting: true}
	if perSecond > 0 {
		a.ceiling = perSecond * belowConfigured
		a.rate, a.starting = a.ceiling, false
	}
	return a
}

func (a *adaptiveRate) untilDue() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	due := a.lastStart.Add(a.interval())
	if a.pausedUntil.After(due) {
		due = a.pausedUntil
	}
	return due.Sub(a.now())
}

func (a *adaptiveRate) interval() time.Duration {
	return time.Duration(float64(time.Second) / a.rate)
}

func (a *adaptiveRate) begin(waited bool) start {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	// A timer that fired late is made up for, by one interval at most.
	if due := a.lastStart.Add(a.interval()); now.Sub(due) < a.interval() && !a.lastStart.IsZero() {
		a.lastStart = due
	} else {
		a.lastStart = now
	}
	return start{a.epoch, waited}
}

// admitted notes an answer that was no refusal.
func (a *adaptiveRate) admitted(s start) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.admittedTotal++
	a.recent = append(a.lastSecond(now), now)
	if s.epoch != a.epoch {
		return
	}
	a.admittedSince++
	a.pause = 0
	if !s.limited {
		return
	}
	switch {
	case a.starting:
		a.rate += gainAtStart
	case a.gain > leastGain || a.admittedSince > answersForRefusal*a.lastCost:
		doublings := min(float64(a.admittedSince)/gainAnswers, now.Sub(a.reducedAt).Seconds()/gainTime.Seconds())
		a.rate *= 1 + min(a.gain*math.Exp2(max(doublings-1, 0)), mostGain)
	}
	a.rate = min(a.rate, a.ceiling)
}

// refused notes a 429, and what its Retry-After asked for (0: nothing).
func (a *adaptiveRate) refused(s start, retryAfter time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.epoch != a.epoch {
		if s.epoch == a.epoch-1 {
			a.lastCost++
		}
		return
	}
	now := a.now()
	a.recent = a.lastSecond(now)
	bound, limit := a.lowerBound(now), a.rate
	switch admitted, recent := float64(a.admittedSince), float64(len(a.recent)); {
	case a.starting:
		a.stop(now, retryAfter)
		if recent > 0 {
			limit = recent / min(1, now.Sub(a.recent[0]).Seconds()+a.interval().Seconds())
			a.rate = min(a.rate, max(belowLimit*recent, startRate/4))
		}
	case a.admittedSince == 0:
		a.stop(now, retryAfter)
	case a.admittedSince < enoughAnswers:
		a.rate *= max(admitted/(admitted+1), 0.5)
	default:
		a.rate = belowLimit * max(bound, 0.8*a.rate)
	}
	a.rate = min(max(a.rate, belowLimit*bound, lowestRate), a.ceiling)
	a.gain = min(max(math.Log(limit/a.rate)/answersToLimit, leastGain), mostGain)
	a.refusals = append(a.refusals, refusal{now, a.admittedTotal})
	if len(a.refusals) > rememberedRefusals {
		a.refusals = a.refusals[1:]
	}
	a.starting, a.admittedSince, a.lastCost, a.reducedAt = false, 0, 1, now
	a.epoch++
}

// stop lets nothing start for a while: the tenant is closed for now, and asking
// on would only be refused.
func (a *adaptiveRate) stop(now time.Time, retryAfter time.Duration) {
	a.pause = min(max(2*a.pause, firstPause), longPause)
	a.pausedUntil = now.Add(max(a.pause, retryAfter))
}

// lowerBound is what the tenant has admitted in a second since an earlier
// refusal: the oldest of late, or the latest that is long enough ago to tell.
func (a *adaptiveRate) lowerBound(now time.Time) (perSecond float64) {
	for _, earlier := range a.refusals {
		admitted, passed := a.admittedTotal-earlier.admitted, now.Sub(earlier.at)
		if admitted < enoughAnswers {
			break
		}
		perSecond = float64(admitted) / passed.Seconds()
		if passed <= boundOver {
			break
		}
	}
	return perSecond
}

func (a *adaptiveRate) lastSecond(now time.Time) []time.Time {
	old := 0
	for old < len(a.recent) && now.Sub(a.recent[old]) > time.Second {
		old++
	}
	return a.recent[old:]
}
