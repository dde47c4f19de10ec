// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// APIKey is a legacy key. Its holder signs the access tokens.
type APIKey struct {
	accessID string
	// audience is the URL exactly as in the file: the API compares it character by character.
	audience string
	key      *PrivateKey
}

// AdminAPIURL returns the base URL in the key file, as written there.
func (k *APIKey) AdminAPIURL() string { return k.audience }

// ParseAPIKey parses the JSON of a downloaded key file, which may be encoded, quoted or
// escaped like a private key. Errors list all fields that are missing, and never repeat the
// key.
func ParseAPIKey(content []byte) (*APIKey, error) {
	text := unwrap(string(content))
	if text == "" {
		return nil, errors.New("it is empty")
	}
	var file struct {
		AccessID    string `json:"accessID"`
		AccessKey   string `json:"accessKey"`
		AdminAPIURL string `json:"adminRestApiUrl"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) && wrongType.Field != "" {
			return nil, fmt.Errorf("its field %s is not text", wrongType.Field)
		}
		const form = "it is not JSON of the form that the console downloads ({\"accessID\": …, \"accessKey\": …, \"adminRestApiUrl\": …})"
		switch kind := KindOf(text); {
		case kind == LegacyFile && !json.Valid([]byte(text)):
			return nil, errors.New(form + ": it is cut off or was edited")
		case kind == NoSecret || kind == OtherJSON || kind == LegacyFile:
			return nil, errors.New(form)
		default:
			return nil, fmt.Errorf("%s: it looks like %s", form, kind)
		}
	}
	var missing []string
	for _, field := range []struct{ name, value string }{
		{"accessID", file.AccessID}, {"accessKey", file.AccessKey}, {"adminRestApiUrl", file.AdminAPIURL},
	} {
		if strings.TrimSpace(field.value) == "" {
			missing = append(missing, field.name)
		}
	}
	if len(missing) > 0 {
		var members jwkMembers
		if json.Unmarshal([]byte(text), &members) == nil && members.isStoreAnswer() {
			return nil, errStoreAnswer
		}
		if kind := kindOfJSON(text); kind == JWK || kind == ServiceAccount {
			return nil, fmt.Errorf("it looks like %s, not like the key file of a legacy API key", kind)
		}
		return nil, fmt.Errorf("missing or empty: %s", strings.Join(missing, ", "))
	}
	if kind := KindOf(file.AccessKey); kind == JWK || kind == OtherJSON {
		return nil, errors.New("its accessKey is JSON instead of an RSA private key in PEM (a JWK belongs to an OAuth client)")
	}
	key, err := ParsePrivateKey(file.AccessKey)
	if err != nil {
		return nil, fmt.Errorf("its accessKey cannot be used: %w", err)
	}
	if key.algorithm != jose.RS256 {
		return nil, errors.New("its accessKey is an EC key: legacy keys are RSA")
	}
	if _, err := ParseBaseURL(file.AdminAPIURL); err != nil {
		return nil, fmt.Errorf("its adminRestApiUrl cannot be used: %w", err)
	}
	return &APIKey{accessID: file.AccessID, audience: file.AdminAPIURL, key: key}, nil
}

// apiKeyTokenLifetime stays below the maximum of one hour that the API accepts.
const apiKeyTokenLifetime = 59 * time.Minute

type apiKeyClaims struct {
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	IssuedAt int64  `json:"iat"`
	Expiry   int64  `json:"exp"`
}

func (k *APIKey) newToken(context.Context, handler) (token, error) {
	issued := time.Now()
	expiry := issued.Add(apiKeyTokenLifetime)
	value, err := sign(k.key, apiKeyClaims{
		Subject:  k.accessID,
		Audience: k.audience,
		IssuedAt: issued.Unix(),
		Expiry:   expiry.Unix(),
	})
	if err != nil {
		return token{}, fmt.Errorf("signing an access token with the API key: %w", err)
	}
	return token{value: value, issued: issued, expiry: expiry}, nil
}

func (*APIKey) renewable() bool { return true }
