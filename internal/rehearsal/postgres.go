// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package rehearsal

import "errors"

// Postgres is a PostgreSQL of its own on loopback, for Terraform's backend pg.
type Postgres struct {
	// URL is the connection string.
	URL string
	// Stop stops the server, and removes what it has stored.
	Stop func() error
}

// ErrNoPostgres is why StartPostgres has started none.
var ErrNoPostgres = errors.New("there is no PostgreSQL that can be started")
