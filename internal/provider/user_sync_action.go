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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ action.ActionWithConfigure        = (*userSyncAction)(nil)
	_ action.ActionWithConfigValidators = (*userSyncAction)(nil)
)

// userSyncAction synchronizes users from their identity source.
type userSyncAction struct {
	configuredAction
}

func newUserSyncAction() action.Action { return new(userSyncAction) }

func (*userSyncAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_sync"
}

func (*userSyncAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Synchronizes users from their identity source. This can enable or disable a user: the identity source decides.",
		Attributes: withTargets(ctx, map[string]schema.Attribute{
			"search_unsynced": schema.BoolAttribute{
				MarkdownDescription: "Whether to look in the identity source for users that the tenant does not have yet, or has deleted. This is slower. Default `false`.",
				Optional:            true,
			},
		}),
	}
}

func (*userSyncAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return exactlyOneTarget()
}

type userSyncModel struct {
	userTargets
	SearchUnsynced types.Bool `tfsdk:"search_unsynced"`
}

// Invoke looks each user up, since the API synchronizes by id, and synchronizes those that
// it finds.
func (a *userSyncAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config userSyncModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	timeout, diags := config.Timeouts.Invoke(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.invoke")
	defer cancel()

	targets := config.targets()
	options := snapshot.Options{Unsynced: config.SearchUnsynced.ValueBool()}
	a.data.reported(ctx, targets, resp, func(t *target) (message string, err error) {
		if err = t.lookUp(ctx, a.data.memory, options); err != nil {
			return "", err
		}
		if t.after, err = a.data.memory.Synchronize(ctx, t.user.ID); err != nil {
			return "", err
		}
		message = fmt.Sprintf("synchronized: %s", t.after.UserStatus)
		if t.after.UserStatus != t.user.UserStatus {
			message += fmt.Sprintf(", was %s", t.user.UserStatus)
		}
		return message, nil
	})
	var disabled, protected findings
	for _, t := range targets {
		switch {
		case t.err != nil || t.after.UserStatus != cloudadmin.Disabled || t.user.UserStatus == cloudadmin.Disabled:
		case errors.Is(a.data.run.Unprotected(ctx, t.user), access.ErrProtected):
			protected.add(t.who)
		default:
			disabled.add(t.who)
		}
	}
	attribute := config.attribute()
	resp.Diagnostics.Append(wordedAt(attribute, wording{protected, protectedUsersDisabledBySync}, wording{disabled, usersDisabledByAction})...)
	resp.Diagnostics.Append(a.data.failures(targets, attribute, "synchronized", failureKind{isUnknown, usersUnknown(
		" A user who was never synchronized from the identity source, or was deleted here, is found with search_unsynced = true.")})...)
}

func usersDisabledByAction(f findings) diag.Diagnostic {
	return diag.NewWarningDiagnostic(f.summary("Synchronization disabled a user", "users were disabled by the synchronization"),
		f.listed()+f.pick("The user is", "They are")+" disabled in the identity source, missing there, or outside its scope. Enable "+f.pick("the user", "them")+" there, and synchronize again.")
}

func protectedUsersDisabledBySync(f findings) diag.Diagnostic {
	return diag.NewErrorDiagnostic(f.summary("Protected user was disabled by the synchronization", "protected users were disabled by the synchronization"),
		f.listed()+f.pick("This user is", "These users are")+" in the provider's protected_users, but disabled in the identity source, missing there, or outside its scope. "+
			"Enable "+f.pick("the user", "them")+" there at once, and synchronize again.")
}
