// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// compared is how many users are looked up to compare search with.
const compared = 3

// checkAgreement looks some of those up whom search has shown.
func (x *examination) checkAgreement(ctx context.Context) bool {
	const name = "search and look-up"
	sample := x.sample()
	differences := map[string]int{}
	var order []string
	differs := func(how string) {
		if differences[how] == 0 {
			order = append(order, how)
		}
		differences[how]++
	}
	done, unknownStatus := 0, 0
	if x.isMisled(ctx) {
		x.answer(askAnswersAsAsked, "no: with another person")
		differs("look-up of the address that was given leads to another person: search shows that address with another id")
		x.subject = nil
		done++
	}
	for _, shown := range sample {
		user, err := x.find(ctx, cloudadmin.Email(string(shown.EmailAddress)))
		another, isAnother := cloudadmin.IsAnotherUser(err)
		switch {
		case isAnother:
			differs(answeredInstead(shown, another.User))
		case x.isNobody(err):
			differs("look-up does not find who is shown")
		case err != nil:
			continue
		default:
			if how := difference(shown, user); how != "" {
				differs(how)
			}
			if isUnknownStatus(user) {
				unknownStatus++
			}
			if x.subject == nil {
				x.subject = user
			}
		}
		done++
	}
	if x.subject != nil && x.subject.EmailAddress != "" && x.options.email != "" && !x.isShown(ctx, x.subject) {
		differs("search does not show who is looked up")
		done++
	}
	switch {
	case len(sample) == 0 && done == 0:
		x.skip(name, x.whyNoSample())
	case done == 0:
		x.skip(name, "no look-up was answered")
	case len(order) == 0 && unknownStatus > 0:
		x.answer(askAgreement, "yes (%s)", number(done, "user"))
		x.note(name, fmt.Sprintf("agree; a status that is neither Enabled nor Disabled: %d of %d", unknownStatus, done), adviceOnStatus)
	case len(order) == 0:
		x.answer(askAgreement, "yes (%s)", number(done, "user"))
		x.ok(name, "agree about %s", number(done, "user"))
	default:
		var texts []string
		advice := "Search may lag behind. The provider looks up whoever is about to change; read_with = \"lookup\" does without searches."
		for _, how := range order {
			if !strings.HasPrefix(how, "search") {
				advice = "Please report that, with the report below."
			}
			texts = append(texts, fmt.Sprintf("%s (%d of %d)", how, differences[how], done))
		}
		x.answer(askAgreement, "no: %s", strings.Join(texts, "; "))
		x.note(name, strings.Join(texts, "; "), advice)
	}
	return true
}

// isMisled reports whether search shows the address that was given with another id than
// that of the user with whom the look-up answered.
func (x *examination) isMisled(ctx context.Context) bool {
	if x.instead == nil {
		return false
	}
	seen := x.seen
	if found, err := x.client.Users.Search(ctx, x.options.email, x.firstNumber()); err == nil {
		seen = slices.Concat(seen, found.Users)
	}
	return slices.ContainsFunc(seen, func(other *cloudadmin.User) bool {
		return other.ID != "" && !strings.EqualFold(other.ID, x.instead.ID) && cloudadmin.SameName(string(other.EmailAddress), x.options.email)
	})
}

// answeredInstead says how a look-up is not about the user whom search shows.
func answeredInstead(shown, another *cloudadmin.User) string {
	switch {
	case !strings.EqualFold(shown.ID, another.ID):
		return "look-up answers with another person"
	case another.EmailAddress == "":
		return "look-up answers without an address"
	}
	return "look-up answers with another address of the user"
}

// whyNoSample says why search has shown no user to look up.
func (x *examination) whyNoSample() string {
	addresses, ids := 0, 0
	for _, user := range x.seen {
		if user.EmailAddress != "" {
			addresses++
		}
		if user.EmailAddress != "" && user.ID != "" {
			ids++
		}
	}
	switch {
	case len(x.seen) == 0 && x.answers[askLike] != showsNobody:
		return "no search was answered well"
	case len(x.seen) == 0:
		return "search has shown no user"
	case addresses == 0:
		return "search has shown no user with an address"
	case ids == 0:
		return "search has shown no user with an address and an id"
	}
	return "search has shown each address with two ids"
}

// sample takes the first and the last of those who were seen, and one who is marked.
// Of two with one address a look-up finds one.
func (x *examination) sample() []*cloudadmin.User {
	count := map[string]int{}
	for _, user := range x.seen {
		if user.ID != "" {
			count[cloudadmin.Fold(string(user.EmailAddress))]++
		}
	}
	var all, marked []*cloudadmin.User
	for _, user := range x.seen {
		switch {
		case user.EmailAddress == "" || count[cloudadmin.Fold(string(user.EmailAddress))] > 1:
		case user.MarkDeleted.IsTrue() || user.UserStatus != "" && user.UserStatus != cloudadmin.Enabled && user.UserStatus != cloudadmin.Disabled:
			marked = append(marked, user)
		default:
			all = append(all, user)
		}
	}
	var sample []*cloudadmin.User
	if len(all) > 0 {
		sample = append(sample, all[0])
	}
	if len(all) > 1 {
		sample = append(sample, all[len(all)-1])
	}
	if len(marked) > 0 {
		sample = append(sample, marked[0])
	}
	return sample[:min(len(sample), compared)]
}

// difference says how an element of a search differs from a look-up; empty where
// it does not. What the element leaves out is no difference.
func difference(shown, user *cloudadmin.User) string {
	switch {
	case shown.ID != "" && !strings.EqualFold(shown.ID, user.ID):
		return "search shows another id"
	case user.UserStatus == "":
		return "look-up does not say the status"
	case shown.UserStatus != "" && shown.UserStatus != user.UserStatus:
		return "search shows another status"
	case user.MarkDeleted.Value == nil:
		return "look-up does not say whether the user is marked"
	case shown.MarkDeleted.Value != nil && shown.MarkDeleted.IsTrue() != user.MarkDeleted.IsTrue():
		return "search shows another mark"
	}
	return ""
}

// isShown reports whether search shows a user who was looked up. Where search itself
// fails it is not to blame for that.
func (x *examination) isShown(ctx context.Context, user *cloudadmin.User) bool {
	shown, err := x.shown(ctx, user)
	return err != nil || shown != nil
}

// firstNumber is that of the first page of a search.
func (x *examination) firstNumber() int {
	if strings.HasPrefix(x.answers[askFirstPage], "1") {
		return 1
	}
	return 0
}

// shown searches for one user by the whole address; nil where search does not show
// the user.
func (x *examination) shown(ctx context.Context, user *cloudadmin.User) (*cloudadmin.User, error) {
	found, err := x.client.Users.Search(ctx, string(user.EmailAddress), x.firstNumber())
	if err != nil {
		return nil, err
	}
	for _, other := range found.Users {
		if strings.EqualFold(other.ID, user.ID) || other.ID == "" && cloudadmin.SameName(string(other.EmailAddress), string(user.EmailAddress)) {
			return other, nil
		}
	}
	return nil, nil
}
