// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// putOutcome is the result of a PUT.
type putOutcome struct {
	// status is 0 if there was no answer.
	status int
	// text may be in a report. err may say less: a success whose body is not as expected is
	// an error.
	text string
	err  error
}

// isSuccess reports whether the status is a success, whatever the body.
func (p putOutcome) isSuccess() bool { return p.status >= 200 && p.status < 300 }

// isJudgement reports whether the API made the change, or answered that the user's state
// does not allow it.
func (p putOutcome) isJudgement() bool {
	return p.err == nil || cloudadmin.IsNotModified(p.err) || cloudadmin.IsBadRequest(p.err) || cloudadmin.IsConflict(p.err)
}

// isOddSuccess reports whether it is a success that may be the API's own but does not
// confirm the change.
func (p putOutcome) isOddSuccess() bool {
	return p.err != nil && p.isSuccess() && p.text != aboutAnother(p.status) && !strings.HasSuffix(p.text, isPage)
}

// detail is for the terminal.
func (p putOutcome) detail() string {
	if p.err == nil {
		return ""
	}
	return p.err.Error()
}

// put sends one PUT; the client does not repeat it.
func (x *examination) put(ctx context.Context, client *cloudadmin.Client, user *cloudadmin.User, status cloudadmin.Status) putOutcome {
	before := len(x.observer.all(put))
	err := client.Users.SetStatus(ctx, user.ID, status)
	answer := x.observer.since(put, before)
	p := putOutcome{status: answer.status, text: fmt.Sprint(answer.status), err: err}
	switch {
	case answer.status == 0 && ctx.Err() != nil:
		p.text = "not known: " + interruption(ctx)
	case answer.status == 0:
		p.text = "no answer"
	case answer.status >= 400:
		x.answer(askRefusedPut, "%d: %s", answer.status, answer.body.refusal())
	case err != nil && p.isSuccess():
		p.text = oddSuccess(answer)
	}
	return p
}

const isPage = "with a page or a text, and no JSON"

func aboutAnother(status int) string { return fmt.Sprintf("%d, about another id", status) }

// oddSuccess returns what is not as expected about a success.
func oddSuccess(e exchange) string {
	var lacks []string
	for _, name := range []string{"id", "userStatus"} {
		if !slices.Contains(e.body.names, name) {
			lacks = append(lacks, map[string]string{"id": "an id", "userStatus": "a status"}[name])
		}
	}
	how := "in a form that the provider does not read"
	switch {
	case e.body.form == "empty":
		how = "with an empty body"
	case e.body.form == "HTML" || e.body.form == "text":
		how = isPage
	case e.body.form != "a JSON object":
		how = "with no JSON object"
	case len(e.body.names) == 0:
		how = "with an empty JSON object"
	case len(lacks) > 0:
		how = "without " + strings.Join(lacks, " and ")
	case e.aboutAnother:
		return aboutAnother(e.status)
	case e.body.status != "":
		how = "with another status in the answer than requested: " + e.body.status
	}
	return fmt.Sprintf("%d, %s", e.status, how)
}

func isSCIM(user *cloudadmin.User) bool {
	return strings.Contains(strings.ToUpper(string(user.IdentitySource)), "SCIM")
}

// adviceOnPut returns what to do about a PUT without a usable answer. If an earlier PUT
// worked, the credentials are not to blame.
func (x *examination) adviceOnPut(p putOutcome, user *cloudadmin.User, status cloudadmin.Status, isFirst bool) string {
	const report = "Please report this, with the report below."
	granted := x.observer.last(token).body.granted
	switch err := p.err; {
	case p.text == aboutAnother(p.status):
		return "Whether another user was changed is not known. " + report
	case p.isSuccess():
		return "The provider ignores such an answer. " + report
	case cloudadmin.IsUnauthorized(err) && !isFirst:
		return "A PUT of the user's current status was accepted, so the credentials may change users, but not this one to " + string(status) + ". " + report
	case cloudadmin.IsUnauthorized(err) && granted != nil && granted.has("rsa.user.manage"):
		return "The token has the scope rsa.user.manage, but the tenant refuses: may the client change this user?"
	case cloudadmin.IsUnauthorized(err):
		return "The credentials may lack the permission to change users: the scope rsa.user.manage, or for a legacy key a role that has it."
	case cloudadmin.IsMethodNotAllowed(err) && !isSCIM(user):
		return "Tenants give this answer for users of SCIM identity sources, but the name of this user's source does not contain SCIM. " + report
	case cloudadmin.IsMethodNotAllowed(err):
		return "The user is managed in a SCIM identity source: change such users there, and leave them out of the configuration."
	case cloudadmin.IsConflict(err) && status == cloudadmin.Enabled:
		return "If the user was disabled by a synchronization, only the identity source can enable the user."
	case cloudadmin.IsThrottled(err):
		return "Everything that uses the API shares the limit. Try again in a few minutes."
	case cloudadmin.IsNotFound(err):
		return "A look-up finds the user, but a change by the same id does not. " + report
	case p.status == 0 || p.status >= 500:
		return "Try again later. If the problem lasts, ask RSA's support."
	}
	return report
}
