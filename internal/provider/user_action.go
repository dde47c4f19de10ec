// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// What the actions have in common: their users, how they process many users, and their
// diagnostics.

// userTargets are the users of an action, and how long it may take.
type userTargets struct {
	Email    types.String   `tfsdk:"email"`
	Username types.String   `tfsdk:"username"`
	Emails   types.Set      `tfsdk:"emails"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// withTargets adds the attributes of userTargets to those of an action.
func withTargets(ctx context.Context, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "Email address of the user. Case is ignored. Exactly one of `email`, `username` and `emails` is required.",
		Optional:            true,
		Validators:          []validator.String{validEmail},
	}
	attributes["username"] = schema.StringAttribute{
		MarkdownDescription: "Username of the user.",
		Optional:            true,
		Validators:          []validator.String{validUsername},
	}
	attributes["emails"] = schema.SetAttribute{
		MarkdownDescription: "Email addresses of several users. A failure for one user does not affect the others; changes already made are kept.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validEmail)},
	}
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: timeoutDescription("the action", defaultReviewTimeout)})
	return attributes
}

func exactlyOneTarget() []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("email"), path.MatchRoot("username"), path.MatchRoot("emails")),
	}
}

// attribute returns the attribute that names the users.
func (t *userTargets) attribute() path.Path {
	switch {
	case !t.Email.IsNull():
		return path.Root("email")
	case !t.Username.IsNull():
		return path.Root("username")
	}
	return path.Root("emails")
}

// addresses returns the known addresses, each once, in order.
func (t *userTargets) addresses() []cloudadmin.Address {
	if who, ok := addressOf(t.Email, t.Username); ok {
		return []cloudadmin.Address{who}
	}
	var emails []string
	for _, element := range t.Emails.Elements() {
		if email, ok := element.(types.String); ok && !email.IsUnknown() {
			emails = append(emails, email.ValueString())
		}
	}
	var addresses []cloudadmin.Address
	for _, email := range sortedEmails(emails) {
		addresses = append(addresses, cloudadmin.Email(email))
	}
	return addresses
}

// target is one user of an action.
type target struct {
	who cloudadmin.Address
	// user is the user before the action, after the user after it.
	user, after *cloudadmin.User
	err         error
}

func (t *userTargets) targets() []*target {
	var targets []*target
	for _, who := range t.addresses() {
		targets = append(targets, &target{who: who})
	}
	return targets
}

var (
	errUnknown    = errors.New("no user has this name")
	errReassigned = errors.New("the address belongs to another user now")
)

// lookUp finds a user.
func (t *target) lookUp(ctx context.Context, memory *snapshot.Reader, o snapshot.Options) error {
	found, err := memory.Lookup(ctx, t.who, o)
	switch {
	case err != nil:
		return err
	case found.Refused != nil:
		return found.Refused
	case found.Another != nil:
		return errors.New(renamedLine(&access.Decision{Who: t.who, Found: found}))
	case found.User == nil:
		return errUnknown
	}
	t.user = found.User
	return nil
}

// each calls do for each user without a failure.
func (d *providerData) each(ctx context.Context, targets []*target, do func(*target) error) {
	var sound []*target
	for _, t := range targets {
		if t.err == nil {
			sound = append(sound, t)
		}
	}
	outcomes := access.ForEach(ctx, d.memory.Workers(), len(sound), func(i int) error { return do(sound[i]) })
	for i, err := range outcomes {
		sound[i].err = err
	}
}

// reported is like each, and reports each user when it is done. The message describes the
// new status.
func (d *providerData) reported(ctx context.Context, targets []*target, resp *action.InvokeResponse, do func(*target) (message string, err error)) {
	var done atomic.Int64
	d.each(ctx, targets, func(t *target) error {
		message, err := do(t)
		if err == nil {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("%s: %s (%d of %d)", t.who, message, done.Add(1), len(targets))})
		}
		return err
	})
}

// failureKind is one kind of failure, and its diagnostic about the users.
type failureKind struct {
	is   func(*target) bool
	word func(findings) diag.Diagnostic
}

// failures returns the number of failures, and a diagnostic for each kind. An action may
// have kinds of its own.
func (d *providerData) failures(targets []*target, attribute path.Path, what string, own ...failureKind) diag.Diagnostics {
	for _, t := range targets {
		var incomplete *settings.IncompleteError
		if errors.As(t.err, &incomplete) {
			return diag.Diagnostics{d.words.api.failed("", t.err)} // It is the same for all.
		}
	}
	var otherErr error
	other := len(own) + 1
	kinds := slices.Concat(own, []failureKind{
		{isUnknown, usersUnknown("")},
		{func(t *target) bool { return !access.IsUntried(t.err) }, func(f findings) diag.Diagnostic {
			lead, advice := d.words.api.explanation(otherErr)
			return diag.NewErrorDiagnostic(f.summary("User was not "+what, "users were not "+what), lead+":\n"+f.lines()+"\n\n"+advice)
		}},
		{func(*target) bool { return true }, usersNotReached},
	})
	found := make([]wording, len(kinds))
	failed := 0
	for _, t := range targets {
		if t.err == nil {
			continue
		}
		failed++
		kind := slices.IndexFunc(kinds, func(k failureKind) bool { return k.is(t) })
		found[kind].word = kinds[kind].word
		if kind == other {
			found[kind].found.addLine(t.who, "%s: %s", t.who, t.err)
			otherErr = cmp.Or(otherErr, t.err)
		} else {
			found[kind].found.add(t.who)
		}
	}
	var diags diag.Diagnostics
	if failed > 0 && failed < len(targets) {
		diags.AddAttributeError(attribute, fmt.Sprintf("%d of %d users were not %s", failed, len(targets), what),
			"The other users were, and are kept that way. You can invoke the action again as it is: it does not affect users already done.")
	}
	return append(diags, wordedAt(attribute, found...)...)
}

func isUnknown(t *target) bool { return errors.Is(t.err, errUnknown) || cloudadmin.IsNotFound(t.err) }

// usersUnknown words a 404, with a hint if there is one.
func usersUnknown(hint string) func(findings) diag.Diagnostic {
	return func(f findings) diag.Diagnostic {
		return diag.NewErrorDiagnostic(f.summary("User does not exist", "users do not exist"),
			f.listed()+f.pick("No user in this tenant has this name.", "No user in this tenant has one of these names.")+" Check the spelling, and that admin_api_url is the tenant you mean."+hint)
	}
}

func usersNotReached(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Stopped before all users were reached", fmt.Sprintf(
		"Nothing was sent, or no answer came back, for %s:\n%s\n\nThe action was interrupted, ran into its timeout, or stopped after too many failures.", counted(len(f), "user"), f.lines()))
}
