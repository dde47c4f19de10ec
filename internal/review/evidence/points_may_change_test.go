// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "testing"

func TestPointsAboutWhoMayChange(t *testing.T) {
	t.Parallel()
	// names sets may_change; case does not count in it.
	names := func(addresses ...any) func(*scene) {
		return func(s *scene) {
			s.resource = func(r object) { in(r, "change", "after")["may_change"] = append([]any{}, addresses...) }
		}
	}
	// single moves ada from the map to a resource of one user.
	single := func(address, action string) func(*scene) {
		return func(s *scene) {
			s.plan = func(p object) {
				delete(in(p, "resource_changes", "change", "after", "statuses"), "ada@example.com")
				delete(in(p, "resource_changes", "change", "before", "statuses"), "ada@example.com")
				add(p, "resource_changes", object{"address": address, "mode": "managed", "type": "idplus_user_status", "change": object{
					"actions": []any{action}, "after": object{"email": "ada@example.com", "id": "u1", "status": "Enabled"},
				}})
			}
		}
	}
	wantPoints(t, map[string]pointCase{
		"those who change are fine": {names("DEE@example.com", "ben@example.com"), restored},
		"a resource that may change any user is a note": {
			func(s *scene) { s.resource = func(r object) { delete(in(r, "change", "after"), "may_change") } },
			"note without_may_change\n  idplus_user_statuses.q4\n" + restored,
		},
		"a user who may change and does not is a stop": {
			names("DEE@example.com", "ben@example.com", "ada@example.com"),
			"stop may_change_differs\n  ada@example.com: in may_change of idplus_user_statuses.q4, and does not change\n" + restored,
		},
		"users who change and may not are a stop": {
			names(),
			"stop may_change_differs\n  ben@example.com: changes, and is not in may_change of idplus_user_statuses.q4\n" +
				"  dee@example.com: changes, and is not in may_change of idplus_user_statuses.q4\n" + restored,
		},
		"what a resource without a change has is over": {
			func(s *scene) {
				s.person("ben@example.com").Status, s.person("dee@example.com").Status = "Disabled", "Enabled"
				names("ben@example.com", "dee@example.com")(s)
			},
			"",
		},
		"resources of single users are one note for each block": {
			single(`module.m["x"].idplus_user_status.by["ada@example.com"]`, "create"),
			"note without_may_change\n  module.m[\"x\"].idplus_user_status.by\n" + restored,
		},
		"a single user who is there and stays is none": {single("idplus_user_status.ada", "no-op"), restored},
	})
}
