// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"os"
	"time"
)

// waitForParent returns when the parent of this process has ended and another process has
// become the parent.
func waitForParent() {
	parent := os.Getppid()
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			return
		}
	}
}
