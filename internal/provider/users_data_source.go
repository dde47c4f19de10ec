// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ datasource.DataSourceWithConfigure        = (*usersDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*usersDataSource)(nil)
)

// defaultMaxResults protects a state from a tenant that is larger than expected.
const defaultMaxResults = 10_000

// largestMaxResults is more than a state can hold.
const largestMaxResults = 10_000_000

// usersDataSource finds users by search, or by a set of addresses.
type usersDataSource struct {
	configuredDataSource
}

func newUsersDataSource() datasource.DataSource { return new(usersDataSource) }

func (*usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (*usersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds users of the tenant: all whose email address contains a text, or those of a set of addresses. Finding no user is not an error.",
		Attributes: map[string]schema.Attribute{
			"email_contains": schema.StringAttribute{
				MarkdownDescription: emailContainsDescription + " Exactly one of `email_contains` and `emails` is required.",
				Optional:            true,
				Validators:          []validator.String{validPart{}},
			},
			"status": schema.StringAttribute{
				MarkdownDescription: statusFilterDescription,
				Optional:            true,
				Validators:          []validator.String{validStatus{}},
			},
			"identity_source": schema.StringAttribute{
				MarkdownDescription: identitySourceDescription,
				Optional:            true,
			},
			"mark_deleted": schema.BoolAttribute{
				MarkdownDescription: markDeletedDescription,
				Optional:            true,
			},
			"max_results": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("Maximum number of users to return. It is an error if there are more, since a list that was cut off would look complete. Default `%d`.", defaultMaxResults),
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, largestMaxResults)},
			},
			"emails": schema.SetAttribute{
				MarkdownDescription: "Email addresses to find, instead of a search. Case is ignored. Addresses that no user has are in `missing`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validEmail)},
			},
			"read_with": schema.StringAttribute{
				MarkdownDescription: "How users are read: `search` (default) reads pages of user search, and looks up users that search shows without an id, a status or a mark; `lookup` looks up each user. What search does not show is null, such as `month_last_authenticated` even of a user who has signed in: use `lookup` if a decision depends on it.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(readWithSearch, readWithLookup)},
			},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The users, sorted by email address. What the API did not return is null.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: userAttributes(ctx)},
			},
			"missing": schema.ListAttribute{
				MarkdownDescription: "Addresses in `emails` that no user has, sorted, as written. Each was looked up. Null for a search.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription("reading users", defaultReviewTimeout)}),
		},
	}
}

func (*usersDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	validators := []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("email_contains"), path.MatchRoot("emails")),
	}
	for _, narrowing := range []string{"status", "identity_source", "mark_deleted", "max_results"} {
		validators = append(validators, datasourcevalidator.Conflicting(path.MatchRoot("emails"), path.MatchRoot(narrowing)))
	}
	return validators
}

type usersModel struct {
	userFilter
	MaxResults types.Int64    `tfsdk:"max_results"`
	Emails     types.Set      `tfsdk:"emails"`
	ReadWith   types.String   `tfsdk:"read_with"`
	Users      types.List     `tfsdk:"users"`
	Missing    types.List     `tfsdk:"missing"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	timeout, diags := config.Timeouts.Read(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()

	read := d.search
	if !config.Emails.IsNull() {
		read = d.find
	}
	found, diags := read(ctx, &config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	slices.SortFunc(found, func(a, b *cloudadmin.User) int {
		return cmp.Or(strings.Compare(cloudadmin.Fold(string(a.EmailAddress)), cloudadmin.Fold(string(b.EmailAddress))), strings.Compare(a.ID, b.ID))
	})
	config.Users = usersList(ctx, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// tooManyResults ends a listing that exceeds max_results. It is the number of users.
type tooManyResults string

func (e tooManyResults) Error() string { return string(e) }

func (d *usersDataSource) search(ctx context.Context, config *usersModel) (found []*cloudadmin.User, diags diag.Diagnostics) {
	config.Missing = types.ListNull(types.StringType)
	most := defaultMaxResults
	if !config.MaxResults.IsNull() {
		most = int(config.MaxResults.ValueInt64())
	}
	listing := config.listing()
	listing.Limit = most + 1
	listing.Match = config.matches
	if config.looksUp() {
		listing.Lookup = func(*cloudadmin.User) bool { return true }
	}
	if !config.narrows() {
		listing.Total = func(users int) error {
			if users <= most {
				return nil
			}
			return tooManyResults(counted(users, "user"))
		}
	}
	var err error
	for user, failure := range d.data.memory.List(ctx, listing) {
		if err = failure; err == nil {
			found = append(found, user)
		}
	}
	if len(found) > most {
		err = tooManyResults(fmt.Sprintf("more than %d users", most))
	}
	var many tooManyResults
	switch {
	case errors.As(err, &many):
		diags.AddAttributeError(path.Root("max_results"), "Search finds more users than max_results allows", fmt.Sprintf(
			"The search finds %s; max_results is %d. A list that was cut off would look complete, so none is returned.\n\n"+
				"Narrow the search, or raise max_results.", many, most))
	case err != nil:
		diags.Append(d.data.listingFailed("Cannot search for users", err))
	}
	return found, diags
}

func (m *usersModel) looksUp() bool { return m.ReadWith.ValueString() == readWithLookup }

func (d *usersDataSource) find(ctx context.Context, config *usersModel) (found []*cloudadmin.User, diags diag.Diagnostics) {
	var written []string
	diags.Append(config.Emails.ElementsAs(ctx, &written, false)...)
	var who []cloudadmin.Address
	for _, email := range sortedEmails(written) {
		who = append(who, cloudadmin.Email(email))
	}
	users, err := d.data.memory.Find(ctx, who, snapshot.Options{Search: !config.looksUp()})
	if err != nil {
		diags.Append(d.data.words.cannotRead(err))
		return nil, diags
	}
	diags.Append(d.data.searchWarning()...)
	missing := []string{}
	var odd findings
	for _, one := range who {
		switch answer := users[one.Key()]; {
		case answer.User != nil:
			found = append(found, answer.User)
			if len(answer.Twins) > 0 {
				odd.addLine(one, "%s", twinsLine(&access.Decision{Who: one, Found: answer}))
			}
			continue
		case answer.Another != nil:
			odd.addLine(one, "%s", renamedLine(&access.Decision{Who: one, Found: answer}))
		case answer.Refused != nil:
			odd.addLine(one, "%s: %v", one, answer.Refused)
		case answer.Shown != nil:
			odd.addLine(one, "%s: search shows the user with the id %s, but a look-up finds no user", one, answer.Shown.ID)
		}
		missing = append(missing, one.String())
	}
	diags.Append(wordedAt(path.Root("emails"), wording{odd, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("Address does not identify one user", "addresses do not identify one user each"),
			f.lines()+"\n\nIf search shows several users with an address, the result has the user that a look-up finds. The other addresses in this list are in missing.\n\n"+
				"Correct the address in the configuration or, if several users have it, the address of the others in their identity source.")
	}})...)
	if len(found) == 0 && len(missing) >= snapshot.Many {
		diags.AddAttributeWarning(path.Root("emails"), "None of the addresses exists in this tenant", fmt.Sprintf(
			"All %d of them are missing. Check that admin_api_url is the tenant you mean, and that the credentials may see its users.", len(missing)))
	}
	config.Missing = textsOrNull(ctx, missing)
	return found, diags
}
