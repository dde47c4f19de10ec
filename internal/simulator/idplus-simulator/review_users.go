// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// addUsersOf adds the users of a review, a CSV file with a column email. Users that the
// tenant does not have yet are Enabled, so that a review that disables some of them has
// something to change.
func addUsersOf(tenant *simulator.Tenant, path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("-review: %w", err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil {
		return fmt.Errorf("-review: %s: %w", path, err)
	}
	if len(rows) == 0 || !slices.Contains(rows[0], "email") {
		return fmt.Errorf("-review: %s has no column email", path)
	}
	column := slices.Index(rows[0], "email")
	for _, row := range rows[1:] {
		email := strings.TrimSpace(row[column])
		if _, known := tenant.User(email); !known && email != "" {
			tenant.AddUser(simulator.User{Email: email})
		}
	}
	return nil
}
