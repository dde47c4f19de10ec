// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// What a run has read is available to all its readers.
func TestPagesAreShared(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	all := r.add(emails("example.com", 60)...)
	r.add("carla@example.org")
	var lists sync.WaitGroup
	for range 3 {
		lists.Go(func() { r.wantList(snapshot.Listing{EmailContains: "@example.com"}, all...) })
	}
	lists.Wait()
	r.wantRequests(3, 0)
	// The same search finds the users of a domain.
	r.wantTruth(r.search(all...), all...)
	r.wantRequests(0, 0)
	// Another text is another search.
	r.wantList(snapshot.Listing{EmailContains: "@example.org"}, "carla@example.org")
	r.wantRequests(1, 0)
	// After a change, the pages may differ.
	must(t, r.SetStatus(t.Context(), r.idOf(all[0]), cloudadmin.Disabled))
	r.wantList(snapshot.Listing{EmailContains: "@example.com", Match: func(user *cloudadmin.User) bool { return user.UserStatus == cloudadmin.Disabled }}, all[0])
	r.wantRequests(3, 0)
}

// If the reader of a page is canceled, a reader that still waits reads it.
func TestPageWhoseReaderIsCanceled(t *testing.T) {
	t.Parallel()
	r := newRunWith(t, 2)
	all := r.add(emails("example.com", 60)...)
	arrived, release := make(chan struct{}), make(chan struct{})
	remove := r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Times: 1, Match: ofPage("2"), Respond: func(_ http.ResponseWriter, request *http.Request) {
		close(arrived)
		<-request.Context().Done()
	}})
	defer remove()
	var lists sync.WaitGroup
	lists.Go(func() {
		taken := 0
		for _, err := range r.List(t.Context(), snapshot.Listing{EmailContains: "@"}) {
			must(t, err)
			if taken++; taken == 26 {
				<-arrived
				<-release
				break // While the third page is in progress.
			}
		}
	})
	<-arrived
	taken := 0
	for _, err := range r.List(t.Context(), snapshot.Listing{EmailContains: "@"}) {
		must(t, err)
		if taken++; taken == 50 {
			close(release) // It has requested the third page by now.
		}
	}
	lists.Wait()
	if taken != len(all) {
		t.Errorf("%d users, want %d", taken, len(all))
	}
}

// All readers that waited for a page get its failure, which is not kept.
func TestPageThatFails(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.add(adaEmail)
	remove := r.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(500, "No.")})
	if _, err := r.list(snapshot.Listing{EmailContains: "@"}); err == nil {
		t.Error("a failed search causes no error")
	}
	remove()
	r.wantList(snapshot.Listing{EmailContains: "@"}, adaEmail)
}
