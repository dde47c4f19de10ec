// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// longestAssertionLife is how far ahead, in seconds, an assertion may expire.
const longestAssertionLife = 300

// verifyAssertion checks the JWT with which an OAuth client proves its identity. clientID
// is the one in the form, and may be empty.
func (t *Tenant) verifyAssertion(assertion, clientID, audience string) (registeredClient, *answer) {
	refusal := func(status int, description string) (registeredClient, *answer) {
		a := refuseToken(status, "invalid_client", description)
		return registeredClient{}, &a
	}
	invalid := func(description string) (registeredClient, *answer) {
		return refusal(http.StatusUnauthorized, description)
	}

	header, claims, read := readCompactToken(assertion)
	if !read {
		return invalid("The client_assertion is missing or malformed.")
	}
	issuer, _, issuerErr := claims.text("iss")
	subject, _, subjectErr := claims.text("sub")
	if issuerErr != nil || subjectErr != nil || issuer == "" || subject != issuer {
		return invalid("The claims iss and sub of the assertion must both be the client id.")
	}
	if clientID != "" && clientID != issuer {
		return invalid("The client_id is not that of the assertion.")
	}
	t.credentials.mu.Lock()
	client, known := t.credentials.clients[issuer]
	t.credentials.mu.Unlock()
	if !known {
		return invalid("The client is not known.")
	}
	if !client.published {
		return refusal(http.StatusForbidden, "The client is not published.")
	}
	if keyID, _, err := header.text("kid"); err != nil || keyID != client.keyID {
		return invalid("The kid of the assertion is not that of the client's key.")
	}
	signed, err := jose.ParseSignedCompact(assertion, []jose.SignatureAlgorithm{client.algorithm})
	if err != nil {
		return invalid("The assertion is not signed with the algorithm of the client's key.")
	}
	if _, err := signed.Verify(client.publicKey); err != nil {
		return invalid("The signature of the assertion is wrong.")
	}
	if !names(claims["aud"], audience) {
		return invalid("The audience of the assertion is not the token endpoint.")
	}
	if description := t.judgeLife(client, claims); description != "" {
		return invalid(description)
	}
	return client, nil
}

// judgeLife checks the claims exp, iat and jti of an assertion whose signature is valid,
// and remembers the jti. It returns what is wrong, or an empty string.
func (t *Tenant) judgeLife(client registeredClient, claims properties) string {
	now, leeway := t.clockTime().Unix(), int64(t.accessTemperaments().leeway/time.Second)
	expires, hasExpires, err := claims.integer("exp")
	switch {
	case err != nil || !hasExpires:
		return "The claim exp is missing or not an integer."
	case expires <= now-leeway:
		return "The assertion has expired."
	case expires > now+longestAssertionLife+leeway:
		return "The assertion lives for too long."
	}
	issued, hasIssued, err := claims.integer("iat")
	if err != nil || hasIssued && issued > now+leeway {
		return "The claim iat is not an integer or in the future."
	}
	id, _, err := claims.text("jti")
	if err != nil || id == "" {
		return "The claim jti is missing."
	}
	if !t.credentials.use(client.id+" "+id, t.clockTime(), time.Unix(expires+leeway, 0)) {
		return "The assertion has been used before."
	}
	return ""
}

// use remembers an assertion for as long as it could be sent again, and reports whether it
// is new.
func (c *credentials) use(assertion string, now, until time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for used, expires := range c.usedAssertions {
		if now.After(expires) {
			delete(c.usedAssertions, used)
		}
	}
	_, used := c.usedAssertions[assertion]
	c.usedAssertions[assertion] = until
	return !used
}

// names reports whether an audience claim, a string or a list, contains a name.
func names(claim json.RawMessage, audience string) bool {
	var one string
	if json.Unmarshal(claim, &one) == nil {
		return one == audience
	}
	var many []string
	return json.Unmarshal(claim, &many) == nil && slices.Contains(many, audience)
}
