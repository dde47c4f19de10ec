// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// temperamentRun plays the scenario in one cell of the matrix, with tinyTerraform.
type temperamentRun struct {
	t      *testing.T
	cell   temperamentCell
	tenant *testTenant
	tf     *tinyTerraform
	blocks map[string]*historyBlock
	// leaving are addresses that have left the configuration to be Disabled.
	leaving map[string]bool
	client  simulator.OAuthClient
	steps   int // while the tenant lags
	retries int
	scopes  []any

	mu sync.Mutex
	// said is what was said since the last step, heard what was ever said.
	said  []string
	heard []string
}

func newTemperamentRun(t *testing.T, cell temperamentCell) *temperamentRun {
	t.Helper()
	tenant := temperamentTenant(t)
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(t, err)
	r := &temperamentRun{
		t: t, cell: cell, tenant: tenant, blocks: map[string]*historyBlock{}, leaving: map[string]bool{}, client: client,
		scopes: []any{simulator.ScopeRead, simulator.ScopeManage, simulator.ScopeDeleteSoft},
	}
	r.tf = &tinyTerraform{t: t, provider: r.arguments, state: tfState{}}
	r.tf.hear = func(address string, diagnostics []*tfprotov6.Diagnostic) { r.hear(address, diagnostics) }
	for _, s := range cell.switches() {
		must(t, tenant.SetTemperament(s.name, s.answer))
	}
	return r
}

func (r *temperamentRun) arguments() map[string]any {
	all := map[string]any{
		"admin_api_url": r.tenant.server.AdminAPIURL(), "requests_per_second": 1e6, "max_concurrent_requests": 4,
		"oauth": map[string]any{
			"issuer_url": r.tenant.server.IssuerURL(), "client_id": r.client.ClientID, "private_key": r.client.PrivateKeyJWK,
			"scopes": slices.Clone(r.scopes),
		},
	}
	if !r.cell.limited() {
		all["max_retries"] = r.retries
	}
	return all
}

// hear keeps what is said.
func (r *temperamentRun) hear(address string, diagnostics []*tfprotov6.Diagnostic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range texts(diagnostics) {
		r.said = append(r.said, address+": "+text)
		r.heard = append(r.heard, address+": "+text)
	}
}

// forget returns what was said since the last step, and forgets it.
func (r *temperamentRun) forget() (said []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	said, r.said = r.said, nil
	return said
}

func isError(text string) bool { return strings.Contains(text, ": ERROR ") }

// names reports whether somebody is named in what was said. What is said of users is
// said by their addresses.
func names(said []string, address string) bool {
	return slices.ContainsFunc(said, func(text string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(address))
	})
}

// begin has the tenant forget what was asked.
func (r *temperamentRun) begin(*tfProcess) { r.tenant.ResetCounts() }

func (r *temperamentRun) tfBlocks() map[string]*tfBlock { return tfBlocksOf(r.blocks) }

// settle ends the lag of a tenant that lags, for the moment.
func (r *temperamentRun) settle() {
	for _, s := range r.cell.switches() {
		switch {
		case strings.HasSuffix(s.name, "-lag"):
			d, err := time.ParseDuration(s.answer)
			must(r.t, err)
			r.tenant.Advance(d + time.Second)
		case strings.HasPrefix(s.name, "frozen-"):
			must(r.t, r.tenant.SetTemperament(s.name, "off"))
		}
	}
}

// lagAgain has the tenant lag again, from now on.
func (r *temperamentRun) lagAgain() {
	for _, s := range r.cell.switches() {
		if strings.HasPrefix(s.name, "frozen-") {
			must(r.t, r.tenant.SetTemperament(s.name, s.answer))
		}
	}
}

// converge is one step of the scenario: the configuration is applied, and planned
// once more. The errors that it may say are listed; a cell may say others.
func (r *temperamentRun) converge(step string, may ...string) {
	r.t.Helper()
	if r.t.Failed() {
		return // What follows is of no use.
	}
	if r.cell.lags() {
		// While the tenant lags, nothing can be right for certain, but nothing gets worse.
		times := []string{"while it lags", "while it lags, again"}
		if r.steps++; r.steps > 3 {
			times = times[:1] // It has been seen what comes of that.
		}
		for _, when := range times {
			r.applyOnce(step+", "+when, append(may, r.cell.whileItLags...), true)
		}
		r.settle()
		defer r.lagAgain()
	}
	said := r.applyOnce(step, may, false)
	if r.cell.lags() {
		r.settle()
	}
	r.planAgain(step, may, said)
}

// applyOnce plans and applies. It returns what was said.
func (r *temperamentRun) applyOnce(step string, may []string, lags bool) (said []string) {
	r.t.Helper()
	r.forget()
	before, state := users(r.tenant.Users()), r.tf.state.clone()
	plan := r.tf.plan(r.tfBlocks(), tfOptions{}, r.begin)
	r.judgeProcess(step+", plan", plan.process)
	r.judgeNoChange(step+", plan", before)
	var puts []put
	if plan.failed {
		r.excuse(plan)
	} else {
		p := r.tf.apply(plan, tfOptions{}, r.begin)
		puts = putsOf(r.tenant.Requests())
		r.judgeProcess(step+", apply", p)
	}
	said = r.forget()
	r.judgeErrors(step, said, may)
	// Who leaves and looks disabled since the last refresh alone is disabled again.
	puts = slices.DeleteFunc(puts, (&applied{plan: plan}).isDrifted)
	r.judgePuts(step, before, puts, lags)
	r.judgeTenant(step, before, state, said, lags)
	return said
}

// excuse takes what a plan shows that cannot be applied for said: its lines, and all of
// a resource with an error.
func (r *temperamentRun) excuse(plan *tfPlan) {
	for _, c := range plan.changes {
		if c.action != tfNoOp {
			r.said = append(r.said, fmt.Sprintf("%s: the plan shows %s", c.address, c.after))
		}
	}
	for name, block := range r.blocks {
		if hasErrors(plan.process.said[name]) {
			for _, row := range block.rows {
				r.said = append(r.said, name+": is not planned, nor is "+row.address)
			}
		}
	}
}

// planAgain is the plan after an apply: empty, or not without a word. What the apply
// refused it need not say once more.
func (r *temperamentRun) planAgain(step string, may, applied []string) {
	r.t.Helper()
	r.forget()
	plan := r.tf.plan(r.tfBlocks(), tfOptions{}, r.begin)
	r.judgeProcess(step+", second plan", plan.process)
	said := r.forget()
	r.judgeErrors(step+", second plan", said, may)
	said = append(said, slices.DeleteFunc(applied, func(text string) bool { return !isError(text) && !strings.Contains(text, ": the plan shows ") })...)
	for _, c := range plan.changes {
		if c.action == tfNoOp {
			continue
		}
		if !slices.ContainsFunc(said, func(text string) bool { return strings.HasPrefix(text, c.address+": ") }) {
			r.t.Errorf("%s: the second plan would %s %s, without a word: %s", step, c.action, c.address, c.after)
		}
	}
}

// judgeProcess holds a process of the provider to Terraform's rules.
func (r *temperamentRun) judgeProcess(step string, p *tfProcess) {
	r.t.Helper()
	for _, bug := range p.bugs {
		r.t.Errorf("%s: Terraform would call this a bug in the provider: %s", step, bug)
	}
}

func (r *temperamentRun) judgeErrors(step string, said, may []string) {
	r.t.Helper()
	for _, text := range said {
		expected := func(words string) bool { return containsWords(text, words) }
		if isError(text) && !slices.ContainsFunc(may, expected) && !slices.ContainsFunc(r.cell.may, expected) {
			r.t.Errorf("%s: an error that is not expected: %s", step, text)
		}
		if found := unfit.FindString(text); found != "" && !strings.Contains(text, ": the plan shows ") {
			r.t.Errorf("%s: %q is no text for people: %s", step, found, text)
		}
	}
}

// containsWords reports whether a text has words in it, "..." being anything in between.
func containsWords(text, words string) bool {
	for part := range strings.SplitSeq(words, "...") {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// judgeNoChange compares the tenant with what it was.
func (r *temperamentRun) judgeNoChange(step string, before users) {
	r.t.Helper()
	for _, u := range r.tenant.Users() {
		if was, ok := before.byID(u.ID); !ok || was.Status != u.Status || was.MarkDeleted != u.MarkDeleted {
			r.t.Errorf("%s: %s is %s, was %s", step, u.Email, u.Status, was.Status)
		}
	}
}

// judgePuts asks of each PUT whether it was needed.
func (r *temperamentRun) judgePuts(step string, before users, puts []put, lags bool) {
	r.t.Helper()
	is := map[string]string{}
	for _, p := range puts {
		u, known := before.byID(p.id)
		if !known && r.tenant.Temperament("unknown-user") == "400" {
			continue // That tells nobody that the user is gone.
		}
		if !known {
			r.t.Errorf("%s: a PUT for somebody who is not there: %s", step, p.id)
			continue
		}
		status := u.Status
		if changed, ok := is[p.id]; ok {
			status = changed
		}
		switch {
		case lags:
		case status == p.status, u.MarkDeleted && p.status == simulator.Disabled:
			r.t.Errorf("%s: a PUT of %s for %s, who is so already", step, p.status, u.Email)
		case u.MarkDeleted:
			r.t.Errorf("%s: a PUT of %s for %s, who is pending deletion", step, p.status, u.Email)
		}
		if p.answer == http.StatusOK {
			is[p.id] = p.status
		}
	}
}

// judgeTenant compares the tenant with the configuration. Where that is not as it
// should be, it was said of the user. While the tenant lags, nobody may be moved away
// from what is wanted.
func (r *temperamentRun) judgeTenant(step string, before users, state tfState, said []string, lags bool) {
	r.t.Helper()
	wanted := map[string]string{} // by address
	for _, block := range r.blocks {
		for _, row := range block.rows {
			wanted[row.key()] = row.status
		}
	}
	for address := range r.leaving {
		wanted[address] = simulator.Disabled
	}
	ofIDs := map[string]string{}
	for address, status := range wanted {
		u, found := r.tenant.User(address)
		ofIDs[u.ID] = status
		was, _ := before.byID(u.ID)
		switch {
		case found && (u.Status == status || u.MarkDeleted && status == simulator.Disabled):
		case !found && status == simulator.Disabled && !lags: // Gone is as good.
		case lags && (!found || was.Status != status):
		case lags:
			r.t.Errorf("%s: %s was %s as wanted, and is %s now", step, address, was.Status, u.Status)
		case !names(said, address):
			r.t.Errorf("%s: %s is %q instead of %s, without a word", step, address, u.Status, status)
		}
	}
	for _, was := range before {
		u, found := users(r.tenant.Users()).byID(was.ID)
		if _, decided := ofIDs[was.ID]; decided {
			if found && u.MarkDeleted && was.Status == simulator.Disabled && u.Status == simulator.Enabled {
				r.t.Errorf("%s: %s is pending deletion and was enabled", step, u.Email)
			}
			continue
		}
		if r.cell.change != "" && slices.ContainsFunc(slices.Collect(maps.Values(state)), func(i *tfInstance) bool { return i.current.mentions(was.ID) }) {
			continue // The state knows the person, under whatever address.
		}
		if !found || u.Status != was.Status || u.MarkDeleted != was.MarkDeleted {
			r.t.Errorf("%s: nobody decided about %s, who is %s and was %s", step, was.Email, u.Status, was.Status)
		}
	}
}

// saysAll asks whether all that the cell has to say was said.
func (r *temperamentRun) saysAll() {
	r.t.Helper()
	for _, words := range r.cell.says {
		if !slices.ContainsFunc(r.heard, func(text string) bool { return containsWords(text, words) }) {
			r.t.Errorf("never said: %q", words)
		}
	}
}

// wants sets a row of a block, or adds it.
func (r *temperamentRun) wants(name, address, status string) {
	block := *r.blocks[name]
	block.rows = slices.Clone(block.rows)
	i := slices.IndexFunc(block.rows, func(row historyRow) bool { return strings.EqualFold(row.address, address) })
	if i < 0 {
		block.rows = append(block.rows, historyRow{address: address, status: status})
	} else {
		block.rows[i].address, block.rows[i].status = address, status
	}
	delete(r.leaving, strings.ToLower(address))
	r.blocks[name] = &block
}

// lets takes rows out of a block, or the whole block where none is given.
func (r *temperamentRun) lets(name string, addresses ...string) {
	block := *r.blocks[name]
	block.rows = slices.DeleteFunc(slices.Clone(block.rows), func(row historyRow) bool {
		goes := len(addresses) == 0 || slices.ContainsFunc(addresses, func(a string) bool { return strings.EqualFold(a, row.address) })
		if goes && block.leave == onDestroyDisable && r.holds(name, row) {
			r.leaving[row.key()] = true
		}
		return goes
	})
	r.blocks[name] = &block
	if len(block.rows) == 0 {
		delete(r.blocks, name)
	}
}

// holds reports whether the state has a row: nobody else is disabled by leaving.
func (r *temperamentRun) holds(name string, row historyRow) bool {
	return r.tf.state[name] != nil && slices.ContainsFunc(claimsOf(r.tf.state[name].current), func(c claim) bool { return c.key() == row.key() })
}

// process is a provider of its own, to speak to.
func (r *temperamentRun) process() *protocol {
	p := r.tf.newProcess()
	r.tenant.ResetCounts()
	return &protocol{r.t, r.tenant, p.server, r.tf.schemas(), r.process}
}

// read reads a data source.
func (r *temperamentRun) read(kind string, config map[string]any) (map[string]string, *tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	r.t.Helper()
	p := r.process()
	schema := p.DataSourceSchemas[kind]
	answer, err := p.server.ReadDataSource(r.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: p.value(schema, config)})
	must(r.t, err)
	r.hear("data "+kind, answer.Diagnostics)
	return p.attributes(schema.ValueType(), answer.State), answer.State, answer.Diagnostics
}

func sortedNames(blocks map[string]*historyBlock) []string { return slices.Sorted(maps.Keys(blocks)) }

func numberedUser(i int) string { return fmt.Sprintf("user%02d@example.com", i) }
