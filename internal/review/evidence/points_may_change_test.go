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
	// move moves a user from the map to a resource of one user.
	move := func(p object, email, id, address, action string) {
		delete(in(p, "resource_changes", "change", "after", "statuses"), email)
		delete(in(p, "resource_changes", "change", "before", "statuses"), email)
		add(p, "resource_changes", object{"address": address, "mode": "managed", "type": "idplus_user_status", "change": object{
			"actions": []any{action}, "after": object{"email": email, "id": id, "status": "Enabled"},
		}})
	}
	single := func(address, action string) func(*scene) {
		return func(s *scene) {
			s.plan = func(p object) { move(p, "ada@example.com", "u1", address, action) }
		}
	}
	wantPoints(t, map[string]pointCase{
		"those who change are fine": {names("DEE@example.com", "ben@example.com"), restored},
		"a map that may change any user is a stop": {
			func(s *scene) { s.resource = func(r object) { delete(in(r, "change", "after"), "may_change") } },
			"stop without_may_change\n  idplus_user_statuses.q4\n" + restored,
		},
		"a map that may change any user, and changes none, is a note": {
			func(s *scene) {
				s.person("ben@example.com").Status, s.person("dee@example.com").Status = "Disabled", "Enabled"
				s.resource = func(r object) { delete(in(r, "change", "after"), "may_change") }
			},
			"note without_may_change\n  idplus_user_statuses.q4\n",
		},
		"a user who may change and does not is a stop": {
			names("DEE@example.com", "ben@example.com", "ada@example.com"),
			"stop may_change_differs\n  ada@example.com: in may_change of idplus_user_statuses.q4, but does not change\n" + restored,
		},
		"users who change and may not are a stop": {
			names(),
			"stop may_change_differs\n  ben@example.com: changes, but is not in may_change of idplus_user_statuses.q4\n" +
				"  dee@example.com: changes, but is not in may_change of idplus_user_statuses.q4\n" + restored,
		},
		"may_change of a resource without a change does not count": {
			func(s *scene) {
				s.person("ben@example.com").Status, s.person("dee@example.com").Status = "Disabled", "Enabled"
				names("ben@example.com", "dee@example.com")(s)
			},
			"",
		},
		"new resources of single users are one stop for each block": {
			single(`module.m["x"].idplus_user_status.by["ada@example.com"]`, "create"),
			"stop without_may_change\n  module.m[\"x\"].idplus_user_status.by\n" + restored,
		},
		"an existing single user who is updated is a note": {
			single("idplus_user_status.ada", "update"),
			"note without_may_change\n  idplus_user_status.ada\n" + restored,
		},
		"a block of single users with one created and one updated is only a stop": {
			func(s *scene) {
				s.plan = func(p object) {
					move(p, "ada@example.com", "u1", `idplus_user_status.by["ada"]`, "create")
					move(p, "eve@example.com", "u5", `idplus_user_status.by["eve"]`, "update")
				}
			},
			"stop without_may_change\n  idplus_user_status.by\n" + restored,
		},
		"an existing single user who stays is not a note": {single("idplus_user_status.ada", "no-op"), restored},
	})
}
