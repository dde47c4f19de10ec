// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Ten runs share one tenant's limit, five at a time, as the workspaces of an organization
// do: no run starves, nor is the limit left unused when the others have ended. The guide
// Beyond one machine promises it.
func TestRunsShareALimit(t *testing.T) {
	t.Parallel()
	const runs, atOnce = 10, 5
	for _, perSecond := range []int{20, 50, 100} {
		requests := max(800, 16*perSecond)
		// A bucket of two is emptied by two runs that happen to meet.
		for _, kind := range []string{"bucket of a fifth", "bucket of a second", "bucket of five seconds", "window", "sliding window"} {
			for _, retryAfter := range []string{"", "1"} {
				limit := limiters(perSecond)[kind]
				got := shared(t, runs, atOnce, requests, tenant{limit.admits, 20 * time.Millisecond, http.StatusTooManyRequests, retryAfter})
				ideal := time.Duration(runs*requests) * time.Second / time.Duration(perSecond)
				if most := ideal * 3 / 2; got.took > most || got.failed > 0 || got.refusedShare() > 10 {
					t.Errorf("%s of %d/s, Retry-After %q: %s (at most %s), %.1f %% refused, %d failed", kind, perSecond,
						retryAfter, got.took, most, got.refusedShare(), got.failed)
				}
			}
		}
	}
}

// shared has runs with a pace of their own send requests to one tenant, in simulated
// time. The network delays each request by another time, so that they do not keep step.
func shared(t *testing.T, runs, atOnce, requests int, to tenant) run {
	t.Helper()
	var result run
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // The same in each run of the test.
		server := to.serving(&mu, &result, func() time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return time.Duration(random.Int64N(int64(to.latency)))
		})
		begin := time.Now()
		slots := make(chan struct{}, atOnce)
		var all sync.WaitGroup
		for range runs {
			all.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				send := retried(paced(server, DefaultMaxConcurrentRequests, 0), retryPolicy{nil, fullJitter, slog.New(slog.DiscardHandler)})
				failed := sendAll(t, requests, send)
				mu.Lock()
				defer mu.Unlock()
				result.failed += failed
			})
		}
		all.Wait()
		result.took = time.Since(begin)
	})
	return result
}

// sendAll sends so many requests by ten callers, and returns how many failed.
func sendAll(t *testing.T, n int, send handler) (failed int) {
	t.Helper()
	var mu sync.Mutex
	work := make(chan int)
	var callers sync.WaitGroup
	for range 10 {
		callers.Go(func() {
			for range work {
				if _, err := send(t.Context(), request{}); err != nil {
					mu.Lock()
					failed++
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
	return failed
}
