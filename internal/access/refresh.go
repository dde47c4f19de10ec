// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"context"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// Refresh compares the state of a resource with the tenant. The decisions have the content
// of the state; a user of whom nothing is known, as after an import, is adopted. If search
// shows a difference, a look-up has to confirm it.
func (r *Run) Refresh(ctx context.Context, b *Batch) error {
	for _, d := range b.Decisions {
		d.From, d.ID = d.Was, d.Known.ID
	}
	options := b.Read
	options.FailIfNoneExist = r.doubts(b.Decisions)
	if err := r.learn(ctx, b.Decisions, options); err != nil {
		return err
	}
	var confirm []*Decision
	for _, d := range b.Decisions {
		if d.Found.BySearch && (d.isAnother() || d.Was != "" && d.From != d.Was) {
			confirm = append(confirm, d)
		}
	}
	if err := r.learn(ctx, confirm, snapshot.Options{}); err != nil {
		return err
	}
	if err := r.doubt(ctx, b, func(d *Decision) bool { return d.Was == cloudadmin.Disabled }); err != nil {
		return err
	}
	for _, d := range b.Decisions {
		d.Verdict = d.judgeRefresh()
	}
	if r.isWrongTenant(b) {
		return ErrWrongTenant
	}
	return nil
}

func (d *Decision) judgeRefresh() Verdict {
	switch {
	case d.isAnother():
		return Reassigned
	case d.User != nil && d.Found.Another != nil:
		return Followed
	case d.User != nil:
		return AsWanted
	}
	return d.whenMissing(d.Was != cloudadmin.Disabled)
}

// Refreshed returns what the state must have after a refresh. A user who is gone or another
// person is not kept, so that the plan shows it; a user whose status is uncertain stays
// unchanged.
func (d *Decision) Refreshed() (status cloudadmin.Status, known Known, kept bool) {
	unsure := d.Known
	unsure.Unsure = true
	switch d.Verdict {
	case Missing, Reassigned:
		return "", Known{}, false
	case Satisfied:
		return d.Was, Known{ID: d.Known.ID, Gone: true}, true
	case AsWanted, Followed:
	default:
		return d.Was, unsure, true
	}
	status = d.User.Effective()
	known = Known{
		ID: d.ID, Searched: d.Found.BySearch && (d.Known.ID == "" || d.Known.Searched),
		Pending: d.User.MarkDeleted.IsTrue(), Stood: d.User.MarkDeleted.IsTrue() && (d.Known.Stood || d.Was == cloudadmin.Enabled),
	}
	if d.Was != "" && d.Was != status {
		known.Drifted = d.Was
	}
	return status, known, true
}
