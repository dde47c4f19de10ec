// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

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

		{"PEM with a byte order mark", "\ufeff" + pkcs8(rsaKey()), rsaKey().Public(), ""},
		{"JWK with a byte order mark", "\ufeff" + rsaJWK(rsaKey()).with(nil), rsaKey().Public(), "rsa-1"},
		{"PEM in UTF-16", utf16(t, unicode.LittleEndian, unicode.UseBOM, pkcs8(rsaKey())), rsaKey().Public(), ""},
		{"PEM in UTF-16, big endian", utf16(t, unicode.BigEndian, unicode.UseBOM, pkcs1(rsaKey())), rsaKey().Public(), ""},
		{"PEM in UTF-16 without a mark", utf16(t, unicode.LittleEndian, unicode.IgnoreBOM, pkcs1(rsaKey())), rsaKey().Public(), ""},
		{"JWK in UTF-16", utf16(t, unicode.LittleEndian, unicode.UseBOM, ecJWK(ecKey()).with(nil)+"\r\n"), ecKey().Public(), "ec-1"},
		{"PEM with CR", escaped(pkcs8(rsaKey()), "\r"), rsaKey().Public(), ""},
		{"PEM with blanks", escaped(pkcs8(rsaKey()), " "), rsaKey().Public(), ""},
		{"PEM without line breaks", escaped(sec1(ecKey()), ""), ecKey().Public(), ""},
		{"PEM indented", "    " + escaped(pkcs8(rsaKey()), "\n    "), rsaKey().Public(), ""},
		{"PEM indented by a no-break space", "\u00a0" + escaped(pkcs8(rsaKey()), "\n\u00a0"), rsaKey().Public(), ""},
		{`PEM with \\n`, escaped(pkcs8(rsaKey()), `\\n`), rsaKey().Public(), ""},
		{"PEM with a blank and a backslash at each line", escaped(pkcs8(ecKey()), "\\n\n"), ecKey().Public(), ""},
		{"PEM as a string of JSON", jsonString(pkcs8(rsaKey())), rsaKey().Public(), ""},
		{"PEM as a string of JSON, without the quotes", strings.Trim(strings.ReplaceAll(jsonString(pkcs1(rsaKey())), "/", `\/`), `"`), rsaKey().Public(), ""},
		{"PEM as a string of JSON in one", jsonString(jsonString(pkcs8(rsaKey()))), rsaKey().Public(), ""},
		{"PEM in double quotes", `"` + pkcs8(rsaKey()) + `"`, rsaKey().Public(), ""},
		{"PEM in single quotes", "'" + escaped(pkcs8(rsaKey()), `\n`) + "'", rsaKey().Public(), ""},
		{"PEM in quotes of a word processor", "“" + pkcs8(rsaKey()) + "”", rsaKey().Public(), ""},
		{"PEM behind the name of its variable", "export KEY='" + escaped(pkcs8(ecKey()), `\n`) + "'", ecKey().Public(), ""},
		{"JWK in single quotes", "'" + ecJWK(ecKey()).with(nil) + "'", ecKey().Public(), "ec-1"},
		{"JWK in double quotes", `"` + ecJWK(ecKey()).with(nil) + `"`, ecKey().Public(), "ec-1"},
		{"JWK as a string of JSON", jsonString(ecJWK(ecKey()).with(nil)), ecKey().Public(), "ec-1"},
		{"JWK as a string of JSON, without the quotes", strings.Trim(jsonString(ecJWK(ecKey()).with(nil)), `"`), ecKey().Public(), "ec-1"},
		{"JWK with escaped line breaks", strings.ReplaceAll(ecJWK(ecKey()).with(nil), ",", `,\n  `), ecKey().Public(), "ec-1"},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(pkcs8(rsaKey()))), rsaKey().Public(), ""},
		{"base64 of PEM, in lines", base64Lines(pkcs8(rsaKey())), rsaKey().Public(), ""},
		{"base64 of PEM in UTF-16", base64.StdEncoding.EncodeToString([]byte(utf16(t, unicode.LittleEndian, unicode.IgnoreBOM, pkcs8(rsaKey())))), rsaKey().Public(), ""},
		{"base64url of a JWK", base64.RawURLEncoding.EncodeToString([]byte(rsaJWK(rsaKey()).with(nil))), rsaKey().Public(), "rsa-1"},
		{"base64 of PEM in quotes", `"` + base64.StdEncoding.EncodeToString([]byte(pkcs8(rsaKey()))) + `"`, rsaKey().Public(), ""},
		{"list of one JWK", "[" + ecJWK(ecKey()).with(nil) + "]", ecKey().Public(), "ec-1"},
		{"JWK set of one", `{"keys": [` + rsaJWK(rsaKey()).with(nil) + `]}`, rsaKey().Public(), "rsa-1"},
		{"JWK RSA with n, e and d", rsaJWK(rsaKey()).with(members{"p": nil, "q": nil, "dp": nil, "dq": nil, "qi": nil}), rsaKey().Public(), "rsa-1"},
		{"JWK RSA without primes", rsaJWK(rsaKey()).with(members{"p": nil, "q": nil}), rsaKey().Public(), "rsa-1"},
		{"JWK with a number for a kid", rsaJWK(rsaKey()).with(members{"kid": int64(12345678901234567)}), rsaKey().Public(), "12345678901234567"},
		{"JWK of WebCrypto", ecJWK(ecKey()).with(members{"key_ops": []string{"sign"}, "ext": true, "alg": "ES256"}), ecKey().Public(), "ec-1"},
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

func utf16(t *testing.T, endian unicode.Endianness, mark unicode.BOMPolicy, text string) string {
	t.Helper()
	encoded, err := unicode.UTF16(endian, mark).NewEncoder().String(text)
	must(t, err)
	return encoded
}

func jsonString(text string) string { return string(made(json.Marshal(text))) }

// base64Lines writes base64 as the command base64 does.
func base64Lines(text string) string {
	var lines strings.Builder
	for encoded := base64.StdEncoding.EncodeToString([]byte(text)); encoded != ""; {
		n := min(76, len(encoded))
		lines.WriteString(encoded[:n] + "\n")
		encoded = encoded[n:]
	}
	return lines.String()
}

func TestParsePrivateKeyRefusals(t *testing.T) {
	t.Parallel()
	const (
		publicKey = "it is a public key"
		encrypted = "it is encrypted with a passphrase: decrypt it first"
		damaged   = "it is damaged"
		noEnd     = "it is cut off: its last line (-----END … PRIVATE KEY-----) is missing"
		foreign   = "it is damaged: it has a character that is not base64"
		bare      = "it is a key without the first and last line of PEM, or in binary (DER)"
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
		{"bare base64", strings.Join(rsaLines[1:len(rsaLines)-2], ""), bare},
		{"bare base64 that is cut", strings.Join(rsaLines[1:len(rsaLines)/2], ""), neither},
		{"DER", string(rsaDER), bare},
		{"list of two JWKs", "[" + ecText + "," + rsaText + "]", "it is a JWK set of 2 keys"},
		{"empty list", "[]", "it is a JWK set of 0 keys"},
		{"list of text", `["` + strings.ReplaceAll(pkcs1(rsaKey()), "\n", `\n`) + `"]`, "it is a JSON array, but its content is not a JWK"},

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
		{"RSA 1024, PKCS#1", pkcs1(smallRSAKey()), "it is an RSA key of 1024 bits: at least 2048 are required"},
		{"RSA 1024, PKCS#8", pkcs8(smallRSAKey()), "it is an RSA key of 1024 bits: at least 2048 are required"},
		{"RSA 1024, JWK", rsaJWK(smallRSAKey()).with(nil), "it is an RSA key of 1024 bits: at least 2048 are required"},
		{"Ed25519", pkcs8(ed25519Key), "it is an Ed25519 key: RSA (2048 bits or more) and EC (P-256) are supported"},
		{"X25519", pkcs8(made(ecdh.X25519().GenerateKey(rand.Reader))), "it is a key that does not sign: RSA"},
		{"OpenSSH's own form", pemOf("OPENSSH PRIVATE KEY", rsaDER), `it is a PEM block of type "OPENSSH PRIVATE KEY"`},

		{"PEM without its end", strings.Join(rsaLines[:len(rsaLines)-2], ""), noEnd},
		{"PEM without its beginning", strings.Join(rsaLines[1:], ""), "it is cut off: its first line"},
		{"PEM with half of its first line", "-----BEGIN RSA PRI", "it is cut off within its first line"},
		{"base64 of PEM, cut", base64.StdEncoding.EncodeToString([]byte(pkcs1(rsaKey())))[:801], noEnd},
		{"PEM without a line", rsaLines[0] + strings.Join(rsaLines[2:], ""), damaged},
		{"PEM without a half", rsaLines[0] + strings.Join(rsaLines[len(rsaLines)/2:], ""), damaged},
		{"PEM with a foreign character", strings.Replace(pkcs1(rsaKey()), rsaLines[3], "!"+rsaLines[3], 1), foreign},
		{"PEM shortened for display", rsaLines[0] + rsaLines[1] + "…\n" + rsaLines[len(rsaLines)-2] + rsaLines[len(rsaLines)-1], foreign},
		{"PKCS#1 that calls itself SEC 1", pemOf("EC PRIVATE KEY", rsaDER), "the EC PRIVATE KEY block cannot be read: " + damaged},
		{"PEM without a body", pemOf("PRIVATE KEY", nil), damaged},
		{"JWK cut", rsaText[:len(rsaText)/2], "it starts like a JWK, but it is not valid JSON: it is cut off or was edited"},
		{"JWK whose quotes a shell took", strings.ReplaceAll(rsaText, `"`, ""), "it has no quotes. A shell may have removed them"},
		{"JWK RSA without n", rsaJWK(rsaKey()).with(members{"n": nil}), "it is a JWK of type RSA " + wrong},
		{"JWK RSA without primes, with a foreign d", rsaJWK(rsaKey()).with(members{"p": nil, "q": nil, "d": rsaJWK(newRSAKey(2048))["d"]}), "it is an RSA key whose numbers do not fit together: it is damaged"},
		{"JWK RSA without primes, with what is not base64", rsaJWK(rsaKey()).with(members{"p": nil, "q": nil, "d": "!!!"}), "it is a JWK of type RSA " + wrong},
		{"JWK RSA without d", rsaJWK(rsaKey()).with(members{"d": nil}), "it is a JWK of type RSA with missing or wrong members: d is missing"},
		{"JWK RSA with a foreign d", rsaJWK(rsaKey()).with(members{"d": rsaJWK(rsaKey())["n"]}), "it is "},
		{"JWK RSA with what is not base64", rsaJWK(rsaKey()).with(members{"d": "!!!"}), "it is a JWK of type RSA " + wrong},
		{"JWK EC off the curve", ecJWK(ecKey()).with(members{"x": ecJWK(ecKey())["y"]}), "it is a JWK of type EC " + wrong},
		{"JWK EC with a foreign d", ecJWK(ecKey()).with(members{"d": ecJWK(newECKey(elliptic.P256()))["d"]}), "private and public half do not fit together: it is damaged"},
		{"JWK EC without y", ecJWK(ecKey()).with(members{"y": nil}), "it is a JWK of type EC " + wrong},
		{"JWK EC on an unknown curve", ecJWK(ecKey()).with(members{"crv": "P-257"}), "it is a JWK of type EC " + wrong},

		{"JWK set of two", `{"keys": [` + rsaText + `,` + ecText + `]}`, `it is a JWK set of 2 keys: use only the client's key, an object inside "keys"`},
		{"empty JWK set", `{"keys": []}`, "it is a JWK set of 0 keys"},
		{"JWK set that is none", `{"keys": "` + strings.Repeat("c2VjcmV0", 4) + `"}`, `it is a JWK set whose "keys" is not a list`},
		{"JWK for PS256", rsaJWK(rsaKey()).with(members{"alg": "PS256"}), `its "alg" is "PS256": a client's RSA key signs with RS256`},
		{"JWK for RS512", rsaJWK(rsaKey()).with(members{"alg": "RS512"}), `its "alg" is "RS512"`},
		{"JWK EC for RS256", ecJWK(ecKey()).with(members{"alg": "RS256"}), `its "alg" is "RS256": a client's EC key signs with ES256`},
		{"JWK for what is no algorithm", ecJWK(ecKey()).with(members{"alg": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"}), `its "alg" is unknown`},
		{"JWK to encrypt", rsaJWK(rsaKey()).with(members{"use": "enc"}), `its "use" is "enc": a signing key ("sig") is required`},
		{"JWK to verify", rsaJWK(rsaKey()).with(members{"key_ops": []string{"verify"}}), `its "key_ops" lacks "sign"`},
		{"JWK with a list for a kid", ecJWK(ecKey()).with(members{"kid": []string{"1"}}), "it is a JWK of type EC " + wrong},
		{"answer of Vault", `{"request_id": "1", "data": {"data": ` + ecText + `}}`, "it is the answer of a secret store: use only the key"},
		{"answer of AWS", `{"Name": "idplus", "SecretString": "{}"}`, "it is the answer of a secret store"},
		{"legacy key file", keyFile(nil), `"kty" is missing. It looks like the key file of a legacy API key`},
		{"service account", `{"type": "service_account", "private_key": "` + strings.ReplaceAll(pkcs1(rsaKey()), "\n", `\n`) + `"}`, "It looks like the key file of a service account of another service"},
		{"bearer token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEtbG92ZWxhY2UifQ.c2lnbmF0dXJl", "it is a bearer token, not a private key"},
		{"JWK without kty", rsaJWK(rsaKey()).with(members{"kty": nil}), `it is JSON, but not a JWK: "kty" is missing`},
		{"other JSON", `{"accessID": "1"}`, `it is JSON, but not a JWK: "kty" is missing`},
		{"JWK of type oct", `{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}`, `it is a JWK of type "oct": RSA and EC (P-256) are supported`},
		{"JWK of type OKP", `{"kty": "OKP", "crv": "Ed25519"}`, `it is a JWK of type "OKP"`},
		{"JWK with a terminal in its type", `{"kty": "\u001b[31m"}`, `it is a JWK of type unknown`},
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
			if len(tc.text) > 200 && utf8.ValidString(tc.text) && len(pieces(tc.text)) < 20 {
				t.Error("the test finds no key material to look for")
			}
			wantNoPieceOf(t, tc.text, err.Error())
		})
	}
}
