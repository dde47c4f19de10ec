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

// newRun makes a run in an empty tenant. Each request is sent once.
func newRun(t *testing.T) *run { return newRunWith(t, cloudadmin.DefaultMaxConcurrentRequests) }

func newRunWith(t *testing.T, concurrent int) *run {
	t.Helper()
	tenant := simulator.NewTenant()
	server, err := simulator.Start(tenant)
	must(t, err)
	t.Cleanup(server.Close)
	base, err := cloudadmin.ParseBaseURL(server.AdminAPIURL())
	must(t, err)
	client := cloudadmin.New(cloudadmin.Config{
		BaseURL: base, Credentials: cloudadmin.AccessToken(tenant.IssueToken(time.Hour)), MaxRetries: new(0),
		MaxConcurrentRequests: concurrent,
		// Not to start slowly.
		RequestsPerSecond: 10_000,
	})
	return &run{snapshot.NewReader(client.Users), t, tenant}
}

// emails are the first so many addresses of a domain, in the order of a search.
func emails(domain string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("user%04d@%s", i, domain)
	}
	return list
}

// add puts users into the tenant, and returns their addresses.
func (r *run) add(addresses ...string) []string {
	for _, address := range addresses {
		r.tenant.AddUser(simulator.User{Email: address})
	}
	return addresses
}

// read fails the test with the Read.
func (r *run) read(q snapshot.Question) snapshot.Users {
	r.t.Helper()
	found, err := r.Read(r.t.Context(), q)
	must(r.t, err)
	return found
}

// search is a read in which search is allowed and nothing doubted.
func (r *run) search(addresses ...string) snapshot.Users {
	r.t.Helper()
	return r.read(snapshot.Question{Emails: addresses, Search: true})
}

// wantRequests compares how many requests came since it was called last.
func (r *run) wantRequests(searches, lookups int) {
	r.t.Helper()
	want := fmt.Sprintf("%d searches, %d look-ups", searches, lookups)
	got := fmt.Sprintf("%d searches, %d look-ups", r.tenant.Count(simulator.KindSearch), r.tenant.Count(simulator.KindLookup))
	if got != want {
		r.t.Errorf("got %s, want %s", got, want)
	}
	r.tenant.ResetCounts()
}

// wantLookups compares who was looked up since the counts were reset.
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

// wantTruth compares an answer with what the tenant has.
func (r *run) wantTruth(found snapshot.Users, addresses ...string) {
	r.t.Helper()
	want := map[string]string{}
	for _, address := range addresses {
		want[strings.ToLower(address)] = "nobody"
		if user, exists := r.tenant.User(address); exists {
			want[strings.ToLower(address)] = fmt.Sprintf("%s %s %t %s", user.ID, user.Status, user.MarkDeleted, user.Email)
		}
	}
	got := map[string]string{}
	for key, user := range found {
		got[key] = "nobody"
		if user != nil {
			got[key] = fmt.Sprintf("%s %s %t %s", user.ID, user.Status, user.MarkDeleted, user.Email)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("users (-want +got):\n%s", diff)
	}
}

// idOf is the id of a user whom the tenant must have.
func (r *run) idOf(address string) string {
	r.t.Helper()
	user, ok := r.tenant.User(address)
	if !ok {
		r.t.Fatalf("the tenant has no user %s", address)
	}
	return user.ID
}

// onPage has something happen before a page is made, the first time that somebody
// asks for it.
func (r *run) onPage(number string, happens func()) {
	done := make(chan struct{}, 1)
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: func(request *http.Request, _ []byte) bool {
		if request.URL.Query().Get("pageNumber") != number {
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
