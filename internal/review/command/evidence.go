// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import "io"

// Evidence is written elsewhere.
func Evidence(_ string, _ []string, _, stderr io.Writer) int {
	_, _ = io.WriteString(stderr, "review evidence: not built yet\n")
	return exitUsage
}
