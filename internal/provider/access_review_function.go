// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// accessReviewFunction reads the files of a review into the rows that
// idplus_access_review takes. The result may be in a state: it has no names or reasons.
type accessReviewFunction struct{}

func newAccessReviewFunction() function.Function { return accessReviewFunction{} }

func (accessReviewFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "access_review"
}

var (
	// accessReviewRowType is the decision of a review about one user.
	accessReviewRowType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "email": types.StringType, "roster_status": types.StringType,
		"decision": types.StringType, "expires": types.StringType, "ended": types.BoolType,
	}}
	accessReviewType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"rows":      types.MapType{ElemType: accessReviewRowType},
		"undecided": types.ListType{ElemType: types.StringType},
		"reviewers": types.MapType{ElemType: types.NumberType},
	}}
)

func (accessReviewFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads the roster and the worksheets of an access review.",
		MarkdownDescription: "Reads the files of an access review into an object with `rows`, which the data source `idplus_access_review` takes, " +
			"`undecided`, the addresses of the users without a decision, and `reviewers`, how many users each reviewer has decided about. " +
			"`rows` is a map by address, in lower case; each row has `id`, `email`, `roster_status`, `decision` (empty where there is none), `expires` (may be null) and `ended`. " +
			"The result contains no names and no reasons. All problems in the files are reported at once, with file and line.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "roster",
				MarkdownDescription: "Text of the roster, such as `file(\"${path.module}/roster.csv\")`.",
			},
			function.MapParameter{
				Name:                "worksheets",
				ElementType:         types.StringType,
				MarkdownDescription: "Texts of the worksheets by file name, such as `{ for f in fileset(path.module, \"decisions/*.csv\") : f => file(\"${path.module}/${f}\") }`.",
			},
			atParameter,
		},
		Return: function.ObjectReturn{AttributeTypes: accessReviewType.AttrTypes},
	}
}

// rosterName is the name of the roster in problems, since the function does not know it.
const rosterName = "roster.csv"

func (accessReviewFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var roster, at string
	var texts map[string]string
	if resp.Error = req.Arguments.Get(ctx, &roster, &texts, &at); resp.Error != nil {
		return
	}
	now, failure := parseAt(2, at)
	if failure != nil {
		resp.Error = failure
		return
	}
	worksheets := make([]review.File, 0, len(texts))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		worksheets = append(worksheets, review.File{Name: name, Text: texts[name]})
	}
	read, err := review.Read(review.File{Name: rosterName, Text: roster}, worksheets, now)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(argumentToBlame(err), err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, accessReviewValue(read))
}

// argumentToBlame returns the roster if nothing else is wrong.
func argumentToBlame(err error) int64 {
	var wrong *review.ProblemsError
	if errors.As(err, &wrong) && !slices.ContainsFunc(wrong.Problems, func(p review.Problem) bool { return p.File != rosterName }) {
		return 0
	}
	return 1
}

// accessReviewValue makes the value by hand: with reflection, the attributes of thousands
// of rows take most of a call.
func accessReviewValue(read *review.Review) types.Object {
	rows := make(map[string]attr.Value, len(read.Entries))
	for key, row := range read.Rows() {
		rows[key] = types.ObjectValueMust(accessReviewRowType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(row.ID), "email": types.StringValue(row.Email), "roster_status": types.StringValue(string(row.RosterStatus)),
			"decision": types.StringValue(string(row.Decision)), "expires": textOrNull(row.Expires), "ended": types.BoolValue(row.Ended),
		})
	}
	undecided := []attr.Value{}
	for _, email := range read.Undecided() {
		undecided = append(undecided, types.StringValue(email))
	}
	reviewers := make(map[string]attr.Value)
	for reviewer, decided := range read.Reviewers() {
		reviewers[reviewer] = types.NumberValue(big.NewFloat(float64(decided)))
	}
	return types.ObjectValueMust(accessReviewType.AttrTypes, map[string]attr.Value{
		"rows":      types.MapValueMust(accessReviewRowType, rows),
		"undecided": types.ListValueMust(types.StringType, undecided),
		"reviewers": types.MapValueMust(types.NumberType, reviewers),
	})
}
