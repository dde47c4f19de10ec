// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-idplus is a Terraform provider for RSA ID Plus.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"strings"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger: print how Terraform attaches to this process")
	flag.Parse()

	silenceUnreadLog()
	// Serving replaces os.Stderr; Terraform's log is behind this one.
	stderr := os.Stderr
	idplus := provider.New(version)()
	err := providerserver.Serve(context.Background(), func() framework.Provider { return idplus }, providerserver.ServeOpts{
		Address: "registry.terraform.io/idplus-community/idplus",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
	provider.LogTraffic(idplus, stderr)
}

// silenceUnreadLog switches the plugin library's own log off when nobody asked
// for one. It would write every step of every call, for Terraform to throw away:
// a quarter of the provider's CPU.
func silenceUnreadLog() {
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "TF_LOG") && !strings.HasPrefix(variable, "TF_LOG_PATH") && !strings.HasSuffix(variable, "=") {
			return
		}
	}
	_ = os.Setenv("TF_LOG_SDK", "OFF") // Fails for invalid names only.
}
