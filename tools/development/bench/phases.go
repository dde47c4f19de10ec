// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/tools/development/bench/usage"
)

// measured is what a phase has cost in the best of all runs, with the most traffic
// of any.
type measured struct {
	phase           phase
	provider, floor cost
	traffic         traffic
	misses          []string // of the budget, over all runs
	crowded         []string // more connections than allowed, likewise
}

// traffic is what the tenant counted.
type traffic struct {
	Requests    map[simulator.Kind]int // with those that were refused
	Refused     map[simulator.Kind]int
	Connections int
	Sending     time.Duration // from the arrival of the first request to that of the last
}

func trafficOf(tenant *simulator.Tenant) traffic {
	t := traffic{Requests: map[simulator.Kind]int{}, Refused: map[simulator.Kind]int{}, Connections: tenant.Connections()}
	for _, kind := range simulator.Kinds() {
		t.Requests[kind], t.Refused[kind] = tenant.Count(kind), tenant.Refused(kind)
	}
	if log := tenant.Requests(); len(log) > 0 {
		t.Sending = log[len(log)-1].At.Sub(log[0].At)
	}
	return t
}

func (t traffic) refused() int {
	sum := 0
	for _, n := range t.Refused {
		sum += n
	}
	return sum
}

func (t traffic) worst(another traffic) traffic {
	for kind := range another.Requests {
		t.Requests[kind] = max(t.Requests[kind], another.Requests[kind])
		t.Refused[kind] = max(t.Refused[kind], another.Refused[kind])
	}
	t.Connections = max(t.Connections, another.Connections)
	t.Sending = min(t.Sending, another.Sending)
	return t
}

// conditions are the same for every run.
type conditions struct {
	terraform terraform
	temporary string
	latency   time.Duration
	rate      float64
	runs      int
}

// review is N users' decisions in one CSV file, in a folder for the provider and
// in one for the floor.
type review struct {
	conditions
	size
	tenant *simulator.Tenant
	domain string // of all addresses
	// The environment differs: only one of the two gets to see the provider.
	withProvider, withoutProvider terraform
	folder, floorFolder           string
	decisions                     []string // status by user
}

// measureRun plays all phases once, in folders and against a tenant of its own.
// The floor's turn comes right before the provider's, so that what else the
// machine does meets both.
func (c conditions) measureRun(ctx context.Context, s size, progress func(phase)) (run []measured, err error) {
	tenant := simulator.NewTenant()
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "RSA"})
	if err != nil {
		return nil, err
	}
	server, err := simulator.Start(tenant)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	tenant.SetLatency(c.latency)
	tenant.SetRateLimit(c.rate, int(c.rate))

	r, err := c.newReview(tenant, s, "example.com")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(filepath.Dir(r.folder))) }()
	r.withProvider.env = append(slices.Clip(r.withProvider.env), rehearsal.Credentials(server, client)...)
	if err := s.files(ctx, r); err != nil {
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	for _, p := range s.phases {
		progress(p)
		m, err := r.play(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s, p.name, err)
		}
		run = append(run, m)
	}
	return run, nil
}

// newReview decides who is Disabled, and plants the users: as decided, but for those
// who differ.
func (c conditions) newReview(tenant *simulator.Tenant, s size, domain string) (*review, error) {
	temporary, err := os.MkdirTemp(c.temporary, "review-")
	if err != nil {
		return nil, err
	}
	r := &review{
		conditions: c, size: s, tenant: tenant, domain: domain,
		folder: filepath.Join(temporary, "provider"), floorFolder: filepath.Join(temporary, "floor"),
		decisions: make([]string, s.users),
	}
	for i := range r.decisions {
		r.decisions[i] = simulator.Enabled
		if (i+1)%int(s.disabled) == 0 {
			r.decisions[i] = simulator.Disabled
		}
		status := r.decisions[i]
		if s.differs != ofNone && (i+1)%int(s.differs) == 0 {
			status = opposite(status)
		}
		if s.restored != ofNone && (i+1)%int(s.restored) == int(s.restored)/2 {
			status = simulator.Disabled
		}
		tenant.AddUser(simulator.User{Email: r.address(i), Status: status, IdentitySource: fmt.Sprintf("Directory %d", i%4+1)})
	}
	r.withProvider, r.withoutProvider = c.terraform, c.terraform
	r.withProvider.env = append(slices.Clip(c.terraform.env), "TF_CLI_CONFIG_FILE="+filepath.Join(c.temporary, overridesFile))
	r.withoutProvider.env = append(slices.Clip(c.terraform.env), "TF_CLI_CONFIG_FILE="+filepath.Join(c.temporary, floorFile))
	return r, errors.Join(
		os.Mkdir(r.folder, 0o700), os.Mkdir(r.floorFolder, 0o700),
		os.WriteFile(filepath.Join(r.folder, "main.tf"), []byte(s.resources), 0o600),
		os.WriteFile(filepath.Join(r.floorFolder, "main.tf"), []byte(s.floorResources), 0o600),
	)
}

func (r *review) address(user int) string { return fmt.Sprintf("user%05d@%s", user, r.domain) }

func opposite(status string) string {
	if status == simulator.Enabled {
		return simulator.Disabled
	}
	return simulator.Enabled
}

// writeCSV writes the decisions as one file.
func writeCSV(_ context.Context, r *review) error {
	return errors.Join(
		os.WriteFile(filepath.Join(r.folder, "review.csv"), r.csv(), 0o600),
		os.WriteFile(filepath.Join(r.floorFolder, "review.csv"), r.csv(), 0o600),
	)
}

func (r *review) csv() []byte {
	csv := []byte("email,status\n")
	for i, status := range r.decisions {
		csv = fmt.Appendf(csv, "%s,%s\n", r.address(i), status)
	}
	return csv
}

// decide changes the decisions about a share of the users.
func (r *review) decide(ctx context.Context, flips share) error {
	if flips == ofNone {
		return nil
	}
	for i := range flips.of(len(r.decisions)) {
		flipped := &r.decisions[int(flips)*i]
		*flipped = opposite(*flipped)
	}
	return r.files(ctx, r)
}

func (r *review) play(ctx context.Context, p phase) (measured, error) {
	if err := r.decide(ctx, p.flips); err != nil {
		return measured{}, err
	}
	if p.command != nil {
		r.tenant.ResetCounts()
		c, err := p.command(ctx, r)
		return measured{phase: p, provider: c, traffic: trafficOf(r.tenant)}, err
	}
	m := measured{phase: p}
	var err error
	if m.floor, err = r.withoutProvider.run(ctx, r.floorFolder, p.exitCode, p.arguments...); err != nil {
		return measured{}, fmt.Errorf("the floor: %w", err)
	}
	r.tenant.ResetCounts()
	if m.provider, err = r.withProvider.run(ctx, r.folder, p.exitCode, p.arguments...); err != nil {
		return measured{}, err
	}
	m.traffic = trafficOf(r.tenant)
	m.misses = p.budget.misses(len(r.decisions), 1, m.traffic, r.rate > 0)
	if m.traffic.Connections > mostConnections {
		m.crowded = []string{fmt.Sprintf("%s: %d", p.name, m.traffic.Connections)}
	}
	if p.budget.puts != ofNone {
		err = r.applied()
	}
	return m, err
}

// applied makes sure that what was measured is also what was asked for.
func (r *review) applied() error {
	for i, want := range r.decisions {
		if user, found := r.tenant.User(r.address(i)); !found || user.Status != want {
			return fmt.Errorf("after the apply %s is %q, not %s", r.address(i), user.Status, want)
		}
	}
	return nil
}

// best joins the runs of the same phases.
func best(runs [][]measured) []measured {
	joined := slices.Clone(runs[0])
	for _, run := range runs[1:] {
		for i := range joined {
			m := &joined[i]
			m.provider, m.floor = m.provider.best(run[i].provider), m.floor.best(run[i].floor)
			m.traffic = m.traffic.worst(run[i].traffic)
			m.misses = append(m.misses, run[i].misses...)
			m.crowded = append(m.crowded, run[i].crowded...)
		}
	}
	return joined
}

// The files by which Terraform is told, or not told, where the provider is.
const (
	overridesFile = "overrides.rc"
	floorFile     = "floor.rc"
)

// providerVariable tells the launcher which provider to start.
func providerVariable(path string) string { return usage.ProviderVariable + "=" + path }
