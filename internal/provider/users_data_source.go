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

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	_ datasource.DataSourceWithConfigure        = (*usersDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*usersDataSource)(nil)
)

// defaultMaxResults keeps a state from filling with a tenant that is larger than
// its author thought.
const defaultMaxResults = 10_000

// largestMaxResults is more than a state can hold.
const largestMaxResults = 10_000_000

// usersDataSource finds users: those whom a search finds, or those of a set of
// addresses.
type usersDataSource struct {
	configuredDataSource
}

func newUsersDataSource() datasource.DataSource { return new(usersDataSource) }

func (*usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (*usersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	user := userAttributes()
	user["email"] = schema.StringAttribute{MarkdownDescription: "Email address.", Computed: true}
	user["username"] = schema.StringAttribute{MarkdownDescription: "Username (the API's `principalUsername`).", Computed: true}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds users of the tenant: all whose email address contains a text, or those of a set of addresses. Nobody found is no error.",
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
				MarkdownDescription: fmt.Sprintf("How many users there may be. More are an error, since a list that was cut off would look complete. Default `%d`.", defaultMaxResults),
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, largestMaxResults)},
			},
			"emails": schema.SetAttribute{
				MarkdownDescription: "Email addresses to find, instead of a search. Case does not count. Addresses that nobody has are in `missing`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(validEmail)},
			},
			"complete": schema.SetAttribute{
				MarkdownDescription: "Attributes that must be known of each user, of " + completableList() + ". Whom the tenant's search shows without one is looked up, which takes a request for each. Those that `status`, `identity_source` and `mark_deleted` narrow by are known in any case. Without `complete`, a warning names users whom search shows without a status or a mark. Of the others, which not everybody has, it says so only where search told one of nobody at all. An empty set ends the warning.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(completableNames()...))},
			},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The users, in the order of their email addresses. What the API did not tell is null.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: user},
			},
			"missing": schema.ListAttribute{
				MarkdownDescription: "Those of `emails` that nobody has, in order, as they were written. Each was looked up. Null for a search.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{ReadDescription: timeoutDescription("the reading", defaultReviewTimeout)}),
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
	Complete   types.Set      `tfsdk:"complete"`
	Users      types.List     `tfsdk:"users"`
	Missing    types.List     `tfsdk:"missing"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	timeout, diags := config.Timeouts.Read(ctx, defaultReviewTimeout)
	resp.Diagnostics.Append(diags...)
	var complete []string
	resp.Diagnostics.Append(config.Complete.ElementsAs(ctx, &complete, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	read := d.search
	if !config.Emails.IsNull() {
		read = d.find
	}
	found, diags := read(ctx, &config, propertiesOf(complete))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	slices.SortFunc(found, func(a, b *cloudadmin.User) int {
		return cmp.Or(strings.Compare(snapshot.Key(a.Email), snapshot.Key(b.Email)), strings.Compare(a.ID, b.ID))
	})
	config.Users = usersList(ctx, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// tooManyResults ends a listing that passes max_results. It says how many there are.
type tooManyResults string

func (e tooManyResults) Error() string { return string(e) }

func (d *usersDataSource) search(ctx context.Context, config *usersModel, needs []cloudadmin.Property) (found []*cloudadmin.User, diags diag.Diagnostics) {
	config.Missing = types.ListNull(types.StringType)
	most := defaultMaxResults
	if !config.MaxResults.IsNull() {
		most = int(config.MaxResults.ValueInt64())
	}
	listing := config.listing()
	listing.Needs = append(listing.Needs, needs...)
	listing.Limit = most + 1
	var told toldBySearch
	listing.Match = func(user *cloudadmin.User) bool {
		told.note(user)
		return config.matches(user)
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
	for user, failure := range d.data.reader.List(ctx, listing) {
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
			"The search finds %s; max_results is %d. A list that was cut off would look complete, so there is none.\n\n"+
				"Narrow the search, or raise max_results.", many, most))
	case err != nil:
		diags.Append(d.data.listingFailed("Cannot search users", err))
	}
	if config.Complete.IsNull() && !diags.HasError() {
		diags.Append(incompleteUsers(found, told)...)
	}
	return found, diags
}

func (d *usersDataSource) find(ctx context.Context, config *usersModel, needs []cloudadmin.Property) (found []*cloudadmin.User, diags diag.Diagnostics) {
	var written []string
	diags.Append(config.Emails.ElementsAs(ctx, &written, false)...)
	emails := sortedEmails(written)
	users, err := d.data.reader.Read(ctx, snapshot.Question{
		Emails: emails, Search: true,
		Doubts: func(_ string, user *cloudadmin.User) bool { return user.Lacks(needs...) },
	})
	if err != nil {
		diags.Append(d.data.diagnostics.failed("Cannot look up users", err))
		return nil, diags
	}
	diags.Append(d.data.searchWarning()...)
	missing := []string{}
	var searched []*cloudadmin.User
	var told toldBySearch
	for _, email := range emails {
		user := users[snapshot.Key(email)]
		switch {
		case user == nil:
			missing = append(missing, email)
			continue
		case d.data.reader.Unjudged(email):
			searched = append(searched, user)
			told.note(user)
		}
		found = append(found, user)
	}
	if config.Complete.IsNull() {
		diags.Append(incompleteUsers(searched, told)...)
	}
	if len(found) == 0 && len(missing) >= snapshot.FewestForNobody {
		diags.AddAttributeWarning(path.Root("emails"), "None of the addresses exists in this tenant", fmt.Sprintf(
			"All %d of them are missing. Check that admin_api_url is the tenant you mean, and that the credentials may see its users.", len(missing)))
	}
	config.Missing = textsOrNull(ctx, missing)
	return found, diags
}
