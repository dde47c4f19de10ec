// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// checkWrite is the only check that changes anything, and only where -write names a
// user. It leaves the user as it found the user.
func (x *examination) checkWrite(ctx context.Context) bool {
	const name = "write"
	if x.options.write == "" {
		x.skip(name, "not asked for: -write ADDRESS names a user who may be changed")
		return true
	}
	user, why := x.writable(ctx)
	if why != "" {
		x.found(finding{name: name, result: failed, said: "refused: " + why, detail: x.options.write, advice: "Nothing was sent. Name another user."})
		return true
	}
	if user.MarkDeleted.IsTrue() {
		x.disableMarked(ctx, user)
		return true
	}
	x.writeAndBack(ctx, user)
	return true
}

// writable looks the user of -write up, and says why the user is not to be changed.
func (x *examination) writable(ctx context.Context) (user *cloudadmin.User, why string) {
	if most := x.settings.MaxChanges; most != nil && *most < 1 {
		return nil, "IDPLUS_MAX_CHANGES allows no change"
	}
	user, err := x.find(ctx, cloudadmin.Email(x.options.write))
	switch {
	case x.isNobody(err):
		return nil, "no user has exactly this address"
	case err != nil:
		return nil, "the look-up did not confirm the user"
	case string(user.EmailAddress) != x.options.write:
		return nil, "the tenant writes this address in another case: repeat it exactly"
	case user.MarkDeleted.IsTrue() && user.UserStatus == cloudadmin.Enabled:
		return nil, "the user is marked for deletion and Enabled: disabling could not be undone"
	case !user.MarkDeleted.IsTrue() && user.UserStatus != cloudadmin.Enabled && user.UserStatus != cloudadmin.Disabled:
		return nil, "the user's status is neither Enabled nor Disabled, and could not be set back"
	}
	return user, x.protects(ctx, user)
}

// protects says why a user is protected. A protected name that cannot be resolved
// may be anybody's.
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

// either finds a user by a name that may be an email address or a username, whatever
// the user is called now.
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
		if !x.isNobody(err) {
			break
		}
	}
	return user, err
}

// disableMarked asks what disabling a user who is marked, and has no access, is
// answered. Such a user is never enabled.
func (x *examination) disableMarked(ctx context.Context, user *cloudadmin.User) {
	code := x.set(ctx, x.newClient(0), user, cloudadmin.Disabled, "the user is marked for deletion and has no access")
	x.answer(askMarkedDisable, "%s", code)
	x.ok("write", "PUT Disabled for a user who is marked for deletion: %s", code)
}

// patienceToSetBack is how long a user is tried to be set back, also after an
// interrupt.
const (
	patienceToSetBack = 30 * time.Second
	patientRetries    = 8
)

// writeAndBack sets the status that the user has, then the other, then the first.
func (x *examination) writeAndBack(ctx context.Context, user *cloudadmin.User) {
	const name = "write"
	before, other := user.UserStatus, cloudadmin.Disabled
	if before == cloudadmin.Disabled {
		other = cloudadmin.Enabled
	}
	// Without retries: each answer is to be the tenant's to one request.
	once := x.newClient(0)
	same := x.set(ctx, once, user, before, "the status that the user has")
	x.answer(askSameStatus, "%s", same)
	if ctx.Err() != nil {
		x.skip(name, interruption(ctx))
		return
	}

	x.say("PUT %s, the other status", other)
	if ctx.Err() != nil {
		x.skip(name, interruption(ctx))
		return
	}
	err := once.Users.SetStatus(ctx, user.ID, other)
	code := x.putAnswer(err)
	x.answer(askOtherStatus, "%s", code)
	if isSCIM(user) || cloudadmin.IsMethodNotAllowed(err) {
		x.answer(askSCIMStatus, "%s", code)
	}
	if err != nil && !cloudadmin.MayHaveBeenMade(err) && ctx.Err() != nil {
		x.skip(name, interruption(ctx))
		return
	}
	if err != nil && !cloudadmin.MayHaveBeenMade(err) {
		x.found(finding{
			name: name, result: note, said: fmt.Sprintf("PUT of the status that the user has: %s; PUT of the other status is refused: %s", same, code),
			advice: adviceOnPut(err), detail: err.Error(),
		})
		return
	}
	if err == nil {
		x.measureLag(ctx, user, other)
	}
	x.setBack(ctx, user, before, other, same, code)
}

// setBack is tried also after an interrupt, and with patience.
func (x *examination) setBack(ctx context.Context, user *cloudadmin.User, before, other cloudadmin.Status, same, code string) {
	const name = "write"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patienceToSetBack)
	defer cancel()
	x.say("PUT %s, which sets the user back", before)
	client := x.newClient(patientRetries)
	err := client.Users.SetStatus(ctx, user.ID, before)
	if err != nil {
		err = x.judgeSetBack(ctx, client, user, before, same, err)
	}
	if err != nil {
		x.leftChanged = fmt.Sprintf("%s was %s, and may be %s now: set the status to %s in the Cloud Administration Console (Users > Management).",
			user.EmailAddress, before, other, before)
		x.found(finding{
			name: name, result: failed, said: "THE USER WAS NOT SET BACK: was " + string(before) + ", may be " + string(other) + " now", detail: err.Error(),
			advice: "Set the status to " + string(before) + " in the Cloud Administration Console (Users > Management).",
		})
		return
	}
	x.ok(name, "PUT of the status that the user has: %s; of the other: %s; set back to %s", same, code, before)
}

// judgeSetBack tries once more, and looks at how the user is: the PUT may be refused
// because one whose answer was lost has been carried out. A look-up that says so
// counts where it is known to be up to date, or where the refusal is the one that a
// PUT of the same status gets.
func (x *examination) judgeSetBack(ctx context.Context, client *cloudadmin.Client, user *cloudadmin.User, before cloudadmin.Status, same string, err error) error {
	again := client.Users.SetStatus(ctx, user.ID, before)
	if again == nil || cloudadmin.IsNotModified(again) {
		return nil
	}
	isRefusedAsSame := x.putAnswer(again) == same
	now, lookupErr := client.Users.Lookup(ctx, cloudadmin.Email(string(user.EmailAddress)), cloudadmin.LookupOptions{})
	if lookupErr == nil && now.ID == user.ID && now.Is(before) && (isRefusedAsSame || x.answers[askLookupLag] == atOnce) {
		return nil
	}
	return err
}

// set sends one PUT and says what it was answered.
func (x *examination) set(ctx context.Context, client *cloudadmin.Client, user *cloudadmin.User, status cloudadmin.Status, why string) string {
	x.say("PUT %s: %s", status, why)
	return x.putAnswer(client.Users.SetStatus(ctx, user.ID, status))
}

// say says what is about to be done to a user, before it is done.
func (x *examination) say(format string, args ...any) {
	_, _ = fmt.Fprintf(x.progress, "..  %-*s %s\n", nameWidth, "write", fmt.Sprintf(format, args...))
}

// putAnswer is what the last PUT was answered, fit for a report. The error may say
// less: a success whose body shows another word than was asked for is one here.
func (x *examination) putAnswer(err error) string {
	last := x.observer.last(put)
	switch {
	case last.status == 0 && err != nil:
		return "no answer"
	case last.status >= 300:
		x.answer(askRefusedPut, "%d: %s", last.status, last.body.refusal())
	case err != nil:
		return fmt.Sprintf("%d, with another status in the answer than was asked for", last.status)
	}
	return fmt.Sprint(last.status)
}

func isSCIM(user *cloudadmin.User) bool {
	return strings.Contains(strings.ToUpper(string(user.IdentitySource)), "SCIM")
}

func adviceOnPut(err error) string {
	switch {
	case cloudadmin.IsUnauthorized(err):
		return "The token may not change users: it needs the scope rsa.user.manage."
	case cloudadmin.IsMethodNotAllowed(err):
		return "The user is managed in a SCIM identity source: change such users there, and keep them out of the configuration."
	case cloudadmin.IsConflict(err):
		return "Was the user disabled by a synchronization? Then the identity source enables the user, and nothing else does."
	}
	return ""
}
