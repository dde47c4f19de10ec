// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"sync"
	"time"
)

// Kind is the kind of a request, as the tenant counts it.
type Kind string

// The kinds of requests.
const (
	KindLookup      Kind = "lookup"
	KindSearch      Kind = "search"
	KindStatus      Kind = "status"
	KindSync        Kind = "sync"
	KindMarkDeleted Kind = "mark_deleted"
	KindToken       Kind = "token"
	KindOther       Kind = "other"
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted, KindToken, KindOther}
}

// Request is one request that arrived.
type Request struct {
	Kind    Kind
	Method  string
	Path    string
	Query   string
	Address string // the email address or username to look up
	UserID  string // the user's id in the path
	Body    string // of calls of the API
	Status  int    // of the answer; 0 while there is none, and for ever if the connection broke
	At      time.Time
}

// traffic is what passes between clients and the tenant: its log and its faults.
type traffic struct {
	mu          sync.Mutex
	log         []*logEntry
	connections int
	faults      []*injectedFault
	disturbance disturbance
}

// logEntry is a request in the log while its answer is on the way. It shares the lock of
// traffic.
type logEntry struct {
	traffic *traffic
	request Request
}

// Count returns how many requests of a kind arrived since the last reset, including failed
// and refused ones.
func (t *Tenant) Count(k Kind) int {
	return t.traffic.count(func(r Request) bool { return r.Kind == k })
}

// Refused returns how many requests of a kind were answered with 429.
func (t *Tenant) Refused(k Kind) int {
	return t.traffic.count(func(r Request) bool { return r.Kind == k && r.Status == http.StatusTooManyRequests })
}

// Requests returns the log since the last reset, in order of arrival.
func (t *Tenant) Requests() []Request {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	requests := make([]Request, 0, len(t.traffic.log))
	for _, entry := range t.traffic.log {
		requests = append(requests, entry.request)
	}
	return requests
}

// Connections returns how many TCP connections were accepted since the last reset. Only a
// [Server] counts them.
func (t *Tenant) Connections() int {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	return t.traffic.connections
}

// ResetCounts empties the log and counts from 0 again.
func (t *Tenant) ResetCounts() {
	t.traffic.mu.Lock()
	defer t.traffic.mu.Unlock()
	t.traffic.log = nil
	t.traffic.connections = 0
}

func (f *traffic) count(counted func(Request) bool) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, entry := range f.log {
		if counted(entry.request) {
			n++
		}
	}
	return n
}

func (f *traffic) arrived(r Request) *logEntry {
	f.mu.Lock()
	defer f.mu.Unlock()
	entry := &logEntry{traffic: f, request: r}
	f.log = append(f.log, entry)
	return entry
}

func (f *traffic) connected() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connections++
}

// setBody keeps the body if it contains no secret, and the address in it.
func (e *logEntry) setBody(kind Kind, body []byte) {
	if kind == KindToken || kind == KindOther {
		return
	}
	var address string
	if p, err := parseObject(body); err == nil && kind == KindLookup {
		email, _, _ := p.text("email")
		username, _, _ := p.text("username")
		address = email + username
	}
	e.traffic.mu.Lock()
	defer e.traffic.mu.Unlock()
	e.request.Body = string(body)
	e.request.Address = address
}

func (e *logEntry) setStatus(status int) {
	e.traffic.mu.Lock()
	defer e.traffic.mu.Unlock()
	if e.request.Status == 0 {
		e.request.Status = status
	}
}
