// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Each is an answer to all PUTs, which the tenant carries out, and its name in the report.
func TestOddSuccessesOfPut(t *testing.T) {
	t.Parallel()
	raw := func(body string) http.HandlerFunc { return simulator.AnswerRaw(200, "application/json", body) }
	for name, tc := range map[string]struct {
		respond http.HandlerFunc
		want    string
		// stops is true for an answer after which nothing more is changed.
		stops bool
	}{
		"empty":          {simulator.AnswerEmpty(200), "200, with an empty body", false},
		"204":            {simulator.AnswerEmpty(204), "204, with an empty body", false},
		"empty object":   {raw("{}"), "200, with an empty JSON object", false},
		"null":           {raw("null"), "200, with no JSON object", false},
		"HTML":           {simulator.AnswerRaw(200, "text/html", "<html><title>Sign in</title></html>"), "200, with a page or a text, and no JSON", true},
		"no id":          {raw(`{"userStatus": "Enabled"}`), "200, without an id", false},
		"no status":      {raw(`{"id": "%ID%"}`), "200, without a status", false},
		"another id":     {raw(`{"id": "somebody-else", "userStatus": "Enabled"}`), "200, about another id", true},
		"another status": {raw(`{"id": "%ID%", "userStatus": "ENABLED"}`), "200, with another status in the answer than requested: ENABLED", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			user, _ := b.tenant.User(enabledUser)
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, After: true, Respond: func(w http.ResponseWriter, r *http.Request) {
				tc.respond(replacing{w, user.ID}, r)
			}})
			stdout, _, code := b.run("-write", enabledUser)
			wantCode(t, code, ExitFine, stdout)
			b.wantStatus(enabledUser, enabled)
			wantLine(t, stdout, lineOf(t, askSameStatus), tc.want)
			if tc.stops {
				b.wantPuts(enabled)
				wantText(t, stdout, "?? write PUT of the user's current status: "+tc.want+"; stopped there, the user is as before")
				wantLine(t, stdout, lineOf(t, askLookupLag), "not asked: the PUT before it was answered: "+tc.want)
				return
			}
			wantLine(t, stdout, lineOf(t, askOtherStatus), tc.want)
			wantLine(t, stdout, lineOf(t, askLookupLag), "at once")
			wantText(t, stdout, "?? write PUT of the user's current status: "+tc.want, "set back to Enabled")
		})
	}
}

// replacing replaces an id in a body.
type replacing struct {
	http.ResponseWriter
	id string
}

func (w replacing) Write(body []byte) (int, error) {
	_, err := w.ResponseWriter.Write([]byte(strings.ReplaceAll(string(body), "%ID%", w.id)))
	return len(body), err
}

// If the API cannot have given the answer to the first PUT, the user is left unchanged.
func TestFirstPutStops(t *testing.T) {
	t.Parallel()
	for want, respond := range map[string]http.HandlerFunc{
		"401": simulator.AnswerFilterError(401, "Token."), "403": simulator.AnswerFilterError(403, "No."),
		"404": simulator.AnswerAPIError(404, "No user."), "405": simulator.AnswerAPIError(405, "SCIM."),
		"429": simulator.AnswerTooManyRequests("1"), "500": simulator.AnswerAPIError(500, "Oops."), "503": simulator.AnswerEmpty(503),
		"no answer": simulator.CutConnection,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: respond})
			stdout, _, code := b.run("-write", enabledUser)
			wantCode(t, code, ExitFine, stdout)
			// A refused token is renewed once.
			if statuses, _ := b.puts(); slices.Contains(statuses, disabled) {
				t.Errorf("sent %v", statuses)
			}
			b.wantStatus(enabledUser, enabled)
			wantText(t, stdout, "?? write PUT of the user's current status: "+want+"; stopped there, the user is as before")
			for _, q := range []question{askOtherStatus, askLookupLag, askSearchLag} {
				wantLine(t, stdout, lineOf(t, q), "not asked: the PUT before it was answered: "+want)
			}
			scim := "not asked: needs -write with a SCIM-managed user"
			if want == "405" {
				scim = "not known: the identity source of the user of -write does not say SCIM"
			}
			wantLine(t, stdout, lineOf(t, askSCIMStatus), scim)
		})
	}
}

func TestFailsFromTheSecondPut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.strikeFrom(2, simulator.Fault{Respond: simulator.AnswerAPIError(400, "Failing from now.")})
	stdout, _, code := b.run("-write", enabledUser)
	wantCode(t, code, ExitFine, stdout)
	wantText(t, stdout, "?? write PUT of the user's current status: 200; PUT of the other status is refused: 400")
	wantLine(t, stdout, lineOf(t, askSearchLag), "not known: the PUT of the other status was not carried out")
}

// What was accepted before is not the cause.
func TestAdviceOnTheSecondPut(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		403: "so the credentials may change users, but not this one to Disabled", 409: "-> Please report this", 405: "the name of this user's source does not contain SCIM",
	} {
		b := newBench(t)
		b.strikeFrom(2, simulator.Fault{Respond: simulator.AnswerAPIError(status, "Failing from now.")})
		stdout, _, _ := b.run("-write", enabledUser)
		wantText(t, stdout, fmt.Sprintf("PUT of the other status is refused: %d", status), want)
		for _, unfounded := range []string{"by a synchronization", "needs the scope"} {
			if strings.Contains(stdout, unfounded) {
				t.Errorf("%d: %q is unfounded", status, unfounded)
			}
		}
	}
}

func TestLagThatIsNotKnown(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare        func(*bench)
		lookup, search string
	}{
		"search fails": {func(b *bench) {
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch})
		}, "at once", "not known: no search got a usable answer"},
		"look-up fails": {func(b *bench) {
			b.strikeLookupsAfterPut(func(w http.ResponseWriter, r *http.Request, _ int) {
				simulator.AnswerAPIError(500, "")(w, r)
			})
		}, "not known: no look-up found the user", "at once"},
		"every second look-up is stale": {func(b *bench) {
			user, _ := b.tenant.User(enabledUser)
			b.strikeLookupsAfterPut(func(w http.ResponseWriter, r *http.Request, n int) {
				status := []string{disabled, enabled}[n%2]
				simulator.AnswerRaw(200, "application/json", fmt.Sprintf(
					`{"id": %q, "emailAddress": %q, "userStatus": %q, "markDeleted": false}`, user.ID, user.Email, status))(w, r)
			})
		}, "intermittently, and not steadily within 10s", "at once"},
		"search without statuses": {func(b *bench) {
			must(b.t, b.tenant.SetTemperament("bare-search", "on"))
		}, "at once", "not known: the answers have no status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tc.prepare(b)
			stdout, _, code := b.run("-write", enabledUser)
			wantCode(t, code, ExitFine, stdout)
			b.wantStatus(enabledUser, enabled)
			wantLine(t, stdout, lineOf(t, askLookupLag), tc.lookup)
			wantLine(t, stdout, lineOf(t, askSearchLag), tc.search)
		})
	}
}

// strikeLookupsAfterPut answers the look-ups, by their number, that come while a user is
// changed.
func (b *bench) strikeLookupsAfterPut(respond func(http.ResponseWriter, *http.Request, int)) {
	n := 0
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindLookup,
		Match: func(*http.Request, []byte) bool {
			user, _ := b.tenant.User(enabledUser)
			return user.Status == disabled
		},
		Respond: func(w http.ResponseWriter, r *http.Request) {
			respond(w, r, n)
			n++
		},
	})
}

func TestRefusesASharedAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tenant.AddTwin(simulator.User{Email: enabledUser})
	stdout, _, code := b.run("-write", enabledUser)
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "!! write refused: search shows two users with this address")
	b.wantPuts()
}

func TestMarkedUserWhoseDisablingFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tenant.Inject(simulator.Fault{Kind: simulator.KindStatus})
	stdout, _, code := b.run("-write", markedUser)
	wantCode(t, code, ExitFine, stdout)
	wantText(t, stdout, "?? write PUT Disabled for a user who is marked for deletion: 500")
	wantLine(t, stdout, lineOf(t, askLookupLag), "not asked: the user of -write is marked for deletion")
}
