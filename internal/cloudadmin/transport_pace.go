// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// paced lets so many requests be in flight, and so many start in a second. It
// stands inside the retries, so that who waits to try again holds no place.
func paced(next handler, concurrent int, perSecond float64) handler {
	places := semaphore.NewWeighted(int64(concurrent))
	starts := rate.NewLimiter(rate.Inf, 1)
	if perSecond > 0 {
		starts.SetLimit(rate.Limit(perSecond))
	}
	return func(ctx context.Context, r *request) ([]byte, error) {
		if err := places.Acquire(ctx, 1); err != nil {
			return nil, fmt.Errorf("%s %s: waiting to be sent: %w", r.method, r.pattern, context.Cause(ctx))
		}
		defer places.Release(1)
		if err := starts.Wait(ctx); err != nil {
			return nil, fmt.Errorf("%s %s: waiting to be sent at %g requests a second: %w", r.method, r.pattern, perSecond, err)
		}
		return next(ctx, r)
	}
}
