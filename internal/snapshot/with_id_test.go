// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestAUserIsFoundByIDUnderAnyAddress(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		becomes           func(*run)
		address           string // of the user who is found
		known             bool
		searches, lookups int
	}{
		"renamed into another domain": {func(r *run) { must(r.t, r.tenant.Rename(adaEmail, "ada@example.org")) }, "ada@example.org", true, 3, 1},
		"renamed, and search shows no more than id and address": {func(r *run) {
			must(r.t, r.tenant.Rename(adaEmail, "ada@example.org"))
			r.tenant.BareSearch(true)
		}, "ada@example.org", true, 3, 1},
		"deleted":                       {func(r *run) { must(r.t, r.tenant.Delete(adaEmail)) }, "", true, 3, 0},
		"deleted, and search shows her": {func(r *run) { r.tenant.FreezeSearch(); must(r.t, r.tenant.Delete(adaEmail)) }, "", false, 3, 1},
		"renamed, and search shows the old address": {func(r *run) {
			r.tenant.FreezeSearch()
			must(r.t, r.tenant.Rename(adaEmail, "ada@example.org"))
		}, "", false, 3, 1},
		"renamed, and search shows no address": {func(r *run) {
			must(r.t, r.tenant.Rename(adaEmail, "ada@example.org"))
			r.tenant.OmitFromSearchFor("ada@example.org", "emailAddress")
		}, "", false, 3, 0},
		"hidden, as others are": {func(r *run) { r.tenant.HideFromSearch(adaEmail, benEmail); r.lookUpOne(benEmail) }, "", false, 3, 1},
		"search shows no user": {func(r *run) {
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(http.StatusOK, "application/json", `{"totalPages":0,"totalElements":0,"elements":[]}`)})
		}, "", false, 1, 0},
		"search is refused": {func(r *run) {
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "Forbidden.")})
		}, "", false, 1, 0},
		"search does not take the text": {func(r *run) {
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "Too short.")})
		}, "", false, 1, 0},
		"search lacks users": {func(r *run) { must(r.t, r.tenant.Delete(adaEmail)); r.tenant.SkipAtBorders(true) }, "", false, 6, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail, benEmail)
			r.add(emails("example.com", 60)...)
			ada := r.idOf(adaEmail)
			tc.becomes(r)
			for range 2 {
				user, known, err := r.WithID(t.Context(), ada)
				must(t, err)
				address := ""
				if user != nil {
					address = string(user.EmailAddress)
				}
				if address != tc.address || known != tc.known {
					t.Errorf("found %q, known %v; want %q, %v", address, known, tc.address, tc.known)
				}
			}
			r.wantRequests(tc.searches, tc.lookups)
		})
	}
	t.Run("not while the tenant is in trouble", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(adaEmail)
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusInternalServerError, "Oops.")})
		if _, _, err := r.WithID(t.Context(), "any"); err == nil {
			t.Error("no error")
		}
	})
}
