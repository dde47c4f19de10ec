// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestSearchRequest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		like string
		page int
		want string
	}{
		{"@example.com", 0, `POST /v2/users/search?pageSize=25&pageNumber=0 {"emailLike":"@example.com"}`},
		{"@example.com", 17, `POST /v2/users/search?pageSize=25&pageNumber=17 {"emailLike":"@example.com"}`},
		{`a"b\`, 0, `POST /v2/users/search?pageSize=25&pageNumber=0 {"emailLike":"a\"b\\"}`},
		{"%@é", 0, `POST /v2/users/search?pageSize=25&pageNumber=0 {"emailLike":"%@é"}`},
	} {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			tenant, client := newTenantClient(t)
			var mu sync.Mutex
			var got []string
			tenant.Inject(simulator.Fault{Match: func(r *http.Request, body []byte) bool {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, r.Method+" "+strings.TrimPrefix(r.URL.String(), "/AdminInterface/restapi")+" "+string(body))
				return false
			}})
			_, err := client.Users.Search(t.Context(), tc.like, tc.page)
			must(t, err)
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	tenant, client := newTenantClient(t) // with Ada in it
	all := []string{adaEmail}
	for i := range 59 {
		all = append(all, fmt.Sprintf("user%02d@example.com", i))
		tenant.AddUser(simulator.User{Email: all[i+1]})
		tenant.AddUser(simulator.User{Email: fmt.Sprintf("user%02d@example.net", i)})
	}
	for _, tc := range []struct {
		name  string
		like  string
		page  int
		want  []string
		pages int
	}{
		{"first page", "@example.com", 0, all[:25], 3},
		{"second page", "@example.com", 1, all[25:50], 3},
		{"last page", "@example.com", 2, all[50:], 3},
		{"beyond", "@example.com", 3, []string{}, 3},
		{"in capitals", "ADA@", 0, all[:1], 1},
		{"nobody", "@example.org", 0, []string{}, 0},
		{"there are no wildcards", "ada*", 0, []string{}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			page, err := client.Users.Search(t.Context(), tc.like, tc.page)
			must(t, err)
			got := []string{}
			for _, user := range page.Users {
				got = append(got, string(user.EmailAddress))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
			if page.TotalPages != tc.pages {
				t.Errorf("%d pages, want %d", page.TotalPages, tc.pages)
			}
		})
	}
}

// Search returns a user like a look-up, as far as its properties go.
func TestSearchElements(t *testing.T) {
	t.Parallel()
	tenant, client := newTenantClient(t)
	looked, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
	must(t, err)
	search := func() []*cloudadmin.User {
		t.Helper()
		page, err := client.Users.Search(t.Context(), adaEmail, 0)
		must(t, err)
		return page.Users
	}
	if diff := cmp.Diff([]*cloudadmin.User{looked}, search()); diff != "" {
		t.Errorf("search and look-up differ (-look-up +search):\n%s", diff)
	}

	for property, empty := range map[string]func(*cloudadmin.User){
		"userStatus":             func(u *cloudadmin.User) { u.UserStatus = "" },
		"markDeleted":            func(u *cloudadmin.User) { u.MarkDeleted = cloudadmin.Flag{} },
		"identitySource":         func(u *cloudadmin.User) { u.IdentitySource = "" },
		"lastSyncTime":           func(u *cloudadmin.User) { u.LastSyncTime = "" },
		"monthLastAuthenticated": func(u *cloudadmin.User) { u.MonthLastAuthenticated = "" },
		"firstName":              func(u *cloudadmin.User) { u.FirstName = "" },
	} {
		tenant.OmitFromSearch(property)
		want := *looked
		empty(&want)
		if diff := cmp.Diff([]*cloudadmin.User{&want}, search()); diff != "" {
			t.Errorf("without %s (-want +got):\n%s", property, diff)
		}
	}
	// A look-up by the address can still identify the user.
	tenant.OmitFromSearch("id")
	if got := search(); len(got) != 1 || got[0].ID != "" || !got[0].Incomplete() {
		t.Errorf("a user without an id: %+v", got)
	}
	tenant.OmitFromSearch("id", "emailAddress")
	if got := search(); len(got) != 0 {
		t.Errorf("there are users without an id and an address: %+v", got)
	}
}

func TestSearchAnswers(t *testing.T) {
	t.Parallel()
	const about = "POST /v2/users/search: "
	const countless = about + "the answer does not say how many users there are"
	const impossible, form = about + "the counts in the answer are impossible", about + "the answer is JSON, but not of the expected form"
	elements := func(n int) string { return strings.TrimSuffix(strings.Repeat(`{"id": "1"},`, n), ",") }
	for _, tc := range []struct {
		name, body   string
		pages, shown int
		want         string // the error
	}{
		{"as documented", `{"totalPages": 1, "totalElements": 2, "elements": [{"id": "1"}, {"id": "2"}]}`, 1, 2, ""},
		{"new property", `{"totalPages": 1, "totalElements": 1, "elements": [{"id": "1", "x": []}], "size": 25}`, 1, 1, ""},
		{"without ids", `{"totalPages": 1, "totalElements": 5, "elements": [null, {}, {"id": null}, {"id": ""}, {"id": "1"}]}`, 1, 1, ""},
		{"a full page", `{"totalPages": 1, "totalElements": 25, "elements": [` + elements(25) + `]}`, 1, 25, ""},
		{"one more than a page", `{"totalPages": 2, "totalElements": 26, "elements": [{"id": "1"}]}`, 2, 1, ""},
		// The number of pages is for the requested page size.
		{"smaller pages", `{"totalPages": 10, "totalElements": 100, "elements": [{"id": "1"}]}`, 4, 1, ""},
		{"pages alone", `{"totalPages": 7, "elements": []}`, 7, 0, ""},

		{"counted and not shown", `{"totalPages": 1, "totalElements": 7, "elements": []}`, 0, 0, about + "the answer counts 7 users, but has none on page 0"},
		{"no elements", `{"totalPages": 1, "totalElements": 7}`, 0, 0, about + "the answer counts 7 users, but has none on page 0"},
		{"no counts", `{"totalPages": null, "elements": []}`, 0, 0, countless},
		{"another form", `{"content": [{"id": "1"}]}`, 0, 0, countless},
		{"more than a page", `{"totalPages": 2, "totalElements": 26, "elements": [` + elements(26) + `]}`, 0, 0, impossible},
		{"negative pages", `{"totalPages": -1, "totalElements": 1, "elements": []}`, 0, 0, impossible},
		{"a total beyond everything", `{"totalPages": 1, "totalElements": 9223372036854775807, "elements": []}`, 0, 0, impossible},
		{"negative total", `{"totalPages": 1, "totalElements": -1, "elements": []}`, 0, 0, impossible},
		{"list", `[{"id": "1"}]`, 0, 0, form},
		{"text", `"ada"`, 0, 0, form},
		{"elements by id", `{"totalPages": 1, "totalElements": 1, "elements": {"1": {"id": "1"}}}`, 0, 0, form},
		{"elements that are not users", `{"totalPages": 1, "totalElements": 1, "elements": ["ada@example.com"]}`, 0, 0, form},
		{"an id of another type", `{"totalPages": 1, "totalElements": 1, "elements": [{"id": {"value": "1"}}]}`, 0, 0, form},
		{"totals in words", `{"totalPages": "one", "totalElements": "one", "elements": []}`, 0, 0, form},
		{"half a page", `{"totalPages": 0.5, "totalElements": 1, "elements": []}`, 0, 0, form},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(http.StatusOK, "application/json", tc.body))
			page, err := client.Users.Search(t.Context(), "@example.com", 0)
			if tc.want != "" {
				wantUnexpected(t, err, tc.want)
				if page != nil {
					t.Errorf("a page comes with the error: %+v", page)
				}
				return
			}
			must(t, err)
			if page.TotalPages != tc.pages || len(page.Users) != tc.shown {
				t.Errorf("%d pages, %d shown; want %d, %d", page.TotalPages, len(page.Users), tc.pages, tc.shown)
			}
		})
	}
}

func TestSearchRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		page      int
		respond   http.HandlerFunc // nil: the tenant itself
		status    int
		origin    cloudadmin.Origin
		predicate string
	}{
		{"400 of the tenant", -1, nil, 400, cloudadmin.OriginAPI, ""},
		{"400", 0, simulator.AnswerAPIError(400, "No."), 400, cloudadmin.OriginAPI, ""},
		{"403", 0, simulator.AnswerAPIError(403, "No."), 403, cloudadmin.OriginAPI, "Unauthorized"},
		{"403 of the filter", 0, simulator.AnswerFilterError(403, "No."), 403, cloudadmin.OriginFilter, "Unauthorized"},
		{"404 of a gateway", 0, simulator.AnswerRaw(404, "text/html", "<html>"), 404, cloudadmin.OriginGateway, ""},
		{"429", 0, simulator.AnswerTooManyRequests(""), 429, cloudadmin.OriginAPI, "Throttled"},
		{"500", 0, simulator.AnswerAPIError(500, "No."), 500, cloudadmin.OriginAPI, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tenant, client := newTenantClient(t)
			if tc.respond != nil {
				tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: tc.respond})
			}
			page, err := client.Users.Search(t.Context(), "@example.com", tc.page)
			var got *cloudadmin.Error
			if !errors.As(err, &got) || got.Status != tc.status || got.Origin != tc.origin || page != nil ||
				got.Method != http.MethodPost || got.Path != "/v2/users/search" || predicate(err) != tc.predicate {
				t.Errorf("got %v, %v (%q), want %d (%q)", page, err, predicate(err), tc.status, tc.predicate)
			}
			if n := tenant.Count(simulator.KindSearch); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// Names that differ only in case are other properties, whichever comes last.
func TestSearchPageWithNamesInAnotherCase(t *testing.T) {
	t.Parallel()
	client := newClientOf(t, simulator.AnswerRaw(200, "application/json", `{"totalPages": 1, "totalElements": 1, "TotalElements": 70, "TOTALPAGES": 3,
		"elements": [{"id": "1", "emailAddress": "ada@example.com"}], "Elements": null, "totalelements": null}`))
	page, err := client.Users.Search(t.Context(), "@", 0)
	must(t, err)
	if page.TotalUsers != 1 || page.TotalPages != 1 || len(page.Users) != 1 {
		t.Errorf("got %+v", page)
	}
}
