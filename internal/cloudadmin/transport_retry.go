// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter caps what an answer can make us wait: other providers' plans
// have hung for half an hour on one header.
const maxRetryAfter = time.Minute

type retryPolicy struct {
	// retries is how often a request is sent again.
	retries int
	// backoff is how long to wait before retry n (from 1), unless the answer says.
	backoff func(n int) time.Duration
	clock   clock
	logger  *slog.Logger
	traffic *traffic
}

// retried sends a request again while that can help. Each operation states an end
// state or only reads, so that repeating it does no harm.
func retried(next handler, policy retryPolicy) handler {
	return func(ctx context.Context, r *request) ([]byte, error) {
		begin := policy.clock.Now()
		tried := func(err error, attempts int) error { return withAttempts(err, attempts, policy.clock.Now().Sub(begin)) }
		for attempt := 1; ; attempt++ {
			r.attempt = attempt
			answer, err := next(ctx, r)
			if err == nil || ctx.Err() != nil || !canBeRetried(err) || attempt > policy.retries {
				return answer, tried(err, attempt)
			}
			wait := policy.backoff(attempt)
			if asked, ok := retryAfter(err, policy.clock.Now()); ok {
				wait = asked + jitter(asked/10)
			}
			if deadline, ok := ctx.Deadline(); ok && policy.clock.Now().Add(wait).After(deadline) {
				return nil, tried(err, attempt)
			}
			policy.logger.LogAttrs(ctx, slog.LevelWarn, "waiting to send a request again",
				slog.String("method", r.method), slog.String("path", r.pattern), slog.Int("attempt", attempt),
				slog.String("wait", wait.Round(time.Millisecond).String()), slog.String("cause", err.Error()))
			policy.traffic.waited(wait)
			if policy.clock.Wait(ctx, wait) != nil {
				return nil, fmt.Errorf("%w, while waiting to try again: %w", context.Cause(ctx), tried(err, attempt))
			}
		}
	}
}

// canBeRetried holds where another attempt may get another answer.
func canBeRetried(err error) bool {
	var refusal *Error
	if errors.As(err, &refusal) {
		switch refusal.Status {
		case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var distrusted *tls.CertificateVerificationError
	if errors.As(err, &distrusted) {
		return false
	}
	var failure *connectionFailure
	return errors.As(err, &failure)
}

func withAttempts(err error, attempts int, took time.Duration) error {
	var refusal *Error
	if errors.As(err, &refusal) {
		refusal.Attempts, refusal.Took = attempts, took
		return err
	}
	var failure *connectionFailure
	if attempts > 1 && errors.As(err, &failure) {
		return fmt.Errorf("%w (after %d attempts in %s)", err, attempts, took.Round(roundTo))
	}
	return err
}

// roundTo is as exact as a person wants a waiting time.
const roundTo = 100 * time.Millisecond

// retryAfter reads the header in both of its forms, seconds and date.
func retryAfter(err error, now time.Time) (time.Duration, bool) {
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.retryAfter == "" {
		return 0, false
	}
	wait, ok := parseRetryAfter(refusal.retryAfter, now)
	return min(wait, maxRetryAfter), ok
}

func parseRetryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// fullJitter doubles the span with each retry and waits a random part of it, so
// that requests refused together do not come back together.
func fullJitter(n int) time.Duration {
	span := maxBackoff
	if n < 7 {
		span = min(firstBackoff<<(n-1), maxBackoff)
	}
	return jitter(span)
}

func jitter(span time.Duration) time.Duration {
	if span <= 0 {
		return 0
	}
	return rand.N(span) //nolint:gosec // Spreading requests needs no secrecy.
}
