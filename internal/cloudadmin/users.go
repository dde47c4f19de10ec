// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Address is how a user is looked up: by email address or by username.
type Address struct {
	property, value string
}

// Email addresses a user by email address.
func Email(email string) Address { return Address{"email", email} }

// Username addresses a user by username.
func Username(username string) Address { return Address{"username", username} }

// String returns the address as it was written.
func (a Address) String() string { return a.value }

// IsEmail reports whether the address is an email address and not a username.
func (a Address) IsEmail() bool { return a.property == "email" }

// Key returns the same text for addresses that the API is assumed to treat as equal; see Fold.
func (a Address) Key() string { return a.property + ":" + Fold(a.value) }

// Users is the part of the API about users.
type Users struct {
	client *Client
}

// Concurrent returns how many requests can be on their way at once.
func (u Users) Concurrent() int { return u.client.concurrent }

// LookupOptions are the options of a look-up.
type LookupOptions struct {
	// SearchUnsynched lets the tenant synchronize a user it has not seen yet from the
	// identity source. That is much slower, and not a pure read.
	SearchUnsynched bool
}

const lookupPath = "/v1/users/lookup"

// Lookup returns a user's details. For an unknown user the error satisfies IsNotFound; if
// the answer does not confirm the address, the error is an AnotherUserError.
func (u Users) Lookup(ctx context.Context, who Address, options LookupOptions) (*User, error) {
	question := map[string]any{who.property: who.value}
	if options.SearchUnsynched {
		question["searchUnsynched"] = true
	}
	user := new(User)
	if err := u.client.do(ctx, call{method: http.MethodPost, pattern: lookupPath, path: lookupPath, question: question}, user); err != nil {
		return nil, err
	}
	switch {
	case user.ID == "":
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has no user id", oneLine(who.value))
	case !isUserID(user.ID):
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has the user id %s, which is not valid", oneLine(who.value), quoted(user.ID))
	case user.name() == "":
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has neither an email address nor a username", oneLine(who.value))
	case !who.isOf(user):
		return nil, &AnotherUserError{Asked: who, User: user}
	}
	return user, nil
}

// isOf reports whether a user has the address. A username may be any of a user's names: the
// API does not say which of them it compares.
func (a Address) isOf(user *User) bool {
	if a.IsEmail() {
		return user.EmailAddress != "" && SameName(string(user.EmailAddress), a.value)
	}
	return user.HasName(a.value)
}

func unexpected(method, pattern, format string, args ...any) error {
	return &UnexpectedAnswerError{method, pattern, fmt.Sprintf(format, args...)}
}

// userPath returns the path of a call about the user with that id.
func userPath(pattern, id string) (string, error) {
	if !isUserID(id) {
		return "", fmt.Errorf("%s is not a user id", quoted(id))
	}
	return strings.Replace(pattern, "{id}", url.PathEscape(id), 1), nil
}

// isUserID reports whether an id can be a user's. Cleaning an id could turn it into another
// user's, and a path segment of dots would lead elsewhere.
func isUserID(id string) bool {
	return id != "" && id != "." && id != ".." && id == oneLine(id) && !strings.ContainsRune(id, utf8.RuneError)
}

// refuseAnother returns an error if the answer is about another user than the one asked about.
func refuseAnother(method, pattern, id, answered string) error {
	if strings.EqualFold(answered, id) {
		return nil
	}
	return unexpected(method, pattern, "asked about the user id %s, the answer is about %s", id, quoted(answered))
}

const statusPattern = "/v1/users/{id}/userStatus"

// SetStatus enables or disables the user with that id, and checks that the answer confirms
// it. The error satisfies IsConflict if the user to enable is pending deletion, or was
// disabled by a synchronization.
func (u Users) SetStatus(ctx context.Context, id string, status Status) error {
	path, err := userPath(statusPattern, id)
	if err != nil {
		return err
	}
	var answer struct {
		otherSpellings
		ID         identifier `json:"id"`
		UserStatus Status     `json:"userStatus"`
	}
	// Exactly one property: the API refuses any other number.
	question := map[string]Status{"userStatus": status}
	if err := u.client.change(ctx, call{method: http.MethodPut, pattern: statusPattern, path: path, question: question}, &answer); err != nil {
		return err
	}
	if err := refuseAnother(http.MethodPut, statusPattern, id, string(answer.ID)); err != nil {
		return uncertain(err)
	}
	if answer.UserStatus != status {
		return uncertain(unexpected(http.MethodPut, statusPattern, "the request asked for %s, but the answer has the status %q", status, string(answer.UserStatus)))
	}
	return nil
}
