// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

// apiDiagnostics words what went wrong with a request. It lives as long as a run, in
// which a list of causes that concerns every user is given once.
type apiDiagnostics struct {
	explain   explain.Explainer
	explained sync.Map // by advice
}

// failed is the diagnostic of a call that did not succeed. The summary says
// what was tried ("Cannot look up ada@example.com"), except where the provider's
// configuration is what failed.
func (d *apiDiagnostics) failed(summary string, err error) diag.Diagnostic {
	var incomplete *settings.IncompleteError
	if errors.As(err, &incomplete) {
		return diag.NewErrorDiagnostic(incomplete.Summary, incomplete.Detail)
	}
	lead, advice := d.explanation(err)
	return diag.NewErrorDiagnostic(summary, lead+": "+err.Error()+".\n\n"+advice)
}

// explanation says how to begin the account of an error ("The API said"), and what to
// do about it.
func (d *apiDiagnostics) explanation(err error) (lead, advice string) {
	var incomplete *settings.IncompleteError
	if errors.As(err, &incomplete) {
		return "Nothing was sent", incomplete.Detail
	}
	found := d.explain.Explain(err)
	if found.Again != "" {
		if _, before := d.explained.LoadOrStore(found.Advice, true); before {
			return found.Lead, found.Again
		}
	}
	return found.Lead, found.Advice
}
