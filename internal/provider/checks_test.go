// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// expectStatus checks the tenant, not the state.
func expectStatus(tenant *testTenant, address, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		user, ok := tenant.User(address)
		if !ok {
			return fmt.Errorf("the tenant has no user %s", address)
		}
		if user.Status != want {
			return fmt.Errorf("%s is %s in the tenant, want %s", address, user.Status, want)
		}
		return nil
	}
}

func expectNoResources(state *terraform.State) error {
	if n := len(state.RootModule().Resources); n != 0 {
		return fmt.Errorf("the state holds %d resources, want none", n)
	}
	return nil
}

// forUser matches requests about one user id.
func forUser(id string) func(*http.Request, []byte) bool {
	return func(r *http.Request, _ []byte) bool { return strings.Contains(r.URL.Path, id) }
}
