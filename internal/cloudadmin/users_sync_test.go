// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestSynchronize(t *testing.T) {
	t.Parallel()
	tenant, client := newTenantClient(t)
	must(t, tenant.LeaveDirectory(adaEmail))
	user, err := client.Users.Synchronize(t.Context(), adaID)
	must(t, err)
	if user.ID != adaID || user.UserStatus != cloudadmin.Disabled {
		t.Errorf("the answer is %+v, want Ada, Disabled", user)
	}
	requests := tenant.Requests()
	if len(requests) != 1 || requests[0].Kind != simulator.KindSync || requests[0].Body != "" ||
		requests[0].Path != "/AdminInterface/restapi/v1/users/"+adaID+"/sync" {
		t.Errorf("requests: %+v", requests)
	}
}

func TestSynchronizeRefusals(t *testing.T) {
	t.Parallel()
	_, client := newTenantClient(t)
	if _, err := client.Users.Synchronize(t.Context(), "nobody"); !cloudadmin.IsNotFound(err) {
		t.Errorf("an unknown id: %v", err)
	}
	if _, err := client.Users.Synchronize(t.Context(), ".."); err == nil {
		t.Error("an id that leads to another path is accepted")
	}
	another := newClientOf(t, simulator.AnswerRaw(200, "application/json", `{"id": "b", "userStatus": "Enabled"}`))
	_, err := another.Users.Synchronize(t.Context(), "a")
	wantUnexpected(t, err, `POST /v1/users/{id}/sync: asked about the user id a, the answer is about "b"`)
}
