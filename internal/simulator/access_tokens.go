// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"slices"
	"time"
)

// accessToken is a bearer token issued by the tenant.
type accessToken struct {
	caller  caller
	expires time.Time // on the tenant's clock
	refused int       // the status of the answer once it is revoked
}

// IssueToken returns a bearer token that was issued elsewhere, with the default scopes if
// none are given. It expires by the tenant's clock.
func (t *Tenant) IssueToken(lifetime time.Duration, scopes ...string) string {
	if len(scopes) == 0 {
		scopes = defaultScopes()
	}
	return t.issue(caller{name: "minted-elsewhere", scopes: slices.Clone(scopes)}, lifetime)
}

// RevokeTokens makes the tenant refuse every access token issued so far with 403, in the
// token filter's form. The tokens that legacy API keys sign were not issued by the tenant
// and stay valid; see [Tenant.DeleteCredential].
func (t *Tenant) RevokeTokens() {
	t.RevokeTokensWith(http.StatusForbidden)
}

// RevokeTokensWith is [Tenant.RevokeTokens] with another status, 401 or 403.
func (t *Tenant) RevokeTokensWith(status int) {
	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	for _, token := range t.credentials.tokens {
		token.refused = status
	}
}

// issue makes an opaque token without dots, which distinguishes it from the tokens signed
// by legacy API keys.
func (t *Tenant) issue(c caller, lifetime time.Duration) string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails, according to its documentation
	value := base64.RawURLEncoding.EncodeToString(b[:])
	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	t.credentials.tokens[value] = &accessToken{caller: c, expires: t.Now().Add(lifetime)}
	return value
}

// redeem finds the caller of a token. The refusal is 0, or the status to answer.
func (t *Tenant) redeem(value string) (c caller, refusal int) {
	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	token, known := t.credentials.tokens[value]
	switch {
	case !known || !t.Now().Before(token.expires):
		return caller{}, http.StatusForbidden
	case token.refused != 0:
		return caller{}, token.refused
	}
	return token.caller, 0
}
