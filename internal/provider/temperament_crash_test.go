// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// oddAnswers returns what a look-up, a search or a change may be answered with.
func oddAnswers() map[string]http.HandlerFunc {
	answers := map[string]http.HandlerFunc{
		"empty": simulator.AnswerEmpty(http.StatusOK), "no content": simulator.AnswerEmpty(http.StatusNoContent),
		"cut": simulator.CutConnection,
	}
	for _, code := range []int{400, 401, 403, 404, 405, 409, 415, 418, 429, 500, 503} {
		answers[fmt.Sprint(code)] = simulator.AnswerAPIError(code, "No.")
		answers[fmt.Sprintf("%d, empty", code)] = simulator.AnswerEmpty(code)
	}
	for name, body := range map[string]string{
		"a page": "<html><body>Sign in</body></html>", "null": "null", "a list": "[]", "an object": "{}", "a text": `"no"`,
		"nulls":               `{"id":null,"emailAddress":null,"userStatus":null,"markDeleted":null,"elements":null,"totalPages":null,"totalElements":null}`,
		"null elements":       `{"elements":[null,{},{"id":null}],"totalPages":1,"totalElements":3}`,
		"without address":     `{"id":"00000000-0000-4000-8000-000000000001","elements":[{"id":"00000000-0000-4000-8000-000000000001"}],"totalPages":1,"totalElements":1}`,
		"without id":          `{"emailAddress":"ada@example.com","userStatus":"Enabled","elements":[{"emailAddress":"ada@example.com","userStatus":"Enabled"}],"totalPages":1,"totalElements":1}`,
		"numbers for texts":   `{"id":1,"emailAddress":2,"userStatus":3,"markDeleted":4,"elements":[5],"totalPages":1,"totalElements":1}`,
		"more than it counts": `{"elements":[{"id":"00000000-0000-4000-8000-000000000001","emailAddress":"ada@example.com","userStatus":"Enabled"},{"id":"00000000-0000-4000-8000-000000000002","emailAddress":"ben@example.com","userStatus":"Enabled"}],"totalPages":1,"totalElements":1}`,
	} {
		answers[name] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		}
	}
	return answers
}

// Whatever a tenant answers, nothing crashes, and a failure names the user, in words for
// people, and not in those of another request's failure.
func TestOddAnswersCrashNothing(t *testing.T) {
	t.Parallel()
	const ada, ben = "ada@example.com", "ben@example.com"
	for name, answer := range oddAnswers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, ada, ben)
			must(t, tenant.SetStatus(ben, simulator.Disabled))
			provider := map[string]any{"max_retries": 0, "requests_per_second": 1e6}
			begin := func() *protocol { return newProtocolOf(t, tenant, terraformWithEverything, maps.Clone(provider)) }
			for _, kind := range []simulator.Kind{simulator.KindLookup, simulator.KindSearch, simulator.KindSync, simulator.KindMarkDeleted} {
				remove := tenant.Inject(simulator.Fault{Kind: kind, Respond: answer})
				for what, config := range map[string]map[string]any{
					"one": {"email": ben}, "by username": {"username": "ben"}, "several": {"emails": []any{ada, ben}},
				} {
					for action, arguments := range map[string]map[string]any{syncAction: {}, markAction: {"mark_deleted": true}, markAction + " back": {"mark_deleted": false}} {
						action, _, _ = strings.Cut(action, " ")
						for name, value := range config {
							arguments[name] = value
						}
						_, said := begin().invoke(t.Context(), action, arguments)
						fit(t, fmt.Sprintf("%s of %s under %s", action, what, kind), said)
						if kind == simulator.KindLookup && len(said) > 0 {
							for _, wrong := range []string{"cannot be marked here", "may not mark", "refuses to change the mark", "marks only users", "rsa.user.delete.soft"} {
								if strings.Contains(strings.Join(texts(said), " "), wrong) {
									t.Errorf("%s of %s: a failed look-up is reported as a failed mark: %v", action, what, texts(said))
								}
							}
						}
						_ = tenant.Undelete(ben)
					}
				}
				p := begin()
				schema := p.DataSourceSchemas["idplus_user"]
				read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "idplus_user", Config: p.value(schema, map[string]any{"email": ada})})
				must(t, err)
				fit(t, "idplus_user under "+string(kind), read.Diagnostics)
				for _, config := range []map[string]any{
					{"email_contains": "@"}, {"email_contains": "@", "read_with": "lookup"}, {"emails": []any{ada, ben}}, {"emails": []any{ada, ben}, "read_with": "lookup"},
					{"email_contains": "@", "identity_source": "Local"}, {"email_contains": "@", "status": "Disabled", "mark_deleted": true},
				} {
					_, said := begin().usersOfThisRun(config)
					fit(t, "idplus_users under "+string(kind), said)
				}
				_, said := begin().query(query{resource: true, limit: 10})
				fit(t, "the list under "+string(kind), said)
				remove()
			}
		})
	}
}

// fit fails the test for diagnostics that are not for people.
func fit(t *testing.T, what string, said []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, text := range texts(said) {
		if found := unfit.FindString(text); found != "" {
			t.Errorf("%s: %q does not belong in a diagnostic: %s", what, found, text)
		}
	}
}
