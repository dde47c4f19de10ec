// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// keySeeds are keys in every form that is read, made anew by each run so that
// none stands in the repository.
type keySeeds struct {
	rsaJWK, ecJWK, publicJWK string
	pkcs1, pkcs8, sec1       string
}

func newKeySeeds(f *testing.F) keySeeds {
	f.Helper()
	ok := func(err error) {
		if err != nil {
			f.Fatal(err)
		}
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, minRSABits)
	ok(err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(err)
	jwk := func(key any, id string) string {
		text, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: id, Use: "sig"})
		ok(err)
		return string(text)
	}
	block := func(blockType string, der []byte, err error) string {
		ok(err)
		return string(pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der}))
	}
	ecDER, err := x509.MarshalECPrivateKey(ecKey)
	sec1 := block("EC PRIVATE KEY", ecDER, err)
	ecDER, err = x509.MarshalPKCS8PrivateKey(ecKey)
	return keySeeds{
		rsaJWK: jwk(rsaKey, "rsa-1"), ecJWK: jwk(ecKey, "ec-1"), publicJWK: jwk(ecKey.Public(), "ec-1"),
		pkcs1: block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey), nil),
		pkcs8: block("PRIVATE KEY", ecDER, err),
		sec1:  sec1,
	}
}

// keyRun is as much base64 as no error about a key needs, and may be a piece
// of one.
var keyRun = regexp.MustCompile(`[A-Za-z0-9_+/=-]{16,}`)

func wantHarmless(t *testing.T, err error) {
	t.Helper()
	wantOneLine(t, err.Error())
	if len(err.Error()) > 600 {
		t.Errorf("%d bytes: %v", len(err.Error()), err)
	}
	if run := keyRun.FindString(strings.ReplaceAll(err.Error(), "/AdminInterface/restapi", "")); run != "" {
		t.Errorf("%q may be a piece of the key: %v", run, err)
	}
}

// wantNoPieceOf fails the test when an error repeats 8 characters of what was read,
// with a digit among them as a piece of a key has. Names of algorithms and paths of
// the API are public.
func wantNoPieceOf(t *testing.T, given string, err error) {
	t.Helper()
	said := strings.ReplaceAll(err.Error(), "/v1/users", "")
	for name := range publicWords {
		said = strings.ReplaceAll(said, `"`+name+`"`, "")
	}
	for _, word := range regexp.MustCompile(`[A-Za-z0-9_+/=-]{8,}`).FindAllString(said, -1) {
		for i := range len(word) - 7 {
			if piece := word[i : i+8]; strings.ContainsAny(piece, "0123456789") && strings.Contains(given, piece) {
				t.Errorf("%q is repeated: %v", piece, err)
			}
		}
	}
}

// wantSignature has a token checked by a library that did not read the key.
func wantSignature(t *testing.T, key *PrivateKey, compact string) map[string]any {
	t.Helper()
	signed, err := jwt.ParseSigned(compact, []jose.SignatureAlgorithm{jose.RS256, jose.ES256})
	must(t, err)
	var claims map[string]any
	must(t, signed.Claims(key.signer.Public(), &claims))
	if header := signed.Headers[0]; header.KeyID != key.ID || header.Algorithm != string(key.algorithm) {
		t.Errorf("the header is %+v, the key's id %q", header, key.ID)
	}
	return claims
}

func FuzzParsePrivateKey(f *testing.F) {
	keys := newKeySeeds(f)
	for _, seed := range []string{
		keys.rsaJWK, keys.ecJWK, keys.publicJWK, keys.pkcs1, keys.pkcs8, keys.sec1,
		strings.ReplaceAll(keys.sec1, "\n", `\n`), strings.ReplaceAll(keys.pkcs8, "\n", "\r\n"), "\n " + keys.ecJWK + "\r\n",
		"Bag Attributes\n    friendlyName: rsa\n" + keys.pkcs8,
		"\ufeff" + keys.pkcs8, "\xff\xfe" + strings.Join(strings.Split(keys.sec1, ""), "\x00") + "\x00", strings.ReplaceAll(keys.pkcs8, "\n", " "), strings.ReplaceAll(keys.sec1, "\n", ""),
		strings.ReplaceAll(keys.sec1, "\n", `\\n`), "'" + keys.pkcs8 + "'", fmt.Sprintf("%q", keys.ecJWK), fmt.Sprintf("%q", keys.sec1), base64.StdEncoding.EncodeToString([]byte(keys.sec1)),
		base64.RawURLEncoding.EncodeToString([]byte(keys.ecJWK)), "[" + keys.ecJWK + "]", strings.ReplaceAll(keys.ecJWK, `"`, ""), strings.ReplaceAll(keys.ecJWK, `"`, `\"`), "[{", "[0]", `{"keys":[0]}`, `{"keys":[null]}`, "[null]", "null",
		strings.Split(keys.pkcs8, "\n")[1], `{"data":{"k":"c2VjcmV0"}}`, "-----BEGIN ", "-----END ", "-----BEGIN -----", `{"kty":"RSA","n":"AQ","e":"AQ","d":"AQ"}`, `{"kty":"RSA","n":"","e":"AQAB","d":""}`,
		keys.pkcs1[:len(keys.pkcs1)/2], keys.ecJWK[:len(keys.ecJWK)/2],
		`{"keys": [` + keys.ecJWK + `]}`, `{"keys": []}`, `{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"}`, `{"KTY": "EC", "kty": "oct", "k": "c2VjcmV0"}`,
		`{"kty": "\u001b[31m"}`, `{"kty": 1}`, `{}`, `{`, "[]", "", " \n", "/home/ada/.ssh/private_key_of_the_client",
		`{"kty": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"}`, `{"kty": "` + strings.Repeat("\u00ad \u00e9", 200) + `"}`,
		"-----BEGIN PUBLIC \x1b[31m-----\nAAAA\n-----END PUBLIC \x1b[31m-----\n",
		"-----BEGIN c2VjcmV0LXNlY3JldC1zZWNyZXQ-----\nAAAA\n-----END c2VjcmV0LXNlY3JldC1zZWNyZXQ-----\n",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePrivateKey(text)
		again, errAgain := ParsePrivateKey(text)
		if fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("at first: %v; then: %v", err, errAgain)
		}
		if err != nil {
			wantHarmless(t, err)
			wantNoPieceOf(t, text, err)
			return
		}
		public, ok := key.signer.Public().(interface{ Equal(crypto.PublicKey) bool })
		if !ok || !public.Equal(again.signer.Public()) || key.ID != again.ID {
			t.Error("the same text gives another key")
		}
		compact, err := sign(key, apiKeyClaims{Subject: "client"})
		must(t, err)
		if claims := wantSignature(t, key, compact); claims["sub"] != "client" {
			t.Errorf("the claims are %v", claims)
		}
	})
}

func FuzzParseAPIKey(f *testing.F) {
	keys := newKeySeeds(f)
	const base = "https://acme.access.securid.com/AdminInterface/restapi/v1"
	file := func(accessID, accessKey, adminAPIURL string) string {
		content, err := json.Marshal(map[string]string{
			"customerName": "Example", "accessID": accessID, "accessKey": accessKey, "adminRestApiUrl": adminAPIURL, "description": "",
		})
		if err != nil {
			f.Fatal(err)
		}
		return string(content)
	}
	whole := file("access-1", keys.pkcs1, base)
	for _, seed := range []string{
		whole, "\r\n\ufeff\n" + whole, whole[:len(whole)/2], "[" + whole + "]",
		file("access-1", strings.ReplaceAll(keys.pkcs1, "\n", `\n`), base+"/"),
		file("access-1", keys.sec1, base), file("access-1", keys.rsaJWK, base), file("", keys.pkcs1, ""),
		file("access-1", keys.pkcs1, "http://acme.example"), file("access-1", keys.pkcs1, "https://ada:hunter2@acme.example"),
		file("access-1", keys.pkcs1, "MIIEpAIBAAKCAQEAwJ:x"), file("access-1", "-----BEGIN PUBLIC \x1b[31m-----\nAAAA\n-----END PUBLIC \x1b[31m-----\n", base),
		`{"accessID": 7}`, `{"accessKey": ["-----BEGIN"]}`, `{"adminRestApiUrl": {}}`, `{}`, `null`, `"accessID"`, "", " \n", "\ufeff", keys.pkcs1,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		key, err := ParseAPIKey(content)
		_, errAgain := ParseAPIKey(content)
		if fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("at first: %v; then: %v", err, errAgain)
		}
		if err != nil {
			wantHarmless(t, err)
			wantNoPieceOf(t, string(content), err)
			return
		}
		if _, err := ParseBaseURL(key.AdminAPIURL()); err != nil {
			t.Errorf("it names %q: %v", key.AdminAPIURL(), err)
		}
		made, err := key.newToken(t.Context(), nil)
		must(t, err)
		claims := wantSignature(t, key.key, made.value)
		if claims["sub"] != key.accessID || claims["aud"] != key.audience || strings.TrimSpace(key.accessID) == "" {
			t.Errorf("the claims are %v, of %q at %q", claims, key.accessID, key.audience)
		}
	})
}

var urlSeeds = []string{
	"https://acme.access.securid.com/AdminInterface/restapi", "https://acme.access.securid.com/AdminInterface/restapi/v1/",
	"https://acme.access.securid.com/AdminInterface/restapi//v2//", " \thttps://acme.example:8443/v10 \n", "HTTPS://Acme.Example/v1",
	"https://acme.auth.securid.com/oauth", "https://sso.example/as/token.oauth2",
	"http://127.0.0.1:8480/AdminInterface/restapi/", "http://[::1]:8480/v1", "http://localhost:8480", "http://[::ffff:127.0.0.1]", "https://[fe80::1%25eth0]/",
	"http://acme.example", "http://localhost.example", "http://10.0.0.1", "https://ada:hunter2@acme.example", "https://@acme.example",
	"https://TENANT.access.securid.com/AdminInterface/restapi", "https://acme.access.securid.com/", "https://acme.access.securid.com/AdminInterface/restapi/V1/users", "https://acme.auth.securid.com/oauth/token",
	"https://acme.example/?", "https://acme.example/?password=hunter2", "https://acme.example/#", "https://acme.example/#hunter2",
	"https://acme.example/%2f/%76%31/a%2Fv1/ü", "https://acme.example/v1/v2/%20", "https:acme.example", "https://", "https://:443/", "ftp://acme.example",
	"ada:hunter2@acme.example", "acme.example", "//acme.example", "", " ", "https://acme.example/\x7f", "https://ada:hunter2@[acme",
}

// wantSafe fails the test when a URL that was accepted may send credentials to
// where they must not go.
func wantSafe(t *testing.T, u *url.URL) {
	t.Helper()
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) || u.Hostname() == "" {
		t.Errorf("%q is neither https nor of this machine", u)
	}
	if u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.ContainsAny(u.String(), "?#") {
		t.Errorf("%q has more than host and path", u)
	}
	wantOneLine(t, u.String())
}

func FuzzParseBaseURL(f *testing.F) {
	for _, seed := range urlSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseBaseURL(raw)
		if err != nil {
			wantHarmless(t, err)
			wantNoPieceOf(t, raw, err)
			return
		}
		wantSafe(t, u)
		again, err := ParseBaseURL(u.String())
		must(t, err)
		if again.String() != u.String() {
			t.Errorf("%q becomes %q, and that %q", raw, u, again)
		}
		for _, end := range []string{"/", "/v1", "/v2"} {
			if strings.HasSuffix(u.EscapedPath(), end) {
				t.Errorf("%q becomes %q, which ends in %s", raw, u, end)
			}
		}
	})
}

func FuzzParseIssuerURL(f *testing.F) {
	for _, seed := range urlSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseIssuerURL(raw)
		if err != nil {
			wantHarmless(t, err)
			wantNoPieceOf(t, raw, err)
			return
		}
		wantSafe(t, u)
		if _, err := TokenURL(raw); err != nil {
			t.Errorf("%q is an issuer without a token endpoint: %v", raw, err)
		}
	})
}

// FuzzKindOf asks that a look at any text ends, and is the same twice.
func FuzzKindOf(f *testing.F) {
	keys := newKeySeeds(f)
	for _, seed := range append(urlSeeds, keys.rsaJWK, keys.sec1, keys.pkcs8, fmt.Sprintf("%q", keys.sec1), "[{", "{", `"`, `\\`, "\xff\xfe", "\x00{", strings.Repeat(`"\`, 50)) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if first, second := KindOf(text), KindOf(text); first != second {
			t.Errorf("%q and %q", first, second)
		}
		if inner := unwrap(text); len(inner) > 3*len(text)+3 {
			t.Errorf("%d bytes become %d", len(text), len(inner))
		}
	})
}

func FuzzTokenURL(f *testing.F) {
	for _, seed := range urlSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for name, parse := range map[string]func(string) (string, error){"TokenURL": TokenURL, "ParseTokenURL": ParseTokenURL} {
			text, err := parse(raw)
			if err != nil {
				wantHarmless(t, err)
				wantNoPieceOf(t, raw, err)
				continue
			}
			u, err := url.Parse(text)
			must(t, err)
			wantSafe(t, u)
			if again, err := ParseTokenURL(text); err != nil || again != text {
				t.Errorf("%s makes %q of %q, which is read as %q, %v", name, text, raw, again, err)
			}
		}
	})
}
