// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A page is one request, and so is a look-up: the reader chooses whichever are fewer.
func TestPagesOrLookups(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		users       int // in the domain
		first, last int // number of addresses to find
		searches    int
		lookups     int
	}{
		{1000, 1000, 0, 40, 0},
		{60, 60, 0, 3, 0},
		{51, 51, 0, 3, 0},
		{50, 50, 0, 2, 0},
		{25, 25, 0, 1, 0},
		{25, 2, 0, 1, 0},
		// The first page has the number of pages, and some users.
		{125, 25, 0, 1, 0},
		{125, 25, 4, 1, 4},
		{125, 25, 5, 5, 0},
		{125, 0, 2, 1, 2},
		{125, 0, 4, 1, 4},
		{125, 0, 5, 5, 0},
		{1000, 0, 39, 1, 39},
		{1000, 0, 40, 40, 0},
		{27, 0, 2, 2, 0},
		{26, 0, 2, 1, 1},
		// Only one address.
		{1000, 0, 1, 0, 1},
		{1, 1, 0, 0, 1},
	} {
		t.Run(fmt.Sprintf("%d and %d of %d", tc.first, tc.last, tc.users), func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", tc.users)...)
			asked := slices.Concat(all[:tc.first], all[len(all)-tc.last:])
			r.wantTruth(r.search(asked...), asked...)
			r.wantRequests(tc.searches, tc.lookups)

			r.wantTruth(r.search(asked...), asked...)
			r.wantRequests(0, 0) // What is known costs nothing.
		})
	}
}

func TestDomainsAreJudgedOneByOne(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	var asked []string
	searches, lookups := 0, 0
	for i, domain := range []struct{ users, asked, searches, lookups int }{
		{60, 60, 3, 0}, {30, 30, 2, 0}, {25, 10, 1, 0}, {27, 2, 2, 0}, {1, 1, 0, 1},
		{125, 4, 1, 4}, {200, 2, 1, 2}, {100, 1, 0, 1}, {0, 0, 0, 0}, {75, 3, 3, 0},
	} {
		all := r.add(emails(fmt.Sprintf("d%d.example.com", i), domain.users)...)
		asked = append(asked, all[len(all)-domain.asked:]...)
		searches += domain.searches
		lookups += domain.lookups
	}
	r.wantTruth(r.search(asked...), asked...)
	r.wantRequests(searches, lookups)
}

func TestDomainOfAMillionUsers(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	ours := r.add(emails("big.example.com", 10)...)
	small := r.add(emails("small.example.com", 30)...)
	var others []string
	for i := range 25 {
		others = append(others, fmt.Sprintf(`{"id":"a%d","emailAddress":"a%d@big.example.com","userStatus":"Enabled","markDeleted":false}`, i, i))
	}
	r.tenant.Inject(simulator.Fault{
		Kind: simulator.KindSearch,
		Match: func(request *http.Request, body []byte) bool {
			return bytes.Contains(body, []byte("big")) && request.URL.Query().Get("pageNumber") == "0"
		},
		Respond: simulator.AnswerRaw(http.StatusOK, "application/json",
			`{"totalPages":40000,"totalElements":1000000,"elements":[`+strings.Join(others, ",")+`]}`),
	})
	asked := slices.Concat(ours, small)
	r.wantTruth(r.search(asked...), asked...)
	r.wantLookups(ours...)
	r.wantRequests(1+2, 10)
}

// Search finds all addresses that contain the text, and so others as well.
func TestAddressThatIsPartOfAnother(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add("ada@example.com.au", "xada@example.com", benEmail, "ben@xexample.com")
	must(t, r.tenant.SetStatus("ada@example.com.au", simulator.Disabled))
	must(t, r.tenant.SetStatus("xada@example.com", simulator.Disabled))
	r.wantTruth(r.search(adaEmail, benEmail), adaEmail, benEmail) // Ada does not exist.
	r.wantLookups(adaEmail)
	r.wantRequests(1, 1)

	r.add("ada@xexample.com")
	asked := []string{"ada@example.com.au", "xada@example.com", "ben@xexample.com", "ada@xexample.com"}
	r.wantTruth(r.search(asked...), asked...)
	r.wantLookups("ada@example.com.au") // alone in its domain
	r.wantRequests(1, 1)
}

// Users of another domain would only make more pages.
func TestDomainThatIsPartOfAnother(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(emails("xexample.com", 30)...)
	r.add(emails("sub.example.com", 30)...)
	all := r.add(emails("example.com", 20)...)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(1, 0)
	// A search cannot distinguish these.
	r.add(emails("example.net.au", 60)...)
	all = r.add(emails("example.net", 20)...)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(4, 0)
}

func TestCaseDoesNotCount(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 29)...)
	r.add("Ada.Lovelace@Example.COM")
	asked := []string{"ada.lovelace@example.com"}
	for _, address := range all {
		asked = append(asked, strings.ToUpper(address))
	}
	r.wantTruth(r.search(asked...), asked...)
	r.wantRequests(2, 0)
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(0, 0)

	nobody := "NOBODY@example.com"
	r.wantTruth(r.search(nobody), nobody)
	r.wantRequests(0, 1)
	// If case is compared, another spelling may find a user that no spelling has shown.
	r.wantTruth(r.search(strings.ToLower(nobody)), nobody)
	r.wantRequests(0, 1)
}

// No other user is wanted: a page would only show others.
func TestOneAtATimeIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name        string
		users, last int
		lookups     int
	}{
		{"everybody", 100, 100, 100},
		{"few of many", 500, 10, 10},
		{"one page", 20, 20, 20},
		{"one", 500, 1, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t)
			all := r.add(emails("example.com", tc.users)...)
			asked := all[len(all)-tc.last:]
			users := found{}
			for _, address := range asked {
				maps.Copy(users, r.search(address))
			}
			r.wantTruth(users, asked...)
			r.wantRequests(0, tc.lookups)
			for _, address := range asked {
				r.search(address)
			}
			r.wantRequests(0, 0)
		})
	}
}

// What was read for many is available for one.
func TestOneAtATimeAfterThePagesWereRead(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 60)...)
	r.search(all...)
	r.wantRequests(3, 0)
	users := found{}
	for _, address := range all {
		maps.Copy(users, r.search(address))
	}
	r.wantTruth(users, all...)
	r.wantRequests(0, 0)
}

// Each Find is judged separately, by what it still lacks.
func TestAFewAtATime(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 500)...)
	users := found{}
	for group := range slices.Chunk(all, 5) {
		maps.Copy(users, r.search(group...))
	}
	r.wantTruth(users, all...)
	// The first page has five groups; the others are look-ups, because nineteen pages would
	// be more than five look-ups.
	r.wantRequests(1, 475)
}

// The cost of each domain is counted separately.
func TestOneAtATimeInManyDomains(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	for i := range 30 {
		address := r.add(emails(fmt.Sprintf("d%d.example.com", i), 30)...)[29]
		r.wantTruth(r.search(address), address)
	}
	r.wantRequests(0, 30)
}

func TestParallelReadsShareThePages(t *testing.T) {
	t.Parallel()
	const readers = 8
	r := newRun(t)
	all := r.add(emails("example.com", 100)...)
	// No page has been read before all readers are about to start.
	var ready, reads sync.WaitGroup
	ready.Add(readers)
	r.onPage("0", ready.Wait)
	for range readers {
		reads.Go(func() {
			ready.Done()
			users, err := r.Find(t.Context(), byEmail(all...), withSearch)
			if err != nil {
				t.Error(err)
				return
			}
			r.wantTruth(users, all...)
		})
	}
	reads.Wait()
	r.wantRequests(4, 0)
}

// Terraform reads ten resources at once. Each look-up is sent once.
func TestParallelReadsOfOneUserEach(t *testing.T) {
	t.Parallel()
	const readers = 8
	r := newRun(t)
	all := r.add(emails("example.com", 80)...)
	var reads sync.WaitGroup
	for reader := range readers {
		reads.Go(func() {
			for i := range all {
				// Pairs of readers begin at the same user.
				address := all[(i+reader/2*20)%len(all)]
				users, err := r.Find(t.Context(), byEmail(address), withSearch)
				if err != nil {
					t.Error(err)
					return
				}
				r.wantTruth(users, address)
			}
		})
	}
	reads.Wait()
	r.wantLookups(all...)
	r.wantRequests(0, len(all))
}
