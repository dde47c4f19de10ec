// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Credentials is a way to authenticate: OAuthClient, APIKey or AccessToken.
type Credentials interface {
	// newToken makes or fetches an access token. The handler sends requests without a token.
	newToken(ctx context.Context, send handler) (token, error)
	// renewable reports whether newToken can replace a refused token.
	renewable() bool
}

// AccessToken is a bearer token that was issued elsewhere. It cannot be renewed here.
type AccessToken string

func (t AccessToken) newToken(context.Context, handler) (token, error) {
	if !t.FitsHeader() {
		return token{}, errors.New("the access token has characters that no header can carry")
	}
	return token{value: string(t)}, nil
}

func (AccessToken) renewable() bool { return false }

// FitsHeader reports whether an Authorization header can carry the token.
func (t AccessToken) FitsHeader() bool {
	return !strings.ContainsFunc(string(t), func(r rune) bool { return r <= ' ' || r > '~' })
}

// unready takes the place of credentials in a Config that cannot send requests.
type unready struct{ cause error }

func (u unready) newToken(context.Context, handler) (token, error) {
	return token{}, u.cause
}

func (unready) renewable() bool { return false }

// sign makes a compact JWT. The header has typ, alg and, for a key with an id, kid. The API
// refuses anything else.
func sign(key *PrivateKey, claims any) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT")
	signingKey := jose.SigningKey{Algorithm: key.algorithm, Key: jose.JSONWebKey{Key: key.signer, KeyID: key.ID}}
	signer, err := jose.NewSigner(signingKey, options)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}
