// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// checkToken signs in, unless the credentials sign the tokens themselves.
func (x *examination) checkToken(ctx context.Context) bool {
	const name = "token"
	oauth, is := x.settings.Client.Credentials.(cloudadmin.OAuthClient)
	if !is {
		// A token that was issued elsewhere was not signed with this clock.
		_, issued := x.settings.Client.Credentials.(cloudadmin.AccessToken)
		x.checkClock(issued)
		x.skip(name, "no token endpoint: the API itself checks the token")
		x.answer(askScopes, "not known: no token endpoint")
		return true
	}
	_, _, err := x.client.Token(ctx)
	last := x.observer.last(token)
	if err != nil {
		x.takeClock(last) // The server that refused the token compares the clocks.
	}
	x.checkClock(err == nil)
	if err != nil {
		x.failedSignIn(oauth, last, err)
		return false
	}
	granted := last.body.granted
	if granted == nil {
		granted = &grant{}
	}
	x.checkScopes(oauth, granted)
	return true
}

func (x *examination) checkScopes(oauth cloudadmin.OAuthClient, granted *grant) {
	const name = "token"
	asked := oauth.Scopes
	if len(asked) == 0 {
		asked = cloudadmin.DefaultScopes
	}
	life := "no lifetime given"
	if granted.expiresIn > 0 {
		life = "valid for " + phrase.Duration(time.Duration(granted.expiresIn)*time.Second)
	}
	if !granted.hasScopes {
		x.ok(name, "granted, %s, no scopes given", life)
		x.answer(askScopes, "not given by the token endpoint; requested: %s", known(asked))
		return
	}
	var lack []string
	for _, scope := range asked {
		if !granted.has(scope) {
			lack = append(lack, scope)
		}
	}
	x.ok(name, "granted: %s; %s", known(granted.scopes), life)
	if len(lack) == 0 {
		x.answer(askScopes, "all that were requested: %s", known(granted.scopes))
	} else {
		x.answer(askScopes, "fewer than requested, without: %s", known(lack))
	}
	if !granted.has("rsa.user.manage") {
		x.note("scopes", "rsa.user.manage is not granted: plans work, an apply that changes a user is refused",
			"Grant it to the client in the console, and list it in IDPLUS_OAUTH_SCOPES if that is set. For a job that only plans, this is right.")
	}
}

// known lists RSA's scopes only: other text may be anything.
func known(scopes []string) string {
	var shown []string
	for _, scope := range scopes {
		switch {
		case !strings.HasPrefix(strings.ToLower(scope), "rsa.") || len(scope) > 60:
			scope = "(another)"
		case !slices.Contains(cloudadmin.DefaultScopes, scope):
			scope = foreign(scope)
		}
		shown = append(shown, scope)
	}
	if len(shown) == 0 {
		return "none"
	}
	return strings.Join(shown, ", ")
}

// failedSignIn reports why the token endpoint returned no token, as far as can be known.
func (x *examination) failedSignIn(oauth cloudadmin.OAuthClient, last exchange, err error) {
	detail, general := x.explained(err)
	f := finding{name: "token", result: failed, detail: detail}
	var signIn *cloudadmin.SignInError
	if errors.As(err, &signIn) {
		err = signIn.Err
	}
	var refusal *cloudadmin.Error
	var unusable *cloudadmin.UnexpectedAnswerError
	switch {
	case errors.As(err, &refusal) && last.status >= 300:
		f.text = fmt.Sprintf("the token endpoint refused: %d, %s", last.status, last.body.refusal())
		x.answer(askTokenRefusal, "%d, %s", last.status, last.body.refusal())
	case errors.As(err, &refusal), errors.As(err, &unusable):
		f.text = fmt.Sprintf("the token endpoint answered %d, but without a token: %s", last.status, last.body.refusal())
		x.answer(askTokenRefusal, "%d without a token, %s", last.status, last.body.refusal())
	default:
		f.text = "there was no usable answer"
		if last.status != 0 {
			f.text = fmt.Sprintf("the token endpoint answered %d without a token: %s", last.status, last.body.refusal())
			x.answer(askTokenRefusal, "%d without a token, %s", last.status, last.body.refusal())
		}
	}
	f.advice = x.adviceOnSignIn(oauth, last)
	if f.advice == "" {
		f.advice = general
	}
	x.found(f)
}

// adviceOnSignIn returns the advice that the evidence allows, or an empty string.
func (x *examination) adviceOnSignIn(oauth cloudadmin.OAuthClient, last exchange) string {
	issuer, err := url.Parse(oauth.TokenURL)
	refused := last.status == 400 || last.status == 401 || last.status == 403
	switch {
	case err == nil && isNoTokenEndpoint(last):
		return adviceOnTokenURL(issuer)
	case refused && x.clockIsOff():
		return "This machine's clock is off (see above), so the token endpoint considers its signatures too old or too new. Set the clock."
	case refused && slices.ContainsFunc(oauth.Scopes, func(scope string) bool { return !strings.HasPrefix(scope, "rsa.") || strings.ContainsAny(scope, "+;|") }):
		return "IDPLUS_OAUTH_SCOPES has an entry that is not one of RSA's scopes (rsa.user.read, rsa.user.manage, ...). Separate scopes by spaces or commas."
	case last.body.code == "invalid_scope":
		return "The client lacks a requested scope: " + known(oauth.RequestedScopes()) +
			". Grant these scopes to the client in the console and publish, or request fewer in IDPLUS_OAUTH_SCOPES, separated by spaces."
	case refused && last.body.says == "not published":
		return "The client was saved but not published: choose Publish Changes in the console."
	case refused && oauth.Key.ID == "" && last.body.code != "invalid_scope":
		return "A PEM key has no id, but tenants may require one: set IDPLUS_OAUTH_PRIVATE_KEY_ID, or use the JWK as downloaded. " +
			"Otherwise, client id and key do not belong together, or the client was not published (Publish Changes in the console)."
	case last.body.code == "invalid_client", last.body.code == "unauthorized_client", last.body.code == "invalid_grant":
		return "Client id and private key do not belong together, or the client was deleted or not published. Compare IDPLUS_OAUTH_CLIENT_ID with the console, " +
			"choose Publish Changes there, and check that the key is the one that was downloaded for this client, not an older one. " + x.otherTenants()
	case last.status >= 500:
		return "The problem is inside the tenant. Try again later; if it lasts, ask RSA's support."
	}
	return ""
}

// isNoTokenEndpoint reports whether an answer cannot be a token endpoint's.
func isNoTokenEndpoint(e exchange) bool {
	switch e.status {
	case 404, 405, 301, 302, 303, 307, 308:
		return true
	}
	isRefusal := e.body.code != "" || slices.ContainsFunc(e.body.names, func(name string) bool { return strings.HasPrefix(name, "error") })
	return e.status == 200 && e.body.granted == nil && !isRefusal || e.body.form == "HTML"
}

func adviceOnTokenURL(issuer *url.URL) string {
	const usual = " The issuer of a tenant is usually https://TENANT.auth.securid.com/oauth, and the token endpoint is that and /token."
	switch {
	case strings.Contains(issuer.Hostname(), ".access"):
		return "IDPLUS_OAUTH_ISSUER_URL has the host of the API (access) instead of the sign-in's (auth)." + usual
	case strings.Contains(issuer.Path, "well-known"):
		return ".well-known and what follows off./.well-known and what follows off." + usual
	}
	return "The server there is not a token endpoint: check IDPLUS_OAUTH_ISSUER_URL." + usual
}

// otherTenants reports that base URL and token endpoint have hosts of different tenants.
func (x *examination) otherTenants() string {
	issuer, err := url.Parse(x.observer.tokenURL)
	if err != nil || x.observer.tokenURL == "" {
		return ""
	}
	of := func(u *url.URL) string {
		tenant, rest, _ := strings.Cut(u.Hostname(), ".")
		if !strings.Contains(rest, "securid.com") {
			return ""
		}
		return strings.ToLower(tenant)
	}
	if ours, theirs := of(x.settings.Client.BaseURL), of(issuer); ours != "" && theirs != "" && ours != theirs {
		return "IDPLUS_OAUTH_ISSUER_URL and IDPLUS_ADMIN_API_URL name two tenants."
	}
	return ""
}
