// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
)

// The diagnostics of the golden file about what seldom happens.

// rareDiagnostics adds decisions about users of whom less is known, or other things.
func rareDiagnostics(out *printed) {
	for _, c := range []struct {
		name    string
		verdict access.Verdict
		set     func(*access.Decision)
	}{
		{"not to change, without a status", access.NotToChange, func(d *access.Decision) { d.From = "" }},
		{"two wishes in one map", access.TwoWishes, func(d *access.Decision) {
			d.Other = access.Wish{Who: cloudadmin.Email("ADA@example.com"), To: cloudadmin.Disabled, Here: true}
		}},
		{"pending deletion, no details", access.Pending, nil},
		{"contradicted by an earlier search", access.Contradicted, nil},
		{"contradicted, without a status", access.Contradicted, func(d *access.Decision) { d.Found.Shown = &cloudadmin.User{ID: d.ID} }},
		{"renamed, no address", access.Renamed, func(d *access.Decision) { d.Found.Another = &cloudadmin.User{ID: d.ID} }},
		{"renamed, only case differs", access.Renamed, func(d *access.Decision) {
			d.Found.Another = &cloudadmin.User{ID: d.ID, EmailAddress: "Ada@example.com"}
		}},
	} {
		out.add("plan: "+c.name, reported(planning, false, "1.15.0", decided(1, c.verdict, c.set))...)
	}
	out.subject("a user is different")
	for _, n := range []int{1, 2} {
		b := decided(n, access.AsWanted, func(d *access.Decision) { d.InState = false })
		leaves := decided(1, access.Change, func(d *access.Decision) {
			d.Who, d.Why, d.From, d.To = cloudadmin.Email("cy@example.com"), access.Leaves, cloudadmin.Enabled, cloudadmin.Disabled
		})
		b.Decisions = append(b.Decisions, leaves.Decisions...)
		out.add(fmt.Sprintf("plan, %d new", n), reported(planning, false, "1.15.0", b)...)
	}
	out.subject("new users as wanted, and one who leaves")
	for _, c := range []struct {
		verdict access.Verdict
		set     func(*access.Decision)
	}{
		{access.Pending, func(d *access.Decision) { d.User = marked() }},
		{access.SyncDisabled, func(d *access.Decision) { d.Err = refusedBy(409, "409 CONFLICT") }},
	} {
		out.add("apply", reported(applying, true, "1.13.0", decided(1, c.verdict, c.set))...)
	}
	out.subject("before Terraform 1.14, and in OpenTofu")
	r := reportOf(applying, true, "1.15.0", decided(1, access.NotTried, nil))
	r.ended = &explain.TimeoutError{Argument: "timeouts.update", After: 20 * time.Minute}
	out.add("apply", r.diagnostics()...)
	out.subject("an apply runs into its timeout")
}

func functionDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	p := newProtocol(t, newTestTenant(t))
	const now = "2026-12-31T00:00:00Z"
	for _, c := range []struct{ csv, at string }{
		{"email,status\nada@example.com,Enabled\n", "tomorrow"}, {"review.csv", now}, {"email,status\nada,Enabled\n\nben@example.com,Enable\n", now},
	} {
		_, failure := p.call("statuses", c.csv, c.at)
		out.failure("statuses", failure)
	}
	for _, c := range []struct {
		roster     string
		worksheets map[string]any
	}{
		{"id,email,status\n", map[string]any{"grace.csv": decisionsOfGrace}},
		{reviewedRoster, map[string]any{}},
		{reviewedRoster, map[string]any{"grace.csv": decisionsOfGrace}},
	} {
		_, failure := p.call("access_review", c.roster, c.worksheets, now)
		out.failure("access_review", failure)
	}
	out.subject("files and points in time")
}

// damaged is a private state that cannot be read.
type damaged struct{}

func (damaged) GetKey(context.Context, string) ([]byte, diag.Diagnostics) { return []byte("{"), nil }

func stateDiagnostics(t *testing.T, out *printed) {
	t.Helper()
	for _, moved := range []struct {
		from string
		to   resource.ResourceWithMoveState
	}{{"idplus_user_statuses", new(userStatusResource)}, {"idplus_user_status", new(userStatusesResource)}} {
		var resp resource.MoveStateResponse
		moved.to.MoveState(t.Context())[0].StateMover(t.Context(), resource.MoveStateRequest{SourceTypeName: moved.from}, &resp)
		out.add("plan", resp.Diagnostics...)
	}
	out.subject("a moved block between one user and many")
	_, diags := loadKnownUsers(t.Context(), damaged{})
	out.add("plan, apply or refresh", diags...)
	out.subject("a state is damaged")
	out.add("plan or apply", storePrivate(t.Context(), nil, usersKey, func() {})...)
	diags = nil
	new(configured).configure(types.StringNull(), &diags)
	out.add("any call", diags...)
	out.subject("bugs")
}
