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

	framework "github.com/hashicorp/terraform-plugin-framework/provider"
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
	silenceUnreadLog()
	// Serving replaces os.Stderr; Terraform's log is behind this one.
	stderr := os.Stderr
	idplus := provider.New(version)()
	err := providerserver.Serve(context.Background(), func() framework.Provider { return idplus }, providerserver.ServeOpts{
		Address: "registry.terraform.io/idplus-community/idplus",
		Debug:   debug,
	})
	if err != nil {
		log.Fatal(err)
	}
	provider.LogTraffic(idplus, stderr)
}

// silenceUnreadLog switches those lines of the plugin libraries off that nobody
// asked to read. They would write every step of every call, for Terraform to throw
// away: a quarter of the provider's CPU. In terraform-plugin-framework 1.19 a trace
// line for an element of a map even costs the more the more elements came before,
// so that a hundred thousand take minutes.
func silenceUnreadLog() {
	read, traced := false, false
	for _, variable := range os.Environ() {
		name, level, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "TF_LOG") && name != "TF_LOG_PATH" && level != "" {
			read = true
			// JSON is TRACE in another form.
			traced = traced || level == "TRACE" || level == "JSON" || strings.HasPrefix(name, "TF_LOG_SDK")
		}
	}
	switch {
	case traced:
	case read:
		_ = os.Setenv("TF_LOG_SDK_FRAMEWORK", "DEBUG") // Fails for invalid names only.
	default:
		_, _ = os.Setenv("TF_LOG_SDK", "OFF"), os.Setenv("TF_LOG_SDK_FRAMEWORK", "OFF")
	}
}
