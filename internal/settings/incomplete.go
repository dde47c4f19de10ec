// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import "strings"

// IncompleteError is the error of each call of a client with an incomplete configuration.
// Its texts are those of a diagnostic.
type IncompleteError struct {
	// Summary names the problem.
	Summary string
	// Detail names all that is missing, and what to do.
	Detail string
}

// Error returns the summary.
func (e *IncompleteError) Error() string { return strings.ToLower(e.Summary[:1]) + e.Summary[1:] }

const isIncomplete = "Provider configuration is incomplete"

// lack is one thing that is missing or not known yet.
type lack struct{ summary, detail string }

// incomplete returns one error for all that is missing, so that it can be fixed in one run.
func incomplete(lacks []lack) *IncompleteError {
	summary := lacks[0].summary
	for _, other := range lacks {
		if other.summary != summary {
			summary = isIncomplete
		}
	}
	var details []string
	for _, each := range lacks {
		if each.summary != summary {
			each.detail = each.summary + ": " + each.detail
		}
		details = append(details, each.detail)
	}
	return &IncompleteError{summary, strings.Join(details, "\n\n")}
}
