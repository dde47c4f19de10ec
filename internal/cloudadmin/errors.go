// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Origin is the party that answered with an error.
type Origin int

const (
	// OriginGateway is a server in between: its answer is a web page or a redirect.
	OriginGateway Origin = iota
	// OriginAPI is the Cloud Administration API itself.
	OriginAPI
	// OriginFilter is the web server or token filter in front of the API. The API itself
	// was not asked.
	OriginFilter
	// OriginUnknown is an answer that does not show its origin: it is empty, or JSON of
	// another form.
	OriginUnknown
	// OriginText is text that is neither JSON nor a web page. The API does not answer like
	// this; whether a token endpoint does is not known.
	OriginText
)

// Error is a refusal: an HTTP answer outside 2xx from the API, the filter in front of it,
// the token endpoint, or a gateway in between.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Code is the answer's own code, such as "404 NOT_FOUND" (API), "Forbidden" (filter) or
	// "invalid_client" (token endpoint). It may be empty.
	Code string
	// Description is the answer's own text in one line. It may be empty.
	Description string
	// Method and Path identify the request. Path is the pattern
	// ("/v1/users/{id}/userStatus"), or the URL of the token endpoint. URL is the URL that
	// was called, without the variable parts of its path.
	Method, Path, URL string
	// Origin is who answered.
	Origin Origin
	// Accepted reports that the API has accepted the same credentials before, and
	// AcceptedSame that it has accepted them for the same call.
	Accepted, AcceptedSame bool
	// ClockAhead is how far the server's clock is ahead of this machine's; nil if the
	// answer has no date.
	ClockAhead *time.Duration

	retryAfter string
}

// Error returns the request, the status and the server's description.
func (e *Error) Error() string {
	at := e.Path
	if e.isInBetween() || e.Status == http.StatusNotFound && e.Origin != OriginAPI {
		at = cmp.Or(e.URL, e.Path) // The URL may be the wrong one.
	}
	text := fmt.Sprintf("%s %s answered %d", e.Method, at, e.Status)
	if name := http.StatusText(e.Status); name != "" {
		text += " " + name
	}
	code, description := e.Code, strings.TrimRight(e.Description, ".")
	switch {
	case code != "" && description != "" && e.hasSpecificCode(code):
		return text + ": " + code + ": " + description
	case code+description != "":
		return text + ": " + cmp.Or(description, code)
	}
	return text + " without an explanation"
}

// isInBetween reports whether the form of the answer is not that of any part of a tenant.
func (e *Error) isInBetween() bool { return e.Origin == OriginGateway || e.Origin == OriginText }

// hasSpecificCode reports whether the code says more than the status, as OAuth 2.0 codes do.
func (e *Error) hasSpecificCode(code string) bool {
	return e.Origin == OriginFilter && strings.Contains(code, "_")
}

// IsNotFound reports whether the API answered that the user does not exist. A 404 of the
// web server or of a gateway does not count: it means that the URL is wrong, and says
// nothing about a user.
func IsNotFound(err error) bool {
	e, ok := asError(err)
	return ok && e.Status == http.StatusNotFound && e.Origin == OriginAPI
}

// IsBadRequest reports whether the API itself rejected the request (400). The cause may be
// the user's current state, or a name that the API does not accept.
func IsBadRequest(err error) bool {
	e, ok := asError(err)
	return ok && e.Status == http.StatusBadRequest && e.Origin == OriginAPI
}

// IsConflict reports whether the API answered 409: the user's state does not allow the
// change. The API refuses to enable a user who is pending deletion or was disabled by a
// synchronization; only a look-up can distinguish the two. The body of such an answer is
// not documented, so an empty one counts; a page of a proxy does not.
func IsConflict(err error) bool { return isOfAPI(err, http.StatusConflict) }

// IsMethodNotAllowed reports whether the API answered 405, as it does for users who are
// managed elsewhere (SCIM). Bodies count as for IsConflict.
func IsMethodNotAllowed(err error) bool { return isOfAPI(err, http.StatusMethodNotAllowed) }

func isOfAPI(err error, status int) bool {
	e, ok := asError(err)
	return ok && e.Status == status && (e.Origin == OriginAPI || e.Origin == OriginUnknown)
}

// IsNotModified reports whether the answer was 304: nothing was changed, because the user
// already has the requested status.
func IsNotModified(err error) bool { return hasStatus(err, http.StatusNotModified) }

// IsUnauthorized reports whether the credentials were refused: 401 or 403 from the API or
// its token filter, and any refusal of the sign-in. A page of a server in between does not
// count.
func IsUnauthorized(err error) bool {
	var signIn *SignInError
	if errors.As(err, &signIn) {
		e, ok := asError(signIn.Err)
		return ok && e.Origin != OriginGateway && e.isRefusal()
	}
	e, ok := asError(err)
	return ok && e.Origin != OriginGateway && e.Origin != OriginText &&
		(e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

// isRefusal reports whether the same request would be refused again. Some token endpoints
// refuse with a success status.
func (e *Error) isRefusal() bool {
	return e.Status < 500 && e.Status != http.StatusTooManyRequests
}

// SignInError is an error while fetching an access token. An answer of the token endpoint
// says nothing about a user, so errors.As finds no Error in it.
type SignInError struct {
	// TokenURL is the token endpoint.
	TokenURL string
	// Err is an Error, a ConnectionError or an UnexpectedAnswerError, or explains why the
	// request was not sent.
	Err error
}

func (e *SignInError) Error() string { return e.Err.Error() }

// Is reports whether the sign-in failed for a reason such as context.Canceled.
func (e *SignInError) Is(target error) bool { return errors.Is(e.Err, target) }

// IsThrottled reports whether the answer was still 429 after all attempts.
func IsThrottled(err error) bool {
	var signIn *SignInError
	if errors.As(err, &signIn) {
		err = signIn.Err
	}
	return hasStatus(err, http.StatusTooManyRequests)
}

func hasStatus(err error, status int) bool {
	e, ok := asError(err)
	return ok && e.Status == status
}

func asError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// UnexpectedAnswerError is a 2xx answer that does not match the request, such as another
// user's id. Nothing can be concluded from it.
type UnexpectedAnswerError struct {
	Method, Path string
	Problem      string
}

func (e *UnexpectedAnswerError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Method, e.Path, e.Problem)
}

// MayHaveBeenMade reports whether a change (SetStatus, MarkDeleted, Synchronize) that ended
// with this error may have been carried out nevertheless: one of its attempts was sent and
// got no answer, no usable answer, or a 5xx. It returns false for a change that was refused
// or never sent, and for calls that only read.
func MayHaveBeenMade(err error) bool {
	var uncertain *uncertainError
	return errors.As(err, &uncertain)
}

// uncertainError is the error of a change that may have been carried out.
type uncertainError struct{ cause error }

func (e *uncertainError) Error() string { return e.cause.Error() }

func (e *uncertainError) Unwrap() error { return e.cause }

// uncertain marks the error of a change that may have been carried out.
func uncertain(err error) error {
	if err == nil {
		return nil
	}
	return &uncertainError{err}
}

// AnotherUserError is an answer to a look-up that is about another user than the one asked
// for, for example because the user's address has changed. It says nothing about the user
// asked for.
type AnotherUserError struct {
	Asked Address
	// User is the user in the answer.
	User *User
}

func (e *AnotherUserError) Error() string {
	asked, answered := oneLine(e.Asked.value), e.User.name()
	if printAlike(asked, answered) {
		asked, answered = fmt.Sprintf("%+q", asked), fmt.Sprintf("%+q", answered)
	}
	text := fmt.Sprintf("asked for %s, the answer is about the user %s (id %s)", asked, answered, e.User.ID)
	if e.Asked.IsEmail() && e.User.EmailAddress == "" {
		text += ", who has no email address"
	}
	return text
}

// IsAnotherUser returns the AnotherUserError that an error is, if it is one.
func IsAnotherUser(err error) (*AnotherUserError, bool) {
	var e *AnotherUserError
	ok := errors.As(err, &e)
	return e, ok
}

// printAlike reports whether two different texts may look the same: they differ only where
// one of them has a character outside ASCII.
func printAlike(a, b string) bool {
	if a == b {
		return false
	}
	inA, inB := []rune(norm.NFC.String(a)), []rune(norm.NFC.String(b))
	if len(inA) != len(inB) {
		return false
	}
	for i := range inA {
		if inA[i] != inB[i] && inA[i] < utf8.RuneSelf && inB[i] < utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wireError can hold every known form of error: the API's, the token filter's (Spring), and
// that of OAuth 2.0 (RFC 6749 and 6750).
type wireError struct {
	Code        Text `json:"code"`
	Description Text `json:"description"`

	Status    Text `json:"status"`
	Error     Text `json:"error"`
	Message   Text `json:"message"`
	Timestamp Text `json:"timestamp"`

	ErrorDescription Text `json:"error_description"`
}

// refusalOf returns the Error for an answer outside 2xx.
func refusalOf(r request, response *http.Response, clockAhead *time.Duration, body []byte) *Error {
	e := &Error{
		Status: response.StatusCode, Method: r.method, Path: r.name(), URL: r.url(),
		ClockAhead: clockAhead, retryAfter: response.Header.Get("Retry-After"),
	}
	switch {
	case e.Status == http.StatusNotModified:
		e.Origin, e.Description = OriginUnknown, "nothing was changed"
	case e.Status < 400:
		e.Origin, e.Description = OriginGateway, "a redirect, which is not followed: the URL is probably wrong"
		if to, err := response.Location(); err == nil {
			e.Description = "a redirect to " + shownURL(to) + ", which is not followed: the URL is probably wrong"
		}
	default:
		e.read(body)
	}
	return e
}

// read fills in the error from the body.
func (e *Error) read(body []byte) {
	var wire wireError
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		e.Origin = OriginUnknown
	case json.Unmarshal(body, &wire) != nil:
		if !isHTML(body) {
			e.Origin = OriginText
		}
		e.Description = summarize(body)
	case wire.Timestamp != "" || (wire.Status != "" && wire.Code == ""):
		e.Origin, e.Code, e.Description = OriginFilter, string(wire.Error), string(wire.Message)
	case wire.Error != "":
		e.Origin, e.Code, e.Description = OriginFilter, string(wire.Error), string(wire.ErrorDescription)
	case wire.Code != "" || wire.Description != "":
		e.Origin, e.Code, e.Description = OriginAPI, string(wire.Code), string(cmp.Or(wire.Description, wire.Message))
	default:
		e.Origin, e.Description = OriginUnknown, string(wire.Message)
		if said := oneLine(string(body)); e.Description == "" && len(said) > len("null") {
			e.Description = said
		}
	}
	e.Code, e.Description = withoutTokens(e.Code), withoutTokens(e.Description)
}

// shownURL returns the target of a redirect, without parts that may be a credential.
func shownURL(to *url.URL) string {
	segments := strings.Split(to.Path, "/")
	for i := range segments {
		segments[i] = withoutTokens(segments[i])
	}
	return oneLine(to.Scheme + "://" + to.Host + strings.Join(segments, "/"))
}

// clockAhead returns how far the server's clock is ahead, from the date of its answer to a
// request sent at a given time: the server may have taken its time.
func clockAhead(header http.Header, sent time.Time) *time.Duration {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return nil
	}
	received := time.Now()
	switch {
	case date.After(received):
		return new(date.Sub(received).Round(time.Second))
	case date.Before(sent):
		return new(date.Sub(sent).Round(time.Second))
	}
	return new(time.Duration(0))
}

// tokenLike matches a JWT, or a run of characters as long as an opaque token.
var tokenLike = regexp.MustCompile(`[\w-]{16,}\.[\w-]{16,}\.[\w-]*|[\w+/=-]{40,}`)

// withoutTokens removes what may be a credential that a server repeats: errors go to the
// terminal and to logs.
func withoutTokens(text string) string { return tokenLike.ReplaceAllString(text, "[removed]") }

// A page may be in any encoding, and converting it to lower case may change its length.
var htmlTitle = regexp.MustCompile(`(?is)<title>(.*?)</title>`)

// summarize describes a body that is not JSON in one line.
func summarize(body []byte) string {
	if !isHTML(body) {
		return "not JSON: " + oneLine(string(body))
	}
	if title := htmlTitle.FindSubmatch(body); title != nil {
		// Quoted by hand, because %q could turn each character into ten.
		return `an HTML page titled "` + oneLine(string(title[1])) + `", not the API`
	}
	return "an HTML page, not the API"
}

func isHTML(body []byte) bool {
	lower := bytes.ToLower(body)
	return bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<!doctype"))
}

const maxText = 300

// oneLine makes foreign text safe for a terminal: control characters become spaces, runs of
// white space become one space, and long text is cut.
func oneLine(text string) string {
	if isPlain(text) {
		return text
	}
	if len(text) > 4*maxText {
		text = text[:4*maxText] + "…"
	}
	text = strings.ToValidUTF8(text, "�")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + "…"
	}
	return text
}

// quoted returns foreign text, such as an id, as it was sent but safe for a terminal.
func quoted(text string) string {
	const most = 100 // A quoted character may need ten.
	if runes := []rune(text[:min(len(text), 4*(most+1))]); len(runes) > most {
		return strconv.Quote(string(runes[:most]) + "…")
	}
	return strconv.Quote(text)
}

// isPlain reports whether a text needs no cleaning, as is nearly always the case: it is
// short printable ASCII with single blanks inside.
func isPlain[T string | []byte](text T) bool {
	if len(text) > maxText {
		return false
	}
	blank := byte(' ') // No blank at the beginning either.
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || (c == ' ' && blank == ' ') {
			return false
		}
		blank = c
	}
	return len(text) == 0 || blank != ' '
}
