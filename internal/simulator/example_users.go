// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/sha256"
	"time"
)

// ExampleUsers is how many users [SeedExample] adds.
const ExampleUsers = 13

// SeedExample adds thirteen users of example.com to the tenant, among them one disabled,
// one pending deletion and one disabled by a synchronization. Their ids are the same in
// every tenant, so that a state written with one run of the simulator is valid in the next.
func SeedExample(t *Tenant) {
	names := []string{
		"ada", "ben", "carla", "dmitri", "elena", "farid", "grace", "hugo", "ines", "jonas", "keiko", "liam", "breakglass",
	}
	now := t.Now().UTC()
	for _, name := range names {
		email := name + "@example.com"
		u := User{
			ID:                     exampleID(email),
			Email:                  email,
			IdentitySource:         "Corporate AD",
			Created:                now.AddDate(-1, 0, 0),
			LastSync:               now.Add(-6 * time.Hour),
			MonthLastAuthenticated: now.Format("Jan 2006"),
		}
		switch name {
		case "elena":
			u.Status = Disabled
		case "hugo":
			u.Status = Disabled
			u.MarkDeleted = true
			u.MarkedDeletedAt = now.AddDate(0, 0, -2)
			u.MarkedDeletedBy = "admin@example.com"
		case "ines":
			u.Status = Disabled
			u.DisabledBySync = true
		}
		t.AddUser(u)
	}
}

// SeedKnownByUsername adds two more users to the tenant: contractor, whose email address is
// contractor@example.com, and kiosk, who has none.
func SeedKnownByUsername(t *Tenant) {
	for username, email := range map[string]string{"contractor": "contractor@example.com", "kiosk": ""} {
		t.AddUser(User{
			ID: exampleID(username), Email: email, Username: username, FirstName: capitalized(username), LastName: "Example",
			IdentitySource: "Local",
		})
	}
}

func exampleID(email string) string {
	sum := sha256.Sum256([]byte(email))
	return formatID([16]byte(sum[:16]))
}
