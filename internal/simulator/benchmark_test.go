// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func BenchmarkAddUsers(b *testing.B) {
	for b.Loop() {
		crowd(100_000)
	}
}

func BenchmarkLookUpIn100000(b *testing.B) {
	serve := newServing(b, crowd(100_000))
	for i := 0; b.Loop(); i++ {
		serve("/v1/users/lookup", fmt.Sprintf(`{"email":%q}`, crowdAddress(i*7919%100_000)))
	}
}

func BenchmarkSearchPageOf10000(b *testing.B) {
	serve := newServing(b, crowd(10_000))
	for i := 0; b.Loop(); i++ {
		serve(fmt.Sprintf("/v2/users/search?pageSize=25&pageNumber=%d", i%400), `{"emailLike":"@Example.com"}`)
	}
}

// crowd returns a tenant of n users.
func crowd(n int) *simulator.Tenant {
	tenant := simulator.NewTenant()
	for i := range n {
		tenant.AddUser(simulator.User{Email: crowdAddress(i)})
	}
	return tenant
}

func crowdAddress(i int) string { return fmt.Sprintf("user%05d@example.com", i) }

// newServing returns a function that makes the tenant serve a request, without a network in
// between.
func newServing(b *testing.B, tenant *simulator.Tenant) func(path, body string) {
	b.Helper()
	handler, token := tenant.Handler(), tenant.IssueToken(time.Hour)
	return func(path, body string) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/AdminInterface/restapi"+path, strings.NewReader(body))
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
