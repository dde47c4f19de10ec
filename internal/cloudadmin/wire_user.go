// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

// wireUser is a user as the API writes it.
type wireUser struct {
	otherSpellings
	ID                 identifier `json:"id"`
	Email              text       `json:"emailAddress"`
	Username           text       `json:"principalUsername"`
	AlternateUsername  text       `json:"alternateUsername"`
	FirstName          text       `json:"firstName"`
	LastName           text       `json:"lastName"`
	Status             strictText `json:"userStatus"`
	IdentitySource     toldText   `json:"identitySource"`
	CreatedAt          text       `json:"creationDate"`
	LastSyncAt         toldText   `json:"lastSyncTime"`
	HighRisk           flag       `json:"highRiskUser"`
	MarkDeleted        flag       `json:"markDeleted"`
	MarkDeletedAt      text       `json:"markDeletedAt"`
	MarkDeletedBy      text       `json:"markDeletedBy"`
	TokenLocked        flag       `json:"isTokenLocked"`
	SMSLocked          flag       `json:"isSmsLocked"`
	VoiceLocked        flag       `json:"isVoiceLocked"`
	FingerprintLocked  flag       `json:"isFingerprintLocked"`
	ApproveLocked      flag       `json:"isApproveLocked"`
	SMSNumber          text       `json:"smsNumber"`
	VoiceNumber        text       `json:"voiceNumber"`
	EmergencyAccess    text       `json:"emergencyAccessStatus"`
	OfflineEmergency   text       `json:"offlineEmergencyAccessStatus"`
	MonthLastSignIn    toldText   `json:"monthLastAuthenticated"`
	LastSignInAt       text       `json:"lastSuccessfulAuthenticationDate"`
	LastSignInMethod   text       `json:"lastSuccessfulAuthenticationMethod"`
	PrimaryUniqueID    text       `json:"primaryUniqueIdentifier"`
	SecondaryUniqueID  text       `json:"secondaryUniqueIdentifier"`
	IdentitySourceSets textList   `json:"identitySourceSpecificGroups"`
	GlobalGroups       textList   `json:"globalGroups"`
}

// otherSpellings takes the properties of a user in any other case than the API's,
// which encoding/json would take for the property itself: "UserStatus" must not
// turn a "userStatus". Where no field has a name exactly, encoding/json takes the
// first whose name differs in case only; these stand first.
type otherSpellings struct {
	ID                 ignored `json:"ID"`
	Email              ignored `json:"EMAILADDRESS"`
	Username           ignored `json:"PRINCIPALUSERNAME"`
	AlternateUsername  ignored `json:"ALTERNATEUSERNAME"`
	FirstName          ignored `json:"FIRSTNAME"`
	LastName           ignored `json:"LASTNAME"`
	Status             ignored `json:"USERSTATUS"`
	IdentitySource     ignored `json:"IDENTITYSOURCE"`
	CreatedAt          ignored `json:"CREATIONDATE"`
	LastSyncAt         ignored `json:"LASTSYNCTIME"`
	HighRisk           ignored `json:"HIGHRISKUSER"`
	MarkDeleted        ignored `json:"MARKDELETED"`
	MarkDeletedAt      ignored `json:"MARKDELETEDAT"`
	MarkDeletedBy      ignored `json:"MARKDELETEDBY"`
	TokenLocked        ignored `json:"ISTOKENLOCKED"`
	SMSLocked          ignored `json:"ISSMSLOCKED"`
	VoiceLocked        ignored `json:"ISVOICELOCKED"`
	FingerprintLocked  ignored `json:"ISFINGERPRINTLOCKED"`
	ApproveLocked      ignored `json:"ISAPPROVELOCKED"`
	SMSNumber          ignored `json:"SMSNUMBER"`
	VoiceNumber        ignored `json:"VOICENUMBER"`
	EmergencyAccess    ignored `json:"EMERGENCYACCESSSTATUS"`
	OfflineEmergency   ignored `json:"OFFLINEEMERGENCYACCESSSTATUS"`
	MonthLastSignIn    ignored `json:"MONTHLASTAUTHENTICATED"`
	LastSignInAt       ignored `json:"LASTSUCCESSFULAUTHENTICATIONDATE"`
	LastSignInMethod   ignored `json:"LASTSUCCESSFULAUTHENTICATIONMETHOD"`
	PrimaryUniqueID    ignored `json:"PRIMARYUNIQUEIDENTIFIER"`
	SecondaryUniqueID  ignored `json:"SECONDARYUNIQUEIDENTIFIER"`
	IdentitySourceSets ignored `json:"IDENTITYSOURCESPECIFICGROUPS"`
	GlobalGroups       ignored `json:"GLOBALGROUPS"`
}

// ignored is a property that nobody reads.
type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }
