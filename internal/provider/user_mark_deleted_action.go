// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ action.ActionWithConfigure        = (*userMarkDeletedAction)(nil)
	_ action.ActionWithConfigValidators = (*userMarkDeletedAction)(nil)
)

// userMarkDeletedAction marks users for deletion, or takes the mark back.
type userMarkDeletedAction struct {
	configuredAction
}

func newUserMarkDeletedAction() action.Action { return new(userMarkDeletedAction) }

func (*userMarkDeletedAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_mark_deleted"
}

func (*userMarkDeletedAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Marks users for deletion, or takes the mark back (undeletes them). The tenant deletes marked users with all their data seven days later. The credentials need the scope `rsa.user.delete.soft`.",
		Attributes: withTargets(ctx, map[string]schema.Attribute{
			"mark_deleted": schema.BoolAttribute{
				MarkdownDescription: "`true` marks for deletion; the users have to be `Disabled`. `false` takes the mark back; the users stay `Disabled`.",
				Required:            true,
			},
		}),
	}
}

func (*userMarkDeletedAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return exactlyOneTarget()
}

type userMarkDeletedModel struct {
	userTargets
	MarkDeleted types.Bool `tfsdk:"mark_deleted"`
}

// Invoke looks each user up, and sets the mark where it differs. If a protected user is
// among them, it marks no user.
func (a *userMarkDeletedAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config userMarkDeletedModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	timeout, diags := config.Timeouts.Invoke(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.invoke")
	defer cancel()

	mark, attribute := config.MarkDeleted.ValueBool(), config.attribute()
	what, now := "marked for deletion", "marked for deletion, to be deleted in seven days"
	if !mark {
		what, now = "undeleted", "undeleted, and still Disabled"
	}
	targets := config.targets()
	a.data.each(ctx, targets, func(t *target) error { return t.lookUp(ctx, a.data.memory, snapshot.Options{}) })
	if mark {
		if resp.Diagnostics.Append(a.refuseProtected(ctx, targets, attribute)...); resp.Diagnostics.HasError() {
			return
		}
	}
	a.data.reported(ctx, targets, resp, func(t *target) (string, error) {
		if t.user.MarkDeleted.IsTrue() == mark {
			return alreadyMarked(mark), nil
		}
		err := a.data.run.MarkDeleted(ctx, t.user, mark)
		if cloudadmin.IsConflict(err) {
			return now, a.judgeConflict(ctx, t, mark, err)
		}
		return now, err
	})
	resp.Diagnostics.Append(a.data.failures(targets, attribute, what,
		failureKind{ofMark(cloudadmin.IsUnauthorized), markForbidden},
		failureKind{ofMark(cloudadmin.IsMethodNotAllowed), usersManagedElsewhere},
		failureKind{func(t *target) bool { return errors.Is(t.err, errReassigned) }, addressesReassignedInAction},
		failureKind{func(t *target) bool {
			return ofMark(cloudadmin.IsConflict)(t) && mark && t.user.UserStatus != cloudadmin.Disabled
		}, usersEnabledCannotBeMarked},
		failureKind{ofMark(cloudadmin.IsConflict), markRefused(mark)})...)
}

// ofMark restricts a predicate to answers to a mark. The same answer to a look-up, which
// has found no user yet, says nothing about marks.
func ofMark(is func(error) bool) func(*target) bool {
	return func(t *target) bool { return t.user != nil && is(t.err) }
}

// refuseProtected returns an error if a protected user is among the targets; the run itself
// would refuse only that one.
func (a *userMarkDeletedAction) refuseProtected(ctx context.Context, targets []*target, attribute path.Path) diag.Diagnostics {
	var protected findings
	for _, t := range targets {
		if t.err != nil {
			continue
		}
		var unknown *access.UnknownProtectedError
		switch err := a.data.run.Unprotected(ctx, t.user); {
		case errors.Is(err, access.ErrProtected):
			protected.add(t.who)
		case errors.As(err, &unknown):
			return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(attribute, "protected_users has a name that no user has",
				bulleted(unknown.Names, listedNames)+"\n\n"+protectsNoOne+", so no user is marked.\n\nCorrect the spelling in protected_users.")}
		case err != nil:
			return diag.Diagnostics{a.data.words.cannotRead(err)}
		}
	}
	return wordedAt(attribute, wording{protected, protectedUsersMarked})
}

func alreadyMarked(mark bool) string {
	if mark {
		return "is already marked for deletion"
	}
	return "is not marked for deletion"
}

// judgeConflict finds out what a 409 means: the mark may be set already, by someone else or
// by a request whose answer was lost.
func (a *userMarkDeletedAction) judgeConflict(ctx context.Context, t *target, mark bool, conflict error) error {
	before := t.user.ID
	switch err := t.lookUp(ctx, a.data.memory, snapshot.Options{}); {
	case err != nil:
		return conflict
	case t.user.ID != before:
		return errReassigned
	case t.user.MarkDeleted.IsTrue() == mark:
		return nil
	}
	return conflict
}

func protectedUsersMarked(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Protected user would be marked for deletion", "protected users would be marked for deletion"),
		f.listed()+f.pick("This user is", "These users are")+" in the provider's protected_users, so no user is marked.\n\n"+
			"Remove "+f.pick("the user", "them")+" from this action. If the user may really be deleted, remove the name from protected_users first.")
}

func usersEnabledCannotBeMarked(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User is enabled and cannot be marked for deletion", "users are enabled and cannot be marked for deletion"),
		f.listed()+"The API marks only users who are Disabled (409). Set the status to Disabled first, then invoke the action again.")
}

// markForbidden words a 403 of credentials whose look-up was allowed.
func markForbidden(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Credentials may not mark a user", "users cannot be marked with these credentials"),
		f.listed()+"The look-up was allowed, but the mark was not (403): the credentials lack the scope rsa.user.delete.soft.\n\n"+
			"Add the scope to the client in the Cloud Administration Console and to oauth.scopes, since the provider does not request it by default. "+
			"With a legacy key, the key's role decides (Help Desk Admin or Super Admin); with access_token, issue one that has the scope.")
}

// markRefused words a 409 that the users' details do not explain.
func markRefused(mark bool) func(findings) diag.Diagnostic {
	return func(f findings) diag.Diagnostic {
		return diag.NewErrorDiagnostic(f.summary("API refuses to change the mark of a user", "marks cannot be changed, because the API refuses"), fmt.Sprintf(
			"%sThe API refuses to set markDeleted to %t (409). It does so for users who are not Disabled, and for users who already have this value, "+
				"but a look-up shows neither. Check the users in the Cloud Administration Console.", f.listed(), mark))
	}
}

func addressesReassignedInAction(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Address belongs to another user now", "addresses belong to other users now"),
		f.listed()+"The address belonged to another user a moment ago. The user who has it now was not changed. Check which user is meant, then invoke the action again.")
}

func usersManagedElsewhere(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("User is managed by SCIM and cannot be marked here", "users are managed by SCIM and cannot be marked here"),
		fmt.Sprintf("%sThe API does not mark or unmark users of SCIM-managed identity sources, such as Entra ID (SCIM) (405). "+
			"Delete or restore them in the system that manages them, and remove them from this action.", f.listed()))
}
