// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "os"

// waitForParent returns when the parent of this process has ended.
func waitForParent() {
	parent, err := os.FindProcess(os.Getppid())
	if err != nil {
		return // It is gone already.
	}
	_, _ = parent.Wait()
}
