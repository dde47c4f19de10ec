// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "testing"

// Histories that once broke a promise, or were close to it.
func TestKnownHistories(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"a create sends no PUT for a user with the wanted status": `
			single s1 email=ada status=Enabled
			apply`,
		"two resources that want the same are one change": `
			map m1 ada=Disabled
			apply
			limit 0
			single s1 email=ada status=Disabled
			apply`,
		"statuses known in the apply count": `
			map m1 ada=Enabled ida=Enabled eve=Enabled
			apply
			limit 1
			map m1 ada=Disabled? ida=Disabled? eve=Disabled?
			apply`,
		"a late apply counts what it changes": `
			single s1 email=ada status=Disabled?
			single s2 email=ben status=Disabled?
			limit 1
			save
			disable cyd
			resume`,
		"a destroy of everything is beyond the limit": `
			map m1 cyd=Enabled ida=Enabled
			apply
			limit 1
			destroy`,
		"rows that leave and are retained count": `
			map m1 removal=retain ada=Enabled ben=Enabled cyd=Enabled
			apply
			limit 1
			map m1 removal=retain ada=Enabled
			apply`,
		"a map that is unknown in the plan keeps users that a removal would disable": `
			single s1 email=ada status=Enabled destroy=disable
			apply
			remove s1
			map m1 unknown ada=Enabled
			apply`,
		"the same in the other order": `
			single s1 email=ada status=Enabled destroy=disable
			apply
			remove s1
			map m1 unknown ada=Enabled
			apply order=1`,
		"a renamed map that is unknown in the plan": `
			map m3 removal=disable ada=Enabled
			apply
			map m3 removal=disable unknown ada=Enabled
			rename m3 m1
			apply`,
		"an address that is unknown in the plan and turns out to be the same": `
			single s1 email=ada status=Enabled destroy=disable
			apply
			single s1 email=ada? status=Enabled destroy=disable
			apply`,
		"one replaced by request": `
			single s1 email=ada status=Enabled destroy=disable
			apply
			apply replace=s1
			succeeds
			apply
			succeeds`,
		"one tainted that moves to another person, while a map wants the old one": `
			single s1 email=jon status=Enabled destroy=disable
			map m1 jon=Enabled
			apply
			taint s1
			single s1 email=eve status=Disabled
			apply`,
		"an unknown map is replaced while another resource lets the person go": `
			single s2 username=jon status=Enabled destroy=disable
			map m1 unknown jon=Enabled
			apply
			remove s2
			apply replace=m1 order=3`,
		"one tainted": `
			single s1 email=ada status=Enabled destroy=disable
			apply
			taint s1
			apply
			apply
			succeeds`,
		"one replaced, created before": `
			single s1 email=ada status=Enabled destroy=disable cbd
			apply
			apply replace=s1
			succeeds
			apply
			succeeds`,
		"one whose status only the apply knows, tainted": `
			single s1 email=ada status=Enabled? destroy=disable
			apply
			taint s1
			apply`,
		"a map replaced whose status only the apply knows, beside a leave": `
			map m1 ida=Enabled?
			single s1 username=ida status=Enabled destroy=disable
			apply
			taint m1
			remove s1
			apply order=3`,
		"a map replaced, created before": `
			map m1 removal=disable cbd ada=Enabled dee=Disabled
			apply
			apply replace=m1
			succeeds
			apply
			succeeds`,
		"protected by an alternate username, by a destroy": `
			map m2 removal=disable ida=Enabled
			apply
			protect alternate=ida
			destroy`,
		"protected by a username, by a status that only the apply knows": `
			map m1 eve=Enabled
			apply
			protect username=eve
			map m1 eve=Disabled?
			apply`,
		"protected by an alternate username, without a refresh": `
			single s1 email=ida status=Enabled
			apply
			protect alternate=ida
			single s1 email=ida status=Disabled
			apply norefresh`,
		"a set of may_change, in an apply that comes too late": `
			map m1 only=ada ada=Disabled ben=Enabled dee=Disabled
			save
			disable ben
			enable dee
			resume
			map m1 only=ben+dee ada=Disabled ben=Enabled dee=Disabled
			apply
			succeeds
			map m1 only=ada ada=Disabled ben=Enabled dee=Disabled
			apply
			succeeds`,
		"a user leaves a map that may not change the user": `
			map m1 only=ada removal=disable ada=Enabled ben=Enabled
			apply
			map m1 only=eve removal=disable ada=Enabled
			apply`,
		"a user who leaves with a map is gone, and another user has the address": `
			map m3 removal=disable dee=Enabled
			apply
			reassign dee
			remove m3
			apply`,
		"a look-up that still finds a deleted user": `
			tenant frozen-lookup=on
			delete ida
			map m1 ida=Disabled
			save
			resume`,
		"another set, and statuses that turn out to be those of the state": `
			map m1 only=ada ada=Disabled
			apply
			map m1 only=ben ada=Disabled?
			apply`,
		"a lost answer": `
			map m1 ada=Disabled ben=Disabled
			fault ada lost
			apply
			apply`,
		"an address that passes to another user between plan and apply": `
			map m1 ada=Enabled ben=Enabled
			apply
			map m1 ada=Disabled ben=Disabled
			save
			reassign ada
			resume
			apply`,
		"a row that moves": `
			map m1 removal=disable ada=Enabled ben=Enabled
			map m2 removal=disable cyd=Enabled
			apply
			move ada m1 m2
			apply
			apply order=1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replayHistory(t, script)
		})
	}
}
