// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command_test

import "testing"

func postgres(t *testing.T) backend {
	t.Helper()
	t.Skip("the PostgreSQL of Debian is used, which Windows has not")
	return backend{}
}
