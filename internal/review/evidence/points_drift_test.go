// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

func TestPointsAboutWhatOthersDid(t *testing.T) {
	t.Parallel()
	wantPoints(t, map[string]pointCase{
		"a user who was changed by hand is a note with both statuses": {
			func(s *scene) {
				s.plan = func(p object) {
					p["resource_drift"] = []any{object{"address": "idplus_user_statuses.q4", "mode": "managed", "type": "idplus_user_statuses", "change": object{
						"actions": []any{"update"},
						"before":  object{"statuses": object{"ben@example.com": "Disabled", "eve@example.com": "Enabled", "gone@example.com": "Enabled"}},
						"after":   object{"statuses": object{"ben@example.com": "Enabled", "eve@example.com": "Enabled"}},
					}}}
				}
			},
			"note drift\n  ben@example.com: Disabled -> Enabled\nnote not_found\n  gone@example.com\n" + restored,
		},
		"a user who has left, is marked for deletion or is another person was not changed by hand": {
			func(s *scene) {
				s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
				s.person("ada@example.com").ID = "u9"
				s.person("eve@example.com").PendingDeletion = true
				s.plan = drifted(object{"cy@example.com": "Disabled", "ada@example.com": "Enabled", "eve@example.com": "Enabled"},
					object{"ada@example.com": "Disabled", "eve@example.com": "Disabled"}, nil)
			},
			"note another_person\n  ada@example.com: the address now belongs to another user, with the id u9\nnote left\n  Cy@example.com\n" +
				"note pending_deletion\n  eve@example.com\nnote joined\n  ada@example.com: Enabled\n" + restored,
		},
		"a user with another address was not changed by hand, and is managed under it": {
			func(s *scene) {
				s.person("ada@example.com").Email = "ada.king@example.com"
				s.plan = drifted(object{"ada@example.com": "Enabled"}, object{}, object{"ada@example.com": "u1"})
				s.resource = withBefore("ada@example.com", "u1")
			},
			"note renamed\n  ada@example.com is ada.king@example.com now (same id)\n" + restored,
		},
		"a user with another address is followed, also if the resource does not know the ids": {
			func(s *scene) {
				s.person("ada@example.com").Email = "ada.king@example.com"
				s.resource = func(r object) {
					withBefore("ada@example.com", "")(r)
					delete(in(r, "change", "after"), "ids")
				}
			},
			"note without_ids\nnote renamed\n  ada@example.com is ada.king@example.com now (same id)\n" + restored,
		},
		"a user with another address who was disabled by hand is both": {
			func(s *scene) {
				s.person("ada@example.com").Email = "ada.king@example.com"
				s.person("ada.king@example.com").Status = "Disabled"
				s.plan = drifted(object{"ada@example.com": "Enabled"}, object{}, object{"ada@example.com": "u1"})
			},
			"note drift\n  ada@example.com: Enabled -> Disabled\nnote held_back\n  ada@example.com: the address is now ada.king@example.com; Enabled in the roster, Disabled now: keep enables no user\n" +
				"note renamed\n  ada@example.com is ada.king@example.com now (same id)\n" + restored,
		},
		"a user who leaves the configuration beside a renamed user is let go of": {
			func(s *scene) {
				s.person("ada@example.com").Email = "ada.king@example.com"
				s.resource = withBefore("old@example.com", "u8")
			},
			"note let_go\n  old@example.com: idplus_user_statuses.q4\nnote renamed\n  ada@example.com is ada.king@example.com now (same id)\n" + restored,
		},
	})
}

// drifted gives a plan what its refresh found changed.
func drifted(before, after, ids object) func(object) {
	return func(p object) {
		p["resource_drift"] = []any{object{"address": "idplus_user_statuses.q4", "mode": "managed", "type": "idplus_user_statuses", "change": object{
			"actions": []any{"update"}, "before": object{"statuses": before, "ids": ids}, "after": object{"statuses": after, "ids": ids},
		}}}
	}
}

// withBefore adds an Enabled user to the state of the resource.
func withBefore(email, id string) func(object) {
	return func(r object) {
		before := in(r, "change", "before")
		in(before, "statuses")[email] = "Enabled"
		if id != "" {
			before["ids"] = object{email: id}
		}
	}
}
