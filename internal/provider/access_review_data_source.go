// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

var _ datasource.DataSourceWithConfigure = (*accessReviewDataSource)(nil)

// What becomes of users without a decision.
const (
	undecidedFail   = "fail"
	undecidedKeep   = string(review.Keep)
	undecidedRemove = string(review.Remove)
)

// accessReviewDataSource compares the decisions of an access review with the tenant:
// what becomes of each user, as data that plans, policies and the evidence see. Its
// model is in access_review_model.go, the reading in access_review_people.go and
// access_review_search.go; package
// review has the rules.
type accessReviewDataSource struct {
	configuredDataSource
}

func newAccessReviewDataSource() datasource.DataSource { return new(accessReviewDataSource) }

func (*accessReviewDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_access_review"
}

func (*accessReviewDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	listOf := func(who string) schema.ListAttribute {
		return schema.ListAttribute{MarkdownDescription: "Addresses of the users " + who, ElementType: types.StringType, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Compares the decisions of an access review with the tenant, and tells what becomes of each user: the statuses and ids to give to `idplus_user_statuses`, and who is held back, has joined, has left, or is another person. It changes nothing, and has no name, telephone number or reason in it.",
		Attributes: map[string]schema.Attribute{
			"rows": schema.MapNestedAttribute{
				MarkdownDescription: "The decisions, as `rows` of the function [`access_review`](../functions/access_review.md). The keys do not matter.",
				Required:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":            schema.StringAttribute{MarkdownDescription: "The user whom the decision is about.", Required: true},
					"email":         schema.StringAttribute{MarkdownDescription: "The email address in the roster.", Required: true},
					"roster_status": schema.StringAttribute{MarkdownDescription: "The status in the roster, in the API's words.", Optional: true},
					"decision":      schema.StringAttribute{MarkdownDescription: "`keep`, `remove`, `restore`, or empty or null for none.", Optional: true},
					"expires":       schema.StringAttribute{MarkdownDescription: "When access ends.", Optional: true},
					"ended":         schema.BoolAttribute{MarkdownDescription: "Whether it has ended.", Optional: true},
				}},
			},
			"undecided": schema.StringAttribute{
				MarkdownDescription: "What becomes of users without a decision: `fail` (default) is an error that names them, `keep` leaves them as they are, `remove` disables them.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(undecidedFail, undecidedKeep, undecidedRemove)},
			},
			"max_undecided": schema.Int64Attribute{
				MarkdownDescription: "How many users may be without a decision. More are an error that names them. Default `0` with `undecided = \"remove\"`, and no limit with `keep`; `fail` allows none.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"email_contains": schema.StringAttribute{
				MarkdownDescription: "Which users the review is about, as `email_contains` of the roster's manifest: a part of the email address, taken literally. Default `@`, everybody. Who has joined is told of these.",
				Optional:            true,
				Validators:          []validator.String{validPart{}},
			},
			"identity_sources": schema.SetAttribute{
				MarkdownDescription: "Names of the identity sources that the review is about, as in the roster's manifest. Only users of these count as joined; without any, users of all sources do.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues()},
			},
			"statuses": schema.MapAttribute{
				MarkdownDescription: "The status that the review wants of each user, by the address that the user has now: `statuses` of `idplus_user_statuses`. Who has left, is another person, is pending deletion or is not certain is not in it.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"ids": schema.MapAttribute{
				MarkdownDescription: "The ids of the users in `statuses`: `ids` of `idplus_user_statuses`.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"verdicts": schema.MapNestedAttribute{
				MarkdownDescription: "What the review comes to, for each user of `rows` and each who has joined, by the email address in the roster in lower case. The second user with an address has `ADDRESS (ID)` as the key.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: verdictAttributes()},
			},
			"joined":           listOf("who are not in `rows`."),
			"left":             listOf("of `rows` of whom no user with their id is found by an email address, as they were in the roster: deleted, or without an address now."),
			"another_person":   listOf("of `rows` who are not found by their id, and whose address another user has."),
			"pending_deletion": listOf("of `rows` who are marked for deletion."),
			"held_back":        listOf("about whom the decision is not carried out: they were to be kept and have lost access since, or it is not certain who they are. `verdicts` says why."),
			"ended":            listOf("whose access has ended by `expires`, and who are to be disabled for that."),
			"restored":         listOf("whom a decision `restore` wants `Enabled`, also where they are already."),
			"changing":         listOf("who gain or lose access: `may_change` of `idplus_user_statuses`."),
			"counts": schema.MapAttribute{
				MarkdownDescription: "How many users there are of each outcome: " + outcomeNames() + ".",
				ElementType:         types.Int64Type,
				Computed:            true,
			},
			"read_at": schema.StringAttribute{
				MarkdownDescription: "When the reading of the tenant began (RFC 3339, UTC).",
				Computed:            true,
			},
			"tenant": schema.StringAttribute{
				MarkdownDescription: "The host of the provider's `admin_api_url`.",
				Computed:            true,
			},
			"complete": schema.BoolAttribute{
				MarkdownDescription: "Whether user search showed as many users as it counted, and all whom look-ups found. If it did not, a warning says why, and `joined` may lack users.",
				Computed:            true,
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription("the reading", defaultReviewTimeout)}),
		},
	}
}

// Read refuses what the decisions alone show to be wrong before it reads anything.
func (d *accessReviewDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m accessReviewModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	rows, diags := m.decisions()
	resp.Diagnostics.Append(diags...)
	if !diags.HasError() {
		resp.Diagnostics.Append(m.tooManyUndecided(rows)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	at := time.Now().UTC().Format(time.RFC3339)
	reading := reviewReading{
		data: d.data, rows: rows, ifUndecided: m.ifUndecided(), emailContains: m.emailContains(), sources: m.sources(),
	}
	verdicts, diags := reading.verdicts(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.comesTo(verdicts)
	m.ReadAt, m.Tenant = types.StringValue(at), types.StringValue(d.data.tenant)
	m.Complete = types.BoolValue(!reading.lacksUsers)
	resp.Diagnostics.Append(m.setState(ctx, req.Config, verdicts, &resp.State)...)
}
