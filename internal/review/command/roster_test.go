// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

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
	for name, want := range map[string]string{
		titleName: "{\n  \"title\": \"Access review 2026-Q4\",\n  \"deadline\": \"\",\n  \"roster_max_age_days\": 60\n}\n",
		gitName:   "# git leaves line ends as they are: roster.json has the checksum of roster.csv.\n* -text\n",
	} {
		if o.files[name] != want {
			t.Errorf("%s is %s", name, o.files[name])
		}
	}
	for _, text := range []string{"300 users of " + w.server.AdminAPIURL(), w.path("decisions/local.csv") + " (71 users)", "set the deadline", "without an email address", "keep (as in the roster", "decision_for or the columns that show", "private repository"} {
		if !strings.Contains(strings.ReplaceAll(o.stdout, "\n", " "), text) {
			t.Errorf("%q is missing in\n%s", text, o.stdout)
		}
	}
	if searches, lookups := w.tenant.Count(simulator.KindSearch), w.tenant.Count(simulator.KindLookup); searches != 24 || lookups != 0 {
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

// Users without access are reviewed, too: their access may have to be restored.
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

func TestRosterHasTheRequestedScope(t *testing.T) {
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

// Wrong arguments and files are reported before a request is sent.
func TestRosterRefusesWrongArguments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"an unknown flag":          {[]string{"-output", "x"}, "flag provided but not defined: -output"},
		"a word too many":          {[]string{"reviews"}, `unknown argument "reviews"`},
		"no folder":                {[]string{"-out", ""}, "-out is missing"},
		"an empty -by":             {[]string{"-by", ""}, "-by is empty"},
		"a wildcard":               {[]string{"-email-contains", "*@example.com"}, "has a wildcard in it"},
		"an empty part":            {[]string{"-email-contains", ""}, "-email-contains is empty"},
		"an empty source":          {[]string{"-identity-source", " "}, "-identity-source is empty"},
		"no last review":           {[]string{"-previous", ""}, "pass the folder of the last review"},
		"a last review elsewhere":  {[]string{"-previous", "no/such"}, "the review of -previous cannot be read. "},
		"no time":                  {[]string{"-timeout", "0s"}, "-timeout must be a duration above zero"},
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

func TestRosterNamesTheExistingSources(t *testing.T) {
	t.Parallel()
	newWorld(t).roster("-identity-source", "Lokal\x1b[2J", "-identity-source", "Local").failed(exitUsage,
		`no user has the identity source "Lokal\x1b[2J". The identity sources are "Corporate AD", "Entra ID (SCIM)", "Local" and "Subsidiary LDAP"`)
}
