// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	grantType     = "client_credentials"
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// issueByAssertion is the client credentials grant with a signed assertion (RFC 7523). The
// bodies of its refusals are of type oauthError.
func (t *Tenant) issueByAssertion(x exchange) answer {
	mediaType, _, err := mime.ParseMediaType(x.request.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return refuseToken(http.StatusUnsupportedMediaType, "invalid_request", "The request must be a form post.")
	}
	form, err := url.ParseQuery(string(x.body))
	if err != nil {
		return refuseToken(http.StatusBadRequest, "invalid_request", "The form is malformed.")
	}
	for name, values := range form {
		if len(values) > 1 {
			return refuseToken(http.StatusBadRequest, "invalid_request", "The parameter "+name+" is repeated.")
		}
	}
	switch form.Get("grant_type") {
	case grantType:
	case "":
		return refuseToken(http.StatusBadRequest, "invalid_request", "The grant_type is missing.")
	default:
		return refuseToken(http.StatusBadRequest, "unsupported_grant_type", "The grant_type must be client_credentials.")
	}
	if form.Get("client_assertion_type") != assertionType {
		return refuseToken(http.StatusUnauthorized, "invalid_client", "The client_assertion_type is missing or unknown.")
	}

	client, refusal := t.verifyAssertion(form.Get("client_assertion"), form.Get("client_id"), tokenEndpointOf(x.request))
	if refusal != nil {
		return *refusal
	}
	scopes := client.scopes
	if asked := form.Get("scope"); asked != "" {
		scopes = strings.Split(asked, " ")
	}
	for _, scope := range scopes {
		if !slices.Contains(client.scopes, scope) {
			return refuseToken(http.StatusForbidden, "invalid_scope", "The scope "+scope+" is not granted to the client.")
		}
	}

	granted := caller{name: client.id, scopes: slices.Clone(scopes)}
	a := ok(struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int64  `json:"expires_in"`
		Scope       string `json:"scope"`
	}{t.issue(granted, client.lifetime), "Bearer", int64(client.lifetime.Seconds()), strings.Join(scopes, " ")})
	a.header = map[string]string{"Cache-Control": "no-store"}
	return a
}

// tokenEndpointOf returns the URL of the token endpoint as the client knows it, whichever
// port the server listens on.
func tokenEndpointOf(r *http.Request) string { return originOf(r) + tokenPath }
