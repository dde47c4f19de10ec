// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

// paced limits the requests in flight, and starts them at the rate that the tenant has
// admitted so far. It is inside the retries, so that a request that waits to be retried
// takes no place, and sees every answer, so that one refusal slows all requests.
func paced(next handler, concurrent int, perSecond float64) handler {
	places := semaphore.NewWeighted(int64(concurrent))
	turn := semaphore.NewWeighted(1)
	rate := newAdaptiveRate(perSecond)
	return func(ctx context.Context, r request) (answer, error) {
		if places.Acquire(ctx, 1) != nil {
			return answer{}, waitingError(r, context.Cause(ctx))
		}
		defer places.Release(1)
		start, err := rate.wait(ctx, turn)
		if err != nil {
			return answer{}, waitingError(r, err)
		}
		a, err := next(ctx, r)
		switch retryAfter, throttled := throttling(err, time.Now()); {
		case throttled:
			rate.refused(start, retryAfter)
		case answeredByServer(err):
			rate.admitted(start)
		}
		return a, err
	}
}

// waitingError returns why a request was not sent.
func waitingError(r request, cause error) error {
	return fmt.Errorf("%s %s: waiting to be sent: %w", r.method, r.name(), cause)
}

// throttling reports whether the server asked for fewer requests.
func throttling(err error, now time.Time) (time.Duration, bool) {
	var refusal *Error
	if !errors.As(err, &refusal) {
		return 0, false
	}
	wait, asked := retryAfter(err, now)
	return wait, refusal.Status == http.StatusTooManyRequests || (refusal.Status == http.StatusServiceUnavailable && asked)
}

func answeredByServer(err error) bool {
	var refusal *Error
	return err == nil || errors.As(err, &refusal)
}

// wait returns when it is a request's turn to start. One request at a time waits for the
// rate; the others wait for the turn, so that a rate that falls meanwhile applies to all of
// them.
func (a *adaptiveRate) wait(ctx context.Context, turn *semaphore.Weighted) (start, error) {
	if turn.Acquire(ctx, 1) != nil {
		return start{}, context.Cause(ctx)
	}
	defer turn.Release(1)
	for waited := false; ; waited = true {
		due := a.untilDue()
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < due {
			return start{}, context.DeadlineExceeded
		}
		if due <= 0 {
			return a.begin(waited), nil
		}
		if err := Pause(ctx, due); err != nil {
			return start{}, err
		}
	}
}
