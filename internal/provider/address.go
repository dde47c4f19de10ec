// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// emailProblem returns what is wrong with an email address, or an empty text.
func emailProblem(email string) string { return address.EmailProblem(email) }

// usernameProblem returns what is wrong with a username, or an empty text.
func usernameProblem(username string) string { return address.UsernameProblem(username) }

// kindOf returns what kind of name an address is.
func kindOf(who cloudadmin.Address) string {
	if who.IsEmail() {
		return "email address"
	}
	return "username"
}

// sortedEmails returns the addresses of a set in order, each once: in a set, two spellings
// of one address are two elements.
func sortedEmails(emails []string) []string {
	slices.SortFunc(emails, func(a, b string) int {
		return cmp.Or(strings.Compare(cloudadmin.Fold(a), cloudadmin.Fold(b)), strings.Compare(a, b))
	})
	return slices.CompactFunc(emails, cloudadmin.SameName)
}

// attributePath returns the attribute of an address.
func attributePath(who cloudadmin.Address) path.Path {
	if who.IsEmail() {
		return path.Root("email")
	}
	return path.Root("username")
}

func addressProblem(who cloudadmin.Address) string {
	if who.IsEmail() {
		return emailProblem(who.String())
	}
	return usernameProblem(who.String())
}

// addressValidator refuses what cannot be an address. Addresses often come from a CSV
// export, so the text helps to find the row.
type addressValidator struct {
	what, example string
	problem       func(string) string
}

var (
	validEmail    = addressValidator{"email address", "ada@example.com", emailProblem}
	validUsername = addressValidator{"username", "ada", usernameProblem}
)

func (v addressValidator) Description(context.Context) string         { return "a valid " + v.what }
func (v addressValidator) MarkdownDescription(context.Context) string { return "a valid " + v.what }

func (v addressValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		resp.Diagnostics.Append(v.check(req.Path, req.ConfigValue.ValueString())...)
	}
}

func (v addressValidator) check(at path.Path, value string) (diags diag.Diagnostics) {
	if problem := v.problem(value); problem != "" {
		diags.AddAttributeError(at, "Not a valid "+v.what,
			fmt.Sprintf("%q %s. Use the %s of one user, such as %q. If it comes from a CSV file, correct the row; trimspace() removes white space around it.",
				value, problem, v.what, v.example))
	}
	return diags
}

// addressOf returns the address in one of two attributes. It is not ok while unknown.
func addressOf(email, username types.String) (who cloudadmin.Address, ok bool) {
	switch {
	case email.IsUnknown() || username.IsUnknown():
		return who, false
	case !email.IsNull():
		return cloudadmin.Email(email.ValueString()), true
	case !username.IsNull():
		return cloudadmin.Username(username.ValueString()), true
	}
	return who, false
}

func textOrNull[T ~string](text T) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(string(text))
}

// keepsSpelling plans the spelling in the state for a name that differs only in case.
type keepsSpelling struct{}

func (keepsSpelling) Description(context.Context) string { return "A change of case is no change." }

func (m keepsSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepsSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if !req.PlanValue.IsNull() && !req.PlanValue.IsUnknown() && !req.StateValue.IsNull() &&
		cloudadmin.SameName(req.PlanValue.ValueString(), req.StateValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
