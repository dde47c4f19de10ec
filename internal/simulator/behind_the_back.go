// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrAddressTaken is wrapped by a change that would give an address to a second user;
// [Tenant.AddTwin] does that on purpose.
var ErrAddressTaken = errors.New("another user has the address")

// SetStatus is an administrator's change in the console. It accepts any status, so that
// tests can plant an unknown one. Enabled clears DisabledBySync.
func (t *Tenant) SetStatus(address, status string) error {
	return t.change(address, func(a *account) {
		a.Status = status
		if status == Enabled {
			a.DisabledBySync = false
		}
	})
}

// MarkDeleted marks a user for deletion and keeps the status: the API's status of a marked
// user is not documented, so tests need both.
func (t *Tenant) MarkDeleted(address, by string) error {
	return t.change(address, func(a *account) { t.mark(a, by) })
}

// Undelete removes the mark and keeps the status.
func (t *Tenant) Undelete(address string) error {
	return t.change(address, (*account).unmark)
}

// Delete removes a user from the cloud at once.
func (t *Tenant) Delete(address string) error {
	return t.change(address, t.remove)
}

// Reassign gives the address to a new, enabled user with another id. The previous user is gone.
func (t *Tenant) Reassign(address string) (User, error) {
	var successor User
	err := t.change(address, func(a *account) {
		successor = t.add(User{
			Email:          a.Email,
			Username:       a.Username,
			IdentitySource: a.IdentitySource,
			SCIMManaged:    a.SCIMManaged,
			FirstName:      a.FirstName,
			LastName:       "Successor",
		}).User
	})
	return successor, err
}

// Rename changes a user's email address, and the username if it was the email address.
// Afterwards no user is found by the old address, unless it is made an [Tenant.Alias].
func (t *Tenant) Rename(address, newEmail string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, err := t.byAddress(address)
	if err != nil {
		return err
	}
	if other, taken := t.addresses.emails.first(newEmail); taken && other != a {
		return fmt.Errorf("%w: %s", ErrAddressTaken, newEmail)
	}
	t.remember()
	t.rename(a, newEmail)
	return nil
}

// Alias makes look-up find a user by a further address, which no user has, like a renamed
// user who is still found by the old address. The answer shows the user's own address.
// Search does not know aliases.
func (t *Tenant) Alias(address, of string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, err := t.byAddress(of)
	if err != nil {
		return err
	}
	if _, taken := t.addresses.either(address); taken {
		return fmt.Errorf("%w: %s", ErrAddressTaken, address)
	}
	t.remember()
	delete(t.addresses.aliases, folded(address)) // another user's until now
	a.aliases = append(a.aliases, address)
	t.addresses.aliases.add(address, a)
	return nil
}

// GiveAddress moves an email address to the user with an id, and returns that user: an
// existing one, who had another address until now, or a new and enabled one. The previous
// user of the address is gone, unless renamed before.
func (t *Tenant) GiveAddress(address, to string) User {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, known := t.byID(to)
	t.remember()
	if !known {
		return t.add(User{ID: to, Email: address}).User
	}
	for {
		former, taken := t.addresses.emails.first(address)
		if !taken || former == a {
			break
		}
		t.remove(former)
	}
	t.rename(a, address)
	return a.User
}

// Join is [Tenant.AddUser] for a new user: no user may have the address.
func (t *Tenant) Join(u User) (User, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	if _, taken := t.addresses.either(u.Email); taken {
		return User{}, fmt.Errorf("%w: %s", ErrAddressTaken, u.Email)
	}
	t.remember()
	return t.add(u).User, nil
}

// AddTwin is [Tenant.AddUser], but the previous user of the email address keeps it. Look-up
// finds the first of them; search shows both.
func (t *Tenant) AddTwin(u User) User {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.purge()
	t.remember()
	return t.addBeside(u).User
}

// DisableBySync simulates a synchronization that finds the user deleted or disabled in the
// identity source.
func (t *Tenant) DisableBySync(address string) error {
	return t.change(address, func(a *account) {
		a.away = true
		t.synchronize(a)
	})
}

// LeaveDirectory removes the user from the identity source. The cloud notices at the next
// synchronization.
func (t *Tenant) LeaveDirectory(address string) error {
	return t.change(address, func(a *account) { a.away = true })
}

// RestoreInDirectory enables the user in the identity source again. The cloud notices at
// the next synchronization, which then enables the user.
func (t *Tenant) RestoreInDirectory(address string) error {
	return t.change(address, func(a *account) { a.away = false })
}

func (t *Tenant) change(address string, apply func(*account)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, err := t.byAddress(address)
	if err != nil {
		return err
	}
	t.remember()
	apply(a)
	return nil
}

// rename needs the lock. The identity source also gets the new address, or a look-up with
// searchUnsynched would bring a second user under the old one.
func (t *Tenant) rename(a *account, email string) {
	if entry, known := t.directory.emails.first(a.Email); known && entry.synchronized {
		t.directory.remove(&entry.user, entry)
		entry.user.rename(email)
		t.directory.add(&entry.user, entry)
	}
	t.addresses.remove(&a.User, a)
	a.rename(email)
	a.lowerEmail = strings.ToLower(email)
	t.addresses.add(&a.User, a)
	t.order = nil
}

func (u *User) rename(email string) {
	if strings.EqualFold(u.Username, u.Email) {
		u.Username = email
	}
	u.Email = email
}

// mark needs the lock.
func (t *Tenant) mark(a *account, by string) {
	a.MarkDeleted = true
	a.MarkedDeletedAt = t.Now().UTC()
	a.MarkedDeletedBy = by
	t.expectDeletion(a)
}

func (a *account) unmark() {
	a.MarkDeleted = false
	a.MarkedDeletedAt = time.Time{}
	a.MarkedDeletedBy = ""
}

// synchronize aligns one user with the identity source. It needs the lock. A user disabled
// by an administrator stays disabled: whether a synchronization would enable such a user is
// not documented.
func (t *Tenant) synchronize(a *account) {
	a.LastSync = t.Now().UTC()
	switch {
	case a.away:
		a.Status = Disabled
		a.DisabledBySync = true
	case a.DisabledBySync:
		a.Status = Enabled
		a.DisabledBySync = false
	}
}
