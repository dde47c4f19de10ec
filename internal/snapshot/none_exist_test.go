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

func TestNoUserOfManyExists(t *testing.T) {
	t.Parallel()
	deserted := func(*run) {}
	refused := func(r *run) {
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(http.StatusForbidden, "No.")})
	}
	refuse := snapshot.Options{Search: true, FailIfNoneExist: true}
	refuseWithoutSearch := snapshot.Options{FailIfNoneExist: true}
	ten, many := emails("example.com", 10), emails("example.com", 300)
	for _, tc := range []struct {
		name              string
		prepare           func(*run)
		emails            []string
		options           snapshot.Options
		noneExist         bool
		searches, lookups int
	}{
		{"ten", deserted, ten, refuse, true, 1, 10},
		{"ten, without search", deserted, ten, refuseWithoutSearch, false, 0, 10},
		{"nine", deserted, ten[:9], refuse, false, 1, 9},
		{"nine, without search", deserted, ten[:9], refuseWithoutSearch, false, 0, 9},
		{"a sample of many", deserted, many, refuse, true, 1, 10},
		{
			"a sample of two domains", deserted,
			slices.Concat(many, emails("example.net", 300)), refuse,
			true, 2, 10,
		},
		{"many, without search", deserted, many, refuseWithoutSearch, false, 0, 300},
		{"many that may not exist", deserted, many, withSearch, false, 1, 300},
		// If search was not used or finds others, a sample proves too little.
		{"many, search refused", refused, many, refuse, false, 1, 300},
		{
			"many, among others", func(r *run) { r.add("zoe@example.com") },
			many, refuse, false, 1, 300,
		},
		{
			"many, others in another domain", func(r *run) { r.add("zoe@example.net") },
			slices.Concat(many, emails("example.net", 2)), refuse,
			false, 2, 302,
		},
		{
			"each alone in its domain", deserted,
			[]string{"a@1", "a@2", "a@3", "a@4", "a@5", "a@6", "a@7", "a@8", "a@9", "a@10", "a@11", "a@12"}, refuse,
			false, 0, 12,
		},
		{
			"one alone beside many", deserted,
			slices.Concat(many, []string{"zoe@example.net"}), refuse,
			true, 1, 11,
		},
		{
			"one existing user beside many", func(r *run) { r.add("zoe@example.net") },
			slices.Concat(many, []string{"zoe@example.net"}), refuse,
			false, 1, 301,
		},
		{
			"the sample finds a user that search does not", func(r *run) { r.add(many[30]); r.tenant.HideFromSearch(many[30]) },
			many, refuse, false, 1, 300,
		},
		{
			"one of many", func(r *run) { r.add(many[200]) },
			many, refuse, false, 1, 299,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			tc.prepare(r)
			for range 2 { // The second Find of a run gives the same result.
				users, err := r.Find(t.Context(), byEmail(tc.emails...), tc.options)
				switch {
				case tc.noneExist:
					if !errors.Is(err, snapshot.ErrNoneExist) || users != nil {
						t.Errorf("got %d users, %v; want %v", len(users), err, snapshot.ErrNoneExist)
					}
				case err != nil:
					t.Error(err)
				default:
					r.wantTruth(users, tc.emails...)
				}
				r.wantRequests(tc.searches, tc.lookups)
				tc.searches, tc.lookups = 0, 0
			}
		})
	}
}

// A sample does not outweigh what the run has found before.
func TestNoUserExistsExceptOneFoundByALookup(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := emails("example.com", 30)
	r.add(all[29])
	r.tenant.HideFromSearch(all[29])
	r.search(all[29])
	r.wantRequests(0, 1)
	r.wantTruth(r.find(snapshot.Options{Search: true, FailIfNoneExist: true}, all...), all...)
	r.wantRequests(1, 29)
}
