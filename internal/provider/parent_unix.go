// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"os"
	"time"
)

// waitForParent returns when the process that started this one has ended. Another
// one takes its place as the parent then.
func waitForParent() {
	parent := os.Getppid()
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			return
		}
	}
}
