// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// protectedUsers holds the email addresses and usernames, in lower case, of users
// who are never disabled.
type protectedUsers map[string]bool

func newProtectedUsers(names []string) protectedUsers {
	protected := protectedUsers{}
	for _, name := range names {
		protected[strings.ToLower(name)] = true
	}
	return protected
}

// include holds when a user is protected by the address that is used or, as far as
// the details are known, by any other name. The details may be nil.
func (p protectedUsers) include(who cloudadmin.Address, user *cloudadmin.User) bool {
	return p.coversAddress(who) || (user != nil && p.covers(user))
}

// coversAddress holds when the address itself is protected.
func (p protectedUsers) coversAddress(who cloudadmin.Address) bool {
	return p[strings.ToLower(who.String())]
}

// covers holds when any of the names that a user goes by is protected.
func (p protectedUsers) covers(user *cloudadmin.User) bool {
	for _, name := range []string{user.Email, user.Username, user.AlternateUsername} {
		if name != "" && p[strings.ToLower(name)] {
			return true
		}
	}
	return false
}
