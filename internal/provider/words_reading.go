// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// Texts about users that cannot be read, or are not known yet.

// notKnownYet names the checks that wait for the apply.
func notKnownYet(at path.Path) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(at, "Changes are known only after apply",
		"Some values are known only after apply, so this plan cannot show which users change. The apply checks protected_users, max_changes, ids, may_change and pending deletions before it sends anything. "+
			"It compares the decisions of other resources about the same users only for resources that change in that apply, and a user who leaves another resource may be disabled for a moment.")
}

// cannotRead words why users could not be read.
func (w words) cannotRead(err error) diag.Diagnostic {
	var failed *snapshot.LookupError
	switch {
	case errors.Is(err, access.ErrWrongTenant):
		return wrongTenant()
	case errors.As(err, &failed):
		return w.api.failed("Cannot look up "+failed.Who.String(), failed.Cause)
	}
	return w.api.failed("Cannot search for users", err)
}

// cannotReadMany is cannotRead for a map, which can do without search.
func (w words) cannotReadMany(err error, b *access.Batch) diag.Diagnostic {
	d := w.cannotRead(err)
	var failed *snapshot.LookupError
	var refusal *cloudadmin.Error
	if !b.Read.Search || errors.As(err, &failed) || !errors.As(err, &refusal) {
		return d
	}
	return diag.NewErrorDiagnostic(d.Summary(), d.Detail()+"\n\nIf only search fails, set read_with = \"lookup\" to do without it.")
}

func wrongTenant() diag.Diagnostic {
	return diag.NewErrorDiagnostic("None of the users is known in this tenant", fmt.Sprintf(
		"At least %d users of the state or the configuration were read. The tenant has none of them, or other people have their addresses. "+
			"This is probably the wrong tenant, or the credentials may not see these users, so nothing is changed.\n\n"+
			"Check admin_api_url and the credentials. If users in the state are really gone, remove them from it with a removed block (destroy = false) or `terraform state rm`.", snapshot.Many))
}

// unknownUser words, for a data source, that a user does not exist.
func unknownUser(who cloudadmin.Address, unsynced bool) diag.Diagnostic {
	detail := fmt.Sprintf("No user has the %s %q in this tenant.\n\nCheck the spelling, and that admin_api_url is the tenant you mean.", kindOf(who), who)
	if !unsynced {
		detail += " If the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."
	}
	return diag.NewErrorDiagnostic("User does not exist: "+who.String(), detail)
}

// searchRefused warns that each user was looked up instead.
func searchRefused(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used in this tenant", fmt.Sprintf(
		"The API said: %s.\n\nEvery user was looked up instead, which takes one request for each user. Set read_with = \"lookup\" to do so without this warning.", err))
}
