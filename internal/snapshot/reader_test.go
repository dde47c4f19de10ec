// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"slices"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

func TestFindWithoutSearch(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := append(r.add(emails("example.com", 30)...), "nobody@example.com")
	r.wantTruth(r.lookUp(all...), all...)
	r.wantRequests(0, 31)
	r.wantTruth(r.lookUp(all...), all...)
	r.wantRequests(0, 0)
}

// What search has shown does not replace a look-up.
func TestFindWithoutSearchAfterOneWith(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.search(all...)
	r.wantRequests(2, 0)
	r.wantTruth(r.lookUp(all[:3]...), all[:3]...)
	r.wantLookups(all[:3]...)
	r.wantRequests(0, 3)
}

// Search lags. If a caller doubts a user, it calls Find again without search; from then on
// the look-up counts.
func TestASecondFindConfirmsWhatSearchShowed(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 60)...)
	pending, incomplete, disabled, deleted, reassigned, undoubted := all[5], all[6], all[1], all[30], all[55], all[40]
	must(t, r.tenant.MarkDeleted(pending, "eve"))
	r.tenant.OmitFromSearchFor(incomplete, "userStatus")
	ids := map[string]string{}
	for _, address := range all {
		ids[address] = r.idOf(address)
	}
	r.tenant.FreezeSearch()
	for _, address := range []string{disabled, undoubted} {
		must(t, r.tenant.SetStatus(address, simulator.Disabled))
	}
	must(t, r.tenant.Delete(deleted))
	_, err := r.tenant.Reassign(reassigned)
	must(t, err)
	joiner := r.add("zoe@example.com")[0]

	asked := append(slices.Clone(all), joiner)
	users := r.search(asked...)
	judged := []string{pending, incomplete, joiner}
	r.wantLookups(judged...)
	r.wantRequests(3, 3)
	for _, address := range asked {
		one := users[keyOf(address)]
		if slices.Contains(judged, address) {
			if one.BySearch {
				t.Errorf("%s was looked up, but is reported as known only by search", address)
			}
			r.wantTruth(found{keyOf(address): one}, address)
			continue
		}
		if !one.BySearch || one.User == nil || one.User != one.Shown || one.User.ID != ids[address] || one.User.UserStatus != cloudadmin.Enabled {
			t.Errorf("%s is shown as %+v", address, one)
		}
	}

	doubted := []string{disabled, deleted, reassigned}
	r.wantTruth(r.lookUp(doubted...), doubted...)
	r.wantLookups(doubted...)
	r.wantRequests(0, 3)
	// From here on search no longer counts for them.
	users = r.search(asked...)
	for _, address := range append(doubted, judged...) {
		r.wantTruth(found{keyOf(address): users[keyOf(address)]}, address)
	}
	if user := users[keyOf(undoubted)].User; user == nil || user.UserStatus != cloudadmin.Enabled {
		t.Errorf("the user without doubt is %+v, not as search shows", user)
	}
	r.wantRequests(0, 0)
	r.wantTruth(r.lookUp(append(doubted, undoubted)...), append(doubted, undoubted)...)
	r.wantLookups(undoubted)
	r.wantRequests(0, 1)
}

func TestPendingDeletionIsAlwaysLookedUp(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	must(t, r.tenant.MarkDeleted(all[3], "eve"))
	must(t, r.tenant.MarkDeleted(all[28], "eve"))
	r.tenant.FreezeSearch()
	must(t, r.tenant.Undelete(all[28]))
	r.wantTruth(r.search(all...), all...)
	r.wantLookups(all[3], all[28])
	r.wantRequests(2, 2)
}

func TestIncompleteUsers(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"userStatus", "markDeleted"} {
		t.Run("one without "+property, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", 60)...)
			must(t, r.tenant.SetStatus(all[7], simulator.Disabled))
			r.tenant.OmitFromSearchFor(all[7], property)
			r.wantTruth(r.search(all...), all...)
			r.wantLookups(all[7])
			r.wantRequests(3, 1)
		})
		// Then further pages would save nothing.
		t.Run("all without "+property, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", 60)...)
			r.tenant.OmitFromSearch(property)
			r.wantTruth(r.search(all...), all...)
			r.wantRequests(1, 60)
			r.wantTruth(r.search(all...), all...)
			r.wantRequests(0, 0)
		})
	}
	t.Run("all without an id", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		all := r.add(emails("example.com", 60)...)
		r.tenant.OmitFromSearch("id")
		r.wantTruth(r.search(all...), all...)
		r.wantRequests(1, 60)
	})
}

func TestHiddenFromSearch(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 53)...)
	r.tenant.HideFromSearch(all[2], all[30])
	r.wantTruth(r.search(all...), all...)
	r.wantLookups(all[2], all[30])
	r.wantRequests(3, 2)
}

func TestPagesShiftWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	t.Run("one goes", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		all := r.add(emails("example.com", 50)...)
		r.onPage("1", func() { must(t, r.tenant.Delete(all[0])) })
		users := r.search(all...)
		r.wantLookups(all[25]) // is on no page
		r.wantRequests(2, 1)
		delete(users, keyOf(all[0]))
		r.wantTruth(users, all[1:]...)
	})
	t.Run("one comes", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		all := r.add(emails("example.com", 50)...)
		r.onPage("1", func() { r.add("aaron@example.com") })
		r.wantTruth(r.search(all...), all...)
		r.wantLookups(all[49]) // all[24] is on two pages
		r.wantRequests(2, 1)
	})
}

func TestNothingToRead(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.wantTruth(r.find(snapshot.Options{Search: true, FailIfNoneExist: true}))
	r.wantRequests(0, 0)
}

func TestLookup(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.search(all...)
	r.wantRequests(2, 0)
	for range 2 { // The second costs nothing.
		for _, address := range all[:3] {
			one, err := r.Lookup(t.Context(), cloudadmin.Email(address), withSearch) // which it does not use
			must(t, err)
			if one.BySearch {
				t.Errorf("%s is known by search alone", address)
			}
			r.wantTruth(found{keyOf(address): one}, address)
		}
		if one := r.lookUpOne("nobody@example.com"); !one.IsMissing() || one.BySearch {
			t.Errorf("got %+v, want no user", one)
		}
	}
	r.wantLookups(append(all[:3:3], "nobody@example.com")...)
	r.wantRequests(0, 4)
}

// A username is another address, even if it is equal to the email address, and search does
// not know usernames.
func TestUsernames(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddUser(simulator.User{Email: adaEmail, Username: "ada"})
	r.tenant.AddUser(simulator.User{Email: benEmail, Username: benEmail})
	who := []cloudadmin.Address{cloudadmin.Email(adaEmail), cloudadmin.Email(benEmail), cloudadmin.Username("ADA"), cloudadmin.Username(benEmail)}
	for range 2 {
		users, err := r.Find(t.Context(), who, withSearch)
		must(t, err)
		for i, email := range []string{adaEmail, benEmail, adaEmail, benEmail} {
			if one := users[who[i].Key()]; one.User == nil || one.User.ID != r.idOf(email) || one.BySearch != who[i].IsEmail() {
				t.Errorf("%s is %+v, want %s", who[i].Key(), one, email)
			}
		}
	}
	r.wantLookups("ADA", benEmail)
	r.wantRequests(1, 2)
}

func TestKnown(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	const nobody = "nobody@example.com"
	want := func(when, address string, known, exists, bySearch bool) {
		t.Helper()
		one, ok := r.Known(cloudadmin.Email(address))
		if ok != known || (one.User != nil) != exists || exists && (one.User.ID != r.idOf(address) || one.BySearch != bySearch) {
			t.Errorf("%s, %s is known as %+v, %t", when, address, one, ok)
		}
	}
	want("before any reading", adaEmail, false, false, false)
	r.search(adaEmail, benEmail, nobody)
	want("after a search", adaEmail, true, true, true)
	want("after a search", "ADA@example.com", true, true, true)
	want("after a look-up", nobody, true, false, false)
	r.lookUp("ADA@example.com")
	want("after a look-up", adaEmail, true, true, false)
	r.lookUp(r.add("carla@example.net")...)
	want("after a look-up alone", "carla@example.net", true, true, false)
	must(t, r.SetStatus(t.Context(), r.idOf(benEmail), cloudadmin.Disabled))
	want("after a change", benEmail, false, false, false)
	want("after another user's change", adaEmail, true, true, false)
	want("after another user's change", nobody, true, false, false)
	must(t, r.SetStatus(t.Context(), r.idOf(adaEmail), cloudadmin.Disabled))
	want("after a change", adaEmail, false, false, false)
	r.tenant.ResetCounts()
	want("after all", "zoe@example.com", false, false, false)
	r.wantRequests(0, 0) // No request is sent.
}
