// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package explain explains what a failed request means and what to do about it. It has each
// text once, for the provider's diagnostics and for the command doctor.
package explain

import (
	"context"
	"errors"
	"net/http"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Explainer has what the likely causes depend on.
type Explainer struct {
	// Credentials are the credentials in use; nil if there are none.
	Credentials cloudadmin.Credentials
	// Getenv reads environment variables, for hints about proxies.
	Getenv func(string) string
	// ReadOnly is true for a command that changes nothing, and false for Terraform.
	ReadOnly bool
}

// or returns the text for Terraform or, if the command only reads, the text for a command.
func (e Explainer) or(terraform, command string) string {
	if e.ReadOnly {
		return command
	}
	return terraform
}

// again returns how to try again.
func (e Explainer) again() string { return e.or("Plan again", "Run the command again") }

// Explanation is the text around the error's own text.
type Explanation struct {
	// Lead comes before the error's text, as in "The API said".
	Lead string
	// Advice is what the error means and what to do next.
	Advice string
	// Again replaces a long Advice that was given before in the same run; empty if Advice is short.
	Again string
}

const said = "The API said"

// Explain explains an error of the API client.
func (e Explainer) Explain(err error) Explanation {
	var signIn *cloudadmin.SignInError
	var failure *cloudadmin.ConnectionError
	var refusal *cloudadmin.Error
	var unexpected *cloudadmin.UnexpectedAnswerError
	var other *cloudadmin.AnotherUserError
	switch {
	case errors.Is(err, context.Canceled):
		return Explanation{Lead: "Interrupted", Advice: e.or("Changes already made are kept. Plan again to see what is left.", "Nothing was changed. Run the command again.")}
	case errors.As(err, &signIn):
		return e.signIn(signIn)
	case errors.As(err, &failure):
		return e.network(failure, ofAPI)
	case errors.As(err, &refusal):
		return e.refusal(refusal)
	case errors.Is(err, context.DeadlineExceeded):
		return Explanation{Lead: "It took too long", Advice: e.or(
			timeout(err),
			"The command ran into its time limit. Raise -timeout, and run the command again.")}
	case errors.As(err, &unexpected):
		return Explanation{Lead: "The answer cannot be trusted", Advice: "The answer was ignored" + e.or(", and nothing more was sent for this user. Plan again to see the current status. ", ". Run the command again. ") +
			"If the error comes back, check that admin_api_url is the URL of the Cloud Administration API."}
	case errors.As(err, &other):
		return Explanation{Lead: "The answer is about another user", Advice: "Nothing was sent for this user. If this is the same person under a new name, correct the name in the configuration."}
	}
	return Explanation{Lead: "There was no usable answer", Advice: "Check the network, the proxy and admin_api_url. It is safe to try again."}
}

// refusal explains a refusal by the API or by a server in front of it.
func (e Explainer) refusal(r *cloudadmin.Error) Explanation {
	switch {
	case cloudadmin.IsUnauthorized(r):
		return e.unauthorized(r)
	case cloudadmin.IsNotFound(r):
		return Explanation{Lead: said, Advice: "The API does not know this id, although a look-up finds the user. Nothing was changed. Plan again; if the error comes back, ask RSA's support."}
	case cloudadmin.IsThrottled(r):
		return Explanation{Lead: said, Advice: "The tenant refuses requests because there are too many. Everything that uses the API shares its limit. " +
			e.or("Apply again later (changes already made are kept), or lower the provider's requests_per_second or max_concurrent_requests.",
				"Run the command again later, or lower IDPLUS_REQUESTS_PER_SECOND or IDPLUS_MAX_CONCURRENT_REQUESTS.")}
	case cloudadmin.IsMethodNotAllowed(r) && r.Method == http.MethodPut:
		return Explanation{Lead: said, Advice: "Users of SCIM-managed identity sources, Entra ID (SCIM) among them, are managed there: change the user in that system, " +
			"and remove the user from this configuration. If this user is not from such a source, a proxy or firewall may not allow PUT."}
	case r.Status == http.StatusNotFound || r.Status == http.StatusMethodNotAllowed && r.Origin != cloudadmin.OriginGateway && r.Origin != cloudadmin.OriginText:
		return Explanation{Lead: "The server said", Advice: "The problem is not the user: there is no Cloud Administration API at this URL. " + ofAPI.check}
	case r.Origin == cloudadmin.OriginGateway || r.Origin == cloudadmin.OriginText:
		return e.inBetween(r, ofAPI)
	case r.Status >= http.StatusInternalServerError:
		return Explanation{Lead: said, Advice: "The problem is inside the tenant, or on the way to it. " + e.or("Plan or apply again later: changes already made are kept. ", "Run the command again later. ") +
			"If the problem lasts, ask RSA's support, and give them the time and this request."}
	case cloudadmin.IsBadRequest(r):
		return Explanation{Lead: said, Advice: "The tenant rejected the request as invalid. If it names a user, the tenant may not accept this form of address, or the user may not exist. " +
			e.again() + "; if the error comes back, please report it, with this text."}
	case r.Origin == cloudadmin.OriginUnknown:
		return Explanation{Lead: "The server said", Advice: "The answer does not show which server gave it. " + ofAPI.check}
	}
	return Explanation{Lead: said, Advice: "The API does not accept this request. " + e.again() + "; if the error comes back, please report it, with this text."}
}
