// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is what Terraform sees: the provider, its resources, data
// sources, list resources, actions and functions. It turns configuration and state
// into decisions of package access, and what comes of them into diagnostics.
package provider

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

var (
	_ provider.Provider                       = (*idplusProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*idplusProvider)(nil)
	_ provider.ProviderWithListResources      = (*idplusProvider)(nil)
	_ provider.ProviderWithActions            = (*idplusProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*idplusProvider)(nil)
	_ provider.ProviderWithFunctions          = (*idplusProvider)(nil)
)

type idplusProvider struct {
	version string
	getenv  func(string) string
	// environ are all variables, for warnings about mistyped names.
	environ []string
	// settling is how long a run waits before it disables users who leave.
	settling time.Duration
}

// New returns a constructor of the provider, as the plugin server requires.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &idplusProvider{version: version, getenv: os.Getenv, environ: os.Environ(), settling: 300 * time.Millisecond}
	}
}

func (p *idplusProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "idplus"
	resp.Version = p.version
}

func (*idplusProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps the users of an RSA ID Plus tenant (Cloud Access Service) enabled or disabled, through the Cloud Administration API.",
		Attributes: map[string]schema.Attribute{
			"admin_api_url": schema.StringAttribute{
				MarkdownDescription: "Base URL of the Cloud Administration API, such as `https://TENANT.access.securid.com/AdminInterface/restapi`; with or without `/v1`. Only `https`, except on the local machine. With a legacy key, the default is the URL in the key file. Can also be set with `IDPLUS_ADMIN_API_URL`.",
				Optional:            true,
			},
			"oauth": schema.SingleNestedAttribute{
				MarkdownDescription: "Sign in as an OAuth 2.0 client with a signed client assertion, as RSA recommends. Exactly one of `oauth`, `api_key`, `api_key_file` and `access_token` is required.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"issuer_url": schema.StringAttribute{
						MarkdownDescription: "Issuer URL that the console shows for the client, such as `https://TENANT.auth.securid.com/oauth`. Can also be set with `IDPLUS_OAUTH_ISSUER_URL`.",
						Optional:            true,
					},
					"token_url": schema.StringAttribute{
						MarkdownDescription: "Token endpoint, where it is not the issuer URL followed by `/token`. Can also be set with `IDPLUS_OAUTH_TOKEN_URL`.",
						Optional:            true,
					},
					"client_id": schema.StringAttribute{
						MarkdownDescription: "Client ID that the console generated. Can also be set with `IDPLUS_OAUTH_CLIENT_ID`.",
						Optional:            true,
					},
					"private_key": schema.StringAttribute{
						MarkdownDescription: "Private key of the client, as JWK or PEM (PKCS#1, PKCS#8, SEC 1): RSA of at least 2048 bits or EC P-256. The value may be ephemeral. Can also be set with `IDPLUS_OAUTH_PRIVATE_KEY`.",
						Optional:            true,
						Sensitive:           true,
					},
					"private_key_file": schema.StringAttribute{
						MarkdownDescription: "Path of a file that holds the private key, instead of `private_key`; `~/` is the home directory. Can also be set with `IDPLUS_OAUTH_PRIVATE_KEY_FILE`.",
						Optional:            true,
					},
					"private_key_id": schema.StringAttribute{
						MarkdownDescription: "Key id (`kid`) in the assertion. Defaults to that of the JWK; with PEM, set it if the tenant requires one. Can also be set with `IDPLUS_OAUTH_PRIVATE_KEY_ID`.",
						Optional:            true,
					},
					"scopes": schema.SetAttribute{
						MarkdownDescription: "Scopes to request. Default `rsa.user.read` and `rsa.user.manage`, the minimum for resources and data sources; the action `idplus_user_mark_deleted` needs `rsa.user.delete.soft` too. Can also be set with `IDPLUS_OAUTH_SCOPES`, separated by spaces.",
						ElementType:         types.StringType,
						Optional:            true,
						Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
					},
				},
			},
			"api_key": schema.StringAttribute{
				MarkdownDescription: "Legacy API key: the content of the downloaded key file (JSON). The value may be ephemeral. Can also be set with `IDPLUS_API_KEY`.",
				Optional:            true,
				Sensitive:           true,
			},
			"api_key_file": schema.StringAttribute{
				MarkdownDescription: "Path of the downloaded key file of a legacy API key; `~/` is the home directory. Can also be set with `IDPLUS_API_KEY_FILE`.",
				Optional:            true,
			},
			"access_token": schema.StringAttribute{
				MarkdownDescription: "Bearer token that was issued elsewhere; the provider cannot renew it. The value may be ephemeral. Can also be set with `IDPLUS_ACCESS_TOKEN`.",
				Optional:            true,
				Sensitive:           true,
			},
			"max_concurrent_requests": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of requests, and so of connections, open at the same time. Default `10`. Can also be set with `IDPLUS_MAX_CONCURRENT_REQUESTS`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: "Maximum number of requests started per second. No limit by default. Can also be set with `IDPLUS_REQUESTS_PER_SECOND`.",
				Optional:            true,
				Validators:          []validator.Float64{float64validator.AtLeast(0.01)},
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: "How often a request is retried after 429, 500, 502, 503, 504, a broken connection or an unusable answer. By default 8 times after 500 and an unusable answer, and until the resource's timeout after the others. Can also be set with `IDPLUS_MAX_RETRIES`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long one attempt of a request may take, as a [duration](https://pkg.go.dev/time#ParseDuration). Default `30s`. Can also be set with `IDPLUS_REQUEST_TIMEOUT`.",
				Optional:            true,
			},
			"protected_users": schema.SetAttribute{
				MarkdownDescription: "Email addresses or usernames of users that nothing may disable, such as break-glass accounts. A plan or an apply that would disable one fails. So does a run that disables any user while a name here belongs to no user. Can also be set with `IDPLUS_PROTECTED_USERS`, separated by commas.",
				ElementType:         types.StringType,
				Optional:            true,
			},
			"max_changes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of users whose status one plan, and one apply, may move between `Enabled` and `Disabled`, or whose row or resource may leave the configuration, over all resources of this provider block. Leavers who are gone, pending deletion, or in a status that is not certain do not count. More users are an error in the plan, and again in the apply before anything is sent. `0` allows none. No limit by default. In a pipeline, this guards against a CSV file that was cut off or shifted: set it from a variable, so that it can be raised for one run. Can also be set with `IDPLUS_MAX_CHANGES`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
		},
	}
}

// ValidateConfig refuses two ways to authenticate before anything runs. Configure checks
// again, with the environment and known values.
func (p *idplusProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var model settings.Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(settings.Validate(model)...)
	}
}

// Configure refuses invalid values. A missing value is an error of the first request, since
// a configuration in which every count is 0 sends none. So all kinds get their data in
// any case.
func (p *idplusProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model settings.Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(settings.WarnOfTypos(p.environ, p.getenv)...)
	found, diags := settings.Read(ctx, model, p.getenv, req.ClientCapabilities.DeferralAllowed)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if found.Deferred {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	config := found.Client
	config.UserAgent = p.userAgent(req.TerraformVersion)
	config.Logger = newLogger(p.getenv)
	client := cloudadmin.New(config)
	data := newProviderData(client, access.Guards{Protected: found.Protected, MaxChanges: found.MaxChanges, Settling: p.settling},
		&apiDiagnostics{explain: explain.Explainer{Credentials: config.Credentials, Getenv: p.getenv}}, newRemedies(req.TerraformVersion))
	if config.BaseURL != nil { // Otherwise the first request reports what is missing.
		data.tenant = config.BaseURL.Host
	}
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData, resp.ListResourceData, resp.ActionData = data, data, data, data, data
}

// userAgent supports TF_APPEND_USER_AGENT, with which pipelines mark their requests.
func (p *idplusProvider) userAgent(terraform string) string {
	agent := "Terraform/" + terraform + " terraform-provider-idplus/" + p.version
	appended := strings.TrimSpace(p.getenv("TF_APPEND_USER_AGENT"))
	if appended == "" || strings.ContainsFunc(appended, func(r rune) bool { return r < ' ' || r > '~' }) {
		return agent // Not valid in a header.
	}
	return agent + " " + appended
}

func (*idplusProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newUserStatusResource, newUserStatusesResource}
}

func (*idplusProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newUserDataSource, newUsersDataSource, newAccessReviewDataSource}
}

func (*idplusProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newUserStatusList}
}

func (*idplusProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{newUserSyncAction, newUserMarkDeletedAction}
}

func (*idplusProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newAccessTokenEphemeral}
}

func (*idplusProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newAccessReviewFunction, newStatusesFunction}
}
