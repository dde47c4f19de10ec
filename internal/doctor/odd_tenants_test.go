// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Tenants may behave in ways that no switch of the simulator covers.
func TestOddTenants(t *testing.T) {
	t.Parallel()
	unknownUsers := func(_ *http.Request, body []byte) bool { return strings.Contains(string(body), "no-such-user-") }
	for name, tc := range map[string]struct {
		fault simulator.Fault
		lines map[question]string
		text  string
	}{
		"nothing for a user who does not exist": {
			simulator.Fault{Kind: simulator.KindLookup, Match: unknownUsers, Respond: simulator.AnswerEmpty(200)},
			map[question]string{askUnknownUser: "200, an empty body", askCaseEmail: "no"}, "?? unknown user 200, an empty body",
		},
		"the web server's 404": {
			simulator.Fault{Kind: simulator.KindLookup, Match: unknownUsers, Respond: simulator.AnswerFilterError(404, "")},
			map[question]string{askUnknownUser: "404, the web server's form (error, path, status, timestamp)"}, "and not 404 in the API's form",
		},
		"no search for an at sign": {
			simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(400, ""), Match: func(_ *http.Request, body []byte) bool {
				return strings.Contains(string(body), `"@"`)
			}},
			map[question]string{askLike: "no", askFirstPage: "0", askOrder: "yes"}, "ok search works",
		},
		"no search": {
			simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "")},
			map[question]string{askOrder: unknown}, `?? search refused: 403, the API's form (code, description)`,
		},
		"headers": {
			simulator.Fault{Kind: simulator.KindLookup, Times: 1, Respond: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-RateLimit-Remaining", "7")
				w.Header().Set("X-Request-Id", "acmezz-4711-qqq")
				w.Header().Set("Retry-After", "0")
				simulator.AnswerAPIError(429, "Slow down.")(w, r)
			}},
			map[question]string{
				askRateHeaders: "Retry-After, X-Ratelimit-Remaining", askRequestIdentity: "X-Request-Id",
				askThrottled: "yes, with Retry-After: 0 s, the API's form (code, description); 1 of ",
			}, "?? rate limit 429 was seen",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.Inject(tc.fault)
			stdout, _, code := b.run(enabledUser)
			wantCode(t, code, ExitFine, stdout)
			wantText(t, stdout, tc.text)
			for q, want := range tc.lines {
				wantLine(t, stdout, lineOf(t, q), want)
			}
			wantNoPieces(t, stdout, []string{"acmezz-4711-qqq"})
		})
	}
}

// A person who waits sees the reason.
func TestReportsLongWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerTooManyRequests("30")})
	stdout, _, code := b.run("-timeout", "500ms")
	wantCode(t, code, ExitStopped, stdout)
	if strings.Contains(stdout, ".. ") {
		t.Errorf("a wait that did not happen was reported:\n%s", stdout)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	b.command.Stdout = interrupting{interrupt}
	stdout, _, code = b.runIn(ctx)
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "the answer was 429", "-- token interrupted")
}

// interrupting interrupts as soon as a wait is reported.
type interrupting struct{ interrupt func() }

func (i interrupting) Write(text []byte) (int, error) {
	if strings.Contains(string(text), "retries in") {
		i.interrupt()
	}
	return len(text), nil
}
