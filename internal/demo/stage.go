// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// stage is where a scene plays. After the first failure it does nothing more.
type stage struct {
	ctx    context.Context
	server *simulator.Server
	// folder is a copy of the example, in a temporary folder with the mirror.
	temporary, folder string
	// binary is a Terraform or an OpenTofu, command its name in what is printed.
	binary, command, version string
	env                      []string

	failure error
	checks  int
}

func newStage(ctx context.Context) (*stage, error) {
	if _, err := os.Stat("examples/small-review/main.tf"); err != nil {
		return nil, errors.New("start it in the root of the checkout, with make demo")
	}
	binary, err := findTerraform()
	if err != nil {
		return nil, err
	}
	s := &stage{ctx: ctx, binary: binary, command: filepath.Base(binary)}
	version, err := exec.CommandContext(ctx, binary, "version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s version: %w", binary, err)
	}
	s.version = regexp.MustCompile(`(Terraform|OpenTofu) v\S+`).FindString(string(version))

	s.temporary, err = os.MkdirTemp("", "idplus-demo-")
	return s, err
}

// findTerraform takes the one that make has found or installed, else one on the
// PATH.
func findTerraform() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is neither terraform nor tofu on the PATH; make demo installs a Terraform")
}

// enter sets the stage for the example of that name: a copy of its folder, and
// the tenant that Terraform is to meet there.
func (s *stage) enter(example string, tenant *simulator.Tenant) {
	s.folder = filepath.Join(s.temporary, example)
	s.fail(os.RemoveAll(s.folder)) // Of an earlier scene.
	s.fail(os.CopyFS(s.folder, os.DirFS(filepath.Join("examples", example))))
	s.fail(s.startTenant(tenant))
}

func (s *stage) startTenant(tenant *simulator.Tenant) error {
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	if err != nil {
		return err
	}
	s.closeTenant()
	if s.server, err = simulator.Start(tenant); err != nil {
		return err
	}
	s.env = nil
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "IDPLUS_") {
			s.env = append(s.env, variable)
		}
	}
	s.env = append(s.env,
		"TF_CLI_CONFIG_FILE="+filepath.Join(s.temporary, "terraform.rc"),
		"TF_IN_AUTOMATION=1",
		"IDPLUS_ADMIN_API_URL="+s.server.AdminAPIURL(),
		"IDPLUS_OAUTH_ISSUER_URL="+s.server.IssuerURL(),
		"IDPLUS_OAUTH_CLIENT_ID="+client.ClientID,
		"IDPLUS_OAUTH_PRIVATE_KEY="+client.PrivateKeyJWK,
	)
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

func (s *stage) heading(title string) { fmt.Printf("\n=== %s ===\n", title) }

func (s *stage) say(text string) {
	if s.failure == nil {
		fmt.Printf("\n%s\n", text)
	}
}

// installProvider builds the provider into a filesystem mirror.
func (s *stage) installProvider() {
	if s.failure != nil {
		return
	}
	fmt.Print("\n$ go build\n")
	_, err := mirror.Build(s.ctx, ".", s.temporary)
	s.fail(err)
}

// terraform runs a command in the folder of the example.
func (s *stage) terraform(arguments ...string) outcome {
	return s.run(s.folder, s.binary, append(arguments, "-no-color")...)
}

func (s *stage) run(folder, program string, arguments ...string) outcome {
	if s.failure != nil {
		return outcome{s: s}
	}
	typed := append([]string{filepath.Base(program)}, arguments...)
	if last := len(typed) - 1; typed[last] == "-no-color" {
		typed = typed[:last]
	}
	fmt.Printf("\n$ %s\n", strings.ReplaceAll(strings.Join(typed, " "), s.temporary, "…"))
	command := exec.CommandContext(s.ctx, program, arguments...)
	command.Dir, command.Env = folder, s.env
	// A Terraform that is told to stop finishes what it has begun.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	var output bytes.Buffer
	printed := &abridged{to: os.Stdout}
	both := io.MultiWriter(&output, printed)
	command.Stdout, command.Stderr = both, both
	err := command.Run()
	printed.flush()
	if s.ctx.Err() != nil {
		s.fail(errors.New("interrupted"))
	}
	if command.ProcessState == nil {
		s.fail(err)
		return outcome{s: s}
	}
	return outcome{s, output.String(), command.ProcessState.ExitCode()}
}

// tenant does something in the tenant by hand, through the simulator's control
// surface.
func (s *stage) tenant(method, what string) outcome {
	if s.failure != nil {
		return outcome{s: s}
	}
	url := s.server.URL() + "/simulator/" + what
	fmt.Printf("\n$ curl -X %s %s\n", method, url)
	request, err := http.NewRequestWithContext(s.ctx, method, url, http.NoBody)
	if err != nil {
		s.fail(err)
		return outcome{s: s}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.fail(err)
		return outcome{s: s}
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	s.fail(err)
	printAbridged(string(body))
	if answer.StatusCode != http.StatusOK {
		s.fail(fmt.Errorf("%s answered %s", url, answer.Status))
	}
	return outcome{s, string(body), 0}
}

// outcome is what a command printed, and how it ended.
type outcome struct {
	s    *stage
	text string
	code int
}

func (o outcome) exits(code int) outcome {
	if o.s.failure == nil && o.code != code {
		o.s.fail(fmt.Errorf("the last command ended with exit code %d, expected was %d", o.code, code))
	}
	o.s.checks++
	return o
}

// says compares words, since Terraform breaks lines where it likes.
func (o outcome) says(texts ...string) {
	words := strings.Join(strings.Fields(o.text), " ")
	for _, text := range texts {
		if o.s.failure == nil && !strings.Contains(words, text) {
			o.s.fail(fmt.Errorf("the last command did not say %q", text))
		}
		o.s.checks++
	}
}
