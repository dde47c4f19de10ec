// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Traffic is what a client has sent since it was made.
type Traffic struct {
	// Requests counts every attempt, Retries those after the first.
	Requests, Retries int64
	// Refused counts the answers 429.
	Refused int64
	// Waited is how long requests waited to be sent again, added up.
	Waited time.Duration
}

// Traffic answers what the client has sent so far.
func (c *Client) Traffic() Traffic {
	return Traffic{
		Requests: c.traffic.requests.Load(),
		Retries:  c.traffic.retries.Load(),
		Refused:  c.traffic.refused.Load(),
		Waited:   time.Duration(c.traffic.wait.Load()),
	}
}

type traffic struct{ requests, retries, refused, wait atomic.Int64 }

func (t *traffic) sent(r *request) {
	t.requests.Add(1)
	if r.attempt > 1 {
		t.retries.Add(1)
	}
	if r.status == http.StatusTooManyRequests {
		t.refused.Add(1)
	}
}

func (t *traffic) waited(d time.Duration) { t.wait.Add(int64(d)) }
