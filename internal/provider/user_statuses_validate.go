// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// listedOffenders bounds what is printed when a whole file is wrong.
const listedOffenders = 200

// validStatuses checks the map as a whole, and names every offender at once: who
// corrects a CSV file wants to do it in one go.
type validStatuses struct{}

func (validStatuses) Description(context.Context) string {
	return `at least one valid email address, each once, with "Enabled" or "Disabled"`
}

func (v validStatuses) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (validStatuses) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	elements := req.ConfigValue.Elements()
	if len(elements) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "No user to keep the status of",
			"statuses is empty. A CSV file that was truncated or lost its rows would look like this, so it is refused. "+
				"To let go of all users, remove the resource.")
		return
	}
	var addresses, twice, statuses findings
	spellings := make(map[string]string, len(elements))
	for _, address := range slices.Sorted(maps.Keys(elements)) {
		if problem := emailProblem(address); problem != "" {
			addresses.addLine(address, "%q %s", address, problem)
		}
		key := snapshot.Key(address)
		if other, taken := spellings[key]; taken {
			twice.addLine(address, "%q and %q", other, address)
		}
		spellings[key] = address
		switch status, ok := elements[address].(types.String); {
		case !ok || status.IsUnknown():
		case status.IsNull():
			statuses.addLine(address, "%s has none (null)", address)
		default:
			if ok, hint := isStatus(status.ValueString()); !ok {
				statuses.addLine(address, "%s: %q is not a status.%s", address, status.ValueString(), hint)
			}
		}
	}
	offenders := func(f findings, one, many, explanation string) {
		if len(f) > 0 {
			resp.Diagnostics.Append(f.at(req.Path, diag.NewErrorDiagnostic(f.summary(one, many), f.linesUpTo(listedOffenders)+"\n\n"+explanation)))
		}
	}
	offenders(addresses, "Not a valid email address", "addresses are not valid email addresses",
		`Each key is the email address of one user, such as "ada@example.com". Where it comes from a CSV file, correct its row; trimspace() removes white space around it.`)
	offenders(twice, "Address stands in the map twice", "addresses stand in the map twice",
		"Case does not count in an address, so these are one user each. Remove one of the two; lower() in the configuration makes Terraform itself refuse such rows.")
	offenders(statuses, "Not a status", "statuses are not valid", acceptedStatuses)
}
