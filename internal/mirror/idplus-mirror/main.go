// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command idplus-mirror builds the provider of the checkout in which it runs into a
// filesystem mirror, in the folder that its argument names, with a CLI configuration
// beside it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: idplus-mirror FOLDER")
		os.Exit(2)
	}
	if _, err := mirror.Build(context.Background(), ".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "idplus-mirror:", err)
		os.Exit(1)
	}
}
