// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is one thing that is read once, by readers that come and go.
type shelf struct {
	facts *facts
	known map[string]*reading[int]
	reads int // how often it was read; a reader waits before looking
}

func newShelf() *shelf { return &shelf{facts: newFacts(), known: map[string]*reading[int]{}} }

// read calls once; happens is the request, if this reader sends it.
func (s *shelf) read(ctx context.Context, happens func(context.Context) (int, error)) (int, error) {
	value, _, err := once(ctx, s.facts, s.known, "it", func(*reading[int]) bool { return true }, func(ctx context.Context) (int, error) {
		s.reads++
		return happens(ctx)
	})
	return value, err
}

// brings returns a request that is answered when it is released.
func brings(value int, err error, release <-chan struct{}) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		<-release
		return value, err
	}
}

// untilGone returns a request that is never answered.
func untilGone(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 0, fmt.Errorf("POST: %w", context.Cause(ctx))
}

func soon(value int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return value, nil }
}

func (s *shelf) want(t *testing.T, ctx context.Context, value, reads int) {
	t.Helper()
	if got, err := s.read(ctx, soon(value)); err != nil || got != value || s.reads != reads {
		t.Errorf("got %d, %v after %d readings; want %d after %d", got, err, s.reads, value, reads)
	}
}

func TestAReadingInProgressIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, release := newShelf(), make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				if got, err := s.read(t.Context(), brings(7, nil, release)); got != 7 || err != nil {
					t.Errorf("got %d, %v", got, err)
				}
			})
		}
		synctest.Wait()
		close(release)
		readers.Wait()
		s.want(t, t.Context(), 7, 1)
	})
}

func TestACanceledWaitEndsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, release := newShelf(), make(chan struct{})
		var readers sync.WaitGroup
		readers.Go(func() {
			if got, err := s.read(t.Context(), brings(7, nil, release)); got != 7 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		})
		synctest.Wait()
		gone := errors.New("gone")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, gone)
		defer cancel()
		if _, err := s.read(ctx, soon(8)); !errors.Is(err, gone) {
			t.Errorf("the canceled reader got %v", err)
		}
		close(release)
		readers.Wait()
		s.want(t, t.Context(), 7, 1)
	})
}

// A waiting reader is not affected by another's context, and sends the request itself; the
// others wait for that.
func TestAWaitingReaderReadsWhenTheReaderIsCanceled(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		sends func(t *testing.T, s *shelf) error
	}{
		{"canceled", func(t *testing.T, s *shelf) error {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := s.read(ctx, untilGone)
			return err
		}},
		{"canceled with a cause", func(t *testing.T, s *shelf) error {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(errors.New("gone")) })
			_, err := s.read(ctx, untilGone)
			return err
		}},
		{"deadline", func(t *testing.T, s *shelf) error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := s.read(ctx, untilGone)
			return err
		}},
		{"deadline with a cause", func(t *testing.T, s *shelf) error {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("gone"))
			defer cancel()
			_, err := s.read(ctx, untilGone)
			return err
		}},
		// The client does not wait for a turn that would come too late.
		{"deadline that would pass", func(t *testing.T, s *shelf) error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			_, err := s.read(ctx, func(context.Context) (int, error) {
				time.Sleep(time.Second) //nolint:forbidigo // The time of a bubble.
				return 0, fmt.Errorf("waiting to be sent: %w", context.DeadlineExceeded)
			})
			return err
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShelf()
				var readers sync.WaitGroup
				readers.Go(func() {
					if err := tc.sends(t, s); err == nil {
						t.Error("the canceled reader got no error")
					}
				})
				synctest.Wait()
				for range 3 {
					readers.Go(func() {
						if got, err := s.read(t.Context(), soon(7)); got != 7 || err != nil {
							t.Errorf("the waiting reader got %d, %v", got, err)
						}
					})
				}
				readers.Wait()
				s.want(t, t.Context(), 7, 2)
			})
		})
	}
}

func TestAllWaitingReadersGetAFailureAndItIsNotKept(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"500": errors.New("500"),
		// Like that of a resolver, which has nothing to do with a context.
		"a timeout of the network": fmt.Errorf("lookup tenant.example: i/o timeout: %w", context.DeadlineExceeded),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, release := newShelf(), make(chan struct{})
				var readers sync.WaitGroup
				for range 4 {
					readers.Go(func() {
						if _, err := s.read(t.Context(), brings(0, failure, release)); !errors.Is(err, failure) {
							t.Errorf("got %v, want the failure", err)
						}
					})
				}
				synctest.Wait()
				close(release)
				readers.Wait()
				s.want(t, t.Context(), 7, 2)
			})
		})
	}
}
