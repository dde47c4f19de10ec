// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
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

// Kind returns the kind of the key, as in "RSA, 2048 bits".
func (k *PrivateKey) Kind() string {
	if public, ok := k.signer.Public().(*rsa.PublicKey); ok {
		return fmt.Sprintf("RSA, %d bits", public.N.BitLen())
	}
	return "EC, P-256"
}

// ParsePrivateKey parses a private key in the form that the console provides, a JWK, or in
// PEM (PKCS#1, PKCS#8 or SEC 1): RSA of at least 2048 bits or EC P-256. It accepts a key
// that is encoded, quoted or escaped, or has lost its line breaks. Errors name what was
// found and never repeat the key.
func ParsePrivateKey(text string) (*PrivateKey, error) {
	inner := unwrap(text)
	switch {
	case inner == "":
		return nil, errors.New("it is empty")
	case strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "["):
		return parseJWK(inner)
	case strings.Contains(inner, "-----BEGIN "):
		return parsePEM(inner)
	case strings.Contains(inner, "-----END "):
		return nil, errors.New("it is cut off: its first line (-----BEGIN … PRIVATE KEY-----) is missing")
	case isDER(inner) || isDER(text):
		return nil, errors.New("it is a key without the first and last line of PEM, or in binary (DER): convert it to PEM, for example with `openssl pkey -inform DER -in key.der -out key.pem`")
	case KindOf(inner) == JWT:
		return nil, errors.New("it is a bearer token, not a private key")
	}
	return nil, errors.New("it is neither a JWK (a JSON object) nor PEM (-----BEGIN … PRIVATE KEY-----)")
}

func newPrivateKey(key any) (*PrivateKey, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			return nil, fmt.Errorf("it is an RSA key of %d bits: at least %d are required", bits, minRSABits)
		}
		if !fitsTogether(key) {
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
	case ed25519.PrivateKey:
		return nil, errors.New("it is an Ed25519 key: RSA (2048 bits or more) and EC (P-256) are supported")
	}
	return nil, errors.New("it is a key that does not sign: RSA (2048 bits or more) and EC (P-256) are supported")
}

// fitsTogether checks an RSA key. Validate needs the primes; a key without them is checked
// by signing and verifying.
func fitsTogether(key *rsa.PrivateKey) bool {
	if len(key.Primes) > 0 {
		return key.Validate() == nil
	}
	digest := sha256.Sum256(nil)
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	return err == nil && rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature) == nil
}

func fitsPublicKey(key *ecdsa.PrivateKey, raw []byte) bool {
	derived, err := ecdsa.ParseRawPrivateKey(key.Curve, raw)
	return err == nil && derived.PublicKey.Equal(&key.PublicKey)
}
