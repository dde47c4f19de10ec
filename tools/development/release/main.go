// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command release does for a release what goreleaser does not: it cuts the notes out of
// the changelog, checks the files before they are published, and rehearses all of it with
// a registry of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage, in the root of a checkout:

  release notes v1.2.3                  prints what CHANGELOG.md says of the version
  release key FILE                      checks the public key, and prints its fingerprint
  release check -key FILE v1.2.3 FOLDER checks the files of a release
  release rehearse [-targets all]       builds, signs, checks and installs a release`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	if len(arguments) == 0 {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet(arguments[0], flag.ContinueOnError)
	key := flags.String("key", "", "the public key that the signature is checked with, an armoured `file`")
	only := flags.String("targets", "", "`platforms` to rehearse, as linux_amd64,windows_amd64, or all; without it, this one")
	if err := flags.Parse(arguments[1:]); err != nil {
		return err
	}
	switch {
	case arguments[0] == "notes" && flags.NArg() == 1:
		version, err := versionOf(flags.Arg(0))
		if err != nil {
			return err
		}
		changelog, err := os.ReadFile("CHANGELOG.md")
		if err != nil {
			return err
		}
		text, err := notes(string(changelog), version)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, text)
		return err
	case arguments[0] == "key" && flags.NArg() == 1:
		key, err := readKey(flags.Arg(0))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, fingerprint(key))
		return err
	case arguments[0] == "check" && flags.NArg() == 2:
		version, err := versionOf(flags.Arg(0))
		if err != nil {
			return err
		}
		return checkFolder(*key, version, flags.Arg(1), out)
	case arguments[0] == "rehearse" && flags.NArg() == 0:
		return rehearse(ctx, *only, out)
	}
	return errors.New(usage)
}

// checkFolder checks a folder against the platforms of this checkout's configuration.
func checkFolder(keyFile, version, folder string, out io.Writer) error {
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	config, err := readConfig()
	if err != nil {
		return err
	}
	if err := errors.Join(config.platforms().missing(), check(folder, version, config.platforms(), key)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: the files of %s are complete, and signed with the key %s\n", folder, version, fingerprint(key))
	return err
}
