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
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// What an organization runs, and what it may cost.
const (
	workspaces, processes = 10, 5
	mostRefused           = 0.10
	// mostTotal is how many times what the limit allows everything may take.
	mostTotal = 1.3
	// timedFrom is from how many users on that is judged.
	timedFrom = 100_000
)

// organizationFolder is the configuration that is measured.
const organizationFolder = "examples/organization"

// organization is a tenant whose users are spread over workspaces, with the state in
// PostgreSQL. Each workspace is a review of one domain's users.
type organization struct {
	conditions
	tenant  *simulator.Tenant
	reviews []*review
}

// workspaceOf is one of an organization's workspaces: of a hundred users two are decided
// to be Disabled, and one has another status than decided at first.
func workspaceOf(users int) (size, error) {
	resources, err := os.ReadFile(filepath.Join(organizationFolder, "main.tf"))
	return size{shape{
		name:      "users in each workspace",
		resources: string(resources),
		files: func(_ context.Context, r *review) error {
			return os.WriteFile(filepath.Join(r.folder, "users", r.domain+".csv"), r.csv(), 0o600)
		},
		disabled: ofAFiftieth,
		differs:  ofAHundredth,
		phases: []phase{
			planChanges("create", ofNone, budget{pages: true, lookups: ofAFiftieth, guards: 1}),
			applyChanges("create", budget{pages: true, lookups: ofAFiftieth, guards: 1, puts: ofAHundredth}),
			planNothing(budget{pages: true}),
			planChanges("update", ofAHundredth, budget{pages: true, lookups: ofAHundredth, guards: 1}),
			applyChanges("update", budget{lookups: ofAHundredth, guards: 1, puts: ofAHundredth}),
		},
	}, users}, err
}

// measureOrganization lets an organization with so many users go through all phases, in
// each of which the runs of all workspaces share one limit.
func (c conditions) measureOrganization(ctx context.Context, users int) (result shapeReport, err error) {
	o, stop, err := c.newOrganization(ctx, workspaces, users/workspaces)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.tenant.SetRateLimit(c.rate, int(c.rate))
	var results []measured
	for _, p := range o.reviews[0].phases {
		fmt.Fprintf(os.Stderr, "%d users in %d workspaces: %s\n", users, workspaces, p.name)
		m, err := o.play(ctx, p)
		if err != nil {
			return result, fmt.Errorf("%s: %w", p.name, err)
		}
		results = append(results, m)
	}
	s := size{shape{name: fmt.Sprintf("users in %d workspaces, %d runs at a time, %g requests per second for all", workspaces, processes, c.rate)}, users}
	goals := o.goals(results)
	fmt.Printf("\n%s (the floor is what this limit allows)\n\n%s\n%s", s, table(results), goalLines(goals))
	return reportOf(s, results, goals), nil
}

// newOrganization starts a tenant and a PostgreSQL, and initializes so many workspaces of
// so many users each.
func (c conditions) newOrganization(ctx context.Context, workspaces, users int) (o *organization, stop func() error, err error) {
	postgres, err := rehearsal.StartPostgres(ctx)
	if err != nil {
		return nil, nil, err
	}
	tenant := simulator.NewTenant()
	client, clientErr := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "RSA"})
	server, serverErr := simulator.Start(tenant)
	cliConfig, mirrorErr := mirror.Offer(c.terraform.launcher, c.temporary)
	stop = func() error {
		if server != nil {
			server.Close()
		}
		return postgres.Stop()
	}
	if err := errors.Join(clientErr, serverErr, mirrorErr); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	tenant.SetLatency(c.latency)
	o = &organization{conditions: c, tenant: tenant}
	o.terraform.env = slices.Concat(c.terraform.env, rehearsal.Credentials(server, client), []string{
		"PG_CONN_STR=" + postgres.URL, waitForLock("plan"), waitForLock("apply"), fmt.Sprintf("TF_VAR_max_changes=%d", users),
	})
	if err := o.found(ctx, workspaces, users, cliConfig); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return o, stop, nil
}

// waitForLock has a command wait: who locks a state with the backend pg locks all of them
// for a moment.
func waitForLock(command string) string { return "TF_CLI_ARGS_" + command + "=-lock-timeout=5m" }

// found plants the users, and lets each workspace be initialized.
func (o *organization) found(ctx context.Context, workspaces, users int, cliConfig string) error {
	o.tenant.AddUser(simulator.User{Email: "breakglass@example.com", Status: simulator.Enabled})
	s, err := workspaceOf(users)
	if err != nil {
		return err
	}
	for i := range workspaces {
		r, err := o.newReview(o.tenant, s, fmt.Sprintf("branch%d.example", i+1))
		if err != nil {
			return err
		}
		r.withProvider.env = append(r.withProvider.env, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_WORKSPACE="+r.domain)
		if err := errors.Join(os.Mkdir(filepath.Join(r.folder, "users"), 0o700), s.files(ctx, r)); err != nil {
			return err
		}
		o.reviews = append(o.reviews, r)
	}
	// One run makes the tables and the workspaces: runs side by side would get in each
	// other's way.
	first := o.reviews[0]
	once := first.withProvider
	once.env = append(slices.Clip(once.env), "TF_WORKSPACE=")
	if _, err := once.run(ctx, first.folder, 0, "init", "-input=false"); err != nil {
		return err
	}
	for _, r := range o.reviews {
		if _, err := once.run(ctx, first.folder, 0, "workspace", "select", "-or-create", r.domain); err != nil {
			return err
		}
	}
	_, err = o.all(ctx, phase{arguments: []string{"init", "-input=false"}})
	return err
}

// play has all workspaces run one command, so many at a time.
func (o *organization) play(ctx context.Context, p phase) (measured, error) {
	for _, r := range o.reviews {
		if err := r.decide(ctx, p.flips); err != nil {
			return measured{}, err
		}
	}
	o.tenant.ResetCounts()
	m := measured{phase: p}
	var err error
	if m.provider, err = o.all(ctx, p); err != nil {
		return m, err
	}
	m.traffic = trafficOf(o.tenant)
	users := len(o.reviews[0].decisions)
	m.misses = p.budget.misses(users, workspaces, m.traffic, true)
	needed := 0
	for _, n := range p.budget.requests(users, workspaces) {
		needed += n
	}
	m.floor.Wall = time.Duration(float64(needed) / o.rate * float64(time.Second))
	if m.traffic.Connections > workspaces*mostConnections {
		m.crowded = []string{fmt.Sprintf("%s: %d", p.name, m.traffic.Connections)}
	}
	if p.budget.puts != ofNone {
		for _, r := range o.reviews {
			err = errors.Join(err, r.applied())
		}
	}
	return m, err
}

// all runs a command in all workspaces. The cost is that of all runs together, but for
// the memory, which is that of the largest process.
func (o *organization) all(ctx context.Context, p phase) (cost, error) {
	var (
		runs  errgroup.Group
		mu    sync.Mutex
		total cost
		fails error
	)
	runs.SetLimit(processes)
	begin := time.Now()
	for _, r := range o.reviews {
		runs.Go(func() error {
			c, err := r.withProvider.run(ctx, r.folder, p.exitCode, p.arguments...)
			mu.Lock()
			defer mu.Unlock()
			total.TerraformCPU += c.TerraformCPU
			total.ProviderCPU += c.ProviderCPU
			total.PeakBytes = max(total.PeakBytes, c.PeakBytes)
			total.Processes += c.Processes
			if err != nil {
				fails = errors.Join(fails, fmt.Errorf("%s: %w", r.domain, err))
			}
			return nil
		})
	}
	_ = runs.Wait() // All of them are run, whichever fails.
	total.Wall = time.Since(begin)
	return total, fails
}

// goals are binding, that for the time included: the limit decides on it, and not the
// machine.
func (o *organization) goals(results []measured) []goal {
	var goals []goal
	var took, allowed time.Duration
	sent, refused := 0, 0
	for _, m := range results {
		goals = append(goals, goal{
			Name: fmt.Sprintf("%s: %s", m.phase.name, m.phase.budget.describe(len(o.reviews[0].decisions), workspaces)),
			Met:  len(m.misses)+len(m.crowded) == 0, Binding: true, Got: strings.Join(append(m.misses, m.crowded...), ", "),
		})
		took, allowed = took+m.provider.Wall, allowed+m.floor.Wall
		refused += m.traffic.refused()
		for _, n := range m.traffic.Requests {
			sent += n
		}
	}
	share, times := float64(refused)/float64(sent), ratio(took, allowed)
	goals = append(goals, goal{
		Name: fmt.Sprintf("at most %.0f %% of the requests are refused", 100*mostRefused), Met: share <= mostRefused, Binding: true,
		Got: fmt.Sprintf("%.1f %%", 100*share)})
	if workspaces*len(o.reviews[0].decisions) < timedFrom {
		return goals // the start of processes would decide
	}
	return append(goals,
		goal{Name: fmt.Sprintf("all phases within %.1f × what the limit allows, %s s", mostTotal, seconds(allowed)), Met: times <= mostTotal, Binding: true,
			Got: fmt.Sprintf("%s s, %.2f ×", seconds(took), times)})
}
