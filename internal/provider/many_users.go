// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// troubleInARow is after how many failures without a success in between the
// tenant is in trouble, and sending on would help nobody.
const troubleInARow = 10

// errNotTried is the outcome of whom forEach did not come to.
var errNotTried = errors.New("not tried")

// forEach does something for each of so many users, some at once, and answers the
// outcome of each. One failure stops nobody else's turn; it stops when the
// credentials are refused, when the caller goes, and when nothing succeeds any more.
func forEach(ctx context.Context, atOnce, users int, do func(i int) error) []error {
	var (
		mu       sync.Mutex
		outcomes = make([]error, users)
		trouble  int
		stopped  bool
		group    errgroup.Group
	)
	group.SetLimit(atOnce)
	for i := range users {
		group.Go(func() error {
			mu.Lock()
			if stopped || ctx.Err() != nil {
				defer mu.Unlock()
				outcomes[i] = errNotTried
				return nil
			}
			mu.Unlock()
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			outcomes[i] = err
			if err == nil || isAboutOneUser(err) {
				trouble = 0
			} else {
				trouble++
			}
			stopped = stopped || cloudadmin.IsUnauthorized(err) || trouble >= troubleInARow
			return nil
		})
	}
	_ = group.Wait() // Failures are outcomes here.
	return outcomes
}

// isAboutOneUser holds for refusals by an API that works, and has something
// against this user.
func isAboutOneUser(err error) bool {
	return cloudadmin.IsNotFound(err) || cloudadmin.IsConflict(err) || cloudadmin.IsMethodNotAllowed(err)
}

// isUntried holds for whom forEach did not come to, or was interrupted at.
func isUntried(err error) bool {
	return errors.Is(err, errNotTried) || errors.Is(err, context.Canceled)
}
