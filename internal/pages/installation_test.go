// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// installation is a Terraform or OpenTofu that installs the provider from a mirror.
type installation struct {
	binary, cliConfig, product string
	version                    *version.Version
}

// mirrorFolder is where the provider is built when a test needs it.
var mirrorFolder string

func TestMain(m *testing.M) {
	var err error
	if mirrorFolder, err = os.MkdirTemp("", "idplus-pages-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(mirrorFolder)
	os.Exit(code)
}

var install = sync.OnceValues(func() (*installation, error) {
	binary, err := rehearsal.Terraform()
	if err != nil {
		return nil, err
	}
	i := &installation{binary: binary}
	command := exec.Command(binary, "version")
	command.Env = rehearsal.Environ()
	output, err := command.Output()
	if err != nil {
		return nil, err
	}
	found := regexp.MustCompile(`^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)`).FindStringSubmatch(string(output))
	if found == nil {
		return nil, fmt.Errorf("no version in %q", output)
	}
	i.product, i.version = found[1], version.Must(version.NewVersion(found[2]))
	checkout, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	i.cliConfig, err = mirror.Build(context.Background(), checkout, mirrorFolder)
	return i, err
})

func installed(t *testing.T) *installation {
	t.Helper()
	i, err := install()
	must(t, err)
	return i
}

// lacks returns what a configuration needs and this binary does not have, or an empty
// text.
func (i *installation) lacks(c *configuration) string {
	for _, need := range c.requirements() {
		minimum := need.terraform
		if i.product == "OpenTofu" {
			minimum = need.opentofu
		}
		if i.version.LessThan(version.Must(version.NewVersion(minimum))) {
			return fmt.Sprintf("%s needs %s %s", need.feature, i.product, minimum)
		}
	}
	return ""
}

// run runs Terraform in a folder, and returns what it prints.
func (i *installation) run(t *testing.T, folder string, env []string, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), i.binary, arguments...)
	command.Dir = folder
	command.Env = append(append(rehearsal.Environ(), "TF_INPUT=0", "TF_CLI_CONFIG_FILE="+i.cliConfig), env...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// tables are the CSV files for fragments that are not an example's own.
var tables = []string{"examples/small-review", "examples/functions/access_review"}

// lay writes a configuration and what it lacks into a new folder, with CSV files to read,
// and returns the variables that must be set.
func (c *configuration) lay(t *testing.T, folder string, all []*configuration) map[string]string {
	t.Helper()
	preamble, err := c.complete(all)
	must(t, err)
	must(t, os.MkdirAll(folder, 0o700))
	from := tables
	if path.Ext(c.file) != ".md" {
		from = append([]string{c.folder()}, tables...)
	}
	for _, example := range from {
		copyTables(t, filepath.Join(root, example), folder)
	}
	must(t, os.WriteFile(filepath.Join(folder, "main"+c.kind.ending()), []byte(c.text), 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "preamble.tf"), []byte(preamble.text), 0o600))
	variables := c.requiredVariables()
	maps.Copy(variables, preamble.requiredVariables())
	return variables
}

// copyTables copies the CSV files of an example, and the values of its variables, without
// replacing a file.
func copyTables(t *testing.T, from, to string) {
	t.Helper()
	files := os.DirFS(from)
	must(t, fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		target := filepath.Join(to, name)
		if ending := path.Ext(name); err != nil || ending != ".csv" && ending != ".tfvars" {
			return err
		}
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		content, err := fs.ReadFile(files, name)
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(target), 0o700))
		return os.WriteFile(target, content, 0o600)
	}))
}
