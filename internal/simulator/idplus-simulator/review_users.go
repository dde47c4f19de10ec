// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// addUsersOf adds the users of a review, a CSV file with a column email, which is read
// as the provider reads it. Users that the tenant does not have yet are Enabled, so that a
// review that disables some of them has something to change.
func addUsersOf(tenant *simulator.Tenant, path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("-review: %w", err)
	}
	emails, err := review.Emails(review.File{Name: path, Text: string(raw)})
	if err != nil {
		return fmt.Errorf("-review: %w", err)
	}
	for _, email := range emails {
		if _, known := tenant.User(email); !known {
			tenant.AddUser(simulator.User{Email: email})
		}
	}
	return nil
}
