// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"slices"
	"strings"
)

// judgeFailure adds points about a failed plan and mistakes in the worksheets. An error of
// Terraform that repeats these mistakes is not a second point.
func (r *record) judgeFailure() {
	const correct = "Correct each of them in its file, and plan again."
	others := errorsOf(slices.DeleteFunc(slices.Clone(r.Said), r.isOfWorksheets))
	text := correct
	switch hasMistakes := len(r.mistakes) > 0; {
	case !r.PlanFailed:
	case r.planLog == nil && hasMistakes:
		text = "The plan failed. There may be other causes, since its log was not given. " + correct
	case r.planLog == nil:
		r.stop("plan_failed", "The plan failed", "It is not known who changes, or why the plan failed: its log was not given. Pass it with -plan-log, resolve its errors, and plan again.")
	case hasMistakes && len(others) == 0:
		text = "The plan failed because of them. " + correct
	case len(others) == 0:
		r.stop("plan_failed", "The plan failed", "It is not known who changes, and the log does not say why: plan again.")
	default:
		r.stop("plan_failed", "The plan failed", "It is not known who changes. Resolve the errors, and plan again.", others...)
	}
	r.stopFor(r.mistakes, kindWorksheets, "The worksheets have mistakes", text)
}

// isOfWorksheets reports whether a diagnostic is the error about the worksheets.
func (r *record) isOfWorksheets(d Diagnostic) bool {
	return len(r.mistakes) > 0 && strings.Contains(inOneLine(d.Detail), inOneLine(r.mistaken))
}

// inOneLine joins the lines of a text.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
