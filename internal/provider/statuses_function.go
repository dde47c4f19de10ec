// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// statusesFunction turns a review in one CSV file into the map that idplus_user_statuses
// takes. HCL can do the same, but cannot name the wrong line, and has no dates without a
// time.
type statusesFunction struct{}

func newStatusesFunction() function.Function { return statusesFunction{} }

func (statusesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "statuses"
}

func (statusesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Turns a CSV file of users into a map of statuses by email address.",
		MarkdownDescription: "Turns the text of a CSV file into the map that `idplus_user_statuses` takes. " +
			"The columns are `email`, `status` (`Enabled` or `Disabled`) and, optionally, `expires`: a date such as `2026-12-31`, which is the last day of access (in UTC), " +
			"or a timestamp such as `2026-12-31T18:00:00+01:00`. After that, `Enabled` becomes `Disabled`. Further columns may hold notes. " +
			"All problems are reported at once, with their lines.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "csv",
				MarkdownDescription: "Text of the file, such as `file(\"${path.module}/review.csv\")`.",
			},
			atParameter,
		},
		Return: function.MapReturn{ElementType: types.StringType},
	}
}

func (statusesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var csv, at string
	if resp.Error = req.Arguments.Get(ctx, &csv, &at); resp.Error != nil {
		return
	}
	now, failure := parseAt(1, at)
	if failure != nil {
		resp.Error = failure
		return
	}
	statuses, err := review.Statuses(csv, now)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, statuses)
}

// atParameter is the time at which a review is read, since a function must not read a
// clock.
var atParameter = function.StringParameter{
	Name:                "at",
	MarkdownDescription: "Point in time at which access may have ended, as RFC 3339: usually `plantimestamp()`.",
}

func parseAt(argument int64, at string) (time.Time, *function.FuncError) {
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return now, function.NewArgumentFuncError(argument, fmt.Sprintf("%q is not a timestamp of the form 2026-12-31T18:00:00Z. Use plantimestamp(), for example", at))
	}
	return now, nil
}
