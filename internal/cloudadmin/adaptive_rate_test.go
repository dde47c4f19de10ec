// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limiter is a way in which a server counts requests.
type limiter interface{ admits(now time.Time) bool }

// bucket holds a number of tokens and gains perSecond tokens a second.
type bucket struct {
	perSecond, size, tokens float64
	last                    time.Time
}

func (b *bucket) admits(now time.Time) bool {
	if b.last.IsZero() {
		b.tokens = b.size
	} else {
		b.tokens = min(b.size, b.tokens+b.perSecond*now.Sub(b.last).Seconds())
	}
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// window admits a number of requests in each second of the clock. It starts half a second
// after the first request, as the clocks of a client and a server differ.
type window struct {
	perSecond, count int
	second           int64
}

func (w *window) admits(now time.Time) bool {
	if second := now.Add(time.Second / 2).Unix(); second != w.second {
		w.second, w.count = second, 0
	}
	w.count++
	return w.count <= w.perSecond
}

// sliding admits a number of requests in any span of a second.
type sliding struct {
	perSecond int
	admitted  []time.Time
}

func (s *sliding) admits(now time.Time) bool {
	for len(s.admitted) > 0 && now.Sub(s.admitted[0]) >= time.Second {
		s.admitted = s.admitted[1:]
	}
	if len(s.admitted) >= s.perSecond {
		return false
	}
	s.admitted = append(s.admitted, now)
	return true
}

// tenant is a server with a limit.
type tenant struct {
	admits  func(now time.Time) bool
	latency time.Duration
	// status and retryAfter are the answer to refused requests.
	status     int
	retryAfter string
}

type run struct {
	took              time.Duration
	requests, refused int
	failed            int
}

// refusedShare is a percentage.
func (r run) refusedShare() float64 { return 100 * float64(r.refused) / float64(r.requests) }

// through sends n requests from ten callers through the retries and the pace to a tenant,
// in simulated time.
func through(t *testing.T, n int, to tenant, perSecond float64) run {
	t.Helper()
	var result run
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		server := to.serving(&mu, &result, func() time.Duration { return to.latency / 2 })
		send := retried(paced(server, DefaultMaxConcurrentRequests, perSecond),
			retryPolicy{nil, fullJitter, slog.New(slog.DiscardHandler)})
		begin := time.Now()
		result.failed = sendAll(t, n, send)
		result.took = time.Since(begin)
	})
	return result
}

// serving returns the tenant as a handler, which counts in result. The network takes as
// long as there says on the way there, and half of the latency on the way back.
func (to tenant) serving(mu *sync.Mutex, result *run, there func() time.Duration) handler {
	return func(ctx context.Context, _ request) (answer, error) {
		_ = Pause(ctx, there())
		mu.Lock()
		result.requests++
		admitted := to.admits(time.Now())
		if !admitted {
			result.refused++
		}
		mu.Unlock()
		_ = Pause(ctx, to.latency/2)
		if !admitted {
			return answer{}, &Error{Status: to.status, retryAfter: to.retryAfter}
		}
		return answer{}, nil
	}
}

// limiters are the ways in which an API may count requests per second.
func limiters(perSecond int) map[string]limiter {
	rate := float64(perSecond)
	return map[string]limiter{
		"bucket of two":          &bucket{perSecond: rate, size: 2},
		"bucket of a fifth":      &bucket{perSecond: rate, size: max(rate/5, 2)},
		"bucket of a second":     &bucket{perSecond: rate, size: rate},
		"bucket of five seconds": &bucket{perSecond: rate, size: 5 * rate},
		"window":                 &window{perSecond: perSecond},
		"sliding window":         &sliding{perSecond: perSecond},
	}
}

// refusals are the ways of refusing a request.
var refusals = []struct {
	status     int
	retryAfter string
	wait       time.Duration
}{
	{http.StatusTooManyRequests, "", 0},
	{http.StatusTooManyRequests, "1", time.Second},
	{http.StatusServiceUnavailable, "1", time.Second},
}

// With default settings, whatever the limit, the way of counting, the way of refusing and
// the latency: at most 10 % of the requests are refused (13 % at one request per second),
// each is retried, and the run takes at most a fifth longer than the limit and ten
// connections need, apart from learning the limit and the first and last Retry-After. The
// guide to rate limits promises this.
func TestPaceFindsTheLimit(t *testing.T) {
	t.Parallel()
	const learning = 3 * time.Second
	for _, n := range []int{300, 1000, 10_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			rates := []int{1, 5, 10, 20, 40, 80, 200, 500}
			latencies := []time.Duration{5 * time.Millisecond, 20 * time.Millisecond, 200 * time.Millisecond}
			switch n { // Long after the limit is learned, little depends on the rest.
			case 1000:
				rates = []int{1, 20, 80, 500}
			case 10_000:
				rates, latencies = []int{500}, []time.Duration{50 * time.Millisecond}
			}
			for _, perSecond := range rates {
				for _, latency := range latencies {
					for _, refusal := range refusals {
						for kind, limit := range limiters(perSecond) {
							got := through(t, n, tenant{limit.admits, latency, refusal.status, refusal.retryAfter}, 0)
							ideal := max(time.Duration(n)*time.Second/time.Duration(perSecond), time.Duration(n)*latency/10)
							most := ideal*6/5 + learning + 2*refusal.wait
							mostRefused := 10.0
							if perSecond == 1 {
								mostRefused = 13
							}
							if got.took > most || got.failed > 0 || got.refusedShare() > mostRefused {
								t.Errorf("%s of %d/s, %s, %d with Retry-After %q: %s (at most %s), %.1f %% refused, %d failed", kind, perSecond,
									latency, refusal.status, refusal.retryAfter, got.took, most, got.refusedShare(), got.failed)
							}
						}
					}
				}
			}
		})
	}
}

func TestConfiguredRateIsNeverRefused(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []int{5, 40, 200} {
		for kind, limit := range limiters(perSecond) {
			got := through(t, 300, tenant{admits: limit.admits, latency: 20 * time.Millisecond}, float64(perSecond))
			most := time.Duration(1.1*300/float64(perSecond)*float64(time.Second)) + time.Second
			if got.refused > 0 || got.took > most {
				t.Errorf("%s of %d/s: %d refused, %s (at most %s)", kind, perSecond, got.refused, got.took, most)
			}
		}
	}
}

// Refusals must not make the rate pass the limit when it climbs again.
func TestConfiguredRateIsNeverPassed(t *testing.T) {
	t.Parallel()
	const perSecond = 50
	asked, last := 0, time.Time{}
	through(t, 1000, tenant{func(now time.Time) bool {
		if gap := now.Sub(last); gap < time.Second/perSecond {
			t.Errorf("request %d came %s after the one before", asked, gap)
		}
		asked, last = asked+1, now
		return asked%100 != 50
	}, 20 * time.Millisecond, http.StatusTooManyRequests, ""}, perSecond)
}

// A plan of 400 pages without a limit takes at most 0.3 s longer than ten connections need.
func TestUnlimitedServerIsHardlyHeldUp(t *testing.T) {
	t.Parallel()
	const pages, latency = 400, 20 * time.Millisecond
	got := through(t, pages, tenant{admits: func(time.Time) bool { return true }, latency: latency}, 0)
	if most := pages*latency/10 + 300*time.Millisecond; got.took > most {
		t.Errorf("%d requests took %s, want at most %s", pages, got.took, most)
	}
}

// The limit is shared with others: what they no longer use is used again.
func TestPaceFindsBackToFullSpeed(t *testing.T) {
	t.Parallel()
	crowded, begin := &bucket{perSecond: 10, size: 10}, time.Time{}
	got := through(t, 2000, tenant{func(now time.Time) bool {
		if begin.IsZero() {
			begin = now
		}
		return now.Sub(begin) > 20*time.Second || crowded.admits(now)
	}, 20 * time.Millisecond, http.StatusTooManyRequests, ""}, 0)
	if most := time.Minute; got.took > most || got.failed > 0 {
		t.Errorf("2,000 requests, of which the first 20 s admit 10/s, took %s, want at most %s; %d failed", got.took, most, got.failed)
	}
}

// One or two refusals at the start, when little is known, must not slow down the run.
func TestPaceForgivesTheFirstRefusals(t *testing.T) {
	t.Parallel()
	asked := 0
	got := through(t, 100, tenant{func(time.Time) bool { asked++; return asked > 2 }, 20 * time.Millisecond, http.StatusTooManyRequests, ""}, 0)
	if most := 10 * time.Second; got.took > most || got.failed > 0 {
		t.Errorf("100 requests, of which the first two were refused, took %s, want at most %s; %d failed", got.took, most, got.failed)
	}
}
