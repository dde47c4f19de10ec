// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// TestWhatOthersDidBetweenPlanAndVerification is reported, and does not fail the
// verification.
func TestWhatOthersDidBetweenPlanAndVerification(t *testing.T) {
	t.Parallel()
	s := quarter().applied()
	s.after = append(slices.DeleteFunc(s.after, func(p review.Person) bool { return p.ID == "u5" }),
		review.Person{ID: "u9", Email: "ada@example.com", Status: "Enabled"})
	s.after[0].ID = "u8" // ada's address passed on twice, so that two have it
	personIn(s.after, "Cy@example.com").PendingDeletion = true
	personIn(s.after, "dee@example.com").Email = "diana@example.com"
	s.verify = func(p object) {
		updates(p, object{"ada@example.com": "Enabled", "eve@example.com": "Enabled", "Cy@example.com": "Disabled", "dee@example.com": "Enabled", "ben@example.com": "Disabled"})
	}
	e := s.evidence(t)
	want := restored + "note changed_since\n" +
		"  ada@example.com: no longer found by an email address: the address now belongs to another user, with the id u8\n" +
		"  Cy@example.com: marked for deletion in the tenant\n" +
		"  dee@example.com: the address is now diana@example.com\n" +
		"  eve@example.com: no longer found by an email address\n" +
		"note joined_after_plan\n  ada@example.com: Enabled\n  ada@example.com: Enabled\n" +
		"note follows_users\n" +
		"  Cy@example.com: no longer in idplus_user_statuses.q4, marked for deletion in the tenant\n" +
		"  ada@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address: the address now belongs to another user, with the id u8\n" +
		"  dee@example.com: no longer in idplus_user_statuses.q4, the address is now diana@example.com\n" +
		"  diana@example.com: new in idplus_user_statuses.q4, the address is now diana@example.com\n" +
		"  eve@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address\n"
	if diff := cmp.Diff(want, said(e)); diff != "" {
		t.Error(diff)
	}
	if e.Conclusion != AppliedAndVerified {
		t.Errorf("concluded %q", e.Conclusion)
	}
}

// TestWhatAPlanAfterTheApplyMayNotDo: it may only follow users.
func TestWhatAPlanAfterTheApplyMayNotDo(t *testing.T) {
	t.Parallel()
	before := func() object {
		return object{"ada@example.com": "Enabled", "ben@example.com": "Disabled", "Cy@example.com": "Disabled", "dee@example.com": "Enabled", "eve@example.com": "Enabled"}
	}
	for name, test := range map[string]struct {
		verify func(object)
		want   string
	}{
		"only the user who left": {func(p object) { updates(p, before()) }, "note follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address\n"},
		"a user who did not leave": {
			func(p object) {
				updates(p, before())
				delete(after(in(p, "resource_changes"), "statuses"), "ada@example.com")
			},
			"stop not_empty\n  idplus_user_statuses.q4: update\n",
		},
		"a change of another user": {
			func(p object) { b := before(); b["ada@example.com"] = "Disabled"; updates(p, b) }, "stop not_empty\n  idplus_user_statuses.q4: update\n",
		},
		"another setting of the resource": {
			func(p object) {
				updates(p, before())
				in(p, "resource_changes", "change", "after")["on_removal"] = "disable"
			},
			"stop not_empty\n  idplus_user_statuses.q4: update\n",
		},
		"a missing user of a resource that disables leavers": {
			func(p object) {
				updates(p, before())
				in(p, "resource_changes", "change", "before")["on_removal"], in(p, "resource_changes", "change", "after")["on_removal"] = "disable", "disable"
			},
			"note follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address\n",
		},
		"only the id of the user who left": {
			func(p object) {
				updates(p, object{"ada@example.com": "Enabled", "ben@example.com": "Disabled", "Cy@example.com": "Disabled", "dee@example.com": "Enabled"})
				in(p, "resource_changes", "change", "before")["ids"] = object{"eve@example.com": "u5"}
			},
			"note follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address\n",
		},
		"the id of a user who did not leave": {
			func(p object) {
				updates(p, before())
				in(p, "resource_changes", "change", "before")["ids"] = object{"ada@example.com": "u1"}
			},
			"stop not_empty\n  idplus_user_statuses.q4: update\n",
		},
		"other users who may change": {
			func(p object) {
				updates(p, before())
				in(p, "resource_changes", "change", "after")["may_change"] = []any{}
			},
			"note follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, no longer found by an email address\n",
		},
		"a replacement": {
			func(p object) {
				updates(p, before())
				in(p, "resource_changes", "change")["actions"] = []any{"delete", "create"}
			},
			"stop not_empty\n  idplus_user_statuses.q4: delete and create\n",
		},
		"the resource of the user who left": {
			func(p object) {
				in(p, "resource_changes", "change")["actions"] = []any{"no-op"}
				r := single("idplus_user_status.eve", "email", "eve@example.com", "u5", "Enabled")
				change(r)["actions"], change(r)["after"] = []any{"delete"}, nil
				add(p, "resource_changes", r)
			},
			"note follows_users\n  eve@example.com: no longer in idplus_user_status.eve, no longer found by an email address\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter().applied()
			s.after = slices.DeleteFunc(s.after, func(p review.Person) bool { return p.ID == "u5" })
			s.verify = test.verify
			var got strings.Builder
			for block := range strings.SplitSeq(said(s.evidence(t)), "\n") {
				if strings.HasPrefix(block, "note restored") || strings.HasPrefix(block, "note changed_since") || strings.HasPrefix(block, "  dee@") || block == "  eve@example.com: no longer found by an email address" {
					continue
				}
				got.WriteString(block + "\n")
			}
			if diff := cmp.Diff(test.want, strings.TrimSuffix(got.String(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAPlanAfterTheApplyThatWouldStillChangeAUser stops, also where others changed the user.
func TestAPlanAfterTheApplyThatWouldStillChangeAUser(t *testing.T) {
	t.Parallel()
	statuses := func(p object, side string) object { return in(p, "resource_changes", "change", side, "statuses") }
	for name, test := range map[string]struct {
		after  func(*review.Person)
		verify func(object)
		want   string
	}{
		"a user under another address": {
			func(p *review.Person) { p.Email = "eva@example.com" }, func(object) {},
			"note follows_users\n  eva@example.com: new in idplus_user_statuses.q4, the address is now eva@example.com\n  eve@example.com: no longer in idplus_user_statuses.q4, the address is now eva@example.com\n",
		},
		"a user under another address, and to be disabled": {
			func(p *review.Person) { p.Email = "eva@example.com" },
			func(p object) { statuses(p, "after")["eva@example.com"] = "Disabled" },
			"stop not_empty\n  idplus_user_statuses.q4: update (eva@example.com: Enabled -> Disabled)\nnote follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, the address is now eva@example.com\n",
		},
		"a user who is no longer certain": {
			func(p *review.Person) { p.Unsure = "look-up and search differ" }, func(object) {},
			"note follows_users\n  eve@example.com: no longer in idplus_user_statuses.q4, look-up and search differ\n",
		},
		"a user who is marked for deletion, of a resource that disables leavers": {
			func(p *review.Person) { p.PendingDeletion = true },
			func(p object) {
				for _, side := range []string{"before", "after"} {
					in(p, "resource_changes", "change", side)["on_removal"] = "disable"
				}
			},
			"stop not_empty\n  idplus_user_statuses.q4: update (eve@example.com would be disabled)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter().applied()
			test.after(personIn(s.after, "eve@example.com"))
			s.verify = func(p object) {
				before := object{"eve@example.com": "Enabled"}
				for address, status := range statuses(p, "after") {
					if address != "eva@example.com" {
						before[address] = status
					}
				}
				updates(p, before)
				test.verify(p)
			}
			got := said(s.evidence(t))
			got = strings.Replace(got, restored, "", 1)
			if at := strings.Index(got, "note changed_since\n  eve@example.com: "); at >= 0 {
				end := at + len("note changed_since\n")
				end += strings.Index(got[end:], "\n") + 1
				got = got[:at] + got[end:]
			} else {
				t.Error("what others did is not reported")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// updates makes the resource of a plan after the apply an update of the state.
func updates(p, before object) {
	c := in(p, "resource_changes", "change")
	c["actions"] = []any{"update"}
	in(c, "before")["statuses"], in(c, "before")["ids"] = before, object{}
	in(c, "after")["ids"] = object{}
}

func TestWhoJoinedIsNotKnownWithoutSearch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		planned, after bool
		want           string
	}{
		"neither":                  {false, false, "note population_incomplete\n" + restored + "note seen_after_plan\n  new@example.com: Enabled\nnote verified_population_incomplete\n"},
		"the plan":                 {false, true, "note population_incomplete\n" + restored + "note seen_after_plan\n  new@example.com: Enabled\n"},
		"the plan after the apply": {true, false, restored + "note joined_after_plan\n  new@example.com: Enabled\nnote verified_population_incomplete\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter().applied()
			s.after = append(s.after, review.Person{ID: "u9", Email: "new@example.com", Status: "Enabled"})
			s.source = func(v object) { v["complete"] = test.planned }
			s.verify = func(p object) { sourceOf(p)["complete"] = test.after }
			e := s.evidence(t)
			if diff := cmp.Diff(test.want, said(e)); diff != "" {
				t.Error(diff)
			}
			if e.JoinedUnknown == test.planned || e.JoinedAfterUnknown == test.after {
				t.Errorf("not known: %v, %v", e.JoinedUnknown, e.JoinedAfterUnknown)
			}
		})
	}
}
