// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "os"

// EndWithTerraform ends this process when its parent has ended. A killed Terraform does not
// stop its providers: they would stay, each with a key in its memory.
func EndWithTerraform() {
	go func() {
		waitForParent()
		os.Exit(1) // No caller is left.
	}()
}
