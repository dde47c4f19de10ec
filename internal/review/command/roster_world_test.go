// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a simulated tenant, the environment of a person who may read it, and a folder
// for reviews.
type world struct {
	t       *testing.T
	tenant  *simulator.Tenant
	server  *simulator.Server
	environ map[string]string
	folder  string
}

// newWorld starts a tenant of 300 users in four identity sources.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t)
	simulator.SeedExample(w.tenant)
	simulator.SeedUsers(w.tenant, 300-simulator.ExampleUsers)
	return w
}

func emptyWorld(t *testing.T) *world {
	t.Helper()
	tenant := simulator.NewTenant()
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	w := &world{t: t, tenant: tenant, server: server, folder: t.TempDir()}
	w.signInAs(simulator.OAuthOptions{KeyType: "EC"})
	return w
}

func (w *world) signInAs(options simulator.OAuthOptions) {
	w.t.Helper()
	client, err := w.tenant.CreateOAuthClient(options)
	must(w.t, err)
	w.environ = map[string]string{
		"IDPLUS_ADMIN_API_URL":     w.server.AdminAPIURL(),
		"IDPLUS_OAUTH_ISSUER_URL":  w.server.IssuerURL(),
		"IDPLUS_OAUTH_CLIENT_ID":   client.ClientID,
		"IDPLUS_OAUTH_PRIVATE_KEY": client.PrivateKeyJWK,
	}
}

func (w *world) path(name string) string {
	return filepath.Join(w.folder, "2026-Q4", filepath.FromSlash(name))
}

// write writes a file beside the folder of the review.
func (w *world) write(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.folder, name)
	must(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(w.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// outcome is what a run printed and wrote.
type outcome struct {
	t              *testing.T
	stdout, stderr string
	code           int
	// files are the files of the review, by name.
	files map[string]string
}

func (w *world) roster(args ...string) outcome { return w.rosterIn(w.t.Context(), args...) }

func (w *world) rosterIn(ctx context.Context, args ...string) outcome {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	start := time.Now() // The clock stops here, so that a slow machine prints no progress.
	command := Roster{
		Version: "test", Getenv: func(name string) string { return w.environ[name] }, Stdout: &stdout, Stderr: &stderr,
		now: func() time.Time { return start },
	}
	code := command.Run(ctx, append([]string{"-out", w.path("")}, args...))
	return outcome{w.t, stdout.String(), stderr.String(), code, w.files()}
}

func (w *world) files() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	folder := os.DirFS(w.path(""))
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		files[name] = string(text)
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		must(w.t, err)
	}
	return files
}

// done checks that the run has written a complete review, and returns it.
func (o outcome) done() (*review.Review, *review.Manifest) {
	o.t.Helper()
	if o.code != exitDone {
		o.t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	manifest, err := review.ReadManifest([]byte(o.files[manifestName]))
	must(o.t, err)
	if manifest.SHA256 != review.SumOf(o.files[rosterName]) {
		o.t.Error("the sum in the manifest is not that of the roster")
	}
	var sheets []review.File
	for name, text := range o.files {
		if strings.HasPrefix(name, sheetsName+"/") {
			sheets = append(sheets, review.File{Name: name, Text: text})
		}
	}
	read, err := review.Read(review.File{Name: rosterName, Text: o.files[rosterName]}, sheets, time.Now())
	must(o.t, err)
	if manifest.Users != len(read.Entries) {
		o.t.Errorf("%d users in the roster, %d by the manifest", len(read.Entries), manifest.Users)
	}
	return read, manifest
}

// failed checks that nothing is written, and that each text is printed.
func (o outcome) failed(code int, says ...string) {
	o.t.Helper()
	if o.code != code || len(o.files) > 0 || o.stdout != "" {
		o.t.Errorf("exit code %d, want %d, and %d files:\n%s", o.code, code, len(o.files), o.stdout)
	}
	o.says(says...)
}

func (o outcome) says(texts ...string) {
	o.t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.stderr, text) {
			o.t.Errorf("%q is missing in\n%s", text, o.stderr)
		}
	}
}

func (o outcome) sheets() []string {
	var names []string
	for name := range o.files {
		if sheet, is := strings.CutPrefix(name, sheetsName+"/"); is {
			names = append(names, sheet)
		}
	}
	slices.Sort(names)
	return names
}
