// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const benShouted = "BEN@example.com"

// In a tenant that compares case, another spelling is another person.
func TestAnotherSpellingIsAnotherPersonWhereSearchShowsBoth(t *testing.T) {
	t.Parallel()
	for _, first := range []string{benEmail, benShouted} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			ids := map[string]string{benEmail: "small", benShouted: "large"}
			second := benShouted
			if first == benShouted {
				second = benEmail
			}
			r := newRun(t)
			must(t, r.tenant.SetTemperament("compare-case", "on"))
			r.tenant.AddUser(simulator.User{ID: ids[first], Email: first})
			r.tenant.AddTwin(simulator.User{ID: ids[second], Email: second})
			r.add(adaEmail)
			for asked, id := range ids {
				one := r.search(asked, adaEmail)[keyOf(asked)]
				if one.User == nil || one.User.ID != id || one.Shown.ID != id {
					t.Errorf("%s is %+v, want the user %s", asked, one, id)
				}
			}
			r.wantLookups(benEmail, benShouted)

			// Without search, each spelling is looked up.
			r = r.nextRun()
			for asked, id := range ids {
				if one := r.lookUpOne(asked); one.User == nil || one.User.ID != id {
					t.Errorf("%s is %+v, want the user %s", asked, one, id)
				}
			}
			r.wantLookups(benEmail, benShouted)
		})
	}
}

// A look-up that ignores case returns one of the two.
func TestTheUserOfTheOtherSpellingIsAnother(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	r.tenant.AddUser(simulator.User{ID: "large", Email: benShouted})
	r.tenant.AddTwin(simulator.User{ID: "small", Email: benEmail})
	r.add(adaEmail)
	r.wantFound(r.search(benEmail, adaEmail)[keyOf(benEmail)], "user -, shown small, twins large+small, another large")
}

// None of several spellings is the configuration's: the configured one is looked up.
func TestNoneOfSeveralSpellingsIsUsed(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	must(t, r.tenant.SetTemperament("compare-case", "on"))
	r.tenant.AddUser(simulator.User{ID: "large", Email: benShouted})
	r.tenant.AddTwin(simulator.User{ID: "small", Email: benEmail})
	r.add(adaEmail)
	one := r.search("Ben@example.com", adaEmail)[keyOf(benEmail)]
	r.wantFound(one, "user -, shown large, twins large+small, another -")
	r.wantLookups("Ben@example.com")
}
