// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	for _, path := range []string{
		"", "/", "/v1/users/1", "/v2/users/lookup", "/v1/users/search", "/v1/users/sync", "/v1/v1/users/lookup",
		"//v1/users/lookup", "/v1/users/lookup/", "/v1/users/1/userStatus/", "/v1/users/1/devices",
	} {
		got := c.call("POST", path, `{}`)
		got.want(t, 404, `"error":"Not Found"`)
		object := got.object(t)
		if object["path"] != "/AdminInterface/restapi"+path || object["status"] != 404.0 || object["timestamp"] == nil {
			t.Errorf("%s: the answer is not in Spring's shape: %s", path, got.body)
		}
	}
	for path, allowed := range map[string]string{
		"/v1/users/lookup": "POST", "/v2/users/search": "POST", "/v1/users/1/sync": "POST",
		"/v1/users/1/userStatus": "PUT", "/v1/users/1/markDeleted": "PUT",
	} {
		got := c.call(http.MethodPatch, path, `{}`)
		got.want(t, 405, `"status":405,"error":"Method Not Allowed"`)
		if got.header.Get("Allow") != allowed {
			t.Errorf("%s: Allow is %q, want %q", path, got.header.Get("Allow"), allowed)
		}
	}
	if got := c.tenant.Count(simulator.KindOther); got != 16 {
		t.Errorf("%d requests counted as other, want 16", got)
	}
}
