// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// For unknown users, the web server answers differently from the API. If it answers others
// so, each such row fails on its own, all at once; none of them counts as gone.
func TestStrangeAnswersAboutSomeRowsDoNotStopOthers(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]http.HandlerFunc{
		"404 of the filter": simulator.AnswerFilterError(http.StatusNotFound, "No."),
		"404 page":          simulator.AnswerRaw(http.StatusNotFound, "text/html", "<html>"),
		"400 text":          simulator.AnswerRaw(http.StatusBadRequest, "text/plain", "who?"),
		"404 empty":         simulator.AnswerEmpty(http.StatusNotFound),
		"410":               simulator.AnswerAPIError(http.StatusGone, "Gone."),
		"null":              simulator.AnswerRaw(http.StatusOK, "application/json", "null"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			emails := manyUsers(4)
			tenant := newTestTenant(t, emails...)
			tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: respond, Match: func(_ *http.Request, body []byte) bool {
				return strings.Contains(string(body), "nobody") || strings.Contains(string(body), "leaver")
			}})
			decisions := allOf(emails, "Enabled")
			decisions[emails[0]], decisions["nobody@example.com"], decisions["leaver@example.com"] = "Disabled", "Enabled", "Disabled"
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.statuses("max_retries = 0", decisions, ""))
			const summary = "2 look-ups of users were refused: leaver@example.com"
			w.terraform("plan").succeeds().says("Warning: "+summary, "nobody@example.com: POST", "it is not known whether the user exists")
			w.terraform("apply", "-auto-approve").fails().says("Error: " + summary)
			tenant.wantStatuses(t, map[string]string{emails[0]: "Disabled", emails[1]: "Enabled"})
		})
	}
	t.Run("of all rows", func(t *testing.T) {
		t.Parallel()
		emails := manyUsers(4)
		tenant := newTestTenant(t, emails...)
		tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerFilterError(http.StatusNotFound, "No.")})
		w := newWorkspace(t, tenant)
		w.write("main.tf", tenant.statuses("max_retries = 0", allOf(emails, "Disabled"), `read_with = "lookup"`))
		w.terraform("plan").fails().says("Error: Cannot look up user0")
	})
}
