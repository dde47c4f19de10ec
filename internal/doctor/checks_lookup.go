// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// find looks a user up. It never asks for a synchronization.
func (x *examination) find(ctx context.Context, who cloudadmin.Address) (*cloudadmin.User, error) {
	user, err := x.client.Users.Lookup(ctx, who, cloudadmin.LookupOptions{})
	if another, is := cloudadmin.IsAnotherUser(err); is {
		x.keepUser(another.User)
	}
	if user != nil {
		x.keepUser(user)
	}
	return user, err
}

// keepUser records what must not be in a report, and what is known of a mark.
func (x *examination) keepUser(user *cloudadmin.User) {
	x.private.keep(user.ID, string(user.EmailAddress), string(user.PrincipalUsername), string(user.AlternateUsername))
	if user.MarkDeleted.IsTrue() && user.UserStatus != "" {
		x.answer(askMarkedStatus, "\"%s\"", statusWord(user.UserStatus))
	}
}

// statusWord returns a status that may be in a report.
func statusWord(status cloudadmin.Status) string {
	isLetter := func(r rune) bool { return r == ' ' || r == '_' || unicode.IsLetter(r) }
	if len(status) > 30 || strings.ContainsFunc(string(status), func(r rune) bool { return !isLetter(r) }) {
		return "(another text)"
	}
	if slices.Contains(statusWords, status) {
		return string(status)
	}
	return foreign(string(status))
}

// statusWords are words from RSA's documentation and console.
var statusWords = []cloudadmin.Status{cloudadmin.Enabled, cloudadmin.Disabled, "Pending Deletion", "PENDING_DELETE", "ENABLED", "DISABLED", "Locked"}

// unusedAddress returns an address that no user has.
func (x *examination) unusedAddress() cloudadmin.Address {
	_, domain, given := strings.Cut(x.options.email, "@")
	if !given {
		domain = "example.invalid"
	}
	return cloudadmin.Email("no-such-user-" + strings.ToLower(rand.Text()[:10]) + "@" + domain)
}

// checkLookup is the first request that the API itself answers: for the given user, or for
// an address that no user has.
func (x *examination) checkLookup(ctx context.Context) bool {
	const name = "look-up"
	who := x.unusedAddress()
	switch {
	case x.options.email != "":
		who = cloudadmin.Email(x.options.email)
	case x.options.username != "":
		who = cloudadmin.Username(x.options.username)
	}
	given := x.options.email != "" || x.options.username != ""
	user, err := x.find(ctx, who)
	another, isAnother := cloudadmin.IsAnotherUser(err)
	var refusal *cloudadmin.Error
	switch {
	case err == nil:
		x.subject = user
		x.answer(askAnswersAsAsked, "yes")
		f := finding{name: name, result: ok, text: "found: " + state(user), detail: who.String()}
		switch {
		case user.UserStatus == "":
			f.result, f.text = note, "found, but the answer has no status"
			f.advice = "The provider cannot know the status of such a user. Please report this, with the report below."
		case user.MarkDeleted.Value == nil:
			f.result, f.text = note, "found, but the answer does not show whether the user is marked for deletion: "+state(user)
			f.advice = "Please report this, with the report below."
		case isUnknownStatus(user):
			f.result, f.advice = note, adviceOnStatus
		}
		x.found(f)
	case isAnother && another.User.EmailAddress == "" && who.IsEmail():
		x.subject = another.User
		x.answer(askAnswersAsAsked, "no: without an address")
		x.found(finding{
			name: name, result: note, text: "found, but the answer has no address: " + state(another.User), detail: who.String(),
			advice: "The provider does not accept such an answer, because it may be about another user. Please report this, with the report below.",
		})
	case isAnother:
		x.subject = another.User
		if who.IsEmail() {
			x.instead = another.User
		}
		x.answer(askAnswersAsAsked, "no: with another name of the user")
		x.found(finding{
			name: name, result: note, text: "found a user with another address: " + state(another.User), detail: another.Error(),
			advice: "The provider treats this as another user. If it is the same person, write the address that the tenant has now.",
		})
	case errors.As(err, &refusal) && refusal.Origin == cloudadmin.OriginAPI && (refusal.Status == 404 || refusal.Status == 400):
		if given {
			x.found(finding{
				name: name, result: note, text: fmt.Sprintf("the API answers, but does not find the user (%d)", refusal.Status), detail: who.String(),
				advice: "Check the spelling, and the case of letters, which tenants may compare. A user of a directory is known to the tenant after the first synchronization.",
			})
		} else {
			x.ok(name, "the API answers (no address was given, so one that no user has was looked up)")
		}
	default:
		x.failedLookup(err)
		return false
	}
	x.reached = true
	x.compareClock(x.observer.last(lookup))
	if x.readsByManage() {
		x.answer(askManageIncludes, "yes")
	}
	return true
}

// readsByManage reports whether the token has rsa.user.manage but no scope to read.
func (x *examination) readsByManage() bool {
	granted := x.observer.last(token).body.granted
	return granted != nil && granted.has("rsa.user.manage") && !granted.has("rsa.user.read")
}

// isUnknownStatus reports whether the provider does not know the tenant's word for a status.
func isUnknownStatus(user *cloudadmin.User) bool {
	return !user.MarkDeleted.IsTrue() && user.UserStatus != "" && user.UserStatus != cloudadmin.Enabled && user.UserStatus != cloudadmin.Disabled
}

const adviceOnStatus = "The provider knows only Enabled and Disabled. Please report this, with the report below."

// state returns what a report may contain about a user's status.
func state(user *cloudadmin.User) string {
	if user.UserStatus == "" {
		return "without a status"
	}
	if user.MarkDeleted.IsTrue() {
		return statusWord(user.UserStatus) + ", marked for deletion"
	}
	return statusWord(user.UserStatus)
}

// failedLookup reports why the first request failed.
func (x *examination) failedLookup(err error) {
	detail, general := x.explained(err)
	last := x.observer.last(lookup)
	f := finding{name: "look-up", result: failed, detail: detail, advice: general}
	var refusal *cloudadmin.Error
	var signIn *cloudadmin.SignInError
	var unusable *cloudadmin.UnexpectedAnswerError
	const baseURL = "Check IDPLUS_ADMIN_API_URL (https://TENANT.access.securid.com/AdminInterface/restapi), and a proxy in between."
	switch {
	case cloudadmin.IsUnauthorized(err): // also a refusal after which a new token was refused
		f.text = fmt.Sprintf("refused: %d, %s", last.status, last.body.refusal())
		x.answer(askAPIRefusal, "%d, %s", last.status, last.body.refusal())
		if x.readsByManage() {
			x.answer(askManageIncludes, "no")
		}
		if advice := x.adviceOnRefusal(last); advice != "" {
			f.advice = advice
		}
	case errors.As(err, &signIn):
		f.text = "refused, and no new token was fetched"
	case errors.As(err, &refusal) && refusal.Status == 429:
		f.text, f.advice = "too many requests (429)", "Everything that uses the API shares the limit. Try again in a few minutes."
	case errors.As(err, &refusal) && refusal.Status >= 500:
		f.text = fmt.Sprintf("the tenant failed: %d, %s", last.status, last.body.refusal())
		f.advice = "Try again later; if the problem lasts, ask RSA's support. The answer may also come from a gateway in between."
	case errors.As(err, &refusal):
		f.text, f.advice = fmt.Sprintf("not the API's own answer: %d, %s", last.status, last.body.refusal()), "The URL leads to another server. "+baseURL
	case last.status == 200 && last.body.isOfUser():
		f.text = fmt.Sprintf("the answer cannot be used: %s, of %s", last.body.refusal(), size(last.body.length))
		f.advice = "It lacks what the provider needs, such as the user's id. Please report this, with the report below."
		if last.body.length > 1<<20 {
			f.advice = "It is longer than the provider reads (1 MiB). Please report this, with the report below."
		}
	case errors.As(err, &unusable), last.status != 0:
		f.text, f.advice = fmt.Sprintf("the answer (%d, %s) is not that of the API", last.status, last.body.form), "Another server answers at this URL. "+baseURL
	default:
		f.text, f.advice = "there was no usable answer", baseURL
	}
	x.found(f)
}

// adviceOnRefusal returns what the evidence says about a 401 or 403 of the API.
func (x *examination) adviceOnRefusal(last exchange) string {
	oauth, isOAuth := x.settings.Client.Credentials.(cloudadmin.OAuthClient)
	_, isIssued := x.settings.Client.Credentials.(cloudadmin.AccessToken)
	isSaid := x.clockIsOff()
	x.takeClock(last) // The server that refused the token compares the clocks.
	switch {
	case isIssued: // The token was not signed with this clock.
	case x.clockIsOff() && isSaid:
		return "This machine's clock is off (see above), so the API considers the token too old or too new. Set the clock."
	case x.clockIsOff():
		x.answer(askLeeway, "cannot be tested; by the refusal's date, this clock is %s", x.clockText())
		return "By the date of this answer, this machine's clock is " + x.clockText() + ", so the API considers the token too old or too new. Set the clock (NTP)."
	}
	switch {
	case last.body.says == "invalid audience":
		return "The URL in the key file (adminRestApiUrl) is not the one that the tenant expects: use the file as downloaded. " +
			"A key that is older than the tenant's own host has to be created again in the console."
	case last.body.says == "access id":
		return "The tenant does not know the key's access id: the key was deleted, or belongs to another tenant. Create a new one in the console."
	case last.body.form == "HTML":
		return "The answer is a web page, not the API's: a proxy or a firewall in between refuses the request."
	case isOAuth && !slices.Contains(x.grantedScopes(oauth), "rsa.user.read"):
		return "The token lacks the scope rsa.user.read, which a look-up needs: list it in IDPLUS_OAUTH_SCOPES, and grant it to the client in the console."
	}
	return x.otherTenants()
}

// grantedScopes returns the token's scopes, or the requested scopes if the token endpoint
// does not return them.
func (x *examination) grantedScopes(oauth cloudadmin.OAuthClient) []string {
	if granted := x.observer.last(token).body.granted; granted != nil && granted.hasScopes {
		return granted.scopes
	}
	return oauth.RequestedScopes()
}

// checkUnknownUser finds out how the API answers a look-up of a user who does not exist.
func (x *examination) checkUnknownUser(ctx context.Context) bool {
	const name = "unknown user"
	before := len(x.observer.all(lookup))
	_, err := x.find(ctx, x.unusedAddress())
	last := x.observer.since(lookup, before)
	if err == nil {
		x.note(name, "a look-up of an address that no user has finds a user", "Please report this, with the report below.")
		return true
	}
	x.unknownUserStatus = last.status
	answer := fmt.Sprintf("%d, %s", last.status, last.body.refusal())
	if last.status == 0 {
		x.note(name, "a look-up of an address that no user has got no answer", "")
		return true
	}
	x.answer(askUnknownUser, "%s", answer)
	if cloudadmin.IsNotFound(err) {
		x.ok(name, "%s", answer)
	} else {
		x.note(name, answer+", and not 404 in the API's form",
			"The provider cannot distinguish such a user from a refused address or a wrong URL. Please report this, with the report below.")
	}
	return true
}

// isUnknownUser reports whether an error is this tenant's answer for a user who does not exist.
func (x *examination) isUnknownUser(err error) bool {
	_, isAnother := cloudadmin.IsAnotherUser(err)
	return err != nil && !isAnother && x.unknownUserStatus != 0 && x.observer.last(lookup).status == x.unknownUserStatus
}
