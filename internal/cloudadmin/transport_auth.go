// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// authenticated adds the access token to each request. A token that is refused is renewed
// once: it may have expired on the way or been revoked.
func authenticated(next handler, tokens *tokenCache, renewable bool) handler {
	// If a new token was refused like the old one, the cause is a permission, and a third
	// token would not help.
	var futile sync.Map
	var accepted atomic.Bool
	var acceptedCalls sync.Map
	send := func(ctx context.Context, r request) (a answer, used string, err error) {
		token, err := tokens.get(ctx)
		if err != nil {
			return answer{}, "", err
		}
		r.bearer = token.value
		a, err = next(ctx, r)
		if refusal, ok := asError(err); ok && IsUnauthorized(err) {
			refusal.Accepted = accepted.Load()
			_, refusal.AcceptedSame = acceptedCalls.Load(r.pattern)
		}
		if err == nil || IsNotFound(err) {
			accepted.Store(true)
			acceptedCalls.Store(r.pattern, true)
		}
		return a, token.value, err
	}
	return func(ctx context.Context, r request) (answer, error) {
		a, used, err := send(ctx, r)
		if !IsUnauthorized(err) || used == "" || !renewable {
			return a, err
		}
		operation := r.method + " " + r.pattern
		if _, known := futile.Load(operation); known {
			return a, err
		}
		tokens.reject(used)
		a, _, err = send(ctx, r)
		if IsUnauthorized(err) {
			futile.Store(operation, true)
		}
		return a, err
	}
}

// token is an access token; its expiry is zero if it is not known.
type token struct {
	value          string
	issued, expiry time.Time
}

// fresh reports whether the token is not about to expire. It leaves a margin, so that no
// token expires while a request is on its way.
func (t token) fresh(now time.Time) bool {
	if t.value == "" {
		return false
	}
	if t.expiry.IsZero() {
		return true
	}
	margin := min(time.Minute, t.expiry.Sub(t.issued)/4)
	return now.Before(t.expiry.Add(-margin))
}

// Token returns the access token that the client uses, and when it expires; the time is
// zero if it is not known.
func (c *Client) Token(ctx context.Context) (value string, expiry time.Time, err error) {
	current, err := c.tokens.get(ctx)
	return current.value, current.expiry, err
}

// tokenCache keeps one token for all requests. (The cache of x/oauth2 fetches under a lock
// that no context ends.)
type tokenCache struct {
	fetch func(context.Context) (token, error)

	// turn is held by the goroutine that fetches.
	turn *semaphore.Weighted

	mu      sync.Mutex
	current token
	refusal error
}

func newTokenCache(fetch func(context.Context) (token, error)) *tokenCache {
	return &tokenCache{fetch: fetch, turn: semaphore.NewWeighted(1)}
}

func (c *tokenCache) get(ctx context.Context) (token, error) {
	if current, done, err := c.known(); done {
		return current, err
	}
	if c.turn.Acquire(ctx, 1) != nil {
		return token{}, context.Cause(ctx)
	}
	defer c.turn.Release(1)
	if current, done, err := c.known(); done {
		return current, err
	}
	fetched, err := c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		// Refused credentials stay refused: trying again for each of a thousand users would
		// only look like an attack.
		if isFinalSignIn(err) {
			c.refusal = err
		}
		return token{}, err
	}
	c.current = fetched
	return fetched, nil
}

func (c *tokenCache) known() (current token, done bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refusal != nil {
		return token{}, true, c.refusal
	}
	return c.current, c.current.fresh(time.Now()), nil
}

// reject forgets the token, unless another request has already replaced it.
func (c *tokenCache) reject(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current.value == value {
		c.current = token{}
	}
}

// isFinalSignIn reports whether another sign-in would fail in the same way.
func isFinalSignIn(err error) bool {
	var signIn *SignInError
	var unexpected *UnexpectedAnswerError
	if !errors.As(err, &signIn) {
		return false
	}
	refusal, ok := asError(signIn.Err)
	return ok && refusal.isRefusal() || errors.As(signIn.Err, &unexpected)
}
