// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"sync/atomic"
	"time"
)

// clock is the time in a tenant.
type clock struct {
	passed atomic.Int64 // by Advance, in nanoseconds
	offset atomic.Int64 // to the machine's clock, in nanoseconds
}

// Now returns the time by which users and access tokens age: the tenant's clock and what
// [Tenant.Advance] added.
func (t *Tenant) Now() time.Time {
	return t.clockTime().Add(time.Duration(t.clock.passed.Load()))
}

// Advance moves the tenant's time forward, or back if the duration is negative. Users
// marked for deletion more than seven days before the new time are gone, and access tokens
// past their expiry are refused. What clients sign is judged without it, because their
// clocks do not follow; see [Tenant.SetClockOffset].
func (t *Tenant) Advance(d time.Duration) { t.clock.passed.Add(int64(d)) }

// SetClockOffset sets how far the tenant's clock is ahead of the machine's, or behind if it
// is negative. Client assertions and the tokens of legacy API keys are judged by that
// clock, users and access tokens age by it, and the header Date of every answer shows it.
// Each call replaces the previous one.
func (t *Tenant) SetClockOffset(d time.Duration) { t.clock.offset.Store(int64(d)) }

// clockTime returns the time on the tenant's clock, as clients can see it.
func (t *Tenant) clockTime() time.Time {
	return time.Now().Add(time.Duration(t.clock.offset.Load()))
}
