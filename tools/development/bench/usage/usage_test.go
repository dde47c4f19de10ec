// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package usage_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/tools/development/bench/usage"
)

func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	want := usage.Process{PID: 7, Ended: true, CPU: time.Second, PeakBytes: 1 << 20, LauncherCPU: time.Millisecond}
	name, err := usage.Create(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := want.Write(name); err != nil {
		t.Fatal(err)
	}
	got, err := usage.Read(folder)
	if diff := cmp.Diff([]usage.Process{want}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestProcessWithoutLauncherIsEndedAndAnError(t *testing.T) {
	t.Parallel()
	provider := exec.CommandContext(t.Context(), "sleep", "60")
	if err := provider.Start(); err != nil {
		t.Skip(err)
	}
	folder := t.TempDir()
	name, err := usage.Create(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := (usage.Process{PID: provider.Process.Pid}).Write(name); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Read(folder); err == nil || !strings.Contains(err.Error(), "outlived its launcher") {
		t.Errorf("the error is %v", err)
	}
	if err := provider.Wait(); err == nil {
		t.Error("the process was left to end by itself")
	}
}

func TestLauncherThatCouldNotSayAnythingIsAnError(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, err := usage.Create(folder); err != nil {
		t.Fatal(err)
	}
	if got, err := usage.Read(folder); err == nil {
		t.Errorf("read %+v", got)
	}
}
