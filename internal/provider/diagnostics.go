// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
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
// what was tried ("Cannot look up ada@example.com").
func (d *apiDiagnostics) failed(summary string, err error) diag.Diagnostic {
	if errors.Is(err, context.Canceled) {
		return diag.NewErrorDiagnostic(summary, "Interrupted: "+err.Error()+".\n\nWhat was done stays done. Plan again: it shows the rest.")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return diag.NewErrorDiagnostic(summary, "It took too long: "+err.Error()+
			".\n\nThe time, all retries included, is bounded by timeouts, here or by default 5 minutes. What was done stays done. Plan again: it shows the rest.")
	}
	said := "The API said: " + err.Error() + "."
	var unexpected *cloudadmin.UnexpectedAnswerError
	switch {
	case cloudadmin.IsUnauthorized(err):
		if !d.explained.CompareAndSwap(false, true) {
			return diag.NewErrorDiagnostic(summary, said+"\n\nThe credentials were refused, as for other users in this run: the likely causes stand with the first of these errors.")
		}
		return diag.NewErrorDiagnostic(summary, said+"\n\n"+d.refusedCredentials)
	case cloudadmin.IsThrottled(err):
		return diag.NewErrorDiagnostic(summary, said+
			"\n\nThe tenant refuses requests because there are too many; its limit is shared with everything else that uses the API. "+
			"Apply again later (what was done stays done), or lower the provider's requests_per_second or max_concurrent_requests.")
	case cloudadmin.IsMethodNotAllowed(err):
		return diag.NewErrorDiagnostic(summary, said+
			"\n\nUsers of SCIM-managed identity sources, Entra ID (SCIM) among them, are managed there: change the user in that system, "+
			"and remove the user from this configuration.")
	case errors.As(err, &unexpected):
		return diag.NewErrorDiagnostic(summary, "The answer cannot be trusted: "+err.Error()+"."+
			"\n\nNothing was concluded from it, and nothing more was sent for this user. Plan again to see how things are; if it comes back, "+
			"check that admin_api_url leads to the Cloud Administration API itself.")
	}
	var refusal *cloudadmin.Error
	if errors.As(err, &refusal) {
		switch {
		case refusal.Origin == cloudadmin.OriginGateway || (refusal.Status == 404 && !cloudadmin.IsNotFound(err)):
			said += "\n\nThat was not the Cloud Administration API's own answer: something else stands at this URL or in between. " +
				"Check admin_api_url (https://TENANT.access.securid.com/AdminInterface/restapi), a proxy, or the token endpoint."
		case refusal.Status >= 500:
			said += "\n\nThat is a problem inside the tenant. Plan or apply again later: what was done stays done. " +
				"If it lasts, ask RSA's support, with the time and the request named here."
		}
		return diag.NewErrorDiagnostic(summary, said)
	}
	return diag.NewErrorDiagnostic(summary, fmt.Sprintf("There was no usable answer: %s.\n\nCheck the network, a proxy, and admin_api_url. It is safe to try again.", err))
}

// unauthorizedHelp is what apiDiagnostics says of a 403; see the API's notes on
// its causes.
func unauthorizedHelp(credentials cloudadmin.Credentials) string {
	common := "\n  - the key's role or the client's scopes do not cover this: looking up needs rsa.user.read, changing a status rsa.user.manage (or the Help Desk or Super Admin role);" +
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
		"\n  - the token has expired, which the provider cannot mend: mint a new one;" +
		"\n  - the token was issued for another tenant than admin_api_url;" + common
}
