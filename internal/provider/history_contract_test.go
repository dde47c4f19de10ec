// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Histories are worth as much as tinyTerraform is like Terraform: both take the same steps
// here, and must send the provider the same calls.
func TestTinyTerraformIsLikeTerraform(t *testing.T) {
	t.Parallel()
	if !isAtLeast(t, "1.11.0") {
		t.Skip("tinyTerraform imitates Terraform 1.11 and later: before, a destroy was planned in another order")
	}
	newer := isAtLeast(t, "1.12.0")
	for name, script := range map[string]string{
		"create, no change, update, remove": `
			single s1 email=ada status=Disabled destroy=disable
			apply
			apply
			single s1 email=ada status=Enabled destroy=disable
			apply
			remove s1
			apply`,
		"replaced by another address": `
			single s1 email=ada status=Disabled destroy=disable
			apply
			single s1 email=ben status=Enabled
			apply`,
		"replaced by request": `
			single s1 username=eve status=Enabled destroy=disable
			apply
			apply replace=s1`,
		"replaced by request, created before": `
			map m1 removal=disable cbd ada=Disabled ben=Enabled
			apply
			apply replace=m1`,
		"one replaced by request, created before": `
			single s1 email=ada status=Enabled destroy=disable cbd
			apply
			apply replace=s1
			apply`,
		"a map replaced by request": `
			map m1 removal=disable read=lookup ada=Disabled ben=Enabled
			apply
			apply replace=m1`,
		"tainted": `
			map m1 removal=disable ada=Disabled ben=Enabled
			apply
			taint m1
			apply
			taint m1
			map m1 removal=disable cbd ada=Disabled ben=Enabled
			apply`,
		"changed by others": `
			map m1 removal=disable ada=Disabled ben=Enabled dee=Disabled
			single s1 email=cyd status=Enabled
			apply
			enable ada
			delete dee
			reassign cyd
			apply
			apply norefresh`,
		"unknown in the plan": `
			map m1 removal=disable ada=Disabled ben=Enabled?
			apply
			apply
			map m1 removal=disable unknown ada=Enabled ben=Enabled
			apply
			apply replace=m1`,
		"unknown address": `
			single s1 email=ada? status=Enabled?
			apply
			apply`,
		"destroyed": `
			map m1 removal=disable ada=Disabled ben=Enabled
			apply
			mark ada
			destroy`,
		"destroyed without a refresh": `
			single s1 email=ada status=Disabled destroy=disable
			apply
			enable ada
			destroy norefresh`,
		"in the order of dependencies": `
			single s1 email=ada status=Disabled destroy=disable after=s2
			single s2 email=ben status=Disabled destroy=disable
			apply
			single s2 email=ben status=Enabled destroy=disable
			single s1 email=ada status=Enabled destroy=disable after=s2
			apply
			remove s1
			remove s2
			apply`,
		"a dependency is destroyed before what stays is updated": `
			single s1 email=ada status=Disabled after=s2
			single s2 email=ben status=Disabled destroy=disable
			apply
			remove s2
			single s1 email=ada status=Enabled
			apply`,
		"dependencies replaced": `
			single s1 email=ada status=Disabled destroy=disable after=s2
			single s2 email=ben status=Disabled destroy=disable
			apply
			apply replace=s1,s2`,
		"dependencies replaced, created before": `
			single s1 email=ada status=Disabled destroy=disable cbd after=s2
			single s2 email=ben status=Disabled destroy=disable
			apply
			apply replace=s1,s2`,
		"failures": `
			map m1 removal=disable read=lookup ada=Disabled ben=Disabled
			single s1 email=cyd status=Disabled destroy=disable
			fault ben conflict
			fault cyd error
			apply
			apply
			map m1 removal=disable read=lookup ada=Enabled ben=Enabled
			single s1 email=cyd status=Enabled destroy=disable cbd
			fault ada conflict
			fault cyd conflict
			apply
			apply
			remove m1
			fault cyd error
			apply replace=s1
			apply`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tiny, terraform := new(listener), newReal(t)
			h, end := newHistory(t)
			defer end()
			h.tf.wrap = tiny.around
			other, end := newHistory(t)
			defer end()
			h.quiet, h.newer = true, newer
			for line := range strings.Lines(script) {
				s, ok := parseStep(line)
				if !ok {
					continue
				}
				h.do(s)
				terraform.do(other, s)
				if diff := cmp.Diff(terraform.listener.heard(), tiny.heard()); diff != "" {
					t.Fatalf("after %q: - is what Terraform asks, + what its imitation does\n%s", strings.TrimSpace(line), diff)
				}
			}
		})
	}
}

// isAtLeast reports whether Terraform has this version. It skips the test for OpenTofu.
func isAtLeast(t *testing.T, least string) bool {
	t.Helper()
	product, number := terraformVersion(t)
	if product == "OpenTofu" {
		t.Skip("tinyTerraform imitates Terraform, not OpenTofu")
	}
	return number.GreaterThanOrEqual(version.Must(version.NewVersion(least)))
}

// listener records the calls to a provider.
type listener struct {
	mu    sync.Mutex
	calls map[string][]string // by resource, in order, since the last Configure
	walks []map[string][]string
}

func (l *listener) around(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return &listened{server, l}
}

// heard returns the walks so far that have calls, and forgets them.
func (l *listener) heard() []map[string][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	walks := slices.DeleteFunc(append(l.walks, l.calls), func(calls map[string][]string) bool { return len(calls) == 0 })
	l.walks, l.calls = nil, nil
	for _, calls := range walks {
		for _, all := range calls {
			// A resource and its deposed object are read in any order.
			if isRead := func(call string) bool { return strings.HasPrefix(call, "read") }; slices.ContainsFunc(all, isRead) && len(all) > 3 {
				slices.Sort(all)
			}
		}
	}
	return walks
}

type listened struct {
	tfprotov6.ProviderServer
	to *listener
}

func (l *listened) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	l.to.mu.Lock()
	l.to.walks, l.to.calls = append(l.to.walks, l.to.calls), map[string][]string{}
	l.to.mu.Unlock()
	return l.ProviderServer.ConfigureProvider(ctx, req)
}

func (l *listened) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	l.to.note(req.TypeName, "read", req.Private, req.CurrentState)
	return l.ProviderServer.ReadResource(ctx, req)
}

func (l *listened) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	l.to.note(req.TypeName, "plan", req.PriorPrivate, req.PriorState, req.Config, req.ProposedNewState)
	return l.ProviderServer.PlanResourceChange(ctx, req)
}

func (l *listened) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	l.to.note(req.TypeName, "apply", req.PlannedPrivate, req.PriorState, req.Config, req.PlannedState)
	return l.ProviderServer.ApplyResourceChange(ctx, req)
}

// successor matches the id of a user who was added later; it differs in each run.
var successor = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]*[a-f][0-9a-f]*`)

func (l *listener) note(kind, call string, private []byte, values ...*tfprotov6.DynamicValue) {
	schemas, err := tfSchemas()
	if err != nil {
		panic(err) // Another test checks that.
	}
	text := call
	for _, value := range values {
		decoded, err := value.Unmarshal(schemas.ResourceSchemas[kind].ValueType())
		if err != nil {
			panic(err) // Terraform sends what the schema says.
		}
		text += "\n  " + readable(decoded)
	}
	text += "\n  private " + readablePrivate(private)
	text = successor.ReplaceAllString(text, "successor")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[kind] = append(l.calls[kind], text)
}

func readable(value tftypes.Value) string {
	switch {
	case !value.IsKnown():
		return "unknown"
	case value.IsNull():
		return "null"
	}
	var values map[string]tftypes.Value
	if value.As(&values) != nil {
		return value.String()
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !values[name].IsKnown() || !values[name].IsNull() {
			all = append(all, name+"="+readable(values[name]))
		}
	}
	return "{" + strings.Join(all, " ") + "}"
}

func readablePrivate(private []byte) string {
	var values map[string]json.RawMessage
	if json.Unmarshal(private, &values) != nil {
		return string(private)
	}
	return strings.ReplaceAll(privateText(private), "\n", " ")
}

// realTerraform takes steps with the Terraform at hand.
type realTerraform struct {
	*workspace
	listener *listener
	init     sync.Once
}

func newReal(t *testing.T) *realTerraform {
	t.Helper()
	r := &realTerraform{listener: &listener{}}
	ctx, cancel := context.WithCancel(context.Background())
	attach, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("registry.terraform.io/idplus-community/idplus",
			func() tfprotov6.ProviderServer {
				return r.listener.around(providerserver.NewProtocol6(unsettled())())
			},
			tf6server.WithDebug(ctx, attach, closed), tf6server.WithLoggingSink(t), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	config := <-attach
	t.Cleanup(func() { cancel(); <-closed })
	where, err := json.Marshal(map[string]any{"idplus-community/idplus": map[string]any{
		"Protocol": "grpc", "ProtocolVersion": 6, "Pid": config.Pid, "Test": true,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	must(t, err)
	r.workspace = newTerraformWorkspace(t, nil)
	r.env = append(slices.DeleteFunc(r.env, func(v string) bool { return strings.HasPrefix(v, "TF_CLI_CONFIG_FILE=") }), "TF_REATTACH_PROVIDERS="+string(where))
	return r
}

// do takes the step with the tenant and the configuration of a history.
func (r *realTerraform) do(h *history, s step) {
	r.t.Helper()
	r.tenant = h.tenant
	var command []string
	switch s.verb {
	case "apply", "destroy":
		command = []string{s.verb, "-auto-approve"}
	case "taint":
		command = []string{"taint"}
	default:
		h.do(s)
		return
	}
	var config strings.Builder
	fmt.Fprintf(&config, "provider \"idplus\" {\n")
	for name, value := range h.provider() {
		text, err := json.Marshal(value)
		must(r.t, err)
		fmt.Fprintf(&config, "  %s = %s\n", name, text)
	}
	// Replaced with each run, so that its output is never known in a plan.
	fmt.Fprintf(&config, "}\nresource \"terraform_data\" \"late\" {\n  input = 1\n  triggers_replace = timestamp()\n}\n")
	for _, name := range slices.Sorted(maps.Keys(h.blocks)) {
		h.blocks[name].hcl(&config, name)
		if s.verb == "taint" && s.argument(0) == name {
			command = append(command, h.blocks[name].kind()+"."+name)
		}
		if slices.Contains(h.options(s).replace, name) {
			command = append(command, "-replace="+h.blocks[name].kind()+"."+name)
		}
	}
	if h.options(s).noRefresh {
		command = append(command, "-refresh=false")
	}
	r.write("main.tf", config.String())
	r.init.Do(func() { r.terraform("init").succeeds() })
	var remove []func()
	if s.verb == "apply" {
		remove = h.disturb(nil)
		h.faults = nil
	}
	outcome := r.terraform(command...)
	r.t.Logf("%v: %s", command, outcome.text)
	for _, f := range remove {
		f()
	}
}

func kindOfName(name string) string {
	return (&historyBlock{single: strings.HasPrefix(name, "s")}).kind()
}

func (b *historyBlock) hcl(config *strings.Builder, name string) {
	value := func(text string, unknown bool) string {
		if unknown {
			return fmt.Sprintf("terraform_data.late.output == 1 ? %q : \"\"", text)
		}
		return fmt.Sprintf("%q", text)
	}
	fmt.Fprintf(config, "resource %q %q {\n", b.kind(), name)
	if b.single {
		row := b.rows[0]
		attribute := "email"
		if row.byUsername {
			attribute = "username"
		}
		fmt.Fprintf(config, "  %s = %s\n  status = %s\n", attribute, value(row.address, row.addressUnknown), value(row.status, row.unknown))
		if b.leave != "" {
			fmt.Fprintf(config, "  on_destroy = %q\n", b.leave)
		}
	} else {
		suffix := ""
		if b.unknown {
			suffix = "if terraform_data.late.output == 1"
		}
		fmt.Fprintf(config, "  statuses = { for address, status in {\n")
		for _, row := range b.rows {
			fmt.Fprintf(config, "    %q = %s\n", row.address, value(row.status, row.unknown))
		}
		fmt.Fprintf(config, "  } : address => status %s}\n", suffix)
		if b.leave != "" {
			fmt.Fprintf(config, "  on_removal = %q\n", b.leave)
		}
		if b.readWith != "" {
			fmt.Fprintf(config, "  read_with = %q\n", b.readWith)
		}
	}
	if len(b.after) > 0 {
		var after []string
		for _, dep := range b.after {
			after = append(after, kindOfName(dep)+"."+dep)
		}
		fmt.Fprintf(config, "  depends_on = [%s]\n", strings.Join(after, ", "))
	}
	if b.createBeforeDestroy {
		fmt.Fprintf(config, "  lifecycle {\n    create_before_destroy = true\n  }\n")
	}
	fmt.Fprintf(config, "}\n")
}
