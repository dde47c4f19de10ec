// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build race

package provider

// defaultHistories is lower under the race detector, which is slow.
const defaultHistories = 100
