// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const minRSABits = 2048

// PrivateKey signs client assertions.
type PrivateKey struct {
	signer    crypto.Signer
	algorithm jose.SignatureAlgorithm
	// ID is the JWK's "kid"; empty for a PEM key.
	ID string
}

// ParsePrivateKey reads a private key as the console hands it out, a JWK, or as
// PEM (PKCS#1, PKCS#8 or SEC 1): RSA of at least 2048 bits or EC P-256. Errors
// name what was found and never repeat the key.
func ParsePrivateKey(text string) (*PrivateKey, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, errors.New("it is empty")
	case strings.HasPrefix(text, "{"):
		return parseJWK(text)
	case strings.Contains(text, "-----BEGIN "):
		return parsePEM(text)
	}
	return nil, errors.New("it is neither a JWK (a JSON object) nor PEM (-----BEGIN … PRIVATE KEY-----)")
}

func parseJWK(text string) (*PrivateKey, error) {
	// go-jose's errors may repeat parts of the key; only our own words leave here.
	var head struct {
		Type string            `json:"kty"`
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal([]byte(text), &head) != nil {
		return nil, errors.New("it starts like a JWK, but it is not valid JSON")
	}
	switch {
	case head.Keys != nil:
		return nil, errors.New("it is a JWK set: give the one key of the client, the object inside \"keys\"")
	case head.Type == "":
		return nil, errors.New("it is JSON, but not a JWK: \"kty\" is missing")
	case head.Type != "RSA" && head.Type != "EC":
		return nil, fmt.Errorf("it is a JWK of type %q: RSA and EC (P-256) are supported", label(head.Type))
	}
	var jwk jose.JSONWebKey
	if jwk.UnmarshalJSON([]byte(text)) != nil || !jwk.Valid() {
		return nil, fmt.Errorf("it is a JWK of type %s with missing or wrong members", head.Type)
	}
	if jwk.IsPublic() {
		return nil, errors.New("it is a public key: the private key is needed")
	}
	key, err := newPrivateKey(jwk.Key)
	if err != nil {
		return nil, err
	}
	key.ID = jwk.KeyID
	return key, nil
}

func parsePEM(text string) (*PrivateKey, error) {
	// Keys are pasted out of JSON with the line breaks still escaped.
	text = strings.ReplaceAll(text, `\r`, "")
	text = strings.ReplaceAll(text, `\n`, "\n")
	block, rest := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("it starts like PEM, but it cannot be decoded: a line is missing or cut")
	}
	// OpenSSL writes EC parameters, or a certificate, in front of a key.
	for next := block; next != nil; next, rest = pem.Decode(rest) {
		if strings.HasSuffix(next.Type, "PRIVATE KEY") {
			block = next
			break
		}
	}
	if strings.Contains(block.Type, "PUBLIC") || block.Type == "CERTIFICATE" {
		return nil, fmt.Errorf("it is a public key (%s): the private key is needed", label(block.Type))
	}
	if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
		return nil, errors.New("it is encrypted with a passphrase: decrypt it first, for example with `openssl pkey -in key.pem -out decrypted.pem`")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("it is a PEM block of type %q: RSA PRIVATE KEY, EC PRIVATE KEY and PRIVATE KEY are supported", label(block.Type))
	}
	if err != nil {
		// x509 refuses small RSA keys and unknown curves in words that name no cause.
		return nil, fmt.Errorf("the %s block cannot be read: it is damaged, or of a kind that is not supported (RSA of at least %d bits and EC P-256 are)", block.Type, minRSABits)
	}
	return newPrivateKey(key)
}

func newPrivateKey(key any) (*PrivateKey, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			return nil, fmt.Errorf("it is an RSA key of %d bits: at least %d are needed", bits, minRSABits)
		}
		if key.Validate() != nil {
			return nil, errors.New("it is an RSA key whose numbers do not fit together: it is damaged")
		}
		return &PrivateKey{signer: key, algorithm: jose.RS256}, nil
	case *ecdsa.PrivateKey:
		if key.Curve != elliptic.P256() {
			return nil, fmt.Errorf("it is an EC key on the curve %s: only P-256 is supported", key.Curve.Params().Name)
		}
		if raw, err := key.Bytes(); err != nil || !fitsPublicKey(key, raw) {
			return nil, errors.New("it is an EC key whose private and public half do not fit together: it is damaged")
		}
		return &PrivateKey{signer: key, algorithm: jose.ES256}, nil
	}
	return nil, fmt.Errorf("it is a %T: RSA (2048 bits or more) and EC (P-256) are supported", key)
}

func fitsPublicKey(key *ecdsa.PrivateKey, raw []byte) bool {
	derived, err := ecdsa.ParseRawPrivateKey(key.Curve, raw)
	return err == nil && derived.PublicKey.Equal(&key.PublicKey)
}
