// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limiter is a way in which a server counts requests.
type limiter interface{ admits(now time.Time) bool }

// bucket holds so many tokens and gains perSecond of them.
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

// window admits so many in each second of the clock.
type window struct {
	perSecond, count int
	second           int64
}

func (w *window) admits(now time.Time) bool {
	if now.Unix() != w.second {
		w.second, w.count = now.Unix(), 0
	}
	w.count++
	return w.count <= w.perSecond
}

// sliding admits so many in any span of a second.
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

type run struct {
	took              time.Duration
	requests, refused int
	failed            int
}

// through sends n requests by ten callers through the retries and the pace to a
// server with a limiter, in simulated time.
func through(t *testing.T, n int, limit func(now time.Time) bool, latency time.Duration, retryAfter string, perSecond float64) run {
	t.Helper()
	var result run
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		server := func(ctx context.Context, _ request) (answer, error) {
			_ = pause(ctx, latency/2)
			mu.Lock()
			result.requests++
			admitted := limit(time.Now())
			if !admitted {
				result.refused++
			}
			mu.Unlock()
			_ = pause(ctx, latency/2)
			if !admitted {
				return answer{}, &Error{Status: http.StatusTooManyRequests, retryAfter: retryAfter}
			}
			return answer{}, nil
		}
		send := retried(paced(server, DefaultMaxConcurrentRequests, perSecond),
			retryPolicy{nil, fullJitter, slog.New(slog.DiscardHandler)})
		begin := time.Now()
		work := make(chan int)
		var callers sync.WaitGroup
		for range 10 {
			callers.Go(func() {
				for range work {
					if _, err := send(t.Context(), request{}); err != nil {
						mu.Lock()
						result.failed++
						mu.Unlock()
					}
				}
			})
		}
		for i := range n {
			work <- i
		}
		close(work)
		callers.Wait()
		result.took = time.Since(begin)
	})
	return result
}

// limiters are the ways of counting that an API may have behind "so many a
// second".
func limiters(perSecond int) map[string]limiter {
	return map[string]limiter{
		"bucket of a second": &bucket{perSecond: float64(perSecond), size: float64(perSecond)},
		"bucket of a fifth":  &bucket{perSecond: float64(perSecond), size: max(float64(perSecond)/5, 2)},
		"window":             &window{perSecond: perSecond},
		"sliding window":     &sliding{perSecond: perSecond},
	}
}

// With no knob set: at most a tenth slower than the limit allows, but for the
// start-up, with a twentieth refused.
func TestPaceFindsTheLimit(t *testing.T) {
	t.Parallel()
	const startUp = time.Second
	for _, perSecond := range []int{5, 10, 20, 40, 80, 200} {
		for _, retryAfter := range []string{"", "1"} {
			for _, n := range []int{300, 1000} {
				limit := limiters(perSecond)["bucket of a second"].admits
				got := through(t, n, limit, 20*time.Millisecond, retryAfter, 0)
				most := time.Duration(1.1*float64(n)/float64(perSecond)*float64(time.Second)) + startUp
				if got.took > most || got.failed > 0 || 20*got.refused > got.requests {
					t.Errorf("%d users at %d/s, Retry-After %q: %s (at most %s), %d of %d refused, %d failed",
						n, perSecond, retryAfter, got.took, most, got.refused, got.requests, got.failed)
				}
			}
		}
	}
}

// However the server counts, nobody fails and few are refused.
func TestPaceSurvivesEveryWayToCount(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []int{5, 40, 200} {
		for _, retryAfter := range []string{"", "1"} {
			for kind, limit := range limiters(perSecond) {
				got := through(t, 300, limit.admits, 20*time.Millisecond, retryAfter, 0)
				most := time.Duration(2*300/float64(perSecond)*float64(time.Second)) + time.Second
				if got.took > most || got.failed > 0 || 10*got.refused > got.requests {
					t.Errorf("%s of %d/s, Retry-After %q: %s (at most %s), %d of %d refused, %d failed",
						kind, perSecond, retryAfter, got.took, most, got.refused, got.requests, got.failed)
				}
			}
		}
	}
}

func TestConfiguredRateIsNeverRefused(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []int{5, 40, 200} {
		for kind, limit := range limiters(perSecond) {
			got := through(t, 300, limit.admits, 20*time.Millisecond, "", float64(perSecond))
			most := time.Duration(1.1*300/float64(perSecond)*float64(time.Second)) + time.Second
			if got.refused > 0 || got.took > most {
				t.Errorf("%s of %d/s: %d refused, %s (at most %s)", kind, perSecond, got.refused, got.took, most)
			}
		}
	}
}

func TestUnlimitedServerIsHardlyHeldUp(t *testing.T) {
	t.Parallel()
	got := through(t, 1000, func(time.Time) bool { return true }, 20*time.Millisecond, "", 0)
	// Ten callers at 20 ms each send 500 a second.
	if most := 3 * time.Second; got.took > most {
		t.Errorf("1,000 requests took %s, want at most %s", got.took, most)
	}
}

// The limit is shared with others: what they leave is used again.
func TestPaceFindsBackToFullSpeed(t *testing.T) {
	t.Parallel()
	crowded, begin := &bucket{perSecond: 10, size: 10}, time.Time{}
	got := through(t, 2000, func(now time.Time) bool {
		if begin.IsZero() {
			begin = now
		}
		return now.Sub(begin) > 20*time.Second || crowded.admits(now)
	}, 20*time.Millisecond, "", 0)
	if most := time.Minute; got.took > most || got.failed > 0 {
		t.Errorf("2,000 requests, of which the first 20 s admit 10/s, took %s, want at most %s; %d failed", got.took, most, got.failed)
	}
}

// A refusal or two at the start, when little is known, must not cost the run.
func TestPaceForgivesTheFirstRefusals(t *testing.T) {
	t.Parallel()
	asked := 0
	got := through(t, 100, func(time.Time) bool { asked++; return asked > 2 }, 20*time.Millisecond, "", 0)
	if most := 10 * time.Second; got.took > most || got.failed > 0 {
		t.Errorf("100 requests, of which the first two were refused, took %s, want at most %s; %d failed", got.took, most, got.failed)
	}
}
