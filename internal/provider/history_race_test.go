// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build race

package provider

// defaultHistories is less under the race detector, which takes its time.
const defaultHistories = 100
