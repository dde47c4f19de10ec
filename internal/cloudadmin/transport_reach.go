// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// reached ends all requests to a server that cannot be reached: a wrong name stays
// wrong, and a person waits for the word. Until a server has answered, one request
// at a time is sent to it.
func reached(next handler) handler {
	var servers sync.Map // by base URL
	return func(ctx context.Context, r request) (answer, error) {
		known, _ := servers.LoadOrStore(r.base, &server{turn: semaphore.NewWeighted(1)})
		s, _ := known.(*server)
		if s.answered.Load() {
			return next(ctx, r)
		}
		if s.turn.Acquire(ctx, 1) != nil {
			return answer{}, waitingError(r, context.Cause(ctx))
		}
		if s.answered.Load() {
			s.turn.Release(1)
			return next(ctx, r)
		}
		defer s.turn.Release(1)
		if s.end != nil {
			return answer{}, s.end
		}
		a, err := next(ctx, r)
		return a, s.judged(err)
	}
}

// server is what the client knows of a server.
type server struct {
	answered atomic.Bool

	// turn guards what follows.
	turn     *semaphore.Weighted
	failures int
	end      error
}

// judged returns an attempt's error, which may be the end of all.
func (s *server) judged(err error) error {
	most := attemptsToReach(err)
	if most == 0 {
		s.answered.Store(isOfServer(err))
		return err
	}
	if s.failures++; s.failures >= most {
		var failure *ConnectionError
		if errors.As(err, &failure) {
			failure.Final = true
		}
		s.end = err
	}
	return err
}

// attemptsToReach is how often a server is tried, by all requests together, that
// fails like this and has not answered yet; 0 is no limit.
func attemptsToReach(err error) int {
	var failure *ConnectionError
	if !errors.As(err, &failure) {
		if isOfGateway(err) {
			return 2
		}
		return 0
	}
	switch failure.Kind {
	case CertificateNotTrusted, NotHTTPS:
		return 1
	case NoSuchHost, NotReachable, TLSRefused, ProxyNotReachable, PageInBetween:
		return 2
	case ProxyRefused:
		if failure.Final {
			return 1
		}
		return 5 // The proxy itself may be about to reach the server.
	case ConnectionLost, NoAnswerInTime, BrokenAnswer:
	}
	return 0
}

// isOfServer reports whether an attempt came to an answer of the server itself.
func isOfServer(err error) bool {
	var refusal *Error
	var failure *ConnectionError
	switch {
	case errors.As(err, &refusal):
		return refusal.Origin != OriginGateway
	case errors.As(err, &failure):
		return failure.Kind == BrokenAnswer
	}
	var unexpected *UnexpectedAnswerError
	return err == nil || errors.As(err, &unexpected)
}

// isOfGateway reports whether somebody in between refused the request, in a way
// that lasts.
func isOfGateway(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && refusal.Origin == OriginGateway && refusal.Status < http.StatusInternalServerError
}
