// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ datasource.DataSourceWithConfigure        = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userDataSource)(nil)
)

// userDataSource returns what the tenant knows about one user. Its properties are in
// user_model.go.
type userDataSource struct {
	configuredDataSource
}

func newUserDataSource() datasource.DataSource { return new(userDataSource) }

func (*userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

func (*userDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userAttributes(ctx)
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "Email address of the user. Case is ignored. Exactly one of `email` and `username` is required; the other is filled in.",
		Optional:            true, Computed: true,
		Validators: []validator.String{validEmail},
	}
	attributes["username"] = schema.StringAttribute{
		MarkdownDescription: "Username of the user (the API's `principalUsername`). Case is ignored.",
		Optional:            true, Computed: true,
		Validators: []validator.String{validUsername},
	}
	attributes["search_unsynced"] = schema.BoolAttribute{
		MarkdownDescription: "Whether the look-up lets the tenant synchronize a user that it does not have yet from the identity source. This is slower, and does more than read. Default `false`.",
		Optional:            true,
	}
	attributes["timeouts"] = timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription("the look-up", defaultTimeout)})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up one user of the tenant, by email address or username. An unknown user is an error.",
		Attributes:          attributes,
	}
}

func (*userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("email"), path.MatchRoot("username")),
	}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var email, username types.String
	var searchUnsynced types.Bool
	var limits timeouts.Value
	for name, value := range map[string]any{"email": &email, "username": &username, "search_unsynced": &searchUnsynced, "timeouts": &limits} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), value)...)
	}
	timeout, diags := limits.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()

	who, _ := addressOf(email, username)
	unsynced := searchUnsynced.ValueBool()
	found, err := d.data.memory.Lookup(ctx, who, snapshot.Options{Unsynced: unsynced})
	switch {
	case err != nil:
		resp.Diagnostics.Append(d.data.words.cannotRead(&snapshot.LookupError{Who: who, Cause: err}))
	case found.Refused != nil:
		resp.Diagnostics.Append(d.data.words.cannotRead(&snapshot.LookupError{Who: who, Cause: found.Refused}))
	case found.Another != nil:
		resp.Diagnostics.AddAttributeError(attributePath(who), "Look-up finds a user with another name: "+who.String(),
			renamedLine(&access.Decision{Who: who, Found: found})+"\n\nCheck which user is meant, and correct the address in the configuration.")
	case found.User == nil:
		resp.Diagnostics.Append(unknownUser(who, unsynced))
	default:
		// The configured name stays as written.
		resp.State.Raw = req.Config.Raw
		for _, p := range userProperties(ctx, found.User) {
			if at := path.Root(p.name); !at.Equal(attributePath(who)) {
				resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, p.value)...)
			}
		}
	}
}
