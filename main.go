// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-idplus is a Terraform provider for RSA ID Plus, and a few
// commands for people.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/idplus-community/terraform-provider-idplus/internal/doctor"
	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
	"github.com/idplus-community/terraform-provider-idplus/internal/review/command"
)

// version is set by the release build.
var version = "dev"

const usage = `This program is a Terraform provider for RSA ID Plus: Terraform starts it, without
arguments. It also has commands for people:

  terraform-provider-idplus doctor     check a configuration, and find out how a
                                       tenant behaves (doctor -help)
  terraform-provider-idplus review     an access review: write the users of a
                                       tenant into files, and the evidence of what
                                       was decided and done (review -help)
  terraform-provider-idplus -version   print the version
  terraform-provider-idplus -debug     serve for a debugger, and print how Terraform
                                       attaches to this process
`

// commands are the commands for people. Each returns its exit code.
var commands = map[string]func(version string, args []string) int{
	"doctor": doctor.Main,
	"review": command.Main,
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, serve))
}

// run does what the arguments ask for and returns the exit code. Terraform passes no arguments.
func run(args []string, stdout, stderr io.Writer, serve func(debug bool)) int {
	if len(args) == 0 {
		serve(false)
		return 0
	}
	argument, rest := args[0], args[1:]
	if command, is := commands[argument]; is {
		return command(version, rest)
	}
	flag := "-" + strings.TrimLeft(argument, "-")
	switch {
	case len(rest) == 0 && (flag == "-debug" || flag == "-debug=true"):
		serve(true)
	case len(rest) == 0 && flag == "-version":
		_, _ = fmt.Fprintln(stdout, "terraform-provider-idplus "+version)
	case len(rest) == 0 && (flag == "-help" || flag == "-h"):
		_, _ = io.WriteString(stdout, usage)
	default:
		_, _ = io.WriteString(stderr, usage)
		return 2
	}
	return 0
}

// spareCollector lets the heap grow further before garbage is collected. A plan is short
// and keeps most of what it reads: with thousands of users, a fifth of the CPU time went
// into scanning it again. GOGC overrides this.
func spareCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(150)
	}
}

// serve serves the plugin until Terraform ends it.
func serve(debug bool) {
	provider.SilenceUnreadLog()
	spareCollector()
	if !debug {
		provider.EndWithTerraform()
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/idplus-community/idplus",
		Debug:   debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
