// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

const (
	adaEmail = "ada@example.com"
	benEmail = "ben@example.com"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run is one run of a reader against a simulated tenant.
type run struct {
	*snapshot.Reader
	t      *testing.T
	tenant *simulator.Tenant
}

// newRun starts a run in an empty tenant. Each request is sent once.
func newRun(t *testing.T) *run { return newRunWith(t, cloudadmin.DefaultMaxConcurrentRequests) }

func newRunWith(t *testing.T, concurrent int) *run {
	t.Helper()
	tenant := simulator.NewTenant()
	return &run{newReader(t, tenant, concurrent), t, tenant}
}

// nextRun starts another run in the same tenant, which knows nothing yet.
func (r *run) nextRun() *run {
	r.t.Helper()
	r.tenant.ResetCounts()
	return &run{newReader(r.t, r.tenant, cloudadmin.DefaultMaxConcurrentRequests), r.t, r.tenant}
}

func newReader(t *testing.T, tenant *simulator.Tenant, concurrent int) *snapshot.Reader {
	t.Helper()
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	base, err := cloudadmin.ParseBaseURL(server.AdminAPIURL())
	must(t, err)
	client := cloudadmin.New(cloudadmin.Config{
		BaseURL: base, Credentials: cloudadmin.AccessToken(tenant.IssueToken(time.Hour)), MaxRetries: new(0),
		MaxConcurrentRequests: concurrent,
		// So that requests do not wait for a turn.
		RequestsPerSecond: 10_000,
	})
	return snapshot.NewReader(client.Users)
}

// emails returns the first n addresses of a domain, in the order of a search.
func emails(domain string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("user%04d@%s", i, domain)
	}
	return list
}

// add adds users to the tenant, and returns their addresses.
func (r *run) add(addresses ...string) []string {
	for _, address := range addresses {
		r.tenant.AddUser(simulator.User{Email: address})
	}
	return addresses
}

// found is what a Find returns.
type found = map[string]snapshot.Found

var (
	withSearch    = snapshot.Options{Search: true}
	withoutSearch = snapshot.Options{}
	unsynced      = snapshot.Options{Unsynced: true}
)

// byEmail returns the addresses to find.
func byEmail(emails ...string) []cloudadmin.Address {
	who := make([]cloudadmin.Address, len(emails))
	for i, email := range emails {
		who[i] = cloudadmin.Email(email)
	}
	return who
}

func keyOf(email string) string { return cloudadmin.Email(email).Key() }

// find calls Find, and fails the test if it fails.
func (r *run) find(o snapshot.Options, addresses ...string) found {
	r.t.Helper()
	users, err := r.Find(r.t.Context(), byEmail(addresses...), o)
	must(r.t, err)
	return users
}

// search calls Find with search.
func (r *run) search(addresses ...string) found {
	r.t.Helper()
	return r.find(withSearch, addresses...)
}

// lookUp calls Find without search.
func (r *run) lookUp(addresses ...string) found {
	r.t.Helper()
	return r.find(withoutSearch, addresses...)
}

// lookUpOne calls Lookup, and fails the test if it fails.
func (r *run) lookUpOne(address string) snapshot.Found {
	r.t.Helper()
	one, err := r.Lookup(r.t.Context(), cloudadmin.Email(address), withoutSearch)
	must(r.t, err)
	return one
}

// wantRequests compares the number of requests since its last call.
func (r *run) wantRequests(searches, lookups int) {
	r.t.Helper()
	want := fmt.Sprintf("%d searches, %d look-ups", searches, lookups)
	got := fmt.Sprintf("%d searches, %d look-ups", r.tenant.Count(simulator.KindSearch), r.tenant.Count(simulator.KindLookup))
	if got != want {
		r.t.Errorf("got %s, want %s", got, want)
	}
	r.tenant.ResetCounts()
}

// wantLookups compares which users were looked up since the counts were reset.
func (r *run) wantLookups(addresses ...string) {
	r.t.Helper()
	got := []string{}
	for _, request := range r.tenant.Requests() {
		if request.Kind == simulator.KindLookup {
			got = append(got, request.Address)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(addresses)), got); diff != "" {
		r.t.Errorf("look-ups (-want +got):\n%s", diff)
	}
}

// wantTruth compares a result with the tenant.
func (r *run) wantTruth(users found, addresses ...string) {
	r.t.Helper()
	want := map[string]string{}
	for _, address := range addresses {
		want[keyOf(address)] = "nobody"
		if user, exists := r.tenant.User(address); exists {
			want[keyOf(address)] = fmt.Sprintf("%s %s %t %s", user.ID, user.Status, user.MarkDeleted, user.Email)
		}
	}
	got := map[string]string{}
	for key, one := range users {
		got[key] = "nobody"
		if user := one.User; user != nil {
			got[key] = fmt.Sprintf("%s %s %t %s", user.ID, user.UserStatus, user.MarkDeleted.IsTrue(), user.EmailAddress)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("users (-want +got):\n%s", diff)
	}
}

// idOf returns the id of a user in the tenant.
func (r *run) idOf(address string) string {
	r.t.Helper()
	user, ok := r.tenant.User(address)
	if !ok {
		r.t.Fatalf("the tenant has no user %s", address)
	}
	return user.ID
}

// onPage calls a function before a page is made, the first time it is requested.
func (r *run) onPage(number string, happens func()) {
	r.on(simulator.KindSearch, ofPage(number), happens)
}

// onLookup calls a function before the first look-up of an address is answered.
func (r *run) onLookup(address string, happens func()) {
	r.on(simulator.KindLookup, about(address), happens)
}

func (r *run) on(kind simulator.Kind, match func(*http.Request, []byte) bool, happens func()) {
	done := make(chan struct{}, 1)
	r.tenant.Inject(simulator.Fault{Kind: kind, Match: func(request *http.Request, body []byte) bool {
		if !match(request, body) {
			return false
		}
		select {
		case done <- struct{}{}:
			happens()
		default:
		}
		return false
	}})
}

// ofPage matches the requests for one page of a search.
func ofPage(number string) func(*http.Request, []byte) bool {
	return func(request *http.Request, _ []byte) bool { return request.URL.Query().Get("pageNumber") == number }
}

// untilClientGoes cancels the client's context, and never answers.
func untilClientGoes(cancel context.CancelCauseFunc, cause error) http.HandlerFunc {
	return func(_ http.ResponseWriter, request *http.Request) {
		cancel(cause)
		<-request.Context().Done()
	}
}

// about matches the look-ups of one address.
func about(address string) func(*http.Request, []byte) bool {
	return func(_ *http.Request, body []byte) bool { return strings.Contains(string(body), `"`+address+`"`) }
}
