// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// shownBy is where a temperament is visible: the line of the report that shows it, and how
// the line begins for each answer of the switch.
type shownBy struct {
	q    question
	want map[string]string
	args []string
	// others are answers beyond the table's that are tried, too.
	others []string
	// prepare runs before the switch is set.
	prepare func(*testing.T, *bench)
}

var write = []string{"-write", enabledUser}

var shownTemperaments = map[string]shownBy{
	"same-status": {
		q: askSameStatus, args: write,
		want: map[string]string{"200": "200", "304": "304", "400": "400", "409": "409"},
	},
	"marked-as": {
		q: askMarkedStatus, args: []string{"-email", markedUser},
		want: map[string]string{"": `"Disabled"`, "Pending Deletion": `"Pending Deletion"`, "PENDING_DELETE": `"PENDING_DELETE"`},
	},
	"disabling-marked": {
		q: askMarkedDisable, args: []string{"-write", markedUser},
		want: map[string]string{"allowed": "200", "400": "400", "409": "409"},
	},
	"scim-status": {
		q: askSCIMStatus, args: []string{"-write", scimUser},
		want: map[string]string{"200": "200", "405": "405"},
	},
	"compare-case": {
		q: askCaseEmail, args: []string{"-email", enabledUser},
		want: map[string]string{"off": "no", "on": "yes"},
	},
	"unknown-user": {
		q:    askUnknownUser,
		want: map[string]string{"404": "404, the API's form", "400": "400, the API's form"},
	},
	"other-case-keys": {
		q:    askOtherCase,
		want: map[string]string{"off": "no", "on": "yes: USERSTATUS, UserStatus"},
	},
	"frozen-lookup": {
		q: askLookupLag, args: write,
		want: map[string]string{"off": "at once", "on": "not within 10s"},
	},
	"lookup-lag": {
		q: askLookupLag, args: write,
		want: map[string]string{"0s": "at once", "5s": "after 4|after 5"},
	},
	"frozen-search": {
		q: askSearchLag, args: write,
		want: map[string]string{"off": "at once", "on": "not within 10s"},
	},
	"search-lag": {
		q: askSearchLag, args: write,
		want: map[string]string{"0s": "at once", "5s": "after 4|after 5"},
	},
	"repeat-search-pages": {
		// A tenant that counts pages from 1 and treats 0 as 1 shows the same.
		q:    askFirstPage,
		want: map[string]string{"off": "0", "on": "1, and 0 is treated as 1"},
	},
	"skip-at-borders": {
		q:    askRepeats,
		want: map[string]string{"off": "no", "on": "yes (3 of "},
	},
	"unstable-order": {
		q:    askOrder,
		want: map[string]string{"off": "yes", "on": "no"},
	},
	"pages-from-1": {
		q:    askFirstPage,
		want: map[string]string{"off": "0", "on": "1"},
	},
	"search-totals": {
		q: askTotals,
		want: map[string]string{
			"right": "right", "none": "missing", "zero": "wrong: page 1 of those read has 25",
			"many": "wrong: ", "text": "wrong: text",
		},
	},
	"endless-search": {
		q:    askPastEnd,
		want: map[string]string{"off": "empty", "on": "an earlier page again"},
	},
	"large-pages": {
		q:    askPageLength,
		want: map[string]string{"off": "21 KiB: within", "on": "1 MiB: beyond 1 MiB"},
	},
	"bare-search": {
		q:    askProperties,
		want: map[string]string{"off": "yes", "on": "no: some or all lack userStatus and markDeleted"},
	},
	"token-refusal": {
		q: askTokenRefusal,
		want: map[string]string{
			"rfc6749": "401, RFC 6749's form (error, error_description): invalid_client",
			"400":     "400, RFC 6749's form", "200": "200 without a token, RFC 6749's form",
			"empty": "403, an empty body", "spring": "403, the web server's form", "error-code": "400, a JSON object (errorCode, errorSummary)",
		},
		prepare: func(_ *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_CLIENT_ID"] = "somebody-else" },
	},
	"api-refusal": {
		q:       askAPIRefusal,
		want:    map[string]string{"api": "403, the API's form", "spring": "403, the web server's form", "empty": "403, an empty body"},
		prepare: func(_ *testing.T, b *bench) { b.environ["IDPLUS_OAUTH_SCOPES"] = "rsa.user.manage" },
	},
	"clock-offset": {
		q: askLeeway,
		want: map[string]string{
			"0s": "cannot be tested; this clock is right", "20s": "cannot be tested; this clock is 20s behind", "-20s": "cannot be tested; this clock is 20s ahead",
		},
	},
	"rate-limit": {
		q: askThrottled, others: []string{"2"},
		want: map[string]string{"none": "no", "2": "yes"},
	},
	"retry-after": {
		q: askThrottled,
		want: map[string]string{
			"seconds": "yes, with Retry-After: 1 s", "none": "yes, without Retry-After", "date": "yes, with Retry-After: a date",
		},
		prepare: func(_ *testing.T, b *bench) { b.tenant.SetRateLimit(2, 3) },
	},
	"byte-order-mark": {
		q:    askByteOrderMark,
		want: map[string]string{"off": "no", "on": "yes"},
	},
	"alias": {
		q: askAnswersAsAsked, args: []string{"-email", "former@example.com"},
		want: map[string]string{"on": "no: with another name"},
		prepare: func(t *testing.T, b *bench) {
			must(t, b.tenant.Alias("former@example.com", enabledUser))
		},
	},
	"add-twin": {
		q:       askTwins,
		want:    map[string]string{"on": "yes (1 of "},
		prepare: func(_ *testing.T, b *bench) { b.tenant.AddTwin(simulator.User{Email: enabledUser}) },
	},
	"lie-in-search": {
		q:       askAgreement,
		want:    map[string]string{"on": "no: search shows another id (1 of "},
		prepare: func(_ *testing.T, b *bench) { b.tenant.LieInSearch(enabledUser, "somebody-else") },
	},
}

// hiddenTemperaments are those that cannot be found by asking, and why.
var hiddenTemperaments = map[string]string{
	"clock-leeway": "a clock cannot be set wrong on purpose; the report has how far it is off",
	"rename":       "a rename is visible only with the user's previous address, which the provider has in its state",
	"give-address": "likewise: only a state shows that an address has passed to another user",
}
