// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// providerData is what Configure hands to everything else. It lives as long as one run of
// the provider, which is one plan or one apply.
type providerData struct {
	// memory has all that the run has read; run decides and changes.
	memory *snapshot.Reader
	run    *access.Run
	// token returns the access token of requests, and when it expires.
	token func(context.Context) (value string, expiry time.Time, err error)
	words words
	// tenant is the host of the API.
	tenant string
	// id identifies the run.
	id string
	// createdOne and createdMany report whether the run has created a resource of one user
	// and of many.
	createdOne, createdMany atomic.Bool
	// warned reports whether the run has warned that search cannot be used.
	warned atomic.Bool
}

func newProviderData(client *cloudadmin.Client, guards access.Guards, api *apiDiagnostics, remedies remedies) *providerData {
	memory := snapshot.NewReader(client.Users)
	run := access.NewRun(memory, guards)
	return &providerData{id: rand.Text(), memory: memory, run: run, token: client.Token, words: words{remedies, api, run, new(sync.Map)}}
}

// searchWarning warns, once in a run, that each user was looked up, and why.
func (d *providerData) searchWarning() diag.Diagnostics {
	err := d.memory.SearchRefusal()
	if err == nil || !d.warned.CompareAndSwap(false, true) {
		return nil
	}
	return diag.Diagnostics{searchRefused(err)}
}

// within limits a call by a timeout, which an error then names by its argument.
func within(ctx context.Context, timeout time.Duration, argument string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, timeout, &explain.TimeoutError{Argument: argument, After: timeout})
}

// configured is embedded by types that need the provider's configuration. Its data is nil
// before Configure, and while Terraform only validates.
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
