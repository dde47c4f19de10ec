// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package rehearsal

import (
	"context"
	"fmt"
)

// StartPostgres returns ErrNoPostgres.
func StartPostgres(context.Context) (*Postgres, error) {
	return nil, fmt.Errorf("%w: the one of Debian is used", ErrNoPostgres)
}
