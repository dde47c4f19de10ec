// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-idplus is a Terraform provider for RSA ID Plus.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger: print how Terraform attaches to this process")
	flag.Parse()

	provider.SilenceUnreadLog()
	if !*debug {
		provider.EndWithTerraform()
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/idplus-community/idplus",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
