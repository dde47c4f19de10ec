// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// kind is the kind of a request.
type kind string

const (
	reach  kind = "reach"
	token  kind = "token"
	lookup kind = "look-up"
	search kind = "search"
	put    kind = "put"
)

// exchange is what is kept of one request and its answer: never a header with a credential,
// never a value from a body.
type exchange struct {
	kind kind
	// status is 0 if there was no answer.
	status int
	took   time.Duration
	// protocol and tls are as in "HTTP/2.0" and "TLS 1.3"; tls is empty without TLS.
	protocol, tls string
	proxied       bool
	// ahead is how far this machine's clock is ahead of the answer's date.
	ahead    time.Duration
	hasClock bool
	// rate and identity are the names of headers about a rate limit, and of those by which
	// support may find a request. retryAfter is a number of seconds, "a date" or empty.
	rate, identity []string
	retryAfter     string
	body           shape
	// aboutAnother is whether an answer to a change is about another id than the one in
	// its path.
	aboutAnother bool
}

// observer is between the client and the transport.
type observer struct {
	next     http.RoundTripper
	tokenURL string
	now      func() time.Time
	proxy    func(*http.Request) (*url.URL, error)

	mu        sync.Mutex
	exchanges []exchange
}

// longestBody is as much as the client reads of a page.
const longestBody = 16 << 20

// RoundTrip sends a request and records the answer.
func (o *observer) RoundTrip(r *http.Request) (*http.Response, error) {
	e := exchange{kind: o.kindOf(r)}
	if proxy, err := o.proxy(r); err == nil && proxy != nil {
		e.proxied = true
	}
	begin, started := o.now(), time.Now()
	answer, err := o.next.RoundTrip(r)
	if err != nil {
		e.took = time.Since(started)
		o.keep(e)
		return nil, err
	}
	date := answer.Header.Get("Date")
	if at, err := http.ParseTime(date); err == nil {
		// A date has whole seconds, and was written halfway through the exchange.
		middle := begin.Add(time.Since(started) / 2)
		e.ahead, e.hasClock = middle.Sub(at.Add(500*time.Millisecond)), true
	}
	body, readErr := io.ReadAll(io.LimitReader(answer.Body, longestBody+1))
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{readErr}))
	e.took = time.Since(started)

	e.status, e.protocol = answer.StatusCode, answer.Proto
	if answer.TLS != nil {
		e.tls = tls.VersionName(answer.TLS.Version)
	}
	e.rate, e.identity = namesOfInterest(answer.Header)
	e.retryAfter = retryAfter(answer.Header.Get("Retry-After"))
	e.body = shapeOf(e.kind, body)
	e.aboutAnother = e.kind == put && isAboutAnother(r.URL.Path, body)
	o.keep(e)
	return answer, nil
}

// isAboutAnother reports whether the id in a body differs from the one in a path
// (.../users/{id}/userStatus).
func isAboutAnother(path string, body []byte) bool {
	var answer struct {
		ID any `json:"id"`
	}
	if json.Unmarshal(bytes.TrimPrefix(body, byteOrderMark), &answer) != nil || answer.ID == nil {
		return false
	}
	segments := strings.Split(path, "/")
	return len(segments) < 2 || !strings.EqualFold(fmt.Sprint(answer.ID), segments[len(segments)-2])
}

// failing ends a body with the error with which reading it ended.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

func (o *observer) kindOf(r *http.Request) kind {
	path := r.URL.Path
	switch {
	case r.Method == http.MethodGet:
		return reach
	case o.tokenURL != "" && r.URL.String() == o.tokenURL:
		return token
	case strings.HasSuffix(path, "/users/lookup"):
		return lookup
	case strings.HasSuffix(path, "/users/search"):
		return search
	}
	return put
}

func (o *observer) keep(e exchange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.exchanges = append(o.exchanges, e)
}

// all returns the exchanges so far, of one kind unless it is empty.
func (o *observer) all(k kind) []exchange {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.exchanges), func(e exchange) bool { return k != "" && e.kind != k })
}

// last returns the last exchange of a kind, or the zero value.
func (o *observer) last(k kind) exchange {
	if all := o.all(k); len(all) > 0 {
		return all[len(all)-1]
	}
	return exchange{}
}

// since returns the last exchange of a kind if there are more of them than before, or else
// the zero value: the request was not sent.
func (o *observer) since(k kind, before int) exchange {
	if all := o.all(k); len(all) > before {
		return all[len(all)-1]
	}
	return exchange{}
}

var (
	aboutRates    = regexp.MustCompile(`(?i)rate-?limit|retry-after|quota|throttl`)
	aboutIdentity = regexp.MustCompile(`(?i)^x-[a-z-]*(request|correlation|trace)[a-z-]*$|^(traceparent|request-id|correlation-id)$`)
)

// namesOfInterest returns only names of headers: a value may name a tenant.
func namesOfInterest(header http.Header) (rate, identity []string) {
	for name := range header {
		switch {
		case len(name) > 60:
		case aboutRates.MatchString(name):
			rate = append(rate, name)
		case aboutIdentity.MatchString(name):
			identity = append(identity, name)
		}
	}
	slices.Sort(rate)
	slices.Sort(identity)
	return rate, identity
}

var seconds = regexp.MustCompile(`^\d{1,6}$`)

func retryAfter(value string) string {
	switch {
	case value == "":
		return ""
	case seconds.MatchString(value):
		return value + " s"
	}
	if _, err := http.ParseTime(value); err == nil {
		return "a date"
	}
	return "in no known form"
}
