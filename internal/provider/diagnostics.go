// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/provider/settings"
)

// apiDiagnostics words what the API refused, in one place. It lives as long as
// a run, in which the same cause is explained at length once.
type apiDiagnostics struct {
	// refusedCredentials lists the likely causes of a 403, for the way to
	// authenticate in use.
	refusedCredentials string
	explained          atomic.Bool
}

// failed is the diagnostic of a call that did not succeed. The summary says
// what was tried ("Cannot look up ada@example.com"), except where the provider's
// configuration is what failed.
func (d *apiDiagnostics) failed(summary string, err error) diag.Diagnostic {
	var incomplete *settings.IncompleteError
	if errors.As(err, &incomplete) {
		return diag.NewErrorDiagnostic(incomplete.Summary, incomplete.Detail)
	}
	lead, advice := d.explain(err)
	return diag.NewErrorDiagnostic(summary, lead+": "+err.Error()+".\n\n"+advice)
}

// explain says how to begin the account of an error ("The API said"), and what to do
// about it.
func (d *apiDiagnostics) explain(err error) (lead, advice string) {
	var unexpected *cloudadmin.UnexpectedAnswerError
	var refusal *cloudadmin.Error
	var incomplete *settings.IncompleteError
	const said = "The API said"
	switch {
	case errors.As(err, &incomplete):
		return "Nothing was sent", incomplete.Detail
	case errors.Is(err, context.Canceled):
		return "Interrupted", "Changes already made are kept. Plan again: it shows the rest."
	case errors.Is(err, context.DeadlineExceeded):
		return "It took too long",
			"The time, all retries included, is bounded by timeouts, set in the configuration or by default. Changes already made are kept. Plan again: it shows the rest."
	case cloudadmin.IsUnauthorized(err):
		if !d.explained.CompareAndSwap(false, true) {
			return said, "The credentials were refused, as for other users in this run. Another of these errors lists the likely causes."
		}
		return said, d.refusedCredentials
	case cloudadmin.IsNotFound(err):
		return said, "The API does not know the user by this id, and a look-up finds the user all the same. Nothing was changed. Plan again; if it comes back, ask RSA's support."
	case cloudadmin.IsThrottled(err):
		return said, "The tenant refuses requests because there are too many; its limit is shared with everything else that uses the API. " +
			"Apply again later (changes already made are kept), or lower the provider's requests_per_second or max_concurrent_requests."
	case cloudadmin.IsMethodNotAllowed(err):
		return said, "Users of SCIM-managed identity sources, Entra ID (SCIM) among them, are managed there: change the user in that system, " +
			"and remove the user from this configuration."
	case errors.As(err, &unexpected):
		return "The answer cannot be trusted",
			"Nothing was concluded from it, and nothing more was sent for this user. Plan again to see how things are; if it comes back, " +
				"check that admin_api_url leads to the Cloud Administration API itself."
	case isAnotherUser(err):
		return "The answer is about somebody else",
			"Nothing was sent for this user. If that is the same person under another name now, correct the name in the configuration."
	case !errors.As(err, &refusal):
		return "There was no usable answer", "Check the network, a proxy, and admin_api_url. It is safe to try again."
	case refusal.Origin == cloudadmin.OriginGateway || refusal.Origin == cloudadmin.OriginUnknown || (refusal.Status == 404 && !cloudadmin.IsNotFound(err)):
		return said, "That was not the Cloud Administration API's own answer: something else answers at this URL or in between. " +
			"Check admin_api_url (https://TENANT.access.securid.com/AdminInterface/restapi), a proxy, or the token endpoint."
	case refusal.Status >= 500:
		return said, "That is a problem inside the tenant. Plan or apply again later: changes already made are kept. " +
			"If it lasts, ask RSA's support, with the time and the request named here."
	}
	return said, "The request is not one that the API takes. Plan again; if it comes back, please report it, with this text."
}

func isAnotherUser(err error) bool {
	_, is := cloudadmin.IsAnotherUser(err)
	return is
}

// unauthorizedHelp is what apiDiagnostics says of a 403; see the API's notes on
// its causes.
func unauthorizedHelp(credentials cloudadmin.Credentials) string {
	common := "\n  - the key's role or the client's scopes do not cover this: looking up needs rsa.user.read, changing a status or synchronizing rsa.user.manage, marking for deletion or undeleting rsa.user.delete.soft, which oauth.scopes has to name " +
		"(or the Help Desk or Super Admin role);" +
		"\n  - the tenant's licence does not include the administration API (\"Allow Admin API Key\")."
	switch credentials.(type) {
	case cloudadmin.OAuthClient:
		return "The likely causes, with an OAuth client (oauth):" +
			"\n  - the client was saved but not published: choose Publish Changes in the console;" +
			"\n  - client_id and private_key do not belong together, or the key was replaced or revoked;" +
			"\n  - issuer_url is of another tenant or region than admin_api_url;" +
			"\n  - a scope was asked for that the client does not have (scopes);" +
			"\n  - this machine's clock is off by more than a minute;" + common
	case *cloudadmin.APIKey:
		return "The likely causes, with a legacy API key (api_key, api_key_file):" +
			"\n  - the key was deleted or revoked, or its accessID and accessKey do not belong together;" +
			"\n  - \"Invalid audience\": adminRestApiUrl in the key file was changed, for it must be as downloaded;" +
			"\n  - this machine's clock is off by more than a minute;" + common
	}
	return "The likely causes, with a bearer token (access_token):" +
		"\n  - the token has expired, and the provider cannot renew it: issue a new one;" +
		"\n  - the token was issued for another tenant than admin_api_url;" + common
}
