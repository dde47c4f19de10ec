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

// Diagnostics about decisions: each text once, for one user and for many, with the
// problem, what is known of it, and the way out.

// words words the findings of a run.
type words struct {
	remedies
	api *apiDiagnostics
	run *access.Run
	// gone are the addresses that a refresh has reported to have no user.
	gone *sync.Map
}

// phase is what Terraform does.
type phase int

const (
	planning phase = iota
	applying
	refreshing
)

// report words the decisions of a batch.
type report struct {
	words
	phase phase
	batch *access.Batch
	// single reports whether the resource is about one user.
	single bool
	// ended is why the apply has ended early, if it was not for failures.
	ended error
	// place returns the attribute that a verdict on a user is about.
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

// verdictTexts are the texts of the verdicts, in the order of the diagnostics.
var verdictTexts = []struct {
	verdict  access.Verdict
	severity inPhase
	text     func(report, findings) (summary, detail string)
}{
	{access.Reassigned, alwaysError, report.reassigned},
	{access.NotPinned, alwaysError, report.notPinned},
	{access.Pending, alwaysError, report.pending},
	{access.PendingStood, failsLater, report.pendingStood},
	{access.Protected, alwaysError, report.protected},
	{access.UnknownProtected, alwaysError, report.guardsNobody},
	{access.TwoWishes, alwaysError, report.twoWishes},
	{access.KeptElsewhere, alwaysError, report.keptElsewhere},
	{access.Overtaken, alwaysError, report.overtaken},
	{access.TooMany, alwaysError, report.tooMany},
	{access.Missing, failsLater, report.missing},
	{access.Lost, failsLater, report.lost},
	{access.Contradicted, failsLater, report.contradicted},
	{access.Renamed, failsLater, report.renamed},
	{access.Followed, inPhase{refreshing: diag.SeverityWarning}, report.followed},
	{access.NotLookedUp, failsLater, report.notLookedUp},
	{access.NotToChange, failsLater, report.notToChange},
	{access.Deleted, alwaysError, report.deleted},
	{access.SyncDisabled, alwaysError, report.syncDisabled},
	{access.DisableRefused, alwaysError, report.disableRefused},
	{access.Refused, alwaysError, report.refused},
	{access.Unanswered, alwaysError, report.unanswered},
	{access.NotTried, alwaysError, report.notTried},
	{access.Satisfied, inPhase{diag.SeverityWarning, diag.SeverityWarning, diag.SeverityWarning}, report.satisfied},
	{access.SatisfiedPending, planOnly, report.satisfiedPending},
	{access.Vanished, inPhase{planning: diag.SeverityWarning, applying: diag.SeverityWarning}, report.vanished},
	{access.Spared, inPhase{planning: diag.SeverityWarning, applying: diag.SeverityWarning}, report.spared},
	{access.LetGo, planOnly, report.letGo},
}

// diagnostics returns one diagnostic for each kind of verdict, at the first user's
// attribute.
func (r report) diagnostics() diag.Diagnostics {
	var diags diag.Diagnostics
	byVerdict := map[access.Verdict]findings{}
	var twins findings
	for _, d := range r.batch.Decisions {
		found := byVerdict[d.Verdict]
		r.note(&found, d)
		byVerdict[d.Verdict] = found
		if len(d.Found.Twins) > 0 && r.phase != applying {
			twins.addLine(d.Who, "%s", twinsLine(d))
		}
	}
	diags.Append(r.howMuch()...)
	for _, one := range verdictTexts {
		found := byVerdict[one.verdict]
		severity := one.severity[r.phase]
		if len(found) == 0 || severity == silent {
			continue
		}
		summary, detail := one.text(r, found)
		diags.Append(r.placed(one.verdict, found, severity, summary, detail))
	}
	if len(twins) > 0 {
		diags.Append(r.placed(access.AsWanted, twins, diag.SeverityWarning, twins.summary("Address belongs to several users", "addresses belong to several users"),
			twins.lines()+"\n\nThe decision applies to the user that a look-up finds. The others keep their status.\n\nCorrect the address of the others in their identity source."))
	}
	if r.phase == planning && !diags.HasError() {
		diags.Append(r.whoChanges()...)
	}
	return diags
}

func (r report) placed(verdict access.Verdict, f findings, severity diag.Severity, summary, detail string) diag.Diagnostic {
	var d diag.Diagnostic = diag.NewErrorDiagnostic(summary, detail)
	if severity == diag.SeverityWarning {
		d = diag.NewWarningDiagnostic(summary, detail)
	}
	if at := r.place(verdict, f[0].who); !at.Equal(path.Empty()) {
		d = diag.WithPath(at, d)
	}
	return d
}

// note adds the line about one user.
func (r report) note(f *findings, d *access.Decision) {
	switch d.Verdict {
	case access.AsWanted, access.Change:
	case access.Reassigned:
		is := "another user"
		if d.Found.User != nil {
			is = "the user with the id " + d.Found.User.ID
		}
		f.addLine(d.Who, "%s: was the user with the id %s, is now %s", d.Who, cmp.Or(d.Known.ID, d.ID), is)
	case access.NotPinned:
		f.addLine(d.Who, "%s: the configuration has the id %s, the user in the tenant has the id %s", d.Who, d.Pin, d.ID)
	case access.NotToChange:
		f.addLine(d.Who, "%s: is %s, but %s is wanted", d.Who, cmp.Or(d.From, "in an unknown status"), d.To)
	case access.Lost:
		f.addLine(d.Who, "%s: the configuration has the id %s", d.Who, d.Pin)
	case access.Pending, access.PendingStood, access.SatisfiedPending:
		f.addLine(d.Who, "%s", pendingDeletion(d.Who.String(), d.User))
	case access.TwoWishes:
		where := "in another resource"
		if d.Other.Here {
			where = "in another row of this map"
		}
		f.addLine(d.Who, "%s: %s here, %s %s, as %s", d.Who, d.To, d.Other.To, where, d.Other.Who)
	case access.TooMany:
		switch {
		case d.To != "" && d.Known.Drifted != "" && d.From == d.To:
			f.addLine(d.Who, "%s", disabledAgain(d))
		case d.To == "" || d.From == d.To:
			f.addLine(d.Who, "%s: leaves and keeps %s", d.Who, cmp.Or(d.From, d.Was, "the status"))
		default:
			f.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
	case access.Renamed, access.Followed:
		f.addLine(d.Who, "%s", renamedLine(d))
	case access.Contradicted:
		f.addLine(d.Who, "%s%s", d.Who, shownLine(d))
	case access.NotLookedUp:
		f.addLine(d.Who, "%s: %v", d.Who, d.Err)
	case access.Refused, access.Unanswered, access.SyncDisabled, access.DisableRefused:
		f.addLine(d.Who, "%s to %s: %v", d.Who, d.To, d.Err)
	case access.Missing:
		switch {
		case d.Pin != "":
			f.addLine(d.Who, "%s: the configuration has the id %s; that user may have another address", d.Who, d.Pin)
		case r.phase == applying || !r.wasReported(d):
			f.add(d.Who)
		}
	case access.Satisfied:
		// An apply reports it only for a change that the plan showed.
		if r.phase == applying && d.InState && d.Was != d.To || r.phase != applying && !r.wasReported(d) {
			f.add(d.Who)
		}
	case access.LetGo:
		switch {
		case d.Known.Gone:
		case d.IsPending():
			f.addLine(d.Who, "%s", pendingDeletion(d.Who.String(), d.User))
		case d.Known.Unsure:
			f.addLine(d.Who, "%s keeps %s, as far as the tenant shows", d.Who, cmp.Or(d.Was, "the status"))
		case d.IsUncertain():
			f.addLine(d.Who, "%s keeps the status, which is %s", d.Who, cmp.Or(d.Was, "unknown"))
		case d.Known.Drifted != "":
			f.addLine(d.Who, "%s keeps the status: now %s; the state had %s. %s", d.Who, d.Was, d.Known.Drifted, driftedBecause)
		default:
			f.addLine(d.Who, "%s keeps %s", d.Who, cmp.Or(d.Was, "the status"))
		}
	case access.Spared:
		switch {
		case d.Other.Here: // The plan shows the row under the other address.
		case d.Other.To != "":
			f.addLine(d.Who, "%s: still wanted, as %s", d.Who, d.Other.To)
		case r.phase == applying:
			f.add(d.Who)
		}
	default:
		f.add(d.Who)
	}
}

// wasReported reports whether the refresh of this run has warned that a user is gone:
// its plan does not repeat it.
func (r report) wasReported(d *access.Decision) bool {
	if r.phase == refreshing {
		r.gone.Store(d.Who.Key(), true)
		return false
	}
	_, reported := r.gone.Load(d.Who.Key())
	return reported
}

// howMuch counts, in an apply for several users, the changes that were not made.
func (r report) howMuch() diag.Diagnostics {
	failed, made, unsure := 0, 0, 0
	for _, d := range r.batch.Decisions {
		switch {
		case d.Verdict == access.Unanswered:
			unsure++
		case d.Verdict.IsFailure():
			failed++
		case d.Verdict == access.Change:
			made++
		}
	}
	if r.phase != applying || r.single || failed+unsure == 0 {
		return nil
	}
	next := "For the changes that failed, the state has the old status. Plan again: the plan shows what is left."
	if !slices.ContainsFunc(r.batch.Decisions, func(d *access.Decision) bool { return d.InState }) {
		next = "This resource is not in the state yet, because Terraform would otherwise replace it in the next apply. Plan again: the plan shows the whole map, and a warning lists what is left."
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
