// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "testing"

func TestPointsAboutThePlan(t *testing.T) {
	t.Parallel()
	wantPoints(t, map[string]pointCase{
		"a resource with other statuses than the data source's stops the review": {
			func(s *scene) {
				s.resource = func(r object) {
					after(r, "statuses")["ada@example.com"] = "Disabled"
					delete(after(r, "statuses"), "eve@example.com")
					after(r, "statuses")["zoe@example.com"] = "Disabled"
				}
			},
			"stop plan_differs\n  ada@example.com: Enabled by the review, Disabled in idplus_user_statuses.q4\n" +
				"  eve@example.com: Enabled by the review, but in no resource\n" +
				"  zoe@example.com: Disabled in idplus_user_statuses.q4, but not wanted by the review\n" +
				"note let_go\n  eve@example.com: idplus_user_statuses.q4\n" + restored,
		},
		"a resource about another person stops the review": {
			func(s *scene) { s.resource = func(r object) { after(r, "ids")["ben@example.com"] = "u99" } },
			"stop other_id\n  ben@example.com: u2 by the review, u99 in idplus_user_statuses.q4\n" + restored,
		},
		"a resource without ids is a note": {
			func(s *scene) { s.resource = func(r object) { delete(in(r, "change", "after"), "ids") } },
			"note without_ids\n" + restored,
		},
		"a plan that uses an old state stops the review": {
			func(s *scene) {
				s.resource = func(r object) { in(r, "change", "before", "statuses")["ben@example.com"] = "Disabled" }
			},
			"stop state_differs\n  ben@example.com: Disabled in the state, Enabled in the tenant\n" + restored,
		},
		"a plan whose log shows no refresh stops the review": {
			func(s *scene) {
				s.planLog = logOf(s.planAt, started, `"type":"change_summary","changes":{"operation":"plan"}`)
			},
			"stop not_refreshed\n  idplus_user_statuses.q4\n" + restored,
		},
		"a plan whose log shows the refresh is fine": {
			func(s *scene) {
				s.planLog = logOf(s.planAt, started, `"type":"refresh_start","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`)
			},
			restored,
		},
		"no resource stops the review": {
			func(s *scene) { s.plan = func(p object) { delete(p, "resource_changes") } },
			"stop no_resource\n" + restored,
		},
		"an address in two resources stops the review": {
			func(s *scene) {
				s.plan = func(p object) {
					add(p, "resource_changes", single("idplus_user_status.ada", "email", "ADA@example.com", "u1", "Enabled"))
				}
			},
			"stop in_two_resources\n  ADA@example.com: idplus_user_statuses.q4, idplus_user_status.ada\n" + restored,
		},
		"a user in a resource by username belongs to the review": {
			func(s *scene) {
				s.plan = func(p object) {
					delete(after(in(p, "resource_changes"), "statuses"), "ada@example.com")
					add(p, "resource_changes", single("idplus_user_status.ada", "username", "ada", "u1", "Enabled"))
				}
			},
			restored,
		},
		"a resource that is replaced stops the review": {
			func(s *scene) { s.resource = func(r object) { change(r)["actions"] = []any{"delete", "create"} } },
			"stop resource_ends\n  idplus_user_statuses.q4: delete and create\n" + restored,
		},
		"a resource that is destroyed stops the review": {
			func(s *scene) {
				s.resource = func(r object) { change(r)["actions"], change(r)["after"] = []any{"delete"}, nil }
			},
			"stop resource_ends\n  idplus_user_statuses.q4: delete\n" + restored,
		},
		"a resource that is forgotten stops the review": {
			func(s *scene) {
				s.resource = func(r object) { change(r)["actions"], change(r)["after"] = []any{"forget"}, nil }
			},
			"stop resource_ends\n  idplus_user_statuses.q4: forget\n" + restored,
		},
		"a user who leaves a map that disables stops the review": {
			func(s *scene) {
				s.resource = func(r object) {
					in(r, "change", "before", "statuses")["old@example.com"] = "Enabled"
					in(r, "change", "after")["on_removal"] = "disable"
				}
			},
			"stop disabled_on_removal\n  old@example.com: idplus_user_statuses.q4\n" + restored,
		},
		"a resource of a user who leaves is let go of": {
			func(s *scene) { s.plan = func(p object) { add(p, "resource_changes", leaving("delete", "retain")) } },
			"note let_go\n  old@example.com: idplus_user_status.old\n" + restored,
		},
		"a resource that disables the user who leaves stops the review": {
			func(s *scene) { s.plan = func(p object) { add(p, "resource_changes", leaving("delete", "disable")) } },
			"stop disabled_on_removal\n  old@example.com: idplus_user_status.old\n" + restored,
		},
		"a resource that is forgotten disables no user": {
			func(s *scene) { s.plan = func(p object) { add(p, "resource_changes", leaving("forget", "disable")) } },
			"note let_go\n  old@example.com: idplus_user_status.old\n" + restored,
		},
		"a plan that only lets go stops the review": {
			func(s *scene) { s.plan = func(p object) { p["resource_changes"] = []any{leaving("delete", "retain")} } },
			"stop no_resource\nnote let_go\n  old@example.com: idplus_user_status.old\n" + restored,
		},
		"a plan that uses an old state without ids stops the review": {
			func(s *scene) {
				s.resource = func(r object) {
					delete(in(r, "change", "after"), "ids")
					in(r, "change", "before", "statuses")["ben@example.com"] = "Disabled"
				}
			},
			"stop state_differs\n  ben@example.com: Disabled in the state, Enabled in the tenant\nnote without_ids\n" + restored,
		},
		"other resources that change are a note": {
			func(s *scene) {
				s.plan = func(p object) {
					add(p, "action_invocations", object{"address": "action.idplus_user_mark_deleted.x"})
					add(p, "resource_changes", object{"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "change": object{"actions": []any{"create"}}},
						object{"address": "terraform_data.y", "mode": "managed", "type": "terraform_data", "change": object{"actions": []any{"no-op"}}},
						object{"address": "data.http.z", "mode": "data", "type": "http", "change": object{"actions": []any{"read"}}})
				}
			},
			"note other_resources\n  terraform_data.x: create\n  action.idplus_user_mark_deleted.x: invoked\n" + restored,
		},
		"a plan with -target is a note": {
			func(s *scene) { s.plan = func(p object) { p["complete"] = false } },
			"note plan_incomplete\n" + restored,
		},
		"a check that failed is a note": {
			func(s *scene) {
				s.plan = func(p object) {
					p["checks"] = []any{
						object{"address": object{"to_display": "check.population"}, "status": "fail", "instances": []any{object{"problems": []any{object{"message": "two joined"}}}}},
						object{"address": object{"to_display": "check.fine"}, "status": "pass"},
					}
				}
			},
			"note check_failed\n  check.population: two joined\n" + restored,
		},
	})
}

func change(resource object) object { return in(resource, "change") }

// after returns a map of the resource after the plan.
func after(resource object, attribute string) object {
	return in(resource, "change", "after", attribute)
}

// set changes attributes of a verdict.
func set(source object, address string, to object) {
	v := in(source, "verdicts", address)
	for name, value := range to {
		v[name] = value
	}
}

// single returns a resource of one user that does not change.
func single(address, by, who, id, status string) object {
	values := object{by: who, "id": id, "status": status}
	return object{"address": address, "mode": "managed", "type": "idplus_user_status", "change": object{"actions": []any{"no-op"}, "before": values, "after": values}}
}

// leaving returns a resource of one user who leaves the configuration.
func leaving(action, onDestroy string) object {
	r := single("idplus_user_status.old", "email", "old@example.com", "u0", "Enabled")
	in(r, "change", "before")["on_destroy"] = onDestroy
	in(r, "change")["actions"], in(r, "change")["after"] = []any{action}, nil
	return r
}
