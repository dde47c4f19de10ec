// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// emailProblem says what is wrong with an email address; empty when nothing is.
func emailProblem(email string) string { return address.EmailProblem(email) }

// usernameProblem does so for a username.
func usernameProblem(username string) string { return address.UsernameProblem(username) }

// kindOf names what an address is.
func kindOf(who cloudadmin.Address) string {
	if who.IsEmail() {
		return "email address"
	}
	return "username"
}

// sortedEmails are the addresses of a set in order, each once: in a set, two
// spellings of one address are two elements.
func sortedEmails(emails []string) []string {
	slices.SortFunc(emails, func(a, b string) int {
		return cmp.Or(strings.Compare(snapshot.Key(a), snapshot.Key(b)), strings.Compare(a, b))
	})
	return slices.CompactFunc(emails, func(a, b string) bool { return snapshot.Key(a) == snapshot.Key(b) })
}

// attributePath is the attribute that an address stands in.
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

// addressValidator refuses what cannot be an address. A CSV export is where
// they come from, so the text helps to find the row.
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
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	if problem := v.problem(value); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a valid "+v.what,
			fmt.Sprintf("%q %s. Give the %s of one user, such as %q. Where it comes from a CSV file, correct its row; trimspace() removes white space around it.",
				value, problem, v.what, v.example))
	}
}

// sameUserKeepsSpelling plans the spelling in the state for an address that
// differs in case alone, since it is the same user, and a replacement for any
// other.
type sameUserKeepsSpelling struct{}

func (sameUserKeepsSpelling) Description(context.Context) string {
	return "Another address is another user and forces replacement; a change of case is none."
}

func (m sameUserKeepsSpelling) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (sameUserKeepsSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	if !req.PlanValue.IsNull() && !req.PlanValue.IsUnknown() && !req.StateValue.IsNull() &&
		strings.EqualFold(req.PlanValue.ValueString(), req.StateValue.ValueString()) {
		resp.PlanValue = req.StateValue
		return
	}
	resp.RequiresReplace = true
}
