// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Status is what a user may do. The API has two; a look-up may answer with
// others, which are kept as they are and never written.
type Status string

// The statuses that can be set.
const (
	Enabled  Status = "Enabled"
	Disabled Status = "Disabled"
)

// Address says how a user is looked up: by email address or by username.
type Address struct {
	property, value string
}

// Email addresses a user by email address.
func Email(email string) Address { return Address{"email", email} }

// Username addresses a user by username.
func Username(username string) Address { return Address{"username", username} }

// String is the address as it was written.
func (a Address) String() string { return a.value }

// IsEmail tells an email address from a username.
func (a Address) IsEmail() bool { return a.property == "email" }

// Key is the same for addresses that the API is taken not to tell apart; see Fold.
func (a Address) Key() string { return a.property + ":" + Fold(a.value) }

// Users is the user area of the API.
type Users struct {
	client *Client
}

// Concurrent is how many requests can be on their way at once.
func (u Users) Concurrent() int { return u.client.concurrent }

// LookupOptions says how far a look-up goes.
type LookupOptions struct {
	// SearchUnsynched lets the tenant synchronize a user whom it has not seen
	// yet from the identity source: much slower, and not a pure read.
	SearchUnsynched bool
}

const lookupPath = "/v1/users/lookup"

// Lookup returns a user's details. An unknown user is an error for which
// IsNotFound holds; an answer that does not confirm the address asked for is an
// AnotherUserError.
func (u Users) Lookup(ctx context.Context, who Address, options LookupOptions) (*User, error) {
	question := map[string]any{who.property: who.value}
	if options.SearchUnsynched {
		question["searchUnsynched"] = true
	}
	var answer details
	if err := u.client.do(ctx, call{method: http.MethodPost, pattern: lookupPath, path: lookupPath, question: question}, &answer); err != nil {
		return nil, err
	}
	user := &answer.User
	switch {
	case answer.unfitID != "":
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has %s for a user id", oneLine(who.value), quoted(answer.unfitID))
	case user.ID == "":
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has no user id", oneLine(who.value))
	case user.name() == "":
		return nil, unexpected(http.MethodPost, lookupPath, "the answer for %s has neither an email address nor a username", oneLine(who.value))
	case !who.isOf(user):
		return nil, &AnotherUserError{Asked: who, User: user}
	}
	return user, nil
}

// isOf reports whether a user has the address. A username may be any of a user's
// names: the API does not say which it looks at.
func (a Address) isOf(user *User) bool {
	if a.IsEmail() {
		return user.Email != "" && SameName(user.Email, a.value)
	}
	return user.HasName(a.value)
}

func unexpected(method, pattern, format string, args ...any) error {
	return &UnexpectedAnswerError{method, pattern, fmt.Sprintf(format, args...)}
}

// userPath is the path of a call about the user with that id.
func userPath(pattern, id string) (string, error) {
	if !isUserID(id) {
		return "", fmt.Errorf("%s is no user id", quoted(id))
	}
	return strings.Replace(pattern, "{id}", url.PathEscape(id), 1), nil
}

// isUserID reports whether an id can be that of a user. One that would have to be
// cleaned first may become that of somebody else, and a path with a segment of
// dots is about something else.
func isUserID(id string) bool {
	return id != "" && id != "." && id != ".." && id == oneLine(id) && !strings.ContainsRune(id, utf8.RuneError)
}

// refuseAnother refuses an answer about another user than the one asked about.
func refuseAnother(method, pattern, id, answered string) error {
	if strings.EqualFold(answered, id) {
		return nil
	}
	return unexpected(method, pattern, "asked about the user id %s, the answer is about %s", id, quoted(answered))
}

const statusPattern = "/v1/users/{id}/userStatus"

// SetStatus enables or disables the user with that id, and checks that the
// answer says so. Enabling a user who is pending deletion, or whom a
// synchronization disabled, is an error for which IsConflict holds.
func (u Users) SetStatus(ctx context.Context, id string, status Status) error {
	path, err := userPath(statusPattern, id)
	if err != nil {
		return err
	}
	var answer struct {
		otherSpellings
		ID     identifier `json:"id"`
		Status strictText `json:"userStatus"`
	}
	// Exactly one property: the API refuses any other number.
	question := map[string]Status{"userStatus": status}
	if err := u.client.change(ctx, call{method: http.MethodPut, pattern: statusPattern, path: path, question: question}, &answer); err != nil {
		return err
	}
	if err := refuseAnother(http.MethodPut, statusPattern, id, string(answer.ID)); err != nil {
		return uncertain(err)
	}
	if Status(answer.Status) != status {
		return uncertain(unexpected(http.MethodPut, statusPattern, "asked for %s, the answer says that the user is now %q", status, string(answer.Status)))
	}
	return nil
}

// User is what a look-up tells. A property that the API left out or answered
// with null is empty (text), nil (flags) or nil (lists).
type User struct {
	ID                 string
	Email              string
	Username           string
	AlternateUsername  string
	FirstName          string
	LastName           string
	Status             Status
	IdentitySource     string
	CreatedAt          Timestamp
	LastSyncAt         Timestamp
	HighRisk           *bool
	MarkDeleted        bool
	MarkDeletedAt      Timestamp
	MarkDeletedBy      string
	TokenLocked        *bool
	SMSLocked          *bool
	VoiceLocked        *bool
	FingerprintLocked  *bool
	ApproveLocked      *bool
	SMSNumber          string
	VoiceNumber        string
	EmergencyAccess    string
	OfflineEmergency   string
	MonthLastSignIn    string
	LastSignInAt       Timestamp
	LastSignInMethod   string
	PrimaryUniqueID    string
	SecondaryUniqueID  string
	IdentitySourceSets []string
	GlobalGroups       []string
	// Missing are the properties that the answer did not have, of those that a
	// look-up has and an element of a search may lack.
	Missing []Property
}

// Property is the API's name of a property of a user.
type Property string

// The properties that are missed when an answer does not have them.
const (
	PropertyID              Property = "id"
	PropertyStatus          Property = "userStatus"
	PropertyMarkDeleted     Property = "markDeleted"
	PropertyIdentitySource  Property = "identitySource"
	PropertyLastSyncTime    Property = "lastSyncTime"
	PropertyMonthLastSignIn Property = "monthLastAuthenticated"
)

// Lacks tells whether the answer did not have a property, or one of several.
func (u *User) Lacks(properties ...Property) bool {
	return slices.ContainsFunc(properties, func(p Property) bool { return slices.Contains(u.Missing, p) })
}

// Incomplete tells whether the answer did not say who the user is, or what the user
// may do.
func (u *User) Incomplete() bool { return u.Lacks(PropertyID, PropertyStatus, PropertyMarkDeleted) }

// Is reports whether the user is as that status wants. A user who is pending
// deletion has no access, whatever word the API has for the status meanwhile.
func (u *User) Is(status Status) bool {
	if u.MarkDeleted {
		return status == Disabled
	}
	return u.Status == status
}

// HasName reports whether a name is the user's email address, username or
// alternate username; see SameName.
func (u *User) HasName(name string) bool {
	return name != "" && (SameName(u.Email, name) || SameName(u.Username, name) || SameName(u.AlternateUsername, name))
}

// name is what a person knows the user by; empty where the answer had no name.
func (u *User) name() string { return cmp.Or(u.Email, u.Username, u.AlternateUsername) }

// details is a user, and the id that the answer had where it cannot be one.
type details struct {
	User
	unfitID string
}

// UnmarshalJSON is that of a User.
func (d *details) UnmarshalJSON(data []byte) error {
	if err := d.User.UnmarshalJSON(data); err != nil || d.ID != "" {
		return err
	}
	var answer struct {
		otherSpellings
		ID identifier `json:"id"`
	}
	err := json.Unmarshal(data, &answer)
	d.unfitID = string(answer.ID)
	return err
}

// UnmarshalJSON takes what the API has been seen to send, and survives absent,
// null, new and oddly typed properties: one user's odd telephone number must
// not break everyone's plan. An id that cannot be one counts as missing.
func (u *User) UnmarshalJSON(data []byte) error {
	var wire wireUser
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	id := string(wire.ID)
	if !isUserID(id) {
		id = ""
	}
	*u = User{
		ID:                 id,
		Email:              string(wire.Email),
		Username:           string(wire.Username),
		AlternateUsername:  string(wire.AlternateUsername),
		FirstName:          string(wire.FirstName),
		LastName:           string(wire.LastName),
		Status:             Status(wire.Status),
		IdentitySource:     string(wire.IdentitySource.text),
		CreatedAt:          Timestamp(wire.CreatedAt),
		LastSyncAt:         Timestamp(wire.LastSyncAt.text),
		HighRisk:           wire.HighRisk.value,
		MarkDeleted:        wire.MarkDeleted.value != nil && *wire.MarkDeleted.value,
		MarkDeletedAt:      Timestamp(wire.MarkDeletedAt),
		MarkDeletedBy:      string(wire.MarkDeletedBy),
		TokenLocked:        wire.TokenLocked.value,
		SMSLocked:          wire.SMSLocked.value,
		VoiceLocked:        wire.VoiceLocked.value,
		FingerprintLocked:  wire.FingerprintLocked.value,
		ApproveLocked:      wire.ApproveLocked.value,
		SMSNumber:          string(wire.SMSNumber),
		VoiceNumber:        string(wire.VoiceNumber),
		EmergencyAccess:    string(wire.EmergencyAccess),
		OfflineEmergency:   string(wire.OfflineEmergency),
		MonthLastSignIn:    string(wire.MonthLastSignIn.text),
		LastSignInAt:       Timestamp(wire.LastSignInAt),
		LastSignInMethod:   string(wire.LastSignInMethod),
		PrimaryUniqueID:    string(wire.PrimaryUniqueID),
		SecondaryUniqueID:  string(wire.SecondaryUniqueID),
		IdentitySourceSets: wire.IdentitySourceSets,
		GlobalGroups:       wire.GlobalGroups,
	}
	for _, p := range []struct {
		property Property
		told     bool
	}{
		// A status that is null says as little as none; a user may well have no
		// identity source, or never have signed in.
		{PropertyID, id != ""},
		{PropertyStatus, wire.Status != ""},
		{PropertyMarkDeleted, wire.MarkDeleted.value != nil},
		{PropertyIdentitySource, wire.IdentitySource.told},
		{PropertyLastSyncTime, wire.LastSyncAt.told},
		{PropertyMonthLastSignIn, wire.MonthLastSignIn.told},
	} {
		if !p.told {
			u.Missing = append(u.Missing, p.property)
		}
	}
	return nil
}
