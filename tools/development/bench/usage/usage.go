// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package usage is what the launcher and the benchmark have in common: one file
// for each process of the provider, which says what it used.
package usage

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The environment variables by which the benchmark talks to the launcher, past
// Terraform: the provider's binary, and the folder for the files.
const (
	ProviderVariable = "BENCH_PROVIDER"
	FolderVariable   = "BENCH_USAGE"
)

// Process is what one process of the provider used, as the kernel counted it.
type Process struct {
	PID         int           `json:"pid"`
	Ended       bool          `json:"ended"` // the rest is known only then
	CPU         time.Duration `json:"cpu_ns"`
	PeakBytes   int64         `json:"peak_bytes"`      // resident memory
	LauncherCPU time.Duration `json:"launcher_cpu_ns"` // which Terraform is not to be blamed for
}

// Write writes the file, or writes it anew.
func (p Process) Write(name string) error {
	content, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o600)
}

// Create makes the file of one process. It is empty as yet.
func Create(folder string) (name string, err error) {
	file, err := os.CreateTemp(folder, "process-*.json")
	if err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}

// Read reads the files of every process that was started since the folder was
// made. A process that has not ended is ended now, and an error: its launcher is
// gone, so nobody knows what it used.
func Read(folder string) ([]Process, error) {
	names, err := filepath.Glob(filepath.Join(folder, "process-*.json"))
	if err != nil {
		return nil, err
	}
	var processes []Process
	for _, name := range names {
		content, readErr := os.ReadFile(name)
		if readErr != nil {
			return nil, readErr
		}
		var p Process
		if parseErr := json.Unmarshal(content, &p); parseErr != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", name, parseErr))
			continue
		}
		if !p.Ended {
			err = errors.Join(err, fmt.Errorf("process %d of the provider outlived its launcher, so what it used is not known", p.PID), end(p.PID))
		}
		processes = append(processes, p)
	}
	return processes, err
}

func end(pid int) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	if err := process.Kill(); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
