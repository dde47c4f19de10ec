// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"net/http"
)

const syncPattern = "/v1/users/{id}/sync"

// Synchronize makes the tenant synchronize the user with that id from the identity source,
// and returns the user's details afterwards. It can enable or disable the user.
func (u Users) Synchronize(ctx context.Context, id string) (*User, error) {
	path, err := userPath(syncPattern, id)
	if err != nil {
		return nil, err
	}
	user := new(User)
	if err := u.client.change(ctx, call{method: http.MethodPost, pattern: syncPattern, path: path}, user); err != nil {
		return nil, err
	}
	if err := refuseAnother(http.MethodPost, syncPattern, id, user.ID); err != nil {
		return nil, uncertain(err)
	}
	return user, nil
}
