// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

func TestNobody(t *testing.T) {
	t.Parallel()
	deserted := func(*run) {}
	refused := func(r *run) {
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "No.")})
	}
	ten, many := emails("example.com", 10), emails("example.com", 300)
	for _, tc := range []struct {
		name              string
		prepare           func(*run)
		q                 snapshot.Question
		nobody            bool
		searches, lookups int
	}{
		{"ten", deserted, snapshot.Question{Emails: ten, Search: true, RefuseNobody: true}, true, 1, 10},
		{"ten, without search", deserted, snapshot.Question{Emails: ten, RefuseNobody: true}, true, 0, 10},
		{"nine", deserted, snapshot.Question{Emails: ten[:9], Search: true, RefuseNobody: true}, false, 1, 9},
		{"nine, without search", deserted, snapshot.Question{Emails: ten[:9], RefuseNobody: true}, false, 0, 9},
		{"a sample of many", deserted, snapshot.Question{Emails: many, Search: true, RefuseNobody: true}, true, 1, 10},
		{
			"a sample of two domains", deserted,
			snapshot.Question{Emails: slices.Concat(many, emails("example.net", 300)), Search: true, RefuseNobody: true},
			true, 2, 10,
		},
		{"many, without search", deserted, snapshot.Question{Emails: many, RefuseNobody: true}, true, 0, 300},
		{"many that may be nobody", deserted, snapshot.Question{Emails: many, Search: true}, false, 1, 300},
		// Where search has not looked or finds others, a sample tells too little.
		{"many, search refused", refused, snapshot.Question{Emails: many, Search: true, RefuseNobody: true}, true, 1, 300},
		{
			"many, among others", func(r *run) { r.add("zoe@example.com") },
			snapshot.Question{Emails: many, Search: true, RefuseNobody: true}, true, 1, 300,
		},
		{
			"many, others in another domain", func(r *run) { r.add("zoe@example.net") },
			snapshot.Question{Emails: slices.Concat(many, emails("example.net", 2)), Search: true, RefuseNobody: true},
			true, 2, 302,
		},
		{
			"each alone in its domain", deserted,
			snapshot.Question{Emails: []string{"a@1", "a@2", "a@3", "a@4", "a@5", "a@6", "a@7", "a@8", "a@9", "a@10", "a@11", "a@12"}, Search: true, RefuseNobody: true},
			true, 0, 12,
		},
		{
			"one alone beside many", deserted,
			snapshot.Question{Emails: slices.Concat(many, []string{"zoe@example.net"}), Search: true, RefuseNobody: true},
			true, 1, 11,
		},
		{
			"somebody alone beside many", func(r *run) { r.add("zoe@example.net") },
			snapshot.Question{Emails: slices.Concat(many, []string{"zoe@example.net"}), Search: true, RefuseNobody: true},
			false, 1, 301,
		},
		{
			"the sample finds whom search does not", func(r *run) { r.add(many[30]); r.tenant.HideFromSearch(many[30]) },
			snapshot.Question{Emails: many, Search: true, RefuseNobody: true}, false, 1, 300,
		},
		{
			"one of many", func(r *run) { r.add(many[200]) },
			snapshot.Question{Emails: many, Search: true, RefuseNobody: true}, false, 1, 299,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			tc.prepare(r)
			for range 2 { // The second Read of a run answers alike.
				found, err := r.Read(t.Context(), tc.q)
				switch {
				case tc.nobody:
					if !errors.Is(err, snapshot.ErrNobody) || found != nil {
						t.Errorf("got %v, %v; want %v", found, err, snapshot.ErrNobody)
					}
				case err != nil:
					t.Error(err)
				default:
					r.wantTruth(found, tc.q.Emails...)
				}
				r.wantRequests(tc.searches, tc.lookups)
				tc.searches, tc.lookups = 0, 0
			}
		})
	}
}

// A sample does not outweigh what the run has found out before.
func TestNobodyButWhomALookupHasFound(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := emails("example.com", 30)
	r.add(all[29])
	r.tenant.HideFromSearch(all[29])
	r.search(all[29])
	r.wantRequests(0, 1)
	r.wantTruth(r.read(snapshot.Question{Emails: all, Search: true, RefuseNobody: true}), all...)
	r.wantRequests(1, 29)
}
