// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptrace"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// reached ends all requests to a server that cannot be reached: a wrong name stays wrong,
// and a person waits for the error. Until there is a connection to a server, one request at
// a time tries to make one.
func reached(next handler) handler {
	var servers sync.Map // by base URL
	return func(ctx context.Context, r request) (answer, error) {
		known, ok := servers.Load(r.base)
		if !ok {
			known, _ = servers.LoadOrStore(r.base, &server{turn: semaphore.NewWeighted(1)})
		}
		s, _ := known.(*server)
		if s.answered.Load() {
			return next(ctx, r)
		}
		if !s.connected.Load() {
			if s.turn.Acquire(ctx, 1) != nil {
				return answer{}, waitingError(r, context.Cause(ctx))
			}
			release := sync.OnceFunc(func() { s.turn.Release(1) })
			defer release()
			if s.connected.Load() {
				release()
			}
			ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
				s.connected.Store(true)
				release()
			}})
		}
		if err := s.ended(); err != nil {
			return answer{}, notSent(r, err)
		}
		a, err := next(ctx, r)
		return a, s.judged(a, err)
	}
}

// server is what the client knows about a server.
type server struct {
	// turn belongs to the request that tries to make the first connection.
	turn                *semaphore.Weighted
	connected, answered atomic.Bool

	mu       sync.Mutex
	failures int
	end      error
}

func (s *server) ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end
}

// notSent returns the error of a request to a server that other requests could not reach.
func notSent(r request, cause error) error {
	var failure *ConnectionError
	if !errors.As(cause, &failure) {
		return fmt.Errorf("%s %s: not sent: %w", r.method, r.name(), cause)
	}
	return &ConnectionError{
		Method: r.method, URL: r.url(), Kind: failure.Kind, ProxyStatus: failure.ProxyStatus, Final: true, Unanswered: true,
		cause: fmt.Errorf("not sent: %w", failure.cause),
	}
}

// judged returns an attempt's error, which may end all requests.
func (s *server) judged(a answer, err error) error {
	if isOfServer(err) {
		s.answered.Store(true)
		return err
	}
	var failure *ConnectionError
	if errors.As(err, &failure) {
		failure.Unanswered = a.status == 0 && !s.answered.Load()
	}
	most := attemptsToReach(err, s.connected.Load())
	if most == 0 || s.answered.Load() {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures++; s.failures >= most {
		if failure != nil {
			failure.Final = true
		}
		s.end = err
	}
	return err
}

// attemptsToReach returns how often all requests together try a server that fails in this
// way and has not answered yet; 0 is no limit.
func attemptsToReach(err error, connected bool) int {
	var failure *ConnectionError
	switch {
	case !errors.As(err, &failure):
		if isOfGateway(err) {
			return 2
		}
		return 0
	case failure.Final:
		return 1
	case failure.Kind == PageInBetween || failure.Kind == TLSRefused || failure.Kind == NotHTTP:
		return 2
	case !connected && (failure.Kind == NoSuchHost || failure.Kind == NotReachable || failure.Kind == ProxyNotReachable):
		return 2
	}
	return 0
}

// isOfServer reports whether the answer to an attempt came from the server itself.
func isOfServer(err error) bool {
	var refusal *Error
	var failure *ConnectionError
	switch {
	case errors.As(err, &refusal):
		return !refusal.isInBetween()
	case errors.As(err, &failure):
		return failure.Kind == BrokenAnswer
	}
	var unexpected *UnexpectedAnswerError
	return err == nil || errors.As(err, &unexpected)
}

// isOfGateway reports whether a server in between refused the request, in a way that lasts.
func isOfGateway(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && refusal.isInBetween() && refusal.isRefusal()
}
