// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
)

// Who changes, as far as the lines of a plan do not say it.

// whoChanges says what the lines of a plan do not: which new users really change,
// and who changes by leaving.
func (t telling) whoChanges() diag.Diagnostics {
	var changing, leaving, lagging, drifted, unsaid, missing findings
	created, asWanted, absent, inState, idle := 0, 0, 0, false, true
	for _, d := range t.batch.Decisions {
		wish := d.Why == access.Wanted
		if wish && d.LacksStatus() {
			unsaid.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
		idle = idle && d.Verdict != access.Change
		switch {
		case wish && d.InState:
			inState = true
			if d.Verdict == access.AsWanted && d.Was != d.To {
				lagging.addLine(d.Who, "%s is %s already", d.Who, d.To)
			}
			if d.AwaitsProof() {
				drifted.addLine(d.Who, "%s is %s now, as wanted; the state had %s", d.Who, d.To, d.Known.Drifted)
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
		diags.Append(t.placed(verdict, f, diag.SeverityWarning, summary, detail))
	}
	if len(leaving) > 0 {
		add(access.LetGo, leaving, leaving.summary("User is disabled by leaving the configuration", "users are disabled by leaving the configuration"),
			leaving.lines()+"\n\n"+t.leavingAttribute()+` = "disable" says so; "retain" would leave the status as it is.`+t.unlessReplaced())
	}
	if len(lagging) > 0 {
		add(access.Change, lagging, lagging.summary("User has changed already", "users have changed already"),
			lagging.lines()+"\n\nThe plan shows a change because the state, or the search that it was read from, has the old status. Applying it sends nothing for them.")
	}
	if len(unsaid) > 0 {
		add(access.Change, unsaid, unsaid.summary("The look-up does not say which status the user has", "users have a status that the look-up does not say"),
			unsaid.lines()+"\n\nThe API's answers about "+unsaid.pick("this user", "these users")+" have no userStatus, and search does not show it either. So the wanted status is sent, and every plan shows it again.\n\nSee what an administrator of the tenant sees in the Cloud Administration Console, and whether the credentials may read users.")
	}
	if len(drifted) > 0 {
		add(access.Change, drifted, drifted.summary("User is as wanted, and another change is not ruled out", "users are as wanted, and other changes are not ruled out"),
			drifted.lines()+"\n\nThe refresh found "+drifted.pick("this status", "these statuses")+" different from the state, so nothing is sent. "+driftedBecause+" Plan again later to be sure.")
	}
	switch {
	case created == 0 || t.single && len(changing) == 0:
	case t.single:
		add(access.Change, changing, "User changes: "+changing[0].line, "The apply changes the status of this user. Terraform's plan prints the wanted status of a new resource, whether or not the user has it already.")
	default:
		summary, detail := newUsersChange(changing, newUsers{created, asWanted, absent, len(missing), inState, idle})
		add(access.AsWanted, t.firstOf(changing), summary, detail)
	}
	return diags
}

// driftedBecause is why a refresh may have found another status than the state had.
const driftedBecause = "Somebody else changed it, or the look-up does not show the last change yet."

// disabledAgain is said of a user who leaves, and looks disabled since the last refresh
// alone.
func disabledAgain(d *access.Decision) string {
	return fmt.Sprintf("%s is Disabled now; the state had %s. %s So Disabled is sent again", d.Who, d.Known.Drifted, driftedBecause)
}

// newUsers counts users who are new to a map.
type newUsers struct {
	all, asWanted, absent, failing int
	// beside is whether the map has others, idle whether nobody changes at all.
	beside, idle bool
}

// newUsersChange counts them by what happens to them.
func newUsersChange(changing findings, n newUsers) (summary, detail string) {
	what := "user"
	if n.beside {
		what = "new user"
	}
	who := counted(n.all, what)
	rest := ""
	if n.asWanted > 0 {
		rest += fmt.Sprintf(" %d %s as wanted.", n.asWanted, plural(n.asWanted, "is", "are"))
	}
	if n.absent > 0 {
		rest += fmt.Sprintf(" %d %s not exist, which satisfies Disabled.", n.absent, plural(n.absent, "does", "do"))
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
			"Terraform prints every new row of the map, whether or not it changes anything. These users change:\n" + changing.lines() +
				fmt.Sprintf("\n\nOf %s, %d %s.", who, len(changing), plural(len(changing), "changes", "change")) + rest
	case n.failing > 0:
		return fmt.Sprintf("%s, and %d cannot be set", nobody, n.failing), "Of " + who + ":" + rest
	case n.absent > 0:
		return nobody, "Of " + who + ":" + rest
	case n.idle:
		return nobody, "Every status is as the configuration wants it. The apply adopts the users and sends nothing."
	}
	return nobody, "The status of each of them is as the configuration wants it: the apply adopts them as they are."
}

// firstOf returns where to place what is said of the whole map.
func (t telling) firstOf(f findings) findings {
	if len(f) > 0 {
		return f
	}
	return findings{{who: t.batch.Decisions[0].Who}}
}

// unlessReplaced is for what may be half of a replacement, which a plan of the destroy
// cannot know.
func (t telling) unlessReplaced() string {
	if t.single || t.batch.Decisions[0].Why == access.Destroyed {
		return ""
	}
	return " If this resource is replaced, no user is disabled."
}

func (t telling) leavingAttribute() string {
	if t.single {
		return "on_destroy"
	}
	return "on_removal"
}
