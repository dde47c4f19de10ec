// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "os"

// EndWithTerraform ends this process when the one that started it is gone. A
// Terraform that is killed tells its providers nothing, and they would idle on, each
// with a key in its memory.
func EndWithTerraform() {
	go func() {
		waitForParent()
		os.Exit(1) // Nobody is left to answer.
	}()
}
