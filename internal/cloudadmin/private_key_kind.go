// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"encoding/asn1"
	"regexp"
	"strings"
)

// Kind is what a text looks like, if it is a secret or contains one. It completes the
// sentence "it looks like …".
type Kind string

// The kinds of secrets, and of files that hold one.
const (
	NoSecret       Kind = ""
	PEM            Kind = "a key in PEM"
	JWK            Kind = "a JWK"
	LegacyFile     Kind = "the key file of a legacy API key"
	ServiceAccount Kind = "the key file of a service account of another service"
	OtherJSON      Kind = "JSON"
	JWT            Kind = "a bearer token (JWT)"
	BareKey        Kind = "the base64 of a key"
	UserInfo       Kind = "a user name with its password"
	Random         Kind = "a token or a key"
)

var (
	jwtLike      = regexp.MustCompile(`eyJ[\w-]{8,}\.[\w-]{8,}`)
	userInfoLike = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*|[^/@\s]*:[^/@\s]*)@`)
	// A run of letters and digits, or of base64 characters, that is longer than the names
	// of people, hosts and folders.
	wordLike   = regexp.MustCompile(`[A-Za-z0-9]{24,}`)
	base64Like = regexp.MustCompile(`[\w+/=-]{40,}`)
)

// KindOf recognizes a secret, even if it is encoded or in quotes. It can only look at the
// form: a password of a few letters looks like any name.
func KindOf(text string) Kind {
	inner := unwrap(text)
	// A single quote, or the bracket of a list, may come first.
	if i := strings.IndexByte(inner, '{'); i >= 0 && i < len("“{") {
		return kindOfJSON(inner)
	}
	switch {
	case strings.Contains(inner, "-----BEGIN ") || strings.Contains(inner, "-----END "):
		return PEM
	case jwtLike.MatchString(inner):
		return JWT
	case isDER(inner):
		return BareKey
	case userInfoLike.MatchString(inner) && !strings.HasPrefix(inner, "mailto:"):
		return UserInfo
	case looksRandom(inner):
		return Random
	}
	return NoSecret
}

// kindOfJSON looks at the names of members only, because the JSON may be cut off.
func kindOfJSON(text string) Kind {
	for _, known := range []struct {
		member string
		kind   Kind
	}{
		{"accessKey", LegacyFile}, {"accessID", LegacyFile}, {"adminRestApiUrl", LegacyFile},
		{"client_email", ServiceAccount}, {"service_account", ServiceAccount}, {"kty", JWK},
	} {
		if strings.Contains(text, known.member) {
			return known.kind
		}
	}
	if strings.Contains(text, `"`) && strings.Contains(text, ":") {
		return OtherJSON
	}
	return NoSecret // A template, such as {{name}}.
}

// isDER reports whether a text is binary, or its base64, in the form of a private key.
func isDER(text string) bool {
	decoded, err := decodeBase64(text)
	if err != nil {
		decoded = []byte(text)
	}
	return len(decoded) > 40 && isWholeDER(decoded)
}

func isWholeDER(der []byte) bool {
	var sequence asn1.RawValue
	rest, err := asn1.Unmarshal(der, &sequence)
	return err == nil && len(rest) == 0 && sequence.Tag == asn1.TagSequence
}

// looksRandom reports whether a text has a long run in which letters and digits alternate
// as they do in no name: a number at the end of a word is one change.
func looksRandom(text string) bool {
	for _, run := range wordLike.FindAllString(text, -1) {
		if turns(run) >= 4 {
			return true
		}
	}
	for _, run := range base64Like.FindAllString(text, -1) {
		if upper, lower, digits := count(run); upper >= 6 && lower >= 6 && digits >= 3 {
			return true
		}
	}
	return false
}

func isDigit(r byte) bool { return '0' <= r && r <= '9' }

func turns(run string) (n int) {
	for i := 1; i < len(run); i++ {
		if isDigit(run[i]) != isDigit(run[i-1]) {
			n++
		}
	}
	return n
}

func count(run string) (upper, lower, digits int) {
	for i := range len(run) {
		switch r := run[i]; {
		case 'A' <= r && r <= 'Z':
			upper++
		case 'a' <= r && r <= 'z':
			lower++
		case isDigit(r):
			digits++
		}
	}
	return upper, lower, digits
}

// publicWords are the words of a key that an error may repeat: names of algorithms and
// curves, and the words of the first line of PEM.
var publicWords = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq("RSA EC DSA DH X25519 ED25519 OPENSSH SSH2 PGP ANY ENCRYPTED PRIVATE PUBLIC KEY BLOCK CERTIFICATE TRUSTED REQUEST NEW PARAMETERS X509 CRL PKCS7 CMS MESSAGE " +
		"oct OKP AKP RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES256K ES384 ES512 EdDSA Ed25519 HS256 HS384 HS512 RSA-OAEP RSA-OAEP-256 ECDH-ES none enc P-256 P-384 P-521 secp256k1") {
		words[word] = true
	}
	return words
}()

// quotedName returns a known name, such as a key's type, in quotes. An unknown name may be
// a part of a key in the wrong place, so it is not repeated.
func quotedName(name string) string {
	for word := range strings.SplitSeq(name, " ") {
		if !publicWords[word] {
			return "unknown"
		}
	}
	return `"` + name + `"`
}
