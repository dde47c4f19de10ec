// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// list takes users until the listing ends, and returns their addresses and its error.
func (r *run) list(l snapshot.Listing) (addresses []string, failure error) {
	r.t.Helper()
	addresses = []string{}
	for user, err := range r.List(r.t.Context(), l) {
		if err != nil {
			return addresses, err
		}
		addresses = append(addresses, string(user.EmailAddress))
	}
	return addresses, nil
}

// wantList expects a listing that succeeds.
func (r *run) wantList(l snapshot.Listing, want ...string) {
	r.t.Helper()
	got, err := r.list(l)
	must(r.t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("users (-want +got):\n%s", diff)
	}
}

func odd(user *cloudadmin.User) bool {
	local, _, _ := strings.Cut(string(user.EmailAddress), "@")
	return (local[len(local)-1]-'0')%2 == 1
}

// A listing reads as many pages as its users fill, and none that its limit may not need.
func TestListRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name            string
		users           int
		listing         snapshot.Listing
		given, searches int
	}{
		{"nobody", 0, snapshot.Listing{}, 0, 1},
		{"one page, which may not be the last", 25, snapshot.Listing{}, 25, 2},
		{"one more", 26, snapshot.Listing{}, 26, 2},
		{"a thousand", 1000, snapshot.Listing{}, 1000, 40},
		{"half of them", 1000, snapshot.Listing{Match: odd}, 500, 40},
		{"a part of the address", 1000, snapshot.Listing{EmailContains: "user00"}, 100, 4},
		{"limit of one", 1000, snapshot.Listing{Limit: 1}, 1, 1},
		{"limit of a page", 1000, snapshot.Listing{Limit: 25}, 25, 1},
		{"limit of more than a page", 1000, snapshot.Listing{Limit: 26}, 26, 2},
		{"limit of many pages", 1000, snapshot.Listing{Limit: 301}, 301, 13},
		{"limit, and half of them", 1000, snapshot.Listing{Limit: 50, Match: odd}, 50, 4},
		{"limit beyond everybody", 60, snapshot.Listing{Limit: 100}, 60, 3},
		{"the largest limit", 60, snapshot.Listing{Limit: math.MaxInt}, 60, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", tc.users)...)
			if tc.listing.EmailContains == "" {
				tc.listing.EmailContains = "@"
			}
			if tc.listing.Match != nil {
				all = slices.DeleteFunc(all, func(email string) bool { return !odd(&cloudadmin.User{EmailAddress: cloudadmin.Text(email)}) })
			}
			r.wantList(tc.listing, all[:tc.given]...)
			r.wantRequests(tc.searches, 0)
		})
	}
}

// If the caller stops taking users, the reading stops.
func TestListIsReadAsItIsTaken(t *testing.T) {
	t.Parallel()
	r := newRunWith(t, 1)
	r.add(emails("example.com", 1000)...)
	taken := 0
	for _, err := range r.List(t.Context(), snapshot.Listing{EmailContains: "@"}) {
		must(t, err)
		if taken++; taken == 1 {
			r.wantRequests(1, 0)
		}
		if taken == 30 {
			break
		}
	}
	if n := r.tenant.Count(simulator.KindSearch); n > 2 {
		t.Errorf("%d pages were read for 30 users after the first page", n)
	}
}

func TestListLooksUpIncompleteUsers(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.tenant.OmitFromSearchFor(all[3], "userStatus")
	r.tenant.OmitFromSearchFor(all[7], "markDeleted")
	r.tenant.OmitFromSearchFor(all[27], "lastSyncTime")
	must(t, r.tenant.SetStatus(all[3], simulator.Disabled))
	disabled := func(user *cloudadmin.User) bool { return user.UserStatus == cloudadmin.Disabled }
	lacksSync := func(user *cloudadmin.User) bool { return user.LastSyncTime == "" }

	r.wantList(snapshot.Listing{EmailContains: "@", Match: disabled}, all[3])
	r.wantLookups(all[3], all[7])
	r.wantRequests(2, 2)
	// The caller may want more of a user than the status.
	r.wantList(snapshot.Listing{EmailContains: "@", Lookup: lacksSync}, all...)
	r.wantLookups(all[27])
	r.wantRequests(0, 1)
	// Not again in the same run.
	r.wantList(snapshot.Listing{EmailContains: "@", Lookup: lacksSync, Match: func(user *cloudadmin.User) bool { return !lacksSync(user) }}, all...)
	r.wantRequests(0, 0)
}

// Match judges the user from the look-up, not the one that search showed.
func TestListLooksUpTheRequestedUsers(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 30)...)
	r.tenant.FreezeSearch()
	must(t, r.tenant.SetStatus(all[3], simulator.Disabled))
	must(t, r.tenant.SetStatus(all[4], simulator.Disabled))
	r.wantList(snapshot.Listing{
		EmailContains: "@",
		Lookup: func(user *cloudadmin.User) bool {
			return slices.Contains([]string{all[3], all[5]}, string(user.EmailAddress))
		},
		Match: func(user *cloudadmin.User) bool { return user.UserStatus == cloudadmin.Disabled },
	}, all[3])
	r.wantLookups(all[3], all[5])
	r.wantRequests(2, 2)
}

// If search shows little of any user, a limit also limits the look-ups.
func TestListLimitBoundsLookups(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 60)...)
	r.tenant.OmitFromSearch("userStatus")
	r.wantList(snapshot.Listing{EmailContains: "@", Limit: 10}, all[:10]...)
	r.wantRequests(1, 10)
}

func TestListLeavesOutDeletedUsers(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	r.tenant.OmitFromSearch("userStatus")
	r.tenant.FreezeSearch()
	must(t, r.tenant.Delete(adaEmail))
	got, err := r.list(snapshot.Listing{EmailContains: "@"})
	if diff := cmp.Diff([]string{benEmail}, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	r.wantShortfall(err, snapshot.ShortfallError{Shown: 2, Counted: 2, Gone: []string{adaEmail}})
}

func (r *run) wantShortfall(err error, want snapshot.ShortfallError) {
	r.t.Helper()
	var short *snapshot.ShortfallError
	if !errors.As(err, &short) {
		r.t.Fatalf("the listing ended with %v, want a shortfall", err)
	}
	if diff := cmp.Diff(want, *short); diff != "" {
		r.t.Errorf("shortfall (-want +got):\n%s", diff)
	}
}

// A search is not trusted if none of its users exists.
func TestListWhereNoUserExists(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(emails("example.com", 60)...)
	r.tenant.OmitFromSearch("userStatus")
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(404, "User not found")})
	got, err := r.list(snapshot.Listing{EmailContains: "@"})
	if !errors.Is(err, snapshot.ErrNoneExist) || len(got) > 0 {
		t.Errorf("got %d users and %v", len(got), err)
	}
}

// A user without an id is looked up, whatever else is needed.
func TestListIdentifiesEveryUser(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail, benEmail)
	r.tenant.OmitFromSearchFor(benEmail, "id")
	r.wantList(snapshot.Listing{EmailContains: "@"}, adaEmail, benEmail)
	r.wantRequests(1, 1)
}

// A search that shows fewer users than it counts is read a second time, and then reported
// as short.
func TestListOfASearchThatContradictsItself(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(200, "application/json",
		`{"totalPages": 1, "totalElements": 3, "elements": [{"id": "1", "emailAddress": "ada@example.com", "userStatus": "Enabled", "markDeleted": false}, null]}`)})
	got, err := r.list(snapshot.Listing{EmailContains: "@"})
	if diff := cmp.Diff([]string{adaEmail}, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	r.wantShortfall(err, snapshot.ShortfallError{Shown: 1, Counted: 3})
	r.wantRequests(4, 0) // Twice, and one more page in each pass: pages may be small.
}

// A user who is deleted while pages are read moves all later users to an earlier place: one
// of them is on no page that is still read.
func TestListFindsMovedUsers(t *testing.T) {
	t.Parallel()
	r := newRunWith(t, 1)
	all := r.add(emails("example.com", 100)...)
	r.onPage("1", func() { must(t, r.tenant.Delete(all[0])) })
	got, err := r.list(snapshot.Listing{EmailContains: "@"})
	must(t, err)
	slices.Sort(got)
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func TestListFailures(t *testing.T) {
	t.Parallel()
	t.Run("a page", func(t *testing.T) {
		t.Parallel()
		r := newRunWith(t, 1)
		all := r.add(emails("example.com", 100)...)
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: ofPage("2"), Respond: simulator.AnswerAPIError(500, "No.")})
		got, err := r.list(snapshot.Listing{EmailContains: "@"})
		var failed *cloudadmin.Error
		if !errors.As(err, &failed) || failed.Status != 500 {
			t.Errorf("got %v, want the API's 500", err)
		}
		if diff := cmp.Diff(all[:50], got); diff != "" {
			t.Errorf("users before the failure (-want +got):\n%s", diff)
		}
	})
	t.Run("a look-up", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(adaEmail)
		r.tenant.OmitFromSearch("userStatus")
		r.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(500, "No.")})
		_, err := r.list(snapshot.Listing{EmailContains: "@"})
		var failed *snapshot.LookupError
		if !errors.As(err, &failed) || failed.Who != cloudadmin.Email(adaEmail) {
			t.Errorf("got %v, want Ada's LookupError", err)
		}
	})
	t.Run("an element without id and address", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(adaEmail)
		r.tenant.OmitFromSearch("userStatus", "emailAddress")
		_, err := r.list(snapshot.Listing{EmailContains: "@"})
		if err == nil || !strings.Contains(err.Error(), "incompletely and without an email address") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("too many", func(t *testing.T) {
		t.Parallel()
		r := newRun(t)
		r.add(emails("example.com", 100)...)
		tooMany := errors.New("too many")
		got, err := r.list(snapshot.Listing{EmailContains: "@", Total: func(users int) error {
			return fmt.Errorf("%w: %d", tooMany, users)
		}})
		if !errors.Is(err, tooMany) || err.Error() != "too many: 100" || len(got) > 0 {
			t.Errorf("got %d users and %v", len(got), err)
		}
		r.wantRequests(1, 0)
	})
}

// A search whose pages lack users is reported as short, unless a second pass finds them.
func TestListOfASearchThatRepeatsUsers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		on    func(*simulator.Tenant, bool)
		shown func(all []string) []string
	}{
		{"repeated pages", (*simulator.Tenant).RepeatSearchPages, func(all []string) []string { return all[:50] }},
		{"skipped at borders", (*simulator.Tenant).SkipAtBorders, func(all []string) []string {
			return slices.Concat(all[:25], all[26:50], all[51:])
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRunWith(t, 1)
			all := r.add(emails("example.com", 60)...)
			tc.on(r.tenant, true)
			got, err := r.list(snapshot.Listing{EmailContains: "@"})
			shown := tc.shown(all)
			if diff := cmp.Diff(shown, got); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
			r.wantShortfall(err, snapshot.ShortfallError{Shown: len(shown), Counted: 60})
			r.wantRequests(6, 0)
			// The next listing of this run reports it, too.
			_, err = r.list(snapshot.Listing{EmailContains: "@"})
			r.wantShortfall(err, snapshot.ShortfallError{Shown: len(shown), Counted: 60})
			// It does not affect a caller that wants no more than is shown.
			r.wantList(snapshot.Listing{EmailContains: "@", Limit: 25}, all[:25]...)

			// The second pass also begins with the first page.
			r = r.nextRun()
			passes := 0
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Match: func(request *http.Request, body []byte) bool {
				if ofPage("0")(request, body) {
					if passes++; passes == 2 {
						tc.on(r.tenant, false)
					}
				}
				return false
			}})
			got, err = r.list(snapshot.Listing{EmailContains: "@"})
			must(t, err)
			slices.Sort(got)
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("users after the second pass (-want +got):\n%s", diff)
			}
			r.wantRequests(6, 0)

			// Finding users by their addresses does not depend on it.
			tc.on(r.tenant, true)
			r = r.nextRun()
			r.wantTruth(r.search(all...), all...)
			r.wantRequests(3, 60-len(shown))
		})
	}
}

// Two users with one address are two users.
func TestListOfTwins(t *testing.T) {
	t.Parallel()
	add := func(t *testing.T) *run {
		r := newRun(t)
		r.tenant.AddUser(simulator.User{ID: "1", Email: adaEmail})
		r.tenant.AddTwin(simulator.User{ID: "2", Email: adaEmail})
		r.add(benEmail)
		return r
	}
	t.Run("shown", func(t *testing.T) {
		t.Parallel()
		add(t).wantList(snapshot.Listing{EmailContains: "@"}, adaEmail, adaEmail, benEmail)
	})
	// The look-up finds one of them. The other is not left out silently.
	t.Run("looked up", func(t *testing.T) {
		t.Parallel()
		r := add(t)
		r.tenant.OmitFromSearch("userStatus")
		got, err := r.list(snapshot.Listing{EmailContains: "@"})
		if diff := cmp.Diff([]string{adaEmail, benEmail}, got); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
		var short *snapshot.ShortfallError
		if !errors.As(err, &short) {
			t.Errorf("the listing lacks one of two users, and ended with %v", err)
		}
	})
}

// Both passes find the same users gone.
func TestListNamesEachMissingUserOnce(t *testing.T) {
	t.Parallel()
	for _, omitted := range []string{"userStatus", "id"} {
		t.Run(omitted, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", 30)...)
			r.tenant.OmitFromSearch(omitted)
			r.tenant.SkipAtBorders(true) // so that there is a second pass
			r.tenant.FreezeSearch()
			must(t, r.tenant.Delete(all[3]))
			got, err := r.list(snapshot.Listing{EmailContains: "@"})
			if diff := cmp.Diff(slices.Concat(all[:3], all[4:25], all[26:]), got); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
			r.wantShortfall(err, snapshot.ShortfallError{Shown: 29, Counted: 30, Gone: []string{all[3]}})
		})
	}
}

// Search lags, and shows the previous user of the address: the requested look-up counts.
func TestListOfAnAddressThatPassedToAnother(t *testing.T) {
	t.Parallel()
	for _, omitted := range []string{"", "userStatus"} {
		t.Run(omitted, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(adaEmail, benEmail)
			if omitted != "" {
				r.tenant.OmitFromSearchFor(adaEmail, omitted)
			}
			r.tenant.FreezeSearch()
			_, err := r.tenant.Reassign(adaEmail)
			must(t, err)
			ids := []string{}
			for user, err := range r.List(t.Context(), snapshot.Listing{
				EmailContains: "@",
				Lookup:        func(user *cloudadmin.User) bool { return user.EmailAddress == adaEmail },
			}) {
				var short *snapshot.ShortfallError
				if errors.As(err, &short) {
					break // The search may also show both.
				}
				must(t, err)
				ids = append(ids, user.ID)
			}
			if diff := cmp.Diff([]string{r.idOf(adaEmail), r.idOf(benEmail)}, ids); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
		})
	}
}

// Twins that search shows completely stay two, although a look-up finds only one of them.
func TestListOfTwinsThatAreLookedUp(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "1", Email: adaEmail})
	r.tenant.AddTwin(simulator.User{ID: "2", Email: adaEmail})
	r.wantList(snapshot.Listing{EmailContains: "@", Lookup: func(*cloudadmin.User) bool { return true }}, adaEmail, adaEmail)
	r.wantRequests(1, 1)
}

// A page may end between two users with one address: a user who is not listed is named by id.
func TestListOfTwinsOnTwoPages(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]snapshot.Listing{
		"shown whole, and looked up": {EmailContains: "@", Lookup: func(*cloudadmin.User) bool { return true }},
		"shown incompletely":         {EmailContains: "@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(emails("example.com", 24)...)
			r.tenant.AddUser(simulator.User{ID: "2", Email: "zoe@example.com"})
			r.tenant.AddTwin(simulator.User{ID: "1", Email: "zoe@example.com"})
			if l.Lookup == nil {
				r.tenant.BareSearch(true)
			}
			got, err := r.list(l)
			if len(got) != 25 {
				t.Errorf("%d users, want one for each address", len(got))
			}
			r.wantShortfall(err, snapshot.ShortfallError{Shown: 26, Counted: 26, Shared: []snapshot.SharedAddress{{Email: "zoe@example.com", IDs: []string{"2", "1"}}}})
		})
	}
}

// A search that shows the same users forever ends with an error, whatever it counts.
func TestListOfASearchThatNeverEnds(t *testing.T) {
	t.Parallel()
	for name, throw := range map[string]func(*simulator.Tenant){
		"pages without end": func(tenant *simulator.Tenant) { tenant.SearchEndlessly(true) },
		"the same page for every number": func(tenant *simulator.Tenant) {
			var page string
			for i := range cloudadmin.LargestPage {
				page += fmt.Sprintf(`,{"id": "%d", "emailAddress": "user%04d@example.com", "userStatus": "Enabled", "markDeleted": false}`, i, i)
			}
			tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(http.StatusOK, "application/json",
				`{"totalPages": 400, "totalElements": 10000, "elements": [`+page[1:]+`]}`)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			r.add(emails("example.com", 2*cloudadmin.LargestPage)...)
			throw(r.tenant)
			got, err := r.list(snapshot.Listing{EmailContains: "@"})
			var unexpected *cloudadmin.UnexpectedAnswerError
			if !errors.As(err, &unexpected) || !strings.Contains(err.Error(), "show no new user") {
				t.Errorf("got %v", err)
			}
			if searches := r.tenant.Count(simulator.KindSearch); len(got) > 2*cloudadmin.LargestPage || searches > 2+3+2*cloudadmin.DefaultMaxConcurrentRequests {
				t.Errorf("%d users after %d searches", len(got), searches)
			}
		})
	}
}

// searchOf answers searches with pages of a given size and given counts.
func searchOf(users, size int, counted func(shown int) (total, pages int)) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		number, _ := strconv.Atoi(request.URL.Query().Get("pageNumber"))
		elements := []string{}
		for i := min(users, number*size); i < min(users, (number+1)*size); i++ {
			elements = append(elements, fmt.Sprintf(`{"id": "%d", "emailAddress": "user%04d@example.com", "userStatus": "Enabled", "markDeleted": false}`, i, i))
		}
		total, pages := counted(len(elements))
		simulator.AnswerRaw(http.StatusOK, "application/json", fmt.Sprintf(`{"totalPages": %d, "totalElements": %d, "elements": [%s]}`,
			pages, total, strings.Join(elements, ",")))(w, request)
	}
}

// Some searches count the users on the page, and some have smaller pages than requested.
func TestListOfASearchThatCountsDifferently(t *testing.T) {
	t.Parallel()
	ofPage := func(shown int) (total, pages int) { return shown, 1 }
	ofAll := func(int) (total, pages int) { return 44, 2 } // 44 users in pages of 25
	for _, tc := range []struct {
		name                  string
		users, size, searches int
		counted               func(int) (int, int)
	}{
		{"the page alone", 44, 25, 2, ofPage},
		{"the page alone, a full one is the last", 50, 25, 3, ofPage},
		{"small pages", 44, 10, 5, ofAll},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRunWith(t, 1)
			r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: searchOf(tc.users, tc.size, tc.counted)})
			r.wantList(snapshot.Listing{EmailContains: "@"}, emails("example.com", tc.users)...)
			r.wantRequests(tc.searches, 0)
		})
	}
}
