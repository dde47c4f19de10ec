// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// manifestFormat is the version of roster.json.
const manifestFormat = 1

// Manifest is roster.json: where a roster comes from, and how to check that it is complete
// and unchanged.
type Manifest struct {
	Format int `json:"format"`
	// Tenant is the base URL of the API.
	Tenant string `json:"tenant"`
	// ReadAt is when the reading began, in RFC 3339: later changes may be missing.
	ReadAt string `json:"read_at"`
	Scope  Scope  `json:"scope"`
	// TotalByAPI is how many users the API counts in the tenant whose address matches
	// Scope.EmailContains. All of them were read, or there is no roster.
	TotalByAPI int `json:"total_by_api"`
	// Users is the number of users in roster.csv: those of Scope, one for each address.
	Users int `json:"users"`
	// SHA256 is the sum of roster.csv, in lower-case hexadecimal digits.
	SHA256          string `json:"sha256"`
	ProviderVersion string `json:"provider_version"`
	// Shared are the addresses that several users have.
	Shared []SharedAddress `json:"shared"`
}

// Scope selects the users of a roster.
type Scope struct {
	// EmailContains is a part of each address.
	EmailContains string `json:"email_contains"`
	// IdentitySources are the names of the only sources in the roster; none for all.
	IdentitySources []string `json:"identity_sources"`
}

// SharedAddress is an address that several users have. The first of IDs is the user that
// a look-up finds; only that user is in roster.csv.
type SharedAddress struct {
	Email string   `json:"email"`
	IDs   []string `json:"ids"`
}

// SumOf returns the SHA-256 of a file, as a manifest has it.
func SumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// JSON returns the text of roster.json.
func (m Manifest) JSON() string {
	m.Format = manifestFormat
	// An empty list is written as a list, not as null.
	if m.Scope.IdentitySources == nil {
		m.Scope.IdentitySources = []string{}
	}
	if m.Shared == nil {
		m.Shared = []SharedAddress{}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(m) // strings and numbers into memory
	return text.String()
}

var sumPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ReadManifest reads roster.json. It refuses what the command review roster does not
// write, since an edited manifest proves nothing.
func ReadManifest(text []byte) (*Manifest, error) {
	// The version comes first: a later one may have other properties.
	var version struct {
		Format *int `json:"format"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, notAManifest(err)
	}
	switch {
	case version.Format == nil:
		return nil, notAManifest(errors.New("it has no format"))
	case *version.Format != manifestFormat:
		return nil, fmt.Errorf("the manifest has format %d, and this version of the provider reads format %d: use the version that made the roster, or make the roster again",
			*version.Format, manifestFormat)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	m := new(Manifest)
	if err := decoder.Decode(m); err != nil {
		return nil, notAManifest(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, notAManifest(errors.New("there is more text after it"))
	}
	if err := m.check(); err != nil {
		return nil, notAManifest(err)
	}
	return m, nil
}

func notAManifest(err error) error {
	return fmt.Errorf("it is not the manifest of a roster, as review roster writes it: %w. Restore the file, or make the roster again", err)
}

// check returns an error for values that no roster can have.
func (m *Manifest) check() error {
	_, err := time.Parse(time.RFC3339, m.ReadAt)
	switch {
	case m.Tenant == "":
		return errors.New("tenant is missing or empty")
	case err != nil:
		return errors.New("read_at is not a time in RFC 3339, such as 2026-10-01T08:00:00Z")
	case m.Scope.EmailContains == "":
		return errors.New("scope.email_contains is missing or empty")
	case m.Users < 0 || m.Users > m.TotalByAPI:
		return errors.New("users is not a number from 0 to total_by_api")
	case !sumPattern.MatchString(m.SHA256):
		return errors.New("sha256 is not a sum of 64 hexadecimal digits in lower case")
	}
	for _, shared := range m.Shared {
		if shared.Email == "" || len(shared.IDs) < 2 {
			return errors.New("shared has an entry without an address and two ids")
		}
	}
	return nil
}
