// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build !race

package provider

const defaultHistories = 150
