// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// ConnectionError is a request that got no answer, or no usable one.
type ConnectionError struct {
	// Method is the request's method, and URL its URL without the variable parts of its path.
	Method, URL string
	// Kind is what went wrong.
	Kind Failure
	// ProxyStatus is the answer of a proxy that does not connect to the server.
	ProxyStatus int
	// Unanswered reports that the server has not answered any request yet.
	Unanswered bool
	// Final reports that another attempt cannot help and is not made.
	Final bool

	cause error
}

// Failure is what can go wrong on the way to a server.
type Failure int

const (
	// ConnectionLost is a connection that was reset or ended too early.
	ConnectionLost Failure = iota
	// NoAnswerInTime is an attempt that took longer than Config.RequestTimeout.
	NoAnswerInTime
	// NoSuchHost is a host name that does not exist.
	NoSuchHost
	// NotReachable is a connection that is refused, or not made in time.
	NotReachable
	// NotHTTPS is a server that does not speak HTTPS at the port that was called.
	NotHTTPS
	// NotHTTP is a server, or a proxy, that does not speak HTTP.
	NotHTTP
	// TLSRefused is a TLS handshake that one side refuses.
	TLSRefused
	// CertificateNotTrusted is a server whose certificate is not trusted.
	CertificateNotTrusted
	// ProxyNotReachable is a proxy that no connection can be made to.
	ProxyNotReachable
	// ProxyRefused is a proxy that does not connect to the server.
	ProxyRefused
	// PageInBetween is a web page instead of a success.
	PageInBetween
	// BrokenAnswer is an answer that is empty, cut off or not JSON.
	BrokenAnswer
)

// String returns a short description that names no host.
func (f Failure) String() string {
	return [...]string{
		ConnectionLost:        "the connection was lost",
		NoAnswerInTime:        "no answer came in time",
		NoSuchHost:            "no host has this name",
		NotReachable:          "the host accepts no connection",
		NotHTTPS:              "the host does not speak HTTPS at this port",
		NotHTTP:               "the server does not speak HTTP",
		TLSRefused:            "the TLS handshake failed",
		CertificateNotTrusted: "the host's certificate is not trusted",
		ProxyNotReachable:     "the proxy cannot be reached",
		ProxyRefused:          "the proxy does not connect to the host",
		PageInBetween:         "a web page came instead of an answer",
		BrokenAnswer:          "the answer is not JSON, or not complete",
	}[f]
}

func (e *ConnectionError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Method, e.URL, withoutTokens(oneLine(e.cause.Error())))
}

func (e *ConnectionError) Unwrap() error { return e.cause }

var errAttemptTimeout = errors.New("no answer in time")

// connectionError returns the error for an attempt that the HTTP client reports as failed.
func connectionError(ctx context.Context, r request, timeout time.Duration, err error) error {
	switch {
	case errors.Is(context.Cause(ctx), errAttemptTimeout):
		return &ConnectionError{Method: r.method, URL: r.url(), Kind: NoAnswerInTime, cause: fmt.Errorf("%w (%s)", errAttemptTimeout, timeout)}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &ConnectionError{Method: r.method, URL: r.url(), Kind: NoAnswerInTime, cause: fmt.Errorf("no answer before the end of the timeout: %w", ctx.Err())}
	case ctx.Err() != nil:
		return fmt.Errorf("%s %s: %w", r.method, r.name(), context.Cause(ctx))
	}
	// The text of url.Error repeats the method and the URL.
	var urlError *url.Error
	if errors.As(err, &urlError) {
		err = urlError.Err
	}
	failure := &ConnectionError{Method: r.method, URL: r.url(), Kind: failureOf(err), cause: err}
	var refusal *proxyRefusal
	switch {
	case errors.As(err, &refusal):
		failure.ProxyStatus = refusal.status
		failure.Final = refusal.status < http.StatusInternalServerError && refusal.status != http.StatusTooManyRequests
	case failure.Kind == ProxyNotReachable:
		// What the library takes for the proxy's host may be a part of its password.
		failure.cause = errors.New("no connection to the proxy: " + withoutAddress(err))
	case failure.Kind == CertificateNotTrusted || failure.Kind == NotHTTPS:
		failure.Final = true
	}
	return failure
}

func failureOf(err error) Failure {
	var operation *net.OpError
	var name *net.DNSError
	var refusal *proxyRefusal
	var distrusted *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &refusal):
		return ProxyRefused
	case errors.As(err, &distrusted):
		return CertificateNotTrusted
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return NotHTTPS
	case errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error"), strings.HasPrefix(err.Error(), "tls: "):
		return TLSRefused // an alert of either side
	case errors.As(err, &operation) && (operation.Op == "proxyconnect" || strings.HasPrefix(operation.Op, "socks")):
		return ProxyNotReachable
	case strings.Contains(err.Error(), "malformed HTTP"):
		return NotHTTP
	case errors.Is(err, syscall.ECONNRESET):
		return ConnectionLost // also while connecting
	case errors.As(err, &name) && name.IsNotFound:
		return NoSuchHost
	case errors.As(err, &operation) && operation.Op == "dial":
		return NotReachable
	case errors.Is(err, syscall.ECONNREFUSED):
		return NotReachable
	}
	return ConnectionLost
}

// withoutAddress returns why a connection was not made, without addresses.
func withoutAddress(err error) string {
	var name *net.DNSError
	var number syscall.Errno
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return "no such host"
	case errors.As(err, &name):
		return "its name cannot be looked up"
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer"
	}
	return "it does not answer like a proxy"
}

// proxyRefusal is a proxy's answer to CONNECT, other than 200.
type proxyRefusal struct {
	proxy  string
	status int
}

func (r *proxyRefusal) Error() string {
	return fmt.Sprintf("the proxy %s answered %d %s", r.proxy, r.status, http.StatusText(r.status))
}

// refusalOfProxy keeps the status: the library's own error has only its text.
func refusalOfProxy(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{proxy.Host, response.StatusCode}
}

// Reach sends a request to a URL without credentials. Any answer will do; if there is none,
// it returns the ConnectionError.
func Reach(ctx context.Context, transport http.RoundTripper, at string, timeout time.Duration) error {
	_, err := exchange(newHTTPClient(transport), "", timeout)(ctx, request{
		method: http.MethodGet, base: at, body: func() ([]byte, error) { return nil, nil },
	})
	var failure *ConnectionError
	if errors.As(err, &failure) && failure.Kind != PageInBetween && failure.Kind != BrokenAnswer || ctx.Err() != nil {
		return err
	}
	return nil
}

// brokenAnswer returns the error for a success whose body is not JSON.
func brokenAnswer(r request, body []byte) error {
	kind, problem := BrokenAnswer, "the answer is not JSON"
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		problem = "the answer is empty"
	case trimmed[0] == '{' || trimmed[0] == '[':
		problem = "the answer is not valid JSON"
		// The error of a Decoder distinguishes the two cases; that of Unmarshal does not.
		if err := json.NewDecoder(bytes.NewReader(trimmed)).Decode(new(json.RawMessage)); errors.Is(err, io.ErrUnexpectedEOF) {
			problem = "the answer was cut off: its JSON is not complete"
		}
	case isHTML(body):
		kind, problem = PageInBetween, "the answer is "+summarize(body)
	}
	// Other text is not repeated: the 200 of a token endpoint contains a token.
	return &ConnectionError{Method: r.method, URL: r.url(), Kind: kind, cause: errors.New(problem)}
}
