// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// userTemperaments are the open questions about look-up and about changes of a user.
type userTemperaments struct {
	sameStatus      int    // 0: 200
	markedAs        string // empty: the status
	disablingMarked int    // 0: allowed
	scimStatus      int    // 0: 200
	compareCase     bool
	unknown         int // 0: 404
	otherCaseKeys   bool
}

var userTemperamentTable = []Temperament{
	{
		Name: "same-status", Method: "AnswerSameStatus", Answers: []string{"200", "304", "400", "409"}, Kinds: []Kind{KindStatus},
		Decides:    "What answers a PUT of the user's current status.",
		Documented: "The status changes from Disabled to Enabled or from Enabled to Disabled; the user's current status is not mentioned. A second mark for deletion is refused.",
		set:        setCode((*Tenant).AnswerSameStatus),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.sameStatus, "200") },
	},
	{
		Name: "marked-as", Method: "ShowMarkedAs", Answers: []string{"", "Pending Deletion", "PENDING_DELETE"}, Others: anyText,
		Kinds:      []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted},
		Decides:    "The userStatus of a user who is marked for deletion; \"\" is the actual status.",
		Documented: "The API changes Enabled and Disabled; the console's field User Status has Pending Deletion as a third value. The userStatus while markDeleted is true is not documented.",
		set:        (*Tenant).ShowMarkedAs,
		get:        func(t *Tenant) string { return t.temperaments.users.markedAs },
	},
	{
		Name: "disabling-marked", Method: "RefuseDisablingMarked", Answers: []string{"allowed", "400", "409"}, Kinds: []Kind{KindStatus},
		Decides:    "Whether a user who is marked for deletion can be disabled.",
		Documented: "Enabling a user who is pending deletion is refused with 409; disabling one is not mentioned.",
		set:        setCode((*Tenant).RefuseDisablingMarked),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.disablingMarked, "allowed") },
	},
	{
		Name: "scim-status", Method: "AnswerSCIMStatus", Answers: []string{"200", "405"}, Kinds: []Kind{KindStatus},
		Decides:    "What answers a change of the status of a user whose identity source is SCIM-managed.",
		Documented: "Marking such a user for deletion is refused with 405; the status is not mentioned.",
		set:        setCode((*Tenant).AnswerSCIMStatus),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.scimStatus, "200") },
	},
	{
		Name: "compare-case", Method: "CompareCase", Answers: []string{off, on}, Kinds: []Kind{KindLookup},
		Decides:    "Whether look-up compares the case of letters.",
		Documented: "Whether look-up compares the case of letters in email address and username is not documented.",
		set:        setFlag((*Tenant).CompareCase),
		get:        func(t *Tenant) string { return onOff(t.temperaments.users.compareCase) },
	},
	{
		Name: "unknown-user", Method: "AnswerUnknownUser", Answers: []string{"404", "400"}, Kinds: []Kind{KindLookup},
		Decides:    "What answers a look-up of a user who does not exist.",
		Documented: "A look-up answers 400 and 404, and 404 was recorded for an unknown user; a sibling call answers 400 to an invalid id.",
		set:        setCode((*Tenant).AnswerUnknownUser),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.unknown, "404") },
	},
	{
		Name: "other-case-keys", Method: "AddOtherCaseKeys", Answers: []string{off, on},
		Kinds:      []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted},
		Decides:    "Whether answers about a user have further properties UserStatus, with the other status, and USERSTATUS, which is null.",
		Documented: "The properties of a user are listed; whether others may be added, and whether the case of names matters, is not documented.",
		set:        setFlag((*Tenant).AddOtherCaseKeys),
		get:        func(t *Tenant) string { return onOff(t.temperaments.users.otherCaseKeys) },
	},
}

// AnswerSameStatus sets the HTTP status of the answer to a PUT of the user's current
// status: 200, the default, 304 without a body, or a refusal such as 400 or 409. A user who
// is marked for deletion or disabled by a synchronization still cannot be enabled.
func (t *Tenant) AnswerSameStatus(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.sameStatus = zeroIf(code, http.StatusOK)
}

// ShowMarkedAs sets the userStatus of a user who is marked for deletion, as in "Pending
// Deletion", in every answer of the API. Empty, the default, shows the actual status, as
// [Tenant.User] always does.
func (t *Tenant) ShowMarkedAs(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.markedAs = word
}

// RefuseDisablingMarked sets the HTTP status with which the tenant refuses to disable a
// user who is marked for deletion, whether Enabled or Disabled. 0, the default, allows it.
func (t *Tenant) RefuseDisablingMarked(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.disablingMarked = code
}

// AnswerSCIMStatus sets the HTTP status of the answer to a change of the status of a user
// whose identity source is SCIM-managed: 200, the default, or a refusal such as 405.
func (t *Tenant) AnswerSCIMStatus(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.scimStatus = zeroIf(code, http.StatusOK)
}

// CompareCase makes look-up compare the case of letters in email addresses and usernames.
// Search does not, and shows them as the tenant has them; nor do the methods of Tenant.
func (t *Tenant) CompareCase(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.compareCase = on
}

// AnswerUnknownUser sets the HTTP status of the answer to a look-up of a user who does not
// exist: 404, the default, or 400.
func (t *Tenant) AnswerUnknownUser(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.unknown = zeroIf(code, http.StatusNotFound)
}

// AddOtherCaseKeys adds properties to every answer about a user that differ from userStatus
// only in case: UserStatus, with the other status, and USERSTATUS, which is null.
func (t *Tenant) AddOtherCaseKeys(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.otherCaseKeys = on
}

// shown returns the user as an answer shows it. It needs the lock.
func (t *Tenant) shown(a *account) *User {
	word := t.temperaments.users.markedAs
	if word == "" || !a.MarkDeleted {
		return &a.User
	}
	u := a.User
	u.Status = word
	return &u
}

// details returns the user as every answer but that of search shows it. It needs the lock.
func (t *Tenant) details(a *account) encoded {
	json := make(encoded, 0, detailsLength)
	return append(t.shown(a).appendDetails(json, t.temperaments.users.otherCaseKeys, nil), '\n')
}

func (m *userTemperaments) unknownUser() int {
	if m.unknown == 0 {
		return http.StatusNotFound
	}
	return m.unknown
}
