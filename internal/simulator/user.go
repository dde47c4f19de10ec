// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The two statuses that the API documents.
const (
	Enabled  = "Enabled"
	Disabled = "Disabled"
)

// User is a user of the tenant. [Tenant.AddUser] fills in zero fields for which the API
// always has a value.
type User struct {
	ID                string
	Email             string
	Username          string
	AlternateUsername string
	FirstName         string
	LastName          string
	IdentitySource    string

	Status          string // Enabled or Disabled; tests may plant any other
	MarkDeleted     bool   // pending deletion
	MarkedDeletedAt time.Time
	MarkedDeletedBy string
	DisabledBySync  bool // only a synchronization can enable the user
	SCIMManaged     bool // cannot be marked deleted through the API
	HighRisk        bool

	Created                time.Time
	LastSync               time.Time
	MonthLastAuthenticated string // as in "Jun 2025"; null when empty

	TokenLocked, SMSLocked, VoiceLocked, FingerprintLocked, ApproveLocked bool

	EmergencyAccessStatus        string
	EmergencyTokencodeID         string // null when empty
	OfflineEmergencyAccessStatus string
	SMSNumber, VoiceNumber       string // left out of answers when empty
	PrimaryUniqueIdentifier      string
	SecondaryUniqueIdentifier    string // left out of answers when empty
}

// completed fills in what was left out.
func (u User) completed(now time.Time) User {
	now = now.UTC()
	local, domain, _ := strings.Cut(u.Email, "@")
	organization, _, _ := strings.Cut(domain, ".")

	fill(&u.ID, newID())
	fill(&u.Username, u.Email)
	fill(&u.FirstName, capitalized(local))
	fill(&u.LastName, capitalized(organization))
	fill(&u.IdentitySource, "Corporate AD")
	fill(&u.EmergencyAccessStatus, Disabled)
	fill(&u.OfflineEmergencyAccessStatus, Disabled)
	fill(&u.PrimaryUniqueIdentifier, u.ID)
	if u.MarkDeleted || u.DisabledBySync {
		fill(&u.Status, Disabled)
	}
	fill(&u.Status, Enabled)

	if u.Created.IsZero() {
		u.Created = now
	}
	if u.LastSync.IsZero() {
		u.LastSync = now
	}
	if u.MarkDeleted && u.MarkedDeletedAt.IsZero() {
		u.MarkedDeletedAt = now
	}
	return u
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func capitalized(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// newID makes an id in the form of an RFC 4122 UUID, version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, according to its documentation
	return formatID(b)
}

func formatID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	digits := hex.EncodeToString(b[:])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
