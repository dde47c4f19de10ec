// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// userTemperaments is what is open about look-up and about changes of a user.
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
		Decides:    "What answers a PUT of the status that the user has already.",
		Documented: "The status changes from Disabled to Enabled or from Enabled to Disabled; no word about a status that the user already has. Marking for deletion refuses what is so already.",
		set:        setCode((*Tenant).AnswerSameStatus),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.sameStatus, "200") },
	},
	{
		Name: "marked-as", Method: "ShowMarkedAs", Answers: []string{"", "Pending Deletion", "PENDING_DELETE"}, Others: anyText,
		Kinds:      []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted},
		Decides:    "The userStatus of a user who is marked for deletion; \"\" is the status itself.",
		Documented: "The API changes Enabled and Disabled; the console's field User Status has Pending Deletion as a third value. What userStatus says while markDeleted is true is not documented.",
		set:        (*Tenant).ShowMarkedAs,
		get:        func(t *Tenant) string { return t.temperaments.users.markedAs },
	},
	{
		Name: "disabling-marked", Method: "RefuseDisablingMarked", Answers: []string{"allowed", "400", "409"}, Kinds: []Kind{KindStatus},
		Decides:    "Whether a user who is marked for deletion can be disabled.",
		Documented: "Enabling a user who is pending deletion is refused with 409; no word about disabling one.",
		set:        setCode((*Tenant).RefuseDisablingMarked),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.disablingMarked, "allowed") },
	},
	{
		Name: "scim-status", Method: "AnswerSCIMStatus", Answers: []string{"200", "405"}, Kinds: []Kind{KindStatus},
		Decides:    "What answers a change of the status of a user whose identity source is SCIM-managed.",
		Documented: "Marking such a user for deletion is refused with 405; no word about the status.",
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
		Decides:    "What answers a look-up of a user whom the tenant does not have.",
		Documented: "A look-up answers 400 and 404, and 404 was recorded for an unknown user; a sibling call answers 400 to an invalid id.",
		set:        setCode((*Tenant).AnswerUnknownUser),
		get:        func(t *Tenant) string { return codeOr(t.temperaments.users.unknown, "404") },
	},
	{
		Name: "other-case-keys", Method: "AddOtherCaseKeys", Answers: []string{off, on},
		Kinds:      []Kind{KindLookup, KindSearch, KindStatus, KindSync, KindMarkDeleted},
		Decides:    "Whether answers about a user have further properties UserStatus, with the other status, and USERSTATUS, which is null.",
		Documented: "The properties of a user are named; that no further ones are added, and that names are compared letter by letter, is not documented.",
		set:        setFlag((*Tenant).AddOtherCaseKeys),
		get:        func(t *Tenant) string { return onOff(t.temperaments.users.otherCaseKeys) },
	},
}

// AnswerSameStatus says which HTTP status answers a PUT of the status that the
// user has already: 200, which is the default, 304 without a body, or a refusal
// such as 400 or 409. A user who is marked for deletion or disabled by a
// synchronization still cannot be enabled.
func (t *Tenant) AnswerSameStatus(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.sameStatus = zeroIf(code, http.StatusOK)
}

// ShowMarkedAs says what stands for the userStatus of a user who is marked for
// deletion, as in "Pending Deletion", in every answer of the API. Empty, which
// is the default, shows the status itself. [Tenant.User] always does.
func (t *Tenant) ShowMarkedAs(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.markedAs = word
}

// RefuseDisablingMarked says with which HTTP status the tenant refuses to
// disable a user who is marked for deletion, whether Enabled or Disabled. 0,
// which is the default, allows it.
func (t *Tenant) RefuseDisablingMarked(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.disablingMarked = code
}

// AnswerSCIMStatus says which HTTP status answers a change of the status of a
// user whose identity source is SCIM-managed: 200, which is the default, or a
// refusal such as 405.
func (t *Tenant) AnswerSCIMStatus(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.scimStatus = zeroIf(code, http.StatusOK)
}

// CompareCase has look-up compare the case of letters in email addresses and
// usernames. Search goes on without, and shows them as the tenant has them; so
// do the methods of Tenant.
func (t *Tenant) CompareCase(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.compareCase = on
}

// AnswerUnknownUser says which HTTP status answers a look-up of a user whom the
// tenant does not have: 404, which is the default, or 400.
func (t *Tenant) AnswerUnknownUser(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.temperaments.users.unknown = zeroIf(code, http.StatusNotFound)
}

// AddOtherCaseKeys adds properties to every answer about a user that differ
// from userStatus in case only: UserStatus says Disabled of a user who is
// Enabled and else Enabled, and USERSTATUS is null.
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

// details is the user as every answer but that of search shows it. It needs
// the lock.
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
