// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"cmp"
	"encoding/json"
	"strings"
)

// Status is what a user is allowed to do. The API documents two values; others in a look-up
// are kept as they are and never written.
type Status string

// The statuses that can be set.
const (
	Enabled  Status = "Enabled"
	Disabled Status = "Disabled"
)

// StatusMeant returns the settable status that a word names, ignoring case and surrounding
// white space, or an empty status.
func StatusMeant(word string) Status {
	for _, status := range []Status{Enabled, Disabled} {
		if strings.EqualFold(strings.TrimSpace(word), string(status)) {
			return status
		}
	}
	return ""
}

// User is a user as the API describes one in a look-up and, less completely, in a search. A
// property that the API omits or sends as null has the zero value.
type User struct {
	// ID is exactly as it was sent. Lookup and Synchronize return only a valid one; Search
	// returns a valid one or none.
	ID                                 string    `json:"id"`
	EmailAddress                       Text      `json:"emailAddress"`
	PrincipalUsername                  Text      `json:"principalUsername"`
	AlternateUsername                  Text      `json:"alternateUsername"`
	FirstName                          Text      `json:"firstName"`
	LastName                           Text      `json:"lastName"`
	UserStatus                         Status    `json:"userStatus"`
	IdentitySource                     Text      `json:"identitySource"`
	CreationDate                       Timestamp `json:"creationDate"`
	LastSyncTime                       Timestamp `json:"lastSyncTime"`
	HighRiskUser                       Flag      `json:"highRiskUser"`
	MarkDeleted                        Flag      `json:"markDeleted"`
	MarkDeletedAt                      Timestamp `json:"markDeletedAt"`
	MarkDeletedBy                      Text      `json:"markDeletedBy"`
	IsTokenLocked                      Flag      `json:"isTokenLocked"`
	IsSMSLocked                        Flag      `json:"isSmsLocked"`
	IsVoiceLocked                      Flag      `json:"isVoiceLocked"`
	IsFingerprintLocked                Flag      `json:"isFingerprintLocked"`
	IsApproveLocked                    Flag      `json:"isApproveLocked"`
	SMSNumber                          Text      `json:"smsNumber"`
	VoiceNumber                        Text      `json:"voiceNumber"`
	EmergencyAccessStatus              Text      `json:"emergencyAccessStatus"`
	OfflineEmergencyAccessStatus       Text      `json:"offlineEmergencyAccessStatus"`
	MonthLastAuthenticated             Text      `json:"monthLastAuthenticated"`
	LastSuccessfulAuthenticationDate   Timestamp `json:"lastSuccessfulAuthenticationDate"`
	LastSuccessfulAuthenticationMethod Text      `json:"lastSuccessfulAuthenticationMethod"`
	PrimaryUniqueIdentifier            Text      `json:"primaryUniqueIdentifier"`
	SecondaryUniqueIdentifier          Text      `json:"secondaryUniqueIdentifier"`
	IdentitySourceSpecificGroups       Texts     `json:"identitySourceSpecificGroups"`
	GlobalGroups                       Texts     `json:"globalGroups"`
}

// Incomplete reports whether the answer lacks the user's identity or status. A null status
// counts as missing.
func (u *User) Incomplete() bool {
	return u.ID == "" || u.UserStatus == "" || u.MarkDeleted.Value == nil
}

// Effective returns the status that decides: a user who is pending deletion has no access,
// whatever status the API shows meanwhile.
func (u *User) Effective() Status {
	if u.MarkDeleted.IsTrue() {
		return Disabled
	}
	return u.UserStatus
}

// Is reports whether the user's status is, in effect, the given one.
func (u *User) Is(status Status) bool { return u.Effective() == status }

// HasName reports whether a name is the user's email address, username or
// alternate username; see SameName.
func (u *User) HasName(name string) bool {
	return name != "" && (SameName(string(u.EmailAddress), name) ||
		SameName(string(u.PrincipalUsername), name) || SameName(string(u.AlternateUsername), name))
}

// name is the name that a person knows the user by; it is empty if the answer had none.
func (u *User) name() string {
	return string(cmp.Or(u.EmailAddress, u.PrincipalUsername, u.AlternateUsername))
}

// UnmarshalJSON accepts absent, null, new and oddly typed properties: one user's odd
// telephone number must not break the plan for all users.
func (u *User) UnmarshalJSON(data []byte) error {
	type properties User // without this method
	var answer struct {
		otherSpellings
		ID identifier `json:"id"` // encoding/json prefers this field to the deeper one.
		properties
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	*u = User(answer.properties)
	u.ID = string(answer.ID)
	return nil
}

// otherSpellings takes the properties that decide what happens to a user in any other case
// than the API's, which encoding/json would take for the property itself: "UserStatus" must
// not override "userStatus". If no field has exactly the name, encoding/json takes the
// first one whose name differs only in case: embed these first.
type otherSpellings struct {
	ID                ignored `json:"ID"`
	EmailAddress      ignored `json:"EMAILADDRESS"`
	PrincipalUsername ignored `json:"PRINCIPALUSERNAME"`
	AlternateUsername ignored `json:"ALTERNATEUSERNAME"`
	UserStatus        ignored `json:"USERSTATUS"`
	MarkDeleted       ignored `json:"MARKDELETED"`
}

// ignored is a property that is not read.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }
