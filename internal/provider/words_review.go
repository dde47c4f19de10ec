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

// What is said where an access review meets a tenant that does not tell enough.

// oddPeople are the users of a roster of whom it is not certain who or what they are.
type oddPeople struct {
	found findings
	ids   map[string]bool
}

// add notes what is odd about the user with an id, once, with all that was found. The
// verdicts have only why.
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
		o.found.addLine(who, "%s%s, and a look-up finds no user", who, shownLine(d))
	default:
		o.found.addLine(who, "%s: %s", who, why)
	}
}

func (o *oddPeople) words() diag.Diagnostics {
	return wordedAt(pathRows, wording{o.found, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("User of the review is held back, as it is not certain who it is", "users of the review are held back, as it is not certain who they are"),
			f.lines()+"\n\nNothing is concluded from that: "+f.pick("the user is", "these users are")+" among held_back, and not in statuses.\n\n"+
				"Plan again later. Where several users have one address, correct the address of the others in their identity source.")
	}})
}

// searchTellsNotWhoJoined says that a review was read without search.
func searchTellsNotWhoJoined(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used, so it is not known who has joined", fmt.Sprintf(
		"The API said: %s.\n\nEach user of the roster is looked up instead. complete is false: users who are not in the roster are not known, so do not take the review for one of all users.\n\n"+
			"Check that the credentials may search users.", err))
}

// searchCountsOthers says that search does not show as many users as it counts.
func searchCountsOthers(counted, shown int) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Search counts %d users and shows %d", counted, shown), "So it is not known whether these are all: complete is false, and users who have joined may be missing. Each user of the roster is certain all the same.\n\n"+
		"Users may have come and gone during the reading: plan again. If it comes back, do not take the review for one of all users.")
}

// searchDoesNotShow says that look-ups have found users whom search does not show.
func searchDoesNotShow(missing findings) diag.Diagnostics {
	missing.sort()
	return wordedAt(pathRows, wording{missing, func(f findings) diag.Diagnostic {
		return diag.NewWarningDiagnostic(f.summary("Search does not show a user who exists", "users exist, and search does not show them"),
			f.listed()+"A look-up finds "+f.pick("the user", "them")+". Others whom no roster names may be missing, too: complete is false, and users who have joined may be missing.\n\n"+
				"Search may lag behind: plan again later. If it comes back, check that the credentials may search all users.")
	}})
}

// nobodyOfTheReview says that a tenant has nobody whom a roster names.
func nobodyOfTheReview(rows, asked int) diag.Diagnostic {
	return diag.WithPath(pathRows, diag.NewErrorDiagnostic("None of the users of the review is known in this tenant", fmt.Sprintf(
		"rows has %s. Search shows none of them, and a look-up of %d finds none of the people: no user, or others under their addresses. That looks like the wrong tenant, or like credentials that may not see these users.\n\n"+
			"Check admin_api_url and the credentials, and that the roster is of this tenant.", counted(rows, "user"), asked)))
}
