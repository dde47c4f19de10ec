// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

const (
	// troubleInARow is the number of consecutive failures after which the tenant is in
	// trouble and more requests would not help.
	troubleInARow = 10
	// refusalsAtFirst is how often credentials may be refused before anything has
	// succeeded: a refusal among successes is about one user.
	refusalsAtFirst = 3
)

// ErrNotTried is the outcome for users that ForEach did not reach.
var ErrNotTried = errors.New("not tried")

// ForEach calls a function for each of n users, several at once, and returns each outcome.
// A failure for one user does not affect the others. It stops when the context ends, when
// the credentials are refused from the start, and when nothing succeeds any more.
func ForEach(ctx context.Context, atOnce, n int, do func(i int) error) []error {
	var (
		mu                          sync.Mutex
		outcomes                    = make([]error, n)
		trouble, refused, successes int
		stopped                     bool
		group                       errgroup.Group
	)
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			mu.Lock()
			if stopped || ctx.Err() != nil {
				defer mu.Unlock()
				outcomes[i] = ErrNotTried
				return nil
			}
			mu.Unlock()
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			outcomes[i] = err
			switch {
			case err == nil:
				successes++
				trouble = 0
			case isAboutOneUser(err):
				trouble = 0
			case cloudadmin.IsUnauthorized(err):
				refused++
				trouble++
			default:
				trouble++
			}
			stopped = stopped || trouble >= troubleInARow || successes == 0 && refused >= refusalsAtFirst
			return nil
		})
	}
	_ = group.Wait() // Failures are returned as outcomes.
	return outcomes
}

// isAboutOneUser reports whether the error is about this user, while the API works.
func isAboutOneUser(err error) bool {
	return cloudadmin.IsNotFound(err) || cloudadmin.IsConflict(err) || cloudadmin.IsMethodNotAllowed(err)
}

// IsUntried reports whether ForEach did not reach a user, or was interrupted there.
func IsUntried(err error) bool {
	return errors.Is(err, ErrNotTried) || errors.Is(err, context.Canceled)
}
