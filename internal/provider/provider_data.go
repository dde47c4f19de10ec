// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// providerData is what Configure hands to everything else. One lives as long as
// one run of the provider, which is one plan or one apply.
type providerData struct {
	users cloudadmin.Users
	// token is the access token that requests are sent with, and when it expires.
	token  func(context.Context) (value string, expiry time.Time, err error)
	reader *snapshot.Reader
	// searches is whether resources of one user and data sources may be answered
	// from user search.
	searches bool
	// warned is whether the run has said that search cannot be used.
	warned      atomic.Bool
	protected   protectedUsers
	plan        *planLedger
	seen        *seenUsers
	tenant      *tenantGuard
	diagnostics *apiDiagnostics
	remedies    remedies
}

func (d *providerData) refuseTooManyChanges() diag.Diagnostics {
	names, limit, exceeds := d.plan.exceeds()
	if !exceeds {
		return nil
	}
	return diag.Diagnostics{tooManyChanges(names, limit)}
}

// find reads one user: by a look-up or, where the provider may, from user search,
// as long as nothing casts doubt on what that shows.
func (d *providerData) find(ctx context.Context, who cloudadmin.Address, doubts func(found *cloudadmin.User) bool) (*cloudadmin.User, error) {
	if !d.searches || !who.IsEmail() {
		return d.users.Lookup(ctx, who, cloudadmin.LookupOptions{})
	}
	return d.reader.Find(ctx, who.String(), doubts)
}

// searchWarning says, once, that everybody was looked up, and why.
func (d *providerData) searchWarning() diag.Diagnostics {
	err := d.reader.SearchRefusal()
	if err == nil || !d.warned.CompareAndSwap(false, true) {
		return nil
	}
	return diag.Diagnostics{searchRefused(err)}
}

// configured is embedded by whatever needs the provider's configuration. Its
// data is nil until then, as it is while Terraform only validates.
type configured struct {
	data *providerData
}

func (c *configured) configure(data any, diags *diag.Diagnostics) {
	if data == nil {
		return
	}
	known, ok := data.(*providerData)
	if !ok {
		diags.AddError("Provider data of an unexpected type",
			fmt.Sprintf("Expected %T, got %T. This is a bug in the provider: please report it.", known, data))
		return
	}
	c.data = known
}

type configuredResource struct{ configured }

func (c *configuredResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	c.configure(req.ProviderData, &resp.Diagnostics)
}

type configuredDataSource struct{ configured }

func (c *configuredDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	c.configure(req.ProviderData, &resp.Diagnostics)
}

type configuredAction struct{ configured }

func (c *configuredAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	c.configure(req.ProviderData, &resp.Diagnostics)
}

type configuredEphemeralResource struct{ configured }

func (c *configuredEphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	c.configure(req.ProviderData, &resp.Diagnostics)
}
