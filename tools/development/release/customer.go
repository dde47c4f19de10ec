// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// customer installs the provider with Terraform or OpenTofu, each time in a new folder.
type customer struct {
	terraform, folder, authority string
	times                        int
}

// The CLI configuration of a customer with nothing but registries.
const direct = "provider_installation {\n  direct {}\n}\n"

// mirrored is the CLI configuration of a customer with a mirror.
func mirrored(folder string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(folder))
}

// workspace is a new folder of a customer, with a configuration that needs the provider.
type workspace struct {
	c              *customer
	folder, config string
}

func (c *customer) workspace(source, version, cliConfig string) (*workspace, error) {
	c.times++
	w := &workspace{c: c, folder: filepath.Join(c.folder, fmt.Sprintf("workspace-%d", c.times))}
	w.config = filepath.Join(w.folder, "cli.tfrc")
	if err := os.MkdirAll(w.folder, 0o750); err != nil {
		return nil, err
	}
	configuration := fmt.Sprintf(`terraform {
  required_providers {
    idplus = {
      source  = %q
      version = %q
    }
  }
}

output "statuses" {
  value = provider::idplus::statuses("email,status\nada@example.com,Enabled\n", "2026-01-01T00:00:00Z")
}
`, source, version)
	if err := os.WriteFile(filepath.Join(w.folder, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	return w, os.WriteFile(w.config, []byte(cliConfig), 0o600)
}

// run runs a command of Terraform, and returns what it printed.
func (w *workspace) run(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, w.c.terraform, append(arguments, "-no-color")...) //nolint:gosec // The Terraform of who calls.
	command.Dir = w.folder
	command.Env = append(rehearsal.Environ(), "TF_CLI_CONFIG_FILE="+w.config, "SSL_CERT_FILE="+w.c.authority)
	output, err := command.CombinedOutput()
	return string(output), err
}
