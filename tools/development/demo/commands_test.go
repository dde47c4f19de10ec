// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"os/exec"
	"strings"
	"testing"
)

func TestAnErrorThatWasNotAnnouncedIsAFailure(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	for name, test := range map[string]struct {
		announced bool
		script    string
		expected  int
		failure   string
	}{
		"an error that was announced":            {true, "exit 1", 1, ""},
		"an error that was not":                  {false, "echo why; exit 1", 1, "unexpectedly. Its complete output:\nwhy\n"},
		"success that was announced as an error": {true, "exit 0", 1, "ended with exit code 0 instead of 1"},
		"a plan with changes is not an error":    {false, "exit 2", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{ctx: t.Context(), out: io.Discard, folder: t.TempDir(), temporary: t.TempDir()}
			if test.announced {
				s.meantToFail("Why.")
			}
			s.run("a command", s.abridged(), bash, "-c", test.script).exits(test.expected)
			switch {
			case test.failure == "" && s.failure != nil:
				t.Error(s.failure)
			case test.failure != "" && (s.failure == nil || !strings.Contains(s.failure.Error(), test.failure)):
				t.Errorf("the failure is %v, want one with %q", s.failure, test.failure)
			}
			if s.failureIsMeant {
				t.Error("the announcement also applies to the next command")
			}
		})
	}
}
