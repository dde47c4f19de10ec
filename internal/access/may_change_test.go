// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access_test

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// A user who may not change does not, in whatever order, and whether or not others fail.
func TestAUserWhoMayNotChangeDoesNot(t *testing.T) {
	t.Parallel()
	barred := func(d *access.Decision) *access.Decision { d.MayNotChange = true; return d }
	t.Run("by what was read", func(t *testing.T) {
		t.Parallel()
		tt := newTenant(t)
		for i := range 3 {
			must(t, tt.SetStatus(email(i), "Disabled"))
		}
		// Max 2 changes: a refused user does not count.
		b := batch(barred(wish(0, enabled)), barred(tt.held(1, disabled, enabled)), wish(2, enabled), barred(wish(3, enabled)),
			barred(wish(4, disabled)), wish(5, disabled), barred(tt.held(6, enabled, disabled)))
		tt.apply(tt.run(limit(2)), b)
		wantVerdicts(t, b, access.NotToChange, access.NotToChange, access.Change, access.AsWanted, access.NotToChange, access.Change, access.NotToChange)
		for i, want := range []cloudadmin.Status{disabled, disabled, enabled, enabled, enabled, disabled, enabled} {
			tt.wantStatus(i, want)
		}
	})
	t.Run("by what this run has changed", func(t *testing.T) {
		t.Parallel()
		tt := newTenant(t)
		r := tt.run(access.Guards{})
		tt.apply(r, batch(tt.leave(0, enabled, disabled)))
		b := batch(barred(tt.held(0, enabled, enabled)))
		tt.apply(r, b)
		wantVerdicts(t, b, access.NotToChange)
		tt.wantStatus(0, disabled)
	})
	t.Run("on leaving", func(t *testing.T) {
		t.Parallel()
		tt := newTenant(t)
		must(t, tt.SetStatus(email(2), "Disabled"))
		drifted := tt.leave(2, disabled, disabled)
		drifted.Known.Drifted = enabled
		for _, planning := range []bool{true, false} {
			b := batch(barred(tt.leave(0, enabled, disabled)), barred(tt.leave(1, enabled, "")), barred(drifted))
			if r := tt.run(access.Guards{}); planning {
				must(t, r.Plan(t.Context(), b))
			} else {
				tt.apply(r, b)
			}
			wantVerdicts(t, b, access.NotToChange, access.LetGo, access.LetGo)
		}
		tt.wantStatus(0, enabled)
		if puts := tt.Count(simulator.KindStatus); puts != 0 {
			t.Errorf("%d PUTs", puts)
		}
	})
}
