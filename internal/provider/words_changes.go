// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
)

// Texts about changes that the lines of a plan do not show.

// whoChanges reports what the lines of a plan do not show: which new users really
// change, and which users change because they leave.
func (r report) whoChanges() diag.Diagnostics {
	var changing, leaving, lagging, drifted, unsaid, missing findings
	created, asWanted, absent, inState, idle := 0, 0, 0, false, true
	for _, d := range r.batch.Decisions {
		wish := d.Why == access.Wanted
		if wish && d.LacksStatus() {
			unsaid.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
		idle = idle && d.Verdict != access.Change
		switch {
		case wish && d.InState:
			inState = true
			if d.Verdict == access.AsWanted && d.Was != d.To {
				lagging.addLine(d.Who, "%s is already %s", d.Who, d.To)
			}
			if d.AwaitsProof() {
				drifted.addLine(d.Who, "%s is now %s, as wanted; the state had %s", d.Who, d.To, d.Known.Drifted)
			}
		case wish:
			created++
			switch {
			case d.Verdict == access.Change:
				changing.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
			case d.Verdict.IsFailure():
				missing.add(d.Who)
			case d.Verdict == access.Satisfied:
				absent++
			default:
				asWanted++
			}
		case d.Verdict == access.Change:
			if d.From == d.To {
				leaving.addLine(d.Who, "%s", disabledAgain(d))
				break
			}
			leaving.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
	}
	var diags diag.Diagnostics
	add := func(verdict access.Verdict, f findings, summary, detail string) {
		diags.Append(r.placed(verdict, f, diag.SeverityWarning, summary, detail))
	}
	if len(leaving) > 0 {
		add(access.LetGo, leaving, leaving.summary("User leaves the configuration and will be disabled", "users leave the configuration and will be disabled"),
			leaving.lines()+"\n\n"+r.leavingAttribute()+` is "disable". To keep the status, set "retain"`+r.untilDestroyed()+"."+r.unlessReplaced())
	}
	if len(lagging) > 0 {
		add(access.Change, lagging, lagging.summary("User already has the wanted status", "users already have the wanted status"),
			lagging.lines()+"\n\nThe plan shows a change because the state, or the search that it was read from, has the old status. The apply sends nothing for "+lagging.pick("this user", "these users")+".")
	}
	if len(unsaid) > 0 {
		add(access.Change, unsaid, unsaid.summary("API does not return the status of a user", "users have a status that the API does not return"),
			unsaid.lines()+"\n\nThe API's answers about "+unsaid.pick("this user", "these users")+" have no userStatus, and search does not show it either. The apply therefore sends the wanted status, and every plan shows the change again.\n\nCheck "+unsaid.pick("the user", "the users")+" in the Cloud Administration Console, and check that the credentials may read users.")
	}
	if len(drifted) > 0 {
		add(access.Change, drifted, drifted.summary("User seems to have the wanted status already", "users seem to have the wanted status already"),
			drifted.lines()+"\n\nThe refresh found the wanted status, which the state did not have. Nothing is sent. "+driftedBecause+" Plan again later to be sure.")
	}
	switch {
	case created == 0 || r.single && len(changing) == 0:
	case r.single:
		add(access.Change, changing, "User changes: "+changing[0].line, "The apply changes the status of this user. For a new resource, Terraform prints the wanted status even if the user already has it.")
	default:
		summary, detail := newUsersChange(changing, newUsers{created, asWanted, absent, len(missing), inState || len(leaving) > 0, idle})
		add(access.AsWanted, r.firstOf(changing), summary, detail)
	}
	return diags
}

// driftedBecause explains why a refresh may find a status that differs from the state.
const driftedBecause = "Someone else changed it, or the look-up does not show the last change yet."

// disabledAgain is the line of a user who leaves, and was first seen as disabled by the
// last refresh.
func disabledAgain(d *access.Decision) string {
	return fmt.Sprintf("%s is now Disabled; the state had %s. %s Disabled is therefore sent again.", d.Who, d.Known.Drifted, driftedBecause)
}

// newUsers counts users who are new to a map.
type newUsers struct {
	all, asWanted, absent, failing int
	// beside reports whether the map has, or had, others, idle whether no user changes.
	beside, idle bool
}

// newUsersChange counts new users by what happens to them.
func newUsersChange(changing findings, n newUsers) (summary, detail string) {
	what := "user"
	if n.beside {
		what = "new user"
	}
	who := counted(n.all, what)
	rest := ""
	if n.asWanted > 0 {
		rest += fmt.Sprintf(" %d already %s the wanted status.", n.asWanted, plural(n.asWanted, "has", "have"))
	}
	if n.absent > 0 {
		rest += fmt.Sprintf(" %d %s not exist, which counts as Disabled.", n.absent, plural(n.absent, "does", "do"))
	}
	if n.failing > 0 {
		rest += fmt.Sprintf(" %d cannot be set: see the other %s.", n.failing, plural(n.failing, "message", "messages"))
	}
	nobody := fmt.Sprintf("None of %s changes", who)
	if n.all == 1 {
		nobody = fmt.Sprintf("No %s changes", what)
	}
	switch {
	case len(changing) > 0:
		return fmt.Sprintf("%d of %s %s: %s", len(changing), who, plural(len(changing), "changes", "change"), changing.first()),
			"Terraform prints every new row of the map, even if the user already has the wanted status. These users change:\n" + changing.lines() +
				fmt.Sprintf("\n\nOf %s, %d %s.", who, len(changing), plural(len(changing), "changes", "change")) + rest
	case n.failing > 0:
		return fmt.Sprintf("%s, and %d cannot be set", nobody, n.failing), "Of " + who + "," + rest
	case n.absent > 0:
		return nobody, "Of " + who + "," + rest
	case n.idle:
		return nobody, "Every user already has the wanted status. The apply adopts the users and sends nothing."
	}
	return nobody, plural(n.all, "This user already has the wanted status. The apply adopts the user as is.",
		"Each of them already has the wanted status. The apply adopts them as they are.")
}

// firstOf returns the user at whose row a diagnostic about the whole map is placed.
func (r report) firstOf(f findings) findings {
	if len(f) > 0 {
		return f
	}
	return findings{{who: r.batch.Decisions[0].Who}}
}

// untilDestroyed adds what a destroy needs, which uses the value from the last apply.
func (r report) untilDestroyed() string {
	if r.batch.Decisions[0].Why != access.Destroyed {
		return ""
	}
	return " and apply that before you remove the resource, or use a removed block with destroy = false"
}

// unlessReplaced adds a sentence where the plan of a destroy may be half of a
// replacement.
func (r report) unlessReplaced() string {
	if r.single || r.batch.Decisions[0].Why == access.Destroyed {
		return ""
	}
	return " If this resource is replaced, no user is disabled."
}

func (r report) leavingAttribute() string {
	if r.single {
		return "on_destroy"
	}
	return "on_removal"
}
