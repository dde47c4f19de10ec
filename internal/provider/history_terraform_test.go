// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// tinyTerraform does with a provider what Terraform 1.11 does between a
// configuration and a state, and nothing else: no files, no expressions, no data
// sources. It follows internal/terraform of hashicorp/terraform v1.11.4
// (node_resource_abstract_instance.go, node_resource_apply_instance.go and their
// neighbors), also where that surprises; comments name those places. Resource
// identity, which came with 1.12, is carried as the later versions do.
type tinyTerraform struct {
	t        *testing.T
	provider func() map[string]any // arguments of the provider block
	state    tfState
	serial   int // of the state; a saved plan is only good for the one it was made of
	// start returns a new provider; nil: one that does not wait before it disables.
	start func() provider.Provider
	// wrap wraps each provider, to listen, unless it is nil.
	wrap func(tfprotov6.ProviderServer) tfprotov6.ProviderServer
	// hear receives all diagnostics, one call at a time, unless it is nil.
	hear func(address string, diagnostics []*tfprotov6.Diagnostic)
}

// tfState is what terraform.tfstate holds, by resource address.
type tfState map[string]*tfInstance

type tfInstance struct {
	kind    string
	current *tfObject // nil where only deposed objects are left
	deposed []*tfObject
	// dependencies are the resources that this one depended on, createBeforeDestroy
	// whether it was to be created so.
	dependencies        []string
	createBeforeDestroy bool
}

// tfObject is immutable.
type tfObject struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

func (s tfState) clone() tfState {
	copied := tfState{}
	for address, instance := range s {
		another := *instance
		another.deposed = slices.Clone(instance.deposed)
		copied[address] = &another
	}
	return copied
}

// tfBlock is a resource block. Its attributes may be unknown in the plan.
type tfBlock struct {
	kind                string
	attributes          func(planning bool) map[string]any
	createBeforeDestroy bool
	knownInPlan         bool
	dependsOn           []string // also by what those depend on
}

type tfAction string

const (
	tfNoOp             tfAction = "no-op"
	tfCreate           tfAction = "create"
	tfUpdate           tfAction = "update"
	tfDelete           tfAction = "delete"
	tfDeleteThenCreate tfAction = "delete, then create"
	tfCreateThenDelete tfAction = "create, then delete"
)

func (a tfAction) replaces() bool { return a == tfDeleteThenCreate || a == tfCreateThenDelete }

// tfChange is one change of a plan.
type tfChange struct {
	address, kind   string
	action          tfAction
	block           *tfBlock  // nil for a delete
	deposed         *tfObject // the object to delete, where that is not the current one
	before          *tfObject // with a null value: none
	after           tftypes.Value
	private         []byte
	plannedIdentity *tfprotov6.ResourceIdentityData
}

type tfPlan struct {
	process *tfProcess
	blocks  map[string]*tfBlock
	prior   tfState // the state, refreshed
	serial  int
	changes []*tfChange
	failed  bool
}

func (p *tfPlan) change(address string) *tfChange {
	for _, c := range p.changes {
		if c.address == address && c.deposed == nil {
			return c
		}
	}
	return nil
}

// tfOptions are those of a command, and what is random.
type tfOptions struct {
	noRefresh   bool
	refreshOnly bool     // no change is planned
	replace     []string // -replace
	known       bool     // what is otherwise unknown in a plan is known
	readsFirst  bool     // every refresh of a plan comes before everything else
	parallel    bool
	// newer is a Terraform that refreshes what left the configuration before it plans the
	// destroy; 1.11 plans first, from the old state.
	newer bool
	order uint64 // a seed
}

// tfProcess is a process of the provider: it lives as long as one walk of
// Terraform's graph.
type tfProcess struct {
	*tinyTerraform
	ctx     context.Context
	die     context.CancelFunc
	server  tfprotov6.ProviderServer
	dead    atomic.Bool // the results of what is under way are lost
	stopped atomic.Bool // nothing more is begun

	mu        sync.Mutex
	said      map[string][]*tfprotov6.Diagnostic // by resource address
	failed    bool
	bugs      []string        // what Terraform reports as a bug of the provider
	done      []tfDone        // what was carried out
	refreshed map[string]bool // addresses whose current object was read without an error
}

type tfDone struct {
	address string
	action  tfAction
}

var tfSchemas = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return providerserver.NewProtocol6(unsettled())().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

func (tf *tinyTerraform) schemas() *tfprotov6.GetProviderSchemaResponse {
	schemas, err := tfSchemas()
	must(tf.t, err)
	return schemas
}

func (tf *tinyTerraform) typeOf(kind string) tftypes.Type {
	return tf.schemas().ResourceSchemas[kind].ValueType()
}

func (tf *tinyTerraform) wire(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	must(tf.t, err)
	return &encoded
}

func (tf *tinyTerraform) unwire(kind string, value *tfprotov6.DynamicValue) tftypes.Value {
	if value == nil {
		return tftypes.NewValue(tf.typeOf(kind), nil)
	}
	decoded, err := value.Unmarshal(tf.typeOf(kind))
	must(tf.t, err)
	return decoded
}

// newProcess starts and configures a provider. It returns nil if that fails.
func (tf *tinyTerraform) newProcess() *tfProcess {
	ctx, die := context.WithCancel(context.Background())
	start := tf.start
	if start == nil {
		start = unsettled
	}
	p := &tfProcess{
		tinyTerraform: tf, ctx: ctx, die: die,
		server: providerserver.NewProtocol6(start())(), said: map[string][]*tfprotov6.Diagnostic{}, refreshed: map[string]bool{},
	}
	if tf.wrap != nil {
		p.server = tf.wrap(p.server)
	}
	schema := tf.schemas().Provider
	configured, err := p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: tf.wire(tfValue(tf.t, schema.ValueType(), tf.provider())),
	})
	must(tf.t, err)
	p.note("provider", configured.Diagnostics)
	return p
}

// note keeps diagnostics, and reports whether there is an error among them.
func (p *tfProcess) note(address string, diagnostics []*tfprotov6.Diagnostic) (failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said[address] = append(p.said[address], diagnostics...)
	if p.hear != nil {
		p.hear(address, diagnostics)
	}
	failed = hasErrors(diagnostics)
	p.failed = p.failed || failed
	return failed
}

func hasErrors(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// bug notes what Terraform reports as the provider's bug, which fails the resource.
func (p *tfProcess) bug(address, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = true
	p.bugs = append(p.bugs, address+": "+fmt.Sprintf(format, args...))
}

// over reports whether Terraform has ended.
func (p *tfProcess) over() bool { return p.dead.Load() }

// privateText returns what a provider keeps beside a state, to search for ids in it.
func privateText(private []byte) string {
	var values map[string][]byte
	if json.Unmarshal(private, &values) != nil {
		return string(private)
	}
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if key == plannedByKey {
			continue // It differs in every run.
		}
		text.Write(values[key])
		text.WriteByte('\n')
	}
	return text.String()
}

// unsettled returns a provider that does not wait before it disables leavers:
// tinyTerraform chooses the order instead.
func unsettled() provider.Provider {
	return &idplusProvider{version: "test", getenv: os.Getenv}
}
