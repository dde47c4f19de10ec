// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// changes are claims to set or, if nil, to leave out.
type changes map[string]any

// with returns claims with changes.
func with(claims map[string]any, c changes) map[string]any {
	claims = maps.Clone(claims)
	for name, value := range c {
		if value == nil {
			delete(claims, name)
		} else {
			claims[name] = value
		}
	}
	return claims
}

// signRS256 writes a JWT by hand, so that a header can be anything.
func signRS256(t *testing.T, key *rsa.PrivateKey, header, claims map[string]any) string {
	t.Helper()
	encode := func(part map[string]any) string {
		raw, err := json.Marshal(part)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	input := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	must(t, err)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// signWith signs claims as an OAuth client does.
func signWith(t *testing.T, key any, algorithm jose.SignatureAlgorithm, keyID string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT")
	if keyID != "" {
		options = options.WithHeader("kid", keyID)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	must(t, err)
	raw, err := json.Marshal(claims)
	must(t, err)
	signed, err := signer.Sign(raw)
	must(t, err)
	token, err := signed.CompactSerialize()
	must(t, err)
	return token
}

func newRSAKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	return key
}

// keyFile is a legacy key file as a client reads it.
type keyFile struct {
	CustomerName, AccessID, AccessKey, AdminRestAPIURL, Description string
	key                                                             *rsa.PrivateKey
}

func readKeyFile(t *testing.T, raw []byte) keyFile {
	t.Helper()
	var f keyFile
	must(t, json.Unmarshal(raw, &f))
	block, _ := pem.Decode([]byte(f.AccessKey))
	if block == nil || block.Type != "RSA PRIVATE KEY" {
		t.Fatalf("the access key is not PKCS#1 PEM: %s", f.AccessKey)
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	must(t, err)
	f.key = key
	return f
}
