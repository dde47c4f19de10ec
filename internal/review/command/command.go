// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package command implements the command "review" of the provider's binary: "review
// roster" reads the users of a tenant into the files of an access review, "review
// evidence" makes the record of one. Neither changes a user.
package command

import (
	"context"
	"io"
	"os"
	"os/signal"

	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// Exit codes.
const (
	exitDone = 0
	// exitFailed is for a tenant that could not be read.
	exitFailed = 1
	// exitUsage is for wrong arguments, and for files that cannot be read or written.
	exitUsage = 2
)

const usage = `Usage: terraform-provider-idplus review COMMAND [flags]

  roster    read the users of a tenant into the files of a new review
  evidence  make the record of a review from its files and plans

"terraform-provider-idplus review COMMAND -help" lists the flags of a command.
`

// Main runs the command in the environment of this process, and returns the exit code.
func Main(version string, args []string) int {
	return run(version, args, os.Stdout, os.Stderr)
}

func run(version string, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		_, _ = io.WriteString(stderr, usage)
		return exitUsage
	}
	switch rest := args[1:]; args[0] {
	case "roster":
		ctx, stop := signal.NotifyContext(context.Background(), console.Endings()...)
		defer stop()
		return Roster{
			Version: version, Getenv: os.Getenv, Stdout: stdout, Stderr: stderr, Terminal: console.IsTerminal(os.Stderr),
		}.Run(ctx, rest)
	case "evidence":
		return Evidence(version, rest, stdout, stderr)
	case "help", "-help", "--help", "-h":
		_, _ = io.WriteString(stdout, usage)
		return exitDone
	}
	_, _ = io.WriteString(stderr, usage)
	return exitUsage
}
