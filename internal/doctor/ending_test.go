// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// process returns the command in its own process: signals and pipes are the system's.
func (b *bench) process(args string) *exec.Cmd {
	b.t.Helper()
	command := exec.CommandContext(b.t.Context(), os.Args[0]) //nolint:gosec // This program.
	command.Env = []string{"DOCTOR_ARGS=" + args}
	for name, value := range b.environ {
		command.Env = append(command.Env, name+"="+value)
	}
	return command
}

// However the program ends while a user is changed, the user is set back.
func TestEndsWithTheUserSetBack(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("signals are sent to the process")
	}
	const changed = "waits until look-up and search show it"
	for name, tc := range map[string]struct {
		json bool
		end  func(*exec.Cmd, io.Closer) error
	}{
		"interrupt":           {false, kill(syscall.SIGINT)},
		"termination":         {false, kill(syscall.SIGTERM)},
		"the terminal closed": {false, kill(syscall.SIGHUP)},
		"quit":                {false, kill(syscall.SIGQUIT)},
		"a broken pipe":       {false, func(_ *exec.Cmd, reader io.Closer) error { return reader.Close() }},
		"errors closed":       {true, func(_ *exec.Cmd, reader io.Closer) error { return reader.Close() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.FreezeLookup()
			command := b.process("-write " + enabledUser)
			pipe, err := command.StdoutPipe()
			if tc.json {
				command = b.process("-json -write " + enabledUser)
				pipe, err = command.StderrPipe()
			}
			must(t, err)
			must(t, command.Start())
			lines := bufio.NewScanner(pipe)
			for lines.Scan() && !strings.Contains(lines.Text(), changed) {
				continue
			}
			b.wantStatus(enabledUser, disabled)
			must(t, tc.end(command, pipe))
			_, _ = io.Copy(io.Discard, pipe) // The output may be closed.
			var exit *exec.ExitError
			if err := command.Wait(); !errors.As(err, &exit) && err != nil {
				t.Error(err)
			} else if code := command.ProcessState.ExitCode(); code != ExitStopped && code != ExitFine {
				t.Errorf("it ended with %s", command.ProcessState)
			}
			b.wantPuts(enabled, disabled, enabled)
			b.wantStatus(enabledUser, enabled)
		})
	}
}

func kill(s os.Signal) func(*exec.Cmd, io.Closer) error {
	return func(command *exec.Cmd, _ io.Closer) error { return command.Process.Signal(s) }
}

// If the output is closed, no user is changed, because no person can see what is about to
// be done.
func TestChangesNoUserIfTheOutputIsClosed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.command.Stdout = brokenFrom("PUT Enabled: ")
	_, _, code := b.run("-write", enabledUser)
	wantCode(t, code, ExitStopped, "")
	for _, status := range first(b.puts()) {
		if status != enabled {
			t.Errorf("sent %s", status)
		}
	}
	b.wantStatus(enabledUser, enabled)
}

func first(statuses, _ []string) []string { return statuses }

// brokenFrom fails from the line that contains a text.
type brokenFrom string

func (w brokenFrom) Write(text []byte) (int, error) {
	if strings.Contains(string(text), string(w)) {
		return 0, io.ErrClosedPipe
	}
	return len(text), nil
}

func TestReportThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, stderr, code := b.run("-write", enabledUser, "-report", filepath.Join(t.TempDir(), "no", "such", "directory"))
	wantCode(t, code, ExitUsage, stderr)
	wantText(t, stderr, "doctor: the report cannot be written")
	if n := len(b.tenant.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}

	full := "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("there is no /dev/full")
	}
	stdout, stderr, code := b.run("-report", full)
	wantCode(t, code, ExitUsage, stderr)
	wantText(t, stdout, "Open questions")
	b.strikeFrom(3, simulator.Fault{Respond: simulator.AnswerAPIError(403, "No longer.")})
	stdout, stderr, code = b.run("-write", enabledUser, "-report", full)
	wantCode(t, code, ExitLeftChanged, stderr)
	wantText(t, stdout, "Open questions")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	wantText(t, lines[len(lines)-1], "!! ada@example.com was Enabled")
}
