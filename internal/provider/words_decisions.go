// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// What is said about decisions: each text once, for one user and for many, with
// the problem, what is known of it, and the way out.

// words words the findings of a run.
type words struct {
	remedies
	api *apiDiagnostics
	run *access.Run
	// gone are the addresses of which a refresh has said that no user has them.
	gone *sync.Map
}

// phase is what Terraform does.
type phase int

const (
	planning phase = iota
	applying
	refreshing
)

// telling is what is told, and of what.
type telling struct {
	words
	phase phase
	batch *access.Batch
	// single is whether the resource is about one user.
	single bool
	// place returns the attribute that a user's decision stands in.
	place func(access.Verdict, cloudadmin.Address) path.Path
}

// inPhase is how severe a verdict is in a phase.
type inPhase [3]diag.Severity

const silent = diag.SeverityInvalid

var (
	alwaysError = inPhase{planning: diag.SeverityError, applying: diag.SeverityError, refreshing: diag.SeverityWarning}
	failsLater  = inPhase{planning: diag.SeverityWarning, applying: diag.SeverityError, refreshing: diag.SeverityWarning}
	planOnly    = inPhase{planning: diag.SeverityWarning}
)

// verdictTexts are the texts of the verdicts, in the order in which they are told.
var verdictTexts = []struct {
	verdict  access.Verdict
	severity inPhase
	text     func(telling, findings) (summary, detail string)
}{
	{access.Reassigned, alwaysError, telling.reassigned},
	{access.NotPinned, alwaysError, telling.notPinned},
	{access.Pending, alwaysError, telling.pending},
	{access.PendingStood, failsLater, telling.pendingStood},
	{access.Protected, alwaysError, telling.protected},
	{access.UnknownProtected, alwaysError, telling.guardsNobody},
	{access.TwoWishes, alwaysError, telling.twoWishes},
	{access.KeptElsewhere, alwaysError, telling.keptElsewhere},
	{access.Overtaken, alwaysError, telling.overtaken},
	{access.TooMany, alwaysError, telling.tooMany},
	{access.Missing, failsLater, telling.missing},
	{access.Lost, failsLater, telling.lost},
	{access.Contradicted, failsLater, telling.contradicted},
	{access.Renamed, failsLater, telling.renamed},
	{access.Followed, inPhase{refreshing: diag.SeverityWarning}, telling.followed},
	{access.NotLookedUp, failsLater, telling.notLookedUp},
	{access.NotToChange, failsLater, telling.notToChange},
	{access.Deleted, alwaysError, telling.deleted},
	{access.SyncDisabled, alwaysError, telling.syncDisabled},
	{access.DisableRefused, alwaysError, telling.disableRefused},
	{access.Refused, alwaysError, telling.refused},
	{access.Unanswered, alwaysError, telling.unanswered},
	{access.NotTried, alwaysError, telling.notTried},
	{access.Satisfied, inPhase{diag.SeverityWarning, diag.SeverityWarning, diag.SeverityWarning}, telling.satisfied},
	{access.SatisfiedPending, planOnly, telling.satisfiedPending},
	{access.Vanished, inPhase{planning: diag.SeverityWarning, applying: diag.SeverityWarning}, telling.vanished},
	{access.Spared, inPhase{planning: diag.SeverityWarning, applying: diag.SeverityWarning}, telling.spared},
	{access.LetGo, planOnly, telling.letGo},
}

// tell words what came of a batch: one diagnostic for each kind, at the first user's
// attribute.
func (t telling) tell() diag.Diagnostics {
	var diags diag.Diagnostics
	byVerdict := map[access.Verdict]findings{}
	var twins findings
	for _, d := range t.batch.Decisions {
		found := byVerdict[d.Verdict]
		t.note(&found, d)
		byVerdict[d.Verdict] = found
		if len(d.Found.Twins) > 0 && t.phase != applying {
			twins.addLine(d.Who, "%s", twinsLine(d))
		}
	}
	diags.Append(t.howMuch()...)
	for _, one := range verdictTexts {
		found := byVerdict[one.verdict]
		severity := one.severity[t.phase]
		if len(found) == 0 || severity == silent {
			continue
		}
		summary, detail := one.text(t, found)
		diags.Append(t.placed(one.verdict, found, severity, summary, detail))
	}
	if len(twins) > 0 {
		diags.Append(t.placed(access.AsWanted, twins, diag.SeverityWarning, twins.summary("Address belongs to several users", "addresses belong to several users"),
			twins.lines()+"\n\nThe decision is about the user whom a look-up finds. The others keep their status.\n\nCorrect the address of the others in their identity source."))
	}
	if t.phase == planning && !diags.HasError() {
		diags.Append(t.whoChanges()...)
	}
	return diags
}

func (t telling) placed(verdict access.Verdict, f findings, severity diag.Severity, summary, detail string) diag.Diagnostic {
	var d diag.Diagnostic = diag.NewErrorDiagnostic(summary, detail)
	if severity == diag.SeverityWarning {
		d = diag.NewWarningDiagnostic(summary, detail)
	}
	if at := t.place(verdict, f[0].who); !at.Equal(path.Empty()) {
		d = diag.WithPath(at, d)
	}
	return d
}

// note adds what is to be said of one user.
func (t telling) note(f *findings, d *access.Decision) {
	switch d.Verdict {
	case access.AsWanted, access.Change:
	case access.Reassigned:
		is := "another user"
		if d.Found.User != nil {
			is = "the one with the id " + d.Found.User.ID
		}
		f.addLine(d.Who, "%s: was the user with the id %s, is %s", d.Who, cmp.Or(d.Known.ID, d.ID), is)
	case access.NotPinned:
		f.addLine(d.Who, "%s: the configuration means the user with the id %s, the tenant has the one with the id %s", d.Who, d.Pin, d.ID)
	case access.NotToChange:
		f.addLine(d.Who, "%s: is %s now, and %s is wanted", d.Who, cmp.Or(d.From, "in a status that the tenant does not say"), d.To)
	case access.Lost:
		f.addLine(d.Who, "%s: the configuration means the user with the id %s", d.Who, d.Pin)
	case access.Pending, access.PendingStood, access.SatisfiedPending:
		f.addLine(d.Who, "%s", pendingDeletion(d.Who.String(), d.User))
	case access.TwoWishes:
		where := "by another resource"
		if d.Other.Here {
			where = "by another row of this map"
		}
		f.addLine(d.Who, "%s: %s here, %s %s, which calls the user %s", d.Who, d.To, d.Other.To, where, d.Other.Who)
	case access.TooMany:
		switch {
		case d.To != "" && d.Known.Drifted != "" && d.From == d.To:
			f.addLine(d.Who, "%s", disabledAgain(d))
		case d.To == "" || d.From == d.To:
			f.addLine(d.Who, "%s: is let go, and keeps %s", d.Who, cmp.Or(d.From, d.Was, "the status"))
		default:
			f.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
	case access.Renamed, access.Followed:
		f.addLine(d.Who, "%s", renamedLine(d))
	case access.Contradicted:
		f.addLine(d.Who, "%s%s", d.Who, shownLine(d))
	case access.NotLookedUp, access.Refused, access.Unanswered, access.SyncDisabled, access.DisableRefused:
		f.addLine(d.Who, "%s to %s: %v", d.Who, cmp.Or(d.To, d.Was, "its status"), d.Err)
	case access.Missing:
		switch {
		case d.Pin != "":
			f.addLine(d.Who, "%s: the configuration means the user with the id %s, who may have another address", d.Who, d.Pin)
		case t.phase == applying || !t.wasTold(d):
			f.add(d.Who)
		}
	case access.Satisfied:
		// An apply says it only of a change that the plan showed.
		if t.phase == applying && d.InState && d.Was != d.To || t.phase != applying && !t.wasTold(d) {
			f.add(d.Who)
		}
	case access.LetGo:
		switch {
		case d.Known.Gone:
		case d.IsPending():
			f.addLine(d.Who, "%s", pendingDeletion(d.Who.String(), d.User))
		case d.Known.Unsure:
			f.addLine(d.Who, "%s keeps %s, as far as the tenant tells", d.Who, cmp.Or(d.Was, "the status"))
		case d.IsUncertain():
			f.addLine(d.Who, "%s keeps the status, which is %s", d.Who, cmp.Or(d.Was, "not told by the tenant"))
		case d.Known.Drifted != "":
			f.addLine(d.Who, "%s keeps the status: %s now; the state had %s. %s", d.Who, d.Was, d.Known.Drifted, driftedBecause)
		default:
			f.addLine(d.Who, "%s keeps %s", d.Who, cmp.Or(d.Was, "the status"))
		}
	case access.Spared:
		switch {
		case d.Other.Here: // The plan shows the row under the other address.
		case d.Other.To != "":
			f.addLine(d.Who, "%s: wanted %s", d.Who, d.Other.To)
		case t.phase == applying:
			f.add(d.Who)
		}
	default:
		f.add(d.Who)
	}
}

// wasTold reports whether the refresh of this run has said that a user is gone: its plan
// does not repeat it.
func (t telling) wasTold(d *access.Decision) bool {
	if t.phase == refreshing {
		t.gone.Store(d.Who.Key(), true)
		return false
	}
	_, told := t.gone.Load(d.Who.Key())
	return told
}

// howMuch counts, in an apply for several users, what was not done.
func (t telling) howMuch() diag.Diagnostics {
	failed, made, unsure := 0, 0, 0
	for _, d := range t.batch.Decisions {
		switch {
		case d.Verdict == access.Unanswered:
			unsure++
		case d.Verdict.IsFailure():
			failed++
		case d.Verdict == access.Change:
			made++
		}
	}
	if t.phase != applying || t.single || failed+unsure == 0 {
		return nil
	}
	next := "What failed is in the state as it was before. Plan again: the plan shows the rest."
	if !slices.ContainsFunc(t.batch.Decisions, func(d *access.Decision) bool { return d.InState }) {
		next = "This resource is not in the state yet: a state beside an error would be replaced by the next apply. Plan again: the plan shows the whole map, and a warning names the rest."
	}
	summary := fmt.Sprintf("%d of %d changes %s not made", failed, failed+made+unsure, plural(failed, "was", "were"))
	switch {
	case failed == 0:
		summary = fmt.Sprintf("%d of %d changes may have been made", unsure, made+unsure)
	case unsure > 0:
		summary += fmt.Sprintf(", %d may have been made", unsure)
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
		wereMade(made)+next)}
}

func wereMade(changes int) string {
	if changes == 0 {
		return ""
	}
	return fmt.Sprintf("%s made and will not be undone. ", counted(changes, "change")+plural(changes, " was", " were"))
}
