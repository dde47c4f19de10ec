// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// providerData is what Configure hands to everything else. One lives as long as
// one run of the provider, which is one plan or one apply.
type providerData struct {
	users       cloudadmin.Users
	reader      *snapshot.Reader
	protected   protectedUsers
	plan        *planLedger
	seen        *seenUsers
	tenant      *tenantGuard
	diagnostics *apiDiagnostics
}

func (d *providerData) refuseTooManyChanges() diag.Diagnostics {
	names, limit, exceeds := d.plan.exceeds()
	if !exceeds {
		return nil
	}
	return diag.Diagnostics{tooManyChanges(names, limit)}
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
