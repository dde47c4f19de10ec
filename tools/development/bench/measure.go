// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/tools/development/bench/usage"
)

// terraform runs the real Terraform, or OpenTofu, and measures it.
type terraform struct {
	binary string
	// launcher starts the provider, also for its commands.
	launcher string
	env      []string // without what would steer Terraform or the provider
}

// cost is what one command took, from its start to its end. CPU time is user and
// system time together.
type cost struct {
	Wall         time.Duration
	TerraformCPU time.Duration
	ProviderCPU  time.Duration
	PeakBytes    int64 // resident memory of the largest of the provider's processes
	Processes    int   // of the provider
}

// run runs one command in a folder and fails unless it ends with the exit code.
// The provider, if there is one, has to be started by the launcher.
//
// Whoever waits for a process is told by the kernel (wait4, on Linux and macOS
// alike) what the process and all the children that it waited for have used. A
// Terraform that ends in order has waited for its providers, that is, for the
// launchers, and those for theirs: all of it is in Terraform's figure, and
// Terraform's own share is what remains without the providers and the launchers.
func (t terraform) run(ctx context.Context, folder string, exitCode int, arguments ...string) (cost, error) {
	e, err := t.start(ctx, folder, exitCode, t.binary, append(arguments, "-no-color")...)
	if err != nil {
		return cost{}, err
	}
	return split(e.wall, e.cpu, e.processes)
}

// runProvider runs one of the commands that the provider's program has.
func (t terraform) runProvider(ctx context.Context, folder string, arguments ...string) (cost, error) {
	e, err := t.start(ctx, folder, 0, t.launcher, arguments...)
	if err != nil {
		return cost{}, err
	}
	if n := len(e.processes); n != 1 {
		return cost{}, fmt.Errorf("%s ran as %d processes", strings.Join(arguments, " "), n)
	}
	return cost{Wall: e.wall, ProviderCPU: e.processes[0].CPU, PeakBytes: e.processes[0].PeakBytes, Processes: 1}, nil
}

// ended is what is known of a command that has ended.
type ended struct {
	wall, cpu time.Duration // the CPU time with that of all children
	processes []usage.Process
	stdout    []byte
}

// start runs a program to its end. The launchers leave their files in a folder of
// this command's own.
func (t terraform) start(ctx context.Context, folder string, exitCode int, program string, arguments ...string) (ended, error) {
	files, err := os.MkdirTemp("", "idplus-bench-usage-")
	if err != nil {
		return ended{}, err
	}
	defer func() { _ = os.RemoveAll(files) }()

	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // What is to be measured.
	command.Dir = folder
	command.Env = append(t.env[:len(t.env):len(t.env)], usage.FolderVariable+"="+files)
	// A Terraform that is told to stop ends its providers, too.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr

	start := time.Now()
	err = command.Run()
	wall := time.Since(start)
	processes, usageErr := usage.Read(files)
	switch {
	case ctx.Err() != nil:
		return ended{}, errors.New("interrupted")
	case command.ProcessState == nil:
		return ended{}, err
	case command.ProcessState.ExitCode() != exitCode:
		return ended{}, fmt.Errorf("%s ended with exit code %d, expected was %d:\n%s",
			strings.Join(arguments, " "), command.ProcessState.ExitCode(), exitCode, lastLines(stdout.String()+stderr.String(), 40))
	case usageErr != nil:
		return ended{}, usageErr
	}
	return ended{wall, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), processes, stdout.Bytes()}, nil
}

// split tells Terraform's CPU time from that of its providers.
func split(wall, total time.Duration, processes []usage.Process) (cost, error) {
	c := cost{Wall: wall, TerraformCPU: total, Processes: len(processes)}
	for _, process := range processes {
		c.TerraformCPU -= process.CPU + process.LauncherCPU
		c.ProviderCPU += process.CPU
		c.PeakBytes = max(c.PeakBytes, process.PeakBytes)
	}
	if c.TerraformCPU <= 0 {
		return cost{}, fmt.Errorf("the provider's processes used %v of CPU time and the whole command %v: Terraform did not wait for them", c.ProviderCPU, total)
	}
	return c, nil
}

// best keeps what several runs of the same command are compared by: the least
// time, since whatever else the machine does only adds to it, and the most
// memory.
func (c cost) best(another cost) cost {
	return cost{
		Wall:         min(c.Wall, another.Wall),
		TerraformCPU: min(c.TerraformCPU, another.TerraformCPU),
		ProviderCPU:  min(c.ProviderCPU, another.ProviderCPU),
		PeakBytes:    max(c.PeakBytes, another.PeakBytes),
		Processes:    max(c.Processes, another.Processes),
	}
}

func (c cost) cpu() time.Duration { return c.TerraformCPU + c.ProviderCPU }

func lastLines(text string, most int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(len(lines)-most, 0):], "\n")
}
