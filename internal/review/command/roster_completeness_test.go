// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// If users come or go while pages are read, all pages are read again.
func TestRosterOfATenantThatChanges(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		move  func(*world)
		users int
	}{
		"a user joins":  {func(w *world) { w.tenant.AddUser(simulator.User{Email: "aaa@example.com"}) }, 301},
		"a user leaves": {func(w *world) { must(w.t, w.tenant.Delete("ada@example.com")) }, 299},
		"one joins, and another one leaves": {func(w *world) {
			must(w.t, w.tenant.Delete("ada@example.com"))
			w.tenant.AddUser(simulator.User{Email: "zzz@example.com"})
		}, 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.environ["IDPLUS_MAX_CONCURRENT_REQUESTS"] = "1"
			var once sync.Once
			w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool {
				if r.URL.Query().Get("pageNumber") == "7" {
					once.Do(func() { tc.move(w) })
				}
				return false
			}})
			read, manifest := w.roster().done()
			want, got := map[string]string{}, map[string]string{}
			for _, u := range w.tenant.Users() {
				want[u.ID] = u.Email
			}
			for _, e := range read.Entries {
				got[e.ID] = e.Email
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
			if manifest.Users != tc.users || manifest.TotalByAPI != tc.users {
				t.Errorf("%d users of %d, want %d", manifest.Users, manifest.TotalByAPI, tc.users)
			}
		})
	}
	t.Run("forever", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.environ["IDPLUS_MAX_CONCURRENT_REQUESTS"] = "1"
		n := 0
		var mu sync.Mutex
		w.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool {
			mu.Lock()
			defer mu.Unlock()
			if n++; r.URL.Query().Get("pageNumber") == "7" {
				must(t, w.tenant.Delete(w.tenant.Users()[0].Email))
				w.tenant.AddUser(simulator.User{Email: fmt.Sprintf("zzz%d@example.com", n)})
			}
			return false
		}})
		w.roster().failed(exitFailed, "users were added or deleted meanwhile: reading all of them again", "in each of 3 readings search showed other users", noFile)
	})
}

// A look-up decides which of several users is in the roster. The roster reports the
// others.
func TestRosterOfAddressesThatSeveralUsersHave(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*simulator.Tenant)
		args    []string
	}{
		"shown whole":             {},
		"shown whole, looked up":  {args: []string{"-lookup"}},
		"shown with nothing else": {prepare: func(tenant *simulator.Tenant) { tenant.BareSearch(true) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.tenant.AddUser(simulator.User{ID: "b-first", Email: "twin@example.com"})
			w.tenant.AddTwin(simulator.User{ID: "a-second", Email: "Twin@example.com", IdentitySource: "Local"})
			if tc.prepare != nil {
				tc.prepare(w.tenant)
			}
			o := w.roster(tc.args...)
			read, manifest := o.done()
			if len(manifest.Shared) != 1 || manifest.TotalByAPI != 302 || len(read.Entries) != 301 {
				t.Fatalf("%d users of %d, and %+v", len(read.Entries), manifest.TotalByAPI, manifest.Shared)
			}
			if diff := cmp.Diff([]string{"b-first", "a-second"}, manifest.Shared[0].IDs); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			found := ""
			for _, e := range read.Entries {
				if strings.EqualFold(e.Email, "twin@example.com") {
					found += e.ID
				}
			}
			if found != "b-first" {
				t.Errorf("in the roster is %q", found)
			}
			o.says("is the address of several users", "with the id b-first; not in it: a-second.")
		})
	}
}
