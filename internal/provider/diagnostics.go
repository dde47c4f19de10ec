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

// apiDiagnostics words the errors of requests. It lives as long as a run, which gives a
// list of causes that concerns every user only once.
type apiDiagnostics struct {
	explain   explain.Explainer
	explained sync.Map // by advice
}

// failed returns the diagnostic of a failed call. The summary names what failed ("Cannot
// look up ada@example.com"), unless the provider's configuration is incomplete.
func (d *apiDiagnostics) failed(summary string, err error) diag.Diagnostic {
	var incomplete *settings.IncompleteError
	if errors.As(err, &incomplete) {
		return diag.NewErrorDiagnostic(incomplete.Summary, incomplete.Detail)
	}
	lead, advice := d.explanation(err)
	return diag.NewErrorDiagnostic(summary, lead+": "+err.Error()+".\n\n"+advice)
}

// explanation returns how to introduce an error ("The API said"), and what to do about it.
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
