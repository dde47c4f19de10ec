// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// reviewFunction turns the rows of an access review into the map that
// idplus_user_statuses takes. HCL can do the same, but not say which row is wrong,
// and has no dates without a time.
type reviewFunction struct{}

func newReviewFunction() function.Function { return reviewFunction{} }

func (reviewFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "review"
}

// The columns of a review. Others are for people.
const (
	columnEmail   = "email"
	columnStatus  = "status"
	columnExpires = "expires"
)

func (reviewFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Turns the rows of an access review into a map of statuses by email address.",
		MarkdownDescription: "Turns the rows of an access review, as `csvdecode` reads them, into the map that `idplus_user_statuses` takes. " +
			"Each row has an `email` and a `status` (`Enabled` or `Disabled`) and may have an `expires`: a date such as `2026-12-31`, which is the last day of access (in UTC), " +
			"or a timestamp such as `2026-12-31T18:00:00+01:00`. After that, `Enabled` becomes `Disabled`. Further columns are left alone. " +
			"Rows without an address, with an unknown status, with a date that is none, and a second row about one user are refused, all at once, by the number of the row.",
		Parameters: []function.Parameter{
			function.ListParameter{
				Name:                "rows",
				MarkdownDescription: "Rows of the review, such as `csvdecode(file(\"review.csv\"))`.",
				ElementType:         types.MapType{ElemType: types.StringType},
			},
			function.StringParameter{
				Name:                "at",
				MarkdownDescription: "Point in time at which access may have expired, as RFC 3339: usually `plantimestamp()`.",
			},
		},
		Return: function.MapReturn{ElementType: types.StringType},
	}
}

func (reviewFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var rows []map[string]*string
	var at string
	if resp.Error = req.Arguments.Get(ctx, &rows, &at); resp.Error != nil {
		return
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("%q is not a timestamp of the form 2026-12-31T18:00:00Z. plantimestamp() is one", at))
		return
	}
	statuses, problems := review(rows, now)
	if len(problems) > 0 {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%s of the review cannot be used (in a CSV file with a header, row 1 is on line 2):\n%s",
			counted(len(problems), "row"), bulleted(problems, listedNames)))
		return
	}
	resp.Error = resp.Result.Set(ctx, statuses)
}

// review decides for each row. A problem begins with the row's number, from 1.
func review(rows []map[string]*string, now time.Time) (statuses map[string]string, problems []string) {
	statuses = make(map[string]string, len(rows))
	firstRow := make(map[string]int, len(rows))
	for i, row := range rows {
		if row == nil {
			problems = append(problems, fmt.Sprintf("row %d: it is null", i+1))
			continue
		}
		r := newReviewRow(row)
		email, status := r.cells[columnEmail], r.cells[columnStatus]
		if problem := emailProblem(email); r.has(columnEmail) && problem != "" {
			r.refuse("the email %q %s", email, problem)
		}
		if ok, hint := isStatus(status); r.has(columnStatus) && !ok {
			if hint != "" {
				hint = "." + hint
			}
			r.refuse("the status %q is neither Enabled nor Disabled%s", status, hint)
		}
		expired := r.expired(now)
		if first, twice := firstRow[cloudadmin.Fold(email)]; twice && email != "" {
			r.refuse("%s is in row %d already", email, first)
		} else {
			firstRow[cloudadmin.Fold(email)] = i + 1
		}
		if len(r.problems) > 0 {
			problems = append(problems, fmt.Sprintf("row %d: %s", i+1, strings.Join(r.problems, "; ")))
			continue
		}
		if expired {
			status = string(cloudadmin.Disabled)
		}
		statuses[email] = status
	}
	return statuses, problems
}

// namesAnEnd finds columns that may well say until when access is granted.
var namesAnEnd = regexp.MustCompile(`(?i)^expir|(^|[^a-z])(until|ends?|expir\w*|valid)([^a-z]|$)`)

// reviewRow is a row under scrutiny.
type reviewRow struct {
	// cells are without white space around them; the names of the columns too, and
	// without the byte order mark that spreadsheets put before the first.
	cells    map[string]string
	problems []string
}

func newReviewRow(row map[string]*string) reviewRow {
	r := reviewRow{cells: make(map[string]string, len(row))}
	for _, name := range slices.Sorted(maps.Keys(row)) {
		column := strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if _, twice := r.cells[column]; twice {
			r.refuse("two columns are called %s", column)
		}
		r.cells[column] = ""
		if value := row[name]; value != nil {
			r.cells[column] = strings.TrimSpace(*value)
		}
	}
	return r
}

func (r *reviewRow) refuse(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// has tells whether a row has a column, and refuses a row that has not.
func (r *reviewRow) has(column string) bool {
	if _, there := r.cells[column]; there {
		return true
	}
	r.refuse("there is no %s among its columns (%s)", column, strings.Join(slices.Sorted(maps.Keys(r.cells)), ", "))
	return false
}

// expired tells whether the access that a row grants has ended.
func (r *reviewRow) expired(now time.Time) bool {
	for _, column := range slices.Sorted(maps.Keys(r.cells)) {
		// Left alone, such a column would grant access for ever.
		if column != columnExpires && namesAnEnd.MatchString(column) {
			r.refuse("the column %q has to be called %s", column, columnExpires)
		}
	}
	expires := r.cells[columnExpires]
	if expires == "" {
		return false
	}
	if day, err := time.Parse(time.DateOnly, expires); err == nil {
		return !now.Before(day.AddDate(0, 0, 1))
	}
	moment, err := time.Parse(time.RFC3339, expires)
	if err != nil {
		r.refuse("expires is %q, which is neither a date such as 2026-12-31 nor a timestamp such as 2026-12-31T18:00:00Z", expires)
	}
	return !now.Before(moment)
}
