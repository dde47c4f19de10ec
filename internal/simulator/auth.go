// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
	"strings"
)

const tokenNotProcessed = "Server failed to process provided access token"

// caller is the sender of a request: an OAuth client or a legacy API key.
type caller struct {
	name   string // client id or access id
	scopes []string
	all    bool // a legacy API key may do everything
}

// mayDo reports whether one of the scopes is sufficient.
func (c caller) mayDo(oneOf []string) bool {
	return c.all || slices.ContainsFunc(oneOf, func(scope string) bool { return slices.Contains(c.scopes, scope) })
}

// authorize is the token filter in front of the API. It returns the caller, or the answer
// that refuses it.
func (t *Tenant) authorize(r *http.Request) (caller, *answer) {
	refusal := func(status int, message string) (caller, *answer) {
		a := t.refuseInFront(status, message, r.URL.Path)
		return caller{}, &a
	}

	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return refusal(http.StatusUnauthorized, "Full authentication is required to access this resource")
	}
	if strings.Contains(token, ".") {
		c, message := t.verifyKeyToken(token)
		if message != "" {
			return refusal(http.StatusForbidden, message)
		}
		return c, nil
	}
	c, status := t.redeem(token)
	if status != 0 {
		return refusal(status, tokenNotProcessed)
	}
	return c, nil
}
