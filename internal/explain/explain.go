// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package explain says what a failed request means and what to do about it. It has
// each text once, for the provider's diagnostics and for the command doctor.
package explain

import (
	"context"
	"errors"
	"net/http"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Explainer knows what the likely causes depend on.
type Explainer struct {
	// Credentials is the way to authenticate in use; nil where there is none.
	Credentials cloudadmin.Credentials
	// Getenv reads the environment, for what it says about proxies.
	Getenv func(string) string
	// ReadOnly is whether a command asks that changes nothing, and no plan or apply.
	ReadOnly bool
}

// or returns what to say to whoever runs Terraform, or a command that only reads.
func (e Explainer) or(terraform, command string) string {
	if e.ReadOnly {
		return command
	}
	return terraform
}

// again says what to do once the cause is gone.
func (e Explainer) again() string { return e.or("Plan again", "Run the command again") }

// Explanation is what to say of an error beside its own text.
type Explanation struct {
	// Lead stands in front of the error's text, as in "The API said".
	Lead string
	// Advice is what it means and what to do next.
	Advice string
	// Again is what to say instead of a long Advice that was given before in the same
	// run; empty where Advice is short.
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
		return Explanation{Lead: "Interrupted", Advice: e.or("Changes already made are kept. Plan again: it shows the rest.", "Nothing was changed. Run the command again.")}
	case errors.As(err, &signIn):
		return e.signIn(signIn)
	case errors.As(err, &failure):
		return e.network(failure, ofAPI)
	case errors.As(err, &refusal):
		return e.refusal(refusal)
	case errors.Is(err, context.DeadlineExceeded):
		return Explanation{Lead: "It took too long", Advice: e.or(
			"The time, all retries included, is bounded by timeouts, set in the configuration or by default. Changes already made are kept. Plan again: it shows the rest.",
			"The time for all of it is bounded by -timeout. Raise it, and run the command again.")}
	case errors.As(err, &unexpected):
		return Explanation{Lead: "The answer cannot be trusted", Advice: "Nothing was concluded from it" + e.or(", and nothing more was sent for this user. Plan again to see how things are. ", ". Run the command again. ") +
			"If it comes back, check that admin_api_url leads to the Cloud Administration API itself."}
	case errors.As(err, &other):
		return Explanation{Lead: "The answer is about somebody else", Advice: "Nothing was sent for this user. If that is the same person under another name now, correct the name in the configuration."}
	}
	return Explanation{Lead: "There was no usable answer", Advice: "Check the network, a proxy, and admin_api_url. It is safe to try again."}
}

// refusal explains what the API, or somebody in front of it, refused.
func (e Explainer) refusal(r *cloudadmin.Error) Explanation {
	switch {
	case cloudadmin.IsUnauthorized(r):
		return e.unauthorized(r)
	case cloudadmin.IsNotFound(r):
		return Explanation{Lead: said, Advice: "The API does not know the user by this id, and a look-up finds the user all the same. Nothing was changed. Plan again; if it comes back, ask RSA's support."}
	case cloudadmin.IsThrottled(r):
		return Explanation{Lead: said, Advice: "The tenant refuses requests because there are too many; its limit is shared with everything else that uses the API. " +
			e.or("Apply again later (changes already made are kept), or lower the provider's requests_per_second or max_concurrent_requests.",
				"Run the command again later, or lower IDPLUS_REQUESTS_PER_SECOND or IDPLUS_MAX_CONCURRENT_REQUESTS.")}
	case cloudadmin.IsMethodNotAllowed(r) && r.Method == http.MethodPut:
		return Explanation{Lead: said, Advice: "Users of SCIM-managed identity sources, Entra ID (SCIM) among them, are managed there: change the user in that system, " +
			"and remove the user from this configuration. If this user is not from such a source, something in between may not allow PUT."}
	case r.Status == http.StatusNotFound || r.Status == http.StatusMethodNotAllowed && r.Origin != cloudadmin.OriginGateway && r.Origin != cloudadmin.OriginText:
		return Explanation{Lead: "The server said", Advice: "That is not about a user: there is no Cloud Administration API at this URL. " + ofAPI.check}
	case r.Origin == cloudadmin.OriginGateway || r.Origin == cloudadmin.OriginText:
		return e.inBetween(r, ofAPI)
	case r.Status >= http.StatusInternalServerError:
		return Explanation{Lead: said, Advice: "That is a problem inside the tenant, or on the way to it. " + e.or("Plan or apply again later: changes already made are kept. ", "Run the command again later. ") +
			"If it lasts, ask RSA's support, with the time and the request named here."}
	case cloudadmin.IsBadRequest(r):
		return Explanation{Lead: said, Advice: "The tenant does not take this request. If it names a user, the address may be of a form that the tenant does not take, or may not exist there. " +
			e.again() + "; if it comes back, please report it, with this text."}
	case r.Origin == cloudadmin.OriginUnknown:
		return Explanation{Lead: "The server said", Advice: "The answer does not say who gave it. " + ofAPI.check}
	}
	return Explanation{Lead: said, Advice: "The request is not one that the API takes. " + e.again() + "; if it comes back, please report it, with this text."}
}
