// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// buildFolder is where the provider is built when a test needs it; set by
// TestMain, which also removes it.
var buildFolder string

// builtProvider builds the provider as a program, which lives for one walk of Terraform as
// it does for users. Only that shows the request budgets.
var builtProvider = sync.OnceValue(func() error {
	return mirror.Program(context.Background(), "../..", filepath.Join(buildFolder, "terraform-provider-idplus"))
})

func TestMain(m *testing.M) {
	var err error
	if buildFolder, err = os.MkdirTemp("", "terraform-provider-idplus-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(buildFolder)
	os.Exit(code)
}

// workspace runs Terraform in a folder of its own.
type workspace struct {
	t      *testing.T
	tenant *testTenant
	dir    string
	env    []string
	// plans are those that were saved in this process, where that plays Terraform; nil:
	// the real one runs.
	plans map[string]*tinyPlan
}

// engineVariable says what runs the commands of newWorkspace: with "terraform" it is
// the real one, as in CI. By default it is its imitation in this process, which costs
// a twentieth. Both have to pass.
const engineVariable = "TF_ENGINE"

func isReal() bool { return os.Getenv(engineVariable) == "terraform" }

// newWorkspace is for tests that either engine can run.
func newWorkspace(t *testing.T, tenant *testTenant) *workspace {
	t.Helper()
	if isReal() {
		return newTerraformWorkspace(t, tenant)
	}
	return &workspace{t: t, tenant: tenant, dir: t.TempDir(), env: rehearsal.Environ(), plans: map[string]*tinyPlan{}}
}

// newWorkspaceFor is for a table in which some cases need the real Terraform.
func newWorkspaceFor(t *testing.T, tenant *testTenant, needsTerraform bool) *workspace {
	t.Helper()
	if needsTerraform {
		return newTerraformWorkspace(t, tenant)
	}
	return newWorkspace(t, tenant)
}

// newTerraformWorkspace always runs the real Terraform. It needs a configuration whose
// required_providers is left to it.
func newTerraformWorkspace(t *testing.T, tenant *testTenant) *workspace {
	t.Helper()
	must(t, builtProvider())
	w := &workspace{t: t, tenant: tenant, dir: t.TempDir()}
	w.write("terraform.rc", fmt.Sprintf(`
provider_installation {
  dev_overrides {
    "idplus-community/idplus" = %q
  }
  direct {}
}
disable_checkpoint = true
`, buildFolder))
	w.write("versions.tf", `
terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}
`)
	w.env = append(rehearsal.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "terraform.rc"))
	return w
}

func (w *workspace) write(name, content string) {
	w.t.Helper()
	must(w.t, os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600))
}

func (w *workspace) read(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.dir, name))
	must(w.t, err)
	return string(content)
}

// outcome is what a person sees of one command.
type outcome struct {
	t *testing.T
	// text has all white space as single blanks, since Terraform breaks lines
	// where it likes.
	text string
	code int
}

// terraform runs one command; the tenant's counts are those of this command.
func (w *workspace) terraform(arguments ...string) outcome {
	w.t.Helper()
	w.tenant.ResetCounts()
	if w.plans != nil {
		_, seen := w.inProcess(arguments...)
		return seen
	}
	command := exec.CommandContext(w.t.Context(), terraformPath(w.t), append(arguments, "-no-color")...)
	command.Dir, command.Env = w.dir, w.env
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil && command.ProcessState == nil {
		w.t.Fatal(err)
	}
	text := strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output.String())
	return outcome{w.t, strings.Join(strings.Fields(text), " "), command.ProcessState.ExitCode()}
}

func (o outcome) succeeds() outcome { o.t.Helper(); return o.exits(0) }

func (o outcome) fails() outcome { o.t.Helper(); return o.exits(1) }

func (o outcome) exits(code int) outcome {
	o.t.Helper()
	if o.code != code {
		o.t.Fatalf("exit code %d, want %d:\n%s", o.code, code, o.text)
	}
	return o
}

func (o outcome) says(texts ...string) outcome {
	o.t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.text, text) {
			o.t.Errorf("the output does not say %q:\n%s", text, o.text)
		}
	}
	return o
}

func (o outcome) saysNot(text string) outcome {
	o.t.Helper()
	if strings.Contains(o.text, text) {
		o.t.Errorf("the output says %q:\n%s", text, o.text)
	}
	return o
}

// sent asserts the requests of the last command.
func (w *workspace) sent(lookups, puts int) {
	w.t.Helper()
	w.sentWithSearch(0, lookups, puts)
}

func (w *workspace) sentWithSearch(searches, lookups, puts int) {
	w.t.Helper()
	w.tenant.wantRequests(w.t, map[simulator.Kind]int{simulator.KindSearch: searches, simulator.KindLookup: lookups, simulator.KindStatus: puts})
}

// terraformPath is the Terraform that the rest of the suite uses too.
func terraformPath(t *testing.T) string {
	t.Helper()
	path, err := rehearsal.Terraform()
	must(t, err)
	return path
}

// never is the version of what has no version with a feature.
const never = "99.0.0"

// versionLine asks the binary at hand, once, for its product and its number.
var versionLine = sync.OnceValues(func() ([]string, error) {
	path, err := rehearsal.Terraform()
	if err != nil {
		return nil, err
	}
	text, err := exec.Command(path, "version").Output()
	if err != nil {
		return nil, err
	}
	found := regexp.MustCompile(`(Terraform|OpenTofu) v([0-9.]+)`).FindStringSubmatch(string(text))
	if found == nil {
		return nil, fmt.Errorf("no version in %q", text)
	}
	return found[1:], nil
})

func terraformVersion(t *testing.T) (product string, number *version.Version) {
	t.Helper()
	line, err := versionLine()
	must(t, err)
	return line[0], version.Must(version.NewVersion(line[1]))
}

// needsVersion skips a test of a feature that the Terraform or OpenTofu at hand
// does not have yet.
func needsVersion(t *testing.T, feature, terraform, opentofu string) {
	t.Helper()
	product, number := terraformVersion(t)
	minimum := map[string]string{"Terraform": terraform, "OpenTofu": opentofu}[product]
	if number.LessThan(version.Must(version.NewVersion(minimum))) {
		t.Skipf("%s needs %s %s", feature, product, minimum)
	}
}
