// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/base64"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const (
	clockSkew           = 60 // seconds, either way, as documented
	longestKeyTokenLife = 3600
)

// verifyKeyToken checks the token that the holder of a legacy API key signs. The message is
// empty, or the token filter's.
func (t *Tenant) verifyKeyToken(token string) (c caller, message string) {
	header, claims, read := readCompactToken(token)
	typ, _, typErr := header.text("typ")
	alg, _, algErr := header.text("alg")
	if !read || typErr != nil || algErr != nil || len(header) != 2 || typ != "JWT" || alg != string(jose.RS256) {
		return caller{}, tokenNotProcessed
	}
	accessID, hasSubject, subjectErr := claims.text("sub")
	audience, hasAudience, audienceErr := claims.text("aud")
	issued, hasIssued, issuedErr := claims.integer("iat")
	expires, hasExpires, expiresErr := claims.integer("exp")
	if subjectErr != nil || audienceErr != nil || issuedErr != nil || expiresErr != nil ||
		!hasSubject || !hasAudience || !hasIssued || !hasExpires {
		return caller{}, tokenNotProcessed
	}

	t.credentials.mu.Lock()
	key, known := t.credentials.apiKeys[accessID]
	t.credentials.mu.Unlock()
	if !known {
		return caller{}, "Access Id is not valid"
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return caller{}, tokenNotProcessed
	}
	if _, err := signed.Verify(key.publicKey); err != nil {
		return caller{}, tokenNotProcessed
	}
	if audience != key.audience {
		return caller{}, "Invalid audience"
	}

	now := t.clockTime().Unix()
	if issued < 0 || expires-issued > longestKeyTokenLife || issued > now+clockSkew || expires < now-clockSkew {
		return caller{}, tokenNotProcessed
	}
	return caller{name: accessID, all: true}, ""
}

// readCompactToken parses the header and claims of a JWT without trusting them.
func readCompactToken(token string) (header, claims properties, read bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	header, headerErr := readPart(parts[0])
	claims, claimsErr := readPart(parts[1])
	return header, claims, headerErr == nil && claimsErr == nil
}

func readPart(part string) (properties, error) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil, err
	}
	return parseObject(raw)
}
