// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

func TestParsePrivateKey(t *testing.T) {
	t.Parallel()
	escaped := func(key, lineBreak string) string { return strings.ReplaceAll(key, "\n", lineBreak) }
	for _, tc := range []struct {
		name, text string
		public     crypto.PublicKey
		id         string
	}{
		{"JWK RSA", rsaJWK(rsaKey()).with(nil), rsaKey().Public(), "rsa-1"},
		{"JWK RSA, bare", rsaJWK(rsaKey()).with(members{"kid": nil, "use": nil, "alg": nil}), rsaKey().Public(), ""},
		{"JWK RSA, no CRT numbers", rsaJWK(rsaKey()).with(members{"dp": nil, "dq": nil, "qi": nil}), rsaKey().Public(), "rsa-1"},
		{"JWK EC", ecJWK(ecKey()).with(nil), ecKey().Public(), "ec-1"},
		{"JWK amid white space", "\n " + ecJWK(ecKey()).with(nil) + "\r\n", ecKey().Public(), "ec-1"},
		{"JWK with a new member", ecJWK(ecKey()).with(members{"ext": true}), ecKey().Public(), "ec-1"},
		{"PKCS#1", pkcs1(rsaKey()), rsaKey().Public(), ""},
		{"PKCS#8 RSA", pkcs8(rsaKey()), rsaKey().Public(), ""},
		{"PKCS#8 EC", pkcs8(ecKey()), ecKey().Public(), ""},
		{"SEC 1", sec1(ecKey()), ecKey().Public(), ""},
		{"PEM with CRLF", escaped(pkcs8(rsaKey()), "\r\n"), rsaKey().Public(), ""},
		{`PEM with \n`, escaped(pkcs8(rsaKey()), `\n`), rsaKey().Public(), ""},
		{`PEM with \r\n`, escaped(sec1(ecKey()), `\r\n`), ecKey().Public(), ""},
		{"PEM below EC parameters", pemOf("EC PARAMETERS", []byte{6, 8}) + sec1(ecKey()), ecKey().Public(), ""},
		{"PEM below its certificate", pemOf("CERTIFICATE", []byte{48}) + pkcs8(rsaKey()), rsaKey().Public(), ""},
		{"PEM below a text", "Bag Attributes\n    friendlyName: rsa\n" + pkcs8(ecKey()), ecKey().Public(), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key, err := cloudadmin.ParsePrivateKey(tc.text)
			must(t, err)
			if key.ID != tc.id {
				t.Errorf("the key's id is %q, want %q", key.ID, tc.id)
			}
			form, _ := tokenRequest(t, cloudadmin.OAuthClient{ClientID: "client", Key: key})
			assertion := readJWT(t, form.Get("client_assertion"))
			assertion.wantSignedBy(t, tc.public)
			header := map[string]any{"typ": "JWT", "alg": assertion.Header["alg"]}
			if tc.id != "" {
				header["kid"] = tc.id
			}
			if diff := cmp.Diff(header, assertion.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePrivateKeyRefusals(t *testing.T) {
	t.Parallel()
	const (
		publicKey = "it is a public key"
		encrypted = "it is encrypted with a passphrase: decrypt it first"
		damaged   = "it is damaged"
		cut       = "it starts like PEM, but it cannot be decoded: a line is missing or cut"
		wrong     = "with missing or wrong members"
		neither   = "it is neither a JWK (a JSON object) nor PEM"
	)
	_, ed25519Key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, ecKey().Public(), ecKey())
	must(t, err)
	rsaDER := x509.MarshalPKCS1PrivateKey(rsaKey())
	rsaLines := strings.SplitAfter(pkcs1(rsaKey()), "\n")
	rsaText, ecText := rsaJWK(rsaKey()).with(nil), ecJWK(ecKey()).with(nil)

	for _, tc := range []struct{ name, text, want string }{
		{"empty", "", "it is empty"},
		{"blank", " \r\n\t", "it is empty"},
		{"a file name", "/home/ada/.ssh/private_key_of_the_client", neither},
		{"bare base64", strings.Join(rsaLines[1:len(rsaLines)-2], ""), neither},
		{"JSON text", `"` + strings.ReplaceAll(ecText, `"`, `\"`) + `"`, neither},
		{"JSON list", "[" + ecText + "]", neither},

		{"encrypted PKCS#8", pemOf("ENCRYPTED PRIVATE KEY", rsaDER), encrypted},
		{"encrypted PKCS#1", encryptedPKCS1(), encrypted},
		{`encrypted PKCS#1 with \n`, strings.ReplaceAll(encryptedPKCS1(), "\n", `\n`), encrypted},

		{"public key", pemOf("PUBLIC KEY", made(x509.MarshalPKIXPublicKey(rsaKey().Public()))), publicKey + " (PUBLIC KEY)"},
		{"public key, PKCS#1", pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey().PublicKey)), publicKey + " (RSA PUBLIC KEY)"},
		{"certificate", pemOf("CERTIFICATE", certificate), publicKey + " (CERTIFICATE)"},
		{"public JWK RSA", rsaJWK(rsaKey()).with(members{"d": nil, "p": nil, "q": nil, "dp": nil, "dq": nil, "qi": nil}), publicKey},
		{"public JWK EC", ecJWK(ecKey()).with(members{"d": nil}), publicKey},

		{"P-384, SEC 1", sec1(p384Key()), "it is an EC key on the curve P-384: only P-256 is supported"},
		{"P-384, PKCS#8", pkcs8(p384Key()), "it is an EC key on the curve P-384: only P-256 is supported"},
		{"P-384, JWK", ecJWK(p384Key()).with(nil), "it is an EC key on the curve P-384: only P-256 is supported"},
		{"RSA 1024, PKCS#1", pkcs1(smallRSAKey()), "it is an RSA key of 1024 bits: at least 2048 are needed"},
		{"RSA 1024, PKCS#8", pkcs8(smallRSAKey()), "it is an RSA key of 1024 bits: at least 2048 are needed"},
		{"RSA 1024, JWK", rsaJWK(smallRSAKey()).with(nil), "it is an RSA key of 1024 bits: at least 2048 are needed"},
		{"Ed25519", pkcs8(ed25519Key), "RSA (2048 bits or more) and EC (P-256) are supported"},
		{"OpenSSH's own form", pemOf("OPENSSH PRIVATE KEY", rsaDER), `it is a PEM block of type "OPENSSH PRIVATE KEY"`},

		{"PEM without its end", strings.Join(rsaLines[:len(rsaLines)-2], ""), cut},
		{"PEM without a line", rsaLines[0] + strings.Join(rsaLines[2:], ""), damaged},
		{"PEM without a half", rsaLines[0] + strings.Join(rsaLines[len(rsaLines)/2:], ""), damaged},
		{"PEM with a foreign character", strings.Replace(pkcs1(rsaKey()), rsaLines[3], "!"+rsaLines[3], 1), cut},
		{"PKCS#1 that calls itself SEC 1", pemOf("EC PRIVATE KEY", rsaDER), "the EC PRIVATE KEY block cannot be read: " + damaged},
		{"PEM without a body", pemOf("PRIVATE KEY", nil), damaged},
		{"JWK cut", rsaText[:len(rsaText)/2], "it starts like a JWK, but it is not valid JSON"},
		{"JWK RSA without n", rsaJWK(rsaKey()).with(members{"n": nil}), "it is a JWK of type RSA " + wrong},
		{"JWK RSA without primes", rsaJWK(rsaKey()).with(members{"p": nil, "q": nil}), "it is a JWK of type RSA " + wrong},
		{"JWK RSA with a foreign d", rsaJWK(rsaKey()).with(members{"d": rsaJWK(rsaKey())["n"]}), "it is "},
		{"JWK RSA with what is not base64", rsaJWK(rsaKey()).with(members{"d": "!!!"}), "it is a JWK of type RSA " + wrong},
		{"JWK EC off the curve", ecJWK(ecKey()).with(members{"x": ecJWK(ecKey())["y"]}), "it is a JWK of type EC " + wrong},
		{"JWK EC with a foreign d", ecJWK(ecKey()).with(members{"d": ecJWK(newECKey(elliptic.P256()))["d"]}), "private and public half do not fit together: it is damaged"},
		{"JWK EC without y", ecJWK(ecKey()).with(members{"y": nil}), "it is a JWK of type EC " + wrong},
		{"JWK EC on an unknown curve", ecJWK(ecKey()).with(members{"crv": "P-257"}), "it is a JWK of type EC " + wrong},

		{"JWK set", `{"keys": [` + rsaText + `]}`, `it is a JWK set: give the one key of the client, the object inside "keys"`},
		{"empty JWK set", `{"keys": []}`, "it is a JWK set"},
		{"JWK without kty", rsaJWK(rsaKey()).with(members{"kty": nil}), `it is JSON, but not a JWK: "kty" is missing`},
		{"other JSON", `{"accessID": "1"}`, `it is JSON, but not a JWK: "kty" is missing`},
		{"JWK of type oct", `{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}`, `it is a JWK of type "oct": RSA and EC (P-256) are supported`},
		{"JWK of type OKP", `{"kty": "OKP", "crv": "Ed25519"}`, `it is a JWK of type "OKP"`},
		{"JWK with a terminal in its type", `{"kty": "\u001b[31m"}`, `it is a JWK of type "[31m"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key, err := cloudadmin.ParsePrivateKey(tc.text)
			if err == nil {
				t.Fatalf("it was accepted, with the id %q", key.ID)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %q, want it to contain %q", err, tc.want)
			}
			if len(tc.text) > 200 && len(pieces(tc.text)) < 20 {
				t.Error("the test finds no key material to look for")
			}
			wantNoPieceOf(t, tc.text, err.Error())
		})
	}
}
