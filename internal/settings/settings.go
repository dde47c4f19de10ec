// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package settings turns the provider's configuration and the environment into the
// configuration of the API client and the guards of a run.
package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Model is the provider block.
type Model struct {
	AdminAPIURL           types.String  `tfsdk:"admin_api_url"`
	OAuth                 types.Object  `tfsdk:"oauth"`
	APIKey                types.String  `tfsdk:"api_key"`
	APIKeyFile            types.String  `tfsdk:"api_key_file"`
	AccessToken           types.String  `tfsdk:"access_token"`
	MaxConcurrentRequests types.Int64   `tfsdk:"max_concurrent_requests"`
	RequestsPerSecond     types.Float64 `tfsdk:"requests_per_second"`
	MaxRetries            types.Int64   `tfsdk:"max_retries"`
	RequestTimeout        types.String  `tfsdk:"request_timeout"`
	ProtectedUsers        types.Set     `tfsdk:"protected_users"`
	MaxChanges            types.Int64   `tfsdk:"max_changes"`
}

// OAuthModel is the attribute oauth of the provider block.
type OAuthModel struct {
	IssuerURL      types.String `tfsdk:"issuer_url"`
	TokenURL       types.String `tfsdk:"token_url"`
	ClientID       types.String `tfsdk:"client_id"`
	PrivateKey     types.String `tfsdk:"private_key"`
	PrivateKeyFile types.String `tfsdk:"private_key_file"`
	PrivateKeyID   types.String `tfsdk:"private_key_id"`
	Scopes         types.Set    `tfsdk:"scopes"`
}

// Settings is the result of the configuration and the environment.
type Settings struct {
	// Client has no UserAgent and no Logger yet. Its Unready is an *IncompleteError if
	// something is missing or not known yet.
	Client cloudadmin.Config
	// Protected are the email addresses and usernames of the protected users, as written.
	Protected []string
	// MaxChanges is the number of users that one run may change; nil is no limit.
	MaxChanges *int64
	// Deferred reports whether the run has to wait for an unknown value.
	Deferred bool
}

// Read reads a configuration and, for what it omits, the environment. The diagnostics are
// about values that cannot be used. Missing or unknown values are errors of the first
// request: see Settings.Client.
//
// An unknown guard is an error, unless Terraform defers what it cannot plan: a guard must
// not be off silently.
func Read(ctx context.Context, model Model, getenv func(string) string, mayDefer bool) (Settings, diag.Diagnostics) {
	r := &reader{getenv: getenv, mayDefer: mayDefer}
	found := Settings{
		Client:     r.client(ctx, model),
		Protected:  r.protectedUsers(ctx, model),
		MaxChanges: r.maxChanges(model),
		Deferred:   r.deferred,
	}
	if len(r.lacks) > 0 {
		found.Client.Unready = incomplete(r.lacks)
	}
	return found, r.diags
}

// Validate returns what is wrong with a configuration, without the environment.
func Validate(model Model) diag.Diagnostics {
	return twoWays(configuredWays(model))
}
