// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestMarkDeleted(t *testing.T) {
	t.Parallel()
	tenant, client := newTenantClient(t)
	if err := client.Users.MarkDeleted(t.Context(), adaID, true); !cloudadmin.IsConflict(err) {
		t.Errorf("marking an enabled user: %v", err)
	}
	must(t, client.Users.SetStatus(t.Context(), adaID, cloudadmin.Disabled))
	for _, marked := range []bool{true, false} {
		tenant.ResetCounts()
		must(t, client.Users.MarkDeleted(t.Context(), adaID, marked))
		if ada, _ := tenant.User(adaEmail); ada.MarkDeleted != marked {
			t.Errorf("marked is %t, want %t", ada.MarkDeleted, marked)
		}
		want := `{"markDeleted":false}`
		if marked {
			want = `{"markDeleted":true}`
		}
		if requests := tenant.Requests(); len(requests) != 1 || requests[0].Kind != simulator.KindMarkDeleted || requests[0].Body != want {
			t.Errorf("requests: %+v, want one with %s", requests, want)
		}
		if err := client.Users.MarkDeleted(t.Context(), adaID, marked); !cloudadmin.IsConflict(err) {
			t.Errorf("the same again: %v", err)
		}
	}
}

// The body of a success is not documented.
func TestMarkDeletedAnswers(t *testing.T) {
	t.Parallel()
	const about = "PUT /v1/users/{id}/markDeleted: "
	for _, tc := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"the user", `{"id": "a", "markDeleted": true}`, 200, ""},
		{"the mark alone", `{"markDeleted": true}`, 200, ""},
		{"quoted", `{"markDeleted": "true"}`, 200, ""},
		{"an empty object", `{}`, 200, ""},
		{"a list", `[]`, 200, ""},
		{"nothing", "", 200, ""},
		{"no content", "", 204, ""},
		{"another user", `{"id": "b", "markDeleted": true}`, 200, about + `asked about the user id a, the answer is about "b"`},
		{"not done", `{"id": "a", "markDeleted": false}`, 200, about + "the request asked for markDeleted true, but the answer has false"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(tc.status, "application/json", tc.body))
			err := client.Users.MarkDeleted(t.Context(), "a", true)
			if tc.want == "" {
				must(t, err)
				return
			}
			wantUnexpected(t, err, tc.want)
		})
	}
	page := newClientOf(t, simulator.AnswerRaw(200, "text/html", "<html></html>"))
	if err := page.Users.MarkDeleted(t.Context(), "a", true); err == nil {
		t.Error("an HTML page counts as a success")
	}
}
