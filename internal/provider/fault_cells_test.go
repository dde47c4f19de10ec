// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The cells of the fault matrix that do not fit into its table.

// A refused connection affects a server, not a kind of request: the API's, with look-ups
// and statuses, or the token endpoint's.
func TestFaultConnectionRefused(t *testing.T) {
	t.Parallel()
	state := stateBeforeFaults(t)
	refused := func(user, request string) string {
		return "Cannot look up " + user + ": There was no usable answer: " + request + ": dial tcp HOST: connect: connection refused."
	}
	// Never sent, so not made.
	notSet := func(request string) string {
		return "Cannot set the status of a user: " + adaEmail + ": There was no usable answer: - " + adaEmail + " to Disabled: " + request + ": dial tcp HOST: connect: connection refused"
	}
	const api, token = " http://HOST/AdminInterface/restapi", "POST http://HOST/oauth/token"
	const lookup, status = "POST" + api + "/v1/users/lookup", "PUT" + api + "/v1/users/{id}/userStatus"
	for name, c := range map[string]struct {
		tokens           bool
		inPlan, inApply  []string
		tokenRequestsHad int
	}{
		"the API": {
			inPlan: []string{
				refused(adaEmail, lookup), refused(benEmail, lookup), refused(carlaEmail, lookup),
			},
			inApply:          []string{refused(benEmail, lookup), notSet(status)},
			tokenRequestsHad: 1,
		},
		"the token endpoint": {
			tokens: true,
			inPlan: []string{
				refused(adaEmail, token), refused(benEmail, token), refused(carlaEmail, token),
			},
			inApply: []string{refused(benEmail, token), notSet(token)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newFaultTenant(t)
			tokens, err := simulator.Start(tenant.Tenant)
			must(t, err)
			t.Cleanup(tokens.Close)
			w := newWorkspace(t, tenant)
			w.write("main.tf", faultConfig(tenant, oauthArguments(t, tenant, tokens.IssuerURL()), 1, ""))
			w.write("terraform.tfstate", state)
			row := &faultRow{tenant: tenant, space: w}
			struck := tenant.server
			if c.tokens {
				struck = tokens
			}
			restart := func() {
				struck, err = simulator.StartAt(tenant.Tenant, strings.TrimPrefix(struck.URL(), "http://"))
				must(t, err)
				t.Cleanup(struck.Close)
			}
			refuses := func(p moment, want []string, command ...string) {
				struck.Close()
				got := w.terraform(command...).fails()
				var causes []string
				for _, text := range got.errors() {
					cause, _, _ := strings.Cut(text, " Nothing accepts connections at HOST. Check ")
					causes = append(causes, afterTwo.ReplaceAllString(cause, "$1"))
				}
				if diff := cmp.Diff(want, causes); diff != "" {
					t.Errorf("errors in the %s (-want +got):\n%s", p, diff)
				}
				row.stateMatchesTenant(t, p, true)
				if all, had := len(tenant.Requests()), tenant.Count(simulator.KindToken); had != c.tokenRequestsHad || all != had {
					t.Errorf("%d requests arrived, %d of them for a token; want %d", all, had, c.tokenRequestsHad)
				}
				restart()
			}

			refuses(inPlan, c.inPlan, "plan", "-json")
			w.terraform("plan", "-out=saved.tfplan").succeeds().says("Plan: 1 to add, 1 to change, 0 to destroy.")
			refuses(inApply, c.inApply, "apply", "-json", "saved.tfplan")
			row.recovers(t)
		})
	}
}

// afterTwo matches the end of the error that the second attempt has caused.
var afterTwo = regexp.MustCompile(` \(after 2 attempts in TIME\)(\.?)$`)

// errors are the error diagnostics of a command with -json, sorted.
func (o outcome) errors() []string {
	o.t.Helper()
	var texts []string
	for _, d := range o.diagnostics() {
		if d.Severity == "error" {
			texts = append(texts, steady(d.Summary+": "+d.Detail))
		}
	}
	slices.Sort(texts)
	return texts
}

func TestFaultTokenExpiresAmongManyUsers(t *testing.T) {
	t.Parallel()
	const users, expiresAt = 15, 6
	var emails []string
	blocks := ""
	for i := range users {
		emails = append(emails, fmt.Sprintf("user%02d@example.com", i))
		blocks += userStatus(nameOf(emails[i]), fmt.Sprintf("email = %q\nstatus = \"Disabled\"", emails[i]))
	}
	tenant := newTestTenant(t, append(emails, doraEmail)...)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenantByOAuth(t, tenant)+blocks)
	w.terraform("plan", "-out=saved.tfplan").succeeds()

	var puts atomic.Int64
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: func(*http.Request, []byte) bool {
		if puts.Add(1) == expiresAt {
			tenant.RevokeTokens()
		}
		return false // The tenant answers.
	}})
	w.terraform("apply", "saved.tfplan").succeeds().says(fmt.Sprintf("Resources: %d added, 0 changed, 0 destroyed.", users))
	remove()
	if got := tenant.Count(simulator.KindToken); got != 2 {
		t.Errorf("%d tokens were fetched, want exactly one more than without the expiry", got)
	}
	// Requests in flight with the old token are sent once more.
	const inFlight = 10
	if got := tenant.Count(simulator.KindStatus); got <= users || got > users+inFlight {
		t.Errorf("%d PUTs for %d users", got, users)
	}
	known := statusesInState(t, w)
	for _, email := range emails {
		if got := tenant.status(t, email); got != "Disabled" || known[email] != "Disabled" {
			t.Errorf("%s is %s in the tenant, %q in the state", email, got, known[email])
		}
	}
	if got := tenant.status(t, doraEmail); got != "Enabled" {
		t.Errorf("dora has no decision and is %s", got)
	}
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// A 429 says nothing about the credentials.
func TestFaultThrottledTokenEndpoint(t *testing.T) {
	t.Parallel()
	tenant := newFaultTenant(t)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenantByOAuth(t, tenant)+userStatus("ada", fmt.Sprintf("email = %q\nstatus = \"Disabled\"", adaEmail)))
	remove := tenant.Inject(simulator.Fault{Kind: simulator.KindToken, Respond: simulator.AnswerTooManyRequests("")})
	got := w.terraform("plan").fails().says(
		"Error: Cannot look up "+adaEmail, "/oauth/token answered 429 Too Many Requests",
		"The sign-in was throttled", "The token endpoint refuses requests because there are too many", "Try again later")
	for _, wrong := range []string{"likely causes", "credentials were refused", "not published", "private_key", "clock", "answered 403", "admin_api_url"} {
		if strings.Contains(got.text, wrong) {
			t.Errorf("throttling is blamed on the credentials: %q in\n%s", wrong, got.text)
		}
	}
	if got := len(tenant.Requests()); got != 2 {
		t.Errorf("%d requests, want the two for a token", got)
	}
	remove()
	w.terraform("apply", "-auto-approve").succeeds()
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

func tenantByOAuth(t *testing.T, tenant *testTenant) string {
	t.Helper()
	return fmt.Sprintf("provider \"idplus\" {\nadmin_api_url = %q\nmax_retries = 1\n%s\n}\n",
		tenant.server.AdminAPIURL(), oauthArguments(t, tenant, tenant.server.IssuerURL()))
}
