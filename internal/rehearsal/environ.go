// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package rehearsal has what is needed to play an access review with a real Terraform
// against a simulated tenant: the environment of its commands, and the work of its
// reviewers. The demo, the benchmark and tests use it.
package rehearsal

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// withoutTLS is set by make test: encryption between Terraform and the provider is half the
// cost of a plan. In CI it stays on.
const withoutTLS = "TF_DISABLE_PLUGIN_TLS"

// Environ returns the environment of this process without the variables that configure
// Terraform, the provider or git, except for withoutTLS.
func Environ() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, withoutTLS) || !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "IDPLUS") && !strings.HasPrefix(variable, "GIT_") {
			kept = append(kept, variable)
		}
	}
	return append(kept, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
}

// Credentials returns the variables with which the provider finds a tenant and signs in.
func Credentials(server *simulator.Server, client simulator.OAuthClient) []string {
	return []string{
		"IDPLUS_ADMIN_API_URL=" + server.AdminAPIURL(),
		"IDPLUS_OAUTH_ISSUER_URL=" + server.IssuerURL(),
		"IDPLUS_OAUTH_CLIENT_ID=" + client.ClientID,
		"IDPLUS_OAUTH_PRIVATE_KEY=" + client.PrivateKeyJWK,
	}
}

// Git returns the variables with which git ignores the configuration of this machine.
func Git() []string {
	return []string{
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_AUTHOR_NAME=review", "GIT_AUTHOR_EMAIL=review@example.com",
		"GIT_COMMITTER_NAME=review", "GIT_COMMITTER_EMAIL=review@example.com",
	}
}

// Terraform returns the path of the Terraform or OpenTofu that make has chosen, or of the
// terraform on the PATH.
func Terraform() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return filepath.Abs(path)
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		return "", errors.New("there is no terraform on the PATH, and TF_ACC_TERRAFORM_PATH is not set: run this by its make target, as in make test, which finds or installs one")
	}
	return filepath.Abs(path)
}

// LinkTerraform links that Terraform or OpenTofu as terraform, the name that pipeline.sh
// calls, into a new folder, and returns a PATH that begins with this folder.
func LinkTerraform(binary, folder string) (path string, err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	if err := os.Symlink(binary, filepath.Join(folder, "terraform")); err != nil {
		return "", err
	}
	return "PATH=" + folder + string(os.PathListSeparator) + os.Getenv("PATH"), nil
}

// Program returns the path of the provider's program that terraform init installed in a folder.
func Program(folder string) (string, error) {
	installed, err := filepath.Glob(filepath.Join(folder, ".terraform/providers/*/idplus-community/idplus/*/*/terraform-provider-idplus_v*"))
	if err == nil && len(installed) != 1 {
		err = fmt.Errorf("terraform init installed %d providers in %s instead of one", len(installed), folder)
	}
	if err != nil {
		return "", err
	}
	return installed[0], nil
}

// NameReview writes the name of the current review where pipeline.sh and the configuration read it.
func NameReview(repository, name string) error {
	return os.WriteFile(filepath.Join(repository, "terraform.tfvars"), fmt.Appendf(nil, "review = %q\n", name), 0o600)
}
