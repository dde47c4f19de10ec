// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	c.tenant.SetRateLimit(0.01, 2)
	for range 2 {
		c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada")
	}
	for range 2 { // a refused request takes no turn, so the wait does not grow
		got := c.call("POST", "/v1/users/lookup", lookUpAda)
		got.want(t, 429, "TOO_MANY_REQUESTS")
		if got.header.Get("Retry-After") != "100" {
			t.Errorf("Retry-After is %q, want 100", got.header.Get("Retry-After"))
		}
	}
	c.postForm(nil).want(t, 429, "")
	if got := c.tenant.Refused(simulator.KindLookup); got != 2 {
		t.Errorf("%d refused, want 2", got)
	}
	c.tenant.SetRateLimit(0, 0)
	c.call("POST", "/v1/users/lookup", lookUpAda).want(t, 200, "ada")
}

func TestRateLimitAsASwitch(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	must(t, c.tenant.SetTemperament("rate-limit", "0.001"))
	c.lookUp("ada@example.com").want(t, 200, "ada")
	c.lookUp("ada@example.com").want(t, 429, "TOO_MANY_REQUESTS")
	must(t, c.tenant.SetTemperament("rate-limit", "none"))
	c.lookUp("ada@example.com").want(t, 200, "ada")
}

func TestAnswerRetryAfter(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.SetRateLimit(0.001, 1)
	c.tenant.SetClockOffset(30 * day)
	c.lookUp("ada@example.com").want(t, 404, "not found")
	retryAfter := func(answer string) string {
		t.Helper()
		c.tenant.AnswerRetryAfter(answer)
		got := c.lookUp("ada@example.com")
		got.want(t, 429, "TOO_MANY_REQUESTS")
		return got.header.Get("Retry-After")
	}
	if got := retryAfter("seconds"); len(got) < 1 || strings.Trim(got, "0123456789") != "" {
		t.Errorf("in seconds it is %q", got)
	}
	if got := retryAfter("none"); got != "" {
		t.Errorf("without, it is %q", got)
	}
	at, err := http.ParseTime(retryAfter("date"))
	must(t, err)
	if at.Before(time.Now().Add(29*day)) || at.After(time.Now().Add(31*day)) {
		t.Errorf("the date, which the tenant's clock should give, is %s", at)
	}
}

func TestMarkByteOrder(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	c.tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	ask := c.oauthAttempts()
	answers := func() map[string]reply {
		t.Helper()
		return map[string]reply{
			"look-up": c.lookUp("ada@example.com"), "unknown user": c.lookUp("ben@example.com"),
			"search": c.call("POST", "/v2/users/search", everybody), "status": c.putStatus("1", disable),
			"sync": c.call("POST", "/v1/users/1/sync", ""), "router": c.call("POST", "/v3", ""),
			"token": ask(nil, nil), "refused token": ask(changes{"exp": 1}, nil), "control": c.control("GET", "/requests"),
		}
	}
	c.tenant.MarkByteOrder(true)
	for name, got := range answers() {
		rest, marked := strings.CutPrefix(got.body, "\ufeff{")
		if marked != (name != "control") || strings.Contains(rest, "\ufeff") {
			t.Errorf("%s: %d %q", name, got.status, got.body)
		}
	}
	c.tenant.Inject(simulator.Fault{Times: 1, Respond: simulator.AnswerRaw(200, "application/json", "{}")})
	if got := c.lookUp("ada@example.com"); got.body != "\ufeff{}" {
		t.Errorf("a fault in JSON: %q", got.body)
	}
	for _, fault := range []http.HandlerFunc{simulator.AnswerRaw(200, "text/html", "<p>"), simulator.AnswerEmpty(204)} {
		c.tenant.Inject(simulator.Fault{Times: 1, Respond: fault})
		if got := c.lookUp("ada@example.com"); strings.Contains(got.body, "\ufeff") {
			t.Errorf("a fault not in JSON: %q", got.body)
		}
	}
	c.tenant.MarkByteOrder(false)
	for name, got := range answers() {
		if !strings.HasPrefix(got.body, "{") {
			t.Errorf("after switching it off %s: %q", name, got.body)
		}
	}
}
