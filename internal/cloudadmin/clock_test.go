// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// fakeClock stands still but for Advance and for waits, which it records and
// which take no time.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
	// onWait, when set, is called at the beginning of each wait.
	onWait func()
}

// newFakeClock shows the right time: a tenant compares it with its own.
func newFakeClock() *fakeClock { return &fakeClock{now: time.Now().Truncate(time.Second)} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Wait(ctx context.Context, d time.Duration) error {
	if c.onWait != nil {
		c.onWait()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.now = c.now.Add(d)
	return nil
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *fakeClock) Waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.waits)
}

func TestSystemClock(t *testing.T) {
	t.Parallel()
	clock := systemClock{}
	if err := clock.Wait(t.Context(), time.Nanosecond); err != nil {
		t.Errorf("a wait that ended: %v", err)
	}
	gone := errors.New("the caller went")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	if err := clock.Wait(ctx, time.Hour); !errors.Is(err, gone) {
		t.Errorf("a wait of a caller who went: %v", err)
	}
	before := time.Now()
	if now := clock.Now(); now.Before(before) || now.After(time.Now()) {
		t.Errorf("it shows %s", now)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// serve starts a server, and is a Config of a client of it by an access token
// and on a clock of its own.
func serve(t *testing.T, handler http.HandlerFunc) (Config, *fakeClock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	base, err := ParseBaseURL(server.URL)
	must(t, err)
	clock := newFakeClock()
	return Config{BaseURL: base, Credentials: AccessToken("token"), clock: clock, unpaced: true}, clock
}

func lookUp(ctx context.Context, client *Client, email string) error {
	_, err := client.Users.Lookup(ctx, Email(email), LookupOptions{})
	return err
}
