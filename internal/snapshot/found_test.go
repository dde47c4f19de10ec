// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// wantFound compares ids: of the user, of the user that search shows, of the twins, and of
// the user who was found instead.
func (r *run) wantFound(one snapshot.Found, want string) {
	r.t.Helper()
	id := func(user *cloudadmin.User) string {
		if user == nil {
			return "-"
		}
		return user.ID
	}
	twins := []string{}
	for _, twin := range one.Twins {
		twins = append(twins, twin.ID)
	}
	got := "user " + id(one.User) + ", shown " + id(one.Shown) + ", twins " + strings.Join(twins, "+") + ", another " + id(one.Another)
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("found (-want +got):\n%s", diff)
	}
}

// Search shows a user that a look-up does not find: that is a contradiction, and not a user
// who is gone.
func TestSearchShowsAUserThatALookupDoesNotFind(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "a", Email: adaEmail})
	r.add(benEmail)
	r.tenant.FreezeSearch()
	must(t, r.tenant.Delete(adaEmail))
	one := r.search(adaEmail, benEmail)[keyOf(adaEmail)]
	r.wantFound(one, "user a, shown a, twins , another -")
	r.wantRequests(1, 0)
	if !one.BySearch {
		t.Error("only search has shown Ada")
	}
	for range 2 { // The contradiction stays, at no cost.
		for _, one := range []snapshot.Found{r.lookUpOne(adaEmail), r.search(adaEmail, benEmail)[keyOf(adaEmail)]} {
			r.wantFound(one, "user -, shown a, twins , another -")
			if one.BySearch || one.IsMissing() {
				t.Errorf("got %+v, want a contradiction", one)
			}
		}
		known, ok := r.Known(cloudadmin.Email(adaEmail))
		if r.wantFound(known, "user -, shown a, twins , another -"); !ok {
			t.Error("Ada is not known")
		}
	}
	r.wantRequests(0, 1)
}

// Search shows a wrong id; a look-up does not, and both are there to compare.
func TestSearchShowsAnotherIDThanALookup(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "a", Email: adaEmail})
	r.add(benEmail)
	r.tenant.LieInSearch(adaEmail, "lie")
	r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user lie, shown lie, twins , another -")
	r.wantFound(r.lookUpOne(adaEmail), "user a, shown lie, twins , another -")
	r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user a, shown lie, twins , another -")
	r.wantRequests(1, 1)
}

// If two users have one address, the user is looked up, and both are named.
func TestTwinsAreLookedUpAndNamed(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{adaEmail, "ADA@Example.com"} {
		t.Run(spelling, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.tenant.AddUser(simulator.User{ID: "1", Email: adaEmail, Status: simulator.Disabled})
			r.tenant.AddTwin(simulator.User{ID: "2", Email: spelling})
			r.tenant.AddUser(simulator.User{ID: "b", Email: benEmail})
			for range 2 {
				users := r.search(adaEmail, benEmail)
				r.wantTruth(users, adaEmail, benEmail)
				r.wantFound(users[keyOf(adaEmail)], "user 1, shown 1, twins 1+2, another -")
				r.wantFound(users[keyOf(benEmail)], "user b, shown b, twins , another -")
				r.wantFound(r.lookUpOne(adaEmail), "user 1, shown 1, twins 1+2, another -")
			}
			r.wantRequests(1, 1)
		})
	}
}

func TestTwinsOnTwoPages(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := emails("example.com", 50)
	for _, email := range all {
		r.tenant.AddUser(simulator.User{ID: "1 " + email, Email: email})
	}
	r.tenant.AddTwin(simulator.User{ID: "2 " + all[24], Email: all[24]})
	r.tenant.AddTwin(simulator.User{ID: "3 " + all[24], Email: all[24]})
	r.wantFound(r.search(all...)[keyOf(all[24])],
		"user 1 "+all[24]+", shown 1 "+all[24]+", twins 1 "+all[24]+"+2 "+all[24]+"+3 "+all[24]+", another -")
	r.wantRequests(3, 1)
}

// Pages repeat users. The same user twice is one, and two users stay two, in whatever order
// they are shown.
func TestTwinsShownSeveralTimes(t *testing.T) {
	t.Parallel()
	for order, twins := range map[string]string{"1": "", "11": "", "12": "1+2", "122": "1+2", "121": "1+2", "1221": "1+2", "12131": "1+2+3"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.tenant.AddUser(simulator.User{ID: "1", Email: adaEmail})
			r.add(benEmail)
			elements := []string{}
			for _, id := range order {
				elements = append(elements, `{"id":"`+string(id)+`","emailAddress":"`+adaEmail+`","userStatus":"Enabled","markDeleted":false}`)
			}
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(http.StatusOK, "application/json",
				`{"totalPages":1,"elements":[`+strings.Join(elements, ",")+`]}`)})
			r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user 1, shown 1, twins "+twins+", another -")
			if twins == "" {
				r.wantLookups(benEmail)
			} else {
				r.wantLookups(adaEmail, benEmail)
			}
		})
	}
}

// An old address may still lead to its user, who no longer has it.
func TestALookupThatAnswersWithAnotherUser(t *testing.T) {
	t.Parallel()
	const renamed = "ada.lovelace@example.com"
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "a", Email: adaEmail})
	r.tenant.AddUser(simulator.User{ID: "b", Email: benEmail})
	must(t, r.tenant.Rename(adaEmail, renamed))
	// Without the alias, no user has the old address.
	if one := r.lookUpOne(adaEmail); !one.IsMissing() {
		t.Errorf("got %+v, want no user", one)
	}
	must(t, r.tenant.Alias(adaEmail, renamed))
	r = r.nextRun()
	for range 2 {
		one := r.lookUpOne(adaEmail)
		r.wantFound(one, "user -, shown -, twins , another a")
		if one.IsMissing() || one.Another.EmailAddress != renamed {
			t.Errorf("got %+v", one)
		}
		r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user -, shown -, twins , another a")
	}
	r.wantRequests(0, 2)
	// Under the new address, it is a user like any other.
	r.wantTruth(r.lookUp(renamed), renamed)
}

func TestALookupThatAnswersWithAnotherUserThanSearch(t *testing.T) {
	t.Parallel()
	const renamed = "ada.lovelace@example.com"
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "a", Email: adaEmail})
	r.add(benEmail)
	r.tenant.FreezeSearch()
	must(t, r.tenant.Rename(adaEmail, renamed))
	must(t, r.tenant.Alias(adaEmail, renamed))
	r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user a, shown a, twins , another -")
	r.wantFound(r.lookUpOne(adaEmail), "user -, shown a, twins , another a")
	r.wantFound(r.search(adaEmail, benEmail)[keyOf(adaEmail)], "user -, shown a, twins , another a")
	r.wantRequests(1, 1)
}

// The user who was found instead may change, too: what was read before is then out of date.
func TestAChangeForgetsAnotherUsersAnswer(t *testing.T) {
	t.Parallel()
	const renamed = "ada.lovelace@example.com"
	r := newRun(t)
	r.add(renamed)
	must(t, r.tenant.Alias(adaEmail, renamed))
	if one := r.lookUpOne(adaEmail); one.Another == nil || one.Another.UserStatus != cloudadmin.Enabled {
		t.Fatalf("got %+v", one)
	}
	r.disable(renamed)
	if one := r.lookUpOne(adaEmail); one.Another == nil || one.Another.UserStatus != cloudadmin.Disabled {
		t.Errorf("got %+v, want the other user as of now", one.Another)
	}
	r.wantRequests(0, 2)
}

// The address may now belong to a user who was added since.
func TestAnotherUsersAnswerExpiresAfterASynchronization(t *testing.T) {
	t.Parallel()
	const renamed = "ada.lovelace@example.com"
	r := newRun(t)
	r.add(renamed, benEmail)
	must(t, r.tenant.Alias(adaEmail, renamed))
	if one := r.lookUpOne(adaEmail); one.Another == nil {
		t.Fatalf("got %+v", one)
	}
	r.add(adaEmail)
	_, err := r.Synchronize(t.Context(), r.idOf(benEmail))
	must(t, err)
	r.wantTruth(r.lookUp(adaEmail), adaEmail)
	r.wantRequests(0, 2)
}

// A request that the API refuses says nothing about other users, and does not end the run.
func TestALookupThatIsRefused(t *testing.T) {
	t.Parallel()
	const nobody = "nobody@example.com"
	r := newRun(t)
	r.add(adaEmail, benEmail)
	r.tenant.AnswerUnknownUser(http.StatusBadRequest)
	for _, o := range []snapshot.Options{withoutSearch, withSearch} { // The second answer comes from memory.
		users := r.find(o, adaEmail, nobody, benEmail)
		r.wantTruth(users, adaEmail, nobody, benEmail)
		one := users[keyOf(nobody)]
		var refusal *cloudadmin.Error
		if !errors.As(one.Refused, &refusal) || refusal.Status != http.StatusBadRequest || one.IsMissing() {
			t.Errorf("got %+v, want the API's 400", one)
		}
		for _, address := range []string{adaEmail, benEmail} {
			if err := users[keyOf(address)].Refused; err != nil {
				t.Errorf("%s is refused with %v", address, err)
			}
		}
	}
	r.wantRequests(0, 3)
	one, err := r.Lookup(t.Context(), cloudadmin.Email(nobody), unsynced)
	if err != nil || one.Refused == nil {
		t.Errorf("got %+v, %v", one, err)
	}
	r.wantRequests(0, 1)
}
