// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
)

const (
	noSuchUser           = "User %s not found"
	notForIdentitySource = "The operation is not allowed for users of this identity source."
)

// lookUp is POST /v1/users/lookup.
func (t *Tenant) lookUp(x exchange) answer {
	p, err := parseObject(x.body)
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	if !p.only("email", "username", "searchUnsynched") {
		return refuse(http.StatusBadRequest, "The request body has an unknown property.")
	}
	email, byEmail, emailErr := p.text("email")
	username, byUsername, usernameErr := p.text("username")
	unsynched, _, flagErr := p.flag("searchUnsynched")
	switch {
	case emailErr != nil || usernameErr != nil || flagErr != nil:
		return refuse(http.StatusBadRequest, "A property of the request body is of the wrong type.")
	case byEmail == byUsername:
		return refuse(http.StatusBadRequest, "The request body needs either email or username.")
	case strings.TrimSpace(email+username) == "":
		return refuse(http.StatusBadRequest, "The email or username is empty.")
	}

	t.mu.Lock()
	defer t.mu.Unlock()
	a, found := t.find(t.addressesForLookup(), email, username)
	if !found && unsynched {
		a, found = t.findUnsynched(email, username)
	}
	if !found {
		return refuse(t.temperaments.users.unknownUser(), noSuchUser, email+username)
	}
	return ok(t.details(a))
}

// find finds a user by either email or username. It needs the lock. Aliases come last,
// because an address belongs to its current user.
func (t *Tenant) find(cloud addressIndex[*account], email, username string) (*account, bool) {
	exactly := t.temperaments.users.compareCase
	a, found := cloud.emails.firstSpelled(email, exactly)
	if username != "" {
		a, found = cloud.usernames.firstSpelled(username, exactly)
	}
	if !found {
		a, found = cloud.aliases.firstSpelled(email+username, exactly)
	}
	return a, found
}

// findUnsynched also asks the identity source. It needs the lock. The cloud is asked first:
// it may have the user although look-up lags.
func (t *Tenant) findUnsynched(email, username string) (*account, bool) {
	if a, found := t.find(t.addresses, email, username); found {
		return a, true
	}
	exactly := t.temperaments.users.compareCase
	if username != "" {
		return t.fetch(t.directory.usernames.firstSpelled(username, exactly))
	}
	return t.fetch(t.directory.emails.firstSpelled(email, exactly))
}

// fetch adds a user of the identity source to the cloud, which does not have it. It needs
// the lock. A user who comes back gets another id.
func (t *Tenant) fetch(entry *directoryEntry, found bool) (*account, bool) {
	if !found {
		return nil, false
	}
	u := entry.user
	if entry.synchronized {
		u.ID, u.PrimaryUniqueIdentifier = "", ""
	}
	entry.synchronized = true
	t.remember()
	u.Created, u.LastSync = t.Now().UTC(), t.Now().UTC()
	return t.add(u), true
}

// changeStatus is PUT /v1/users/{id}/userStatus.
func (t *Tenant) changeStatus(x exchange) answer {
	p, err := parseObject(x.body)
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	if len(p) != 1 {
		return refuse(http.StatusBadRequest, "Wrong number of properties in the request body.")
	}
	status, _, err := p.text("userStatus")
	if err != nil || status != Enabled && status != Disabled {
		return refuse(http.StatusBadRequest, "The userStatus must be Enabled or Disabled.")
	}

	t.mu.Lock()
	defer t.mu.Unlock()
	a, found := t.byID(x.userID)
	if !found {
		return refuse(http.StatusNotFound, noSuchUser, x.userID)
	}
	if code := t.temperaments.users.scimStatus; code != 0 && a.SCIMManaged {
		return refuse(code, notForIdentitySource)
	}
	if status == Enabled && (a.MarkDeleted || a.DisabledBySync) {
		// One text for both reasons: the real API's text is not known, so no client may
		// distinguish them by it.
		return refuse(http.StatusConflict, "The user cannot be enabled.")
	}
	if code := t.temperaments.users.disablingMarked; code != 0 && a.MarkDeleted {
		return refuse(code, "The user cannot be disabled.")
	}
	if code := t.temperaments.users.sameStatus; code != 0 && a.Status == status {
		return withoutChange(code)
	}
	t.remember()
	a.Status = status
	return ok(t.changedStatus(a))
}

// changedStatus returns the answer to a change of a user's status. It needs the lock.
func (t *Tenant) changedStatus(a *account) encoded {
	status := t.shown(a).Status
	json := appendText([]byte(`{"id":`), a.ID)
	json = appendText(append(json, `,"userStatus":`...), status)
	if t.temperaments.users.otherCaseKeys {
		json = appendOtherCaseKeys(json, status)
	}
	return append(json, "}\n"...)
}

// withoutChange returns the answer to a change that changes nothing.
func withoutChange(status int) answer {
	if status == http.StatusNotModified {
		return answer{status: status}
	}
	return refuse(status, "The user already has this status.")
}

// synchronizeUser is POST /v1/users/{id}/sync.
func (t *Tenant) synchronizeUser(x exchange) answer {
	if len(x.body) != 0 {
		return refuse(http.StatusBadRequest, "The request body must be empty.")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	a, found := t.byID(x.userID)
	if !found {
		return refuse(http.StatusNotFound, noSuchUser, x.userID)
	}
	t.remember()
	t.synchronize(a)
	return ok(t.details(a))
}

// changeMark is PUT /v1/users/{id}/markDeleted.
func (t *Tenant) changeMark(x exchange) answer {
	p, err := parseObject(x.body)
	if err != nil {
		return refuse(http.StatusBadRequest, "The request body is not a JSON object.")
	}
	if len(p) != 1 {
		return refuse(http.StatusBadRequest, "Wrong number of properties in the request body.")
	}
	mark, present, err := p.flag("markDeleted")
	if err != nil || !present {
		return refuse(http.StatusBadRequest, "The markDeleted property must be true or false.")
	}

	t.mu.Lock()
	defer t.mu.Unlock()
	a, found := t.byID(x.userID)
	switch {
	case !found:
		return refuse(http.StatusNotFound, noSuchUser, x.userID)
	case a.SCIMManaged:
		return refuse(http.StatusMethodNotAllowed, notForIdentitySource)
	case mark && a.MarkDeleted:
		return refuse(http.StatusConflict, "The user is already marked for deletion.")
	case mark && a.Status != Disabled:
		return refuse(http.StatusConflict, "The user is not disabled.")
	case !mark && !a.MarkDeleted:
		return refuse(http.StatusConflict, "The user is not marked for deletion.")
	}
	t.remember()
	if mark {
		t.mark(a, x.caller.name)
	} else {
		a.unmark()
	}
	return ok(t.details(a))
}
