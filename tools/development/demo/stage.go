// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/console"
	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// stage is where a scene is played. After the first failure it does nothing more.
type stage struct {
	ctx   context.Context
	out   io.Writer
	color bool
	// said are the diagnostics that were printed since the stage was last entered.
	said map[string]bool

	users  *simulator.Tenant
	server *simulator.Server
	// folder is a copy of the example, in a temporary folder with the mirror.
	temporary, folder string
	// binary is a Terraform or an OpenTofu; path is a PATH that has it as terraform.
	binary, path, version string
	env                   []string
	// review is what the scenes of the access review share.
	review accessReview

	failure        error
	failureIsMeant bool
	checks         int
	// kept is whether there is evidence in keptFolder.
	kept bool
}

func newStage(ctx context.Context) (*stage, error) {
	if _, err := os.Stat("examples/small-review/main.tf"); err != nil {
		return nil, errors.New("start it in the root of the checkout, with make demo")
	}
	binary, err := rehearsal.Terraform()
	if err != nil {
		return nil, err
	}
	s := &stage{ctx: ctx, out: os.Stdout, color: console.HasColor(os.Stdout), binary: binary}
	version, err := exec.CommandContext(ctx, binary, "version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s version: %w", binary, err)
	}
	s.version = regexp.MustCompile(`(Terraform|OpenTofu) v\S+`).FindString(string(version))
	if s.temporary, err = os.MkdirTemp("", "idplus-demo-"); err != nil {
		return nil, err
	}
	s.path, err = rehearsal.LinkTerraform(binary, filepath.Join(s.temporary, "bin"))
	return s, err
}

// installProvider builds the provider into a filesystem mirror.
func (s *stage) installProvider() {
	s.say("The provider is built into a filesystem mirror, from which Terraform installs it as from the registry.")
	s.typed("go build")
	_, err := mirror.Build(s.ctx, ".", s.temporary)
	s.fail(err)
}

// enter sets the stage for an example: a copy of its folder, and the tenant for its Terraform.
func (s *stage) enter(example string, tenant *simulator.Tenant) {
	s.said = map[string]bool{}
	s.folder = filepath.Join(s.temporary, example)
	s.fail(os.RemoveAll(s.folder)) // From an earlier scene.
	s.fail(os.CopyFS(s.folder, os.DirFS(filepath.Join("examples", example))))
	s.fail(s.startTenant(tenant))
}

func (s *stage) startTenant(tenant *simulator.Tenant) error {
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	if err != nil {
		return err
	}
	s.closeTenant()
	s.users = tenant
	if s.server, err = simulator.Start(tenant); err != nil {
		return err
	}
	s.env = slices.Concat(rehearsal.Environ(), rehearsal.Credentials(s.server, client), rehearsal.Git(),
		[]string{s.path, "TF_CLI_CONFIG_FILE=" + filepath.Join(s.temporary, "terraform.rc")})
	return nil
}

func (s *stage) closeTenant() {
	if s.server != nil {
		s.server.Close()
		s.server = nil
	}
}

func (s *stage) clear() {
	s.closeTenant()
	s.fail(os.RemoveAll(s.temporary))
}

func (s *stage) fail(err error) {
	if s.failure == nil {
		s.failure = err
	}
}

// statuses checks the status of users in the tenant, and prints it with a reason for each.
func (s *stage) statuses(expected ...userStatus) {
	s.print("\nIn the tenant:\n")
	for _, e := range expected {
		user, found := s.users.User(e.email)
		if s.failure == nil && (!found || user.Status != e.status) {
			s.fail(fmt.Errorf("%s is %q in the tenant instead of %q", e.email, user.Status, e.status))
		}
		s.checks++
		s.print(fmt.Sprintf("  %-27s %-9s %s\n", e.email, e.status, e.why))
	}
}

// userStatus is the status that a user must have.
type userStatus struct{ email, status, why string }
