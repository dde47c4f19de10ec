// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/rand"
	"fmt"
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

// User is a user of the tenant. Its zero fields are filled in by
// [Tenant.AddUser] where the API always has a value.
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

// answersTo tells whether an address is the user's email address or username.
func (u User) answersTo(address string) bool {
	return strings.EqualFold(u.Email, address) || strings.EqualFold(u.Username, address)
}

// completed fills in what was left out.
func (u User) completed(now time.Time) User {
	now = now.UTC()
	local, domain, _ := strings.Cut(u.Email, "@")
	organisation, _, _ := strings.Cut(domain, ".")

	fill(&u.ID, newID())
	fill(&u.Username, u.Email)
	fill(&u.FirstName, capitalized(local))
	fill(&u.LastName, capitalized(organisation))
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
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return formatID(b)
}

func formatID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// userDetails is a user as the API answers it, property by property as in a
// recorded answer.
type userDetails struct {
	ID                                  string  `json:"id"`
	EmailAddress                        string  `json:"emailAddress"`
	FirstName                           string  `json:"firstName"`
	LastName                            string  `json:"lastName"`
	CreationDate                        string  `json:"creationDate"`
	IdentitySource                      string  `json:"identitySource"`
	UserStatus                          string  `json:"userStatus"`
	HighRiskUser                        bool    `json:"highRiskUser"`
	MarkDeleted                         bool    `json:"markDeleted"`
	MarkDeletedAt                       *string `json:"markDeletedAt"`
	MarkDeletedBy                       *string `json:"markDeletedBy"`
	IsTokenLocked                       bool    `json:"isTokenLocked"`
	IsSMSLocked                         bool    `json:"isSmsLocked"`
	IsVoiceLocked                       bool    `json:"isVoiceLocked"`
	IsFingerprintLocked                 bool    `json:"isFingerprintLocked"`
	IsApproveLocked                     bool    `json:"isApproveLocked"`
	LastSyncTime                        string  `json:"lastSyncTime"`
	EmergencyAccessStatus               string  `json:"emergencyAccessStatus"`
	EmergencyTokencodeID                *string `json:"emergencyTokencodeId"`
	EmergencyTokencodeExpiration        *string `json:"emergencyTokencodeExpiration"`
	EmergencyTokencodeLastUse           *string `json:"emergencyTokencodeLastUse"`
	OfflineEmergencyAccessStatus        string  `json:"offlineEmergencyAccessStatus"`
	OfflineEmergencyTokencodeExpiration *string `json:"offlineEmergencyTokencodeExpiration"`
	MonthLastAuthenticated              *string `json:"monthLastAuthenticated"`
	PrincipalUsername                   string  `json:"principalUsername"`
	AlternateUsername                   string  `json:"alternateUsername"`
	PrimaryUniqueIdentifier             string  `json:"primaryUniqueIdentifier"`
	SecondaryUniqueIdentifier           string  `json:"secondaryUniqueIdentifier,omitempty"`
	SMSNumber                           string  `json:"smsNumber,omitempty"`
	VoiceNumber                         string  `json:"voiceNumber,omitempty"`
}

func (u User) details() userDetails {
	d := userDetails{
		ID:                           u.ID,
		EmailAddress:                 u.Email,
		FirstName:                    u.FirstName,
		LastName:                     u.LastName,
		CreationDate:                 apiTime(u.Created),
		IdentitySource:               u.IdentitySource,
		UserStatus:                   u.Status,
		HighRiskUser:                 u.HighRisk,
		MarkDeleted:                  u.MarkDeleted,
		MarkDeletedBy:                orNull(u.MarkedDeletedBy),
		IsTokenLocked:                u.TokenLocked,
		IsSMSLocked:                  u.SMSLocked,
		IsVoiceLocked:                u.VoiceLocked,
		IsFingerprintLocked:          u.FingerprintLocked,
		IsApproveLocked:              u.ApproveLocked,
		LastSyncTime:                 apiTime(u.LastSync),
		EmergencyAccessStatus:        u.EmergencyAccessStatus,
		EmergencyTokencodeID:         orNull(u.EmergencyTokencodeID),
		OfflineEmergencyAccessStatus: u.OfflineEmergencyAccessStatus,
		MonthLastAuthenticated:       orNull(u.MonthLastAuthenticated),
		PrincipalUsername:            u.Username,
		AlternateUsername:            u.AlternateUsername,
		PrimaryUniqueIdentifier:      u.PrimaryUniqueIdentifier,
		SecondaryUniqueIdentifier:    u.SecondaryUniqueIdentifier,
		SMSNumber:                    u.SMSNumber,
		VoiceNumber:                  u.VoiceNumber,
	}
	if u.MarkDeleted {
		d.MarkDeletedAt = orNull(apiTime(u.MarkedDeletedAt))
	}
	return d
}

func apiTime(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
