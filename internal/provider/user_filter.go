// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// userFilter narrows a search of the tenant's users. The API searches only by address; the
// rest is matched here.
type userFilter struct {
	EmailContains  types.String `tfsdk:"email_contains"`
	Status         types.String `tfsdk:"status"`
	IdentitySource types.String `tfsdk:"identity_source"`
	MarkDeleted    types.Bool   `tfsdk:"mark_deleted"`
}

const (
	emailContainsDescription  = "Part of the email address, taken literally: there are no wildcards. `@` is in every address, so it finds all users."
	statusFilterDescription   = "Only users with this status, `Enabled` or `Disabled`."
	identitySourceDescription = "Only users of the identity source with exactly this name."
	markDeletedDescription    = "Only users who are (`true`) or are not (`false`) pending deletion."
)

// narrows reports whether the filter uses more than the address.
func (f *userFilter) narrows() bool {
	return !f.Status.IsNull() || !f.IdentitySource.IsNull() || !f.MarkDeleted.IsNull()
}

// listing returns the search that finds the users.
func (f *userFilter) listing() snapshot.Listing {
	l := snapshot.Listing{EmailContains: snapshot.AllEmails}
	if !f.EmailContains.IsNull() {
		l.EmailContains = f.EmailContains.ValueString()
	}
	if !f.IdentitySource.IsNull() {
		// Search may leave it out.
		l.Lookup = func(user *cloudadmin.User) bool { return user.IdentitySource == "" }
	}
	return l
}

func (f *userFilter) matches(user *cloudadmin.User) bool {
	return (f.Status.IsNull() || user.Is(cloudadmin.Status(f.Status.ValueString()))) &&
		(f.IdentitySource.IsNull() || f.IdentitySource.ValueString() == string(user.IdentitySource)) &&
		(f.MarkDeleted.IsNull() || f.MarkDeleted.ValueBool() == user.MarkDeleted.IsTrue())
}

// listingFailed words what ended a listing. A shortfall is a warning: the list is correct
// but may be incomplete.
func (d *providerData) listingFailed(summary string, err error) diag.Diagnostic {
	var short *snapshot.ShortfallError
	var refusal *cloudadmin.Error
	switch {
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest:
		// Which texts the API searches for is not documented.
		return diag.NewErrorDiagnostic(summary, fmt.Sprintf("The API said: %s.\n\nThis tenant may not accept such a short text. "+
			"Set email_contains to a longer part of the addresses, such as \"@example.com\"; without it, the search is for %q.", err, snapshot.AllEmails))
	case errors.Is(err, snapshot.ErrNoneExist):
		return diag.NewErrorDiagnostic(summary, "Search does not show users completely, so they were looked up, but no look-up found a user. "+
			"The credentials probably may search for users and not look them up.\n\nCheck the scopes or the role of the credentials.")
	case !errors.As(err, &short):
		return d.words.api.failed(summary, err)
	case short.Shown != short.Counted:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Search counts %d users and shows %d", short.Counted, short.Shown),
			"The numbers still differ after a second reading, so users may be missing from the list. To be sure about a user, look up the address (idplus_user, or emails of idplus_users).")
	}
	if len(short.Shared) > 0 {
		return diag.NewWarningDiagnostic("Address belongs to several users: "+short.Shared[0].Email,
			bulleted(short.SharedEmails(), listedNames)+"\n\nSearch shows several users with this address, but not completely. Only the user that a look-up finds is listed.\n\nCorrect the address of the others in their identity source.")
	}
	var gone findings
	for _, email := range short.Gone {
		gone.add(cloudadmin.Email(email))
	}
	return diag.NewWarningDiagnostic(gone.summary("User is gone, but search still shows the user", "users are gone, but search still shows them"),
		gone.lines()+"\n\nA look-up no longer finds "+gone.pick("a user with this address", "users with these addresses")+", so the list does not include "+gone.pick("the user", "them")+".")
}

// validPart refuses what would find no user, or is not a part of an address.
type validPart struct{}

func (validPart) Description(context.Context) string               { return "a literal part of an email address" }
func (v validPart) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (validPart) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	part := req.ConfigValue.ValueString()
	if problem := address.PartProblem(part); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a part of an email address",
			fmt.Sprintf("%q %s. Use a part that all of the addresses have in common, such as \"@example.com\", or \"@\" for all users.", part, problem))
	}
}
