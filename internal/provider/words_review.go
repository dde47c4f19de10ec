// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// Texts about an access review of a tenant that does not show enough.

// oddPeople are the users of a roster whose identity or status is not certain.
type oddPeople struct {
	found findings
	ids   map[string]bool
}

// add notes once what is odd about the user with an id, with all that was found; the
// verdicts have only the reason.
func (o *oddPeople) add(id string, who cloudadmin.Address, found snapshot.Found, why string) {
	switch {
	case o.ids[id]:
		return
	case o.ids == nil:
		o.ids = map[string]bool{}
	}
	o.ids[id] = true
	d := &access.Decision{Who: who, Found: found}
	switch {
	case len(found.Twins) > 0:
		o.found.addLine(who, "%s: %s", twinsLine(d), why)
	case found.Refused != nil:
		o.found.addLine(who, "%s: %s: %v", who, why, found.Refused)
	case found.Another != nil:
		o.found.addLine(who, "%s", renamedLine(d))
	case found.Shown != nil:
		o.found.addLine(who, "%s%s, but a look-up finds no user", who, shownLine(d))
	default:
		o.found.addLine(who, "%s: %s", who, why)
	}
}

func (o *oddPeople) words() diag.Diagnostics {
	return wordedAt(pathRows, wording{o.found, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("User of the review is not certain and is held back", "users of the review are not certain and are held back"),
			f.lines()+"\n\n"+f.pick("The decision is not carried out: the user is", "Their decisions are not carried out: these users are")+" in held_back and not in statuses.\n\n"+
				"Plan again later. If several users have one address, correct the address of the others in their identity source.")
	}})
}

// joinedUnknown warns that a review was read without search.
func joinedUnknown(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used, so users who joined are not known", fmt.Sprintf(
		"The API said: %s.\n\nEach user of the roster is looked up instead. complete is false: users who are not in the roster are not known, so do not treat this as a review of all users.\n\n"+
			"Check that the credentials may search users.", err))
}

// searchCountsOthers warns that search does not show as many users as it counts.
func searchCountsOthers(counted, shown int) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Search counts %d users and shows %d", counted, shown), "Users who joined may be missing, so complete is false. The users of the roster are not affected.\n\n"+
		"Users may have been added or deleted during the reading: plan again. If the warning persists, do not treat this as a review of all users.")
}

// searchDoesNotShow warns that look-ups found users that search does not show.
func searchDoesNotShow(missing findings) diag.Diagnostics {
	missing.sort()
	return wordedAt(pathRows, wording{missing, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("Search does not show a user who exists", "users exist, but search does not show them"),
			f.listed()+"A look-up finds "+f.pick("the user", "them")+". Search may also miss users who joined, so complete is false.\n\n"+
				"Search may lag behind: plan again later. If the warning persists, check that the credentials may search all users.")
	}})
}

// rosterUnknown words that the tenant has no user of the roster.
func rosterUnknown(rows, asked int) diag.Diagnostic {
	return diag.WithPath(pathRows, diag.NewErrorDiagnostic("None of the users of the review is known in this tenant", fmt.Sprintf(
		"rows has %s. Search shows none of them, and look-ups of %d find no user, or other people with their addresses. This is probably the wrong tenant, or the credentials may not see these users.\n\n"+
			"Check admin_api_url and the credentials, and that the roster is from this tenant.", counted(rows, "user"), asked)))
}
