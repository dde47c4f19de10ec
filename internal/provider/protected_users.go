// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// protectedUsers holds the addresses, in lower case, that are never disabled.
type protectedUsers map[string]bool

func (p protectedUsers) add(email string) { p[strings.ToLower(email)] = true }

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
