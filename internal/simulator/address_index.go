// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addressIndex finds users by email address or username, regardless of case by default. Of
// several with the same address, the one that was added first is found.
type addressIndex[T comparable] struct {
	emails, usernames, aliases addresses[T]
}

// addresses are the owners of addresses, by folded address.
type addresses[T comparable] map[string][]owner[T]

// owner is a user with an address, and its spelling there.
type owner[T comparable] struct {
	spelling string
	of       T
}

func newAddressIndex[T comparable]() addressIndex[T] {
	return addressIndex[T]{emails: addresses[T]{}, usernames: addresses[T]{}, aliases: addresses[T]{}}
}

func (x addressIndex[T]) add(u *User, of T) {
	x.emails.add(u.Email, of)
	x.usernames.add(u.Username, of)
}

func (x addressIndex[T]) remove(u *User, of T) {
	x.emails.remove(u.Email, of)
	x.usernames.remove(u.Username, of)
}

// either finds a user by an address that may be an email address or a username.
func (x addressIndex[T]) either(address string) (T, bool) {
	if found, ok := x.emails.first(address); ok {
		return found, true
	}
	return x.usernames.first(address)
}

// copied returns the same index for copies of the users.
func (x addressIndex[T]) copied(copies map[T]T) addressIndex[T] {
	return addressIndex[T]{
		emails: x.emails.copied(copies), usernames: x.usernames.copied(copies), aliases: x.aliases.copied(copies),
	}
}

func (a addresses[T]) first(address string) (found T, ok bool) {
	return a.firstSpelled(address, false)
}

// firstSpelled also compares the case of letters if exactly is true.
func (a addresses[T]) firstSpelled(address string, exactly bool) (found T, ok bool) {
	for _, o := range a[folded(address)] {
		if !exactly || o.spelling == address {
			return o.of, true
		}
	}
	return found, false
}

func (a addresses[T]) add(address string, of T) {
	if address == "" {
		return // no user is found by an empty address
	}
	key := folded(address)
	a[key] = append(a[key], owner[T]{address, of})
}

func (a addresses[T]) remove(address string, of T) {
	key := folded(address)
	left := slices.DeleteFunc(a[key], func(o owner[T]) bool { return o.of == of })
	if len(left) == 0 {
		delete(a, key)
		return
	}
	a[key] = left
}

func (a addresses[T]) copied(copies map[T]T) addresses[T] {
	c := make(addresses[T], len(a))
	for key, owners := range a {
		for _, o := range owners {
			c[key] = append(c[key], owner[T]{o.spelling, copies[o.of]})
		}
	}
	return c
}

// folded returns the same text for two addresses exactly if strings.EqualFold treats them
// as equal.
func folded(address string) string {
	return strings.Map(foldedRune, address)
}

// foldedRune returns one rune for all runes that differ only in case: the lower-case letter
// if it is ASCII, else the smallest, so that most addresses stay unchanged.
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
