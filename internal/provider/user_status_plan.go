// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// ModifyPlan reports what an apply would do, and refuses what it must not do.
func (r *userStatusResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return
	}
	p := &userStatusPlan{userStatusResource: r, req: req, resp: resp}
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &p.state)...)
	}
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &p.plan)...)
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &p.pin)...)
		resp.Diagnostics.Append(p.plan.problems()...)
	}
	known, diags := loadKnownUsers(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	p.known = known
	timeouts := p.plan.Timeouts
	if destroys {
		timeouts = p.state.Timeouts
	}
	timeout, diags := timeouts.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := within(ctx, timeout, "timeouts.read")
	defer cancel()
	switch {
	case destroys:
		p.destroy(ctx)
		resp.Diagnostics.Append(p.data.planDestroy(ctx, resp.Private)...)
	case creates:
		p.create(ctx)
	default:
		p.update(ctx)
	}
}

// userStatusPlan is one plan of one resource.
type userStatusPlan struct {
	*userStatusResource
	req         resource.ModifyPlanRequest
	resp        *resource.ModifyPlanResponse
	plan, state userStatusModel
	known       knownUsers
	// pin is the id that the configuration gives.
	pin types.String
}

// judge plans one decision.
func (p *userStatusPlan) judge(ctx context.Context, b *access.Batch) {
	if err := p.data.run.Plan(ctx, b); err != nil {
		p.resp.Diagnostics.Append(p.data.words.cannotRead(err))
		return
	}
	p.resp.Diagnostics.Append(p.report(planning, b).diagnostics()...)
}

// isKnown reports whether all that a decision depends on is known. If not, Terraform plans
// again in the apply.
func (p *userStatusPlan) isKnown() (who cloudadmin.Address, known bool) {
	who, known = p.plan.address()
	return who, known && !p.plan.Status.IsUnknown() && !p.plan.SearchUnsynced.IsUnknown() && !p.pin.IsUnknown()
}

func (p *userStatusPlan) create(ctx context.Context) {
	who, known := p.isKnown()
	if !known {
		p.resp.Diagnostics.Append(notKnownYet(path.Root("status")))
		p.keep(ctx, p.keepsUndecided(ctx))
		return
	}
	d := p.plan.adoption(who, p.pin)
	p.judge(ctx, &access.Batch{Decisions: []*access.Decision{d}, Read: p.plan.options()})
	// One attribute at a time: setting the whole plan loses sensitivity marks. Whether
	// the user is marked for deletion can change until the apply.
	if d.ID != "" && p.pin.IsNull() {
		p.resp.Diagnostics.Append(p.resp.Plan.SetAttribute(ctx, path.Root("id"), d.ID)...)
	}
	p.keep(ctx, keepsOf([]*access.Decision{d}, func(*access.Decision) bool { return true }))
}

// keepsUndecided returns the users that a create keeps if some of its values are unknown.
func (p *userStatusPlan) keepsUndecided(ctx context.Context) keeps {
	who, named := p.plan.address()
	if !named {
		return keeps{keepsAll}
	}
	found, err := p.data.memory.Lookup(ctx, who, snapshot.Options{})
	if err != nil || found.User == nil {
		return keeps{keepsAll}
	}
	return keeps{who.Key(), found.User.ID}
}

// keep stores which users the destroy half of a replacement must leave alone. Terraform
// hands the plan to create the private state of the plan before, which has whether the old
// person is kept elsewhere. It hands over nothing if the old object is tainted: then no
// plan has checked whether another resource wants the old person, and no user is
// disabled.
func (p *userStatusPlan) keep(ctx context.Context, kept keeps) {
	before := loadKeeps(ctx, p.req.Private)
	if before == nil {
		before = keeps{keepsAll}
	}
	p.resp.Diagnostics.Append(append(kept, before...).store(ctx, p.resp.Private)...)
}

func (p *userStatusPlan) update(ctx context.Context) {
	p.resp.Diagnostics.Append(keeps{}.store(ctx, p.resp.Private)...)
	was, _ := p.state.address()
	who, named := p.plan.address()
	moved := named && was.Key() != who.Key()
	if !named || moved && !p.isSamePerson(ctx, who) {
		if p.resp.Diagnostics.HasError() {
			return
		}
		// Terraform plans the new person next, as a create. It does not plan the destroy of
		// the old one.
		p.resp.RequiresReplace = append(p.resp.RequiresReplace, attributePath(was))
		if !named {
			p.resp.Diagnostics.Append(notKnownYet(attributePath(was)))
			return
		}
		p.destroy(ctx)
		p.announceNew(ctx, who)
		return
	}
	if moved {
		p.resp.Diagnostics.Append(p.resp.Identity.Set(ctx, p.plan.identity())...)
	}
	if _, known := p.isKnown(); !known {
		p.resp.Diagnostics.Append(notKnownYet(path.Root("status")))
		return
	}
	d := p.plan.decision(who, &p.state, p.known, p.pin)
	d.Moved = moved
	p.judge(ctx, &access.Batch{Decisions: []*access.Decision{d}, Idle: p.req.Plan.Raw.Equal(p.req.State.Raw)})
}

// announceNew reports what happens to the new person of a replacement, since Terraform
// shows no warnings of the plan to create that follows. Without a new person, the old one
// would be let go for nothing.
func (p *userStatusPlan) announceNew(ctx context.Context, who cloudadmin.Address) {
	if _, known := p.isKnown(); !known || p.resp.Diagnostics.HasError() {
		return
	}
	d := p.plan.adoption(who, p.pin)
	p.judge(ctx, &access.Batch{Decisions: []*access.Decision{d}, Read: p.plan.options()})
	if d.Verdict == access.Missing {
		p.resp.Diagnostics.AddAttributeError(attributePath(who), "No user has the new name: "+who.String(),
			"The name in the configuration differs from the name in the state, so this resource would stop managing its user, and then find no other.\n\nCorrect the spelling. If you no longer want to manage the user in the state, remove the resource instead.")
	}
}

// isSamePerson reports whether another name leads to the user in the state.
func (p *userStatusPlan) isSamePerson(ctx context.Context, who cloudadmin.Address) bool {
	found, err := p.data.memory.Lookup(ctx, who, snapshot.Options{})
	if err = cmp.Or(err, found.Refused); err != nil {
		p.resp.Diagnostics.Append(p.data.words.cannotRead(&snapshot.LookupError{Who: who, Cause: err}))
		return false
	}
	return found.User != nil && found.User.ID == p.state.ID.ValueString()
}

func (p *userStatusPlan) destroy(ctx context.Context) {
	d := p.state.leave(p.known)
	if !p.req.Plan.Raw.IsNull() {
		// With create_before_destroy, the apply is not handed what this plan knows.
		d.Why = access.Leaves
	}
	p.judge(ctx, &access.Batch{Decisions: []*access.Decision{d}})
	p.resp.Diagnostics.Append(keepsOf([]*access.Decision{d}, func(d *access.Decision) bool { return d.Verdict == access.Spared }).store(ctx, p.resp.Private)...)
}

// problems returns what is wrong with the known configured values. The plan checks them,
// since with count = 0 they need not be valid.
func (m *userStatusModel) problems() diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case m.Email.IsNull() && m.Username.IsNull():
		diags.AddAttributeError(path.Root("email"), "No user is named", "Set exactly one of email and username to identify the user.")
	case !m.Email.IsNull() && !m.Username.IsNull():
		diags.AddAttributeError(path.Root("email"), "User is named twice", "Set exactly one of email and username to identify the user. Remove one of the two.")
	}
	for _, name := range []struct {
		value types.String
		valid addressValidator
		at    path.Path
	}{{m.Email, validEmail, path.Root("email")}, {m.Username, validUsername, path.Root("username")}} {
		if name.value.IsNull() || name.value.IsUnknown() {
			continue
		}
		diags.Append(name.valid.check(name.at, name.value.ValueString())...)
	}
	if !m.Status.IsUnknown() {
		diags.Append(validStatus{}.check(path.Root("status"), m.Status.ValueString())...)
	}
	return diags
}
