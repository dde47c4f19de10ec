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
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a simulated tenant, the environment of somebody who may read it, and a folder
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
	command := Roster{Version: "test", Getenv: func(name string) string { return w.environ[name] }, Stdout: &stdout, Stderr: &stderr}
	code := command.Run(ctx, append([]string{"-out", w.path("")}, args...))
	return outcome{w.t, stdout.String(), stderr.String(), code, w.files()}
}

func (w *world) files() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(w.path(""), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(w.path(""), path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		must(w.t, err)
	}
	return files
}

// done checks that the run has written a whole review, and returns it.
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

// failed checks that nothing is written, and that each text is said.
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

func TestRosterWritesAWholeReview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.roster()
	read, manifest := o.done()
	if len(read.Entries) != 300 || o.stderr != "" {
		t.Errorf("%d users, and %s", len(read.Entries), o.stderr)
	}
	want := &review.Manifest{
		Format: 1, Tenant: w.server.AdminAPIURL(), ReadAt: manifest.ReadAt, Scope: review.Scope{EmailContains: "@", IdentitySources: []string{}},
		TotalByAPI: 300, Users: 300, SHA256: manifest.SHA256, ProviderVersion: "test", Shared: []review.SharedAddress{},
	}
	if diff := cmp.Diff(want, manifest); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"corporate-ad.csv", "entra-id-scim.csv", "local.csv", "subsidiary-ldap.csv"}, o.sheets()); diff != "" {
		t.Errorf("worksheets (-want +got):\n%s", diff)
	}
	if o.files[titleName] != "{\n  \"title\": \"Access review 2026-Q4\"\n}\n" {
		t.Errorf("%s is %s", titleName, o.files[titleName])
	}
	for _, text := range []string{"300 users of " + w.server.AdminAPIURL(), w.path("decisions/local.csv") + " (71 users)", "keep, remove", "private repository"} {
		if !strings.Contains(strings.ReplaceAll(o.stdout, "keep (as in the\nroster; it never enables), remove", "keep, remove"), text) {
			t.Errorf("%q is missing in\n%s", text, o.stdout)
		}
	}
	if searches, lookups := w.tenant.Count(simulator.KindSearch), w.tenant.Count(simulator.KindLookup); searches != 12 || lookups != 0 {
		t.Errorf("%d searches and %d look-ups", searches, lookups)
	}
	if strings.Contains(o.stdout, "Ada Example") {
		t.Error("a name is printed")
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, want := range map[string]fs.FileMode{"": 0o700, sheetsName: 0o700, rosterName: 0o600, manifestName: 0o600, "decisions/local.csv": 0o600} {
		info, err := os.Stat(w.path(name))
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%q has the permissions %o, want %o", name, got, want)
		}
	}
}

// Whoever has no access is reviewed as well: it may have to be restored.
func TestRosterHasUsersWithoutAccess(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.tenant.AddUser(simulator.User{ID: "1", Email: "zoe@example.com", FirstName: "Zoë", LastName: "=1+1", HighRisk: true, Status: "Disabled", MonthLastAuthenticated: "Jun 2026"})
	w.tenant.AddUser(simulator.User{ID: "2", Email: "Ada@example.com", MarkDeleted: true, Status: "Enabled"})
	w.tenant.AddUser(simulator.User{ID: "3", Email: "ben@example.com", DisabledBySync: true})
	read, _ := w.roster().done()
	var got []string
	for _, e := range read.Entries {
		u := e.User
		got = append(got, strings.Join([]string{u.ID, u.Email, u.Name, string(u.Status), u.IdentitySource, u.LastSignedIn}, "|"))
		if u.HighRisk != (u.ID == "1") || u.PendingDeletion != (u.ID == "2") {
			t.Errorf("%+v", u)
		}
	}
	want := []string{"2|Ada@example.com|Ada Example|Enabled|Corporate AD|", "3|ben@example.com|Ben Example|Disabled|Corporate AD|", "1|zoe@example.com|Zoë =1+1|Disabled|Corporate AD|Jun 2026"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func TestRosterIsAsWideAsAskedFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args         []string
		users, total int
		sources      []string
		sheets       int
		lookups      int
	}{
		"a part of the address": {args: []string{"-email-contains", "@partner.example"}, users: 71, total: 71, sources: []string{}, sheets: 1},
		"two identity sources":  {args: []string{"-identity-source", "Local", "-identity-source=Subsidiary LDAP"}, users: 143, total: 300, sources: []string{"Local", "Subsidiary LDAP"}, sheets: 2},
		"one of them twice":     {args: []string{"-identity-source", "Local", "-identity-source", "Local"}, users: 71, total: 300, sources: []string{"Local"}, sheets: 1},
		"a look-up of each":     {args: []string{"-lookup", "-by", "identity_source"}, users: 300, total: 300, sources: []string{}, sheets: 4, lookups: 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.roster(tc.args...)
			_, manifest := o.done()
			if manifest.Users != tc.users || manifest.TotalByAPI != tc.total || len(o.sheets()) != tc.sheets || w.tenant.Count(simulator.KindLookup) != tc.lookups {
				t.Errorf("%d of %d users, %d worksheets, %d look-ups", manifest.Users, manifest.TotalByAPI, len(o.sheets()), w.tenant.Count(simulator.KindLookup))
			}
			if diff := cmp.Diff(tc.sources, manifest.Scope.IdentitySources); diff != "" {
				t.Errorf("sources (-want +got):\n%s", diff)
			}
		})
	}
}

// What is wrong with arguments and files is said before the tenant is asked.
func TestRosterRefusesWrongArguments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"an unknown flag":          {[]string{"-output", "x"}, "flag provided but not defined: -output"},
		"a word too many":          {[]string{"reviews"}, `argument "reviews" is not known`},
		"no folder":                {[]string{"-out", ""}, "-out is missing"},
		"an empty -by":             {[]string{"-by", ""}, "-by is empty"},
		"a wildcard":               {[]string{"-email-contains", "*@example.com"}, "has a wildcard in it"},
		"an empty part":            {[]string{"-email-contains", ""}, "-email-contains is empty"},
		"an empty source":          {[]string{"-identity-source", " "}, "-identity-source is empty"},
		"no time":                  {[]string{"-timeout", "0s"}, "-timeout is a duration above zero"},
		"a file that is not there": {[]string{"-by", "no/such.csv"}, "the file of -by cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.roster(tc.args...).failed(exitUsage, tc.says)
			if n := len(w.tenant.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
	o := newWorld(t).roster("-help")
	if o.code != exitDone || o.stdout != rosterHelp || o.stderr != "" {
		t.Errorf("-help: %+v", o)
	}
}

func TestRosterNamesTheSourcesThatThereAre(t *testing.T) {
	t.Parallel()
	newWorld(t).roster("-identity-source", "Lokal\x1b[2J", "-identity-source", "Local").failed(exitUsage,
		`no user has the identity source "Lokal\x1b[2J". The identity sources are "Corporate AD", "Entra ID (SCIM)", "Local" and "Subsidiary LDAP"`)
}
