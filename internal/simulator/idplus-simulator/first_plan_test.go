// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// The printed lines are typed into a shell, with the real Terraform, as a newcomer does.
func TestFirstPlanAsPrinted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the lines are for a POSIX shell")
	}
	binary := terraformPath(t)
	// The name of the folder needs quoting in a shell.
	folder := filepath.Join(t.TempDir(), "it's a try")
	cliConfig, err := mirror.Build(t.Context(), "../../..", folder)
	must(t, err)
	p := start(t, "-cli-config", cliConfig, "-try", folder, "-terraform", binary, "-users", "40")
	newcomer := shell{t: t, lines: p.toType(2)}
	command := regexp.MustCompile(`^\S+`).FindString(newcomer.lines[1])

	if said, code := newcomer.types(); code != 0 || !strings.Contains(said, "2 of 39 users change") ||
		!strings.Contains(said, "elena@example.com: Disabled -> Enabled") || !strings.Contains(said, "farid@example.com: Enabled -> Disabled") {
		t.Fatalf("the lines as printed exit with %d:\n%s", code, said)
	}
	newcomer.lines = newcomer.lines[:1]
	if said, code := newcomer.types(command + " apply -auto-approve"); code != 0 {
		t.Fatalf("the apply exits with %d:\n%s", code, said)
	}
	if said, code := newcomer.types(command + " plan -detailed-exitcode"); code != 0 {
		t.Errorf("the plan after the apply is not empty, %d:\n%s", code, said)
	}
	if said, code := newcomer.types(command + " fmt -check -diff"); code != 0 {
		t.Errorf("main.tf is not formatted:\n%s", said)
	}
	users := get(t, p.url+"/simulator/users")
	if !regexp.MustCompile(`(?m)^elena@example\.com +Enabled`).MatchString(users) || !regexp.MustCompile(`(?m)^farid@example\.com +Disabled`).MatchString(users) {
		t.Errorf("the apply has not changed the users: %s", users)
	}
	p.end()

	// A second time, with a tenant without the changes of the apply.
	_, err = mirror.Build(t.Context(), "../../..", folder)
	must(t, err)
	p = start(t, "-cli-config", cliConfig, "-try", folder, "-terraform", binary)
	newcomer.lines = p.toType(2)
	if said, code := newcomer.types(); code != 0 || !strings.Contains(said, "2 of 14 users change") {
		t.Errorf("the second time exits with %d:\n%s", code, said)
	}
	p.end()
}

func terraformPath(t *testing.T) string {
	t.Helper()
	path, err := rehearsal.Terraform()
	must(t, err)
	return path
}

// shell is a shell into which lines are typed.
type shell struct {
	t     *testing.T
	lines []string
}

// types runs the shell's lines and more, and returns their output in one line of text.
func (s shell) types(more ...string) (said string, code int) {
	s.t.Helper()
	script := strings.Join(append(s.lines[:len(s.lines):len(s.lines)], more...), "\n")
	command := exec.CommandContext(s.t.Context(), "sh", "-e", "-c", script)
	// Credentials of another tenant, which must not be used.
	command.Env = append(rehearsal.Environ(), "TF_CLI_ARGS=-no-color", "IDPLUS_ACCESS_TOKEN=of another tenant", "IDPLUS_MAX_CHANGES=1")
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return string(output), command.ProcessState.ExitCode()
}

func TestCommandOfTerraform(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	program := filepath.Join(folder, "terraform-9")
	for name, c := range map[string]struct{ binary, command, folder string }{
		"none was named":    {"", "terraform", ""},
		"not on the PATH":   {program, "terraform-9", folder},
		"found on the PATH": {onThePath(t, "go"), "go", ""},
	} {
		command, folder, err := commandOf(c.binary)
		if err != nil || command != c.command || folder != c.folder {
			t.Errorf("%s: %q in %q, %v", name, command, folder, err)
		}
	}
}

func onThePath(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	must(t, err)
	return path
}

// An edited file is never lost, however often the program runs.
func TestEditedFilesAreKept(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "try")
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(folder, name))
		must(t, err)
		return string(content)
	}
	var banner string
	for _, users := range []string{"30", "15"} {
		banner = start(t, "-try", folder, "-users", users).end()
		if strings.Contains(banner, "edited") {
			t.Errorf("the review of another tenant is treated as an edited one: %s", banner)
		}
	}
	written := read("review.csv")
	for _, edit := range []string{"first", "second"} {
		must(t, os.WriteFile(filepath.Join(folder, "review.csv"), []byte(edit), 0o600))
		banner = start(t, "-try", folder).end()
	}
	if read("review.csv") != written || read("review.csv.1") != "first" || read("review.csv.2") != "second" {
		t.Error("an edited file is lost")
	}
	if want := "You had edited review.csv: it is kept as review.csv.2. To go on with it: mv review.csv.2 review.csv\n"; !strings.Contains(banner, want) || strings.Contains(banner, "main.tf") {
		t.Errorf("the banner does not mention it: %s", banner)
	}
}

// A folder that the program did not make keeps its state.
func TestForeignStateIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	state := filepath.Join(folder, "terraform.tfstate")
	must(t, os.WriteFile(state, []byte("{}"), 0o600))
	err := run(t.Context(), []string{"-listen", "127.0.0.1:0", "-try", folder}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), state+" already exists") {
		t.Errorf("the folder was accepted: %v", err)
	}
	if content, err := os.ReadFile(state); err != nil || string(content) != "{}" {
		t.Errorf("the state is lost: %q, %v", content, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "main.tf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was written to: %v", err)
	}
}

// The README shows the configuration that the program writes.
func TestConfigurationIsThatOfTheREADME(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	must(t, err)
	if !bytes.Contains(readme, []byte("```terraform\n"+string(firstConfiguration)+"```\n")) {
		t.Error("README.md does not have try/main.tf as it is")
	}
}
