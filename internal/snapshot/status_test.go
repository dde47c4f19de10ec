// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

func (r *run) disable(address string) {
	r.t.Helper()
	must(r.t, r.SetStatus(r.t.Context(), r.idOf(address), cloudadmin.Disabled))
}

func TestSetStatusForgetsWhatSearchHasShown(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 60)...)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(3, 0)

	r.disable(all[40])
	r.wantTruth(r.search(all...), all...)
	r.wantLookups(all[40])
	r.wantRequests(0, 1)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(0, 0)
}

func TestSetStatusForgetsLookups(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := append(r.add(emails("example.com", 5)...), "nobody@example.com")
	q := snapshot.Question{Emails: all}
	r.wantTruth(r.read(q), all...)
	r.wantRequests(0, 6)
	for range 2 {
		r.disable(all[3])
		r.wantTruth(r.read(q), all...)
		r.wantLookups(all[3])
		r.wantRequests(0, 1)
	}
}

// An error does not say whether the change was made.
func TestSetStatusThatFails(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.search(all...)
	r.tenant.ResetCounts()
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, After: true, Respond: simulator.CutConnection})
	if err := r.SetStatus(t.Context(), r.idOf(all[3]), cloudadmin.Disabled); err == nil {
		t.Fatal("no error")
	}
	r.wantTruth(r.search(all...), all...)
	r.wantLookups(all[3])
	r.wantRequests(0, 1)
}

// A page or a look-up that was asked for before the change may tell either.
func TestSetStatusDuringARead(t *testing.T) {
	t.Parallel()
	t.Run("of pages", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		all := r.add(emails("example.com", 50)...)
		r.tenant.FreezeSearch()
		r.onPage("1", func() {
			r.disable(all[3]) // was on the page before
			r.disable(all[40])
		})
		r.wantTruth(r.search(all...), all...)
		r.wantLookups(all[3], all[40])
		r.wantRequests(2, 2)
	})
	t.Run("by look-ups", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(adaEmail)
		change := func() { r.disable(adaEmail) }
		before := `{"id":"` + r.idOf(adaEmail) + `","emailAddress":"` + adaEmail + `","userStatus":"Enabled","markDeleted":false}`
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1, Respond: func(w http.ResponseWriter, _ *http.Request) {
			change()
			_, _ = w.Write([]byte(before))
		}})
		q := snapshot.Question{Emails: []string{adaEmail}}
		r.read(q)
		r.wantRequests(0, 1)
		r.wantTruth(r.read(q), adaEmail)
		r.wantRequests(0, 1)
	})
}

func TestPagesThatAreReadAfterAChangeCount(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 50)...)
	r.disable(all[3])
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(2, 0)
}

// A change is of a user, and not of the address, which may lead to another by then.
func TestSetStatusOfAPredecessor(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	q := snapshot.Question{Emails: []string{adaEmail}}
	r.read(q)
	predecessor := r.idOf(adaEmail)
	r.disable(adaEmail)
	_, err := r.tenant.Reassign(adaEmail)
	must(t, err)
	r.wantRequests(0, 1)
	r.wantTruth(r.read(q), adaEmail)
	r.wantRequests(0, 1)
	if err := r.SetStatus(t.Context(), predecessor, cloudadmin.Enabled); !cloudadmin.IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
	r.wantTruth(r.read(q), adaEmail)
	r.wantRequests(0, 0)
}
