// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter limits how long an answer can make the client wait: plans of other
// providers have hung for half an hour because of one header.
const maxRetryAfter = time.Minute

// doubtfulRetries is how often a request is sent again after an answer that may never
// change: a 500, or an answer that makes no sense. It also limits a request without a
// deadline.
const doubtfulRetries = 8

type retryPolicy struct {
	// retries is how often a request is sent again; nil means until the deadline, or
	// doubtfulRetries.
	retries *int
	// backoff returns how long to wait before retry n (from 1), unless the answer says how
	// long.
	backoff func(n int) time.Duration
	logger  *slog.Logger
}

// retried sends a request again while that can help. Each operation sets an absolute state
// or only reads, so that repeating it does no harm.
func retried(next handler, policy retryPolicy) handler {
	return func(ctx context.Context, r request) (answer, error) {
		begin := time.Now()
		mayHaveBeenMade := false
		var before error
		for r.attempt = 1; ; r.attempt++ {
			a, err := next(ctx, r)
			if before != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				err = before // The error says more than that the time is up.
			}
			before = err
			mayHaveBeenMade = mayHaveBeenMade || a.mayHaveBeenMade
			a.mayHaveBeenMade = mayHaveBeenMade
			if err == nil || ctx.Err() != nil || r.attempt > policy.most(ctx, err) {
				return a, retriedError(err, r.attempt, begin)
			}
			wait, goesOn := policy.wait(ctx, r.attempt, err)
			if !goesOn {
				return a, retriedError(err, r.attempt, begin)
			}
			policy.logger.LogAttrs(ctx, slog.LevelWarn, "waiting to send a request again",
				slog.String("method", r.method), slog.String("path", r.name()), slog.Int("attempt", r.attempt),
				slog.String("wait", wait.Round(time.Millisecond).String()), slog.String("cause", err.Error()))
			if Pause(ctx, wait) != nil {
				return a, fmt.Errorf("%w, while waiting to try again: %w", context.Cause(ctx), retriedError(err, r.attempt, begin))
			}
		}
	}
}

// lastAttempt is how long before the deadline a request is sent for the last time.
const lastAttempt = time.Second

// wait returns how long to wait before the next attempt, unless there is no time for one.
func (p retryPolicy) wait(ctx context.Context, attempt int, err error) (wait time.Duration, goesOn bool) {
	wait = p.backoff(attempt)
	asked, isAsked := retryAfter(err, time.Now())
	if isAsked {
		wait = asked + jitter(asked/10)
	}
	deadline, bounded := ctx.Deadline()
	left := time.Until(deadline)
	switch {
	case !bounded || wait < left:
		return wait, true
	case isAsked || left < 2*lastAttempt:
		return 0, false
	}
	return left - lastAttempt, true
}

// Pause returns after d, or with the context's cause when that ends first.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// most returns how often a request is sent again after an error.
func (p retryPolicy) most(ctx context.Context, err error) int {
	_, bounded := ctx.Deadline()
	switch hope := hopeOf(err); {
	case hope == none:
		return 0
	case p.retries != nil:
		return *p.retries
	case hope == some || !bounded:
		return doubtfulRetries
	}
	return int(^uint(0) >> 1) // until the deadline
}

// hope is how likely another attempt is to succeed.
type hope int

const (
	none hope = iota
	// some is for errors that may never change.
	some
	// good is for errors that usually pass.
	good
)

func hopeOf(err error) hope {
	var refusal *Error
	if errors.As(err, &refusal) {
		switch refusal.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return good
		case http.StatusInternalServerError:
			return some
		}
		return none
	}
	var failure *ConnectionError
	switch {
	case !errors.As(err, &failure) || failure.Final:
		return none
	case failure.Kind == BrokenAnswer || failure.Kind == PageInBetween:
		return some
	}
	return good
}

// RetryError is the result of the last of several attempts.
type RetryError struct {
	// Attempts is how often the request was sent, and Took the total time, waits included.
	Attempts int
	Took     time.Duration
	// Err is the last attempt's error.
	Err error
}

func (e *RetryError) Error() string {
	return fmt.Sprintf("%s (after %d attempts in %s)", e.Err, e.Attempts, e.Took.Round(roundTo))
}

func (e *RetryError) Unwrap() error { return e.Err }

// roundTo is the precision that a person needs of a waiting time.
const roundTo = 100 * time.Millisecond

func retriedError(err error, attempts int, begin time.Time) error {
	if err == nil || attempts == 1 {
		return err
	}
	return &RetryError{attempts, time.Since(begin), err}
}

// retryAfter parses the header in both of its forms, seconds and date.
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

// fullJitter doubles the span with each retry and waits a random part of it, so that
// requests refused together do not come back together.
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
