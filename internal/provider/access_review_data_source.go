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

// Values of undecided.
const (
	undecidedFail   = "fail"
	undecidedKeep   = string(review.Keep)
	undecidedRemove = string(review.Remove)
)

// accessReviewDataSource compares the decisions of an access review with the tenant. The
// result for each user is data that plans, policies and the evidence see. Its model is
// in access_review_model.go, the reading in access_review_people.go and
// access_review_search.go; package review has the rules.
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
		MarkdownDescription: "Compares the decisions of an access review with the tenant, and returns the result for each user: the statuses and ids for `idplus_user_statuses`, and which users are held back, have joined, have left, or are another person. It changes nothing, and returns no names, telephone numbers or reasons.",
		Attributes: map[string]schema.Attribute{
			"rows": schema.MapNestedAttribute{
				MarkdownDescription: "The decisions: `rows` of the function [`access_review`](../functions/access_review.md). The keys do not matter.",
				Required:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":            schema.StringAttribute{MarkdownDescription: "The id of the user that the decision is about.", Required: true},
					"email":         schema.StringAttribute{MarkdownDescription: "The email address in the roster.", Required: true},
					"roster_status": schema.StringAttribute{MarkdownDescription: "The status in the roster, as the API writes it.", Optional: true},
					"decision":      schema.StringAttribute{MarkdownDescription: "`keep`, `remove`, `restore`, or empty or null for none.", Optional: true},
					"expires":       schema.StringAttribute{MarkdownDescription: "When access ends.", Optional: true},
					"ended":         schema.BoolAttribute{MarkdownDescription: "Whether access has ended.", Optional: true},
				}},
			},
			"undecided": schema.StringAttribute{
				MarkdownDescription: "What happens to users without a decision: `fail` (default) is an error that names them, `keep` leaves them as they are, `remove` disables them.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(undecidedFail, undecidedKeep, undecidedRemove)},
			},
			"max_undecided": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of users without a decision. If there are more, an error names them. Default `0` with `undecided = \"remove\"`, and no limit with `keep`; `fail` allows none.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"email_contains": schema.StringAttribute{
				MarkdownDescription: "The users that the review is about, as `email_contains` in the roster's manifest: a part of the email address, taken literally. Default `@`, all users. `joined` has only users of these.",
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
				MarkdownDescription: "The status that the review sets for each user, by current email address: use it as `statuses` of `idplus_user_statuses`. Users who have left, are another person, are pending deletion or are not certain are not in it.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"ids": schema.MapAttribute{
				MarkdownDescription: "The ids of the users in `statuses`: use it as `ids` of `idplus_user_statuses`.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"verdicts": schema.MapNestedAttribute{
				MarkdownDescription: "The result of the review for each user in `rows` and each user who has joined, by the email address in the roster in lower case. The second user with an address has `ADDRESS (ID)` as the key.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: verdictAttributes()},
			},
			"joined":           listOf("who are not in `rows`."),
			"left":             listOf("in `rows`, as in the roster, whose id is no longer found by an email address: they are deleted, or have no address now."),
			"another_person":   listOf("in `rows` who are not found by their id, and whose address another user has."),
			"pending_deletion": listOf("in `rows` who are marked for deletion."),
			"held_back":        listOf("whose decision is not carried out: they were to be kept but have lost access since, or it is not certain who they are. `verdicts` gives the reason."),
			"ended":            listOf("whose access has ended by `expires`, and who are therefore to be disabled."),
			"restored":         listOf("that a decision `restore` sets to `Enabled`, including those who already are."),
			"changing":         listOf("who gain or lose access: use it as `may_change` of `idplus_user_statuses`."),
			"counts": schema.MapAttribute{
				MarkdownDescription: "Number of users for each outcome: " + outcomeNames() + ".",
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
				MarkdownDescription: "Whether user search showed as many users as it counted, and all users that look-ups found. If not, a warning says why, and `joined` may lack users.",
				Computed:            true,
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription("reading the tenant", defaultReviewTimeout)}),
		},
	}
}

// Read reports errors of the decisions before it reads the tenant.
func (d *accessReviewDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m accessReviewModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	timeout, diags := m.Timeouts.Read(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
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
