// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*accessTokenEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithRenew     = (*accessTokenEphemeral)(nil)
)

// accessTokenEphemeral hands the provider's access token to another provider or to a
// script.
type accessTokenEphemeral struct {
	configuredEphemeralResource
}

func newAccessTokenEphemeral() ephemeral.EphemeralResource { return new(accessTokenEphemeral) }

func (*accessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_token"
}

func (*accessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived bearer token for the Cloud Administration API, with the permissions of the provider's credentials, for another provider or a script. It is never stored in a state or a plan.",
		Attributes: map[string]schema.Attribute{
			"access_token": schema.StringAttribute{
				MarkdownDescription: "The token, for an `Authorization: Bearer` header.",
				Computed:            true,
				Sensitive:           true,
			},
			"expires_at": schema.StringAttribute{
				MarkdownDescription: "When the token expires (RFC 3339, UTC). Null if that is not known, as with the provider's `access_token`.",
				Computed:            true,
			},
		},
	}
}

type accessTokenModel struct {
	AccessToken types.String `tfsdk:"access_token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

// Open hands out the token that the provider's own requests are sent with.
func (e *accessTokenEphemeral) Open(ctx context.Context, _ ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	token, expiry, err := e.data.token(ctx)
	if err != nil {
		resp.Diagnostics.Append(e.data.words.api.failed("Cannot get an access token", err))
		return
	}
	model := accessTokenModel{AccessToken: types.StringValue(token), ExpiresAt: types.StringNull()}
	if !expiry.IsZero() {
		model.ExpiresAt = types.StringValue(expiry.UTC().Format(time.RFC3339))
		resp.RenewAt = expiry
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

// Renew is called when the token expires while Terraform still runs. The API cannot
// extend a token, and Terraform cannot replace a value that it has handed out, so this
// warns. (The provider's own requests continue with a new one.)
func (*accessTokenEphemeral) Renew(_ context.Context, _ ephemeral.RenewRequest, resp *ephemeral.RenewResponse) {
	resp.Diagnostics.Append(diag.NewWarningDiagnostic("Access token expired while Terraform was running",
		"The token of this ephemeral resource has expired, and Terraform cannot replace it in the same run. Requests that still use it are refused. "+
			"The provider's own requests are not affected.\n\n"+
			"Run Terraform again for what was refused. A longer access token validity of the OAuth client (at most 1,440 minutes) avoids this."))
}
