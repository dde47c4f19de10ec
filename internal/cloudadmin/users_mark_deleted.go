// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/json"
	"net/http"
)

const markDeletedPattern = "/v1/users/{id}/markDeleted"

// MarkDeleted marks the user with that id for deletion, seven days later, or takes
// the mark back. A user who is not disabled cannot be marked, nor one who is
// already, nor the mark taken from one who is not: an error for which IsConflict
// holds. For users of SCIM-managed identity sources IsMethodNotAllowed holds.
func (u Users) MarkDeleted(ctx context.Context, id string, marked bool) error {
	path, err := userPath(markDeletedPattern, id)
	if err != nil {
		return err
	}
	// What a success answers is not documented: nothing, or perhaps the user.
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
	_ = json.Unmarshal(body, &answer) // What is no such object tells nothing.
	if answer.ID != "" {
		if err := refuseAnother(http.MethodPut, markDeletedPattern, id, string(answer.ID)); err != nil {
			return uncertain(err)
		}
	}
	if answer.MarkDeleted.Value != nil && *answer.MarkDeleted.Value != marked {
		return uncertain(unexpected(http.MethodPut, markDeletedPattern, "asked for markDeleted %t, the answer says %t", marked, !marked))
	}
	return nil
}
