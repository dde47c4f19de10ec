// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Each configuration is planned by itself, against a tenant with the example's users.
func TestConfigurationsCanBePlanned(t *testing.T) {
	t.Parallel()
	if !everything() {
		t.Skip("each is a run of Terraform: set CI=true")
	}
	terraform, all := installed(t), allConfigurations(t)
	env, override := newTenant(t)
	for _, c := range all {
		t.Run(c.where(), func(t *testing.T) {
			t.Parallel()
			if reason := terraform.lacks(c); reason != "" {
				t.Skip(reason)
			}
			if c.hasBackend() {
				t.Skip("its backend needs a server")
			}
			command := []string{"plan", "-no-color"}
			switch c.kind {
			case cli:
				c.isUsable(t, terraform)
				return
			case foreign:
				t.Skip("it is for another tool")
			case query:
				command[0] = "query"
			case tests:
				command[0] = "test"
			case module:
			}
			folder := t.TempDir()
			variables := c.lay(t, folder, all)
			given, _ := os.ReadFile(filepath.Join(folder, "terraform.tfvars"))
			for name, value := range variables {
				if !strings.Contains(string(given), name) {
					command = append(command, "-var="+name+"="+value)
				}
			}
			if strings.Contains(c.text, "provider \"idplus\"") {
				must(t, os.WriteFile(filepath.Join(folder, "simulator_override.tf"), []byte(override), 0o600))
			}
			if output, err := terraform.run(t, folder, env, "init", "-no-color"); err != nil {
				t.Fatalf("terraform init: %v\n%s", err, output)
			}
			if strings.Contains(c.text, "terraform.workspace") {
				if output, err := terraform.run(t, folder, env, "workspace", "new", "0"); err != nil {
					t.Fatalf("terraform workspace new: %v\n%s", err, output)
				}
			}
			if output, err := terraform.run(t, folder, env, command...); err != nil {
				t.Errorf("%s: %v\n%s", strings.Join(command, " "), err, output)
			}
		})
	}
}

// isUsable fails unless Terraform accepts a CLI configuration.
func (c *configuration) isUsable(t *testing.T, terraform *installation) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "terraform.rc")
	must(t, os.WriteFile(file, []byte(c.text), 0o600))
	output, err := terraform.run(t, ".", []string{"TF_CLI_CONFIG_FILE=" + file}, "version")
	if err != nil || strings.Contains(output, "problems") {
		t.Errorf("terraform version with this CLI configuration: %v\n%s", err, output)
	}
}

// newTenant starts a tenant with the users of the example. It returns the variables with
// its credentials, and an override for configurations that name another tenant or allow
// few changes.
func newTenant(t *testing.T) (env []string, override string) {
	t.Helper()
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedKnownByUsername(tenant)
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	must(t, err)
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	return rehearsal.Credentials(server, client), `provider "idplus" {
  admin_api_url = null
  api_key_file  = null
  oauth         = null
  max_changes   = null
}
`
}
