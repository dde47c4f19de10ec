// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package cloudadmin is a client of the Cloud Administration API of RSA ID Plus
// (Cloud Access Service), as far as keeping users' statuses needs it. It knows
// nothing of Terraform.
package cloudadmin

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Config is what a Client needs to know. BaseURL and Credentials are required
// unless Unready is set; the zero value of everything else suits a tenant that
// nobody tuned.
type Config struct {
	// Unready is why no request can be sent yet, such as credentials that are
	// missing. Each call of the client returns it, and does nothing else. So
	// whoever sends nothing needs no credentials.
	Unready error
	// BaseURL is the base URL of the API, as ParseBaseURL returns it.
	BaseURL *url.URL
	// Credentials is an OAuthClient, an APIKey or an AccessToken.
	Credentials Credentials
	// UserAgent is sent with each request.
	UserAgent string
	// MaxConcurrentRequests bounds the requests, and so the connections, in
	// flight at once. Default 10.
	MaxConcurrentRequests int
	// RequestsPerSecond bounds the rate of requests; 0 is no bound.
	RequestsPerSecond float64
	// MaxRetries is how often a request is tried again; nil is the default, 8.
	MaxRetries *int
	// RequestTimeout bounds one attempt. Default 30 s.
	RequestTimeout time.Duration
	// Logger gets a line per request at debug level and one per wait at warning
	// level, under the request's context, never with a secret. Default: none.
	Logger *slog.Logger

	clock clock
	// unpaced is for tests of the other handlers, which count the waits.
	unpaced bool
}

// Defaults of the Config.
const (
	DefaultMaxConcurrentRequests = 10
	DefaultMaxRetries            = 8
	DefaultRequestTimeout        = 30 * time.Second
)

func (c Config) withDefaults() Config {
	if c.MaxConcurrentRequests <= 0 {
		c.MaxConcurrentRequests = DefaultMaxConcurrentRequests
	}
	if c.MaxRetries == nil {
		retries := DefaultMaxRetries
		c.MaxRetries = &retries
	}
	if c.RequestTimeout <= 0 {
		c.RequestTimeout = DefaultRequestTimeout
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.clock == nil {
		c.clock = systemClock{}
	}
	return c
}

// Client speaks to one tenant. It is safe for concurrent use.
type Client struct {
	// Users is the user area of the API.
	Users Users

	base       string
	send       handler
	tokens     *tokenCache
	traffic    *traffic
	concurrent int
}

// New makes a client. Nothing is sent before the first call.
func New(config Config) *Client {
	config = config.withDefaults()
	if config.Unready != nil {
		// Each call begins with a token.
		config.BaseURL, config.Credentials = new(url.URL), unready{config.Unready}
	}
	client := &Client{base: strings.TrimRight(config.BaseURL.String(), "/"), traffic: new(traffic), concurrent: config.MaxConcurrentRequests}
	client.send, client.tokens = compose(config, client.traffic)
	client.Users = Users{client}
	return client
}

// do sends one call and decodes its answer. The pattern stands for the path in
// errors and logs; the path's variable parts must be escaped. Without a question
// the body is empty; an answer taken as it is (json.RawMessage) may be.
func (c *Client) do(ctx context.Context, method, pattern, path string, question, answer any) error {
	var body []byte
	if question != nil {
		var err error
		if body, err = json.Marshal(question); err != nil {
			return fmt.Errorf("encoding the body of %s %s: %w", method, pattern, err)
		}
	}
	_, mayBeEmpty := answer.(*json.RawMessage)
	received, err := c.send(ctx, &request{
		method:      method,
		url:         c.base + path,
		pattern:     pattern,
		contentType: "application/json",
		body:        func() ([]byte, error) { return body, nil },
		mayBeEmpty:  mayBeEmpty,
	})
	if err != nil {
		return err
	}
	if mayBeEmpty && len(received) == 0 {
		return nil
	}
	if err := json.Unmarshal(received, answer); err != nil {
		return &UnexpectedAnswerError{method, pattern, "the answer is JSON, but not of the expected form"}
	}
	return nil
}
