// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// oddSearch answers searches among a number of users.
type oddSearch struct {
	users int
	// shift is the number of the first page, if 0 is treated as it.
	shift int
	// totals are totalPages and totalElements, in JSON; empty means correct.
	totals func(onPage int) (pages, elements string)
	// element is a user in JSON; nil is a complete one.
	element func(i int) string
	// between comes after each third element; empty is nothing.
	between string
}

func element(i int) string {
	return fmt.Sprintf(`{"id": "id-%03d", "emailAddress": "person%03d@example.net", "userStatus": "Enabled", "markDeleted": false}`, i, i)
}

func (o oddSearch) answer(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("pageNumber"))
	number = max(number-o.shift, 0)
	var elements []string
	onPage := 0
	for i := number * 25; i < min(number*25+25, o.users); i++ {
		if o.element == nil {
			o.element = element
		}
		elements = append(elements, o.element(i))
		if onPage++; o.between != "" && i%3 == 0 {
			elements = append(elements, o.between)
		}
	}
	pages, total := strconv.Itoa((o.users+24)/25), strconv.Itoa(o.users)
	if o.totals != nil {
		pages, total = o.totals(onPage)
	}
	simulator.AnswerRaw(200, "application/json", fmt.Sprintf(`{"totalPages": %s, "totalElements": %s, "elements": [%s]}`, pages, total, strings.Join(elements, ",")))(w, r)
}

func fixed(pages, elements string) func(int) (string, string) {
	return func(int) (string, string) { return pages, elements }
}

func perPage(onPage int) (string, string) { return "1", strconv.Itoa(onPage) }

func TestOddSearches(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		search oddSearch
		lines  map[question]string
		text   string
	}{
		"as expected": {oddSearch{users: 63}, map[question]string{askTotals: "right", askFirstPage: "0", askTwins: "no"}, "ok search works; 63 users were read"},
		"one user":    {oddSearch{users: 1}, map[question]string{askTotals: "right", askOrder: unknown, askRepeats: onePage}, "ok search works; 1 user was read"},
		"no users": {
			oddSearch{}, map[question]string{askLike: "not known: search has shown no user", askProperties: unknown, askStable: unknown},
			"?? search answered, but has shown no user",
		},
		"no addresses": {
			oddSearch{users: 30, element: func(i int) string {
				return fmt.Sprintf(`{"id": "id-%d", "userStatus": "Enabled", "markDeleted": false}`, i)
			}},
			map[question]string{askOrder: "not known: 30 of 30 elements without an address", askTwins: "not known: 30 of 30 elements without an address", askRepeats: "no"},
			"?? search sorted: not known",
		},
		"no ids": {
			oddSearch{users: 30, element: func(i int) string {
				return fmt.Sprintf(`{"emailAddress": "p%d@example.net", "userStatus": "Enabled", "markDeleted": false}`, i)
			}},
			map[question]string{askRepeats: "not known: 30 of 30 elements without an id"}, "?? search",
		},
		"huge totals": {
			oddSearch{users: 63, totals: fixed("2000000000", "50000000000")},
			map[question]string{askTotals: "impossible: "}, "?? search totals: impossible: more users than there are people; the provider does not accept the answer",
		},
		"totals of the page": {
			oddSearch{users: 63, totals: perPage},
			map[question]string{askTotals: "wrong: there are users on the page after the last", askRepeats: "no", askPastEnd: "not known: "},
			"?? search totals: wrong",
		},
		"from 1, and 0 is 1": {
			oddSearch{users: 63, shift: 1},
			map[question]string{askFirstPage: "1, and 0 is treated as 1", askTotals: "right", askPastEnd: "empty", askRepeats: "no"},
			"?? search its first page is number 1, and 0 is treated as 1",
		},
		"from 1, and 0 is 1, with one page": {
			oddSearch{users: 13, shift: 1},
			map[question]string{askFirstPage: "1, and 0 is treated as 1", askTotals: "right", askPastEnd: "empty"},
			"?? search its first page is number 1, and 0 is treated as 1",
		},
		"fractions": {
			oddSearch{users: 63, totals: fixed("3.0", "63.0")},
			map[question]string{askTotals: "in a form that the provider does not read (a fraction)"}, "?? search totals: in a form that the provider does not read (a fraction)",
		},
		"null elements": {
			oddSearch{users: 63, between: "null"},
			map[question]string{askTotals: "right", askProperties: "yes"}, "null or without an id and an address: 9 of 34 elements",
		},
		"empty elements": {
			oddSearch{users: 10, between: "{}"},
			map[question]string{askTotals: "right", askProperties: "yes", askOrder: "yes"}, "?? search null or without an id and an address: 4 of 14 elements",
		},
		"addresses in two cases": {
			oddSearch{users: 20, element: func(i int) string {
				return fmt.Sprintf(`{"id": "id-%d", "emailAddress": "%s%02d@example.net", "userStatus": "Enabled", "markDeleted": false}`, i, []string{"P", "p"}[i%2], i/2)
			}},
			map[question]string{askTwins: "no, but with addresses that differ only in case (10 of the 20"}, "?? search two users with one address: no, but",
		},
		"negative": {oddSearch{users: 63, totals: fixed("-1", "-1")}, map[question]string{askTotals: "wrong: negative"}, "?? search totals: wrong: negative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: tc.search.answer})
			stdout, _, code := b.run()
			wantCode(t, code, ExitFine, stdout)
			for q, want := range tc.lines {
				wantLine(t, stdout, lineOf(t, q), want)
			}
			wantText(t, stdout, tc.text)
			if name == "no users" {
				wantText(t, stdout, "-- search and look-up search has shown no user")
			}
		})
	}
}

// A page without an answer proves nothing.
func TestPagesWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.environ["IDPLUS_REQUEST_TIMEOUT"] = "1s"
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool { return r.URL.Query().Get("pageNumber") == "4" },
		Respond: simulator.CutConnection,
	})
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool { return r.URL.Query().Get("pageNumber") == "1" },
	})
	stdout, _, code := b.run()
	wantCode(t, code, ExitFine, stdout)
	wantLine(t, stdout, lineOf(t, askPastEnd), "not known: no answer came")
	wantLine(t, stdout, lineOf(t, askTotals), "right")
	wantText(t, stdout, "1 page not answered")
}

// lookups answers the look-ups of one user.
func (b *bench) lookups(body string) {
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindLookup, Match: func(_ *http.Request, body []byte) bool {
			return strings.Contains(strings.ToLower(string(body)), enabledUser)
		},
		Respond: simulator.AnswerRaw(200, "application/json", body),
	})
}

func TestOddLookups(t *testing.T) {
	t.Parallel()
	ada := func(b *bench) string { user, _ := b.tenant.User(enabledUser); return user.ID }
	for name, tc := range map[string]struct {
		body  func(*bench) string
		lines map[question]string
		text  []string
	}{
		"another person": {
			func(*bench) string {
				return `{"id": "somebody-else", "emailAddress": "someone@example.net", "userStatus": "Enabled", "markDeleted": false}`
			},
			map[question]string{askAnswersAsAsked: "no: with another person", askAgreement: "no: the look-up of the given address leads to another person"},
			[]string{"?? search and look-up the look-up of the given address leads to another person: search shows the address with another id"},
		},
		"no address": {
			func(b *bench) string {
				return `{"id": "` + ada(b) + `", "principalUsername": "ada", "userStatus": "Enabled", "markDeleted": false}`
			},
			map[question]string{askAnswersAsAsked: "no: without an address", askAgreement: "no: look-up returns no address (1 of "},
			[]string{"?? look-up found, but the answer has no address: Enabled"},
		},
		"no status": {
			func(b *bench) string {
				return `{"id": "` + ada(b) + `", "emailAddress": "` + enabledUser + `", "markDeleted": false}`
			},
			map[question]string{askAnswersAsAsked: "yes", askAgreement: "no: look-up has no status (1 of "},
			[]string{"?? look-up found, but the answer has no status"},
		},
		"no mark": {
			func(b *bench) string {
				return `{"id": "` + ada(b) + `", "emailAddress": "` + enabledUser + `", "userStatus": "Enabled"}`
			},
			map[question]string{askAgreement: "no: look-up has no mark (1 of "},
			[]string{"?? look-up found, but the answer does not show whether the user is marked for deletion: Enabled", "-> Please report"},
		},
		"another word": {
			func(b *bench) string {
				must(b.t, b.tenant.SetStatus(enabledUser, "Locked"))
				return `{"id": "` + ada(b) + `", "emailAddress": "` + enabledUser + `", "userStatus": "Locked", "markDeleted": false}`
			},
			map[question]string{askAgreement: "yes ("},
			[]string{"?? look-up found: Locked", "?? search and look-up agree; a status that is neither Enabled nor Disabled: 1 of ", "knows only Enabled and Disabled"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.lookups(tc.body(b))
			stdout, _, code := b.run(enabledUser)
			wantCode(t, code, ExitFine, stdout)
			for q, want := range tc.lines {
				wantLine(t, stdout, lineOf(t, q), want)
			}
			wantText(t, stdout, tc.text...)
		})
	}
}

func TestReasonsWhyNoUserOfASearchIsLookedUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	twice := oddSearch{users: 10, element: func(i int) string {
		return fmt.Sprintf(`{"id": "id-%d", "emailAddress": "p%d@example.net", "userStatus": "Enabled", "markDeleted": false}`, i, i/2)
	}}
	b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: twice.answer})
	stdout, _, _ := b.run()
	wantText(t, stdout, "-- search and look-up search has shown each address with two ids")
}

// What was not asked because of an interrupt is reported as such.
func TestInterruptIsReported(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, interrupt := context.WithCancel(t.Context())
	b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: func(w http.ResponseWriter, r *http.Request) {
		interrupt()
		<-r.Context().Done()
		simulator.AnswerAPIError(400, "")(w, r)
	}})
	stdout, _, code := b.runIn(ctx, "-write", enabledUser)
	wantCode(t, code, ExitStopped, stdout)
	for _, q := range []question{askTotals, askAgreement, askCaseEmail, askCaseUsername, askSameStatus, askOtherStatus, askLookupLag} {
		wantLine(t, stdout, lineOf(t, q), "not known: interrupted")
	}
	if strings.Contains(stdout, "not known: no user") {
		t.Errorf("an interrupt is treated as an answer:\n%s", stdout)
	}
	b.wantPuts()
}

// An answer about a user comes from the API.
func TestLookupThatLacksTheID(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.lookups(`{"emailAddress": "` + enabledUser + `", "userStatus": "Enabled"}`)
	stdout, _, code := b.run(enabledUser)
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "!! look-up the answer cannot be used: a JSON object (emailAddress, userStatus), of 1 KiB")
	if strings.Contains(stdout, "Another server answers") {
		t.Errorf("the URL is blamed:\n%s", stdout)
	}
}

func TestInterruptAtThePageAfterTheLast(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, interrupt := context.WithCancel(t.Context())
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindSearch, Match: func(r *http.Request, _ []byte) bool { return r.URL.Query().Get("pageNumber") == "4" },
		Respond: func(_ http.ResponseWriter, r *http.Request) {
			interrupt()
			<-r.Context().Done()
		},
	})
	stdout, _, code := b.runIn(ctx)
	wantCode(t, code, ExitStopped, stdout)
	wantLine(t, stdout, lineOf(t, askPastEnd), "not known: interrupted")
	wantLine(t, stdout, lineOf(t, askTotals), "right")
}
