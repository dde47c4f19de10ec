// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"log/slog"
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
		send := paced(func(context.Context, request) (answer, error) {
			mu.Lock()
			started++
			mu.Unlock()
			<-release
			return answer{}, nil
		}, 3, highestRate)
		wantStarted := func(want int) {
			t.Helper()
			must(t, Pause(t.Context(), time.Second))
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if started != want {
				t.Errorf("%d requests have started, want %d", started, want)
			}
		}
		for range 5 {
			go func() { _, _ = send(t.Context(), request{}) }()
		}
		wantStarted(3)
		gone := errors.New("the caller left")
		ctx, cancel := context.WithCancelCause(t.Context())
		var err error
		go func() { _, err = send(ctx, request{method: "POST", pattern: "/"}) }()
		synctest.Wait()
		cancel(gone)
		synctest.Wait()
		if !errors.Is(err, gone) {
			t.Errorf("the canceled request that waited for a place got %v", err)
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
		// A hundredth slower, because timers fire early.
		{"99 in a hundred seconds", 1 / 0.99, []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}},
		{"one in two seconds", 0.5 / 0.99, []time.Duration{0, 2 * time.Second, 4 * time.Second, 6 * time.Second}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				var starts []time.Duration
				send := paced(func(context.Context, request) (answer, error) {
					starts = append(starts, time.Since(begin))
					return answer{}, nil
				}, 1, tc.perSecond)
				for range tc.want {
					_, err := send(t.Context(), request{})
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
	config, waits := serve(t, handler)
	config.RequestsPerSecond = 0.0001
	client := New(config)
	must(t, lookUp(t.Context(), client, ada))
	// The request fails at once, because its turn would come too late.
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	err := lookUp(ctx, client, ada)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "waiting to be sent") {
		t.Errorf("got %v", err)
	}
	if requests.Load() != 1 || len(waits.all()) != 0 {
		t.Errorf("%d requests and the waits %v, want one and none", requests.Load(), waits.all())
	}
}

// A request that waits to be retried takes no place.
func TestWaitingRequestsHoldNoPlace(t *testing.T) {
	t.Parallel()
	sent := 0
	send := paced(func(context.Context, request) (answer, error) {
		if sent++; sent == 1 {
			return answer{}, &ConnectionError{cause: errors.New("cut")}
		}
		return answer{}, nil
	}, 1, highestRate)
	meanwhile := errors.New("nothing was sent during the wait")
	log := &waits{onWait: func() { _, meanwhile = send(t.Context(), request{}) }}
	_, err := retried(send, retryPolicy{new(1), fullJitter, slog.New(log)})(t.Context(), request{})
	must(t, err)
	must(t, meanwhile)
}
