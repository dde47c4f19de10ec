// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// How the fault matrix judges a command: by its diagnostics and its requests.

// shownDiagnostic is a diagnostic as Terraform prints it with -json, except that white
// space is single blanks.
type shownDiagnostic struct {
	Severity, Summary, Detail, Address string
}

// diagnostics returns those of a command with -json.
func (o outcome) diagnostics() []shownDiagnostic {
	o.t.Helper()
	var shown []shownDiagnostic
	for lines := json.NewDecoder(strings.NewReader(o.text)); ; {
		var line struct{ Diagnostic *shownDiagnostic }
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return shown
		} else if err != nil {
			o.t.Fatalf("the output is not JSON: %v\n%s", err, o.text)
		}
		if d := line.Diagnostic; d != nil && d.Summary != "Provider development overrides are in effect" {
			d.Detail = oneSpace(d.Detail)
			shown = append(shown, *d)
		}
	}
}

func oneSpace(text string) string { return strings.Join(strings.Fields(text), " ") }

// unfit matches what does not belong in an error.
var unfit = regexp.MustCompile(`bug in the provider|\*?\b(json|http|url|net|tls|cloudadmin|diag|context|errors|errorString)\.[A-Z]|cannot unmarshal|invalid character|0x[0-9a-f]{6}|goroutine|panic|<[a-zA-Z!/]|%!|\[removed\]`)

var (
	duration = regexp.MustCompile(` in [0-9.]+m?s\)`)
	// notSent matches the start of a request that another request's failure has ended.
	notSent = regexp.MustCompile(`(POST|PUT) \S+: not sent: (POST|PUT)|not sent:`)
	host    = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)
)

// steady returns the text with TIME and HOST for what differs from run to run.
func steady(text string) string {
	text = strings.ReplaceAll(notSent.ReplaceAllString(text, "$2"), ":  ", ": ")
	return host.ReplaceAllString(duration.ReplaceAllString(text, " in TIME)"), "HOST")
}

func (r *faultRow) judge(got outcome, p moment, want expectation) {
	got.t.Helper()
	if want.cause == "" {
		got.succeeds()
	} else {
		got.fails()
	}
	if want.shows != "" {
		got.says(want.shows)
	}
	var failed, warned []string
	long, instead := 0, 0
	for _, d := range got.diagnostics() {
		text := d.Summary + ": " + d.Detail
		if found := unfit.FindString(text); found != "" || strings.ContainsFunc(text, unicode.IsControl) {
			got.t.Errorf("%q does not belong in a diagnostic: %q", found, text)
		}
		user := strings.TrimPrefix(d.Address, "idplus_user_status.") + "@example.com"
		if d.Severity != "error" {
			warned = append(warned, d.Summary)
			continue
		}
		failed = append(failed, user)
		if summary := r.summary(p, user, want); d.Summary != summary {
			got.t.Errorf("summary %q, want %q", d.Summary, summary)
		}
		switch steady(d.Detail) {
		case r.detail(p, user, want, want.advice):
		case r.detail(p, user, want, want.explained):
			long++
		case r.detail(p, user, want, want.instead):
			instead++
		default:
			got.t.Errorf("detail:\n%s\nwant:\n%s", steady(d.Detail), r.detail(p, user, want, want.advice))
		}
	}
	if want.explained != "" && long != 1 && (instead == 0 || want.instead == "") {
		got.t.Errorf("the cause is explained at length %d times, want once", long)
	}
	expected := slices.Clone(want.warnings)
	if want.cause == "" && want.from != "nothing" || r.kind == simulator.KindStatus {
		expected = append(expected, "User changes: "+benEmail+": "+cmp.Or(want.from, "Enabled")+" -> Disabled")
	}
	if slices.Sort(warned); !slices.Equal(warned, expected) {
		got.t.Errorf("warnings %q, want %q", warned, expected)
	}
	concerned := concernedUsers(r.kind, p)
	if want.cause == "" {
		concerned = nil
	}
	if slices.Sort(failed); !slices.Equal(failed, concerned) {
		got.t.Errorf("errors for %v, want one for each of %v:\n%s", failed, concerned, got.text)
	}
}

// concernedUsers returns the users that a kind of request is sent for. A token is fetched
// for the first user, and again for the next if that failed.
func concernedUsers(kind simulator.Kind, p moment) []string {
	switch {
	case p == inPlan:
		return []string{adaEmail, benEmail, carlaEmail}
	case kind == simulator.KindLookup:
		return []string{benEmail}
	}
	return changedUsers
}

// isLookUp reports whether a look-up of the user fails. A token is fetched for a look-up
// or for a PUT.
func (r *faultRow) isLookUp(p moment, user string) bool {
	return p == inPlan || r.kind == simulator.KindLookup || r.kind == simulator.KindToken && user == benEmail
}

func (r *faultRow) summary(p moment, user string, want expectation) string {
	switch {
	case r.isLookUp(p, user):
		return "Cannot look up " + user
	case want.unsure:
		return "Change may have been made: " + user
	}
	return "Cannot set the status of a user: " + user
}

func (r *faultRow) detail(p moment, user string, want expectation, advice string) string {
	const line = "- {user} to Disabled: "
	switch {
	case r.isLookUp(p, user):
		return r.fill(want.lead+": "+want.cause+"."+advice, user)
	case want.unsure:
		if want.looksAgain {
			advice = "" // A missing answer needs no advice.
		}
		return r.fill(line+want.cause+" The request was sent, but no usable answer came back, so it is not known whether the status was changed. Plan again to see the current state."+advice, user)
	}
	return r.fill(want.lead+": "+line+want.cause+advice, user)
}

func (r *faultRow) fill(detail, user string) string {
	request := map[simulator.Kind]string{
		simulator.KindLookup: "POST /v1/users/lookup",
		simulator.KindStatus: "PUT /v1/users/{id}/userStatus",
		simulator.KindToken:  "POST http://HOST/oauth/token",
	}[r.kind]
	url := strings.Replace(request, " /", " http://HOST/AdminInterface/restapi/", 1)
	id := ""
	if u, ok := r.tenant.User(user); ok {
		id = u.ID
	}
	return oneSpace(strings.NewReplacer("{request}", request, "{url}", url, "{user}", user, "{id}", id,
		"{attempts}", strconv.Itoa(1+r.fault.retries())).Replace(detail))
}

// judgeRequests limits what a command under a fault sends: the attempts for requests of
// the failing kind, one for all others.
func (r *faultRow) judgeRequests(t *testing.T, p moment, want expectation) {
	t.Helper()
	failed := want.cause != ""
	sent := map[simulator.Kind]map[string]int{simulator.KindLookup: {}, simulator.KindStatus: {}, simulator.KindToken: {}}
	emails := map[string]string{}
	for _, user := range r.tenant.Users() {
		emails[user.ID] = user.Email
	}
	for _, request := range r.tenant.Requests() {
		about, ok := sent[request.Kind]
		if !ok {
			t.Errorf("an unexpected request: %s %s", request.Method, request.Path)
			continue
		}
		about[request.Address+emails[request.UserID]]++
		if request.Kind == simulator.KindStatus && request.Body != `{"userStatus":"Disabled"}` {
			t.Errorf("a PUT asked for %s", request.Body)
		}
	}

	attempts := want.attempts
	if attempts == 0 {
		attempts = 1 + r.fault.retries()
	}
	for _, kind := range []simulator.Kind{simulator.KindLookup, simulator.KindStatus} {
		var asked []string
		if p == inApply || kind == simulator.KindLookup {
			asked = concernedUsers(kind, p)
		}
		if kind == simulator.KindLookup && want.looksAgain {
			asked = changedUsers
		}
		for user, n := range sent[kind] {
			most := 1 + want.renewals
			if kind == r.kind {
				most = attempts
			}
			if kind == simulator.KindLookup && want.looksAgain {
				most++
			}
			if !slices.Contains(asked, user) || n > most {
				t.Errorf("%d %s requests for %s, want at most %d for each of %v", n, kind, user, most, asked)
			}
		}
		for _, user := range asked {
			n := sent[kind][user]
			switch {
			case kind == r.kind && failed && (want.explained != "" && n > 0 || want.ends):
				// Once a new token was refused too, the others do not ask for one.
			case kind == r.kind && failed && n != attempts:
				t.Errorf("%d %s requests for %s, want %d", n, kind, user, attempts)
			case !failed && n == 0:
				t.Errorf("no %s request for %s", kind, user)
			}
		}
	}

	tokens, most, least := sent[simulator.KindToken][""], 1+want.renewals, 1+want.renewals
	switch {
	case r.fault.byKey && r.kind != simulator.KindToken:
		most, least = 0, 0
	case r.kind == simulator.KindToken && want.tokens > 0:
		most, least = want.tokens, want.tokens
	case r.kind == simulator.KindToken && failed:
		most = attempts * len(concernedUsers(r.kind, p))
		least = most
	case r.kind == simulator.KindToken:
		most, least = 1+r.fault.times, 1+r.fault.times
	}
	if tokens < least || tokens > most {
		t.Errorf("%d token requests, want from %d to %d", tokens, least, most)
	}
}
