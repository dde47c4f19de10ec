// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestFormsOfScopes(t *testing.T) {
	t.Parallel()
	const all = "all that were requested: rsa.user.read, rsa.user.manage"
	const noScopes = "not given by the token endpoint; requested: rsa.user.read, rsa.user.manage"
	for scope, want := range map[string]string{
		`"rsa.user.read rsa.user.manage"`:               all,
		`"rsa.user.read,rsa.user.manage"`:               all,
		`"rsa.user.read, rsa.user.manage"`:              all,
		`["rsa.user.read", "rsa.user.manage"]`:          all,
		`["rsa.user.read rsa.user.manage"]`:             all,
		`"rsa.user.read rsa.user.manage rsa.user.read"`: all,
		`"RSA.User.Read rsa.user.manage"`:               "all that were requested: RSA.User.Read, rsa.user.manage",
		`null`:                                          noScopes,
		`""`:                                            noScopes,
		`[]`:                                            noScopes,
		`7`:                                             noScopes,
		`"rsa.user.read"`:                               "fewer than requested, without: rsa.user.manage",
	} {
		t.Run(scope, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			token := b.tenant.IssueToken(time.Hour)
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerRaw(200, "application/json",
				fmt.Sprintf(`{"access_token": %q, "token_type": "Bearer", "expires_in": 3600, "scope": %s}`, token, scope))})
			stdout, _, code := b.run()
			wantCode(t, code, ExitFine, stdout)
			wantLine(t, stdout, lineOf(t, askScopes), want)
			if isLess := strings.HasPrefix(want, "fewer"); strings.Contains(stdout, "rsa.user.manage is not granted") != isLess {
				t.Errorf("a note on scopes, or none:\n%s", stdout)
			}
		})
	}
}

// refuseAt refuses look-ups like a server whose clock is ahead.
func (b *bench) refuseAt(ahead time.Duration) {
	b.tenant.Inject(simulator.Fault{
		Kind: simulator.KindLookup, Respond: simulator.AnswerFilterError(403, "Failed to process the token."),
		Match: func(*http.Request, []byte) bool { b.tenant.SetClockOffset(ahead); return true },
	})
}

// The servers behind a load balancer may have different clocks.
func TestClockOfTheServerThatRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.refuseAt(10 * time.Minute)
	stdout, _, code := b.run()
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "By the date of this answer, this machine's clock is 10m behind the server's")
	wantLine(t, stdout, lineOf(t, askLeeway), "cannot be tested; by the refusal's date, this clock is 10m behind the server's")

	b = newBench(t)
	b.tenant.SetClockOffset(30 * time.Second)
	b.refuseAt(0)
	stdout, _, code = b.run()
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "?? clock this machine's clock is 30s behind the server's")
	for _, unfounded := range []string{"still works", "considers the token too old"} {
		if strings.Contains(stdout, unfounded) {
			t.Errorf("%q is unfounded:\n%s", unfounded, stdout)
		}
	}
}

// The API's own answer counts, once there is one.
func TestClockOfTheAPIItself(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first, then  time.Duration
		answer, text string
	}{
		"off":   {0, 10 * time.Minute, "cannot be tested; by the API's own answer, this clock is 10m behind the server's, but the API accepted the token", "?? clock by the API's own answer"},
		"right": {30 * time.Second, 0, "cannot be tested; this clock is right", "ok clock by the API's own answer, within 10s of the server's"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.SetClockOffset(tc.first)
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Match: func(*http.Request, []byte) bool {
				b.tenant.SetClockOffset(tc.then)
				return true
			}, Respond: simulator.AnswerAPIError(404, "No such user.")})
			stdout, _, code := b.run()
			wantCode(t, code, ExitFine, stdout)
			wantLine(t, stdout, lineOf(t, askLeeway), tc.answer)
			wantText(t, stdout, tc.text)
		})
	}
}
