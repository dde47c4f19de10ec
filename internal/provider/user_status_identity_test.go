// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const userStatusType = "idplus_user_status"

// userState is a state of idplus_user_status with its identity.
type userState struct {
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// wantIdentity compares the identity of a state.
func (p *protocol) wantIdentity(s userState, kind, address string) {
	p.t.Helper()
	if s.identity == nil {
		p.t.Fatal("there is no identity")
	}
	if diff := cmp.Diff(map[string]string{kind: address}, p.attributes(p.identityType(userStatusType), s.identity.IdentityData)); diff != "" {
		p.t.Errorf("identity (-want +got):\n%s", diff)
	}
}

// importUser imports by an identity, and reads as Terraform does after that.
func (p *protocol) importUser(identity map[string]any) (userState, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	as := p.identityType(userStatusType)
	data, err := tfprotov6.NewDynamicValue(as, tfValue(p.t, as, identity))
	must(p.t, err)
	return p.importAs(&tfprotov6.ImportResourceStateRequest{Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data}})
}

func (p *protocol) importAs(request *tfprotov6.ImportResourceStateRequest) (userState, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	request.TypeName = userStatusType
	imported, err := p.server.ImportResourceState(p.t.Context(), request)
	must(p.t, err)
	if len(imported.Diagnostics) > 0 {
		return userState{}, imported.Diagnostics
	}
	one := imported.ImportedResources[0]
	return p.refresh(userState{one.State, one.Identity, one.Private})
}

func (p *protocol) refresh(s userState) (userState, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: userStatusType, CurrentState: s.state, CurrentIdentity: s.identity, Private: s.private,
	})
	must(p.t, err)
	return userState{read.NewState, read.NewIdentity, read.Private}, read.Diagnostics
}

// plan plans a configuration on top of a state, and wants those diagnostics; without a
// state it is a create.
func (p *protocol) plan(before userState, config map[string]any, want ...string) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	schema := p.ResourceSchemas[userStatusType]
	proposed := map[string]any{"id": unknown{}, "mark_deleted": unknown{}}
	if before.state != nil {
		proposed = map[string]any{}
		for name, value := range p.attributes(schema.ValueType(), before.state) {
			if name == "id" {
				proposed[name] = value
			}
			if name == "mark_deleted" {
				proposed[name] = value == "true"
			}
		}
	}
	configured := map[string]any{}
	for name, value := range config {
		proposed[name], configured[name] = value, value
	}
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: userStatusType, PriorState: p.orNull(before.state), PriorIdentity: before.identity, PriorPrivate: before.private,
		Config: p.value(schema, configured), ProposedNewState: p.value(schema, proposed),
	})
	must(p.t, err)
	wantTexts(p.t, planned.Diagnostics, want...)
	return planned
}

func (p *protocol) orNull(state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	p.t.Helper()
	if state != nil {
		return state
	}
	as := p.ResourceSchemas[userStatusType].ValueType()
	null, err := tfprotov6.NewDynamicValue(as, tftypes.NewValue(as, nil))
	must(p.t, err)
	return &null
}

// apply plans, wants those diagnostics, and applies.
func (p *protocol) apply(before userState, config map[string]any, want ...string) userState {
	p.t.Helper()
	planned := p.plan(before, config, want...)
	configured := map[string]any{}
	for name, value := range config {
		configured[name] = value
	}
	applied, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: userStatusType, PriorState: p.orNull(before.state), PlannedState: planned.PlannedState, PlannedIdentity: planned.PlannedIdentity,
		PlannedPrivate: planned.PlannedPrivate, Config: p.value(p.ResourceSchemas[userStatusType], configured),
	})
	must(p.t, err)
	wantTexts(p.t, applied.Diagnostics)
	return userState{applied.NewState, applied.NewIdentity, applied.Private}
}

// A result of a query imports by its identity with one look-up, and what Terraform
// generates from it plans no change.
func TestImportOfAQueryResult(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	must(t, tenant.SetStatus("ada@example.com", "Disabled"))
	p := newProtocol(t, tenant)
	found, said := p.query(query{resource: true})
	wantTexts(t, said)
	if len(found) != 1 || found[0].Identity != "email=ada@example.com" {
		t.Fatalf("found %v", found)
	}
	tenant.ResetCounts()
	imported, said := p.importUser(map[string]any{"email": "ada@example.com"})
	wantTexts(t, said)
	p.wantIdentity(imported, "email", "ada@example.com")
	stateType := p.ResourceSchemas[userStatusType].ValueType()
	if diff := cmp.Diff(found[0].Resource, p.attributes(stateType, imported.state)); diff != "" {
		t.Errorf("the import differs from the result of the query (-query +import):\n%s", diff)
	}
	planned := p.plan(imported, map[string]any{"email": "ada@example.com", "status": found[0].Resource["status"]})
	if diff := cmp.Diff(p.attributes(stateType, imported.state), p.attributes(stateType, planned.PlannedState)); diff != "" {
		t.Errorf("the plan changes (-state +plan):\n%s", diff)
	}
	p.sent(0, 1)
}

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, newTestTenant(t, "ada@example.com"))
	imported, said := p.importUser(map[string]any{"username": "ada"})
	wantTexts(t, said)
	p.wantIdentity(imported, "username", "ada")
	for name, tc := range map[string]struct {
		identity map[string]any
		want     string
	}{
		"neither":    {map[string]any{}, "Set exactly one of email and username"},
		"both":       {map[string]any{"email": "ada@example.com", "username": "ada"}, "Set exactly one of email and username"},
		"no address": {map[string]any{"email": "ada"}, `The email address "ada" has no @.`},
		"no such user": {map[string]any{"email": "ben@example.com"}, "User to import does not exist: ben@example.com | No user has this name in this tenant. " +
			"Correct the spelling, and check that admin_api_url is the tenant you mean. A user who is in the identity source but was never synchronized " +
			"has to be synchronized first (the next synchronization does that, and so does the action idplus_user_sync with search_unsynced = true)."},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := p.importUser(tc.identity)
			wantTexts(t, said, tc.want)
		})
	}
}

func TestIdentityOverALifecycle(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	p := newProtocol(t, tenant)
	created := p.apply(userState{}, map[string]any{"email": "ada@example.com", "status": "Disabled"},
		`WARNING AttributeName("status") User changes: ada@example.com: Enabled -> Disabled`)
	p.wantIdentity(created, "email", "ada@example.com")
	read, said := p.refresh(created)
	wantTexts(t, said)
	p.wantIdentity(read, "email", "ada@example.com")
	p = newProtocol(t, tenant) // Another run.
	updated := p.apply(read, map[string]any{"email": "ada@example.com", "status": "Enabled"})
	p.wantIdentity(updated, "email", "ada@example.com")
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("Ada is %s", got)
	}
	must(t, tenant.Delete("ada@example.com"))
	gone, said := p.refresh(updated)
	wantTexts(t, said, `WARNING AttributeName("email") User no longer exists: ada@example.com`)
	p.wantIdentity(gone, "email", "ada@example.com")
}
