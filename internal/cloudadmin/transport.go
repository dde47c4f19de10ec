// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// request is one call, which may be sent several times.
type request struct {
	method string
	// base and path form the URL of the request.
	base, path string
	// pattern replaces the path in errors and logs, without the variable parts. It is empty
	// for the token endpoint, whose URL is all base.
	pattern     string
	contentType string
	// body is called for each attempt, because a client assertion is valid for one.
	body func() ([]byte, error)
	// bearer is the access token; empty for the token endpoint.
	bearer string
	// attempt counts from 1.
	attempt int
	// maxBody limits how much of an answer is read; 0 is the default.
	maxBody int
	// mayBeEmpty is whether a success may have an empty body.
	mayBeEmpty bool
}

// name is what errors and logs call the path: the pattern, or the URL of the token endpoint.
func (r request) name() string { return cmp.Or(r.pattern, r.base) }

// url is the URL that was called, without the variable parts of its path.
func (r request) url() string { return r.base + r.pattern }

// answer is the result of an attempt; it has content even beside an error.
type answer struct {
	// body is the body of a 2xx answer: JSON, or empty if the request allows it.
	body []byte
	// status is 0 if there was no answer.
	status     int
	clockAhead *time.Duration
	// mayHaveBeenMade is whether an attempt so far may have been carried out. It stays
	// true, whatever the answers to later attempts are.
	mayHaveBeenMade bool
}

// handler carries out a request.
type handler func(context.Context, request) (answer, error)

// compose builds the handlers of a request to the API. Read it from the bottom up: a token
// is fetched, then each attempt waits for its turn and is sent.
func compose(config Config) (handler, *tokenCache) {
	unauthenticated := exchange(newHTTPClient(config.Transport), config.UserAgent, config.RequestTimeout)
	unauthenticated = logged(unauthenticated, config.Logger)
	unauthenticated = paced(unauthenticated, config.MaxConcurrentRequests, config.RequestsPerSecond)
	unauthenticated = reached(unauthenticated)
	unauthenticated = retried(unauthenticated, retryPolicy{retries: config.MaxRetries, backoff: fullJitter, logger: config.Logger})
	tokens := newTokenCache(func(ctx context.Context) (token, error) {
		return config.Credentials.newToken(ctx, unauthenticated)
	})
	return authenticated(unauthenticated, tokens, config.Credentials.renewable()), tokens
}

const (
	// connectTimeout is short, because where packets are dropped a person waits for it twice.
	connectTimeout      = 4 * time.Second
	tlsHandshakeTimeout = 10 * time.Second
)

// NewTransport returns the default transport of a Client: TLS 1.2 or later, the proxy from
// the environment, and a limited number of connections.
func NewTransport(connections int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: refusalOfProxy,
		DialContext:            (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsHandshakeTimeout,
		ForceAttemptHTTP2:      true,
		IdleConnTimeout:        90 * time.Second,
		// As many idle connections as busy ones: the library's default of two per host
		// would open a new connection for a third of all requests.
		MaxConnsPerHost:     connections,
		MaxIdleConnsPerHost: connections,
		MaxIdleConns:        2 * connections,
	}
}

func newHTTPClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: transport,
		// A redirect would send the credential to its target.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// defaultMaxBody is plenty: a user's details take about 2 KiB.
const defaultMaxBody = 1 << 20

// byteOrderMark comes before the JSON of some servers.
var byteOrderMark = []byte("\ufeff")

// exchange sends one attempt and reads its answer.
func exchange(client *http.Client, userAgent string, timeout time.Duration) handler {
	return func(ctx context.Context, r request) (a answer, err error) {
		if ctx.Err() != nil {
			return answer{}, fmt.Errorf("%s %s: not sent: %w", r.method, r.name(), context.Cause(ctx))
		}
		body, err := r.body()
		if err != nil {
			return answer{}, err
		}
		attemptCtx, cancel := attemptContext(ctx, r.method, timeout)
		defer cancel()
		attemptCtx, sent := traceSent(attemptCtx)
		defer func() {
			// An answer below 200 is not a final answer; one from 300 to 499 is a refusal.
			refused := a.status >= 300 && a.status < 500
			a.mayHaveBeenMade = sent.Load() && !refused
		}()
		message, err := http.NewRequestWithContext(attemptCtx, r.method, r.base+r.path, bytes.NewReader(body))
		if err != nil {
			return answer{}, fmt.Errorf("%s %s: %w", r.method, r.name(), err)
		}
		message.Header.Set("Content-Type", r.contentType)
		message.Header.Set("Accept", "application/json")
		if userAgent != "" {
			message.Header.Set("User-Agent", userAgent)
		}
		if r.bearer != "" {
			message.Header.Set("Authorization", "Bearer "+r.bearer)
		}

		begin := time.Now()
		response, err := client.Do(message)
		if err != nil {
			return answer{}, connectionError(attemptCtx, r, timeout, err)
		}
		defer func() { _ = response.Body.Close() }()
		a.status, a.clockAhead = response.StatusCode, clockAhead(response.Header, begin)
		maxBody := cmp.Or(r.maxBody, defaultMaxBody)
		received, err := io.ReadAll(io.LimitReader(response.Body, int64(maxBody)+1))
		if err != nil {
			return a, connectionError(attemptCtx, r, timeout, err)
		}
		tooLong := len(received) > maxBody
		received = bytes.TrimPrefix(received, byteOrderMark)
		switch {
		case response.StatusCode < 200 || response.StatusCode >= 300:
			return a, refusalOf(r, response, a.clockAhead, withoutBearer(received, r.bearer))
		case tooLong:
			return a, unexpected(r.method, r.name(), "the answer is longer than %d bytes", maxBody)
		case r.mayBeEmpty && len(bytes.TrimSpace(received)) == 0:
			return a, nil
		case !json.Valid(received):
			return a, brokenAnswer(r, received)
		}
		a.body = received
		return a, nil
	}
}

// withoutBearer removes the access token from an answer that repeats it. A shorter text is
// not a token, and may be a word of the answer.
func withoutBearer(body []byte, bearer string) []byte {
	const shortest = 12
	if len(bearer) < shortest {
		return body
	}
	return bytes.ReplaceAll(body, []byte(bearer), []byte("[removed]"))
}

// traceSent records whether a request may have reached a server. It counts from when there
// is a connection: the reports about writing come too late for a request that is canceled
// meanwhile.
func traceSent(ctx context.Context) (context.Context, *atomic.Bool) {
	sent := new(atomic.Bool)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The library uses another connection only if it knows that nothing was carried out
		// over the previous one.
		GetConn: func(string) { sent.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { sent.Store(true) },
	}), sent
}

// lastWord is how long a write may wait for its answer after its context has ended: it has
// probably been carried out, and the state should reflect that.
const lastWord = 500 * time.Millisecond

func attemptContext(ctx context.Context, method string, timeout time.Duration) (context.Context, context.CancelFunc) {
	if method != http.MethodPut {
		return context.WithTimeoutCause(ctx, timeout, errAttemptTimeout)
	}
	attempt, end := context.WithCancelCause(context.WithoutCancel(ctx))
	timer := time.AfterFunc(timeout, func() { end(errAttemptTimeout) })
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(lastWord, func() { end(context.Cause(ctx)) })
	})
	return attempt, func() {
		stop()
		timer.Stop()
		end(nil)
	}
}

// logged writes a log line for each attempt: never a header, never a body.
func logged(next handler, logger *slog.Logger) handler {
	return func(ctx context.Context, r request) (answer, error) {
		if !logger.Enabled(ctx, slog.LevelDebug) {
			return next(ctx, r)
		}
		begin := time.Now()
		a, err := next(ctx, r)
		attributes := []slog.Attr{
			slog.String("method", r.method), slog.String("path", r.name()), slog.Int("status", a.status),
			slog.Int("attempt", r.attempt), slog.Int64("duration_ms", time.Since(begin).Milliseconds()),
		}
		if err != nil {
			attributes = append(attributes, slog.String("cause", err.Error()))
		}
		logger.LogAttrs(ctx, slog.LevelDebug, "request", attributes...)
		return a, err
	}
}
