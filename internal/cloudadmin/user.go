// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"cmp"
	"encoding/json"
	"strings"
)

// Status is what a user may do. The API has two; a look-up may answer with
// others, which are kept as they are and never written.
type Status string

// The statuses that can be set.
const (
	Enabled  Status = "Enabled"
	Disabled Status = "Disabled"
)

// StatusMeant returns the status that can be set and that a word is, but for case and
// white space around it; empty where it is none.
func StatusMeant(word string) Status {
	for _, status := range []Status{Enabled, Disabled} {
		if strings.EqualFold(strings.TrimSpace(word), string(status)) {
			return status
		}
	}
	return ""
}

// User is a user as the API describes one, in a look-up and, less completely, in a
// search. A property that the API left out or answered with null is the zero value.
type User struct {
	// ID is exactly as it was sent; what Lookup, Synchronize and Search return has
	// one that can be a user's, or, in a search, none.
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

// Incomplete reports whether the answer did not say who the user is, or what the
// user may do. A status that is null says as little as none.
func (u *User) Incomplete() bool {
	return u.ID == "" || u.UserStatus == "" || u.MarkDeleted.Value == nil
}

// Effective returns what the user may do: a user who is pending deletion has no
// access, whatever word the API has for the status meanwhile.
func (u *User) Effective() Status {
	if u.MarkDeleted.IsTrue() {
		return Disabled
	}
	return u.UserStatus
}

// Is reports whether the user is as that status wants.
func (u *User) Is(status Status) bool { return u.Effective() == status }

// HasName reports whether a name is the user's email address, username or
// alternate username; see SameName.
func (u *User) HasName(name string) bool {
	return name != "" && (SameName(string(u.EmailAddress), name) ||
		SameName(string(u.PrincipalUsername), name) || SameName(string(u.AlternateUsername), name))
}

// name is what a person knows the user by; empty where the answer had no name.
func (u *User) name() string {
	return string(cmp.Or(u.EmailAddress, u.PrincipalUsername, u.AlternateUsername))
}

// UnmarshalJSON survives absent, null, new and oddly typed properties: one user's
// odd telephone number must not break everyone's plan.
func (u *User) UnmarshalJSON(data []byte) error {
	type properties User // without this method
	var answer struct {
		otherSpellings
		ID identifier `json:"id"` // encoding/json prefers it to the deeper one.
		properties
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	*u = User(answer.properties)
	u.ID = string(answer.ID)
	return nil
}

// otherSpellings takes the properties that decide what happens to a user in any
// other case than the API's, which encoding/json would take for the property
// itself: "UserStatus" must not turn a "userStatus". Where no field has a name
// exactly, encoding/json takes the first whose name differs in case only: embed
// these first.
type otherSpellings struct {
	ID                ignored `json:"ID"`
	EmailAddress      ignored `json:"EMAILADDRESS"`
	PrincipalUsername ignored `json:"PRINCIPALUSERNAME"`
	AlternateUsername ignored `json:"ALTERNATEUSERNAME"`
	UserStatus        ignored `json:"USERSTATUS"`
	MarkDeleted       ignored `json:"MARKDELETED"`
}

// ignored is a property that nothing reads.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }
