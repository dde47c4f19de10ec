// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.call("POST", "/v1/users/lookup", lookUpAda)
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`)
	c.call("POST", "/v2/users/search?pageSize=3", `{"emailLike":"a"}`)
	c.call("PUT", "/v1/users/1/markDeleted", `{"markDeleted":false}`)
	c.call("POST", "/v1/users/1/sync", ``)
	c.call("GET", "/v1/users/lookup", ``)
	c.token = "wrong"
	c.call("POST", "/v1/users/lookup", `{"username":"ada"}`)
	c.postForm(nil)

	const base = "/AdminInterface/restapi"
	want := []simulator.Request{
		{Kind: "lookup", Method: "POST", Path: base + "/v1/users/lookup", Address: "ada@example.com", Body: lookUpAda, Status: 200},
		{Kind: "status", Method: "PUT", Path: base + "/v1/users/1/userStatus", UserID: "1", Body: `{"userStatus":"Disabled"}`, Status: 200},
		{Kind: "search", Method: "POST", Path: base + "/v2/users/search", Query: "pageSize=3", Body: `{"emailLike":"a"}`, Status: 200},
		{Kind: "mark_deleted", Method: "PUT", Path: base + "/v1/users/1/markDeleted", UserID: "1", Body: `{"markDeleted":false}`, Status: 409},
		{Kind: "sync", Method: "POST", Path: base + "/v1/users/1/sync", UserID: "1", Status: 200},
		{Kind: "other", Method: "GET", Path: base + "/v1/users/lookup", Status: 405},
		{Kind: "lookup", Method: "POST", Path: base + "/v1/users/lookup", Address: "ada", Body: `{"username":"ada"}`, Status: 403},
		{Kind: "token", Method: "POST", Path: "/oauth/token", Status: 400},
	}
	if diff := cmp.Diff(want, c.tenant.Requests(), cmpopts.IgnoreFields(simulator.Request{}, "At")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if got := c.tenant.Count(simulator.KindLookup); got != 2 {
		t.Errorf("%d look-ups, want 2", got)
	}
	if c.tenant.Connections() == 0 {
		t.Error("no connection was counted")
	}
	c.tenant.ResetCounts()
	if len(c.tenant.Requests()) != 0 || c.tenant.Count(simulator.KindLookup) != 0 || c.tenant.Connections() != 0 {
		t.Error("something remains after the reset")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	lookUp := func() reply { t.Helper(); return c.call("POST", "/v1/users/lookup", lookUpAda) }

	c.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 2, Respond: simulator.AnswerTooManyRequests("7")})
	for range 2 {
		got := lookUp()
		got.want(t, 429, `"code":"429 TOO_MANY_REQUESTS"`)
		if got.header.Get("Retry-After") != "7" {
			t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
		}
	}
	lookUp().want(t, 200, "ada")
	if count, refused := c.tenant.Count(simulator.KindLookup), c.tenant.Refused(simulator.KindLookup); count != 3 || refused != 2 {
		t.Errorf("%d look-ups, %d refused; want 3 and 2", count, refused)
	}

	remove := c.tenant.Inject(simulator.Fault{Respond: simulator.AnswerRaw(504, "text/html", "<html>")})
	lookUp().want(t, 504, "<html>")
	c.call("POST", "/v2/users/search", `{"emailLike":"a"}`).want(t, 504, "<html>")
	remove()
	remove()
	lookUp().want(t, 200, "ada")

	remove = c.tenant.Inject(simulator.Fault{
		Match: func(r *http.Request, body []byte) bool {
			return r.Method == http.MethodPost && bytes.Contains(body, []byte("ben@"))
		},
	})
	lookUp().want(t, 200, "ada")
	c.call("POST", "/v1/users/lookup", `{"email":"ben@example.com"}`).want(t, 500, `"500 INTERNAL_SERVER_ERROR"`)
	remove()

	c.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Times: 1, Respond: simulator.AnswerFilterError(403, "Invalid audience")})
	c.call("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`).want(t, 403, "Invalid audience")
	if got := c.stored("ada@example.com").Status; got != simulator.Enabled {
		t.Errorf("the tenant did the work despite the fault: %s", got)
	}
}

func TestFaultAfterTheWork(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	c.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, After: true, Times: 1, Respond: simulator.CutConnection})
	response, err := http.DefaultClient.Do(c.request("PUT", "/v1/users/1/userStatus", `{"userStatus":"Disabled"}`))
	if err == nil {
		_ = response.Body.Close()
		t.Fatalf("got an answer, %s, through a cut connection", response.Status)
	}
	if got := c.stored("ada@example.com").Status; got != simulator.Disabled {
		t.Errorf("the work was not done: %s", got)
	}
	if got := c.tenant.Requests()[0].Status; got != 0 {
		t.Errorf("logged as answered with %d", got)
	}
}

func TestLoseAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		instead http.HandlerFunc
		status  int // 0: no answer
		body    string
	}{
		"cut":         {nil, 0, ""},
		"500":         {simulator.AnswerAPIError(500, "No."), 500, `{"code":"500 INTERNAL_SERVER_ERROR","description":"No."}` + "\n"},
		"empty 200":   {simulator.AnswerEmpty(200), 200, ""},
		"204":         {simulator.AnswerEmpty(204), 204, ""},
		"half of it":  {simulator.AnswerRaw(200, "application/json", `{"id":`), 200, `{"id":`},
		"never comes": {simulator.HoldAnswer, 0, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			instead := test.instead
			if name == "never comes" {
				instead = func(w http.ResponseWriter, r *http.Request) {
					cancel() // the client's patience ends
					test.instead(w, r)
				}
			}
			remove := c.tenant.LoseAnswers(simulator.KindStatus, 0, instead)
			if test.status != 0 {
				if got := c.putStatus("1", disable); got.status != test.status || got.body != test.body {
					t.Errorf("got %d %q, want %d %q", got.status, got.body, test.status, test.body)
				}
			} else {
				request := c.request("PUT", "/v1/users/1/userStatus", disable).WithContext(ctx)
				if response, err := http.DefaultClient.Do(request); err == nil {
					_ = response.Body.Close()
					t.Errorf("answered with %s", response.Status)
				}
			}
			if got := c.stored("ada@example.com").Status; got != simulator.Disabled {
				t.Errorf("the work was not done: %s", got)
			}
			if got := c.tenant.Requests()[0].Status; got != test.status {
				t.Errorf("logged as answered with %d, want %d", got, test.status)
			}
			remove()
			c.putStatus("1", disable).want(t, 200, "Disabled")
			c.tenant.LoseAnswers(simulator.KindStatus, 1, simulator.AnswerEmpty(204))
			c.putStatus("1", enable).want(t, 204, "")
			c.putStatus("1", enable).want(t, 200, "Enabled")
		})
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	c.tenant.SetLatency(30 * time.Millisecond)
	start := time.Now()
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada")
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("took %s", took)
	}

	c.tenant.SetLatency(time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	response, err := http.DefaultClient.Do(c.request("POST", "/v1/users/lookup", lookUpAda).WithContext(ctx))
	if err == nil {
		_ = response.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended with %v", err)
	}
}
