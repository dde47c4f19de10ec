// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// The diagnostics of the golden file about decisions.

var adaAndBen = []string{"ada@example.com", "ben@example.com"}

// idOf returns a user's id.
func idOf(email string) string { return "id of " + strings.TrimSuffix(email, "@example.com") }

// refusedBy returns an answer of the API that refuses a request.
func refusedBy(status int, code string) *cloudadmin.Error {
	return &cloudadmin.Error{
		Status: status, Code: code, Description: "The API's own words.", Method: "PUT", Path: "/v1/users/{id}/userStatus",
		URL: "https://example.access.securid.com/AdminInterface/restapi/v1/users", Origin: cloudadmin.OriginAPI, Accepted: true,
	}
}

// marked returns a user that an administrator has marked for deletion.
func marked() *cloudadmin.User {
	return &cloudadmin.User{
		MarkDeleted: cloudadmin.Flag{Value: new(true)}, MarkDeletedBy: "grace@example.com",
		MarkDeletedAt: "2026-11-20T09:30:00Z",
	}
}

// verdictCases are verdicts with what the tenant and the state know about the user.
var verdictCases = []struct {
	name    string
	verdict access.Verdict
	set     func(*access.Decision)
}{
	{"reassigned", access.Reassigned, func(d *access.Decision) { d.Found.User = &cloudadmin.User{ID: "another"} }},
	{"not pinned", access.NotPinned, func(d *access.Decision) { d.Pin = "a third" }},
	{"pending deletion", access.Pending, func(d *access.Decision) { d.User = marked() }},
	{"pending deletion since the wish", access.PendingStood, func(d *access.Decision) { d.User = marked() }},
	{"protected", access.Protected, nil},
	{"protected name of no user", access.UnknownProtected, func(d *access.Decision) {
		d.Err = &access.UnknownProtectedError{Names: []string{"root@example.com"}}
	}},
	{"two wishes", access.TwoWishes, func(d *access.Decision) {
		d.Other = access.Wish{Who: cloudadmin.Username("other"), To: cloudadmin.Disabled}
	}},
	{"kept elsewhere", access.KeptElsewhere, nil},
	{"overtaken", access.Overtaken, nil},
	{"too many", access.TooMany, func(d *access.Decision) { d.From, d.To = cloudadmin.Enabled, cloudadmin.Disabled }},
	{"too many, let go", access.TooMany, func(d *access.Decision) { d.To = "" }},
	{"missing", access.Missing, nil},
	{"missing, with a pin", access.Missing, func(d *access.Decision) { d.Pin = "a third" }},
	{"lost", access.Lost, func(d *access.Decision) { d.Pin = "a third" }},
	{"contradicted", access.Contradicted, func(d *access.Decision) {
		d.Found.Shown = &cloudadmin.User{ID: d.ID, UserStatus: cloudadmin.Enabled}
	}},
	{"renamed", access.Renamed, func(d *access.Decision) {
		d.Found.Another = &cloudadmin.User{ID: d.ID, EmailAddress: "new." + cloudadmin.Text(d.Who.String())}
	}},
	{"followed", access.Followed, func(d *access.Decision) {
		d.Found.Another = &cloudadmin.User{ID: d.ID, EmailAddress: "new." + cloudadmin.Text(d.Who.String())}
	}},
	{"not looked up, 400", access.NotLookedUp, func(d *access.Decision) { d.Err = refusedBy(400, "400 BAD_REQUEST") }},
	{"not looked up", access.NotLookedUp, func(d *access.Decision) { d.Err = errors.New("the answer is not JSON") }},
	{"not to change", access.NotToChange, nil},
	{"not to change, leaving", access.NotToChange, func(d *access.Decision) { d.Why = access.Leaves }},
	{"deleted", access.Deleted, nil},
	{"disabled by a synchronization", access.SyncDisabled, func(d *access.Decision) { d.Err = refusedBy(409, "409 CONFLICT") }},
	{"disable refused", access.DisableRefused, func(d *access.Decision) {
		d.To, d.Err = cloudadmin.Disabled, refusedBy(409, "409 CONFLICT")
	}},
	{"refused, 403", access.Refused, func(d *access.Decision) { d.Err = refusedBy(403, "403 FORBIDDEN") }},
	{"refused, 304", access.Refused, func(d *access.Decision) { d.Err = refusedBy(304, "") }},
	{"refused, 400", access.Refused, func(d *access.Decision) { d.Err = refusedBy(400, "400 BAD_REQUEST") }},
	{"not answered", access.Unanswered, func(d *access.Decision) { d.Err = errors.New("the connection was closed") }},
	{"not answered, then refused", access.Unanswered, func(d *access.Decision) { d.Err = refusedBy(409, "409 CONFLICT") }},
	{"not tried", access.NotTried, nil},
	{"satisfied", access.Satisfied, func(d *access.Decision) { d.To = cloudadmin.Disabled }},
	{"satisfied by a pending deletion", access.SatisfiedPending, func(d *access.Decision) { d.To, d.User = cloudadmin.Disabled, marked() }},
	{"vanished", access.Vanished, nil},
	{"spared", access.Spared, func(d *access.Decision) { d.Other = access.Wish{To: cloudadmin.Enabled} }},
	{"let go", access.LetGo, func(d *access.Decision) { d.To, d.Was = "", cloudadmin.Enabled }},
	{"let go, Disabled", access.LetGo, func(d *access.Decision) { d.To, d.Was = "", cloudadmin.Disabled }},
	{"let go, pending deletion", access.LetGo, func(d *access.Decision) { d.To, d.User = "", marked() }},
	{"let go, uncertain", access.LetGo, func(d *access.Decision) { d.To, d.Was, d.Known.Unsure = "", cloudadmin.Enabled, true }},
	{"let go, without a status", access.LetGo, func(d *access.Decision) { d.To, d.Was = "", "" }},
	{"let go, drifted", access.LetGo, func(d *access.Decision) {
		d.To, d.Was, d.Known.Drifted = "", cloudadmin.Disabled, cloudadmin.Enabled
	}},
}

// ofRefresh are the verdicts that a refresh can reach.
var ofRefresh = []access.Verdict{access.Reassigned, access.Followed, access.Missing, access.Satisfied, access.Contradicted, access.Renamed, access.NotLookedUp}

// decided returns decisions about the first n users: Enabled for users in the state who
// are Disabled, unless a case says otherwise.
func decided(n int, verdict access.Verdict, set func(*access.Decision)) *access.Batch {
	b := new(access.Batch)
	for _, email := range adaAndBen[:n] {
		d := &access.Decision{
			Who: cloudadmin.Email(email), To: cloudadmin.Enabled, InState: true, Was: cloudadmin.Disabled, From: cloudadmin.Disabled,
			ID: idOf(email), Known: access.Known{ID: idOf(email)}, Verdict: verdict,
		}
		if set != nil {
			set(d)
		}
		b.Decisions = append(b.Decisions, d)
	}
	return b
}

// reported returns what the provider says of decisions.
func reported(p phase, single bool, terraform string, b *access.Batch) diag.Diagnostics {
	return reportOf(p, single, terraform, b).diagnostics()
}

func reportOf(p phase, single bool, terraform string, b *access.Batch) report {
	place := placeInMap
	if single {
		place = placeOfUserStatus
	}
	w := words{
		remedies: newRemedies(terraform), api: new(apiDiagnostics), gone: new(sync.Map),
		run: access.NewRun(snapshot.NewReader(cloudadmin.Users{}), access.Guards{MaxChanges: new(int64(1))}),
	}
	return report{words: w, phase: p, batch: b, single: single, place: place}
}

var countOfChanges = regexp.MustCompile(`^\d of \d changes`)

func verdictDiagnostics(out *printed) {
	phases := []string{planning: "plan", applying: "apply", refreshing: "refresh"}
	for _, c := range verdictCases {
		for p, phaseName := range phases {
			if phase(p) == refreshing && !slices.Contains(ofRefresh, c.verdict) {
				continue
			}
			for _, n := range []int{1, 2} {
				for _, d := range reported(phase(p), n == 1, "1.15.0", decided(n, c.verdict, c.set)) {
					if !countOfChanges.MatchString(d.Summary()) { // The next section has it.
						out.add(phaseName+map[bool]string{true: " of one", false: " of 2 in a map"}[n == 1], d)
					}
				}
			}
		}
		out.subject(c.name)
	}
}
