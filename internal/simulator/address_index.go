// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addressIndex finds by email address or username, regardless of case. Of
// several with the same address, the one that came first is found.
type addressIndex[T comparable] struct {
	emails, usernames addresses[T]
}

// addresses is who has an address, by folded address.
type addresses[T comparable] map[string][]T

func newAddressIndex[T comparable]() addressIndex[T] {
	return addressIndex[T]{emails: addresses[T]{}, usernames: addresses[T]{}}
}

func (x addressIndex[T]) add(u *User, owner T) {
	x.emails.add(u.Email, owner)
	x.usernames.add(u.Username, owner)
}

func (x addressIndex[T]) remove(u *User, owner T) {
	x.emails.remove(u.Email, owner)
	x.usernames.remove(u.Username, owner)
}

// either finds by an address that may be the one or the other.
func (x addressIndex[T]) either(address string) (T, bool) {
	if owner, found := x.emails.first(address); found {
		return owner, true
	}
	return x.usernames.first(address)
}

func (a addresses[T]) first(address string) (owner T, found bool) {
	owners := a[folded(address)]
	if len(owners) == 0 {
		return owner, false
	}
	return owners[0], true
}

func (a addresses[T]) add(address string, owner T) {
	key := folded(address)
	a[key] = append(a[key], owner)
}

func (a addresses[T]) remove(address string, owner T) {
	key := folded(address)
	left := slices.DeleteFunc(a[key], func(other T) bool { return other == owner })
	if len(left) == 0 {
		delete(a, key)
		return
	}
	a[key] = left
}

// folded returns the same for two addresses exactly if strings.EqualFold holds
// them to be equal.
func folded(address string) string {
	return strings.Map(foldedRune, address)
}

// foldedRune stands for all runes that differ in case only. Of those it takes
// the least, or the lower-case letter of ASCII, so that most addresses are
// folded as they come.
func foldedRune(r rune) rune {
	least := r
	if r >= utf8.RuneSelf {
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}
