// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// isStatus reports whether the API accepts a value exactly as written. If not, the hint is
// the likely remedy.
func isStatus(value string) (ok bool, hint string) {
	switch meant := cloudadmin.StatusMeant(value); meant {
	case "":
		return false, ""
	case cloudadmin.Status(value):
		return true, ""
	default:
		return false, fmt.Sprintf(" Did you mean %q?", meant)
	}
}

const acceptedStatuses = `Use "Enabled" or "Disabled", exactly as written here.`

// validStatus accepts the statuses that the API accepts.
type validStatus struct{}

func (validStatus) Description(context.Context) string { return `"Enabled" or "Disabled"` }

func (v validStatus) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v validStatus) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		resp.Diagnostics.Append(v.check(req.Path, req.ConfigValue.ValueString())...)
	}
}

func (validStatus) check(at path.Path, value string) (diags diag.Diagnostics) {
	if ok, hint := isStatus(value); !ok {
		diags.AddAttributeError(at, "Not a status", fmt.Sprintf("%q is not a status. %s%s", value, acceptedStatuses, hint))
	}
	return diags
}
