// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package explain

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// cause is a likely cause of a refusal. It is listed first if a word of the server's answer
// begins with one of its words.
type cause struct {
	text  string
	words []string
}

// likely lists causes, those that the server's answer points at first.
func likely(lead, advice string, r *cloudadmin.Error, causes []cause) Explanation {
	answer := " " + notLetters.ReplaceAllString(strings.ToLower(r.Code+" "+r.Description), " ") + " "
	named := func(c cause) bool {
		return slices.ContainsFunc(c.words, func(word string) bool { return strings.Contains(answer, " "+word) })
	}
	clock := cause{"this machine's clock is off by more than a minute", []string{"expired", "future", "clock", "iat ", "exp ", "too long"}}
	switch off, known := clockOff(r); {
	case off != "":
		clock.text = off
		if r.ClockAhead.Abs() > clockSkew {
			clock.words = []string{""} // Whatever the server's answer is.
		}
		causes = slices.Insert(causes, 0, clock)
	case !known || named(clock):
		causes = append(causes, clock)
	}
	slices.SortStableFunc(causes, func(a, b cause) int {
		switch {
		case named(a) == named(b):
			return 0
		case named(a):
			return -1
		}
		return 1
	})
	advice += mostLikely
	for i, each := range causes {
		end := ";"
		if i == len(causes)-1 {
			end = "."
		}
		advice += "\n  - " + each.text + end
	}
	first := strings.Join(strings.Fields(causes[0].text), " ")
	return Explanation{Lead: lead, Advice: advice, Again: "The most likely cause: " + first + ". Another of these errors lists all likely causes."}
}

// notLetters matches what separates words.
var notLetters = regexp.MustCompile(`[^\pL]+`)

const (
	// bearableSkew is how far two clocks may differ before it is worth mentioning.
	bearableSkew = 10 * time.Second
	// clockSkew is how far the API lets them differ.
	clockSkew = time.Minute
)

// clockOff returns by how much this machine's clock differs from the server's, or an empty
// text if the difference is small. known reports whether the answer had a date.
func clockOff(r *cloudadmin.Error) (text string, known bool) {
	if r.ClockAhead == nil {
		return "", false
	}
	switch ahead := *r.ClockAhead; {
	case ahead > bearableSkew:
		return fmt.Sprintf("this machine's clock is %d s behind the server's: set it", int(ahead.Seconds())), true
	case ahead < -bearableSkew:
		return fmt.Sprintf("this machine's clock is %d s ahead of the server's: set it", int(-ahead.Seconds())), true
	}
	return "", true
}

const mostLikely = "The likely causes, the most likely first:"

// signIn explains what went wrong at the token endpoint; admin_api_url is never to blame.
func (e Explainer) signIn(s *cloudadmin.SignInError) Explanation {
	var refusal *cloudadmin.Error
	var failure *cloudadmin.ConnectionError
	var unexpected *cloudadmin.UnexpectedAnswerError
	switch {
	case errors.As(s.Err, &failure):
		return e.network(failure, ofTokenEndpoint)
	case errors.As(s.Err, &unexpected):
		return Explanation{Lead: "The sign-in failed", Advice: "The server there is not an OAuth 2.0 token endpoint. " + ofTokenEndpoint.check}
	case !errors.As(s.Err, &refusal):
		return Explanation{Lead: "The sign-in failed", Advice: "No access token was fetched, and nothing was sent for any user."}
	case cloudadmin.IsThrottled(refusal):
		return Explanation{Lead: "The sign-in was throttled", Advice: "The token endpoint refuses requests because there are too many. The credentials are not to blame. Try again later."}
	case isNoEndpoint(refusal):
		return Explanation{Lead: "The sign-in failed", Advice: "There is no token endpoint at this URL. " + ofTokenEndpoint.check}
	case refusal.Origin == cloudadmin.OriginGateway:
		return e.inBetween(refusal, ofTokenEndpoint)
	case refusal.Status >= http.StatusInternalServerError:
		return Explanation{Lead: "The sign-in failed", Advice: "The problem is in the tenant's token endpoint, or on the way to it. Try again later. " + ofTokenEndpoint.check}
	}
	return likely("The sign-in was refused", "", refusal, e.causesOfSignIn(refusal))
}

// isNoEndpoint reports whether a refusal is about the URL and not about the client: it
// comes from a web server and has no OAuth 2.0 error code.
func isNoEndpoint(r *cloudadmin.Error) bool {
	isURL := r.Status == http.StatusNotFound || r.Status == http.StatusMethodNotAllowed || r.Status == http.StatusUnsupportedMediaType
	isOAuth := r.Origin == cloudadmin.OriginFilter && strings.Contains(r.Code, "_") // as in invalid_client
	return isURL && !isOAuth && r.Origin != cloudadmin.OriginAPI
}

func (e Explainer) causesOfSignIn(r *cloudadmin.Error) []cause {
	client, _ := e.Credentials.(cloudadmin.OAuthClient)
	key := cause{"client_id is wrong, or the private key does not belong to it (it may have\n    been replaced or revoked in the console)", []string{"signature", "not known", "unknown client", "client not found"}}
	id := cause{"the key id (kid) of the private key is not the one in the console", []string{"kid", "key id"}}
	if client.Key != nil && client.Key.ID == "" {
		id.text = "the tenant requires a key id (kid), which a PEM key does not have:\n    set private_key_id"
	}
	published := cause{"the client was saved but not published: choose Publish Changes in the\n    console", []string{"publish", "unauthorized client"}}
	scopes := cause{"a requested scope was not granted to the client (oauth.scopes, IDPLUS_OAUTH_SCOPES)", []string{"scope"}}
	tenant := cause{"issuer_url (or token_url) belongs to another tenant or region", []string{"audience", "issuer", "tenant", "region"}}
	if len(client.Scopes) > 0 {
		scopes.text = "a requested scope was not granted to the client; the requested scopes\n    were: " + strings.Join(client.Scopes, " ")
	}
	switch {
	case r.Code == "invalid_scope": // The client itself was accepted.
		return []cause{scopes, published}
	case r.Code == "" && r.Status == http.StatusForbidden:
		return []cause{published, scopes, key, id, tenant}
	}
	return []cause{key, id, published, tenant, scopes}
}

// permission returns the scope that a call needs.
func permission(r *cloudadmin.Error) string {
	switch r.Path {
	case "/v1/users/lookup", "/v2/users/search":
		return "rsa.user.read"
	case "/v1/users/{id}/markDeleted":
		return "rsa.user.delete.soft"
	}
	return "rsa.user.manage"
}

// unauthorized explains a 401 or 403 of the API.
func (e Explainer) unauthorized(r *cloudadmin.Error) Explanation {
	if r.AcceptedSame {
		return Explanation{Lead: said, Advice: "The same call was accepted before in this run, with the same credentials: they have since been revoked or expired, or have no permission for this user. " +
			e.or("Changes already made are kept.", "Fix this, and run the command again.")}
	}
	scope := permission(r)
	license := cause{"the tenant's license does not include the administration API\n    (\"Allow Admin API Key\")", []string{"licen"}}
	tenant := cause{"admin_api_url and the credentials belong to different tenants", []string{"audience", "issuer", "tenant", "process provided access token"}}
	advice := ""
	var causes []cause
	switch credentials := e.Credentials.(type) {
	case cloudadmin.OAuthClient:
		if r.Accepted {
			return Explanation{Lead: said, Advice: "The same credentials were accepted for other calls in this run, so they lack only the permission for this one: the scope " + scope +
				". Grant it to the client in the console, and list it in oauth.scopes (IDPLUS_OAUTH_SCOPES)."}
		}
		advice = "The sign-in worked, so client_id and key are right. "
		causes = []cause{
			{"the client lacks the scope " + scope + ", or oauth.scopes (IDPLUS_OAUTH_SCOPES) does not list it", []string{"scope", "permission"}},
			tenant,
			{"the client was revoked, or its changes were not published", []string{"publish", "revoked"}},
			license,
		}
	case *cloudadmin.APIKey:
		if r.Accepted {
			return Explanation{Lead: said, Advice: "The same key was accepted for other calls in this run, so it lacks only the permission for this one: give the key a role that has it " +
				"(Help Desk Admin or Super Admin), or use a key that has one."}
		}
		causes = []cause{
			{"the key was deleted or revoked, or its accessID and accessKey do not\n    belong together", []string{"access id", "revoked"}},
			{"adminRestApiUrl in the key file was changed: restore it as downloaded.\n    If the key is older than the tenant's company URL, create a new key", []string{"audience"}},
			{"the key's role allows too little (it takes Help Desk Admin or Super Admin)", []string{"role", "permission"}},
			license,
		}
		if own := hostOf(credentials.AdminAPIURL()); own != hostOf(r.URL) {
			causes = slices.Insert(causes, 0, cause{"admin_api_url (" + hostOf(r.URL) + ") is not the host in the key file\n    (" + own + ")", []string{""}})
		}
	default:
		causes = []cause{
			{"the token has expired, and the provider cannot renew it: issue a new one", []string{"expired", "process provided access token"}},
			tenant,
			{"the token lacks the scope " + scope, []string{"scope", "permission"}},
			license,
		}
		if r.Accepted {
			causes[0], causes[1] = causes[2], causes[0]
			causes = slices.Delete(causes, 2, 3)
		}
	}
	return likely(said, advice, r, causes)
}
