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
	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// checkToken signs in, where somebody else than we issues the token.
func (x *examination) checkToken(ctx context.Context) bool {
	const name = "token"
	oauth, is := x.settings.Client.Credentials.(cloudadmin.OAuthClient)
	if !is {
		// A token that was issued elsewhere is not signed by this clock.
		_, issued := x.settings.Client.Credentials.(cloudadmin.AccessToken)
		x.checkClock(issued)
		x.skip(name, "no token endpoint: the API itself judges the token")
		x.answer(askScopes, "not said: no token endpoint")
		return true
	}
	_, _, err := x.client.Token(ctx)
	last := x.observer.last(token)
	if err != nil {
		x.takeClock(last) // Whoever refused is who compares.
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
	life := "no word about its life"
	if granted.expiresIn > 0 {
		life = "good for " + console.Short(time.Duration(granted.expiresIn)*time.Second)
	}
	if !granted.hasScopes {
		x.ok(name, "granted, %s, no word about scopes", life)
		x.answer(askScopes, "not said by the token endpoint; asked for %s", known(asked))
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
		x.answer(askScopes, "all that were asked for: %s", known(granted.scopes))
	} else {
		x.answer(askScopes, "fewer than asked for, without: %s", known(lack))
	}
	if !granted.has("rsa.user.manage") {
		x.note("scopes", "rsa.user.manage is not granted: plans work, an apply that changes a user is refused",
			"Give the client that permission in the console, and name it in IDPLUS_OAUTH_SCOPES where that is set. For a job that only plans it is right so.")
	}
}

// known lists scopes, without what is none of RSA's: it may be anything.
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

// failedSignIn says why the token endpoint gave no token, as far as can be told.
func (x *examination) failedSignIn(oauth cloudadmin.OAuthClient, last exchange, err error) {
	said, general := x.explained(err)
	f := finding{name: "token", result: failed, detail: said}
	var signIn *cloudadmin.SignInError
	if errors.As(err, &signIn) {
		err = signIn.Err
	}
	var refusal *cloudadmin.Error
	var unusable *cloudadmin.UnexpectedAnswerError
	switch {
	case errors.As(err, &refusal) && last.status >= 300:
		f.said = fmt.Sprintf("the token endpoint refused: %d, %s", last.status, last.body.refusal())
		x.answer(askTokenRefusal, "%d, %s", last.status, last.body.refusal())
	case errors.As(err, &refusal), errors.As(err, &unusable):
		f.said = fmt.Sprintf("the token endpoint answered %d, but without a token: %s", last.status, last.body.refusal())
		x.answer(askTokenRefusal, "%d without a token, %s", last.status, last.body.refusal())
	default:
		f.said = "there was no usable answer"
		if last.status != 0 {
			f.said = fmt.Sprintf("the token endpoint answered %d with something else than a token: %s", last.status, last.body.refusal())
			x.answer(askTokenRefusal, "%d without a token, %s", last.status, last.body.refusal())
		}
	}
	f.advice = x.adviceOnSignIn(oauth, last)
	if f.advice == "" {
		f.advice = general
	}
	x.found(f)
}

// adviceOnSignIn is what the evidence says; empty where it says nothing.
func (x *examination) adviceOnSignIn(oauth cloudadmin.OAuthClient, last exchange) string {
	issuer, err := url.Parse(oauth.TokenURL)
	refused := last.status == 400 || last.status == 401 || last.status == 403
	switch {
	case err == nil && isNoTokenEndpoint(last):
		return adviceOnTokenURL(issuer)
	case refused && x.clockIsOff():
		return "This machine's clock is off (see above): the token endpoint takes what it signs for too old or too new. Set the clock."
	case refused && slices.ContainsFunc(oauth.Scopes, func(scope string) bool { return !strings.HasPrefix(scope, "rsa.") || strings.ContainsAny(scope, "+;|") }):
		return "IDPLUS_OAUTH_SCOPES has an entry that is none of RSA's scopes (rsa.user.read, rsa.user.manage, ...). Separate them by blanks or commas."
	case last.body.code == "invalid_scope":
		return "A scope was asked for that the client does not have: " + known(oauth.AskedScopes()) +
			". Give the client these permissions in the console and publish, or ask for fewer in IDPLUS_OAUTH_SCOPES, separated by blanks."
	case refused && last.body.says == "not published":
		return "The client was saved, but not published: choose Publish Changes in the console."
	case refused && oauth.Key.ID == "" && last.body.code != "invalid_scope":
		return "The private key has no id, as a PEM key has none, and tenants may ask for one: set IDPLUS_OAUTH_PRIVATE_KEY_ID, or use the JWK as it was downloaded. " +
			"If that is not it: client id and key do not belong together, or the client was not published (Publish Changes in the console)."
	case last.body.code == "invalid_client", last.body.code == "unauthorized_client", last.body.code == "invalid_grant":
		return "Client id and private key do not belong together, or the client was deleted or not published. Compare IDPLUS_OAUTH_CLIENT_ID with the console, " +
			"choose Publish Changes there, and check that the key is the one that was downloaded for this client, not an older one. " + x.otherTenants()
	case last.status >= 500:
		return "That is a problem inside the tenant. Try again later; if it lasts, ask RSA's support."
	}
	return ""
}

// isNoTokenEndpoint reports whether an answer is none that a token endpoint gives.
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
		return "IDPLUS_OAUTH_ISSUER_URL has the host of the API (access), not that of sign-in (auth)." + usual
	case strings.Contains(issuer.Path, "well-known"):
		return "IDPLUS_OAUTH_ISSUER_URL is the address of the metadata: take /.well-known and what follows off." + usual
	}
	return "Something else than a token endpoint answers there: check IDPLUS_OAUTH_ISSUER_URL." + usual
}

// otherTenants says that base URL and token endpoint are of different tenants, as
// their hosts say.
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
