// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// userProperty is one property of a user as the API writes it. The tenant writes its own
// JSON, because a search writes a lot of it, and because an element of a search may lack
// any property.
type userProperty struct {
	name  string
	value func(json []byte, u *User) []byte // appends nothing to leave the property out
}

const userStatusProperty = "userStatus"

// userProperties are the properties of a recorded answer, in its order.
var userProperties = []userProperty{
	{"id", text(func(u *User) string { return u.ID })},
	{"emailAddress", textOrNull(func(u *User) string { return u.Email })},
	{"firstName", text(func(u *User) string { return u.FirstName })},
	{"lastName", text(func(u *User) string { return u.LastName })},
	{"creationDate", moment(func(u *User) time.Time { return u.Created })},
	{"identitySource", text(func(u *User) string { return u.IdentitySource })},
	{userStatusProperty, text(func(u *User) string { return u.Status })},
	{"highRiskUser", flag(func(u *User) bool { return u.HighRisk })},
	{"markDeleted", flag(func(u *User) bool { return u.MarkDeleted })},
	{"markDeletedAt", momentOrNull(func(u *User) (time.Time, bool) { return u.MarkedDeletedAt, u.MarkDeleted })},
	{"markDeletedBy", textOrNull(func(u *User) string { return u.MarkedDeletedBy })},
	{"isTokenLocked", flag(func(u *User) bool { return u.TokenLocked })},
	{"isSmsLocked", flag(func(u *User) bool { return u.SMSLocked })},
	{"isVoiceLocked", flag(func(u *User) bool { return u.VoiceLocked })},
	{"isFingerprintLocked", flag(func(u *User) bool { return u.FingerprintLocked })},
	{"isApproveLocked", flag(func(u *User) bool { return u.ApproveLocked })},
	{"lastSyncTime", moment(func(u *User) time.Time { return u.LastSync })},
	{"emergencyAccessStatus", text(func(u *User) string { return u.EmergencyAccessStatus })},
	{"emergencyTokencodeId", textOrNull(func(u *User) string { return u.EmergencyTokencodeID })},
	{"emergencyTokencodeExpiration", null},
	{"emergencyTokencodeLastUse", null},
	{"offlineEmergencyAccessStatus", text(func(u *User) string { return u.OfflineEmergencyAccessStatus })},
	{"offlineEmergencyTokencodeExpiration", null},
	{"monthLastAuthenticated", textOrNull(func(u *User) string { return u.MonthLastAuthenticated })},
	{"principalUsername", text(func(u *User) string { return u.Username })},
	{"alternateUsername", text(func(u *User) string { return u.AlternateUsername })},
	{"primaryUniqueIdentifier", text(func(u *User) string { return u.PrimaryUniqueIdentifier })},
	{"secondaryUniqueIdentifier", textOrAbsent(func(u *User) string { return u.SecondaryUniqueIdentifier })},
	{"smsNumber", textOrAbsent(func(u *User) string { return u.SMSNumber })},
	{"voiceNumber", textOrAbsent(func(u *User) string { return u.VoiceNumber })},
}

// detailsLength is the approximate length of a user's details, in bytes.
const detailsLength = 1 << 10

// appendDetails appends the user as a JSON object without some properties, and with those
// in other case if requested.
func (u *User) appendDetails(json []byte, otherCaseKeys bool, omitted []string) []byte {
	json = append(json, '{')
	first := len(json)
	for i := range userProperties {
		p := &userProperties[i]
		if slices.Contains(omitted, p.name) {
			continue
		}
		before := len(json)
		if before > first {
			json = append(json, ',')
		}
		json = append(json, '"')
		json = append(json, p.name...)
		json = append(json, '"', ':')
		value := len(json)
		if json = p.value(json, u); len(json) == value {
			json = json[:before]
		}
		if otherCaseKeys && p.name == userStatusProperty {
			json = appendOtherCaseKeys(json, u.Status)
		}
	}
	return append(json, '}')
}

// appendOtherCaseKeys appends properties that a client must not take for the status.
func appendOtherCaseKeys(json []byte, status string) []byte {
	other := Enabled
	if status == Enabled {
		other = Disabled
	}
	return append(appendText(append(json, `,"UserStatus":`...), other), `,"USERSTATUS":null`...)
}

func text(of func(*User) string) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte { return appendText(json, of(u)) }
}

func textOrNull(of func(*User) string) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte {
		if s := of(u); s != "" {
			return appendText(json, s)
		}
		return null(json, u)
	}
}

func textOrAbsent(of func(*User) string) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte {
		if s := of(u); s != "" {
			return appendText(json, s)
		}
		return json
	}
}

func flag(of func(*User) bool) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte { return strconv.AppendBool(json, of(u)) }
}

func moment(of func(*User) time.Time) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte { return appendTime(json, of(u)) }
}

func momentOrNull(of func(*User) (time.Time, bool)) func([]byte, *User) []byte {
	return func(json []byte, u *User) []byte {
		if at, known := of(u); known {
			return appendTime(json, at)
		}
		return null(json, u)
	}
}

func null(json []byte, _ *User) []byte { return append(json, "null"...) }

func appendTime(json []byte, at time.Time) []byte {
	return at.UTC().AppendFormat(json, `"2006-01-02T15:04:05.000Z"`)
}

// appendText leaves text to encoding/json that has to be escaped or may not be UTF-8.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= utf8.RuneSelf, c == '"', c == '\\', c == '<', c == '>', c == '&':
			quoted, _ := json.Marshal(s) // never fails for a string
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
