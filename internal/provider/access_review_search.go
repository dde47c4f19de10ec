// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// What search shows of the people of a review, and whether it shows all of them.

// list reads the users that search shows.
func (r *reviewReading) list(ctx context.Context) diag.Diagnostics {
	r.people, r.twins = map[string]*review.Person{}, map[string]int{}
	r.shown, r.asked = map[string]bool{}, map[string]bool{}
	counted := 0
	listing := snapshot.Listing{EmailContains: r.emailContains, Total: func(users int) error {
		counted = users
		return nil
	}}
	for user, err := range r.data.memory.List(ctx, listing) {
		var short *snapshot.ShortfallError
		switch {
		case err == nil:
			r.people[user.ID], r.shown[user.ID] = personOf(user), true
			r.twins[cloudadmin.Fold(string(user.EmailAddress))]++
		case errors.As(err, &short):
			r.lacksUsers = true
			return diag.Diagnostics{r.data.listingFailed("", err)}
		case r.data.memory.GiveUpSearch(err) == nil:
			r.lacksUsers = true
			r.people, r.twins = map[string]*review.Person{}, map[string]int{}
			return diag.Diagnostics{joinedUnknown(err)}
		default:
			return diag.Diagnostics{r.data.listingFailed("Cannot read the users of the tenant", err)}
		}
	}
	if counted != len(r.people) {
		r.lacksUsers = true
		return diag.Diagnostics{searchCountsOthers(counted, len(r.people))}
	}
	return nil
}

// notShown notes whether look-ups have found users that search should have shown: then it
// may miss others too.
func (r *reviewReading) notShown() diag.Diagnostics {
	if r.lacksUsers {
		return nil
	}
	var missing findings
	for id, p := range r.people {
		if !r.shown[id] && p.Unsure == "" && strings.Contains(cloudadmin.Fold(p.Email), cloudadmin.Fold(r.emailContains)) {
			missing.add(cloudadmin.Email(p.Email))
		}
	}
	r.lacksUsers = len(missing) > 0
	return searchDoesNotShow(missing)
}
