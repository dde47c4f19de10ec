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
	"time"
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

// keepUser notes what must not be in a report, and what is known of a mark.
func (x *examination) keepUser(user *cloudadmin.User) {
	x.private.keep(user.ID, string(user.EmailAddress), string(user.PrincipalUsername), string(user.AlternateUsername))
	if user.MarkDeleted.IsTrue() && user.UserStatus != "" {
		x.answer(askMarkedStatus, "%q", statusWord(user.UserStatus))
	}
}

// statusWord is a status fit for a report.
func statusWord(status cloudadmin.Status) string {
	isLetter := func(r rune) bool { return r == ' ' || r == '_' || unicode.IsLetter(r) }
	if len(status) > 30 || strings.ContainsFunc(string(status), func(r rune) bool { return !isLetter(r) }) {
		return "(another text)"
	}
	return string(status)
}

// nobody is an address that no user has.
func (x *examination) nobody() cloudadmin.Address {
	_, domain, given := strings.Cut(x.options.email, "@")
	if !given {
		domain = "example.invalid"
	}
	return cloudadmin.Email("no-such-user-" + strings.ToLower(rand.Text()[:10]) + "@" + domain)
}

// checkLookup is the first request that the API itself answers: of the user who was
// given, else of nobody.
func (x *examination) checkLookup(ctx context.Context) bool {
	const name = "look-up"
	who := x.nobody()
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
		x.found(finding{name: name, result: ok, said: "found: " + state(user), detail: who.String()})
	case isAnother:
		x.subject = another.User
		x.answer(askAnswersAsAsked, "no: with another name of the user")
		x.found(finding{
			name: name, result: note, said: "answered with a user who has another address: " + state(another.User), detail: another.Error(),
			advice: "Write the address that the tenant has now, or the provider takes the answer for somebody else.",
		})
	case errors.As(err, &refusal) && refusal.Origin == cloudadmin.OriginAPI && (refusal.Status == 404 || refusal.Status == 400):
		if given {
			x.found(finding{
				name: name, result: note, said: fmt.Sprintf("the API answers, but does not find the user (%d)", refusal.Status), detail: who.String(),
				advice: "Check the spelling, and the case of letters: tenants may compare it. The cloud knows a user of a directory after the first synchronization.",
			})
		} else {
			x.ok(name, "the API answers (no address was given: looked up one that no user has)")
		}
	default:
		x.failedLookup(err)
		return false
	}
	x.reached = true
	if x.readsByManage() {
		x.answer(askManageIncludes, "yes")
	}
	return true
}

// readsByManage reports whether the token has rsa.user.manage and no scope to read.
func (x *examination) readsByManage() bool {
	granted := x.observer.last(token).body.granted
	return granted != nil && slices.Contains(granted.scopes, "rsa.user.manage") && !slices.Contains(granted.scopes, "rsa.user.read")
}

// state is what may be said of a user.
func state(user *cloudadmin.User) string {
	if user.MarkDeleted.IsTrue() {
		return statusWord(user.UserStatus) + ", marked for deletion"
	}
	return statusWord(user.UserStatus)
}

// failedLookup says why the first request failed.
func (x *examination) failedLookup(err error) {
	credentials := x.settings.Client.Credentials
	said, general := explained(err, credentials)
	last := x.observer.last(lookup)
	f := finding{name: "look-up", result: failed, detail: said, advice: general}
	var refusal *cloudadmin.Error
	var unusable *cloudadmin.UnexpectedAnswerError
	const baseURL = "Check IDPLUS_ADMIN_API_URL (https://TENANT.access.securid.com/AdminInterface/restapi), and a proxy in between."
	switch {
	case errors.As(err, &refusal) && cloudadmin.IsUnauthorized(err):
		f.said = fmt.Sprintf("refused: %d, in %s", last.status, last.body.refusal())
		x.answer(askAPIRefusal, "%d, %s", last.status, last.body.refusal())
		if x.readsByManage() {
			x.answer(askManageIncludes, "no")
		}
		if advice := x.adviceOnRefusal(last); advice != "" {
			f.advice = advice
		}
	case errors.As(err, &refusal) && refusal.Status == 429:
		f.said, f.advice = "too many requests (429)", "The limit is shared with all that uses the API. Try again in some minutes."
	case errors.As(err, &refusal) && refusal.Status >= 500:
		f.said = fmt.Sprintf("the tenant failed: %d, in %s", last.status, last.body.refusal())
		f.advice = "Try again later; if it lasts, ask RSA's support. A gateway on the way may answer so too."
	case errors.As(err, &refusal):
		f.said, f.advice = fmt.Sprintf("not the API's own answer: %d, in %s", last.status, last.body.refusal()), "The URL leads to something else. "+baseURL
	case errors.As(err, &unusable), last.status != 0:
		f.said, f.advice = fmt.Sprintf("the answer (%d, %s) is not that of the API", last.status, last.body.form), "Something else answers at this URL. "+baseURL
	default:
		f.said, f.advice = "there was no usable answer", baseURL
	}
	x.found(f)
}

// adviceOnRefusal is what the evidence says about a 401 or 403 of the API.
func (x *examination) adviceOnRefusal(last exchange) string {
	oauth, isOAuth := x.settings.Client.Credentials.(cloudadmin.OAuthClient)
	switch {
	case x.clockIsOff():
		return "This machine's clock is off (see above): the API takes the token for too old or too new. Set the clock."
	case last.body.says == "invalid audience":
		return "The URL in the key file (adminRestApiUrl) is not the one that the tenant expects: use the file as it was downloaded. " +
			"A key from before the tenant got its own host has to be made anew in the console."
	case last.body.says == "access id":
		return "The tenant does not know the key's access id: the key was deleted, or is of another tenant. Make a new one in the console."
	case last.body.form == "HTML":
		return "A page answers, not the API: a proxy or a firewall in between refuses the request."
	case isOAuth && !slices.Contains(x.grantedScopes(oauth), "rsa.user.read"):
		return "The token has no scope rsa.user.read, which a look-up needs: name it in IDPLUS_OAUTH_SCOPES, and give the client that permission in the console."
	}
	return x.otherTenants()
}

// grantedScopes are those of the token, or those that were asked for where the token
// endpoint does not say.
func (x *examination) grantedScopes(oauth cloudadmin.OAuthClient) []string {
	if granted := x.observer.last(token).body.granted; granted != nil && granted.hasScopes {
		return granted.scopes
	}
	return scopesOf(oauth)
}

// checkNobody asks what a look-up of a user who does not exist is answered.
func (x *examination) checkNobody(ctx context.Context) bool {
	const name = "unknown user"
	_, err := x.find(ctx, x.nobody())
	last := x.observer.last(lookup)
	if err == nil {
		x.note(name, "a look-up of an address that no user has finds somebody", "Please report that, with the report below.")
		return true
	}
	var refusal *cloudadmin.Error
	if !errors.As(err, &refusal) {
		x.note(name, "a look-up of an address that no user has failed", "")
		return true
	}
	x.nobodyStatus = refusal.Status
	x.answer(askUnknownUser, "%d, %s", refusal.Status, last.body.refusal())
	if cloudadmin.IsNotFound(err) {
		x.ok(name, "404, in %s", last.body.refusal())
	} else {
		x.note(name, fmt.Sprintf("%d instead of 404, in %s", refusal.Status, last.body.refusal()),
			"The provider cannot tell a user who is gone from an address that the tenant does not take. Please report that, with the report below.")
	}
	return true
}

// isNobody reports whether an error says what this tenant says of a user who does
// not exist.
func (x *examination) isNobody(err error) bool {
	var refusal *cloudadmin.Error
	return errors.As(err, &refusal) && refusal.Status == x.nobodyStatus && x.nobodyStatus != 0
}

// checkCase looks the same user up in another case of letters.
func (x *examination) checkCase(ctx context.Context) bool {
	const name = "letter case"
	if x.subject == nil {
		x.skip(name, "needs a user who is found")
		return true
	}
	var said []string
	for _, way := range []struct {
		q    question
		what string
		by   func(string) cloudadmin.Address
		name string
	}{
		{askCaseEmail, "email address", cloudadmin.Email, string(x.subject.EmailAddress)},
		{askCaseUsername, "username", cloudadmin.Username, string(x.subject.PrincipalUsername)},
	} {
		compares, known := x.compares(ctx, way.by, way.name)
		if !known {
			x.answer(way.q, "not known: no user with one was found by it")
			continue
		}
		x.answer(way.q, "%s", yesNo(compares))
		if compares {
			said = append(said, "it counts in the "+way.what)
		} else {
			said = append(said, "it does not count in the "+way.what)
		}
	}
	switch {
	case len(said) == 0:
		x.skip(name, "could not be compared")
	case x.answers[askCaseEmail] == "yes":
		x.note(name, strings.Join(said, "; "), "Write addresses as the tenant has them: a review in lower case may miss people.")
	default:
		x.ok(name, "%s", strings.Join(said, "; "))
	}
	return true
}

// compares reports whether a look-up by a name compares its case. It is known where
// the name itself is found and its other spelling is found or is nobody's.
func (x *examination) compares(ctx context.Context, by func(string) cloudadmin.Address, name string) (compares, known bool) {
	other := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, name)
	if name == "" || !cloudadmin.SameName(name, other) || name == other {
		return false, false
	}
	if _, err := x.find(ctx, by(name)); err != nil {
		return false, false
	}
	_, err := x.find(ctx, by(other))
	return err != nil, err == nil || x.isNobody(err)
}

// checkLatency looks up until there are enough times to compare.
func (x *examination) checkLatency(ctx context.Context) bool {
	const name = "latency"
	who := x.nobody()
	if x.subject != nil && x.subject.EmailAddress != "" {
		who = cloudadmin.Email(string(x.subject.EmailAddress))
	}
	for range x.command.samples - len(x.observer.all(lookup)) {
		if _, err := x.find(ctx, who); err != nil && !x.isNobody(err) {
			break
		}
	}
	times := x.latencies()
	if len(times) == 0 {
		x.skip(name, "no look-up was answered")
		return true
	}
	x.ok(name, "%s", latencyText(times))
	return true
}

// latencies are the times of the look-ups that were answered, sorted.
func (x *examination) latencies() []time.Duration {
	var times []time.Duration
	for _, e := range x.observer.all(lookup) {
		if e.status != 0 && e.status != 429 && len(times) < x.command.samples {
			times = append(times, e.took)
		}
	}
	slices.Sort(times)
	return times
}

func latencyText(times []time.Duration) string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	return fmt.Sprintf("median of %d look-ups %s, slowest %s", len(times), ms(times[len(times)/2]), ms(times[len(times)-1]))
}
