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
	r.wantTruth(r.lookUp(all...), all...)
	r.wantRequests(0, 6)
	for range 2 {
		r.disable(all[3])
		r.wantTruth(r.lookUp(all...), all...)
		r.wantLookups(all[3])
		r.wantRequests(0, 1)
	}
}

// An error does not show whether the change was made.
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

// A page or a look-up requested before the change may show the user before or after it.
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
		r.lookUp(adaEmail)
		r.wantRequests(0, 1)
		r.wantTruth(r.lookUp(adaEmail), adaEmail)
		r.wantRequests(0, 1)
	})
}

// Except for the user who was changed, because search may lag.
func TestPagesThatAreReadAfterAChangeCount(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 50)...)
	r.tenant.FreezeSearch()
	r.disable(all[3])
	r.wantTruth(r.search(all...), all...)
	r.wantLookups(all[3])
	r.wantRequests(2, 1)
}

// A change is about a user, and not about the address, which may lead to another user by then.
func TestSetStatusOfAPredecessor(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	r.lookUp(adaEmail)
	predecessor := r.idOf(adaEmail)
	r.disable(adaEmail)
	_, err := r.tenant.Reassign(adaEmail)
	must(t, err)
	r.wantRequests(0, 1)
	r.wantTruth(r.lookUp(adaEmail), adaEmail)
	r.wantRequests(0, 1)
	if err := r.SetStatus(t.Context(), predecessor, cloudadmin.Enabled); !cloudadmin.IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
	r.wantTruth(r.lookUp(adaEmail), adaEmail)
	r.wantRequests(0, 0)
}

func TestEveryChangeForgetsTheUser(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *run, id string) error{
		"status": func(r *run, id string) error { return r.SetStatus(r.t.Context(), id, cloudadmin.Disabled) },
		"mark":   func(r *run, id string) error { return r.MarkDeleted(r.t.Context(), id, true) },
		"synchronization": func(r *run, id string) error {
			_, err := r.Synchronize(r.t.Context(), id)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail, benEmail)
			must(t, r.tenant.SetStatus(adaEmail, simulator.Disabled))
			must(t, r.tenant.LeaveDirectory(benEmail))
			r.lookUp(adaEmail, benEmail)
			r.wantRequests(0, 2)
			must(t, change(r, r.idOf(adaEmail)))
			r.wantTruth(r.lookUp(adaEmail, benEmail), adaEmail, benEmail)
			r.wantLookups(adaEmail)
			r.wantRequests(0, 1)
		})
	}
}

// As for look-ups in TestSetStatusDuringARead: the answer may be older.
func TestSetStatusDuringALookupWithUnsynced(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	change := func() { r.disable(adaEmail) }
	before := `{"id":"` + r.idOf(adaEmail) + `","emailAddress":"` + adaEmail + `","userStatus":"Enabled","markDeleted":false}`
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 1, Respond: func(w http.ResponseWriter, _ *http.Request) {
		change()
		_, _ = w.Write([]byte(before))
	}})
	r.find(unsynced, adaEmail)
	r.wantRequests(0, 1)
	r.wantTruth(r.lookUp(adaEmail), adaEmail)
	r.wantRequests(0, 1)
}

const nobodysEmail = "nobody@example.com"

// A synchronization may bring a user into the tenant; no other change does.
func TestAMissingUserExpiresAfterASynchronization(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	asked := []string{adaEmail, benEmail, nobodysEmail}
	r.wantTruth(r.lookUp(asked...), asked...)
	r.disable(benEmail)
	must(t, r.MarkDeleted(t.Context(), r.idOf(benEmail), true))
	r.tenant.ResetCounts()
	r.wantTruth(r.lookUp(asked...), asked...)
	r.wantLookups(benEmail)
	r.wantRequests(0, 1)

	r.add(nobodysEmail)
	_, err := r.Synchronize(t.Context(), r.idOf(benEmail))
	must(t, err)
	r.wantTruth(r.lookUp(asked...), asked...)
	r.wantLookups(benEmail, nobodysEmail)
	r.wantRequests(0, 2)
}

// An error does not show whether the tenant has synchronized a user.
func TestAMissingUserExpiresAfterAFailedSynchronization(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	r.lookUp(nobodysEmail)
	r.wantRequests(0, 1)
	r.tenant.LoseAnswers(simulator.KindSync, 1, nil)
	if _, err := r.Synchronize(t.Context(), r.idOf(adaEmail)); err == nil {
		t.Fatal("no error")
	}
	r.lookUp(nobodysEmail)
	r.wantRequests(0, 1)
}

func TestAMissingUserExpiresAfterALookupWithUnsyncedFoundAUser(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(benEmail)
	r.tenant.AddDirectoryUser(simulator.User{Email: adaEmail})
	asked := []string{adaEmail, benEmail, nobodysEmail}
	r.wantTruth(r.lookUp(asked...), asked...)
	r.wantRequests(0, 3)

	// One that finds no user brings none, and is not sent twice.
	for range 2 {
		r.wantTruth(r.find(unsynced, nobodysEmail), nobodysEmail)
	}
	r.wantRequests(0, 1)
	r.wantTruth(r.lookUp(asked...), asked...)
	r.wantRequests(0, 0)
	// A user found without it needs no synchronization.
	r.wantTruth(r.find(unsynced, benEmail), benEmail)
	r.wantRequests(0, 0)

	for range 2 {
		users := r.find(unsynced, adaEmail)
		if users[keyOf(adaEmail)].User == nil {
			t.Fatal("Ada was not synchronized")
		}
		r.wantTruth(users, adaEmail)
	}
	r.wantRequests(0, 1)
	// Others may have come, too; Ada and Ben are known.
	r.wantTruth(r.lookUp(asked...), asked...)
	r.wantLookups(nobodysEmail)
	r.wantRequests(0, 1)
}

// A list that was read before a user came is read again.
func TestPagesExpireWhenAUserArrives(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(benEmail)
	r.tenant.AddDirectoryUser(simulator.User{Email: adaEmail})
	for range 2 {
		r.wantList(snapshot.Listing{EmailContains: "@"}, benEmail)
	}
	r.wantRequests(1, 0)
	r.find(unsynced, adaEmail)
	r.wantList(snapshot.Listing{EmailContains: "@"}, adaEmail, benEmail)
	r.wantRequests(1, 1)
}
