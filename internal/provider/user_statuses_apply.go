// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// done is what an apply has come to: the truth for the state, whether or not
// all of it succeeded.
type done struct {
	statuses statusMap
	known    knownUsers
}

// failure is a decision that was not carried out.
type failure struct {
	*decision
	cause error
}

var (
	errMissing    = errors.New("nobody has the address")
	errPending    = errors.New("pending deletion")
	errReassigned = errors.New("the address belongs to another user now")
	errProtected  = errors.New("protected user")
	errSynced     = errors.New("disabled by a synchronization")
)

// apply carries decisions out: one PUT for each user who changes, each by the
// user's id. One failure stops nobody else's change. After a failure the text says
// how things stand and what the next plan shows.
func (r *userStatusesResource) apply(ctx context.Context, decisions []*decision, search bool, howThingsStand string) (done, diag.Diagnostics) {
	if err := r.resolve(ctx, decisions, search); err != nil {
		failed := make(map[*decision]bool, len(decisions))
		for _, d := range decisions {
			failed[d] = true
		}
		return outcomeOf(decisions, failed), r.cannotRead(err)
	}
	var changes []*decision
	var failures []failure
	for _, d := range decisions {
		switch {
		case d.reassignedTo != "":
			failures = append(failures, failure{d, errReassigned})
		case d.gone && d.to == cloudadmin.Enabled:
			failures = append(failures, failure{d, errMissing})
		case !d.isChange():
		case d.pending && d.to == cloudadmin.Enabled:
			failures = append(failures, failure{d, errPending})
		case d.to == cloudadmin.Disabled && r.isProtected(d):
			failures = append(failures, failure{d, errProtected})
		default:
			changes = append(changes, d)
		}
	}
	wanted := len(changes) + len(failures)
	failures = append(failures, r.send(ctx, changes)...)

	failed := make(map[*decision]bool, len(failures))
	for _, f := range failures {
		failed[f.decision] = true
	}
	var vanished findings
	for _, d := range changes {
		if d.gone { // Nobody was when the PUTs began.
			vanished.add(d.address)
		}
	}
	var diags diag.Diagnostics
	if len(failures) > 0 {
		diags.AddError(fmt.Sprintf("%d of %d changes were not made", len(failures), wanted),
			fmt.Sprintf("%s made and will not be undone. %s", changesWere(wanted-len(failures)-len(vanished)), howThingsStand))
		diags.Append(r.explain(ctx, failures)...)
	}
	diags.Append(worded(pathStatuses, wording{vanished, usersVanished})...)
	return outcomeOf(decisions, failed), diags
}

func outcomeOf(decisions []*decision, failed map[*decision]bool) done {
	outcome := done{statuses: make(statusMap, len(decisions)), known: make(knownUsers, len(decisions))}
	for _, d := range decisions {
		key := snapshot.Key(d.address)
		switch {
		case failed[d] && d.inState:
			outcome.statuses[d.address], outcome.known[key] = d.was, d.known
		case !failed[d] && !d.leaves:
			outcome.statuses[d.address], outcome.known[key] = d.to, knownUser{ID: d.id, Gone: d.gone, Pending: d.pending}
		}
	}
	return outcome
}

// send sends the PUTs, and answers which failed.
func (r *userStatusesResource) send(ctx context.Context, changes []*decision) []failure {
	outcomes := forEach(ctx, r.data.reader.Workers(), len(changes), func(i int) error {
		d := changes[i]
		err := r.data.reader.SetStatus(ctx, d.id, d.to)
		if cloudadmin.IsNotFound(err) && d.to == cloudadmin.Disabled {
			d.gone = true
			return nil
		}
		return err
	})
	var failures []failure
	for i, err := range outcomes {
		if err != nil {
			failures = append(failures, failure{changes[i], err})
		}
	}
	return failures
}

// explain words the failures, one diagnostic for each kind.
func (r *userStatusesResource) explain(ctx context.Context, failures []failure) diag.Diagnostics {
	r.judgeConflicts(ctx, failures)
	var missing, pending, synchronized, reassigned, protected, untried, other findings
	var otherErr error
	slices.SortFunc(failures, func(a, b failure) int { return strings.Compare(a.address, b.address) })
	for _, f := range failures {
		switch {
		case isUntried(f.cause):
			untried.add(f.address)
		case errors.Is(f.cause, errMissing) || cloudadmin.IsNotFound(f.cause):
			missing.add(f.address)
		case errors.Is(f.cause, errReassigned):
			reassigned.add(f.address)
		case errors.Is(f.cause, errPending):
			pending.addLine(f.address, "%s", pendingDeletion(f.address, r.data.reader.Seen(f.address)))
		case errors.Is(f.cause, errProtected):
			protected.add(f.address)
		case errors.Is(f.cause, errSynced):
			synchronized.add(f.address)
		default:
			other.addLine(f.address, "%s to %s: %s", f.address, f.to, f.cause)
			if otherErr == nil {
				otherErr = f.cause
			}
		}
	}
	return worded(pathStatuses,
		wording{pending, r.data.remedies.usersPendingDeletion}, wording{synchronized, r.data.remedies.usersDisabledBySync}, wording{missing, usersMissingInApply},
		wording{reassigned, addressesReassignedInApply}, wording{protected, protectedUsersDisabled},
		wording{other, func(f findings) diag.Diagnostic {
			_, advice := r.data.diagnostics.explain(otherErr)
			return diag.NewErrorDiagnostic(f.summary("Cannot set the status of a user", "statuses cannot be set"), "The API said:\n"+f.lines()+"\n\n"+advice)
		}},
		wording{untried, usersNotTried})
}

// judgeConflicts finds out why enables were refused: what the API says to a 409 is
// not documented, but the user's details tell. Where they cannot be had, the 409
// stays the cause.
func (r *userStatusesResource) judgeConflicts(ctx context.Context, failures []failure) {
	var addresses []string
	for _, f := range failures {
		if cloudadmin.IsConflict(f.cause) {
			addresses = append(addresses, f.address)
		}
	}
	found, err := r.data.reader.Read(ctx, snapshot.Question{Emails: addresses})
	if err != nil {
		return
	}
	for i, f := range failures {
		if !cloudadmin.IsConflict(f.cause) {
			continue
		}
		switch user := found[snapshot.Key(f.address)]; {
		case user == nil || user.ID != f.id:
			failures[i].cause = errReassigned
		case user.MarkDeleted:
			failures[i].cause = errPending
		default:
			failures[i].cause = errSynced
		}
	}
}
