// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// The diagnostics of the golden file about everything but verdicts.

func changeDiagnostics(out *printed) {
	for _, c := range []struct {
		name    string
		verdict access.Verdict
		set     func(*access.Decision)
	}{
		{"new users who change", access.Change, func(d *access.Decision) { d.InState = false }},
		{"new users as wanted", access.AsWanted, func(d *access.Decision) { d.InState, d.From = false, cloudadmin.Enabled }},
		{"new users who do not exist", access.Missing, func(d *access.Decision) { d.InState = false }},
		{"new users who do not exist, which satisfies Disabled", access.Satisfied, func(d *access.Decision) { d.InState, d.To = false, cloudadmin.Disabled }},
		{"users disabled by leaving", access.Change, func(d *access.Decision) {
			d.Why, d.From, d.To, d.Was = access.Leaves, cloudadmin.Enabled, cloudadmin.Disabled, cloudadmin.Enabled
		}},
		{"users disabled again by leaving", access.Change, func(d *access.Decision) {
			d.Why, d.To, d.Known.Drifted = access.Leaves, cloudadmin.Disabled, cloudadmin.Enabled
		}},
		{"users disabled by a destroy", access.Change, func(d *access.Decision) {
			d.Why, d.From, d.To, d.Was = access.Destroyed, cloudadmin.Enabled, cloudadmin.Disabled, cloudadmin.Enabled
		}},
		{"users who have changed already", access.AsWanted, nil},
		{"users without a status", access.Change, func(d *access.Decision) { d.From = "" }},
		{"users as wanted since the last refresh", access.AsWanted, func(d *access.Decision) {
			d.Was, d.Known.Drifted = cloudadmin.Enabled, cloudadmin.Disabled
		}},
		{"addresses of several users", access.AsWanted, func(d *access.Decision) {
			d.Was = cloudadmin.Enabled
			d.Found.Twins = []*cloudadmin.User{{ID: "id-1", IdentitySource: "AD", UserStatus: cloudadmin.Enabled}, {ID: "id-2"}}
		}},
	} {
		out.add("plan of one", reported(planning, true, "1.15.0", decided(1, c.verdict, c.set))...)
		for _, n := range []int{1, 2} {
			out.add(fmt.Sprintf("plan of %d in a map", n), reported(planning, false, "1.15.0", decided(n, c.verdict, c.set))...)
		}
		out.subject(c.name)
	}
	for _, verdict := range []access.Verdict{access.Refused, access.Unanswered} {
		b := decided(2, verdict, func(d *access.Decision) { d.InState = verdict == access.Refused })
		b.Decisions[0].Verdict, b.Decisions[1].Err = access.Change, refusedBy(403, "403 FORBIDDEN")
		for _, d := range reported(applying, false, "1.15.0", b) {
			if countOfChanges.MatchString(d.Summary()) {
				out.add("apply of a map", d)
			}
		}
	}
	b := decided(2, access.Refused, func(d *access.Decision) { d.Err = refusedBy(403, "403 FORBIDDEN") })
	b.Decisions[1].Verdict = access.Unanswered
	out.add("apply of a map", reported(applying, false, "1.15.0", b)[0])
	out.subject("what an apply has not done")
}

func readingDiagnostics(out *printed) {
	w := words{remedies: newRemedies("1.15.0"), api: new(apiDiagnostics)}
	refusal := refusedBy(403, "403 FORBIDDEN")
	ada := cloudadmin.Email(adaAndBen[0])
	out.add("plan", notKnownYet(pathStatuses))
	out.subject("values that are not known yet")
	out.add("the wrong tenant", w.cannotRead(access.ErrWrongTenant))
	out.add("a look-up", w.cannotRead(&snapshot.LookupError{Who: ada, Cause: refusal}))
	out.add("a search", w.cannotRead(refusal))
	out.add("the search of a map", w.cannotReadMany(refusal, &access.Batch{Read: snapshot.Options{Search: true}}))
	out.add("a search that is refused", searchRefused(refusal))
	out.subject("users cannot be read")
	out.add("data source", unknownUser(ada, false))
	out.add("data source with search_unsynced", unknownUser(cloudadmin.Username("ada"), true))
	out.subject("a user is not found")
	listing := &providerData{words: w}
	for _, err := range []error{
		refusedBy(400, "400 BAD_REQUEST"), snapshot.ErrNoneExist,
		&snapshot.ShortfallError{Counted: 30, Shown: 28}, &snapshot.ShortfallError{Counted: 30, Shown: 30, Gone: adaAndBen[:1]}, &snapshot.ShortfallError{Counted: 30, Shown: 30, Gone: adaAndBen},
		&snapshot.ShortfallError{Counted: 30, Shown: 30, Shared: []snapshot.SharedAddress{{Email: adaAndBen[0]}}},
	} {
		out.add("idplus_users", listing.listingFailed("Cannot search for users", err))
	}
	out.subject("a listing is refused, or not complete")
	out.add("list resource", addressShared(ada), userWithoutAddress(&cloudadmin.User{ID: "id-1"}), limitReached(100, 300, false), limitReached(1, 300, true), limitReached(100, 300, true))
	out.subject("a query")
}

func configurationDiagnostics(out *printed) {
	texts := func(m map[string]string) types.Map {
		elements := make(map[string]attr.Value, len(m))
		for key, value := range m {
			elements[key] = types.StringValue(value)
		}
		return types.MapValueMust(types.StringType, elements)
	}
	for _, m := range []userStatusModel{
		{Status: types.StringValue("enabled")},
		{Email: types.StringValue("ada"), Username: types.StringValue("ada "), Status: types.StringValue("Locked")},
	} {
		out.add("idplus_user_status", m.problems()...)
	}
	out.subject("one user")
	none := types.MapNull(types.StringType)
	for _, m := range []userStatusesModel{
		{Statuses: texts(nil), IDs: none},
		{Statuses: texts(map[string]string{"ada": "Enabled", "ben@example.com": "enabled"}), IDs: texts(map[string]string{"ben@example.com": ""})},
		{Statuses: texts(map[string]string{"ada": "Enabled", "ben": "on", "cleo@example.com": "off", "Cleo@example.com": "off"}), IDs: texts(map[string]string{"eve@example.com": "1", "": "2"})},
		{Statuses: texts(map[string]string{"ada@example.com": "off", "Ada@example.com": "off", "ben@example.com": "off", "Ben@example.com": "off"}), IDs: texts(map[string]string{"ada@example.com": "1", "ADA@example.com": "1"})},
		{Statuses: types.MapValueMust(types.StringType, map[string]attr.Value{"ada@example.com": types.StringNull()}), IDs: none},
	} {
		out.add("idplus_user_statuses", m.problems()...)
	}
	for _, names := range [][]string{{"ada@example.com"}, adaAndBen} {
		before, after, rows := map[string]string{}, map[string]string{}, map[string]attr.Value{}
		for _, email := range names {
			before[strings.ToUpper(email)], after[email], rows[email] = "Enabled", "Enabled", types.StringNull()
		}
		out.add("plan of idplus_user_statuses", respelled(&userStatusesModel{Statuses: texts(before)}, &userStatusesModel{Statuses: texts(after)})...)
		_, diags := (&accessReviewModel{Rows: types.MapValueMust(types.StringType, rows)}).decisions()
		out.add("idplus_access_review", diags...)
	}
	_, diags := (&accessReviewModel{Rows: texts(nil)}).decisions()
	out.add("idplus_access_review", diags...)
	out.subject("many users")
}

func actionDiagnostics(out *printed) {
	for _, c := range []struct {
		name string
		word func(findings) diag.Diagnostic
	}{
		{"protected users", protectedUsersMarked},
		{"enabled users", usersEnabledCannotBeMarked},
		{"a scope that is missing", markForbidden},
		{"a mark that is refused", markRefused(true)},
		{"another user has the address", addressesReassignedInAction},
		{"users of SCIM", usersManagedElsewhere},
		{"users who do not exist", usersUnknown("")},
		{"users who are not reached", usersNotReached},
		{"users whom a synchronization disabled", usersDisabledByAction},
		{"protected users whom a synchronization disabled", protectedUsersDisabledBySync},
	} {
		out.add("one", c.word(someFindings(1)))
		out.add("2 users", c.word(someFindings(2)))
		out.subject(c.name)
	}
	data := &providerData{words: words{api: new(apiDiagnostics)}}
	targets := make([]*target, 2)
	for i := range targets {
		targets[i] = &target{who: cloudadmin.Email(adaAndBen[i]), err: refusedBy(403, "403 FORBIDDEN")}
	}
	out.add("one of one", data.failures(targets[:1], path.Root("emails"), "synchronized")...)
	out.add("all of 2", data.failures(targets, path.Root("emails"), "synchronized")...)
	targets[0].err = nil
	out.add("1 of 2", data.failures(targets, path.Root("emails"), "synchronized")...)
	out.subject("requests that failed")
}

func reviewDiagnostics(out *printed) {
	refusal := refusedBy(403, "403 FORBIDDEN")
	out.add("plan", joinedUnknown(refusal), searchCountsOthers(30, 28), rosterUnknown(300, 20))
	out.subject("the population")
	for _, n := range []int{1, 2} {
		name := fmt.Sprintf("%d of the roster", n)
		out.add(name, searchDoesNotShow(someFindings(n))...)
		var rows []review.Row
		for _, email := range adaAndBen[:n] {
			rows = append(rows, review.Row{ID: "id of " + email, Email: email})
		}
		for _, m := range []*accessReviewModel{
			{MaxUndecided: types.Int64Null()}, {Undecided: types.StringValue(undecidedRemove), MaxUndecided: types.Int64Null()}, {Undecided: types.StringValue(undecidedKeep), MaxUndecided: types.Int64Value(0)},
		} {
			out.add(name, m.tooManyUndecided(rows)...)
		}
	}
	out.subject("users of the roster")
	ada := cloudadmin.Email(adaAndBen[0])
	for _, people := range [][]snapshot.Found{
		{{Twins: []*cloudadmin.User{{ID: "id-1", IdentitySource: "AD", UserStatus: cloudadmin.Enabled}, {ID: "id-2"}}}},
		{{Refused: errors.New("the answer is not JSON")}},
		{{Another: &cloudadmin.User{ID: "id-1", EmailAddress: "new.ada@example.com"}}},
		{{Shown: &cloudadmin.User{ID: "id-1", UserStatus: cloudadmin.Enabled}}, {}},
	} {
		var odd oddPeople
		for i, f := range people {
			odd.add(fmt.Sprintf("id-%d", i), ada, f, "the look-up finds another user")
		}
		out.add(fmt.Sprintf("%d of the roster", len(people)), odd.words()...)
	}
	out.subject("users who are not certain")
}

// someFindings returns findings about the first n users.
func someFindings(n int) (f findings) {
	for _, email := range adaAndBen[:n] {
		f.add(cloudadmin.Email(email))
	}
	return f
}
