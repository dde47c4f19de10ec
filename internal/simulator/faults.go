// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// Fault makes requests fail that the tenant would have served. Its Match runs before the
// tenant does the work, and may change the tenant: a Match that returns false does only
// that, for example to shift the pages of a search while they are read.
type Fault struct {
	Kind    Kind                             // empty: every kind
	Match   func(*http.Request, []byte) bool // by request and body; nil: all
	Times   int                              // how many requests fail; 0: all from now on
	Respond http.HandlerFunc                 // answers instead of the tenant; nil: 500
	After   bool                             // the tenant does the work first, and its answer is lost
}

type injectedFault struct {
	Fault
	struck int
}

// disturbance is what affects every request and answer.
type disturbance struct {
	latency    time.Duration
	limiter    *rate.Limiter
	retryAfter string // empty: in seconds
	markBytes  bool   // a byte order mark before JSON
}

// Inject adds a fault. Of several that match a request, the first one injected applies.
// remove removes it again, and may be called twice.
func (t *Tenant) Inject(f Fault) (remove func()) {
	if f.Respond == nil {
		f.Respond = AnswerAPIError(http.StatusInternalServerError, "An internal error occurred.")
	}
	injected := &injectedFault{Fault: f}
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.faults = append(t.traffic.faults, injected)
	return func() {
		t.traffic.mu.Lock()
		defer t.traffic.mu.Unlock()
		t.traffic.faults = slices.DeleteFunc(slices.Clone(t.traffic.faults), func(other *injectedFault) bool {
			return other == injected
		})
	}
}

// LoseAnswers makes the tenant carry out requests of a kind, but answer something else: nil
// cuts the connection, and [AnswerEmpty], [AnswerAPIError], [AnswerRaw] and [HoldAnswer] do
// what their names say. times is how often; 0 is no limit. remove ends it.
func (t *Tenant) LoseAnswers(k Kind, times int, instead http.HandlerFunc) (remove func()) {
	if instead == nil {
		instead = CutConnection
	}
	return t.Inject(Fault{Kind: k, Times: times, Respond: instead, After: true})
}

// SetLatency makes each request take this long, unless its client goes earlier.
func (t *Tenant) SetLatency(d time.Duration) {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.disturbance.latency = d
}

// linger waits for the latency. It returns false if the client went before that.
func (f *traffic) linger(ctx context.Context) bool {
	f.mu.Lock()
	latency := f.disturbance.latency
	f.mu.Unlock()
	if latency <= 0 {
		return true
	}
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// claimFault finds the fault for a request, if any. Match runs without the lock, because it
// may call the tenant.
func (f *traffic) claimFault(kind Kind, r *http.Request, body []byte) *injectedFault {
	f.mu.Lock()
	faults := slices.Clone(f.faults)
	f.mu.Unlock()
	for _, fault := range faults {
		if fault.Kind != "" && fault.Kind != kind {
			continue
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if fault.Match != nil && !fault.Match(r, slices.Clone(body)) {
			continue
		}
		if f.strike(fault) {
			return fault
		}
	}
	return nil
}

// strike uses a fault once, unless it is used up or was removed meanwhile.
func (f *traffic) strike(fault *injectedFault) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(f.faults, fault) || fault.Times > 0 && fault.struck >= fault.Times {
		return false
	}
	fault.struck++
	return true
}
