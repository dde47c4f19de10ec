// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// request is one call, which may be sent several times.
type request struct {
	method, url string
	// pattern stands for the URL in errors and logs.
	pattern     string
	contentType string
	// body is asked before each attempt: a client assertion is good for one.
	body func() ([]byte, error)
	// bearer is the access token; empty for the token endpoint.
	bearer string
	// attempt counts from 1.
	attempt int
	// status is that of the last answer; 0 where there was none.
	status int
	// mayHaveBeenMade is whether an attempt so far may have been carried out. It
	// stays so, whatever later attempts are answered.
	mayHaveBeenMade bool
	// maxBody bounds what is read of an answer; 0 is the default.
	maxBody int
	// mayBeEmpty is whether a success may have an empty body.
	mayBeEmpty bool
}

// handler carries out a request and answers with the body of a 2xx answer, which is
// JSON, or empty where the request says that it may be.
type handler func(ctx context.Context, r *request) ([]byte, error)

// compose builds the way of a request to the API. Read it from the bottom up:
// a token is fetched, then each attempt waits for its turn and is sent.
func compose(config Config, traffic *traffic) (handler, *tokenCache) {
	unauthenticated := exchange(newHTTPClient(config.Transport), config.UserAgent, config.RequestTimeout)
	unauthenticated = logged(unauthenticated, config.Logger, config.clock, traffic)
	if !config.unpaced {
		unauthenticated = paced(unauthenticated, config.MaxConcurrentRequests, config.RequestsPerSecond)
	}
	unauthenticated = retried(unauthenticated, retryPolicy{
		retries: *config.MaxRetries, backoff: fullJitter, clock: config.clock, logger: config.Logger, traffic: traffic,
	})
	tokens := newTokenCache(func(ctx context.Context) (token, error) {
		return config.Credentials.newToken(ctx, unauthenticated, config.clock.Now)
	}, config.clock.Now)
	return authenticated(unauthenticated, tokens, config.Credentials.renewable()), tokens
}

// NewTransport returns the way to a server that a Client takes by default: TLS 1.2
// or later, the proxy that the environment names, and so many connections at most.
func NewTransport(connections int) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
		IdleConnTimeout:     90 * time.Second,
		// As many idle as busy: the library keeps two per host, and would open
		// a new connection for a third of all requests.
		MaxConnsPerHost:     connections,
		MaxIdleConnsPerHost: connections,
		MaxIdleConns:        2 * connections,
	}
}

func newHTTPClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: transport,
		// A redirect would carry the credential to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// defaultMaxBody is plenty: a user's details take about 2 KiB.
const defaultMaxBody = 1 << 20

// byteOrderMark is what some servers put before their JSON.
var byteOrderMark = []byte("\ufeff")

// exchange sends one attempt and reads its answer.
func exchange(client *http.Client, userAgent string, timeout time.Duration) handler {
	return func(ctx context.Context, r *request) ([]byte, error) {
		r.status = 0
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s %s: not sent: %w", r.method, r.pattern, context.Cause(ctx))
		}
		body, err := r.body()
		if err != nil {
			return nil, err
		}
		attemptCtx, cancel := attemptContext(ctx, r.method, timeout)
		defer cancel()
		attemptCtx, sent := traceSent(attemptCtx)
		defer func() {
			// A status below 200 is none, one of 300 to 499 a refusal.
			answered := r.status >= 300 && r.status < 500
			r.mayHaveBeenMade = r.mayHaveBeenMade || sent.Load() && !answered
		}()
		message, err := http.NewRequestWithContext(attemptCtx, r.method, r.url, bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.method, r.pattern, err)
		}
		message.Header.Set("Content-Type", r.contentType)
		message.Header.Set("Accept", "application/json")
		if userAgent != "" {
			message.Header.Set("User-Agent", userAgent)
		}
		if r.bearer != "" {
			message.Header.Set("Authorization", "Bearer "+r.bearer)
		}

		answer, err := client.Do(message)
		if err != nil {
			return nil, connectionError(attemptCtx, r, timeout, err)
		}
		defer func() { _ = answer.Body.Close() }()
		r.status = answer.StatusCode
		maxBody := cmp.Or(r.maxBody, defaultMaxBody)
		received, err := io.ReadAll(io.LimitReader(answer.Body, int64(maxBody)+1))
		if err != nil {
			return nil, connectionError(attemptCtx, r, timeout, err)
		}
		tooLong := len(received) > maxBody
		received = bytes.TrimPrefix(received, byteOrderMark)
		switch {
		case answer.StatusCode == http.StatusNotModified:
			refusal := errorFrom(r.method, r.pattern, answer.StatusCode, answer.Header, nil)
			refusal.Description = "nothing was changed"
			return nil, refusal
		case answer.StatusCode >= 300 && answer.StatusCode < 400:
			refusal := errorFrom(r.method, r.pattern, answer.StatusCode, answer.Header, nil)
			refusal.Origin = OriginGateway
			refusal.Description = "a redirect, which is not followed: the URL is probably wrong"
			if to, err := answer.Location(); err == nil {
				refusal.Description = fmt.Sprintf("a redirect to %s, which is not followed: the URL is probably wrong", oneLine(to.Host))
			}
			return nil, refusal
		case answer.StatusCode < 200 || answer.StatusCode >= 300:
			return nil, errorFrom(r.method, r.pattern, answer.StatusCode, answer.Header, received)
		case tooLong:
			return nil, &UnexpectedAnswerError{r.method, r.pattern, fmt.Sprintf("the answer is longer than %d bytes", maxBody)}
		case r.mayBeEmpty && len(bytes.TrimSpace(received)) == 0:
			return nil, nil
		case !json.Valid(received):
			return nil, &connectionFailure{r.method, r.pattern, brokenAnswer(received)}
		}
		return received, nil
	}
}

// traceSent tells of a request whether it may have reached a server. It counts from
// when there is a connection: what is written to it, and when, is told too late
// for a request that is cancelled meanwhile.
func traceSent(ctx context.Context) (context.Context, *atomic.Bool) {
	sent := new(atomic.Bool)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The library asks for another connection only where it knows that nothing
		// was carried out over the last.
		GetConn: func(string) { sent.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { sent.Store(true) },
	}), sent
}

// lastWord is how long a write that is on its way when the caller goes may still
// wait for its answer: it has probably been carried out, and the state should
// say so.
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

func brokenAnswer(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("the answer is empty")
	}
	if trimmed := bytes.TrimSpace(body); trimmed[0] == '{' || trimmed[0] == '[' {
		// The error of a Decoder tells the two apart, that of Unmarshal does not.
		if err := json.NewDecoder(bytes.NewReader(trimmed)).Decode(new(json.RawMessage)); errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the answer was cut off: its JSON is not complete")
		}
		return errors.New("the answer is not valid JSON")
	}
	if isHTML(body) {
		return errors.New("the answer is " + summarize(body))
	}
	// Not repeated: a token endpoint's 200 holds a token.
	return errors.New("the answer is not JSON")
}

var errAttemptTimeout = errors.New("no answer in time")

// connectionFailure is an attempt without a usable answer.
type connectionFailure struct {
	method, pattern string
	cause           error
}

func (f *connectionFailure) Error() string {
	return fmt.Sprintf("%s %s: %v", f.method, f.pattern, f.cause)
}

func (f *connectionFailure) Unwrap() error { return f.cause }

func connectionError(ctx context.Context, r *request, timeout time.Duration, err error) error {
	if errors.Is(context.Cause(ctx), errAttemptTimeout) {
		return &connectionFailure{r.method, r.pattern, fmt.Errorf("%w (%s)", errAttemptTimeout, timeout)}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.pattern, context.Cause(ctx))
	}
	// url.Error repeats method and URL, which stand in front already.
	var urlError *url.Error
	if errors.As(err, &urlError) {
		err = urlError.Err
	}
	return &connectionFailure{r.method, r.pattern, err}
}

// logged counts each attempt and writes a line about it: never a header, never a
// body.
func logged(next handler, logger *slog.Logger, clock clock, traffic *traffic) handler {
	return func(ctx context.Context, r *request) ([]byte, error) {
		begin := clock.Now()
		answer, err := next(ctx, r)
		traffic.sent(r)
		if !logger.Enabled(ctx, slog.LevelDebug) {
			return answer, err
		}
		attributes := []slog.Attr{
			slog.String("method", r.method), slog.String("path", r.pattern), slog.Int("status", r.status),
			slog.Int("attempt", r.attempt), slog.Int64("duration_ms", clock.Now().Sub(begin).Milliseconds()),
		}
		if err != nil {
			attributes = append(attributes, slog.String("cause", err.Error()))
		}
		logger.LogAttrs(ctx, slog.LevelDebug, "request", attributes...)
		return answer, err
	}
}
