// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The fault matrix: each fault of faults_test.go, for each kind of request, in a plan and
// in an apply. A fault is healed within bounds, or reported in one clear error for each
// user affected. The tenant holds no status that was not asked for, and the state matches
// the tenant.

// The wanted statuses. The state has ada and carla, both Enabled: a plan refreshes these
// two and looks ben up; an apply looks ben up once more and sets the statuses of ada and
// ben. There is no decision about dora.
const (
	adaEmail   = "ada@example.com"
	benEmail   = "ben@example.com"
	carlaEmail = "carla@example.com"
	doraEmail  = "dora@example.com"
)

var (
	faultUsers = []string{adaEmail, benEmail, carlaEmail, doraEmail}

	wantedStatuses = map[string]string{adaEmail: "Disabled", benEmail: "Disabled", carlaEmail: "Enabled"}
	// changedUsers are those whose status an apply sets.
	changedUsers = []string{adaEmail, benEmail}
)

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	state := stateBeforeFaults(t)
	for _, f := range faults() {
		for _, kind := range []simulator.Kind{simulator.KindLookup, simulator.KindStatus, simulator.KindToken} {
			t.Run(f.name+"/"+string(kind), func(t *testing.T) {
				if !f.waits { // What waits begins first, beside other tests that are busy.
					t.Parallel()
				}
				if reason := f.leftOut[kind]; reason != "" {
					t.Skip("left out: " + reason)
				}
				newFaultRow(t, f, kind, state).run(t)
			})
		}
	}
}

// faultRow is one fault of one kind of request, with its two cells.
type faultRow struct {
	fault  fault
	kind   simulator.Kind
	tenant *testTenant
	space  *workspace
}

// newFaultTenant returns a tenant with the four users, whose ids are the same in every
// tenant: one state fits all.
func newFaultTenant(t *testing.T) *testTenant {
	t.Helper()
	tenant := newTestTenant(t)
	for _, email := range faultUsers {
		tenant.AddUser(simulator.User{ID: faultUserID(email), Email: email, Username: email})
	}
	return tenant
}

func faultUserID(email string) string {
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", 1+slices.Index(faultUsers, email))
}

func stateBeforeFaults(t *testing.T) string {
	t.Helper()
	tenant := newFaultTenant(t)
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", decisions(map[string]string{adaEmail: "Enabled", carlaEmail: "Enabled"})))
	w.terraform("apply", "-auto-approve").succeeds()
	return w.read("terraform.tfstate")
}

// decisions returns a resource for each user, named by what is before the @.
func decisions(statuses map[string]string) string {
	var blocks strings.Builder
	for _, email := range []string{adaEmail, benEmail, carlaEmail} {
		if status, ok := statuses[email]; ok {
			blocks.WriteString(userStatus(nameOf(email), fmt.Sprintf("email = %q\nstatus = %q", email, status)))
		}
	}
	return blocks.String()
}

func nameOf(email string) string {
	name, _, _ := strings.Cut(email, "@")
	return name
}

func newFaultRow(t *testing.T, f fault, kind simulator.Kind, state string) *faultRow {
	t.Helper()
	tenant := newFaultTenant(t)
	row := &faultRow{fault: f, kind: kind, tenant: tenant, space: newWorkspace(t, tenant)}
	credentials := oauthArguments(t, tenant, tenant.server.IssuerURL())
	if f.byKey && kind != simulator.KindToken {
		key, err := tenant.CreateAPIKey(tenant.server.AdminAPIURL())
		must(t, err)
		credentials = fmt.Sprintf("api_key = %q", key)
	}
	row.space.write("main.tf", faultConfig(tenant, credentials, f.retries(), f.settings))
	row.space.write("terraform.tfstate", state)
	return row
}

func oauthArguments(t *testing.T, tenant *testTenant, issuer string) string {
	t.Helper()
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(t, err)
	return fmt.Sprintf("oauth = {\nissuer_url = %q\nclient_id = %q\nprivate_key = %q\n}", issuer, client.ClientID, client.PrivateKeyJWK)
}

func faultConfig(tenant *testTenant, credentials string, retries int, settings string) string {
	return fmt.Sprintf("provider \"idplus\" {\nadmin_api_url = %q\nmax_retries = %d\n%s\n%s\n}\n%s",
		tenant.server.AdminAPIURL(), retries, credentials, settings, decisions(wantedStatuses))
}

func (r *faultRow) run(t *testing.T) {
	planned := false
	t.Run("plan", func(t *testing.T) {
		if r.kind == simulator.KindStatus {
			t.Skip("left out: a plan sets no status")
		}
		r.strike(t, inPlan, "plan", "-json", "-out=saved.tfplan")
		planned = r.fault.times > 0 && !t.Failed()
	})
	if !planned {
		r.in(t).terraform("plan", "-out=saved.tfplan").succeeds().says("Plan: 1 to add, 1 to change, 0 to destroy.")
	}
	t.Run("apply", func(t *testing.T) {
		r.strike(t, inApply, "apply", "-json", "saved.tfplan")
	})
	r.recovers(t)
}

// in returns the workspace for a subtest.
func (r *faultRow) in(t *testing.T) *workspace {
	w := *r.space
	w.t = t
	return &w
}

// inject sets the fault up, and counts how often it strikes.
func (r *faultRow) inject(times int) (struck *atomic.Int64, remove func()) {
	struck = new(atomic.Int64)
	injected := simulator.Fault{Kind: r.kind, Times: times, After: r.fault.after && r.kind == simulator.KindStatus}
	answer := r.fault.answerTo(r.kind)
	injected.Respond = func(w http.ResponseWriter, request *http.Request) {
		struck.Add(1)
		answer(w, request)
	}
	if r.fault.match != nil {
		injected.Match = r.fault.match(r.tenant, struck)
	}
	return struck, r.tenant.Inject(injected)
}

// strike runs a command under the fault and judges its output, its requests and its
// outcome.
func (r *faultRow) strike(t *testing.T, p moment, command ...string) {
	t.Helper()
	w := r.in(t)
	before := w.read("terraform.tfstate")
	struck, remove := r.inject(r.fault.times)
	got := w.terraform(command...)
	remove()
	if struck.Load() == 0 {
		t.Error("the fault did not strike")
	}
	want := r.fault.wants(cell{r.kind, p})
	r.judgeRequests(t, p, want)
	r.stateMatchesTenant(t, p, want.cause != "")
	if p == inPlan && w.read("terraform.tfstate") != before {
		t.Error("a plan changed the state")
	}
	if finding := r.fault.findings[cell{r.kind, p}]; finding != "" {
		t.Skip("a finding, so the output is not judged: " + finding)
	}
	r.judge(got, p, want)
}

// stateMatchesTenant compares tenant and state. The state may lag only if the answer to a PUT
// was lost; the next plan finds out, as recovers asserts.
func (r *faultRow) stateMatchesTenant(t *testing.T, p moment, failed bool) {
	t.Helper()
	known := statusesInState(t, r.in(t))
	for _, user := range r.tenant.Users() {
		canBe := []string{"Enabled"}
		if p == inApply && slices.Contains(changedUsers, user.Email) {
			canBe = append(canBe, "Disabled")
		}
		if !slices.Contains(canBe, user.Status) {
			t.Errorf("%s is %q in the tenant, which was not asked for", user.Email, user.Status)
		}
		status, ok := known[user.Email]
		if lags := failed && r.fault.after && r.kind == simulator.KindStatus; ok && !lags && status != user.Status {
			t.Errorf("%s is %s in the tenant, %s in the state", user.Email, user.Status, status)
		}
	}
	if p == inApply && !failed {
		r.isAsWanted(t)
	}
}

// isAsWanted checks the tenant and the state after an apply that succeeded.
func (r *faultRow) isAsWanted(t *testing.T) {
	t.Helper()
	known := statusesInState(t, r.in(t))
	if len(known) != len(wantedStatuses) {
		t.Errorf("the state holds %d users, want %d", len(known), len(wantedStatuses))
	}
	for email, want := range wantedStatuses {
		if got := r.tenant.status(t, email); got != want || known[email] != want {
			t.Errorf("%s is %s in the tenant, %s in the state; want %s", email, got, known[email], want)
		}
	}
	if got := r.tenant.status(t, doraEmail); got != "Enabled" {
		t.Errorf("dora has no decision and is %s", got)
	}
}

// recovers runs without the fault: the next plan shows exactly the difference
// and its apply closes it. A fault that can pass strikes once more on the way,
// and is healed.
func (r *faultRow) recovers(t *testing.T) {
	t.Helper()
	w := r.in(t)
	add, change := r.difference(t)
	if add+change > 0 {
		var struck *atomic.Int64
		remove := func() {}
		if r.fault.passes && (r.kind != simulator.KindStatus || r.hasToChange(t)) {
			struck, remove = r.inject(1)
		}
		shown := fmt.Sprintf("Plan: %d to add, %d to change, 0 to destroy.", add, change)
		w.terraform("apply", "-auto-approve").succeeds().says(shown)
		remove()
		if struck != nil && struck.Load() != 1 {
			t.Errorf("the fault struck %d times in the recovery, want once", struck.Load())
		}
	}
	r.isAsWanted(t)
	w.terraform("plan", "-detailed-exitcode").succeeds()
}

// hasToChange reports whether the tenant is not as wanted yet.
func (r *faultRow) hasToChange(t *testing.T) bool {
	t.Helper()
	return slices.ContainsFunc(changedUsers, func(email string) bool { return r.tenant.status(t, email) != wantedStatuses[email] })
}

// difference returns what a plan has to show, by tenant and state.
func (r *faultRow) difference(t *testing.T) (add, change int) {
	t.Helper()
	known := statusesInState(t, r.in(t))
	for email, want := range wantedStatuses {
		if _, ok := known[email]; !ok {
			add++
		} else if r.tenant.status(t, email) != want {
			change++
		}
	}
	return add, change
}
