// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A remedy names an action if the running Terraform can invoke one, and never otherwise.
func TestRemediesNameActionsOnlyWhereTheyExist(t *testing.T) {
	t.Parallel()
	for version, actions := range map[string]bool{
		"1.8.5": false, "1.13.9": false, "1.14.0-beta1": true, "1.14.0": true, "1.17.0-dev": true, "2.0.0": true, "1.12.6": false, "": false, "odd": false,
	} {
		api := new(apiDiagnostics)
		w := words{remedies: newRemedies(version), api: api}
		for _, verdict := range []access.Verdict{access.Pending, access.PendingStood, access.SatisfiedPending, access.SyncDisabled} {
			b := &access.Batch{Decisions: []*access.Decision{{Who: cloudadmin.Email("ada@example.com"), Verdict: verdict}}}
			for _, single := range []bool{true, false} {
				said := ""
				for _, p := range []phase{planning, applying} {
					for _, d := range (report{words: w, phase: p, batch: b, single: single, place: placeOfUserStatus}).diagnostics() {
						said += d.Summary() + d.Detail()
					}
				}
				if strings.Contains(said, "idplus_user_") != actions {
					t.Errorf("Terraform %q, verdict %d: %s", version, verdict, said)
				}
			}
		}
	}
}
