// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// checkWrite is the only check that changes anything, and only if -write names a user.
// Afterwards the user has the same status as before.
func (x *examination) checkWrite(ctx context.Context) bool {
	const name = "write"
	if x.options.write == "" {
		x.skip(name, "not requested: -write ADDRESS names a user who may be changed")
		return true
	}
	x.answerNothingChanged("the user of -write was refused")
	x.answer(askSameStatus, "not asked: the user of -write was refused")
	user, why := x.writable(ctx)
	if ctx.Err() != nil {
		x.answerNothingChanged(interruption(ctx))
		x.answer(askSameStatus, "not asked: %s", interruption(ctx))
		x.skip(name, interruption(ctx))
		return true
	}
	if why != "" {
		x.found(finding{name: name, result: failed, text: "refused: " + why, detail: x.options.write, advice: "Nothing was sent. Name another user."})
		return true
	}
	x.answerNothingChanged("stopped before it")
	if user.MarkDeleted.IsTrue() {
		x.answer(askSameStatus, "not asked: the user of -write is marked for deletion")
		x.answerNothingChanged("the user of -write is marked for deletion")
		x.disableMarked(ctx, user)
		return true
	}
	x.writeAndBack(ctx, user)
	return true
}

// writable looks the user of -write up, and returns why the user must not be changed.
func (x *examination) writable(ctx context.Context) (user *cloudadmin.User, why string) {
	if most := x.settings.MaxChanges; most != nil && *most < 1 {
		return nil, "IDPLUS_MAX_CHANGES allows no change"
	}
	user, err := x.find(ctx, cloudadmin.Email(x.options.write))
	switch {
	case x.isUnknownUser(err):
		return nil, "no user has exactly this address"
	case err != nil:
		return nil, "the look-up did not confirm the user"
	case string(user.EmailAddress) != x.options.write:
		return nil, "the tenant writes this address in another case: repeat it exactly"
	case user.MarkDeleted.IsTrue() && user.UserStatus == cloudadmin.Enabled:
		return nil, "the user is marked for deletion and Enabled: disabling could not be undone"
	case !user.MarkDeleted.IsTrue() && user.UserStatus != cloudadmin.Enabled && user.UserStatus != cloudadmin.Disabled:
		return nil, "the user's status is neither Enabled nor Disabled, and could not be set back"
	case x.isShared(ctx, user):
		return nil, "search shows two users with this address"
	}
	return user, x.protects(ctx, user)
}

// isShared reports whether search shows, or has shown, another user with the same address.
func (x *examination) isShared(ctx context.Context, user *cloudadmin.User) bool {
	seen := x.seen
	if found, err := x.client.Users.Search(ctx, string(user.EmailAddress), x.firstNumber()); err == nil {
		seen = slices.Concat(seen, found.Users)
	}
	return slices.ContainsFunc(seen, func(other *cloudadmin.User) bool {
		return other.ID != "" && !strings.EqualFold(other.ID, user.ID) && cloudadmin.SameName(string(other.EmailAddress), string(user.EmailAddress))
	})
}

// protects returns why a user is protected. A protected name that cannot be resolved may
// belong to any user.
func (x *examination) protects(ctx context.Context, user *cloudadmin.User) string {
	for _, name := range x.settings.Protected {
		if user.HasName(name) {
			return "the user is one of IDPLUS_PROTECTED_USERS"
		}
	}
	for _, name := range x.settings.Protected {
		protected, err := x.either(ctx, name)
		switch {
		case err != nil:
			return "a user of IDPLUS_PROTECTED_USERS is not found, and may be this one"
		case strings.EqualFold(protected.ID, user.ID):
			return "the user is one of IDPLUS_PROTECTED_USERS"
		}
	}
	return ""
}

// either finds a user by a name that may be an email address or a username, whatever the
// user's current names are.
func (x *examination) either(ctx context.Context, name string) (user *cloudadmin.User, err error) {
	ways := []cloudadmin.Address{cloudadmin.Username(name)}
	if strings.Contains(name, "@") {
		ways = []cloudadmin.Address{cloudadmin.Email(name), cloudadmin.Username(name)}
	}
	for _, way := range ways {
		user, err = x.find(ctx, way)
		if another, is := cloudadmin.IsAnotherUser(err); is {
			return another.User, nil
		}
		if !x.isUnknownUser(err) {
			break
		}
	}
	return user, err
}

// disableMarked finds out how the API answers when a user who is marked, and has no access,
// is disabled. Such a user is never enabled.
func (x *examination) disableMarked(ctx context.Context, user *cloudadmin.User) {
	const name = "write"
	put := x.set(ctx, x.newClient(0), user, cloudadmin.Disabled, "the user is marked for deletion and has no access")
	x.answer(askMarkedDisable, "%s", put.text)
	text := "PUT Disabled for a user who is marked for deletion: " + put.text
	switch {
	case ctx.Err() != nil:
		x.skip(name, interruption(ctx))
	case put.isJudgement():
		x.ok(name, "%s", text)
	default:
		x.found(finding{name: name, result: note, text: text, advice: x.adviceOnPut(put, user, cloudadmin.Disabled, true), detail: put.detail()})
	}
}

// patienceToSetBack is how long to try to set a user back, even after an interrupt.
const (
	patienceToSetBack = 45 * time.Second
	patientRetries    = 8
)

// writeAndBack sets the user's current status, then the other, then the first.
func (x *examination) writeAndBack(ctx context.Context, user *cloudadmin.User) {
	const name = "write"
	before, other := user.UserStatus, cloudadmin.Disabled
	if before == cloudadmin.Disabled {
		other = cloudadmin.Enabled
	}
	// Without retries: each answer has to be the tenant's answer to one request.
	once := x.newClient(0)
	same := x.set(ctx, once, user, before, "the user's current status")
	x.answer(askSameStatus, "%s", same.text)
	x.answerSCIM(user, same)
	if ctx.Err() != nil {
		x.skip(name, interruption(ctx))
		return
	}
	if !same.isJudgement() && !same.isOddSuccess() {
		// If the user cannot certainly be set back, nothing is changed.
		x.answerNothingChanged("the PUT before it was answered: " + same.text)
		x.found(finding{
			name: name, result: note, text: "PUT of the user's current status: " + same.text + "; stopped there, the user is as before",
			advice: x.adviceOnPut(same, user, before, true), detail: same.detail(),
		})
		return
	}

	x.say("PUT %s, the other status", other)
	if ctx.Err() != nil {
		x.skip(name, interruption(ctx))
		return
	}
	changed := x.put(ctx, once, user, other)
	x.answer(askOtherStatus, "%s", changed.text)
	x.answerSCIM(user, changed)
	switch {
	case changed.isSuccess():
		x.measureLag(ctx, user, other)
	case changed.err != nil && !cloudadmin.MayHaveBeenMade(changed.err):
		x.answerLag("not known: the PUT of the other status was not carried out")
		if ctx.Err() != nil {
			x.skip(name, interruption(ctx))
			return
		}
		x.found(finding{
			name: name, result: note, text: fmt.Sprintf("PUT of the user's current status: %s; PUT of the other status is refused: %s", same.text, changed.text),
			advice: x.adviceOnPut(changed, user, other, !same.isSuccess()), detail: changed.detail(),
		})
		return
	default:
		x.answerLag("not known: the PUT of the other status got no usable answer")
	}
	x.setBack(ctx, user, before, other, same, changed)
}

// answerNothingChanged answers the questions about a change that was not made.
func (x *examination) answerNothingChanged(why string) {
	x.answer(askOtherStatus, "not asked: %s", why)
	x.answerLag("not asked: " + why)
}

func (x *examination) answerLag(text string) {
	x.answer(askLookupLag, "%s", text)
	x.answer(askSearchLag, "%s", text)
}

// answerSCIM answers the questions about SCIM-managed users.
func (x *examination) answerSCIM(user *cloudadmin.User, put putOutcome) {
	switch {
	case isSCIM(user):
		x.answer(askSCIMStatus, "%s", put.text)
	case cloudadmin.IsMethodNotAllowed(put.err):
		x.answer(askSCIMStatus, "not known: the identity source of the user of -write does not say SCIM")
	}
}

// setBack also runs after an interrupt, and with patience.
func (x *examination) setBack(ctx context.Context, user *cloudadmin.User, before, other cloudadmin.Status, same, changed putOutcome) {
	const name = "write"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patienceToSetBack)
	defer cancel()
	x.say("PUT %s, which sets the user back", before)
	retries := patientRetries
	if changed.isOddSuccess() {
		retries = quickRetries // The answer would be the same again.
	}
	client := x.newClient(retries)
	err := client.Users.SetStatus(ctx, user.ID, before)
	if err != nil {
		err = x.judgeSetBack(ctx, client, user, before, same, err)
	}
	if err != nil {
		x.leftChanged = fmt.Sprintf("%s was %s, and may be %s now: set the status to %s in the Cloud Administration Console (Users > Management).",
			user.EmailAddress, before, other, before)
		x.found(finding{
			name: name, result: failed, text: "THE USER WAS NOT SET BACK: was " + string(before) + ", may be " + string(other) + " now", detail: err.Error(),
			advice: "Set the status to " + string(before) + " in the Cloud Administration Console (Users > Management).",
		})
		return
	}
	f := finding{name: name, result: ok, text: fmt.Sprintf("PUT of the user's current status: %s; of the other: %s; set back to %s", same.text, changed.text, before)}
	switch {
	case same.isOddSuccess(), changed.isSuccess() && !changed.isJudgement():
		f.result, f.advice = note, "The provider ignores such an answer and looks the user up. Please report this, with the report below."
	case !changed.isJudgement():
		f.result, f.advice = note, "Whether the PUT of the other status was carried out is not known."
	}
	x.found(f)
}

// judgeSetBack tries once more, and looks the user up: the PUT may be refused because an
// earlier one whose answer was lost has been carried out. Look-ups that confirm it count if
// they have shown the change before, or if the refusal is the one that a PUT of the same
// status gets.
func (x *examination) judgeSetBack(ctx context.Context, client *cloudadmin.Client, user *cloudadmin.User, before cloudadmin.Status, same putOutcome, err error) error {
	again := x.put(ctx, client, user, before)
	if again.err == nil || cloudadmin.IsNotModified(again.err) {
		return nil
	}
	isRefusedAsSame := again.isJudgement() && again.text == same.text
	if !isRefusedAsSame && !x.lookupShowsChanges {
		return err
	}
	begin := x.command.now()
	for {
		if showsSteadily(func() bool {
			now, lookupErr := client.Users.Lookup(ctx, cloudadmin.Email(string(user.EmailAddress)), cloudadmin.LookupOptions{})
			return lookupErr == nil && now.ID == user.ID && now.Is(before)
		}) {
			return nil
		}
		if x.command.now().Sub(begin) >= longestLag || x.command.wait(ctx, lagStep) != nil {
			return err
		}
	}
}

// set sends one PUT and reports its answer.
func (x *examination) set(ctx context.Context, client *cloudadmin.Client, user *cloudadmin.User, status cloudadmin.Status, why string) putOutcome {
	x.say("PUT %s: %s", status, why)
	if ctx.Err() != nil {
		return putOutcome{text: "not known: " + interruption(ctx), err: context.Cause(ctx)}
	}
	return x.put(ctx, client, user, status)
}

// say prints what is about to be done to a user, before it is done.
func (x *examination) say(format string, args ...any) {
	_, _ = io.WriteString(x.progress, columns("..", "write", console.Wrap(fmt.Sprintf(format, args...), x.out.textWidth())))
}
