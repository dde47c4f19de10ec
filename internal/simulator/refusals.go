// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// Forms of refusals.
const (
	refusedAsAPI       = "api"
	refusedAsRFC6749   = "rfc6749"
	refusedAsSpring    = "spring"
	refusedAsErrorCode = "error-code"
	refusedEmpty       = "empty"
	refusedWith400     = "400"
	refusedWith200     = "200"
)

// oauthError is RFC 6749's form of a refusal.
type oauthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func refuseToken(status int, code, description string) answer {
	return answer{
		status: status,
		header: map[string]string{"Cache-Control": "no-store"},
		body:   oauthError{Code: code, Description: description},
	}
}

// issueToken is the token endpoint, POST /oauth/token. Its refusals have the form that was set.
func (t *Tenant) issueToken(x exchange) answer {
	a := t.issueByAssertion(x)
	refusal, refused := a.body.(oauthError)
	if !refused {
		return a
	}
	switch t.accessTemperaments().tokenRefusal {
	case refusedWith400:
		a.status = http.StatusBadRequest
	case refusedWith200:
		a.status = http.StatusOK
	case refusedEmpty:
		a.status, a.body = http.StatusForbidden, nil
	case refusedAsSpring:
		a.status = http.StatusForbidden
		a.body = t.refuseInFront(a.status, refusal.Description, x.request.URL.Path).body
	case refusedAsErrorCode:
		a.status = http.StatusBadRequest
		a.body = struct {
			Code    string `json:"errorCode"`
			Summary string `json:"errorSummary"`
		}{refusal.Code, refusal.Description}
	}
	return a
}

// refuseScopes returns the answer to a caller without permission.
func (t *Tenant) refuseScopes(r *http.Request) answer {
	const description = "The permissions of the API client do not allow this operation."
	switch t.accessTemperaments().apiRefusal {
	case refusedAsSpring:
		return t.refuseInFront(http.StatusForbidden, description, r.URL.Path)
	case refusedEmpty:
		return answer{status: http.StatusForbidden}
	}
	return refuse(http.StatusForbidden, description)
}
