// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The faults and what each must lead to. A fault that is not healed strikes forever; one
// that passes in real life strikes once more in the recovery.

type moment string

const (
	inPlan  moment = "plan"
	inApply moment = "apply"
)

// cell is where a fault strikes: a kind of request, in a plan or in an apply.
type cell struct {
	kind simulator.Kind
	in   moment
}

type fault struct {
	name string
	// answer replaces the tenant's; answers is for one that differs by kind.
	answer  http.HandlerFunc
	answers map[simulator.Kind]http.HandlerFunc
	// match, when set, chooses the requests and counts the strikes.
	match func(*testTenant, *atomic.Int64) func(*http.Request, []byte) bool
	// times is how often it strikes; 0 is forever.
	times int
	// after: the tenant has set the status, and the answer is lost.
	after bool
	// passes: a request that was struck once is healed.
	passes bool
	// byKey: look-ups and statuses use a legacy key's own tokens.
	byKey bool
	// maxRetries is 1 unless it is set.
	maxRetries int
	settings   string
	// waits is set where the provider waits for seconds before it asks again.
	waits bool

	want expectation
	// wantOfToken is the outcome of a failing sign-in, if that differs.
	wantOfToken expectation
	wantIn      map[cell]expectation
	leftOut     map[simulator.Kind]string
	// findings are cells in which the product does not do what it should. The tenant and
	// the state are judged there, too.
	findings map[cell]string
}

// expectation is the outcome that a command must have. In its texts {user}, {id},
// {request}, {url} and {attempts} are filled in.
type expectation struct {
	// cause is the reason in the error for each user affected, between lead and advice;
	// empty: it succeeds.
	lead, cause, advice string
	// explained is the advice of one of these errors, with all likely causes; instead is
	// the advice if another request was answered first.
	explained, instead string
	// ends: nothing more is sent to a server that cannot be reached.
	ends bool
	// unsure: the change may have been made.
	unsure bool
	// looksAgain: a look-up reports whether the change was made.
	looksAgain bool
	// warnings are the summaries of the warnings, besides the one that ben changes
	// wherever he is looked up; from is his status before, if it is not Enabled.
	warnings []string
	from     string
	// shows is what a command that succeeds also prints.
	shows string
	// attempts of each request that fails; 1 + max_retries unless it is set.
	attempts int
	// tokens is the number of all token requests, if a token is the problem.
	tokens int
	// renewals is how many tokens beyond the first are fetched.
	renewals int
}

func (f fault) retries() int { return max(f.maxRetries, 1) }

func (f fault) answerTo(kind simulator.Kind) http.HandlerFunc {
	if answer := f.answers[kind]; answer != nil {
		return answer
	}
	return f.answer
}

func (f fault) wants(c cell) expectation {
	if want, ok := f.wantIn[c]; ok {
		return want
	}
	if c.kind == simulator.KindToken && f.wantOfToken.cause != "" {
		return f.wantOfToken
	}
	return f.want
}

// Texts that several faults lead to, and settings that make them quick.
const (
	adviceThrottled = " The tenant refuses requests because there are too many. Everything that uses the API shares its limit. " +
		"Apply again later (changes already made are kept), or lower the provider's requests_per_second or max_concurrent_requests."
	adviceNetwork = " Check the network and the proxy. It is safe to try again."
	adviceGateway = " A gateway or a proxy could not reach the tenant. Try again later: changes already made are kept."
	checkAPI      = " Check admin_api_url, which has the form https://TENANT.access.securid.com/AdminInterface/restapi."
	checkTokens   = " Check oauth.issuer_url (IDPLUS_OAUTH_ISSUER_URL), to which /token is appended (it has the form https://TENANT.auth.securid.com/oauth), or oauth.token_url."
	adviceTenant  = " The problem is inside the tenant, or on the way to it. Plan or apply again later: changes already made are kept. " +
		"If the problem lasts, ask RSA's support, and give them the time and this request."
	adviceNoEndpoint = " The server there is not an OAuth 2.0 token endpoint." + checkTokens
	adviceTokensDown = " The problem is in the tenant's token endpoint, or on the way to it. Try again later." + checkTokens
	adviceUntrusted  = " The answer was ignored, and nothing more was sent for this user. Plan again to see the current status. " +
		"If the error comes back, check that admin_api_url is the URL of the Cloud Administration API."
	redirected     = " answered 302 Found: a redirect to http://HOST/elsewhere, which is not followed: the URL is probably wrong"
	adviceRedirect = " Redirects are not followed, so that the credentials go to no other server."
	// From the second user on, only the most likely cause is given.
	othersListed   = " Another of these errors lists all likely causes."
	adviceKeyAgain = " The most likely cause: the key was deleted or revoked, or its accessID and accessKey do not belong together." + othersListed
	adviceOffAgain = " The most likely cause: this machine's clock is off by more than a minute." + othersListed
	adviceKey      = " The likely causes, the most likely first:" +
		" - the key was deleted or revoked, or its accessID and accessKey do not belong together;" +
		" - adminRestApiUrl in the key file was changed: restore it as downloaded. If the key is older than the tenant's company URL, create a new key;" +
		" - the key's role allows too little (it takes Help Desk Admin or Super Admin);" +
		" - the tenant's license does not include the administration API (\"Allow Admin API Key\")."
	adviceRole = " The same key was accepted for other calls in this run, so it lacks only the permission for this one: give the key a role that has it (Help Desk Admin or Super Admin), or use a key that has one."

	adviceClient = " The likely causes, the most likely first:" +
		" - this machine's clock is off by more than a minute;" +
		" - client_id is wrong, or the private key does not belong to it (it may have been replaced or revoked in the console);" +
		" - the key id (kid) of the private key is not the one in the console;" +
		" - the client was saved but not published: choose Publish Changes in the console;" +
		" - issuer_url (or token_url) belongs to another tenant or region;" +
		" - a requested scope was not granted to the client (oauth.scopes, IDPLUS_OAUTH_SCOPES)."

	// quickPace skips the search for the tenant's limit.
	quickPace    = "requests_per_second = 100"
	shortTimeout = `request_timeout = "300ms"`

	afterAttempts = " (after {attempts} attempts in TIME)"

	leadNoAnswer = "There was no usable answer"
	leadAPI      = "The API said"
)

// seenToBeDone is a PUT whose answer is lost; a look-up shows that the change was made.
var seenToBeDone = map[cell]expectation{{simulator.KindStatus, inApply}: {looksAgain: true}}

// unsure is a PUT whose answer says nothing about the user, and which is not worth a
// look-up.
func unsure(cause, advice string) map[cell]expectation {
	return map[cell]expectation{{simulator.KindStatus, inApply}: {cause: cause, advice: advice, unsure: true}}
}

// unusable is an attempt without a usable answer. It is sent again.
func unusable(cause string) expectation {
	return expectation{lead: leadNoAnswer, cause: "{url}: " + cause + afterAttempts, advice: adviceNetwork}
}

// slow is an attempt without an answer in time, from a server that may not have answered
// any request yet.
func slow(check string) expectation {
	want := unusable("no answer in time (300ms)")
	want.advice = " HOST has not answered any request yet." + check + " If it is right, a firewall may drop the packets; if this network needs a proxy, set HTTPS_PROXY."
	want.instead = " The server took longer than request_timeout, or than what is left of the resource's timeout. Try again later, or raise them. It is safe to try again."
	return want
}

// noSignIn is a failure of the token endpoint that no other user tries again.
func noSignIn(lead, cause, advice string) expectation {
	return expectation{lead: lead, cause: "{request}" + cause, advice: advice, attempts: 1, tokens: 1}
}

// untrusted is an answer that does not fit the request, which is not sent again.
func untrusted(problem string) expectation {
	return expectation{lead: "The answer cannot be trusted", cause: "{request}: " + problem, advice: adviceUntrusted, attempts: 1}
}

// notJudged is a failure that is a finding.
var notJudged = expectation{cause: "finding", attempts: 1}

func faults() []fault {
	token := simulator.KindToken
	noUserInToken := map[simulator.Kind]string{token: "the answer of a token endpoint speaks of no user"}
	return []fault{
		{name: "429 burst", answer: simulator.AnswerTooManyRequests(""), times: 2, maxRetries: 2, settings: quickPace},
		{name: "429 forever", answer: simulator.AnswerTooManyRequests(""), passes: true, settings: quickPace, waits: true, want: expectation{
			lead: leadAPI, cause: "{request} answered 429 Too Many Requests: Too many requests" + afterAttempts, advice: adviceThrottled,
		}, wantOfToken: expectation{
			lead: "The sign-in was throttled", cause: "{request} answered 429 Too Many Requests: Too many requests" + afterAttempts,
			advice: " The token endpoint refuses requests because there are too many. The credentials are not to blame. Try again later.",
		}},
		{name: "500 once", answer: simulator.AnswerAPIError(500, "An internal error occurred."), times: 1},
		{name: "500 forever", answer: simulator.AnswerAPIError(500, "An internal error occurred."), want: expectation{
			lead: leadAPI, cause: "{request} answered 500 Internal Server Error: An internal error occurred" + afterAttempts, advice: adviceTenant,
		}, wantOfToken: expectation{
			lead: "The sign-in failed", cause: "{request} answered 500 Internal Server Error: An internal error occurred" + afterAttempts,
			advice: adviceTokensDown,
		}, wantIn: unsure("{request} answered 500 Internal Server Error: An internal error occurred"+afterAttempts, adviceTenant)},
		// Connection refused is TestFaultConnectionRefused: it strikes a server,
		// not a request.
		{name: "reset before the headers", answer: resetBeforeHeaders, after: true, passes: true, wantIn: seenToBeDone,
			want: unusable("read tcp HOST->HOST: read: connection reset by peer")},
		{name: "reset inside the body", answer: resetInsideBody, after: true, passes: true, wantIn: seenToBeDone,
			want: unusable("read tcp HOST->HOST: read: connection reset by peer")},
		{name: "slow headers", answer: slowHeaders, after: true, passes: true, settings: shortTimeout, wantIn: seenToBeDone,
			want: slow(checkAPI), wantOfToken: slow(checkTokens)},
		{name: "slow body", answer: slowBody, after: true, passes: true, settings: shortTimeout, wantIn: seenToBeDone,
			want: slow(checkAPI), wantOfToken: slow(checkTokens)},
		{name: "HTML 502", answer: simulator.AnswerRaw(502, "text/html", "<!DOCTYPE html>\n<html><head><title>502 Bad\x1b[31m Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"), after: true, passes: true, want: expectation{
			lead: "A server in between said", cause: `{url} answered 502 Bad Gateway: an HTML page titled "502 Bad [31m Gateway", not the API` + afterAttempts, advice: adviceGateway,
		}, wantIn: unsure(`{url} answered 502 Bad Gateway: an HTML page titled "502 Bad [31m Gateway", not the API`+afterAttempts, adviceGateway)},
		{name: "truncated JSON", answer: simulator.AnswerRaw(200, "application/json", `{"id": "00000000-0000-4000-8000-0000`), after: true, passes: true, wantIn: seenToBeDone,
			want: unusable("the answer was cut off: its JSON is not complete")},
		{name: "wrong JSON types", after: true, want: untrusted("the answer is JSON, but not of the expected form"),
			answers: map[simulator.Kind]http.HandlerFunc{
				simulator.KindLookup: answerAbout(`{"id": {"value": "{id}"}, "emailAddress": "{user}", "userStatus": 1, "markDeleted": "no"}`),
				simulator.KindStatus: answerAbout(`{"id": "{id}", "userStatus": true}`),
				token:                answerAbout(`{"access_token": 17, "expires_in": {"seconds": 3600}}`),
			},
			wantOfToken: noSignIn("The sign-in failed", ": the answer has no access token", adviceNoEndpoint),
			wantIn:      seenToBeDone},
		{name: "empty 200", answer: simulator.AnswerRaw(200, "application/json", ""), after: true, passes: true, want: unusable("the answer is empty"), wantIn: seenToBeDone},
		{name: "10 MiB body", answer: simulator.AnswerRaw(200, "application/json", `{"id": "`+strings.Repeat("x", 10<<20)+`"}`), after: true,
			want: untrusted("the answer is longer than 1048576 bytes"), wantIn: seenToBeDone,
			wantOfToken: noSignIn("The sign-in failed", ": the answer is longer than 1048576 bytes", adviceNoEndpoint)},
		{name: "redirect away", answer: redirectAway, want: expectation{
			lead: "The server said", cause: "{url}" + redirected, advice: adviceRedirect + checkAPI, attempts: 1, ends: true,
		}, wantOfToken: noSignIn("The server said", redirected, adviceRedirect+checkTokens)},
		{name: "wrong id", after: true, leftOut: noUserInToken,
			answers: map[simulator.Kind]http.HandlerFunc{
				simulator.KindLookup: answerAbout(`{"id": "not-{id}", "emailAddress": "{user}", "userStatus": "Enabled"}`),
				simulator.KindStatus: answerAbout(`{"id": "not-{id}", "userStatus": "Disabled"}`),
			},
			wantIn: map[cell]expectation{
				{simulator.KindStatus, inApply}: {looksAgain: true},
				// Another id behind an address is another person, or the same one who came
				// back: a plan asks for approval.
				{simulator.KindLookup, inPlan}: {
					warnings: []string{
						"Address belongs to another user now: " + adaEmail, "Address belongs to another user now: " + carlaEmail,
						"User changes: " + adaEmail + ": Enabled -> Disabled",
					},
					shows: "Plan: 3 to add, 0 to change, 0 to destroy.",
				},
				{simulator.KindLookup, inApply}: notJudged,
			},
			// finding: Terraform notices, and blames the provider.
			findings: map[cell]string{{simulator.KindLookup, inApply}: `"Provider produced inconsistent final plan … This is a bug in the provider", and no word on the user`}},
		{name: "wrong user", leftOut: map[simulator.Kind]string{token: noUserInToken[token], simulator.KindStatus: "the answer to a PUT names no address; see wrong id"},
			answer: answerAbout(`{"id": "{id}", "emailAddress": "dora@example.com", "userStatus": "Enabled"}`),
			wantIn: map[cell]expectation{
				// By id, they are the users of the state.
				{simulator.KindLookup, inPlan}: {
					warnings: []string{
						"Look-up finds a user with another name: " + benEmail,
						"User has a new address: " + adaEmail, "User has a new address: " + carlaEmail,
					},
					shows: "Plan: 1 to add, 1 to change, 0 to destroy.",
					from:  "nothing",
				},
				{simulator.KindLookup, inApply}: notJudged,
			},
			// finding: as with a wrong id.
			findings: map[cell]string{{simulator.KindLookup, inApply}: `"Provider produced inconsistent final plan … This is a bug in the provider", and only a warning speaks of the user`}},
		// The tenant did not set the status, and says so.
		{name: "wrong status", leftOut: noUserInToken,
			answers: map[simulator.Kind]http.HandlerFunc{
				// Only the status of the look-up is known: the plan shows it, and what it
				// would be set to.
				simulator.KindLookup: answerAbout(`{"id": "{id}", "emailAddress": "{user}", "userStatus": "Locked"}`),
				simulator.KindStatus: answerAbout(`{"id": "{id}", "userStatus": "Enabled"}`),
			},
			wantIn: map[cell]expectation{
				{simulator.KindStatus, inApply}: {
					cause: `{request}: the request asked for Disabled, but the answer has the status "Enabled"`, attempts: 1, unsure: true, looksAgain: true,
				},
				{simulator.KindLookup, inPlan}:  {shows: "Plan: 1 to add, 2 to change, 0 to destroy.", from: "Locked"},
				{simulator.KindLookup, inApply}: {from: "Locked"},
			}},
		{name: "expired token in mid-run", match: tokensExpire, want: expectation{renewals: 1},
			leftOut: map[simulator.Kind]string{token: "a token request carries no token"}},
		{name: "clock 5 minutes ahead", match: clockAhead, byKey: true,
			answer: simulator.AnswerFilterError(403, "Server failed to process provided access token"),
			answers: map[simulator.Kind]http.HandlerFunc{
				token: simulator.AnswerRaw(401, "application/json", `{"error": "invalid_client", "error_description": "The claim iat is in the future."}`),
			},
			want: expectation{
				lead: leadAPI, cause: "{request} answered 403 Forbidden: Server failed to process provided access token",
				advice: adviceKeyAgain, explained: adviceKey, instead: adviceRole,
				attempts: 2, // The second with a new token.
			},
			wantOfToken: expectation{
				lead: "The sign-in was refused", cause: "{request} answered 401 Unauthorized: invalid_client: The claim iat is in the future",
				advice: adviceOffAgain, explained: adviceClient, attempts: 1, tokens: 1,
			}},
		{name: "clock 5 minutes behind", match: clockBehind, byKey: true, answer: simulator.AnswerFilterError(403, "Server failed to process provided access token")},
	}
}
