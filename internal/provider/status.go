// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// validStatus accepts what the API accepts, letter by letter.
type validStatus struct{}

func (validStatus) Description(context.Context) string { return `"Enabled" or "Disabled"` }

func (v validStatus) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (validStatus) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	accepted := []cloudadmin.Status{cloudadmin.Enabled, cloudadmin.Disabled}
	hint := ""
	for _, status := range accepted {
		if value == string(status) {
			return
		}
		if strings.EqualFold(strings.TrimSpace(value), string(status)) {
			hint = fmt.Sprintf(" Did you mean %q?", status)
		}
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Not a status",
		fmt.Sprintf("%q is not a status. Accepted are %q and %q, spelt exactly so.%s", value, cloudadmin.Enabled, cloudadmin.Disabled, hint))
}
