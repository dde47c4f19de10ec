// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package mirror builds the provider into a filesystem mirror, from which Terraform
// installs it as it would from the registry. It is for development.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Version satisfies the version constraints in examples/.
const Version = "0.1.0"

// cliConfiguration installs all other providers from their registries, so that it works for
// any configuration.
const cliConfiguration = `disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = %q
    include = ["registry.terraform.io/idplus-community/idplus", "registry.opentofu.org/idplus-community/idplus"]
  }
  direct {
    exclude = ["registry.terraform.io/idplus-community/idplus", "registry.opentofu.org/idplus-community/idplus"]
  }
}
`

// Build builds the provider from a checkout, and offers it from dir. Building again into
// the same dir is allowed.
func Build(ctx context.Context, checkout, dir string) (cliConfig string, err error) {
	built := filepath.Join(dir, file())
	if err := Program(ctx, checkout, built); err != nil {
		return "", err
	}
	return Offer(built, dir)
}

// builtVariable is a program that make test has built, since each package that links its
// own takes seconds.
const builtVariable = "BUILT_PROVIDER"

// Program puts the provider's program, built from a checkout, where file says.
func Program(ctx context.Context, checkout, file string) error {
	// go build runs in another folder.
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if built := os.Getenv(builtVariable); built != "" {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return errors.Join(os.MkdirAll(filepath.Dir(file), 0o750), os.Symlink(built, file))
	}
	// As a release is linked: without what only a debugger reads, which takes a third of the time.
	build := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", file, ".") //nolint:gosec // The checkout's own program.
	build.Dir = checkout
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

// Offer puts a program into a mirror in dir, beside which it is, as the provider. It
// returns the CLI configuration, a file in dir, with which Terraform and OpenTofu install
// it.
func Offer(program, dir string) (cliConfig string, err error) {
	// The CLI configuration is read from any folder.
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	mirror := filepath.Join(dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(mirror, host, "idplus-community", "idplus", Version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return "", err
		}
		installed := filepath.Join(folder, file())
		if err := os.Remove(installed); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if err := os.Link(program, installed); err != nil {
			return "", err
		}
	}
	cliConfig = filepath.Join(dir, "terraform.rc")
	return cliConfig, os.WriteFile(cliConfig, fmt.Appendf(nil, cliConfiguration, filepath.ToSlash(mirror)), 0o600)
}

func file() string {
	if runtime.GOOS == "windows" {
		return "terraform-provider-idplus_v" + Version + ".exe"
	}
	return "terraform-provider-idplus_v" + Version
}
