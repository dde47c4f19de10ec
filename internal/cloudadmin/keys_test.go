// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// The keys are generated once, because an RSA key takes a while.
var (
	rsaKey      = sync.OnceValue(func() *rsa.PrivateKey { return newRSAKey(2048) })
	smallRSAKey = sync.OnceValue(func() *rsa.PrivateKey { return newRSAKey(1024) })
	ecKey       = sync.OnceValue(func() *ecdsa.PrivateKey { return newECKey(elliptic.P256()) })
	p384Key     = sync.OnceValue(func() *ecdsa.PrivateKey { return newECKey(elliptic.P384()) })
)

func newRSAKey(bits int) *rsa.PrivateKey { return made(rsa.GenerateKey(rand.Reader, bits)) }

func newECKey(curve elliptic.Curve) *ecdsa.PrivateKey {
	return made(ecdsa.GenerateKey(curve, rand.Reader))
}

// made returns the result of a function of the standard library that does not fail here.
func made[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func pemOf(blockType string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der}))
}

func pkcs1(key *rsa.PrivateKey) string {
	return pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func pkcs8(key any) string {
	return pemOf("PRIVATE KEY", made(x509.MarshalPKCS8PrivateKey(key)))
}

func sec1(key *ecdsa.PrivateKey) string {
	return pemOf("EC PRIVATE KEY", made(x509.MarshalECPrivateKey(key)))
}

// encryptedPKCS1 returns the form that OpenSSL wrote before PKCS#8.
func encryptedPKCS1() string {
	return string(pem.EncodeToMemory(&pem.Block{
		Type:    "RSA PRIVATE KEY",
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00112233445566778899AABBCCDDEEFF"},
		Bytes:   x509.MarshalPKCS1PrivateKey(rsaKey()),
	}))
}

// members are the members of a JWK; a nil value removes one.
type members map[string]any

func (m members) with(changes members) string {
	all := maps.Clone(m)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return string(made(json.Marshal(all)))
}

func rsaJWK(key *rsa.PrivateKey) members {
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	return members{
		"kty": "RSA", "kid": "rsa-1", "use": "sig", "alg": "RS256",
		"n": number(key.N), "e": "AQAB", "d": number(key.D),
		"p": number(key.Primes[0]), "q": number(key.Primes[1]),
		"dp": number(key.Precomputed.Dp), "dq": number(key.Precomputed.Dq), "qi": number(key.Precomputed.Qinv),
	}
}

func ecJWK(key *ecdsa.PrivateKey) members {
	point := made(key.PublicKey.Bytes())
	size := (len(point) - 1) / 2
	encode := base64.RawURLEncoding.EncodeToString
	return members{
		"kty": "EC", "kid": "ec-1", "crv": key.Params().Name,
		"x": encode(point[1 : 1+size]), "y": encode(point[1+size:]), "d": encode(made(key.Bytes())),
	}
}

var keyMaterial = regexp.MustCompile(`[A-Za-z0-9+/_=-]{12,}`)

// pieces returns all parts of 12 characters of what looks like base64 in a key.
func pieces(key string) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(strings.ReplaceAll(key, `\n`, "\n")) {
		if strings.HasPrefix(line, "-----") {
			continue
		}
		for _, body := range keyMaterial.FindAllString(line, -1) {
			for i := range len(body) - 11 {
				found[body[i:i+12]] = true
			}
		}
	}
	return found
}

// wantNoPieceOf fails the test when a text repeats 12 characters of a key.
func wantNoPieceOf(t *testing.T, key, text string) {
	t.Helper()
	for piece := range pieces(key) {
		if strings.Contains(text, piece) {
			t.Errorf("%q, a part of the secret, is in:\n%s", piece, text)
			return
		}
	}
}

// jwt is a parsed compact token.
type jwt struct {
	Header, Claims map[string]any
	signed         string
	signature      []byte
}

func readJWT(t *testing.T, compact string) jwt {
	t.Helper()
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a compact JWT", compact)
	}
	object := func(part string) map[string]any {
		var o map[string]any
		raw, err := base64.RawURLEncoding.DecodeString(part)
		must(t, err)
		must(t, json.Unmarshal(raw, &o))
		return o
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	must(t, err)
	return jwt{object(parts[0]), object(parts[1]), parts[0] + "." + parts[1], signature}
}

// wantSignedBy checks the signature, RS256 or ES256, with the standard library.
func (token jwt) wantSignedBy(t *testing.T, public crypto.PublicKey) {
	t.Helper()
	digest := sha256.Sum256([]byte(token.signed))
	algorithm, genuine := "", false
	switch public := public.(type) {
	case *rsa.PublicKey:
		algorithm = "RS256"
		genuine = rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], token.signature) == nil
	case *ecdsa.PublicKey:
		algorithm = "ES256"
		genuine = len(token.signature) == 64 && ecdsa.Verify(public, digest[:],
			new(big.Int).SetBytes(token.signature[:32]), new(big.Int).SetBytes(token.signature[32:]))
	}
	if token.Header["alg"] != algorithm || !genuine {
		t.Errorf("alg is %v and the signature genuine: %t; want %s and true", token.Header["alg"], genuine, algorithm)
	}
}

// tokenRequest makes a client fetch a token, and returns the form that it posted and the
// token endpoint's URL.
func tokenRequest(t *testing.T, client cloudadmin.OAuthClient) (form url.Values, tokenURL string) {
	t.Helper()
	forms := make(chan url.Values, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		forms <- form
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	client.TokenURL = server.URL + "/oauth/token"
	err := lookUpAda(t, cloudadmin.New(cloudadmin.Config{BaseURL: parseBaseURL(t, server.URL), Credentials: client}))
	if !cloudadmin.IsUnauthorized(err) {
		t.Fatalf("got %v, want the refusal of the token endpoint", err)
	}
	return <-forms, client.TokenURL
}
