// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import "fmt"

// question is an open question about the API, by its id in the JSON. Neither ids nor words
// change after a release, because reports are compared.
type question string

const (
	askMarkedStatus    question = "marked-status"
	askMarkedDisable   question = "disabling-marked"
	askSameStatus      question = "same-status"
	askOtherStatus     question = "other-status"
	askSCIMStatus      question = "scim-status"
	askRefusedPut      question = "refused-put"
	askCaseEmail       question = "case-email"
	askCaseUsername    question = "case-username"
	askCaseID          question = "case-id"
	askUnknownUser     question = "unknown-user"
	askAnswersAsAsked  question = "answers-as-asked"
	askLike            question = "search-at-sign"
	askFirstPage       question = "search-first-page"
	askTotals          question = "search-totals"
	askPastEnd         question = "search-past-end"
	askOrder           question = "search-order"
	askStable          question = "search-stable"
	askRepeats         question = "search-repeats"
	askTwins           question = "two-users-one-address"
	askProperties      question = "search-properties"
	askPageLength      question = "search-page-length"
	askAgreement       question = "search-agrees"
	askLookupLag       question = "lookup-lag"
	askSearchLag       question = "search-lag"
	askByteOrderMark   question = "byte-order-mark"
	askOtherCase       question = "other-case-properties"
	askTokenRefusal    question = "token-refusal"
	askAPIRefusal      question = "api-refusal"
	askScopes          question = "token-scopes"
	askManageIncludes  question = "manage-includes-read"
	askLeeway          question = "clock-leeway"
	askThrottled       question = "throttled"
	askRateHeaders     question = "rate-headers"
	askSyncReenables   question = "sync-reenables"
	askRequestIdentity question = "request-id"
)

const needsWrite = "not asked: needs -write"

// questionTable has every question, in the order of the report, and the answer to give if
// none was found.
var questionTable = []struct {
	id        question
	text      string
	otherwise string
}{
	{askMarkedStatus, "userStatus of a user marked for deletion", "not known: no such user was seen; give one with -email"},
	{askMarkedDisable, "PUT Disabled for a user marked for deletion", "not asked: needs -write with a user marked for deletion"},
	{askSameStatus, "PUT of a user's current status", needsWrite},
	{askOtherStatus, "PUT of the other status", needsWrite},
	{askSCIMStatus, "PUT of a status for a SCIM-managed user", "not asked: needs -write with a SCIM-managed user"},
	{askRefusedPut, "body of a PUT that is refused", "not seen"},
	{askCaseEmail, "look-up compares the case of an email address", unknown},
	{askCaseUsername, "look-up compares the case of a username", unknown},
	{askCaseID, "case matters in a user id in a path", "not asked: only a change could show it"},
	{askUnknownUser, "look-up of a user who does not exist", unknown},
	{askAnswersAsAsked, "a look-up returns the requested address", unknown},
	{askLike, "search accepts \"@\" as a part of an address", unknown},
	{askFirstPage, "number of the first page of a search", unknown},
	{askTotals, "totals of a search", unknown},
	{askPastEnd, "page past the end of a search", unknown},
	{askOrder, "search is sorted by email address", unknown},
	{askStable, "a page read twice shows the same users", unknown},
	{askRepeats, "search repeats users on other pages", unknown},
	{askTwins, "two users with one email address", unknown},
	{askProperties, "elements of a search have userStatus and markDeleted", unknown},
	{askPageLength, "longest page of a search", unknown},
	{askAgreement, "search agrees with look-up", unknown},
	{askLookupLag, "look-up shows a change", needsWrite},
	{askSearchLag, "search shows a change", needsWrite},
	{askByteOrderMark, "answers begin with a byte order mark", unknown},
	{askOtherCase, "property names in another case than documented", unknown},
	{askTokenRefusal, "refusal of the token endpoint", "not seen"},
	{askAPIRefusal, "refusal of a token by the API", "not seen"},
	{askScopes, "scopes granted", unknown},
	{askManageIncludes, "rsa.user.manage includes reading", "not asked: needs a token without rsa.user.read"},
	{askLeeway, "leeway for clocks", "cannot be tested: a clock cannot be set wrong on purpose"},
	{askThrottled, "429 seen", unknown},
	{askRateHeaders, "headers about a rate limit", unknown},
	{askRequestIdentity, "headers that identify a request", unknown},
	{askSyncReenables, "a synchronization enables a user disabled by an administrator", "not asked: doctor synchronizes no user"},
}

const unknown = "not known"

// answer records the answer to a question.
func (x *examination) answer(q question, format string, args ...any) {
	x.answers[q] = fmt.Sprintf(format, args...)
}

// yesNo is an answer.
func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
