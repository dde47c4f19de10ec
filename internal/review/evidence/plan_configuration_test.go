// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "testing"

func TestDataSourceAndResourcesHaveOneProvider(t *testing.T) {
	t.Parallel()
	root := func(p object) object { return in(p, "configuration", "root_module") }
	configured := func(address, provider string) object {
		return object{"address": address, "mode": "managed", "type": "idplus_user_status", "provider_config_key": provider}
	}
	wantPoints(t, map[string]pointCase{
		"a resource with another provider block stops the review": {
			func(s *scene) {
				s.plan = func(p object) { in(root(p), "resources")["provider_config_key"] = "idplus.other" }
			},
			"stop other_provider\n  idplus_user_statuses.q4: idplus.other, and data.idplus_access_review.q4 reads with idplus\n" + restored,
		},
		"a resource of a module with another provider block stops the review": {
			func(s *scene) {
				s.plan = func(p object) {
					root(p)["module_calls"] = object{"a": object{"module": object{"module_calls": object{"b": object{"module": object{"resources": []any{configured("idplus_user_status.x", "module.a.b:idplus")}}}}}}}
				}
			},
			"stop other_provider\n  module.a.module.b.idplus_user_status.x: module.a.b:idplus, and data.idplus_access_review.q4 reads with idplus\n" + restored,
		},
		"a module with the same provider block is fine": {
			func(s *scene) {
				s.plan = func(p object) {
					root(p)["module_calls"] = object{"a": object{"module": object{"resources": []any{configured("idplus_user_status.x", "idplus")}}}}
				}
			},
			restored,
		},
		"other types may have other provider blocks": {
			func(s *scene) {
				s.plan = func(p object) {
					add(root(p), "resources", object{"address": "terraform_data.x", "mode": "managed", "type": "terraform_data", "provider_config_key": "terraform"},
						object{"address": "data.idplus_user.x", "mode": "data", "type": "idplus_user", "provider_config_key": "idplus.other"})
				}
			},
			restored,
		},
		"a plan whose configuration does not name the data source stops the review": {
			func(s *scene) {
				s.plan = func(p object) {
					root(p)["resources"] = []any{in(root(p), "resources")}
				}
			},
			"stop other_provider\n  idplus_user_statuses.q4: idplus, and no data source idplus_access_review is in the configuration\n" + restored,
		},
		"a plan without its configuration stops the review": {
			func(s *scene) { s.plan = func(p object) { delete(p, "configuration") } },
			"stop other_provider\n" + restored,
		},
	})
}
