// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// SetStatus is an administrator's change in the console. Any status is taken,
// so that tests can plant one that nobody knows. Enabled clears
// DisabledBySync: whoever is enabled is not disabled by anything.
func (t *Tenant) SetStatus(address, status string) error {
	return t.change(address, func(a *account) {
		a.Status = status
		if status == Enabled {
			a.DisabledBySync = false
		}
	})
}

// MarkDeleted marks a user for deletion and keeps the status as it is: what
// the API says of the status of a marked user is not documented, so tests
// want both.
func (t *Tenant) MarkDeleted(address, by string) error {
	return t.change(address, func(a *account) { t.mark(a, by) })
}

// Undelete takes the mark off again and leaves the status as it is.
func (t *Tenant) Undelete(address string) error {
	return t.change(address, (*account).unmark)
}

// Delete removes a user from the cloud at once.
func (t *Tenant) Delete(address string) error {
	return t.change(address, t.remove)
}

// Reassign gives the address to another, new and enabled user with another
// id. The user who had it is gone.
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

// DisableBySync is a synchronization that finds the user gone from the
// identity source, or disabled there.
func (t *Tenant) DisableBySync(address string) error {
	return t.change(address, func(a *account) {
		a.away = true
		t.synchronize(a)
	})
}

// LeaveDirectory takes the user out of the identity source. The cloud learns
// of it by the next synchronization.
func (t *Tenant) LeaveDirectory(address string) error {
	return t.change(address, func(a *account) { a.away = true })
}

// RestoreInDirectory has the user enabled in the identity source again. The
// cloud learns of it by the next synchronization, which then enables the user.
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
	apply(a)
	return nil
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

// synchronize brings one user in line with the identity source. It needs the
// lock. Whom an administrator disabled stays disabled: whether a
// synchronization would enable such a user is not documented.
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
