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

// checkAgreement looks up some of the users that search has shown.
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
		differs("the look-up of the given address leads to another person: search shows the address with another id")
		x.subject = nil
		done++
	}
	for _, shown := range sample {
		user, err := x.find(ctx, cloudadmin.Email(string(shown.EmailAddress)))
		another, isAnother := cloudadmin.IsAnotherUser(err)
		switch {
		case isAnother:
			differs(answeredInstead(shown, another.User))
		case x.isUnknownUser(err):
			differs("look-up does not find a user that search shows")
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
		differs("search does not show a user that look-up finds")
		done++
	}
	switch {
	case len(sample) == 0 && done == 0:
		x.skip(name, x.whyNoSample())
	case done == 0:
		x.skip(name, "no look-up got an answer")
	case len(order) == 0 && unknownStatus > 0:
		x.answer(askAgreement, "yes (%s)", number(done, "user"))
		x.note(name, fmt.Sprintf("agree; a status that is neither Enabled nor Disabled: %d of %d", unknownStatus, done), adviceOnStatus)
	case len(order) == 0:
		x.answer(askAgreement, "yes (%s)", number(done, "user"))
		x.ok(name, "agree about %s", number(done, "user"))
	default:
		var texts []string
		advice := "Search may be out of date. The provider looks up users who are about to change; read_with = \"lookup\" avoids searches."
		for _, how := range order {
			if !strings.HasPrefix(how, "search") {
				advice = "Please report this, with the report below."
			}
			texts = append(texts, fmt.Sprintf("%s (%d of %d)", how, differences[how], done))
		}
		x.answer(askAgreement, "no: %s", strings.Join(texts, "; "))
		x.note(name, strings.Join(texts, "; "), advice)
	}
	return true
}

// isMisled reports whether search shows the given address with another id than that of the
// user found by the look-up.
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

// answeredInstead returns how a look-up is not about the user that search shows.
func answeredInstead(shown, another *cloudadmin.User) string {
	switch {
	case !strings.EqualFold(shown.ID, another.ID):
		return "look-up returns another person"
	case another.EmailAddress == "":
		return "look-up returns no address"
	}
	return "look-up returns another address of the user"
}

// whyNoSample returns why search has shown no user to look up.
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
		return "no search got a usable answer"
	case len(x.seen) == 0:
		return "search has shown no user"
	case addresses == 0:
		return "search has shown no user with an address"
	case ids == 0:
		return "search has shown no user with an address and an id"
	}
	return "search has shown each address with two ids"
}

// sample returns the first and the last user seen, and one who is marked. Of two users with
// one address a look-up finds only one.
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

// difference returns how an element of a search differs from a look-up, or an empty string.
// What the element leaves out is not a difference.
func difference(shown, user *cloudadmin.User) string {
	switch {
	case shown.ID != "" && !strings.EqualFold(shown.ID, user.ID):
		return "search shows another id"
	case user.UserStatus == "":
		return "look-up has no status"
	case shown.UserStatus != "" && shown.UserStatus != user.UserStatus:
		return "search shows another status"
	case user.MarkDeleted.Value == nil:
		return "look-up has no mark"
	case shown.MarkDeleted.Value != nil && shown.MarkDeleted.IsTrue() != user.MarkDeleted.IsTrue():
		return "search shows another mark"
	}
	return ""
}

// isShown reports whether search shows a user who was looked up. It is also true if search
// itself fails.
func (x *examination) isShown(ctx context.Context, user *cloudadmin.User) bool {
	shown, err := x.shown(ctx, user)
	return err != nil || shown != nil
}

// firstNumber returns the number of the first page of a search.
func (x *examination) firstNumber() int {
	if strings.HasPrefix(x.answers[askFirstPage], "1") {
		return 1
	}
	return 0
}

// shown searches for one user by the whole address, and returns nil if search does not show
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
