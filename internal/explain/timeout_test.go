// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package explain_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
)

func TestATimeoutNamesItsArgument(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"known": {
			&explain.TimeoutError{Argument: "timeouts.update", After: 30 * time.Minute},
			"ran into its timeout (timeouts.update, 30m). Changes already made are kept. To allow more time, raise timeouts.update.",
		},
		"not known": {
			context.DeadlineExceeded,
			"ran into its timeout (set in timeouts or by default). Changes already made are kept. To allow more time, raise it in timeouts.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := explain.Explainer{}.Explain(fmt.Errorf("not sent: %w", tc.err))
			if got.Lead != "It took too long" || !strings.Contains(got.Advice, tc.want) {
				t.Errorf("%+v, want %q", got, tc.want)
			}
		})
	}
}
