// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-idplus is a Terraform provider for RSA ID Plus, and a few
// commands for people beside it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/idplus-community/terraform-provider-idplus/internal/doctor"
	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// version is set by the release build.
var version = "dev"

const usage = `This program is a Terraform provider for RSA ID Plus: Terraform starts it, without
arguments. It also has commands for people:

  terraform-provider-idplus doctor     ask a tenant what it does, and what is wrong
                                       with a configuration (doctor -help)
  terraform-provider-idplus -version   print the version
  terraform-provider-idplus -debug     serve for a debugger, and print how Terraform
                                       attaches to this process
`

// commands are the commands for people. Each returns an exit code.
var commands = map[string]func(version string, args []string) int{
	"doctor": doctor.Main,
}

func main() {
	if len(os.Args) < 2 {
		serve(false)
		return
	}
	argument, rest := os.Args[1], os.Args[2:]
	if command, is := commands[argument]; is {
		os.Exit(command(version, rest))
	}
	switch argument = "-" + strings.TrimLeft(argument, "-"); {
	case len(rest) == 0 && argument == "-debug" || argument == "-debug=true":
		serve(true)
	case len(rest) == 0 && argument == "-version":
		fmt.Println("terraform-provider-idplus " + version)
	case len(rest) == 0 && (argument == "-help" || argument == "-h"):
		fmt.Print(usage)
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
}

// serve serves the plugin until Terraform ends it.
func serve(debug bool) {
	provider.SilenceUnreadLog()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/idplus-community/idplus",
		Debug:   debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
