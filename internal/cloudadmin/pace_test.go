// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var mu sync.Mutex
		started := 0
		send := paced(func(context.Context, *request) ([]byte, error) {
			mu.Lock()
			started++
			mu.Unlock()
			<-release
			return nil, nil
		}, 3, 0)
		wantStarted := func(want int) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if started != want {
				t.Errorf("%d requests have started, want %d", started, want)
			}
		}
		for range 5 {
			go func() { _, _ = send(t.Context(), &request{}) }()
		}
		wantStarted(3)
		gone := errors.New("the caller went")
		ctx, cancel := context.WithCancelCause(t.Context())
		var err error
		go func() { _, err = send(ctx, &request{method: "POST", pattern: "/"}) }()
		synctest.Wait()
		cancel(gone)
		synctest.Wait()
		if !errors.Is(err, gone) {
			t.Errorf("who waited for a place and went got %v", err)
		}
		release <- struct{}{}
		wantStarted(4)
		close(release)
		wantStarted(5)
	})
}

func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		perSecond float64
		want      []time.Duration
	}{
		{"four", 4, []time.Duration{0, 250 * time.Millisecond, 500 * time.Millisecond, 750 * time.Millisecond, time.Second}},
		{"one in two seconds", 0.5, []time.Duration{0, 2 * time.Second, 4 * time.Second, 6 * time.Second, 8 * time.Second}},
		{"no bound", 0, []time.Duration{0, 0, 0, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var starts []time.Duration
				send := paced(func(context.Context, *request) ([]byte, error) {
					starts = append(starts, time.Since(begin))
					return nil, nil
				}, 1, tc.perSecond)
				for range tc.want {
					_, err := send(t.Context(), &request{})
					must(t, err)
				}
				if diff := cmp.Diff(tc.want, starts); diff != "" {
					t.Errorf("starts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestClientKeepsItsRate(t *testing.T) {
	t.Parallel()
	handler, requests := failing(0, answerAda)
	config, clock := serve(t, handler)
	config.RequestsPerSecond = 0.0001
	client := New(config)
	must(t, lookUp(t.Context(), client, ada))
	// The limiter knows at once that the turn comes too late.
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	err := lookUp(ctx, client, ada)
	if err == nil || !strings.Contains(err.Error(), "waiting to be sent at 0.0001 requests a second") {
		t.Errorf("got %v", err)
	}
	if requests.Load() != 1 || len(clock.Waits()) != 0 {
		t.Errorf("%d requests and the waits %v, want one and none", requests.Load(), clock.Waits())
	}
}

// Who waits to try again holds no place.
func TestWaitingRequestsHoldNoPlace(t *testing.T) {
	t.Parallel()
	handler, _ := failing(1, cutBody)
	config, clock := serve(t, handler)
	config.MaxConcurrentRequests = 1
	client := New(config)
	var meanwhile error
	clock.onWait = func() { meanwhile = lookUp(t.Context(), client, ada) }
	must(t, lookUp(t.Context(), client, ada))
	if meanwhile != nil || len(clock.Waits()) != 1 {
		t.Errorf("during the waits %v another look-up got %v", clock.Waits(), meanwhile)
	}
}
