// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// jwkMembers are the members of a JWK. Errors of go-jose and encoding/json may repeat parts
// of a key, so errors here use only our own words.
type jwkMembers map[string]json.RawMessage

// text returns a member that is a string, or an empty string.
func (m jwkMembers) text(name string) (text string) {
	_ = json.Unmarshal(m[name], &text)
	return text
}

func (m jwkMembers) has(name string) bool { return m[name] != nil }

func parseJWK(text string) (*PrivateKey, error) {
	members, err := jwkIn(text)
	if err != nil {
		return nil, err
	}
	kind := members.text("kty")
	switch {
	case !members.has("kty"):
		return nil, notAJWK(text, members)
	case kind != "RSA" && kind != "EC":
		return nil, fmt.Errorf("it is a JWK of type %s: RSA and EC (P-256) are supported", quotedName(kind))
	case !members.has("d"):
		return nil, publicOrCut(kind, members)
	}
	// The standard requires a string, but the digits of a number are a usable id.
	if id := string(members["kid"]); id != "" && strings.Trim(id, "0123456789") == "" {
		members["kid"] = json.RawMessage(`"` + id + `"`)
	}
	key, err := members.key(kind)
	if err != nil {
		return nil, err
	}
	private, err := newPrivateKey(key)
	if err == nil {
		err = members.checkUse(kind)
	}
	if err != nil {
		return nil, err
	}
	private.ID = members.text("kid")
	return private, nil
}

// jwkIn finds the only key in a JWK, in a set (RFC 7517) or in an array.
func jwkIn(text string) (jwkMembers, error) {
	var members jwkMembers
	var several []json.RawMessage
	switch {
	case !json.Valid([]byte(text)) && strings.ContainsAny(text, "“”„‘’'"):
		return nil, errors.New("it starts like a JWK, but it is not valid JSON: its quotes are not the double quotes of JSON")
	case !json.Valid([]byte(text)) && !strings.Contains(text, `"`):
		return nil, errors.New("it starts like a JWK, but it is not valid JSON: it has no quotes. A shell may have removed them")
	case !json.Valid([]byte(text)):
		return nil, errors.New("it starts like a JWK, but it is not valid JSON: it is cut off or was edited")
	case json.Unmarshal([]byte(text), &several) == nil:
	case json.Unmarshal([]byte(text), &members) != nil:
		return nil, errors.New("it is JSON, but not a JWK")
	case !members.has("keys"):
		return members, nil
	case json.Unmarshal(members["keys"], &several) != nil:
		return nil, errors.New("it is a JWK set whose \"keys\" is not a list")
	}
	if len(several) != 1 {
		return nil, fmt.Errorf("it is a JWK set of %d keys: use only the client's key, an object inside \"keys\"", len(several))
	}
	if json.Unmarshal(several[0], &members) != nil || members == nil {
		return nil, errors.New("it is a JSON array, but its content is not a JWK")
	}
	return members, nil
}

func notAJWK(text string, members jwkMembers) error {
	switch kind := kindOfJSON(text); {
	case members.isStoreAnswer():
		return errStoreAnswer
	case kind == LegacyFile || kind == ServiceAccount:
		return fmt.Errorf("it is JSON, but not a JWK: \"kty\" is missing. It looks like %s", kind)
	}
	return errors.New("it is JSON, but not a JWK: \"kty\" is missing")
}

var errStoreAnswer = errors.New("it is the answer of a secret store: use only the key, which is a value in the answer")

// isStoreAnswer reports whether this is an answer of Vault or AWS Secrets Manager.
func (m jwkMembers) isStoreAnswer() bool {
	var inner jwkMembers
	return json.Unmarshal(m["data"], &inner) == nil && inner != nil || m.has("SecretString")
}

// checkUse refuses a key whose owner has reserved it for another use than signing here: the
// server would refuse it too, but give other causes.
func (m jwkMembers) checkUse(kind string) error {
	algorithm := string(map[string]jose.SignatureAlgorithm{"RSA": jose.RS256, "EC": jose.ES256}[kind])
	var operations []string
	switch _ = json.Unmarshal(m["key_ops"], &operations); {
	case m.has("alg") && m.text("alg") != algorithm:
		return fmt.Errorf("its \"alg\" is %s: a client's %s key signs with %s", quotedName(m.text("alg")), kind, algorithm)
	case m.has("use") && m.text("use") != "sig":
		return fmt.Errorf("its \"use\" is %s: a signing key (\"sig\") is required", quotedName(m.text("use")))
	case m.has("key_ops") && !slices.Contains(operations, "sign"):
		return errors.New("its \"key_ops\" lacks \"sign\": a signing key is required")
	}
	return nil
}

// publicOrCut describes a JWK without d.
func publicOrCut(kind string, members jwkMembers) error {
	for _, name := range []string{"p", "q", "dp", "dq", "qi"} {
		if members.has(name) {
			return fmt.Errorf("it is a JWK of type %s with missing or wrong members: d is missing", kind)
		}
	}
	return errors.New("it is a public key: the private key is needed")
}

// key parses the members with go-jose, except for an RSA key without p and q: they are
// optional (RFC 7518), but go-jose requires them.
func (m jwkMembers) key(kind string) (any, error) {
	wrong := fmt.Errorf("it is a JWK of type %s with missing or wrong members", kind)
	needed := map[string][]string{"RSA": {"n", "e", "d"}, "EC": {"crv", "x", "y", "d"}}[kind]
	var missing []string
	for _, name := range needed {
		if !m.has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: %s missing", wrong, strings.Join(missing, ", "))
	}
	hasPrimes := m.has("p") && m.has("q")
	if kind == "RSA" && !hasPrimes {
		public := jwkMembers{"kty": m["kty"], "n": m["n"], "e": m["e"]}
		jwk, err := public.read()
		d, wrongD := base64.RawURLEncoding.DecodeString(m.text("d"))
		key, isRSA := jwk.Key.(*rsa.PublicKey)
		if err != nil || wrongD != nil || !isRSA {
			return nil, wrong
		}
		return &rsa.PrivateKey{PublicKey: *key, D: new(big.Int).SetBytes(d)}, nil
	}
	jwk, err := m.read()
	if err != nil {
		return nil, wrong
	}
	return jwk.Key, nil
}

func (m jwkMembers) read() (jwk jose.JSONWebKey, err error) {
	text, err := json.Marshal(m)
	if err != nil {
		return jwk, err
	}
	if err = jwk.UnmarshalJSON(text); err == nil && !jwk.Valid() {
		err = errors.New("not valid")
	}
	return jwk, err
}
