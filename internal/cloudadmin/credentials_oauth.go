// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DefaultScopes are the minimum that looking up users and setting their statuses needs.
var DefaultScopes = []string{"rsa.user.read", "rsa.user.manage"}

// OAuthClient signs in with OAuth 2.0 client credentials and a signed client assertion (RFC
// 7523), as RSA recommends.
type OAuthClient struct {
	// TokenURL is the token endpoint; the function TokenURL derives it from an issuer.
	TokenURL string
	ClientID string
	Key      *PrivateKey
	// Scopes default to DefaultScopes.
	Scopes []string
}

// RequestedScopes returns the scopes that the client requests for a token.
func (c OAuthClient) RequestedScopes() []string {
	if len(c.Scopes) == 0 {
		return DefaultScopes
	}
	return c.Scopes
}

// TokenURL returns the token endpoint of an issuer.
func TokenURL(issuer string) (string, error) {
	u, err := parseIssuerURL(issuer)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(u.String(), "/") + "/token", nil
}

// ParseTokenURL parses the URL of a token endpoint that is not derived from an issuer.
func ParseTokenURL(raw string) (string, error) {
	u, err := parseURL(raw)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// A client assertion may live for at most five minutes, and it is not known whether the
// token endpoint tolerates differences between clocks. So an assertion begins a little
// before now, and ends early enough for a clock that is a minute fast.
const (
	assertionAge      = 45 * time.Second
	assertionLifetime = 4 * time.Minute
)

type assertionClaims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expiry   int64  `json:"exp"`
}

func (c OAuthClient) assertion(now time.Time) (string, error) {
	return sign(c.Key, assertionClaims{
		Issuer:   c.ClientID,
		Subject:  c.ClientID,
		Audience: c.TokenURL,
		ID:       rand.Text(),
		IssuedAt: now.Add(-assertionAge).Unix(),
		Expiry:   now.Add(assertionLifetime).Unix(),
	})
}

func (c OAuthClient) form(now time.Time) ([]byte, error) {
	assertion, err := c.assertion(now)
	if err != nil {
		return nil, fmt.Errorf("signing the client assertion: %w", err)
	}
	return []byte(url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
		"client_id":             {c.ClientID},
		"scope":                 {strings.Join(c.RequestedScopes(), " ")},
	}.Encode()), nil
}

func (c OAuthClient) newToken(ctx context.Context, send handler) (token, error) {
	fetched, err := c.fetchToken(ctx, send)
	if err != nil {
		return token{}, &SignInError{c.TokenURL, err}
	}
	return fetched, nil
}

func (c OAuthClient) fetchToken(ctx context.Context, send handler) (token, error) {
	received, err := send(ctx, request{
		method:      http.MethodPost,
		base:        c.TokenURL,
		contentType: "application/x-www-form-urlencoded",
		// The jti of an assertion is valid for one attempt.
		body: func() ([]byte, error) { return c.form(time.Now()) },
	})
	if err != nil {
		return token{}, err
	}
	var answer struct {
		wireError
		OtherSpelling ignored `json:"ACCESS_TOKEN"` // See otherSpellings.

		AccessToken json.RawMessage `json:"access_token"`
		ExpiresIn   json.RawMessage `json:"expires_in"`
	}
	var value string
	switch isObject := json.Unmarshal(received.body, &answer) == nil; {
	case isObject && json.Unmarshal(answer.AccessToken, &value) == nil && value != "" && AccessToken(value).FitsHeader():
	case isObject && answer.Error != "":
		// Some servers report an error with a success status.
		refusal := &Error{Status: received.status, Method: http.MethodPost, Path: c.TokenURL, URL: c.TokenURL, ClockAhead: received.clockAhead}
		refusal.read(received.body)
		return token{}, refusal
	default:
		return token{}, unexpected(http.MethodPost, c.TokenURL, "the answer has no access token")
	}
	fetched := token{value: value, issued: time.Now()}
	// The number of seconds, which some servers quote.
	if seconds, err := strconv.ParseInt(string(bytes.Trim(answer.ExpiresIn, `"`)), 10, 32); err == nil && seconds > 0 {
		fetched.expiry = fetched.issued.Add(time.Duration(seconds) * time.Second)
	}
	return fetched, nil
}

func (OAuthClient) renewable() bool { return true }
