// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/json"
	"net/http"
)

const markDeletedPattern = "/v1/users/{id}/markDeleted"

// MarkDeleted marks the user with that id for deletion, seven days later, or removes the
// mark. The error satisfies IsConflict if the user to mark is not disabled or is already
// marked, or if there is no mark to remove; and IsMethodNotAllowed for users of
// SCIM-managed identity sources.
func (u Users) MarkDeleted(ctx context.Context, id string, marked bool) error {
	path, err := userPath(markDeletedPattern, id)
	if err != nil {
		return err
	}
	// The body of a success is not documented: it may be empty, or the user.
	var body json.RawMessage
	question := map[string]bool{"markDeleted": marked}
	if err := u.client.change(ctx, call{method: http.MethodPut, pattern: markDeletedPattern, path: path, question: question}, &body); err != nil {
		return err
	}
	var answer struct {
		otherSpellings
		ID          identifier `json:"id"`
		MarkDeleted Flag       `json:"markDeleted"`
	}
	_ = json.Unmarshal(body, &answer) // Any other body says nothing.
	if answer.ID != "" {
		if err := refuseAnother(http.MethodPut, markDeletedPattern, id, string(answer.ID)); err != nil {
			return uncertain(err)
		}
	}
	if answer.MarkDeleted.Value != nil && *answer.MarkDeleted.Value != marked {
		return uncertain(unexpected(http.MethodPut, markDeletedPattern, "the request asked for markDeleted %t, but the answer has %t", marked, !marked))
	}
	return nil
}
