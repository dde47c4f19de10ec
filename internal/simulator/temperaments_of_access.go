// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// accessTemperaments are the open questions about the access of clients. The offset of the
// clock is in clock.
type accessTemperaments struct {
	tokenRefusal string        // empty: RFC 6749
	apiRefusal   string        // empty: the API's
	leeway       time.Duration // for client assertions
}

var accessTemperamentTable = []Temperament{
	{
		Name: "token-refusal", Method: "RefuseTokensAs", Kinds: []Kind{KindToken},
		Answers:    []string{refusedAsRFC6749, refusedWith400, refusedWith200, refusedEmpty, refusedAsSpring, refusedAsErrorCode},
		Decides:    `How the token endpoint refuses: with 400, 401, 403 or 415 and "error" and "error_description" (rfc6749), so with 400 or 200 always, with 403 and no body (empty), with 403 in the shape of the API's token filter (spring), or with 400 and "errorCode" and "errorSummary" (error-code).`,
		Documented: "The token endpoint's refusals are not documented. RFC 6749 makes 400 the usual status; 403 was recorded for scopes with a wrong separator.",
		set:        (*Tenant).RefuseTokensAs,
		get: func(t *Tenant) string {
			return textOr(t.temperaments.access.tokenRefusal, refusedAsRFC6749)
		},
	},
	{
		Name: "clock-leeway", Method: "SetClockLeeway", Answers: []string{"60s", "0s"}, Others: anyDuration, Kinds: []Kind{KindToken},
		Decides:    "By how much iat and exp of a client assertion may be off; exp may be 300 s plus this leeway ahead.",
		Documented: "The tokens of legacy API keys may be 60 s off; whether the token endpoint allows any difference for client assertions is not documented.",
		set:        setDuration((*Tenant).SetClockLeeway),
		get:        func(t *Tenant) string { return seconds(t.temperaments.access.leeway) },
	},
	{
		Name: "clock-offset", Method: "SetClockOffset", Answers: []string{"0s", "20s", "-20s"}, Others: anyOffset,
		Decides:    "How far the tenant's clock is ahead of this machine's, or behind if negative.",
		Documented: "The answer to a clock that is off by more than 60 s is documented for legacy API keys: 403.",
		set:        setDuration((*Tenant).SetClockOffset),
		get:        func(t *Tenant) string { return seconds(time.Duration(t.clock.offset.Load())) },
	},
	{
		Name: "api-refusal", Method: "RefuseScopesAs", Answers: []string{refusedAsAPI, refusedAsSpring, refusedEmpty},
		Kinds:      []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted},
		Decides:    `How the API refuses a token with 403 whose scopes are too small: with "code" and "description" (api), in the shape of its token filter (spring), or with no body (empty).`,
		Documented: "403 means not authorized; the body is not documented.",
		set:        (*Tenant).RefuseScopesAs,
		get:        func(t *Tenant) string { return textOr(t.temperaments.access.apiRefusal, refusedAsAPI) },
	},
}

// RefuseTokensAs sets the form of the token endpoint's refusals, by an answer of the switch
// token-refusal.
func (t *Tenant) RefuseTokensAs(answer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.access.tokenRefusal = answer
}

// RefuseScopesAs sets the form of the API's refusal of a token with too small scopes, by an
// answer of the switch api-refusal.
func (t *Tenant) RefuseScopesAs(answer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.access.apiRefusal = answer
}

// SetClockLeeway sets by how much the claims iat and exp of a client assertion may be off,
// in whole seconds; the default is 60 s. With 0 an assertion is refused in the second in
// which it expires, if it expires more than 300 s from now, or if it was issued in the
// future. For the tokens of legacy API keys it is always 60 s, as documented.
func (t *Tenant) SetClockLeeway(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.access.leeway = d
}

func (t *Tenant) accessTemperaments() accessTemperaments {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.temperaments.access
}
