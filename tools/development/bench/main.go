// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command bench measures the provider through the real Terraform against a
// simulated tenant: requests, time, CPU and memory, phase by phase, with an
// instance for each user, with one map of all, and with an access review and its
// evidence. Beside it stands the same in terraform_data, as the floor that no
// provider can go below. Then it measures an organization: ten workspaces whose runs
// share one limited tenant, with their state in PostgreSQL. It prints tables, writes
// JSON, and fails when a budget of requests, connections or memory is not kept, or when
// the organization takes longer than its limit asks for.
//
// The simulator is part of this process. Its CPU time is not counted, but on a
// machine with few CPUs it takes its turn from Terraform and the provider, in
// their wall time.
package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "\nThe benchmark failed: %v\n", err)
		stop()
		os.Exit(1)
	}
}

var errMissed = errors.New("a goal for requests, connections or memory was missed")

func bench(ctx context.Context) (err error) {
	users := flag.String("users", "100,1000", "numbers of users with an instance each, separated by commas; empty: none")
	mapUsers := flag.String("map-users", "10000", "numbers of users in one map, likewise")
	reviewUsers := flag.String("review-users", "5000", "numbers of users in an access review, likewise")
	organizationUsers := flag.String("organization", "200000", "numbers of users in ten workspaces with their state in PostgreSQL, likewise")
	organizationRate := flag.Float64("organization-rate", 100, "requests per second that the tenant of all workspaces serves before it refuses")
	latency := flag.Duration("latency", 20*time.Millisecond, "how long the tenant takes for a request")
	rate := flag.Float64("rate", 0, "requests per second that the tenant serves before it refuses; 0: all")
	runs := flag.Int("runs", 1, "how often everything is done; the least time of each phase counts")
	jsonFile := flag.String("json", "bench-results/bench.json", "file to write the figures to")
	provider := flag.String("provider", "", "a provider that was built before, instead of this checkout's")
	flag.Parse()
	sizes, err := parseUsers("-users", *users, instances(), nil)
	if err != nil {
		return err
	}
	if sizes, err = parseUsers("-map-users", *mapUsers, oneMap(), sizes); err != nil {
		return err
	}
	if sizes, err = parseUsers("-review-users", *reviewUsers, accessReview(), sizes); err != nil {
		return err
	}
	workspace, err := workspaceOf(0)
	if err != nil {
		return fmt.Errorf("start it in the root of the checkout, with make bench: %w", err)
	}
	// Each workspace needs enough users for everything to happen.
	workspace.differs *= workspaces
	organizations, err := parseUsers("-organization", *organizationUsers, workspace.shape, nil)
	switch {
	case err != nil:
		return err
	case len(sizes)+len(organizations) == 0:
		return errors.New("-users, -map-users, -review-users and -organization are all empty")
	case *organizationRate < 1:
		return errors.New("-organization-rate has to be 1 or more")
	case *runs < 1:
		return errors.New("-runs has to be 1 or more")
	}

	temporary, err := os.MkdirTemp("", "idplus-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	c := conditions{temporary: temporary, latency: *latency, rate: *rate, runs: *runs}
	r := report{Date: time.Now().UTC().Truncate(time.Second), System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		LatencySeconds: latency.Seconds(), RateLimit: *rate, Runs: *runs}
	if *provider, err = install(ctx, temporary, *provider); err != nil {
		return err
	}
	if r.Go, r.Revision, err = origin(*provider); err != nil {
		return err
	}
	if c.terraform, r.Terraform, err = findTerraform(ctx, *provider); err != nil {
		return err
	}
	c.terraform.launcher = launcherIn(temporary)
	fmt.Printf("%s; provider built with %s%s; %s, %d CPUs; latency %v%s; best of %d\n", r.Terraform, r.Go, after(" from ", r.Revision),
		r.System, r.CPUs, *latency, after("; requests per second limited to ", formatRate(*rate)), *runs)

	met := true
	note := func(result shapeReport) {
		r.Results = append(r.Results, result)
		for _, g := range result.Goals {
			met = met && (g.Met || !g.Binding)
		}
	}
	for _, size := range sizes {
		result, err := c.measure(ctx, size)
		if err != nil {
			return err
		}
		note(result)
	}
	c.rate = *organizationRate
	for _, organization := range organizations {
		result, err := c.measureOrganization(ctx, organization.users)
		if errors.Is(err, rehearsal.ErrNoPostgres) {
			err = fmt.Errorf("%w; -organization= leaves out what needs it", err)
		}
		if err != nil {
			return err
		}
		note(result)
	}
	if err := r.write(*jsonFile); err != nil {
		return err
	}
	fmt.Printf("\nAll figures are in %s.\n", *jsonFile)
	if !met {
		return errMissed
	}
	return nil
}

// measure does all runs of one size, and prints what came out.
func (c conditions) measure(ctx context.Context, s size) (shapeReport, error) {
	var all [][]measured
	for i := range c.runs {
		one, err := c.measureRun(ctx, s, func(p phase) {
			fmt.Fprintf(os.Stderr, "%s, run %d of %d: %s\n", s, i+1, c.runs, p.name)
		})
		if err != nil {
			return shapeReport{}, err
		}
		all = append(all, one)
	}
	results := best(all)
	goals := goalsOf(s, results, c)
	fmt.Printf("\n%s\n\n%s\n%s", s, table(results), goalLines(goals))
	if disturbed(results) {
		fmt.Println("note    other work kept this machine busy: do not trust the times, or take the best of several -runs")
	}
	return reportOf(s, results, goals), nil
}

// after puts words before a text, unless there is none.
func after(words, text string) string {
	if text == "" {
		return ""
	}
	return words + text
}

func formatRate(rate float64) string {
	if rate == 0 {
		return ""
	}
	return strconv.FormatFloat(rate, 'g', -1, 64)
}

// parseUsers adds the sizes that a flag lists. An empty list has none.
func parseUsers(name, list string, of shape, sizes []size) ([]size, error) {
	if strings.TrimSpace(list) == "" {
		return sizes, nil
	}
	for text := range strings.SplitSeq(list, ",") {
		users, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || users < of.fewest() {
			return nil, fmt.Errorf("%s: %q is not a number of %d or more", name, text, of.fewest())
		}
		sizes = append(sizes, size{of, users})
	}
	return sizes, nil
}

// install builds the launcher to where Terraform will look for the provider, and
// the provider itself, unless there is one.
func install(ctx context.Context, temporary, provider string) (string, error) {
	if _, err := os.Stat("tools/development/bench/launcher"); err != nil {
		return "", errors.New("start it in the root of the checkout, with make bench")
	}
	launcher := launcherIn(temporary)
	if err := build(ctx, launcher, "tools/development", "./bench/launcher"); err != nil {
		return "", err
	}
	if provider == "" {
		provider = filepath.Join(temporary, "idplus")
		if err := build(ctx, provider, ".", "."); err != nil {
			return "", err
		}
	}
	provider, err := filepath.Abs(provider)
	return provider, errors.Join(err,
		os.WriteFile(filepath.Join(temporary, overridesFile), fmt.Appendf(nil,
			"disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    \"idplus-community/idplus\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(launcher)), 0o600),
		os.WriteFile(filepath.Join(temporary, floorFile), []byte("disable_checkpoint = true\n"), 0o600))
}

// launcherIn is where Terraform looks for the provider.
func launcherIn(temporary string) string {
	return filepath.Join(temporary, "overrides", "terraform-provider-idplus")
}

func build(ctx context.Context, file, module, what string) error {
	output, err := exec.CommandContext(ctx, "go", "build", "-C", module, "-o", file, what).CombinedOutput() //nolint:gosec // Both are chosen here.
	if err != nil {
		return fmt.Errorf("go build %s: %w\n%s", what, err, output)
	}
	return nil
}

// origin reads from a binary what it was built with and, if go build was allowed to
// note it, from which revision.
func origin(provider string) (version, revision string, err error) {
	info, err := buildinfo.ReadFile(provider)
	if err != nil {
		return "", "", err
	}
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			revision = setting.Value[:min(len(setting.Value), 12)]
		case setting.Key == "vcs.modified" && setting.Value == "true":
			revision += " with changes"
		}
	}
	return info.GoVersion, revision, nil
}

// findTerraform returns the Terraform to measure, and its version.
func findTerraform(ctx context.Context, provider string) (t terraform, version string, err error) {
	if t.binary, err = rehearsal.Terraform(); err != nil {
		return t, "", err
	}
	t.env = append(rehearsal.Environ(), providerVariable(provider))
	command := exec.CommandContext(ctx, t.binary, "version") //nolint:gosec // The Terraform to measure.
	command.Env = t.env
	output, err := command.Output()
	if err != nil {
		return t, "", fmt.Errorf("%s version: %w", t.binary, err)
	}
	return t, regexp.MustCompile(`(Terraform|OpenTofu) v\S+`).FindString(string(output)), nil
}
