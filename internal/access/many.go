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
	// troubleInARow is after how many failures without a success in between the
	// tenant is in trouble, and sending on would not help.
	troubleInARow = 10
	// refusalsAtFirst is how often credentials may be refused before anything has
	// succeeded: a refusal among successes is about one user.
	refusalsAtFirst = 3
)

// ErrNotTried is the outcome of whom ForEach did not come to.
var ErrNotTried = errors.New("not tried")

// ForEach does something for each of n users, several at once, and returns each
// outcome. A failure for one user does not affect the others; it stops when the
// caller goes, when the credentials are refused from the start, and when nothing
// succeeds any more.
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
	_ = group.Wait() // Failures are outcomes here.
	return outcomes
}

// isAboutOneUser reports whether an API that works has something against this user.
func isAboutOneUser(err error) bool {
	return cloudadmin.IsNotFound(err) || cloudadmin.IsConflict(err) || cloudadmin.IsMethodNotAllowed(err)
}

// IsUntried reports whether ForEach did not come to a user, or was interrupted
// there.
func IsUntried(err error) bool {
	return errors.Is(err, ErrNotTried) || errors.Is(err, context.Canceled)
}
