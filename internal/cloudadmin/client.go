// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package cloudadmin is a client of the Cloud Administration API of RSA ID Plus (Cloud
// Access Service), for what the management of users' statuses needs. It knows nothing of
// Terraform.
package cloudadmin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config configures a Client. BaseURL and Credentials are required unless Unready is set;
// the zero value of everything else suits a tenant with default settings.
type Config struct {
	// Unready is why no request can be sent yet, such as missing credentials. Each call of
	// the client returns it and does nothing else, so that a run that sends nothing needs
	// no credentials.
	Unready error
	// BaseURL is the base URL of the API, as ParseBaseURL returns it.
	BaseURL *url.URL
	// Credentials is an OAuthClient, an APIKey or an AccessToken.
	Credentials Credentials
	// UserAgent is sent with each request.
	UserAgent string
	// MaxConcurrentRequests limits the requests in flight, and so the connections. The
	// default is 10.
	MaxConcurrentRequests int
	// RequestsPerSecond limits the rate of requests; 0 is no limit.
	RequestsPerSecond float64
	// MaxRetries is how often a request is sent again after 429, 500, 502, 503, 504, a
	// broken connection or an answer that makes no sense. The default, nil, is 8 times
	// after 500 and an answer that makes no sense, and until the context's deadline after
	// the others.
	MaxRetries *int
	// RequestTimeout limits one attempt. The default is 30 s.
	RequestTimeout time.Duration
	// Transport sends the requests. The default, nil, is NewTransport. Tests replace it to
	// see what is sent and answered.
	Transport http.RoundTripper
	// Logger gets a line for each request at debug level and one for each wait at warning
	// level, under the request's context, never with a secret. The default is no log.
	Logger *slog.Logger
}

// Defaults of the Config.
const (
	DefaultMaxConcurrentRequests = 10
	DefaultRequestTimeout        = 30 * time.Second
)

func (c Config) withDefaults() Config {
	if c.MaxConcurrentRequests <= 0 {
		c.MaxConcurrentRequests = DefaultMaxConcurrentRequests
	}
	if c.RequestTimeout <= 0 {
		c.RequestTimeout = DefaultRequestTimeout
	}
	if c.Transport == nil {
		c.Transport = NewTransport(c.MaxConcurrentRequests)
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// Client speaks to one tenant. It is safe for concurrent use.
type Client struct {
	// Users is the part of the API about users.
	Users Users

	base       string
	send       handler
	tokens     *tokenCache
	concurrent int
}

// New returns a client. Nothing is sent before the first call.
func New(config Config) *Client {
	config = config.withDefaults()
	if config.Unready != nil {
		// Each call begins with a token.
		config.BaseURL, config.Credentials = new(url.URL), unready{config.Unready}
	}
	client := &Client{base: strings.TrimRight(config.BaseURL.String(), "/"), concurrent: config.MaxConcurrentRequests}
	client.send, client.tokens = compose(config)
	client.Users = Users{client}
	return client
}

// call is one call to the API.
type call struct {
	method string
	// pattern replaces the path in errors and logs; the variable parts of the path must be
	// escaped.
	pattern, path string
	// question is the body; nil is an empty one.
	question any
	// maxBody limits the size of the answer; 0 is the default.
	maxBody int
}

// do sends a call that only reads, and decodes its answer. A result of type
// json.RawMessage, which is not decoded, may be empty.
func (c *Client) do(ctx context.Context, call call, result any) error {
	_, err := c.roundTrip(ctx, call, result)
	return err
}

// change is do for a call that changes a user: see MayHaveBeenMade. If its answer is wrong,
// the caller marks the error as uncertain.
func (c *Client) change(ctx context.Context, call call, result any) error {
	mayHaveBeenMade, err := c.roundTrip(ctx, call, result)
	if mayHaveBeenMade {
		return uncertain(err)
	}
	return err
}

func (c *Client) roundTrip(ctx context.Context, call call, result any) (mayHaveBeenMade bool, err error) {
	var body []byte
	if call.question != nil {
		if body, err = json.Marshal(call.question); err != nil {
			return false, fmt.Errorf("encoding the body of %s %s: %w", call.method, call.pattern, err)
		}
	}
	_, mayBeEmpty := result.(*json.RawMessage)
	received, err := c.send(ctx, request{
		method:      call.method,
		base:        c.base,
		path:        call.path,
		pattern:     call.pattern,
		contentType: "application/json",
		body:        func() ([]byte, error) { return body, nil },
		maxBody:     call.maxBody,
		mayBeEmpty:  mayBeEmpty,
	})
	if err == nil && len(received.body) > 0 && json.Unmarshal(received.body, result) != nil {
		err = unexpected(call.method, call.pattern, "the answer is JSON, but not of the expected form")
	}
	return received.mayHaveBeenMade, err
}
