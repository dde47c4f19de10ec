// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// deletionDelay is how long a user stays pending deletion before the tenant deletes it with
// all of its data.
const deletionDelay = 7 * 24 * time.Hour

// ErrNoSuchUser is wrapped by every change to a user who does not exist.
var ErrNoSuchUser = errors.New("no such user in the tenant")

// Tenant is a tenant of RSA ID Plus. It is safe for concurrent use; create one with
// [NewTenant].
type Tenant struct {
	clock clock

	mu           sync.Mutex
	accounts     map[string]*account // by user id
	addresses    addressIndex[*account]
	order        *sortedUsers // nil after a user was added, removed or renamed
	nextDeletion time.Time    // the earliest time when purge has work to do; zero: never
	directory    addressIndex[*directoryEntry]
	shortcomings searchShortcomings
	temperaments temperaments

	credentials credentials
	traffic     traffic
}

// account is a user as the cloud knows it, with the identity source's data, which the next
// synchronization will find.
type account struct {
	User
	lowerEmail string
	away       bool     // gone from the identity source, or disabled there
	aliases    []string // other addresses by which look-up finds the user
}

// directoryEntry is a user of the identity source that the cloud may not have seen yet.
type directoryEntry struct {
	user         User
	synchronized bool
}

// NewTenant returns an empty tenant whose clock starts now.
func NewTenant() *Tenant {
	return &Tenant{
		accounts:     map[string]*account{},
		addresses:    newAddressIndex[*account](),
		directory:    newAddressIndex[*directoryEntry](),
		temperaments: temperaments{access: accessTemperaments{leeway: clockSkew * time.Second}},
		credentials:  newCredentials(),
	}
}

// AddUser adds a user to the tenant, fills in what the caller left out, and returns what
// was stored. The default Status is Enabled, or Disabled for a user who is marked deleted
// or disabled by a synchronization. A user with the same email address is replaced.
func (t *Tenant) AddUser(u User) User {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.remember()
	return t.add(u).User
}

// AddDirectoryUser adds a user to the identity source only. The cloud learns of the user by
// a look-up with searchUnsynched, and again, under another id, if the user is deleted from
// the cloud after that.
func (t *Tenant) AddDirectoryUser(u User) {
	t.mu.Lock()
	defer t.mu.Unlock()
	entry := &directoryEntry{user: u.completed(t.Now())}
	t.directory.add(&entry.user, entry)
}

// User finds a user of the cloud by email address or username, regardless of
// case.
func (t *Tenant) User(address string) (User, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, err := t.byAddress(address)
	if err != nil {
		return User{}, false
	}
	return a.User, true
}

// Users returns the users of the cloud, sorted by email address.
func (t *Tenant) Users() []User {
	t.mu.Lock()
	defer t.mu.Unlock()
	sorted := t.sorted().accounts
	users := make([]User, 0, len(sorted))
	for _, a := range sorted {
		users = append(users, a.User)
	}
	return users
}

// sorted needs the lock. It sorts only when the users are needed, so that a tenant is
// filled quickly.
func (t *Tenant) sorted() *sortedUsers {
	t.purge()
	if t.order == nil {
		t.order = sortUsers(slices.Collect(maps.Values(t.accounts)))
	}
	return t.order
}

// add needs the lock.
func (t *Tenant) add(u User) *account {
	for {
		a, taken := t.addresses.emails.first(u.Email)
		if !taken {
			return t.addBeside(u)
		}
		t.remove(a)
	}
}

// addBeside adds a user without replacing another with the same address. It needs the lock.
func (t *Tenant) addBeside(u User) *account {
	u = u.completed(t.Now())
	if a, taken := t.accounts[u.ID]; taken {
		t.remove(a)
	}
	a := &account{User: u, lowerEmail: strings.ToLower(u.Email), away: u.DisabledBySync}
	t.accounts[u.ID] = a
	t.addresses.add(&a.User, a)
	t.order = nil
	if a.MarkDeleted {
		t.expectDeletion(a)
	}
	return a
}

// remove needs the lock.
func (t *Tenant) remove(a *account) {
	delete(t.accounts, a.ID)
	t.addresses.remove(&a.User, a)
	for _, alias := range a.aliases {
		t.addresses.aliases.remove(alias, a)
	}
	t.order = nil
}

// byID needs the lock. Whether the API compares ids regardless of case is not known; the
// simulator is strict.
func (t *Tenant) byID(id string) (*account, bool) {
	t.purge()
	a, ok := t.accounts[id]
	return a, ok
}

// byAddress needs the lock.
func (t *Tenant) byAddress(address string) (*account, error) {
	t.purge()
	a, ok := t.addresses.either(address)
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNoSuchUser, address)
	}
	return a, nil
}

// purge deletes the users whose seven days are over. It needs the lock, and
// runs before every reading, so that no timer is needed.
func (t *Tenant) purge() {
	now := t.Now()
	if t.nextDeletion.IsZero() || !now.After(t.nextDeletion) {
		return
	}
	t.rememberUntil(t.nextDeletion)
	t.nextDeletion = time.Time{}
	for _, a := range t.accounts {
		switch {
		case !a.MarkDeleted:
		case now.After(a.deletionDue()):
			t.remove(a)
		default:
			t.expectDeletion(a)
		}
	}
}

// expectDeletion needs the lock. An expectation is never removed: a purge that finds
// nothing does no harm.
func (t *Tenant) expectDeletion(a *account) {
	if due := a.deletionDue(); t.nextDeletion.IsZero() || due.Before(t.nextDeletion) {
		t.nextDeletion = due
	}
}

// deletionDue returns when the seven days of a user marked for deletion are over.
func (a *account) deletionDue() time.Time { return a.MarkedDeletedAt.Add(deletionDelay) }
