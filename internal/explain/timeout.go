// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package explain

import (
	"context"
	"errors"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// TimeoutError is the cause of a context that ends with a timeout of the configuration. It
// is a context.DeadlineExceeded.
type TimeoutError struct {
	// Argument sets the timeout, as in timeouts.update.
	Argument string
	After    time.Duration
}

func (*TimeoutError) Error() string { return context.DeadlineExceeded.Error() }

func (*TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// Limit returns the argument and its value.
func (t *TimeoutError) Limit() string { return t.Argument + ", " + phrase.Duration(t.After) }

// Remedy returns how to allow more time.
func (t *TimeoutError) Remedy() string { return "To allow more time, raise " + t.Argument + "." }

// timeout explains that Terraform's call ran into its timeout.
func timeout(err error) string {
	limit, remedy := "set in timeouts or by default", "To allow more time, raise it in timeouts."
	var known *TimeoutError
	if errors.As(err, &known) {
		limit, remedy = known.Limit(), known.Remedy()
	}
	return "The operation, all retries included, ran into its timeout (" + limit + "). Changes already made are kept. " + remedy + " Plan again to see what is left."
}
