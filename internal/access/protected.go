// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// ErrProtected reports that a user is protected.
var ErrProtected = errors.New("protected user")

// protectedUsers are the people behind the protected names.
type protectedUsers struct {
	names []string
	ids   map[string]bool
	// unknown are the names that no user has.
	unknown []string
}

// findProtected looks the protected users up; the memory keeps them for the run. It looks
// for every user with a name as address or username only if not all names of the users
// about to be disabled are known.
func (r *Run) findProtected(ctx context.Context, everybody bool) (protectedUsers, error) {
	found := protectedUsers{names: r.protected, ids: map[string]bool{}}
	for _, name := range r.protected {
		ids, err := r.protectedIDs(ctx, name, everybody)
		if err != nil {
			return found, err
		}
		if len(ids) == 0 {
			found.unknown = append(found.unknown, name)
		}
		for _, id := range ids {
			found.ids[id] = true
		}
	}
	return found, nil
}

// protectedIDs returns the ids of the users that a name leads to. The email address of one
// user may be the username of another: both are protected.
func (r *Run) protectedIDs(ctx context.Context, name string, everybody bool) (ids []string, err error) {
	ways := []cloudadmin.Address{cloudadmin.Username(name)}
	if strings.Contains(name, "@") {
		ways = []cloudadmin.Address{cloudadmin.Email(name), cloudadmin.Username(name)}
	}
	for _, who := range ways {
		found, err := r.memory.Lookup(ctx, who, snapshot.Options{})
		switch {
		case err != nil:
			return nil, &snapshot.LookupError{Who: who, Cause: err}
		case found.User != nil:
			ids = append(ids, found.User.ID)
		case found.Another != nil:
			ids = append(ids, found.Another.ID)
		}
		if found.User != nil && (!everybody || cloudadmin.SameName(string(found.User.PrincipalUsername), name)) {
			break // Or no other user has it as a username.
		}
	}
	return ids, nil
}

func (p protectedUsers) include(d *Decision) bool {
	return p.ids[d.ID] || d.User != nil && slices.ContainsFunc(p.names, d.User.HasName)
}

// Unprotected returns ErrProtected for a protected user, and the error of a look-up that
// could not find out.
func (r *Run) Unprotected(ctx context.Context, user *cloudadmin.User) error {
	if len(r.protected) == 0 {
		return nil
	}
	protected, err := r.findProtected(ctx, false)
	switch {
	case err != nil:
		return err
	case protected.include(&Decision{ID: user.ID, User: user}):
		return ErrProtected
	case len(protected.unknown) > 0:
		return &UnknownProtectedError{protected.unknown}
	}
	return nil
}

// UnknownProtectedError lists protected names that no user has: they protect nobody.
type UnknownProtectedError struct{ Names []string }

func (e *UnknownProtectedError) Error() string {
	return "no user has the protected name " + strings.Join(e.Names, ", ")
}
