// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const example = "../../../examples/access-review"

// mirrorFolder is where the provider is built when a test needs it.
var mirrorFolder string

func TestMain(m *testing.M) {
	var err error
	if mirrorFolder, err = os.MkdirTemp("", "idplus-pipeline-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(mirrorFolder)
	os.Exit(code)
}

var buildMirror = sync.OnceValues(func() (string, error) {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		return "", err
	}
	return mirror.Build(context.Background(), dir, mirrorFolder)
})

// repository is a copy of the example in git, with a tenant.
type repository struct {
	t      *testing.T
	tenant *simulator.Tenant
	// dir is the folder, review that of the current review in it.
	dir, review string
	env         []string
	users       []simulator.User
}

// backend is where the state of a repository is.
type backend struct {
	// file is one of the example's backends, or empty.
	file string
	env  []string
}

func newRepository(t *testing.T, state backend) *repository {
	t.Helper()
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s", program)
		}
	}
	config, err := buildMirror()
	must(t, err)
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedUsers(tenant, 47)
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	must(t, err)
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)

	r := &repository{t: t, tenant: tenant, dir: t.TempDir(), users: tenant.Users()}
	must(t, os.CopyFS(r.dir, os.DirFS(example)))
	must(t, os.RemoveAll(filepath.Join(r.dir, "reviews")))
	// pipeline.sh runs terraform, whatever program the suite uses.
	path, err := rehearsal.LinkTerraform(terraformPath(t), filepath.Join(t.TempDir(), "bin"))
	must(t, err)
	r.env = slices.Concat(rehearsal.Environ(), rehearsal.Credentials(server, client), rehearsal.Git(), []string{path, "TF_CLI_CONFIG_FILE=" + config})
	r.env = append(r.env, state.env...)
	if state.file != "" {
		content, err := os.ReadFile(filepath.Join(example, "backends", state.file))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(r.dir, "backend.tf"), content, 0o600))
	}
	r.git("init", "-q", "-b", "main")
	r.terraform("init", "-input=false").exits(0)
	r.commit("the configuration")
	return r
}

func terraformPath(t *testing.T) string {
	t.Helper()
	path, err := rehearsal.Terraform()
	must(t, err)
	return path
}

// outcome is what a command printed, and how it ended.
type outcome struct {
	t    *testing.T
	text string
	code int
}

func (r *repository) run(program string, arguments ...string) outcome {
	r.t.Helper()
	command := exec.CommandContext(r.t.Context(), program, arguments...)
	command.Dir, command.Env = r.dir, r.env
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil && command.ProcessState == nil {
		r.t.Fatal(err)
	}
	return outcome{r.t, output.String(), command.ProcessState.ExitCode()}
}

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

func (r *repository) terraform(arguments ...string) outcome {
	r.t.Helper()
	return r.run(terraformPath(r.t), append(arguments, "-no-color")...)
}

func (r *repository) git(arguments ...string) { r.t.Helper(); r.run("git", arguments...).exits(0) }

func (r *repository) commit(message string) {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
}

func (r *repository) pipeline(what string) outcome {
	r.t.Helper()
	return r.run("bash", "pipeline.sh", what)
}

// makeRoster makes a new review, with the program that terraform init has installed,
// and names it as the current one.
func (r *repository) makeRoster(name string) {
	r.t.Helper()
	program, err := rehearsal.Program(r.dir)
	must(r.t, err)
	r.run(program, "review", "roster", "-out", "reviews/"+name).exits(0)
	r.review = filepath.Join(r.dir, "reviews", name)
	must(r.t, rehearsal.NameReview(r.dir, name))
}

// enabled returns the address of the nth ordinary user who may sign in.
func (r *repository) enabled(n int) string {
	return r.nth(n, func(u simulator.User) bool {
		return u.Status == simulator.Enabled && !u.MarkDeleted && u.Email != "breakglass@example.com"
	})
}

func (r *repository) disabled(n int) string {
	return r.nth(n, func(u simulator.User) bool {
		return u.Status == simulator.Disabled && !u.MarkDeleted && !u.DisabledBySync
	})
}

func (r *repository) nth(n int, is func(simulator.User) bool) string {
	for _, u := range r.users {
		if is(u) {
			if n == 0 {
				return u.Email
			}
			n--
		}
	}
	r.t.Fatal("the tenant has too few users of the kind")
	return ""
}

// decide fills in the worksheets: these decisions, and keep for all others.
func (r *repository) decide(decisions map[string]rehearsal.Decision) {
	r.t.Helper()
	must(r.t, rehearsal.FillIn(r.review, func(row rehearsal.Row) {
		d, decided := decisions[row.Cell("email")]
		if !decided {
			d.Decision = review.Keep
		}
		row.Decide(d)
	}))
}

func (r *repository) read(name string) string {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, name))
	must(r.t, err)
	return string(content)
}

func (r *repository) keepsSaying(file string, texts ...string) {
	r.t.Helper()
	outcome{r.t, r.read("out/" + file), 0}.says(texts...)
}

func (r *repository) wantPUTs(want int) {
	r.t.Helper()
	if got := r.tenant.Count(simulator.KindStatus); got != want {
		r.t.Errorf("%d changes were sent, want %d", got, want)
	}
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
