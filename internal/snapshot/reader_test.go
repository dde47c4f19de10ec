// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

func TestReadWithoutSearch(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := append(r.add(emails("example.com", 30)...), "nobody@example.com")
	q := snapshot.Question{Emails: all, Doubts: func(string, *cloudadmin.User) bool {
		t.Error("a look-up is doubted")
		return true
	}}
	r.wantTruth(r.read(q), all...)
	r.wantRequests(0, 31)
	r.wantTruth(r.read(q), all...)
	r.wantRequests(0, 0)
}

// What search has shown is no answer where a look-up is asked for.
func TestReadWithoutSearchAfterOneWith(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.search(all...)
	r.wantRequests(2, 0)
	r.wantTruth(r.read(snapshot.Question{Emails: all[:3]}), all[:3]...)
	r.wantLookups(all[:3]...)
	r.wantRequests(0, 3)
}

// Search lags, and whoever is doubted is looked up.
func TestDoubts(t *testing.T) {
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

	var asked []string
	doubted := []string{disabled, deleted, reassigned}
	q := snapshot.Question{Emails: append(all, joiner), Search: true, Doubts: func(address string, found *cloudadmin.User) bool {
		asked = append(asked, address)
		if found.ID != ids[address] || found.Status != cloudadmin.Enabled || found.MarkDeleted {
			t.Errorf("%s is shown as %+v", address, found)
		}
		return slices.Contains(doubted, address)
	}}
	found := r.read(q)
	r.wantLookups(append(doubted, pending, incomplete, joiner)...)
	r.wantRequests(3, 6)
	want := slices.DeleteFunc(slices.Clone(all), func(address string) bool { return address == pending || address == incomplete })
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("doubts about (-want +got):\n%s", diff)
	}
	if user := found[undoubted]; user == nil || user.Status != cloudadmin.Enabled {
		t.Errorf("who was not doubted is %+v, not as search has it", user)
	}
	// From here on search has nothing to say of them.
	for _, q.Doubts = range []func(string, *cloudadmin.User) bool{nil, func(address string, _ *cloudadmin.User) bool {
		return address == undoubted || slices.Contains(doubted, address)
	}} {
		found = r.read(q)
		for _, address := range []string{disabled, deleted, reassigned, joiner} {
			r.wantTruth(snapshot.Users{address: found[address]}, address)
		}
	}
	r.wantTruth(found, q.Emails...)
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
		found := r.search(all...)
		r.wantLookups(all[25]) // is on no page
		r.wantRequests(2, 1)
		delete(found, all[0])
		r.wantTruth(found, all[1:]...)
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

func TestTwoUsersOfOneAddress(t *testing.T) {
	t.Parallel()
	for _, other := range []string{adaEmail, "ADA@Example.com"} {
		t.Run(other, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail)
			r.tenant.AddUser(simulator.User{ID: "b", Email: benEmail})
			must(t, r.tenant.SetStatus(adaEmail, simulator.Disabled))
			const like = `","userStatus":"Enabled","markDeleted":false},`
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(http.StatusOK, "application/json",
				`{"totalPages":1,"totalElements":5,"elements":[`+
					`{"id":"1","emailAddress":"`+adaEmail+like+
					`{"id":"2","emailAddress":"`+other+like+
					`{"id":"2","emailAddress":"`+adaEmail+like+
					// The same user twice is one.
					`{"id":"b","emailAddress":"`+benEmail+like+
					`{"id":"b","emailAddress":"`+benEmail+`","userStatus":"Enabled","markDeleted":false}]}`)})
			r.wantTruth(r.search(adaEmail, benEmail), adaEmail, benEmail)
			r.wantLookups(adaEmail)
			r.wantRequests(1, 1)
		})
	}
}

func TestNothingToRead(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.wantTruth(r.read(snapshot.Question{Search: true, RefuseNobody: true}))
	r.wantRequests(0, 0)
}

func TestFind(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	for _, address := range all {
		user, err := r.Find(t.Context(), address, func(found *cloudadmin.User) bool { return found.Email == all[29] })
		must(t, err)
		r.wantTruth(snapshot.Users{address: user}, address)
	}
	r.wantLookups(all[0], all[29])
	r.wantRequests(2, 2)
	for range 2 {
		user, err := r.Find(t.Context(), "nobody@example.com", nil)
		if !cloudadmin.IsNotFound(err) || user != nil {
			t.Errorf("got %v, %v; want the API's 404", user, err)
		}
	}
	r.wantRequests(0, 1)
}

func TestSeenAndUnjudged(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	want := func(when, address string, seen, unjudged bool) {
		t.Helper()
		if user := r.Seen(address); (user != nil) != seen || seen && user.ID != r.idOf(address) {
			t.Errorf("%s, %s is seen as %+v, want %t", when, address, user, seen)
		}
		if got := r.Unjudged(address); got != unjudged {
			t.Errorf("%s, %s is unjudged: %t", when, address, got)
		}
	}
	want("before any reading", adaEmail, false, false)
	r.search(adaEmail, benEmail, "nobody@example.com")
	want("after a search", adaEmail, true, true)
	want("after a search", "ADA@example.com", true, true)
	want("after a look-up", "nobody@example.com", false, false)
	r.read(snapshot.Question{Emails: []string{"ADA@example.com"}})
	want("after a look-up", adaEmail, true, false)
	r.read(snapshot.Question{Emails: r.add("carla@example.net")})
	want("after a look-up alone", "carla@example.net", true, false)
	must(t, r.SetStatus(t.Context(), r.idOf(benEmail), cloudadmin.Disabled))
	want("after a change", benEmail, false, true)
	want("after another's change", adaEmail, true, false)
	must(t, r.SetStatus(t.Context(), r.idOf(adaEmail), cloudadmin.Disabled))
	want("after a change", adaEmail, false, false)
}
