// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The tests wait for the client's pace and not for a processor, so more of them run at once
// than go test would start.
func TestMain(m *testing.M) {
	if args := os.Getenv("DOCTOR_ARGS"); args != "" {
		os.Exit(Main("test", strings.Fields(args)))
	}
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == fmt.Sprint(runtime.GOMAXPROCS(0)) {
		_ = parallel.Value.Set(fmt.Sprint(4 * runtime.GOMAXPROCS(0))) // It is a number.
	}
	os.Exit(m.Run())
}

// bench is a simulated tenant, and the environment of a person with access to it.
type bench struct {
	t       *testing.T
	tenant  *simulator.Tenant
	server  *simulator.Server
	client  simulator.OAuthClient
	environ map[string]string
	// command has a test's changes to the command.
	command Command

	mu    sync.Mutex
	ahead time.Duration
}

// newBench starts a tenant with three pages of users, one of them marked.
func newBench(t *testing.T) *bench {
	t.Helper()
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedUsers(tenant, 70)
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	b := &bench{t: t, tenant: tenant, server: server}
	b.signInAs(simulator.OAuthOptions{KeyType: "EC"})
	return b
}

// signInAs creates an OAuth client and adds it to the environment.
func (b *bench) signInAs(options simulator.OAuthOptions) {
	b.t.Helper()
	client, err := b.tenant.CreateOAuthClient(options)
	must(b.t, err)
	b.client = client
	b.environ = map[string]string{
		"IDPLUS_ADMIN_API_URL":     b.server.AdminAPIURL(),
		"IDPLUS_OAUTH_ISSUER_URL":  b.server.IssuerURL(),
		"IDPLUS_OAUTH_CLIENT_ID":   client.ClientID,
		"IDPLUS_OAUTH_PRIVATE_KEY": client.PrivateKeyJWK,
	}
}

// run runs the command. Its waits take no time: they advance the clocks.
func (b *bench) run(args ...string) (stdout, stderr string, code int) {
	return b.runIn(b.t.Context(), args...)
}

func (b *bench) runIn(ctx context.Context, args ...string) (stdout, stderr string, code int) {
	b.t.Helper()
	var out, errs bytes.Buffer
	command := b.command
	command.samples = cmp.Or(command.samples, 1)
	command.Version, command.Stderr = "test", &errs
	if watch := command.Stdout; watch != nil {
		command.Stdout = io.MultiWriter(&out, watch)
	} else {
		command.Stdout = &out
	}
	if command.Stdin == nil {
		command.Stdin = strings.NewReader("")
	}
	for name, value := range b.environ {
		command.Environ = append(command.Environ, name+"="+value)
	}
	command.now = func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return time.Now().Add(b.ahead)
	}
	if command.wait == nil {
		command.wait = func(ctx context.Context, d time.Duration) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.ahead += d
			b.tenant.Advance(d)
			return context.Cause(ctx)
		}
	}
	code = command.Run(ctx, args)
	return out.String(), errs.String(), code
}

// answers returns the questions of a run in JSON, by id.
func (b *bench) answers(args ...string) (map[question]string, document) {
	b.t.Helper()
	stdout, _, _ := b.run(append([]string{"-json"}, args...)...)
	var d document
	must(b.t, json.Unmarshal([]byte(stdout), &d))
	answers := map[question]string{}
	for _, q := range d.Questions {
		answers[q.ID] = q.Answer
	}
	return answers, d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, got, want int, output string) {
	t.Helper()
	if got != want {
		t.Errorf("exit code %d, want %d:\n%s", got, want, output)
	}
}

func wantText(t *testing.T, output string, texts ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(output), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			t.Errorf("%q is not in the output:\n%s", text, output)
		}
	}
}

func without(environ map[string]string, names ...string) map[string]string {
	environ = maps.Clone(environ)
	for _, name := range names {
		delete(environ, name)
	}
	return environ
}
